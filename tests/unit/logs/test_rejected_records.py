"""Quarantine entries on their way: what was put into a bin comes out of it."""

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract.rejections import Cause, Place, Reason, Rejection
from botcoin_dpo.engines.blobs import HeldBlob
from botcoin_dpo.logs import rejected_records
from botcoin_dpo.logs.rejected_records import (
    RejectionReader,
    SegmentRejections,
    moved,
    pack_rejection,
)

ENTRIES = st.lists(
    st.builds(
        Rejection,
        st.builds(
            Place,
            st.integers(0, 2**32 - 1),
            st.none() | st.integers(1, 2**62),
            st.integers(0, 2**64 - 1),
        ),
        st.builds(Cause, st.sampled_from(get_args(Reason)), st.text(max_size=40)),
        st.none() | st.text(max_size=20),
    ),
    max_size=12,
)


@given(st.lists(ENTRIES, max_size=3), st.integers(33, 200))
def test_entries_of_bins_are_read_in_order(bins: list[list[Rejection]], piece: int) -> None:
    blobs = [HeldBlob(b"".join(map(pack_rejection, entries))) for entries in bins]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rejected_records, "_PIECE", piece)
        assert list(RejectionReader(blobs).entries()) == [each for one in bins for each in one]


@given(ENTRIES)
def test_entries_of_a_segment_are_the_same_in_the_index_and_in_a_bin(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Rejection]
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    rejections = SegmentRejections(folder)
    for entry in entries:
        rejections.add(entry)
    assert list(RejectionReader([HeldBlob(b"".join(rejections.packed()))]).entries()) == entries
    recalled = SegmentRejections(folder)
    for keys in rejections.packed_keys():
        recalled.add_packed(moved(keys, 7), b"")
    for content in rejections.content():
        recalled.add_packed(b"", content)
    assert [entry.place.file for entry in recalled.entries()] == [7] * len(entries)
    assert [entry.cause for entry in recalled.entries()] == [entry.cause for entry in entries]
    assert recalled.by_reason == rejections.by_reason
    rejections.close()
    recalled.close()


def test_nothing_of_it_stays_in_the_folder(tmp_path: Path) -> None:
    rejections = SegmentRejections(tmp_path)
    cause = Cause("malformed_json", "x" * 501)
    rejections.add(Rejection(Place(0, None, 3), cause))
    (entry,) = rejections.entries()
    assert (len(entry.cause.detail), entry.cause.detail[-2:]) == (500, "x…")
    assert list(tmp_path.iterdir()) == []
