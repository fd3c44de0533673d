"""How a message of an assistant carries its trace, in configs that hold messages.

Configs make a completion as one text; here it becomes what `--thinking` asks for. No chat template
but knows one of the three ways, and no way is right for all of them. Contract: schemas/README.md,
"Exports".
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.columns import MESSAGES, TEXT, Column, ListOf, StructType
from botcoin_dpo.exporting.configs.config import Config

ThinkingStyle = Literal["inline", "reasoning_content", "thinking"]
THINKING_STYLES: tuple[ThinkingStyle, ...] = get_args(ThinkingStyle)

THOUGHT_FIELDS = tuple(style for style in THINKING_STYLES if style != "inline")
"""Fields of a message that hold a trace."""

_COMPLETION = re.compile(r"<think>\n(.*?)\n</think>\n+(.*)", re.DOTALL)


def is_messages(value: Any) -> bool:
    """Return whether the value of a column is a list of messages."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and "role" in each and "content" in each for each in value)
    )


def has_messages(columns: StructType) -> bool:
    """Return whether a column holds messages."""
    return any(_is_of_messages(column) for column in columns.fields.values())


def _is_of_messages(column: Column) -> bool:
    item = column.item if isinstance(column, ListOf) else None
    return isinstance(item, StructType) and {"role", "content"} <= item.fields.keys()


def with_thoughts(config: Config, style: ThinkingStyle) -> Config:
    """Return a config with a column for traces in its messages, where these have any."""
    if style == "inline" or config.input_examples is not None:  # tasks: nobody has answered them
        return config
    messages = ListOf(StructType({"role": TEXT, "content": TEXT, style: TEXT}))
    columns: dict[str, Column] = {
        name: messages if column == MESSAGES else column
        for name, column in config.columns.fields.items()
    }
    return replace(config, columns=StructType(columns))


def thought_of(message: Mapping[str, Any]) -> str | None:
    """Return the trace in a message that is said by an assistant as configs make it."""
    match = _COMPLETION.fullmatch(message["content"]) if message["role"] == "assistant" else None
    return None if match is None else match[1]


def carried(values: JsonObject, style: ThinkingStyle) -> JsonObject:
    """Return an example whose messages carry their traces in a style.

    Args:
        values: as configs make it: a completion is one text, and its texts are safe.
        style: a field that all messages then have, null where there is no trace; or `inline`, where
            two line breaks follow `</think>`, as templates of the Qwen3 family write it and
            axolotl searches for it.
    """
    return {
        name: [_carried(message, style) for message in value] if is_messages(value) else value
        for name, value in values.items()
    }


def _carried(message: JsonObject, style: ThinkingStyle) -> JsonObject:
    match = _COMPLETION.fullmatch(message["content"]) if message["role"] == "assistant" else None
    if style == "inline":
        if match is None:
            return message
        return {**message, "content": f"<think>\n{match[1]}\n</think>\n\n{match[2]}"}
    if match is None:
        return {**message, style: None}
    return {**message, "content": match[2], style: match[1]}
