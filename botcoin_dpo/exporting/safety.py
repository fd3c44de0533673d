"""Finds the tokens that no text of a trainable config may hold, whatever the row holds.

A completion has the think tags that the row itself adds, and no other. `export` drops an example
in which something is found, and `validate` reports it. Contract: schemas/README.md, "Exports".
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.thinking import THOUGHT_FIELDS
from botcoin_dpo.logs.unsafe_text import token_in
from botcoin_dpo.rows.prompt import completion_text

_COMPLETIONS = frozenset({"chosen", "rejected", "completion", "response"})
"""Columns that hold what a model is to say."""

_LONG = 1000

_COMPLETION = re.compile(
    r"(.*)".join(map(re.escape, completion_text("\0", "\0").split("\0"))).replace(
        re.escape("</think>\n"),
        r"</think>\n\n?",  # two in messages
    ),
    re.DOTALL,
)


def unsafe_text_in(values: JsonObject) -> str | None:
    """Return the first token in an example and the column that holds it, None if there is none.

    Args:
        values: an example of a trainable config, by column.
    """
    for column, value in values.items():
        for text, is_completion in _texts(value, column in _COMPLETIONS):
            find = _first_token_of_long if len(text) >= _LONG else _first_token
            token = find(text, is_completion)
            if token is not None:
                return f"{token!a} in {column}"
    return None


def _texts(value: Any, is_completion: bool) -> Iterator[tuple[str, bool]]:
    """Yield the texts of a column, and for each whether it is a completion."""
    if isinstance(value, str):
        yield value, is_completion
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, dict):
                yield from _texts(item, is_completion)
            elif "content" in item:  # a message
                yield from _texts(item["content"], item.get("role") == "assistant")
                yield from _texts([item.get(field) for field in THOUGHT_FIELDS], False)
            else:
                yield from _texts([*item.values()], False)


def _first_token(text: str, is_completion: bool) -> str | None:
    parts = _COMPLETION.match(text) if is_completion else None
    if parts is None:  # no tag in it is the row's own
        return token_in(text)
    return next(filter(None, map(token_in, (*parts.groups(), text[parts.end() :]))), None)


_first_token_of_long = lru_cache(maxsize=8)(_first_token)
"""The prompt and the answers of a row stand in several configs, one after the other."""
