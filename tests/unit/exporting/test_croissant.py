"""The Croissant metadata of an export tells what lies beside it."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, export, validate
from botcoin_dpo.dataset.front_matter import read_front_matter
from botcoin_dpo.exporting.columns import columns_of_card
from botcoin_dpo.exporting.folder import CROISSANT
from tests.builders import recovery, write_log


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("croissant")
    records = [each for n in range(20) for each in recovery(f"0x{n:02x}", number=n)]
    build(write_log(folder / "a.jsonl", records), folder / "out", splits=(0.5, 0.3, 0.2))
    for name in ("hub", "again"):
        export(folder / "out", folder / name, format="jsonl", license="cc-by-4.0", name="Ships")
    return folder / "hub"


def described(hub: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((hub / CROISSANT).read_bytes())
    return value


def test_each_file_is_there_with_its_checksum(hub: Path) -> None:
    nodes = described(hub)["distribution"]
    files = {node["contentUrl"]: node for node in nodes if node["@type"] == "cr:FileObject"}
    assert files.keys() == {str(path.relative_to(hub)) for path in hub.glob("*/*.jsonl")}
    for name, node in files.items():
        content = (hub / name).read_bytes()
        assert node["sha256"] == sha256(content).hexdigest()
        assert node["contentSize"] == f"{len(content)} B"
    for node in nodes:
        if node["@type"] == "cr:FileSet":
            assert list(hub.glob(node["includes"]))


def test_each_config_has_the_fields_of_its_columns(hub: Path) -> None:
    sets = {each["name"]: each for each in described(hub)["recordSet"]}
    card = read_front_matter(hub)
    for info in card["dataset_info"]:
        fields = {field["name"]: field for field in sets[info["config_name"]]["field"]}
        columns = columns_of_card(info["features"]).fields
        assert list(fields) == ["split_of_file", *columns]
    [prompt] = [each for each in sets["dpo_chat_sequential"]["field"] if each["name"] == "prompt"]
    assert prompt["repeated"] and [part["name"] for part in prompt["subField"]] == [
        "role",
        "content",
    ]
    whole = described(hub)
    assert (whole["name"], whole["license"]) == ("Ships", "cc-by-4.0")


def test_the_same_build_gives_the_same_bytes(hub: Path) -> None:
    again = hub.with_name("again") / CROISSANT
    assert again.read_bytes() == (hub / CROISSANT).read_bytes()


def test_an_export_without_it_is_not_valid(hub: Path) -> None:
    again = hub.with_name("again")
    assert validate(again).is_valid
    (again / CROISSANT).unlink()
    [finding] = validate(again).findings
    assert (finding.rule, finding.file) == ("missing_file", CROISSANT)
