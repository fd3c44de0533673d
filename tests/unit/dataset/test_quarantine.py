"""Entries of the quarantine: in order, however many there are."""

import tracemalloc
from pathlib import Path

import pytest

from botcoin_dpo import build
from botcoin_dpo.contract.rejections import Cause, Place, Rejection
from botcoin_dpo.dataset import quarantine as quarantine_module
from botcoin_dpo.dataset.quarantine import Quarantine
from botcoin_dpo.engines.file_bins import FileSink
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.segments import Segments
from botcoin_dpo.logs.rejected_records import RejectionWriter
from tests.builders import all_bytes, attempt, quarantine, recovery, write_log


@pytest.mark.parametrize("most", [1, 2, 7])
def test_entries_that_are_sorted_run_by_run_are_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    odd = [b"\xff", attempt(challenge_context=...), {"foo": 1}, b"{", attempt(attempt_index=0)]
    for name in ("b.jsonl", "a.jsonl.gz", "c.jsonl"):
        write_log(tmp_path / "logs" / name, [*recovery(f"0x{name[0]}"), *odd, *reversed(odd)])
    first = build(tmp_path / "logs", tmp_path / "out")
    monkeypatch.setattr(quarantine_module, "_MOST_SORTED", most)
    monkeypatch.setattr(quarantine_module, "_PIECE", 2)
    again = build(tmp_path / "logs", tmp_path / "again")
    assert all_bytes(tmp_path / "again") == all_bytes(tmp_path / "out")
    entries = quarantine(tmp_path / "out")
    assert len(entries) == 25
    order = [(entry["file"], entry["byte_offset"], entry["reason"]) for entry in entries]
    assert order == sorted(order)
    assert first.first_quarantined == again.first_quarantined == entries[:20]


def test_very_many_entries_are_not_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine_module, "_MOST_SORTED", 1000)
    monkeypatch.setattr(quarantine_module, "_PIECE", 20)
    segments = Segments([LogFile(tmp_path / "a.jsonl", "a.jsonl")])
    sink = FileSink(tmp_path)
    writer = RejectionWriter(sink, 7)
    cause = Cause("malformed_json", "what is wrong with it")
    tracemalloc.start()
    try:
        for number in range(60_000):
            writer.add(Rejection(Place(0, number + 1, number), cause))
        entries = Quarantine(segments, tmp_path)
        entries.add([sink.finish().blob(7)], writer.by_reason)
        assert len(entries.first(5)) == 5
        assert entries.write_to(tmp_path / "out").entries == 60_000
        # Keys alone are 2 MB, and 5 MB to be sorted.
        assert tracemalloc.get_traced_memory()[1] < 4_500_000
    finally:
        tracemalloc.stop()
