"""Exports, read by `mlcroissant` through their Croissant metadata, without a network.

Needs `mlcroissant` (the extra trainers).
"""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "mlcroissant", reason="mlcroissant is not installed (the extra trainers); .ci/run installs it"
)

import mlcroissant

from botcoin_dpo import build, export, simulate
from botcoin_dpo.exporting.tables import TABLE_FORMATS, TableFormat

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("croissant")
    simulate(folder / "logs", challenges=10, miners=4, seed=5)
    build(folder / "logs", folder / "out", splits=(0.5, 0.3, 0.2), attempts=True, audit=True)
    return folder / "out"


@pytest.mark.parametrize("table_format", TABLE_FORMATS)
def test_each_config_is_read_as_it_was_written(
    built: Path, tmp_path: Path, table_format: TableFormat, caplog: pytest.LogCaptureFixture
) -> None:
    result = export(built, tmp_path / "hub", format=table_format)
    export(built, tmp_path / "lines", format="jsonl")
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "hub/croissant.json"))
    issues = dataset.metadata.ctx.issues
    assert not issues.errors
    [warning] = issues.warnings  # when it will be published only its publisher knows
    assert "datePublished" in warning
    caplog.clear()
    for each in result.configs:
        name = each.config.name
        records = [_plain(record, name) for record in dataset.records(name)]
        assert len(records) == each.rows()
        written = [
            {"split_of_file": path.name.split("-")[0], **json.loads(line)}
            for path in sorted((tmp_path / "lines" / name).iterdir())
            for line in path.read_text().splitlines()
        ]
        if not each.config.is_archive:  # deeper levels are read by names, not as objects
            assert sorted(map(_text, records)) == sorted(map(_text, written))
    assert not caplog.records


def _plain(value: Any, own: str) -> Any:
    """Return a value as JSON has it: texts for bytes, and names without what they are parts of."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {
            key.removeprefix(f"{own}/"): _plain(inner, key.split(" ")[0])
            for key, inner in value.items()
        }
    return [_plain(inner, own) for inner in value] if isinstance(value, list) else value


def _text(record: dict[str, Any]) -> str:
    return json.dumps(_rounded(record), sort_keys=True)


def _rounded(value: Any) -> Any:
    """Return a value with numbers that are as exact as its reader keeps them."""
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, 9) if isinstance(value, float) else value
