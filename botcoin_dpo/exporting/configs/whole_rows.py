"""The configs that hold rows as they are."""

from collections.abc import Iterator

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.exporting.columns import (
    encoder,
    pair_columns,
)
from botcoin_dpo.exporting.configs.config import ARCHIVE, Config
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.texts import Texts

_encode_row = encoder(pair_columns())


def _whole(texts: Texts) -> Iterator[Example]:
    assert _encode_row is not None
    yield Example(None, _encode_row(texts.row))


def pairs(pair_type: PairType) -> Config:
    """Return the config of rows of a type."""
    return Config(
        f"{ARCHIVE}{pair_type}",
        f"{pair_type} pairs, every field of the row",
        None,
        pair_columns(),
        frozenset({pair_type}),
        _whole,
    )
