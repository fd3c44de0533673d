"""Characters that show nothing: found, named and escaped in one way wherever text is looked at.

People do not see them and models read them, so they smuggle text, hide it, or turn it around.
They are what Unicode has readers ignore (`Default_Ignorable_Code_Point`), but for the uses that
writing and emoji need them for. Contract: schemas/README.md, "Hidden characters".
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Literal, NamedTuple, get_args
from unicodedata import category, combining

HiddenClass = Literal["tag", "bidi", "zero_width", "variation_selector", "filler", "format"]
HIDDEN_CLASSES: tuple[HiddenClass, ...] = get_args(HiddenClass)


class Characters(NamedTuple):
    """The characters of a class."""

    ranges: str
    """As code points in hexadecimal digits."""
    meaning: str


CHARACTERS: dict[HiddenClass, Characters] = {
    "tag": Characters("E0000-E007F", "tags, which spell ASCII text that is not shown"),
    "bidi": Characters(
        "061C 200E 200F 202A-202E 2066-2069",
        "marks, embeddings, overrides and isolates of direction (`Bidi_Control`)",
    ),
    "zero_width": Characters(
        "00AD 034F 180E 200B-200D 2060 FEFF",
        "soft hyphen, grapheme joiner, vowel separator, spaces and joiners without width, "
        "byte order mark",
    ),
    "variation_selector": Characters(
        "180B-180D 180F FE00-FE0F E0100-E01EF",
        "selectors of another glyph (`Variation_Selector`); a run of them spells bytes",
    ),
    "filler": Characters("115F 1160 17B4 17B5 3164 FFA0", "letters without a glyph"),
    "format": Characters(
        "2061-2065 206A-206F FFF0-FFFB 1BCA0-1BCA3 1D173-1D17A E0080-E00FF E01F0-E0FFF",
        "invisible operators, deprecated and special formats, annotations, those of shorthand "
        "and music, and what Unicode keeps free for more of the kind",
    ),
}
"""Every class, in the order of tables."""


def _as_set(ranges: str) -> str:
    """Return ranges of code points as the inside of a set of a regular expression."""
    return re.sub("[0-9A-F]+", lambda match: rf"\U{match.group():0>8}", ranges).replace(" ", "")


_FLAGS = [  # RGI_Emoji_Tag_Sequence: England, Scotland, Wales
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in name) + "\U000e007f"
    for name in ("gbeng", "gbsct", "gbwls")
]
_SUSPECT = re.compile(f"[{''.join(_as_set(of.ranges) for of in CHARACTERS.values())}]")
"""A character that is hidden unless it has a use where it stands."""

_FLAG_OR_SUSPECT = re.compile(f"{'|'.join(_FLAGS)}|{_SUSPECT.pattern}")
_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_IDEOGRAPHS = (
    ("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"),
)  # fmt: skip
_MONGOLIAN = (("\u1820", "\u18aa"),)
_KEYCAP = re.compile("[#*0-9]\ufe0f\u20e3")
_VIRAMA = 9
"""The canonical combining class of signs that join consonants."""


def hidden_characters(text: str) -> Iterator[str]:
    """Yield the hidden characters of a text, in order; in linear time."""
    if _may_have_hidden(text):
        for match in _FLAG_OR_SUSPECT.finditer(text):
            if _is_hidden(match):
                yield match.group()


def escape_of(character: str) -> str:
    r"""Return how a character is spelled where it is not to act: `\u202e`, `\U000e0041`."""
    return character.encode("unicode_escape").decode()


def show_hidden(text: str, escape: Callable[[str], str] = escape_of) -> str:
    """Return a text with escapes in place of its hidden characters; in linear time."""
    if not _may_have_hidden(text):
        return text

    def shown(match: re.Match[str]) -> str:
        return escape(match.group()) if _is_hidden(match) else match.group()

    return _FLAG_OR_SUSPECT.sub(shown, text)


def hidden_class(character: str) -> HiddenClass:
    """Return the class of a hidden character."""
    return next(name for name, of in _classes().items() if of.match(character))


@cache
def _classes() -> dict[HiddenClass, re.Pattern[str]]:
    return {name: re.compile(f"[{_as_set(of.ranges)}]") for name, of in CHARACTERS.items()}


def _may_have_hidden(text: str) -> bool:
    return not text.isascii() and _SUSPECT.search(text) is not None


def _is_hidden(match: re.Match[str]) -> bool:
    text, place = match.string, match.start()
    if match.end() - place > 1:
        return False  # a flag
    character, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if character in "\u200c\u200d":
        return not _joins(before, after, text[place - 2 : place - 1])
    if character in "\ufe0e\ufe0f" and _EMOJI.match(before):
        return False
    if character == "\ufe0f":
        return not (before and _KEYCAP.match(text, place - 1))
    if character in "\u180b\u180c\u180d\u180e\u180f":
        return not _is_in(_MONGOLIAN, before)
    if "\ufe00" <= character <= "\ufe02" or "\U000e0100" <= character <= "\U000e01ef":
        return not _is_in(_IDEOGRAPHS, before)
    return True


def _is_in(ranges: Iterable[tuple[str, str]], character: str) -> bool:
    return any(first <= character <= last for first, last in ranges)


def _joins(before: str, after: str, second_before: str) -> bool:
    """Return whether a joiner or non-joiner has a use between two characters."""
    if not before:
        return False
    if combining(before) == _VIRAMA:
        return True
    if _is_of_word(before) and _is_of_word(after):
        return not (before.isascii() and after.isascii())  # those are never joined
    emoji = second_before if before in "\ufe0e\ufe0f" else before
    return bool(_EMOJI.match(emoji) and _EMOJI.match(after))


def _is_of_word(character: str) -> bool:
    """Return whether a character is a letter, a mark on one, or a number, and not hidden."""
    return character != "" and category(character)[0] in "LMN" and not _SUSPECT.match(character)


_RENDERED = ("quote_match", "semantic_zone")
"""What the coordinator adds to a step and a trace text shows."""


def hidden_places(
    artifact: str, model: str | None, steps: Iterable[Any]
) -> Iterator[tuple[str, Counter[str]]]:
    """Yield where a submission has hidden characters, and how often each of them.

    Args:
        artifact: the answer.
        model: its name.
        steps: of the trace: each an object, as records have it, or a line of trace text.
    """
    for where, text in (("artifact", artifact), ("model", model or "")):
        if not text.isascii() and (found := Counter(hidden_characters(text))):
            yield where, found
    for number, step in enumerate(steps, start=1):
        texts: list[str] = []
        _gather(step, texts)
        if texts and (found := Counter(each for text in texts for each in hidden_characters(text))):
            yield f"step {number}", found


def _gather(value: Any, texts: list[str]) -> None:
    """Collect the strings of a JSON value that are not ASCII, keys included."""
    if isinstance(value, str):
        if not value.isascii():
            texts.append(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not key.isascii():
                texts.append(key)
            if isinstance(inner, str):  # as most are
                if not inner.isascii():
                    texts.append(inner)
            elif key == "coordinator_provenance" and isinstance(inner, dict):
                _gather([inner.get(name) for name in _RENDERED], texts)
            else:
                _gather(inner, texts)
    elif isinstance(value, list):
        for inner in value:
            _gather(inner, texts)
