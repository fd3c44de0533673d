"""How the coordinator marked the answers, against what it expects.

Contract: schemas/README.md, "Audit".
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from botcoin_dpo.auditing.expected_texts.nearness import is_near
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.record_types import JsonObject

_WORDS = re.compile(r"[^\W_]+")
_NO_WORD = re.compile(r"[\W_]+")
_POINT_ZERO = re.compile(r"([0-9])\.0+\b")
_STARTS_NUMBER = re.compile(r"\s*[-+.0-9]")


def audit_answers(stored: JsonObject) -> Iterator[Finding]:
    """Yield answers that are marked wrongly, and numbers of right ones that are not theirs."""
    verification = stored.get("answer_verification")
    verification = verification if isinstance(verification, dict) else {}
    yield from _compare_lists(stored.get("submitted_answers"), verification.get("per_question"))
    counted = total = None
    judged: dict[tuple[str, str], bool | None] = {}
    for name, entries, given in (
        ("submitted_answers", stored.get("submitted_answers"), "value"),
        ("answer_verification.per_question", verification.get("per_question"), "submitted"),
    ):
        if not isinstance(entries, dict):
            continue
        correct = 0
        for question, entry in entries.items():
            marked = entry.get("correct") if isinstance(entry, dict) else None
            if marked is True and entry.get(given) == entry.get("expected") is not None:
                correct += 1  # as most are
                continue
            if not isinstance(marked, bool):
                break
            is_right = _is_right(entry.get(given), entry.get("expected"), judged)
            correct += marked if is_right is None else is_right
            if marked != is_right and is_right is not None:
                where = f"{name}.{question[:80]}.correct"
                yield Finding("answer_counts", where, marked, is_right)
        else:
            counted = correct
            total = len(entries) if given == "submitted" else None  # others may be left out
    if counted is None:
        return
    for key, value in (("correct", counted), ("total", total)):
        recorded = verification.get(key)
        if None not in (recorded, value) and not is_near(recorded, value, 0):
            yield Finding("answer_counts", f"answer_verification.{key}", recorded, value)
    required, passed = verification.get("required"), verification.get("passed_threshold")
    if isinstance(required, int) and isinstance(passed, bool) and passed != (counted >= required):
        where = "answer_verification.passed_threshold"
        yield Finding("answer_counts", where, passed, counted >= required)


def _compare_lists(submitted: Any, verified: Any) -> Iterator[Finding]:
    """Yield where the two stored lists of answers disagree."""
    if not isinstance(submitted, dict) or not isinstance(verified, dict):
        return
    for question in sorted(submitted.keys() & verified.keys()):
        one, other = submitted[question], verified[question]
        if not isinstance(one, dict) or not isinstance(other, dict):
            continue
        for key, same in (("value", "submitted"), ("expected", "expected"), ("correct", "correct")):
            if key in one and same in other and one[key] != other[same]:
                where = f"submitted_answers.{question[:80]}.{key}"
                yield Finding("answer_counts", where, one[key], other[same])


def _is_right(given: Any, expected: Any, judged: dict[tuple[str, str], bool | None]) -> bool | None:
    """Return whether an answer is the expected one; None where a coordinator may see it as it.

    Two lists of a record have the same answers, so what was judged is looked up.
    """
    if given == expected:
        return expected is not None
    if given is None or expected is None:
        return False
    pair = str(given), str(expected)
    if pair not in judged:
        judged[pair] = _is_as_expected(*pair)
    return judged[pair]


def _is_as_expected(given: str, expected: str) -> bool | None:
    words, wanted = _words(given), _words(expected)
    if words == wanted:
        return True if given.strip() == expected.strip() else None
    if words <= wanted or wanted <= words or _is_written_otherwise(given, expected):
        return None
    return False


def _is_written_otherwise(given: str, expected: str) -> bool:
    """Return whether two answers have the same letters and digits, or are the same number."""
    if _STARTS_NUMBER.match(given) and _STARTS_NUMBER.match(expected):
        try:
            return float(given) == float(expected)
        except ValueError:
            pass
    one, other = (_NO_WORD.sub("", text).casefold() for text in (given, expected))
    return one == other


def _words(answer: str) -> frozenset[str]:
    """Return the words of an answer without accents, marks and the difference of 1 and 1.0."""
    text = answer.casefold()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", answer).casefold()
        text = "".join(mark for mark in plain if not unicodedata.combining(mark))
    text = text.replace(",", "")
    if ".0" in text:
        text = _POINT_ZERO.sub(r"\1", text)
    return frozenset(_WORDS.findall(text))
