"""Characters that show nothing are found wherever a miner may put them, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract.hidden_text import (
    CHARACTERS,
    hidden_characters,
    hidden_class,
    hidden_places,
    show_hidden,
)
from tests.builders import compute, extract


def tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in text)


def flag(name: str) -> str:
    return f"\U0001f3f4{tags(name)}\U000e007f"


HIDDEN = {
    "tag": ["\U000e0000", "\U000e0001", *tags("aZ 9"), "\U000e007f"],
    "bidi": [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"],
    "zero_width": [*"\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff"],
    "variation_selector": [*"\u180b\u180d\u180f\ufe00\ufe0e\ufe0f", "\U000e0100", "\U000e01ef"],
    "filler": [*"\u115f\u1160\u17b4\u17b5\u3164\uffa0"],
    "format": [*"\u2061\u2064\u2065\u206a\u206f\ufff0\ufff9\ufffb", "\U0001bca0", "\U0001d173",
               "\U000e0080", "\U000e01f0", "\U000e0fff"],
}  # fmt: skip
EVERY = [character for found in HIDDEN.values() for character in found]
HARMLESS = [
    "plain text, 1,200 crates",
    "caf\u00e9 na\u00efve Stra\u00dfe \u2014 \u201cquoted\u201d \u2026 5\u00a0000\u2009km",
    "e\u0301 u\u0308 \u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: prefix and verb
    "CEO\u200c\u0647\u0627\u06cc \u06f2\u06f1\u200c\u0627\u0645",  # a suffix on a Latin word
    "\u0627\u0644\u0633\u0651\u0644\u0627\u0645 \u0641\u0640\u200d\u0640\u0633",  # Arabic
    "\u0915\u094d\u200d\u0937 \u0936\u0930\u094d\u200c\u092e\u093e",  # Hindi
    "\u09b0\u200d\u09cd\u09af\u09be\u09ac",  # Bengali, before a sign
    "\u0d05\u0d35\u0d28\u0d4d\u200d \u0d35\u0d28\u0d4d\u0d28\u0d41",  # Malayalam: a word's end
    "\u6771\u4eac \u845b\U000e0100\u57ce \u795e\ufe00 \ud55c\uad6d\uc5b4 \u4e2d\u6587",  # CJK
    "\u182d\u180b \u182c\u1820\u1837\u180e\u1820",  # Mongolian
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f468\U0001f3fd\u200d\U0001f680",
    "\u2764\ufe0f\u200d\U0001f525 \U0001f441\ufe0f\u200d\U0001f5e8\ufe0f",
    "\U0001f642\u200d\u2194\ufe0f \U0001f3c3\u200d\u2640\ufe0f\u200d\u27a1\ufe0f",
    "1\ufe0f\u20e3 #\ufe0f\u20e3 *\ufe0f\u20e3 \u2665\ufe0e \u00a9\ufe0f \u203c\ufe0f",
    f"{flag('gbeng')}{flag('gbsct')} {flag('gbwls')} \U0001f1e9\U0001f1ea \U0001f3f4",
]
OUT_OF_PLACE = [
    ("Alma\u200dRose", "\u200d"),  # Latin letters are never joined: this tells bits
    ("A\u200cl\u200dm\u200ca", "\u200c\u200d\u200c"),
    ("\u200d\u0645", "\u200d"),
    ("\u0645\u200d", "\u200d"),
    ("\u0645\u200c \u0645", "\u200c"),
    ("\u0645\u200c\u200c\u0645", "\u200c\u200c"),
    ("\u0915\u094d\u200d\u200d\u0937", "\u200d"),
    ("\U0001f469\u200d", "\u200d"),
    ("\U0001f469\u200d\u200d\U0001f467", "\u200d\u200d"),
    ("\ufe0f\u200d\U0001f467", "\ufe0f\u200d"),
    ("a\ufe0f", "\ufe0f"),
    ("1\ufe0f 1\ufe0e\u20e3", "\ufe0f\ufe0e"),
    ("\ufe0f\u20e3", "\ufe0f"),
    ("\u2764\ufe0f\ufe0f", "\ufe0f"),
    ("\U0001f600\U000e0148\U000e0155", "\U000e0148\U000e0155"),  # bytes behind an emoji
    ("\u845b\U000e0100\U000e0101", "\U000e0101"),
    ("a\u180b", "\u180b"),
    ("\u0645\u115f\u200d\u0645", "\u115f\u200d"),
    (flag("ignore"), tags("ignore") + "\U000e007f"),
    (f"\U0001f3f4{tags('gbeng')}", tags("gbeng")),
    (f"{tags('gbeng')}\U000e007f", tags("gbeng") + "\U000e007f"),
    (f"\U0001f3f4{tags('GBENG')}\U000e007f", tags("GBENG") + "\U000e007f"),
]


@pytest.mark.parametrize("name", CHARACTERS)
def test_every_class_is_found_beside_letters_and_alone(name: str) -> None:
    for character in HIDDEN[name]:
        for text in (character, f"a{character}b", f" {character} ", f"{character}\n"):
            assert list(hidden_characters(text)) == [character], ascii(text)
        assert hidden_class(character) == name


@pytest.mark.parametrize("text", HARMLESS)
def test_writing_and_emoji_hide_nothing(text: str) -> None:
    assert list(hidden_characters(text)) == []
    assert show_hidden(text) == text
    assert list(hidden_places(text, text, [{text: text}])) == []


@pytest.mark.parametrize(("text", "hidden"), OUT_OF_PLACE)
def test_what_is_out_of_place_is_hidden(text: str, hidden: str) -> None:
    assert list(hidden_characters(text)) == list(hidden)


def test_an_escape_names_the_character() -> None:
    assert show_hidden("a\u202eb\u00ad\U000e0041") == r"a\u202eb\xad\U000e0041"


written = st.text() | st.lists(
    st.sampled_from([*EVERY, *HARMLESS, *"a1 \n\u0645\u094d\u2764\u845b", "\U0001f3f4", "\u20e3"])
).map("".join)


@given(written)
def test_what_is_shown_hides_nothing_and_the_rest_is_unchanged(text: str) -> None:
    hidden, shown = list(hidden_characters(text)), show_hidden(text)
    assert list(hidden_characters(shown)) == []
    assert (shown == text) == (not hidden)
    assert show_hidden(text, lambda character: character) == text
    assert len(show_hidden(text, lambda _: "")) == len(text) - len(hidden)


@given(st.text(st.characters(max_codepoint=0x2000, categories=["L", "N", "P", "Zs", "Sm"])))
def test_text_of_visible_characters_is_the_very_same(text: str) -> None:
    if not set(text) & set(EVERY):
        assert list(hidden_characters(text)) == []
        assert show_hidden(text) == text


@pytest.mark.parametrize(
    "unit", ["\u202e", "a\u200d", "\u0645\u200c", f"\U0001f3f4{tags('gben')}", "\u2764\ufe0f"]
)
def test_a_megabyte_takes_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    hidden = next(hidden_characters(text), None)
    shown = show_hidden(text)  # squared, it would take longer than a test may
    assert (shown == text) == (hidden is None)


def test_it_is_found_wherever_a_miner_writes() -> None:
    text = "a\u202eb\u202e\u200b"
    found = {"\u202e": 2, "\u200b": 1}
    steps: list[Any] = [
        extract(),
        {"action": text},
        {"action": "note", text: 1},
        {"action": "note", "deep": [{"er": [text]}]},
        {"action": "note", "deep": {text: None}},
        {"step_id": text},
        compute(inputs=[text, "b", 1, None, True, 2.5]),
        f"> note: {text}",
    ]
    places = dict(hidden_places(text, text, steps))
    assert places == dict.fromkeys(
        ["artifact", "model", *(f"step {n}" for n in range(2, 9))], found
    )
    assert dict(hidden_places("ok", None, [])) == {}


def test_of_the_coordinators_words_those_count_that_a_trace_text_shows() -> None:
    provenance = {"note": "\u202e", "quote_match": "EXACT", "semantic_zone": "TRAP"}
    assert not list(hidden_places("", None, [extract(coordinator_provenance=provenance)]))
    for name in ("quote_match", "semantic_zone"):
        shown = extract(coordinator_provenance=provenance | {name: "TRAP\u200b"})
        assert dict(hidden_places("", None, [shown])) == {"step 1": {"\u200b": 1}}
    nested = {"action": "note", "x": [{"coordinator_provenance": "\u202e"}]}
    assert dict(hidden_places("", None, [nested])) == {"step 1": {"\u202e": 1}}
