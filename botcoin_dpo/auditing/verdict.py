"""A verdict on one recorded outcome, and what it stands on.

Contract: schemas/README.md, "Verdicts on outcomes".
"""

from typing import NamedTuple

from botcoin_dpo.contract.verdicts import Ground, Status, UncheckedReason


class Place(NamedTuple):
    """Where a document states a value."""

    paragraph: int | None
    """As the document numbers it; None before the first."""
    start: int
    """The first character in the document."""
    end: int
    """The character after the last."""


class Verdict(NamedTuple):
    """What an audit makes of one recorded outcome."""

    number: int
    """Of the constraint, from 0."""
    kind: str
    recorded: bool | None
    status: Status
    ground: Ground | None = None
    """What decided it, or what leaves it in doubt; None where nothing is known."""
    reason: UncheckedReason | None = None
    """Why it is unchecked."""
    expected: str | None = None
    """The constraint's text, where that is known."""
    place: Place | None = None
    """Where the document states the value that the text follows from."""
