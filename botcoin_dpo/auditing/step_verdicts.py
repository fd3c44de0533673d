"""A verdict on each step of a trace: whether what it extracts or computes can be relied on.

Contract: schemas/README.md, "Verdicts on steps".
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from botcoin_dpo.attempts.citations import Citation, paragraphs_of
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.checks.computations import Replay, replay
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME
from botcoin_dpo.auditing.expected_texts.from_document import reading_of
from botcoin_dpo.auditing.expected_texts.numbers import has_number, whole_number
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import EXTRACT
from botcoin_dpo.contract.verdicts import StepReason, StepStatus

_NUMBER = re.compile(r"(?<![\w.])[0-9]{1,3}(?:,[0-9]{3})+(?![\w,])|(?<![\w.])[0-9]{1,18}(?![\w])")
_LITERAL_INPUTS = frozenset({"round", "round_nearest"})
"""Operations whose second input is a setting, not a value."""


class StepVerdict(NamedTuple):
    """What an audit makes of one step."""

    number: int
    """Of the step, from 0."""
    status: StepStatus
    reason: StepReason | None = None
    """Why it is not sound."""
    inputs: tuple[Any, ...] = ()
    """Those that nothing before the step gives."""


def audit_steps(subject: AuditedAttempt) -> list[StepVerdict]:
    """Return a verdict on each step of a trace."""
    evidence = subject.evidence
    citations = iter(zip(evidence.citations, evidence.flags, strict=True))
    replays = {each.place: each for each in replay(subject.trace)}
    literals = _literals(subject)
    verdicts = []
    for number, step in enumerate(subject.trace):
        if step.get("action") == EXTRACT:
            citation, matches = next(citations)
            verdicts.append(_extraction(subject, number, citation, matches))
        elif number in replays:
            verdicts.append(_computation(number, step, replays[number], literals))
        else:
            verdicts.append(StepVerdict(number, "unchecked", "not_a_claim"))
        literals |= set(_values_of(step))
    return verdicts


def _extraction(
    subject: AuditedAttempt, number: int, citation: Citation, matches: bool
) -> StepVerdict:
    step = citation.step
    if not matches:
        return StepVerdict(number, "unsound", "citation")
    value, whole = step.get("valueExtracted"), whole_number(step.get("valueExtracted"))
    paragraph = paragraphs_of(subject.document).get(citation.paragraph or 0)
    is_whole = whole is None or paragraph is None or (
        has_number(paragraph.without_commas, str(whole))
    )  # fmt: skip
    if not is_whole:
        return StepVerdict(number, "unsound", "part_of_number")
    entity, attribute = step.get("targetEntity"), step.get("attribute")
    if not isinstance(entity, str) or not isinstance(attribute, str):
        return StepVerdict(number, "unchecked", "not_read")
    is_value = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    if not is_value or len(attribute) > LONGEST_NAME:
        return StepVerdict(number, "unchecked", "not_read")
    assert isinstance(value, (str, int, float))
    support = reading_of(subject.document, subject.questions).support(entity, attribute, value)
    if support == "elsewhere":
        return StepVerdict(number, "unsound", "other_attribute")
    if support == "superseded":
        return StepVerdict(number, "unchecked", "superseded")
    return StepVerdict(number, "sound")


def _computation(
    number: int, step: JsonObject, replayed: Replay, known: set[int | float | str]
) -> StepVerdict:
    if replayed.finding is not None:
        return StepVerdict(number, "unsound", "computation")
    if not replayed.is_checked:
        return StepVerdict(number, "unchecked", "not_read")
    inputs = step.get("inputs")
    listed = inputs if isinstance(inputs, list) else [inputs]
    if step.get("operation") in _LITERAL_INPUTS:
        listed = listed[:1]
    ungrounded = tuple(each for each in listed if type(each) in (int, float) and each not in known)
    if ungrounded:
        return StepVerdict(number, "unsound", "ungrounded_input", ungrounded)
    return StepVerdict(number, "sound")


def _literals(subject: AuditedAttempt) -> set[int | float | str]:
    """Return the numbers that the constraints and the questions name."""
    texts = (*subject.constraints, *subject.questions)
    return {int(found.replace(",", "")) for text in texts for found in _NUMBER.findall(text[:2000])}


def _values_of(step: JsonObject) -> Iterator[int | float | str]:
    """Yield what a step extracts or computes, and the numbers it may be called by."""
    for key in ("valueExtracted", "result", "step_id", "step"):
        value = step.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield value
        elif isinstance(value, str) and (number := whole_number(value)) is not None:
            yield number
