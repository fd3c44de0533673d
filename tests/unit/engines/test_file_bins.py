"""Bins in files hold what was added, in its order, however it came to be written down."""

import pickle
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from botcoin_dpo import OutputError
from botcoin_dpo.engines import file_bins
from botcoin_dpo.engines.file_bins import FileSink

ADDED = st.lists(st.tuples(st.integers(0, 5), st.binary(min_size=1, max_size=12)), max_size=60)


@example([(1, b"held"), (2, b"fills a run"), (1, b"now it is large")], 15, 12, 1)
@given(ADDED, st.integers(1, 80), st.integers(2, 40), st.integers(0, 3))
def test_a_bin_holds_what_was_added_in_its_order(
    tmp_path_factory: pytest.TempPathFactory,
    added: list[tuple[int, bytes]],
    most_held: int,
    large: int,
    most_files: int,
) -> None:
    sink = FileSink(tmp_path_factory.mktemp("scratch"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(file_bins, "_MOST_HELD", most_held)
        patched.setattr(file_bins, "_LARGE", large)
        patched.setattr(file_bins, "_MOST_FILES", most_files)
        for number, data in added:
            sink.add(number, data)
        bins = pickle.loads(pickle.dumps(sink.finish()))
    for number in range(6):
        content = b"".join(data for at, data in added if at == number)
        blob = bins.blob(number)
        assert blob.read() == content
        assert len(blob) == len(content)
        for start in range(len(content)):
            assert blob.read(start, start + 7) == content[start : start + 7]


def test_large_bins_can_be_discarded_alone(tmp_path: Path) -> None:
    sink = FileSink(tmp_path)
    sink.add(1, b"small")
    for _ in range(9):
        sink.add(2, bytes(300_000))
    sink.add(3, b"small, too")
    bins = sink.finish()
    small, large, other = (bins.blob(number) for number in (1, 2, 3))
    small.discard()
    large.discard()
    assert other.read() == b"small, too"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 15
    with pytest.raises(OutputError, match="no such file"):
        large.read()


def test_a_sink_writes_down_what_it_holds(tmp_path: Path) -> None:
    sink = FileSink(tmp_path)
    for number in range(40_000):
        sink.add(number % 4096, bytes(1000))
    written = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert written >= 40_000_000 - 16_000_000
