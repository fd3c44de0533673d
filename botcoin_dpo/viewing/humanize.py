"""Numbers and records in words, for terminal and browser alike."""

from collections.abc import Callable

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import GROUNDS
from botcoin_dpo.viewing.pair_page import ConstraintLine, Outcome, PairPage
from botcoin_dpo.viewing.questions import QuestionLine

LEFT_OPEN = "where nothing is named, the row does not tell what checked an outcome"
"""What is said of outcomes of which a row's own audit does not tell what decided them."""

_MOST_OF_A_MODEL = 30
_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000


def duration(milliseconds: int) -> str:
    """Return a time span as people say it: `7.3 s`, `2 min 50 s`, `3 h`."""
    if milliseconds < _SECOND:
        return f"{milliseconds} ms"
    if milliseconds < _MINUTE:
        return f"{milliseconds // 100 / 10:.1f} s"  # 59.96 s are no minute yet
    for unit, name, smaller, smaller_name in (
        (_DAY, "d", _HOUR, "h"),
        (_HOUR, "h", _MINUTE, "min"),
        (_MINUTE, "min", _SECOND, "s"),
    ):
        if milliseconds >= unit:
            whole, rest = divmod(milliseconds, unit)
            more = f" {rest // smaller} {smaller_name}" if rest >= smaller else ""
            return f"{whole:,} {name}{more}"
    raise AssertionError(milliseconds)


def feedback_words(feedback: JsonObject | None) -> str:
    """Return what a miner was shown between two attempts."""
    if not feedback:
        return "nothing that is recorded"
    rest = {str(key).removesuffix("_shown"): value for key, value in feedback.items()}
    passed, total = rest.pop("constraints_passed", None), rest.pop("constraints_total", None)
    left = rest.pop("attempts_remaining", None)
    rest.pop("retry_allowed", None)  # there was one
    told = []
    if passed is not None:
        told.append(f"{passed} passed" if total is None else f"{passed} of {total} passed")
    told += [f"{key.replace('_', ' ')} {value}" for key, value in rest.items()]
    if left is not None:
        told.append(f"{left} left to try")
    return ", ".join(told)


def attempts_words(page: PairPage) -> str:
    """Return which attempts make a pair."""
    before, after = page.rejected, page.chosen
    if not page.is_session:
        sides = (f"attempt {of.attempt_index} of {_model(of.model)}" for of in (before, after))
        return f"two miners: {', '.join(sides)}"
    words = f"attempt {before.attempt_index} → {after.attempt_index}"
    total = page.session_attempts
    # What was quarantined is in no total.
    return words if total is None or total < after.attempt_index else f"{words} of {total}"


def _model(name: str | None) -> str:
    if name is None:
        return "model not known"
    return name if len(name) <= _MOST_OF_A_MODEL else f"{name[:_MOST_OF_A_MODEL]}…"


def grounds_words(page: PairPage) -> str | None:
    """Return what checked the outcomes of both sides, by the row's own audit; None without one."""
    told = []
    for name, side in (("rejected", page.rejected), ("chosen", page.chosen)):
        if side.grounds is None:
            return None
        counts: dict[str, int] = {}
        for status, by_ground in side.grounds.items():
            # What leaves an unchecked outcome in doubt has not checked it.
            for ground, count in by_ground.items() if status != "unchecked" else ():
                counts[ground] = counts.get(ground, 0) + count
        known = [
            f"{counts[ground]} {ground.replace('_', ' ')}" for ground in GROUNDS if ground in counts
        ]
        nothing = page.checked - sum(counts.values())
        known += [f"{nothing} unchecked"] if nothing > 0 else []
        told.append(f"{name} {', '.join(known) or 'nothing'}")
    return "; ".join(told)


def beyond(text: str, most: int) -> str:
    """Return how much of a text is cut after `most` characters; nothing if it is whole."""
    rest = len(text) - most
    return f"… ({rest:,} more characters)" if rest > 0 else ""


def answer_words(question: QuestionLine, shown: Callable[[str], str]) -> str:
    """Return the answers to a question that constraints need, as far as they are known.

    Args:
        question: of a pair.
        shown: makes a name fit to be shown.
    """
    before, after = (
        "not known" if name is None else shown(name)
        for name in (question.rejected, question.chosen)
    )
    words = f"both {before}" if before == after else f"rejected {before} · chosen {after}"
    if question.rejected is None and question.chosen is None:
        words = "not known on either side"
    if question.document is not None:
        words += f" · document {shown(question.document)}"
    noun = "constraint" if len(question.asked_by) == 1 else "constraints"
    return f"{words} (for {noun} {', '.join(str(index + 1) for index in question.asked_by)})"


def lacking(line: ConstraintLine, outcome: Outcome, shown: Callable[[str], str]) -> str | None:
    """Return what the artifact of a side that fails a constraint lacks; None if it passes.

    Where the constraint tells by itself what it asks for, what breaks it is marked instead.
    """
    if outcome.passed is not False or not outcome.is_checked or line.names_it:
        return None
    words = "what it asks for is not known" if outcome.lacks is None else shown(outcome.lacks)
    if outcome.read is not None and outcome.read != outcome.lacks:
        words += f", and its own trace leads to {shown(outcome.read)}"
    return f"{line.number} ({line.kind}): {words}"
