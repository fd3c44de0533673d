"""The text that the trace of a failing side leads to, where it leads to one alone."""

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.from_trace import expected_texts
from botcoin_dpo.auditing.expected_texts.numbers import whole_number
from botcoin_dpo.constraints.constraint import Term
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.contract.trace_lines import COMPUTE_HEAD, read_compute

_DIGITS = Pattern(r"[0-9]+")


def text_of_trace(subject: AuditedAttempt, index: int) -> str | None:
    """Return the one text of a constraint that a trace leads to, None where that is not sure.

    A trace that computes may have made a value from several readings, by steps that nobody replays
    here. So a text of numbers that are computed must have all of them among its recorded results.
    """
    texts = {expected.text for expected in expected_texts(subject, index)}
    if len(texts) != 1:
        return None
    [text] = texts
    constraint = subject.constraint_set.constraints[index]
    if constraint is None or not any(isinstance(need, Term) for need in constraint.needs):
        return text
    computed = _computed(subject)
    numbers = {int(match[0]) for match in _DIGITS.finditer(text)}
    return text if computed is None or numbers <= computed else None


def _computed(subject: AuditedAttempt) -> set[int] | None:
    """Return the whole numbers that a trace records as results, None if it computes nothing."""
    lines = [line for line in subject.trace_lines or () if line.startswith(COMPUTE_HEAD)]
    if not lines:
        return None
    read = filter(None, map(read_compute, lines))
    numbers = (whole_number(line.result) for line in read)
    return {number for number in numbers if number is not None}
