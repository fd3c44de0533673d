"""Asks the compiled scanner what it knows of an attempt record.

It may only say yes: then it has checked all of the record, and says what a reference needs. What is
left to `reference_making.py` are digests, and a look at what is unusual or may be unsafe.
"""

from typing import NamedTuple

from botcoin_dpo.contract.outcomes import TIP
from botcoin_dpo.logs.compiled_scanner import SCANNER
from botcoin_dpo.logs.known_fields import known_fields


class SureAttempt(NamedTuple):
    """An attempt that is beyond doubt: its own fields, which it may have to complete."""

    record_id: str
    challenge_id: str | None
    miner_id: str | None
    operator: str | None
    rig: str | None
    model: str | None
    model_version: str | None
    model_version_in_camel_case: str | None
    attempt_index: int
    passed: bool
    is_credited: bool
    lacks: int
    """As `AttemptRef` has these."""
    outcome_problem: int
    pass_count: int
    submitted_at: int
    timestamp: int
    document: slice | None
    """Where the JSON of its own document lies in the record."""
    texts: bytes | None
    """The JSON of a list of its own questions and constraints, two lists, as they are spelled."""
    are_texts_compact: bool
    """Whether that is how they are digested."""
    is_prompt_plain: bool
    """Whether there is certainly no unsafe text in document, questions and constraints."""
    doubtful_submission: slice | None
    """Where the JSON of its submission lies, if that may have unsafe text but for the model."""


class ConstraintCounts(NamedTuple):
    """The constraints of a context, as far as outcomes depend on them."""

    constraints: int
    not_tips: int

    @classmethod
    def of(cls, constraints: list[str]) -> "ConstraintCounts":
        """Count the texts."""
        return cls(len(constraints), sum(not text.startswith(TIP) for text in constraints))


def scan_attempt(raw: bytes, shared: ConstraintCounts | None = None) -> SureAttempt | None:
    """Return an attempt if it is beyond doubt, None if another way must decide.

    Whether it has ids of its challenge and its miner is left open: it may be an element.

    Args:
        raw: its bytes.
        shared: the constraints that it has if it has no context of its own.
    """
    if _scan is None:
        return None
    found = _scan(_table, raw, shared)
    return None if found is None else SureAttempt._make(found)


if SCANNER.module is None:
    _scan = _table = None
else:
    _scan = SCANNER.module.scan
    _table = SCANNER.module.make_table(list(known_fields()))
