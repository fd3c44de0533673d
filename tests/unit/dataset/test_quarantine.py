"""Entries of the quarantine: in order, however many there are."""

import tracemalloc
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import build
from botcoin_dpo.contract.rejections import Cause, Place, Reason, Rejection
from botcoin_dpo.dataset import quarantine as quarantine_module
from botcoin_dpo.dataset.quarantine import Quarantine
from botcoin_dpo.engines.blobs import HeldBlob
from botcoin_dpo.engines.file_bins import FileSink
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.segments import Segments
from botcoin_dpo.logs.rejected_records import RejectionWriter, pack_rejection
from tests.builders import all_bytes, attempt, quarantine, recovery, write_log


@pytest.mark.parametrize("most", [1, 500, 2000])
def test_entries_that_are_sorted_run_by_run_are_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    odd = [b"\xff", attempt(challenge_context=...), {"foo": 1}, b"{", attempt(attempt_index=0)]
    for name in ("b.jsonl", "a.jsonl.gz", "c.jsonl"):
        write_log(tmp_path / "logs" / name, [*recovery(f"0x{name[0]}"), *odd, *reversed(odd)])
    first = build(tmp_path / "logs", tmp_path / "out")
    monkeypatch.setattr(quarantine_module, "_MOST_SORTED", most)
    monkeypatch.setattr(quarantine_module, "_BUFFER", 2)
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
    monkeypatch.setattr(quarantine_module, "_MOST_SORTED", 100_000)
    monkeypatch.setattr(quarantine_module, "_BUFFER", 1000)
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
        # They are 6 MB, and 15 MB as objects.
        assert tracemalloc.get_traced_memory()[1] < 4_500_000
    finally:
        tracemalloc.stop()


FILES = ["b/x.jsonl", "a.jsonl", "c.jsonl.gz", "b.jsonl"]
ENTRIES = st.builds(
    Rejection,
    st.builds(Place, st.integers(0, 3), st.none() | st.integers(1, 3), st.integers(0, 3)),
    st.builds(Cause, st.sampled_from(get_args(Reason)), st.sampled_from(["", "x", "y" * 200])),
    st.none() | st.text(max_size=3),
)


@given(st.lists(st.lists(ENTRIES, max_size=9), max_size=4), st.integers(1, 2000))
def test_entries_are_in_the_order_of_a_plain_sort(
    tmp_path_factory: pytest.TempPathFactory, bins: list[list[Rejection]], most: int
) -> None:
    folder = tmp_path_factory.mktemp("sorted")
    segments = Segments([LogFile(Path(name), name) for name in FILES])
    entries = Quarantine(segments, folder)
    expected_order = [entry for each in bins for entry in each]
    reasons = Counter(entry.cause.reason for entry in expected_order)
    entries.add((HeldBlob(b"".join(map(pack_rejection, each))) for each in bins), reasons)
    expected_order.sort(
        key=lambda entry: (
            FILES[entry.place.file],
            entry.place.offset,
            entry.cause.reason,
            entry.place.line or 1 << 60,
        )
    )
    expected = [
        {
            "file": FILES[entry.place.file],
            "line": entry.place.line,
            "byte_offset": entry.place.offset,
            "record_id": entry.record_id,
            "reason": entry.cause.reason,
            "detail": entry.cause.detail,
        }
        for entry in expected_order
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(quarantine_module, "_MOST_SORTED", most)
        patched.setattr(quarantine_module, "_BUFFER", 30)
        entries.write_to(folder)
    assert quarantine(folder) == expected
    assert entries.first(3) == expected[:3]
