"""Whatever a text is, a terminal that gets it shows it and does nothing else."""

import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from botcoin_dpo.contract.hidden_text import hidden_characters
from botcoin_dpo.contract.sanitize import sanitize, sanitize_json, sanitize_line, sanitize_start

ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
texts = st.text() | st.lists(
    st.sampled_from(
        [*"ab1\n\t\r\x1b\x9b\u2028\u202e\u200b\u200c\u200d\ufe0f\u0645\u094d\u2764", "\U000e0041",
         "\U0001f469", FLAG]
    )
).map("".join)  # fmt: skip


@given(texts)
@example("\n\u200d\u0645")
def test_nothing_acts_and_nothing_is_hidden(text: str) -> None:
    for shown in (
        sanitize(text),
        sanitize_line(text),
        sanitize_json(json.dumps(text, ensure_ascii=False)),
    ):
        assert not ACTIVE.search(shown)
        assert not list(hidden_characters(shown))
    assert "\n" not in sanitize_line(text)
    assert sanitize(sanitize(text)) == sanitize(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0x10FF)))
def test_a_text_that_does_nothing_is_unchanged(text: str) -> None:
    assert sanitize(text) == sanitize_line(text) == text


@given(texts, st.integers(1, 30))
@example(f"a{FLAG}b", 4)
@example("\U0001f469\u200d\U0001f469", 2)
def test_a_cut_leaves_nothing_hidden(text: str, most: int) -> None:
    shown = sanitize_start(text, most)
    assert not ACTIVE.search(shown)
    assert not list(hidden_characters(shown))
    assert shown.endswith("…") if len(sanitize_line(text)) > most else shown == sanitize_line(text)


@given(st.recursive(texts | st.integers(), lambda inner: st.dictionaries(texts, inner)))
@example({"\U0001f469\u200d\U0001f469": "\u202e\U000e0041\x9b\x7f\u00ad"})
def test_json_keeps_its_value(value: object) -> None:
    for indent in (None, 2):
        document = json.dumps(value, ensure_ascii=False, indent=indent)
        assert json.loads(sanitize_json(document)) == value


def test_escapes_name_the_character() -> None:
    assert sanitize_line("a\u202e\U000e0041\xad\x1b\n") == r"a\u202e\U000e0041\xad\x1b\n"
    assert sanitize_json('"a\u202e\U000e0041\xad"') == r'"a\u202e\udb40\udc41\u00ad"'
