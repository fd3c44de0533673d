"""Fills the templates of a page: texts from the data are sanitized here, and escaped by Jinja."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.sanitize import sanitize
from botcoin_dpo.viewing.artifact_marks import ArtifactMark
from botcoin_dpo.viewing.humanize import (
    LEFT_OPEN,
    answer_words,
    attempts_words,
    beyond,
    duration,
    feedback_words,
    grounds_words,
    lacking,
)
from botcoin_dpo.viewing.pair_page import ConstraintLine, Outcome
from botcoin_dpo.viewing.questions import QuestionLine
from botcoin_dpo.viewing.reasons import short_reason
from botcoin_dpo.viewing.text_spans import Piece, pieces

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"

MOST_OF_A_TEXT = 4_000
"""Characters of a step, an artifact, a constraint or a paragraph that are shown."""

_MOST_OF_A_NAME = 80


@cache
def environment() -> "Environment":
    """Return what fills templates."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # an extra

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals |= {"lacking": _lacking, "left_open": LEFT_OPEN, "rules": RULES}
    environment.filters |= {
        "pieces": _pieces, "cut": _cut, "beyond": _beyond, "duration": duration,
        "feedback": feedback_words, "attempts": attempts_words, "spans": _spans,
        "answers": _answers, "grounds": grounds_words, "reason": short_reason,
        "capitalised": _capitalised,
    }  # fmt: skip
    return environment


def _pieces(text: str, spans: Iterable[tuple[int, int]] = ()) -> list[Piece]:
    """Return what is shown of a text, sanitized piece by piece."""
    return [
        piece._replace(text=sanitize(piece.text)) for piece in pieces(text, spans, MOST_OF_A_TEXT)
    ]


def _spans(marks: Iterable[ArtifactMark]) -> list[tuple[int, int]]:
    return [(mark.start, mark.end) for mark in marks]


def _answers(question: QuestionLine) -> str:
    return answer_words(question, lambda name: _cut(name, _MOST_OF_A_NAME))


def _lacking(line: ConstraintLine, outcome: Outcome) -> str | None:
    return lacking(line, outcome, lambda text: _cut(text, _MOST_OF_A_NAME))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cut(text: str | None, most: int = MOST_OF_A_TEXT) -> str:
    if text is None:
        return "not known"
    return sanitize(text[:most]) + beyond(text, most)


def _beyond(text: str) -> str:
    return beyond(text, MOST_OF_A_TEXT)
