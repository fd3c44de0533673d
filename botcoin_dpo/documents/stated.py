"""A value, and where a document states it."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["stated", "superseded", "elsewhere", "unknown"]
"""Whether a document bears a value out: `schemas/README.md`, "Reading documents"."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value, and where a document states it."""

    value: str | int | float
    paragraph: int | None
    """Its number, None where paragraphs have none."""
    start: int
    """Of the value, in characters of the document."""
    end: int
    is_superseded: bool = False
