"""On which side an audit found something: in rows, in conditions, in `show` and in the report."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from botcoin_dpo import build, export, report, validate
from botcoin_dpo.terminal.pair_view import PairView
from botcoin_dpo.viewing.pair_page import make_pair_page
from tests.builders import compute, extract, read_rows, recovery, write_log

RULE = "computation_result"
SLIPS = {
    "0xaa01": ["rejected"],
    "0xaa02": ["chosen"],
    "0xaa03": ["rejected", "chosen"],
    "0xaa04": [],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build whose attempts miscalculate on the sides of `SLIPS`."""
    folder = tmp_path_factory.mktemp("sides")
    records = []
    for challenge, sides in SLIPS.items():
        for side, record in zip(("rejected", "chosen"), recovery(challenge), strict=True):
            computed = compute(result=4 if side in sides else 3)
            record["submission"]["reasoning_trace"] = [extract(), computed]
            records.append(record)
    build(write_log(folder / "a.jsonl", records), folder / "out", audit=True)
    return folder / "out"


def by_challenge(out: Path) -> dict[str, dict[str, Any]]:
    return {row["challenge_id"]: row for row in read_rows(out)}


def test_a_row_says_on_which_side(built: Path) -> None:
    for challenge, row in by_challenge(built).items():
        audit = row["audit"]
        assert list(audit["found_in"]) == ["rejected", "chosen"]
        assert [side for side, rules in audit["found_in"].items() if RULE in rules] == (
            SLIPS[challenge]
        )
        assert (RULE in audit["flags"]) is bool(SLIPS[challenge])
    assert validate(built).is_valid


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("suspicious", ["0xaa04"]),
        ("chosen:suspicious", ["0xaa01", "0xaa04"]),
        (f"rejected:{RULE}", ["0xaa02", "0xaa04"]),
    ],
)
def test_builds_and_exports_drop_by_side(
    built: Path, tmp_path: Path, condition: str, kept: list[str]
) -> None:
    again = build(built.parent / "a.jsonl", tmp_path / "out", drop_if=[condition])
    assert sorted(row["challenge_id"] for row in read_rows(tmp_path / "out")) == kept
    assert validate(tmp_path / "out").is_valid
    name = f"{condition.partition(':')[0]}:{RULE}" if ":" in condition else RULE
    result = export(built, tmp_path / "hub", format="jsonl", drop_if=[condition])
    assert result.rows_dropped == {name: len(SLIPS) - len(kept)}
    assert again.funnel.dropped[name] == len(SLIPS) - len(kept)


@pytest.mark.parametrize("has_audit", [True, False])
def test_people_are_told_the_side(built: Path, has_audit: bool) -> None:
    for challenge, row in by_challenge(built).items():
        kept = {name: row[name] for name in row if has_audit or name != "audit"}
        page = make_pair_page(kept, 1)
        console = Console(width=300, record=True, file=StringIO())
        console.print(PairView(page))
        text = console.export_text()
        sides = " and ".join(SLIPS[challenge])
        assert (f"audit: {sides}: {RULE} (suspicious" in text) is bool(sides)
        assert page.as_json()["found_in"] == row["audit"]["found_in"]


def test_the_report_tells_the_side_and_filters_by_it(built: Path, tmp_path: Path) -> None:
    report(built, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    told = re.findall(rf"Audit of ([a-z ]+): {RULE} \(suspicious\)", text)
    assert sorted(told) == ["chosen", "rejected", "rejected and chosen"]
    assert "export out --drop-if chosen:suspicious" in text
    assert "--drop-if suspicious" not in text
    assert "In 25% of audited pairs it found something suspicious in rejected alone." in text
    for value, count in (("chosen:suspicious", 2), ("only_rejected:suspicious", 1)):
        assert len(re.findall(rf'data-flag="[^"]*\b{value}\b', text)) == count
        assert f'<option value="{value}">' in text
