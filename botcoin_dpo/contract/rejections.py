"""Where a record lies, and why it was quarantined: what quarantine entries are made of."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

Reason = Literal[
    "unreadable_file",
    "truncated_file",
    "oversized_record",
    "invalid_utf8",
    "malformed_json",
    "not_an_object",
    "unknown_record",
    "schema_violation",
    "conflicting_challenges",
    "conflicting_attempts",
    "missing_context",
    "unknown_constraint_outcomes",
    "inconsistent_outcomes",
    "unsafe_text",
    "input_mismatch",
    "row_schema_violation",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""The closed list of reasons, first come first (schemas/README.md, "Nothing is lost")."""

FILE_REASONS: tuple[Reason, ...] = ("unreadable_file", "truncated_file")
"""Those of entries for files, which are not entries for records."""


class Place(NamedTuple):
    """Where a record starts."""

    file: int
    """Position in the list of log files."""
    line: int | None
    """1-based; None for a file that could not be opened."""
    offset: int
    """In decompressed bytes."""


class Cause(NamedTuple):
    """Why a record cannot be used."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that is not used, with its place and the reason."""

    place: Place
    cause: Cause
    record_id: str | None = None
