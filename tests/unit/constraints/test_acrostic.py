import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.acrostic import Acrostic
from botcoin_dpo.constraints.constraint import Answer
from botcoin_dpo.constraints.kinds import parse


@pytest.mark.parametrize(
    ("text", "constraint"),
    [
        (
            "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
            "(initials(Q4)+initials(Q5)), uppercased.",
            Acrostic(2, 2, (4, 5)),
        ),
        (
            "Acrostic: the first letters of the first three words must spell the first three "
            "letters of (initials(Q1)+initials(Q10)+initials(Q2)), uppercased.",
            Acrostic(3, 3, (1, 10, 2)),
        ),
        (
            "Acrostic: the first letters of the first 2 words must spell the last 2 letters of "
            "(initials(Q4)+initials(Q5)), uppercased.",
            None,
        ),
        (
            "Acrostic: the first letters of the first 2 words must spell, in reverse, "
            "(initials(Q4)+initials(Q5)).",
            None,
        ),
    ],
)
def test_what_a_text_asks(text: str, constraint: Acrostic | None) -> None:
    assert parse(text) == constraint


def test_the_first_words_spell_initials_of_the_answers() -> None:
    constraint = Acrostic(3, 3, (1, 2))
    assert constraint.needs == (Answer(1), Answer(2))
    assert constraint.references == ()
    text = constraint.text_of(["Alma Rose", "Beryl star"])
    assert text == "ARB"
    for artifact in ("an Rather bold", "an  Rather bold one", " a r b"):
        assert constraint.holds(artifact, text)
    for artifact in ("an Rather", "an Rather old", "", "arb"):
        assert not constraint.holds(artifact, text)


@given(
    st.lists(st.text(st.sampled_from("aBç ß"), min_size=1), min_size=1, max_size=3),
    st.integers(1, 4),
)
def test_words_that_start_with_the_letters_hold(names: list[str], letters: int) -> None:
    constraint = Acrostic(letters, letters, tuple(range(1, len(names) + 1)))
    text = constraint.text_of(names)
    if text is not None and len(text) == letters:
        assert constraint.holds(" ".join(f"{letter}x" for letter in text), text)
