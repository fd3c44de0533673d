"""Decodes what an attempt record leaves as JSON: many rows show little or nothing of it."""

from typing import Any

import msgspec

from botcoin_dpo.contract.numbers import number_of

_decode_value = msgspec.json.Decoder(float_hook=number_of)


def decode_value(json: msgspec.Raw) -> Any:
    """Return the value; whole doubles become integers."""
    return _decode_value.decode(json)
