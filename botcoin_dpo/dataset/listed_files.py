"""The files that a manifest lists, as it lists them."""

from typing import NamedTuple

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.splits import Split


class IndexFile(NamedTuple):
    """One file of the index, as the manifest lists it."""

    path: str
    """Relative to the dataset."""
    bytes: int
    sha256: str


class Shard(NamedTuple):
    """One file of rows, as the manifest lists it."""

    path: str
    """Relative to the dataset."""
    pair_type: PairType
    split: Split
    rows: int
    bytes: int
    sha256: str


class FactFile(NamedTuple):
    """One file of attempt objects or of challenge objects, as the manifest lists it."""

    path: str
    """Relative to the dataset."""
    objects: int
    bytes: int
    sha256: str


class QuarantineFile(NamedTuple):
    """The quarantine, as the manifest lists it."""

    path: str
    entries: int
    bytes: int
    sha256: str
