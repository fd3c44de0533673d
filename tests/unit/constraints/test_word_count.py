import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.kinds import parse
from botcoin_dpo.constraints.word_count import WordCount, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Write EXACTLY 14 words. Single line.", 14),
        ("Write exactly twelve words.", 12),
        ("Use exactly three words in a single line", 3),
        ("Exactly 3 words must be capitalised.", None),
        ("Write not exactly 17 words.", None),
        ("Write EXACTLY 17 words. Not on a single line.", None),
    ],
)
def test_what_a_text_asks(text: str, words: int | None) -> None:
    assert parse(text) == (None if words is None else WordCount(words))


@pytest.mark.parametrize(
    ("artifact", "holds"),
    [
        ("one two three", True),
        (" one  two three ", True),
        ("one two -", True),
        ("one two", False),
        ("one two\nthree", False),
        ("one two three\u2028", False),
        ("one two\tthree", False),
        ("", False),
    ],
)
def test_words_are_what_spaces_separate_in_a_single_line(artifact: str, holds: bool) -> None:
    constraint = WordCount(3)
    text = constraint.text_of(())
    assert text == "3"
    assert constraint.holds(artifact, text) is holds


@given(st.lists(st.text(st.characters(exclude_characters=" \n\r\u2028\u2029"), min_size=1)))
def test_any_words_with_blanks_between_are_so_many(words: list[str]) -> None:
    assert words_of("  ".join(words)) == words
    assert WordCount(len(words)).holds(" ".join(words), str(len(words)))
