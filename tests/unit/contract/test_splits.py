"""The split of a row is decided by its document."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract.splits import Shares, split_of


@given(st.text(min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_a_split_is_decided_by_the_document(document: str, a: float, b: float) -> None:
    shares = Shares(a, (1 - a) * b, (1 - a) * (1 - b))
    point = int.from_bytes(sha256(document.encode()).digest()[:8], "big") / 2**64
    expected = "train" if point < a else "validation" if point < a + shares.validation else "test"
    assert split_of(document, shares) == expected
