import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.forbidden_letter import ForbiddenLetter
from botcoin_dpo.constraints.kinds import parse


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ('Must NOT contain the letter "j" (case-insensitive).', "j"),
        ('Must not include the letter "J"', "J"),
        ("Do not use the letter ‘e’ anywhere.", "e"),
        ("Must NOT contain more than two words with the letter 'b'.", None),
        ("Must NOT contain the letter 'b' more than twice.", None),
        ('Must contain the letter "b".', None),
    ],
)
def test_what_a_text_asks(text: str, letter: str | None) -> None:
    assert parse(text) == (None if letter is None else ForbiddenLetter(letter))


@given(st.sampled_from("aAikxzÉ"), st.text(st.sampled_from("aAiIxXkKzZ ıſéÉ"), max_size=6))
def test_the_letter_occurs_in_neither_case(letter: str, artifact: str) -> None:
    constraint = ForbiddenLetter(letter)
    text = constraint.text_of(())
    assert text == letter.lower()
    assert constraint.holds(artifact, text) == (letter.lower() not in artifact.lower())
    assert list(constraint.keeping_spans(artifact, text)) == []
    spans = list(constraint.breaking_spans(artifact, text))
    assert bool(spans) == (not constraint.holds(artifact, text))
