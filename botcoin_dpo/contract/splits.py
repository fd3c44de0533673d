"""Which split a document belongs to: decided by the document alone, today and ever after.

Contract: schemas/README.md, "Split".
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal, NamedTuple, get_args

from botcoin_dpo.errors import UsageError

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)


class Shares(NamedTuple):
    """The share of documents that goes to each split; they add up to one."""

    train: float = 0.9
    validation: float = 0.05
    test: float = 0.05

    @classmethod
    def of(cls, shares: Sequence[float]) -> "Shares":
        """Return checked shares.

        Raises:
            UsageError: they are not three shares of one.
        """
        if len(shares) != 3 or not all(0 <= share <= 1 for share in shares):
            raise UsageError(f"--splits {_shown(shares)}: give three shares from 0 to 1")
        if abs(sum(shares) - 1) > 1e-9:
            raise UsageError(f"--splits {_shown(shares)}: the three shares must add up to 1")
        return cls(*map(float, shares))


def split_of(document: str, shares: Shares) -> Split:
    """Return the split of a document."""
    return split_of_digest(sha256(document.encode()).digest(), shares)


def split_of_digest(digest: bytes, shares: Shares) -> Split:
    """Return the split of a document, from the first 8 bytes of its SHA-256."""
    point = int.from_bytes(digest[:8], "big") / 2**64
    if point < shares.train:
        return "train"
    return "validation" if point < shares.train + shares.validation else "test"


def _shown(shares: Sequence[float]) -> str:
    return ",".join(f"{share:g}" for share in shares)
