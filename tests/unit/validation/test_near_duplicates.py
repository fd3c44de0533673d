"""Nearly equal documents in different splits are warned of, and only these."""

import sys
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, export, simulate, validate
from botcoin_dpo.html_report.checks import _near_duplicates
from botcoin_dpo.html_report.overview import Overview
from botcoin_dpo.validation.near_duplicates import MOST_NAMED, NearDuplicates, Sketches
from tests.builders import REFERENCE, context, real_records, recovery, run, write_log


def long_document(serial: str = "", sentences: int = 200) -> str:
    lines = [f"The harbour of ship {number} lies {number * 7} miles off." for number in range(200)]
    return "[paragraph_1]\n" + " ".join(lines[:sentences]) + serial


def attempts_on(documents: list[str]) -> list[dict[str, Any]]:
    records = []
    for number, document in enumerate(documents):
        for record in recovery(f"0x{number:02x}"):
            record["challenge_context"] = context() | {"document": document}
            records.append(record)
    return records


def compared(sketches: Sketches) -> NearDuplicates:
    found = sketches.compare()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("near")
    documents = [
        long_document("\n" * number if number % 2 else f" Report {number}.") for number in range(60)
    ]
    log = write_log(folder / "a.jsonl", attempts_on(documents))
    build(log, folder / "out", splits=(0.6, 0.2, 0.2))
    return folder / "out"


def test_copies_that_differ_by_a_number_are_warned_of(built: Path) -> None:
    pytest.importorskip("rensa")
    result = validate(built)
    found = result.near_duplicates
    assert result.is_valid and found is not None
    assert found.documents == found.concerned == 60
    assert len(found.pairs) == MOST_NAMED
    assert all(first != second for first, second in (pair.splits for pair in found.pairs))
    assert validate(built, workers=2) == result
    told = run("validate", built)
    assert told.returncode == 0 and "nothing found" in told.stdout
    assert "60 of 60 documents are nearly equal to one in another split" in told.stderr
    assert "not checked" not in told.stdout


def test_exports_are_checked_too(built: Path, tmp_path: Path) -> None:
    pytest.importorskip("rensa")
    export(built, tmp_path / "hub", format="jsonl")
    found = validate(tmp_path / "hub").near_duplicates
    assert found is not None and found.documents == found.concerned == 60
    assert found.pairs[0].places[0].startswith("0x")


def test_simulated_documents_are_not_warned_of(tmp_path: Path) -> None:
    pytest.importorskip("rensa")
    simulate(tmp_path / "logs", challenges=30, miners=4, seed=5)
    build(tmp_path / "logs", tmp_path / "out", pairs=["sequential", "cross_session"])
    found = validate(tmp_path / "out").near_duplicates
    assert found is not None and found.documents > 20 and not found.concerned


def test_real_documents_are_not_warned_of() -> None:
    pytest.importorskip("rensa")
    if not REFERENCE.is_dir():
        pytest.skip("no real records here")
    sketches = Sketches()
    for number, record in enumerate(real_records(REFERENCE)):
        document = record["challenge_context"]["document"]
        sketches.add(document, ("train", "test")[number % 2], str(number))
    assert not compared(sketches).concerned


def test_the_threshold_is_four_fifths_of_all_sentences() -> None:
    pytest.importorskip("rensa")
    for shared, is_near in ((195, True), (100, False)):
        sketches = Sketches()
        sketches.add(long_document(), "train", "a")
        sketches.add(long_document(sentences=shared), "test", "b")
        assert bool(compared(sketches).concerned) is is_near


def test_copies_within_a_split_and_the_same_text_are_no_near_duplicates() -> None:
    pytest.importorskip("rensa")
    sketches = Sketches()
    for serial in ("", " One.", " Two."):
        sketches.add(long_document(serial), "train", serial)
    sketches.add(long_document(), "train", "again")
    assert compared(sketches) == NearDuplicates(3, 0, [])


@pytest.mark.parametrize("text", ["", " ", "word", "x" * 10**6, "a " * 10**5, "? " * 10**5])
def test_any_text_is_compared_in_linear_time(text: str) -> None:
    pytest.importorskip("rensa")
    sketches = Sketches()
    for number in range(2):
        sketches.add(text + " " * number, ("train", "test")[number], str(number))
    assert compared(sketches).documents == 2


def test_many_copies_take_linear_time() -> None:
    pytest.importorskip("rensa")
    sketches = Sketches()
    for number in range(3_000):
        sketches.add(f"{number % 7} a b c {number}", ("train", "test")[number % 2], str(number))
        sketches.add(f"the same words again {number}"[:20] + " " * number, "test", str(number))
    assert compared(sketches).documents == 6_000


def test_without_the_library_the_summary_says_so(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botcoin_dpo.terminal.findings_lines import findings_lines

    monkeypatch.setitem(sys.modules, "rensa", None)
    result = validate(built)
    assert result.is_valid and result.as_json()["near_duplicates"] is None
    [line] = findings_lines(result)
    assert "nothing found; near-duplicate documents not checked: " in line
    assert "duplicates" in line or "rensa" in line


def test_the_report_warns() -> None:
    pytest.importorskip("rensa")
    overview = Overview(1)
    overview.documents.add(long_document(), "train", "0x\u202e01")
    overview.documents.add(long_document("\n"), "test", "0x02")
    [warning] = _near_duplicates(overview.documents)
    assert "nearly equal" in warning.text and warning.is_warning and "\u202e" not in warning.text
