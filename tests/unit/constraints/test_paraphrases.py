"""Paraphrases of constraints, by writers who never saw those of the published records.

Each line of the files has a text, and what it asks; `not_understood` is what has two readings
or asks for something else. Those in other voices and each further lot were written after the
grammar: at first try it understood 35 % of the third, 39 % of the fourth, 57 % of the
fifth, 56 % of the sixth, 78 % of the seventh, 69 % of the eighth
and 78 % of the ninth.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.auditing.expected_texts.attribute_names import likeness
from botcoin_dpo.constraints.acrostic import Acrostic
from botcoin_dpo.constraints.constraint import Constraint, Term
from botcoin_dpo.constraints.equation import Equation
from botcoin_dpo.constraints.forbidden_letter import ForbiddenLetter
from botcoin_dpo.constraints.include import Include
from botcoin_dpo.constraints.kinds import KINDS, parse
from botcoin_dpo.constraints.prime import Prime
from botcoin_dpo.constraints.word_count import WordCount

_FILES = (
    "paraphrases.jsonl",
    "paraphrases_other_voices.jsonl",
    "paraphrases_third_lot.jsonl",
    "paraphrases_fourth_lot.jsonl",
    "paraphrases_fifth_lot.jsonl",
    "paraphrases_sixth_lot.jsonl",
    "paraphrases_seventh_lot.jsonl",
    "paraphrases_eighth_lot.jsonl",
    "paraphrases_ninth_lot.jsonl",
)
_LINES = [
    line
    for name in _FILES
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
]
_PARAPHRASES: list[dict[str, Any]] = [json.loads(line) for line in _LINES]
_UNCLEAR = [each["text"] for each in _PARAPHRASES if each["kind"] == "not_understood"]
_CLEAR = [each for each in _PARAPHRASES if each["kind"] != "not_understood"]


def _term(term: Term) -> list[Any]:
    return [term.reference.attribute, term.reference.question, term.modulus, term.offset]


def _reading(constraint: Constraint | None) -> list[Any]:
    """Return what a constraint asks, as plain values."""
    match constraint:
        case WordCount():
            return ["word_count", constraint.words]
        case Include():
            return ["include", constraint.reference.attribute, constraint.reference.question]
        case Prime():
            return ["prime", *_term(constraint.term)]
        case Equation():
            return ["equation", *_term(constraint.left), *_term(constraint.right)]
        case Acrostic():
            return ["acrostic", constraint.words, constraint.letters, *constraint.questions]
        case ForbiddenLetter():
            return ["forbidden_letter", constraint.letter.lower()]
    return []


def _expected(paraphrase: dict[str, Any]) -> list[Any]:
    values = [value for key, value in paraphrase.items() if key != "text"]
    return [inner for value in values for inner in (value if isinstance(value, list) else [value])]


def _is_same(one: Any, other: Any) -> bool:
    """Return whether two values are the same; names of attributes may be synonyms."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or likeness(one, other) == 1.0
    return bool(one == other)


def _is_understood(paraphrase: dict[str, Any]) -> bool:
    reading, expected = _reading(parse(paraphrase["text"])), _expected(paraphrase)
    return len(reading) == len(expected) and all(map(_is_same, reading, expected))


def test_nearly_all_paraphrases_are_understood() -> None:
    for kind in {each["kind"] for each in _CLEAR}:
        of_kind = [each for each in _CLEAR if each["kind"] == kind]
        missed = [each["text"] for each in of_kind if not _is_understood(each)]
        assert len(missed) <= len(of_kind) // 10, missed


def test_none_is_misunderstood() -> None:
    for each in _CLEAR:
        assert parse(each["text"]) is None or _is_understood(each), each["text"]


@pytest.mark.parametrize("text", _UNCLEAR)
def test_what_has_two_readings_or_asks_for_something_else_is_not_understood(text: str) -> None:
    assert parse(text) is None


def test_no_paraphrase_is_of_two_kinds() -> None:
    for each in _PARAPHRASES:
        assert len([kind for kind in KINDS if kind.read(each["text"]) is not None]) <= 1


@pytest.mark.parametrize(
    "addition",
    [" unless it is sunny", " or not", ", except on Sundays", " if possible", " at least twice"],
)
def test_an_exception_makes_a_paraphrase_another_thing(addition: str) -> None:
    for each in _CLEAR:
        assert parse(each["text"].rstrip(".!") + addition + ".") is None, each["text"]


@pytest.mark.parametrize("start", ["It is not true that: ", "Do not ", "Unless told, ", "Never "])
def test_a_negation_makes_a_paraphrase_another_thing(start: str) -> None:
    for each in _CLEAR:
        text = start + each["text"][0].lower() + each["text"][1:]
        reading = parse(text)
        # "Do not use the letter j" after "Do not" is none, and "Never use the letter j" is one.
        assert reading is None or isinstance(reading, ForbiddenLetter), text


@given(
    st.sampled_from(_CLEAR),
    st.floats(0, 1),
    st.sampled_from(["not", "never", "unless", "except", "or"]),
)
def test_a_word_that_may_change_the_meaning_is_never_passed_over(
    paraphrase: dict[str, Any], place: float, word: str
) -> None:
    words = paraphrase["text"].split(" ")
    words.insert(round(place * len(words)), word)
    assert parse(" ".join(words)) is None


@pytest.mark.parametrize(
    "start", ["", "Must include the ", "Must include nextPrime((", "No letter "]
)
@pytest.mark.parametrize(
    "part",
    [
        "(", "the ", "of the ", "the answer to Question 8 ", "A = ", "where A is ", "mod 1 ",
        "plus 1 ", "initials(Q1)+", "one line, ", "exactly 13 words ", "in digits ", "twenty-",
        "a ", "x",
        "must be ", "is required ", "in it ", "initials of ", "words: ", "which city ", "(Q1) ",
        "no more ", "divide ", "where a: ", "exactly, ", "set a to ",
    ],
)  # fmt: skip
def test_hostile_texts_are_read_to_nothing(start: str, part: str) -> None:
    text = (start + part * 600)[:598] + " !"
    for kind in KINDS:
        assert kind.read(" ".join(text.split())) is None
