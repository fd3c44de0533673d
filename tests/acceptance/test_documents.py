"""Documents, schemas and code say the same, and the project speaks of itself alone."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import Draft202012Validator

from botcoin_dpo.auditing.checks.constraint_outcomes import STATUSES
from botcoin_dpo.building.funnel import Funnel
from botcoin_dpo.contract import record_types, schemas
from botcoin_dpo.contract.audit_rules import RULES, SIGNALS
from botcoin_dpo.contract.pair_types import DropReason
from botcoin_dpo.contract.rejections import REASONS
from botcoin_dpo.contract.schemas import SchemaName
from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.logs.discovery import SkipReason, find_logs
from botcoin_dpo.rows.annotations import ImprovementBasis
from tests import refresh
from tests.builders import ROOT

CONTRACT = (ROOT / "schemas/README.md").read_text(encoding="utf-8")
SCHEMAS: tuple[SchemaName, ...] = get_args(SchemaName)


def parts(schema: Any, path: str = "") -> Any:
    """Yield every field of a schema with its path."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            yield f"{path}/{name}", inner
        for name, inner in schema.items():
            yield from parts(inner, f"{path}/{name}" if name != "properties" else path)
    elif isinstance(schema, list):
        for inner in schema:
            yield from parts(inner, path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_sound_and_describe_every_field(name: SchemaName) -> None:
    schema = schemas.load(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:botcoin-dpo:schema:{name}:1"
    assert schema["title"]
    assert [path for path, field in parts(schema) if not field.get("description")] == []


def test_the_fields_of_records_are_in_the_schemas_order() -> None:
    for shape, name in (
        (record_types.AttemptShape, "attempt"),
        (record_types.ChallengeShape, "challenge"),
        (record_types.SessionShape, "session"),
    ):
        known = [field.encode_name for field in msgspec.structs.fields(shape)]
        named = [field for field in schemas.load(name)["properties"] if field != "attempts"]
        assert known == named


def test_closed_lists_are_the_same_everywhere() -> None:
    manifest = schemas.load("manifest")["properties"]
    funnel, options = manifest["funnel"]["properties"], manifest["options"]["properties"]
    audit = schemas.load("pair")["properties"]["audit"]["properties"]
    for names, listed in (
        (REASONS, funnel["set_aside"]["propertyNames"]["enum"]),
        ((*get_args(DropReason), *RULES), funnel["dropped"]["propertyNames"]["enum"]),
        (RULES, options["drop_if"]["items"]["enum"]),
        (RULES, audit["flags"]["items"]["enum"]),
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


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_timestamp_of_a_schema_is_checked(name: Any) -> None:
    found = list(schemas._timestamps_in(schemas.load(name)))
    assert len(found) == json.dumps(schemas.load(name)).count('"format": "date-time"')
    assert found or name not in ("attempt", "pair")


def test_the_row_has_the_published_keys_in_their_order(reference: Path) -> None:
    row = json.loads((reference / "pair_0x37289055.json").read_bytes())
    schema = schemas.load("pair")
    assert [*row, "audit"] == list(schema["properties"])
    for name in ("prompt_metadata", "pair_annotations", "metadata"):
        assert list(row[name]) == list(schema["properties"][name]["properties"])
    chosen = list(schema["properties"]["chosen_metadata"]["properties"])
    assert list(row["chosen_metadata"]) == chosen[: len(row["chosen_metadata"])]


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


def test_no_absolute_path_and_no_address_of_this_machine_is_in_the_project() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no git checkout, and git lists the files to check")
    suspicious = re.compile(
        r"/(?:home|root|work|Users)/\w|https?://(?!json-schema\.org|www\.apache|huggingface\.co/docs|github\.com/huggingface|www\.w3\.org/|example\.invalid)"
    )
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".gz", ".zst"} or name in (
            "LICENSE",
            "tests/acceptance/test_documents.py",
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")  # sample logs are damaged
        assert not suspicious.search(text), name


def test_a_funnel_that_loses_a_record_cannot_be_made() -> None:
    from collections import Counter

    from botcoin_dpo.building.funnel import RecordCounts

    with pytest.raises(AssertionError, match="lost"):
        RecordCounts(total=3, duplicates=1, quarantined=1)
    none = RecordCounts(total=0, duplicates=0, quarantined=0)
    with pytest.raises(AssertionError, match="lost"):
        Funnel(1, Counter(), 5, 4, none, none, 0, 0, {}, Counter())
