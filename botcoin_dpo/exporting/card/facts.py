"""What a card tells, and the one word in it that a user chooses freely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.errors import UsageError
from botcoin_dpo.exporting.result import ExportedConfig


@dataclass(frozen=True)
class CardFacts:
    """What a card tells."""

    name: str
    license: str
    manifest: dict[str, Any]
    manifest_sha256: str
    configs: Sequence[ExportedConfig]
    """Those that have rows; the first is the default."""
    format: str
    text: str
    thinking: str
    """How messages carry traces."""
    tokenizer: str | None
    max_tokens: int | None
    is_anonymized: bool
    has_all_attempts: bool
    """Whether configs of attempts hold those that are in no pair as well."""
    rows_dropped: Mapping[str, int]
    """Rows that are in no config, by the condition that dropped them, or as `excluded`."""


def require_name(name: str) -> None:
    """Make sure that a name is one line.

    Raises:
        UsageError: it is empty, or has a line break, a control character or a hidden one.
    """
    if not name.strip() or not name.isprintable() or sanitize_line(name) != name:
        raise UsageError("--name: must be one line of text, without hidden characters")
