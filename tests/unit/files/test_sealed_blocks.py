"""Any range of sealed content is what was sealed, or refused."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.files.sealed_blocks import BLOCK, DamagedBlockError, read_sealed, sealed

CONTENT = bytes(range(251)) * (3 * BLOCK // 251)
SEALED = b"".join(sealed([CONTENT]))
PLACES = st.integers(0, len(CONTENT)) | st.sampled_from([0, BLOCK, 2 * BLOCK, len(CONTENT)])


def read(content: bytes, start: int, end: int) -> bytes:
    return read_sealed(lambda first, last: content[first:last], start, end)


@given(PLACES, PLACES)
def test_a_range_is_what_was_sealed(one: int, other: int) -> None:
    start, end = sorted((one, other))
    if start < end:
        assert read(SEALED, start, end) == CONTENT[start:end]


@given(st.lists(st.integers(0, len(CONTENT)), max_size=5))
def test_the_bytes_do_not_depend_on_the_pieces(places: list[int]) -> None:
    cuts = [0, *sorted(places), len(CONTENT)]
    pieces = [CONTENT[start:end] for start, end in pairwise(cuts)]
    assert b"".join(sealed(pieces)) == SEALED


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(at: int, change: int) -> None:
    damaged = SEALED[:at] + bytes([SEALED[at] ^ change]) + SEALED[at + 1 :]
    with pytest.raises(DamagedBlockError):
        read(damaged, 0, len(CONTENT))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        SEALED[:-1],
        SEALED[: BLOCK + 16],
        SEALED[BLOCK + 16 : 2 * BLOCK + 32] + SEALED[: BLOCK + 16] + SEALED[2 * BLOCK + 32 :],
    ],
)
def test_no_block_can_be_missing_or_stand_elsewhere(damaged: bytes) -> None:
    with pytest.raises(DamagedBlockError):
        read(damaged, 0, len(CONTENT))
    with pytest.raises(DamagedBlockError):
        read(SEALED, 0, len(CONTENT) + 1)
