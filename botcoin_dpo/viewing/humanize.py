"""Numbers and records in words, for terminal and browser alike."""

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.viewing.pair_page import PairPage

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
        other = before.model or "model not known"
        return f"of two miners: attempt {before.attempt_index} of {other} → {after.attempt_index}"
    words = f"attempt {before.attempt_index} → {after.attempt_index}"
    total = page.session_attempts
    # What was quarantined is in no total.
    return words if total is None or total < after.attempt_index else f"{words} of {total}"


def beyond(text: str, most: int) -> str:
    """Return how much of a text is cut after `most` characters; nothing if it is whole."""
    rest = len(text) - most
    return f"… ({rest:,} more characters)" if rest > 0 else ""
