"""Documents, schemas and code say the same, and the project speaks of itself alone."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import fields

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.audit_rules import RULES, SIGNALS
from botcoin_dpo.contract.pair_types import DropReason
from botcoin_dpo.contract.record_types import AttemptRecord, ChallengeContext, Submission
from botcoin_dpo.contract.rejections import REASONS
from botcoin_dpo.contract.verdicts import STATUSES
from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.found_logs import SkipReason
from botcoin_dpo.rows.annotations import ImprovementBasis
from tests import refresh
from tests.builders import ROOT

OWN_NAME = "tests/acceptance/test_documents.py"
CONTRACT = (ROOT / "schemas/README.md").read_text(encoding="utf-8")


def test_closed_lists_are_the_same_everywhere() -> None:
    manifest = schemas.load("manifest")["properties"]
    funnel, options = manifest["funnel"]["properties"], manifest["options"]["properties"]
    audit = schemas.load("pair")["properties"]["audit"]["properties"]
    for names, listed in (
        (REASONS, funnel["set_aside"]["propertyNames"]["enum"]),
        ((*get_args(DropReason), *RULES), funnel["dropped"]["propertyNames"]["anyOf"][0]["enum"]),
        (RULES, options["drop_if"]["items"]["anyOf"][0]["enum"]),
        (RULES, options["keep_if"]["items"]["anyOf"][0]["enum"]),
        (RULES, audit["flags"]["items"]["enum"]),
        (RULES, audit["found_in"]["properties"]["rejected"]["items"]["enum"]),
        (RULES, audit["found_in"]["properties"]["chosen"]["items"]["enum"]),
        (SIGNALS, audit["signals"]["properties"]),
        (STATUSES, audit["verdicts"]["properties"]["chosen"]["properties"]),
        (
            get_args(SkipReason),
            funnel["files"]["properties"]["skipped"]["propertyNames"]["enum"],
        ),
        (
            get_args(ImprovementBasis),
            schemas.load("pair")["properties"]["pair_annotations"]["properties"][
                "improvement_basis"
            ]["enum"],
        ),
    ):
        assert list(names) == list(listed)
    for name in (*REASONS, *get_args(DropReason), *get_args(ImprovementBasis)):
        assert f"`{name}`" in CONTRACT


def test_the_table_of_checked_fields_names_every_field_and_rule() -> None:
    section = CONTRACT.partition("\n### Which stored fields are checked\n")[2].partition("\n### ")[
        0
    ]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`([\w.]+)`", row[0])]
    parts: dict[str, type[Struct]] = {
        "submission": Submission,
        "challenge_context": ChallengeContext,
    }
    expected = set()
    for field in fields(AttemptRecord):
        inner = fields(parts[field.name]) if field.name in parts else ()
        expected |= {f"{field.name}.{part.encode_name}" for part in inner} or {field.encode_name}
    assert set(named) - {"coordinator_provenance"} == expected
    assert {rule for row in rows for rule in re.findall(r"`(\w+)`", row[1])} == set(RULES)
    assert all(len(row) == 3 for row in rows)


def test_cited_sections_exist() -> None:
    headings = set(re.findall(r"^#+ (.+)$", CONTRACT, re.MULTILINE))
    for path in (ROOT / "botcoin_dpo").rglob("*.py"):
        text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        for cited in re.findall(r'schemas/README\.md,((?: (?:and )?"[^"]+",?)+)', text):
            for section in re.findall(r'"([^"]+)"', cited):
                assert section in headings, (path, section)


@pytest.mark.parametrize("document", refresh.DOCUMENTS.values(), ids=refresh.DOCUMENTS)
def test_documents_are_as_fresh_as_the_program(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert _words(text) == _words(refresh.refreshed(text)), "run: python tests/refresh.py"


def _words(text: str) -> list[str]:
    """Return words, without line breaks and the types that Typer's versions show differently."""
    return re.sub(r"<[\w\[\]| ]+>|[{}]|\.\.\.", "", text).split()


def test_the_sample_logs_are_as_the_documented_command_makes_them(tmp_path: Path) -> None:
    page = (ROOT / "sample_data" / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^\.venv/bin/botcoin-dpo simulate sample_data/logs (.*)$", page, re.M)
    words = ["simulate", str(tmp_path / "logs"), *command.split(), "--quiet"]
    subprocess.run([sys.executable, "-m", "botcoin_dpo", *words], check=True)
    assert _contents(tmp_path) == _contents(ROOT / "sample_data")


def _contents(folder: Path) -> dict[str, bytes]:
    """Return files, decompressed: compressors' versions differ in their bytes."""
    contents = {file.name: b"".join(LogStream(file)) for file in find_logs([folder / "logs"]).files}
    return contents | {"ledger": (folder / "logs.expected.json").read_bytes()}


CITED = (
    "json-schema.org", "schema.org/", "www.w3.org/", "purl.org/", "www.apache", "mlcommons.org/",
    "cibuildwheel.pypa.io/", "slurm.schedmd.com/", "docs.ray.io", "docs.aws.amazon.com/",
    "docs.mlcommons.org/", "huggingface.co/docs", "docs.nvidia.com/nemo/", "github.com/huggingface",
    "github.com/hiyouga", "github.com/NVIDIA-NeMo", "github.com/PrimeIntellect-ai",
    "github.com/allenai", "example.invalid", "127.0.0.1", "169.254.169.254", "HOST/",
)  # fmt: skip
"""Where addresses lead that the project cites: vocabularies, and documentation of formats; and
what stands for an address."""


def test_no_absolute_path_and_no_address_of_this_machine_is_in_the_project() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no git checkout, and git lists the files to check")
    suspicious = re.compile(
        rf"/(?:home|root|work|Users)/\w|https?://(?=\w)(?!{'|'.join(map(re.escape, CITED))})"
    )
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".gz", ".zst"} or name in ("LICENSE", OWN_NAME) or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")  # sample logs are damaged
        assert not suspicious.search(text), name
