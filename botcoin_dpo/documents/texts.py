"""Values that are texts: last names, cities and countries, and words beside an attribute's word.

`Bicycle family`, `Bicycle-family` and `the family is Bicycle` state a family. A name is somebody's
by the words of the role close to it; a place is a city or a country by its order in `X, Y`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from botcoin_dpo.documents.attribute import Attribute, one_word
from botcoin_dpo.documents.frames import frames_of
from botcoin_dpo.documents.misspellings import is_swapped
from botcoin_dpo.documents.sentences import MENTION, Sentence
from botcoin_dpo.documents.stated import Stated, Verdict
from botcoin_dpo.documents.vocabulary import (
    BREAKS,
    GENERIC,
    WORD,
    stem,
    stems_of,
    words_of,
)

Place = Callable[..., Stated]
Answer = tuple[Verdict, Stated | None]

_UNKNOWN: Answer = ("unknown", None)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,40}"
_PLACES = re.compile(
    rf"\b(?:in|at|from|From)\s+(?P<city>{_CAPITAL}(?:\s{_CAPITAL}){{0,3}}),"
    rf"\s(?P<country>{_CAPITAL}(?:\s{_CAPITAL}){{0,3}})"
)
_PLACES_IN = re.compile(
    rf"^\s*From\s+(?P<city>{_CAPITAL}(?:\s{_CAPITAL}){{0,3}})\sin"
    rf"\s(?P<country>{_CAPITAL}(?:\s{_CAPITAL}){{0,3}}),"
)
_SEATS = re.compile(r"\b(?:based|headquartered|headquarters|seat|from|From)\b")
_OTHER_SEATS = re.compile(
    r"\b(?:bought|acquired|subsidiary|plant|branch|supplier|customer|mill|moved|born|hired)\b"
)
_PERSON = re.compile(rf"(?<![\w-]){_CAPITAL}(?:\s(?:[A-Z]\.|{_CAPITAL})){{1,4}}(?![\w-])")
_HYPHEN = re.compile("[-–]")
_REACH = 40
"""Characters between a name and the words of its role."""
_LONGEST_VALUE = 100
_ALTERNATIVES = {
    "ceo": ("ceo", "led", "run", "leads", "directs", "leadership", "under"),
    "researcher": ("researcher", "investigator", "led", "author"),
    "lead": ("lead", "led", "direct"),
}
_ROLE_FILLERS = frozenset({"lead", "head", "chief", "senior", "principal"})


class Surroundings(NamedTuple):
    """The rest of a document, as far as it is asked for."""

    having: Callable[[str], Sequence[Sentence]]
    """Returns the sentences about any entity whose paragraph has a text."""
    has: Callable[[str], bool]
    """Returns whether a word with a stem stands there."""


def settled(asked: Attribute, sentences: Sequence[Sentence], place: Place) -> Stated | None:
    """Return the only last name, city or country that is stated."""
    found = list(_stated(asked, sentences))
    if not found or len({value for value, _, _ in found}) != 1:
        return None
    value, sentence, start = found[0]
    begin = sentence.start + start
    return place(value, sentence.paragraph, begin, begin + len(value))


class Outright(NamedTuple):
    """A text that is stated outright."""

    stated: Stated
    word: str
    """Of the attribute, by which it stands."""
    missing: frozenset[str]
    """Stems of the attribute's other words, that do not stand there."""


def outright(
    asked: Attribute, sentences: Sequence[Sentence], document: Surroundings, place: Place
) -> Outright | None:
    """Return the only text that is stated outright.

    Whatever else the sentences say of the attribute must be clear: any doubt leaves it open.
    """
    wanted = _telling(asked, document) if asked.words else frozenset()
    last = next((word for word in reversed(asked.words) if word not in _ADDING_NOTHING), "")
    if last not in wanted and not asked.kinds:
        return None
    values: set[str] = set()
    words: set[str] = set()
    missing: set[str] = set()
    for sentence in sentences:
        if wanted.isdisjoint(_stems(sentence.text)):
            continue
        found = frames_of(asked, wanted, sentence.text)
        if sentence.status != "plain" or not found.is_clear:
            return None
        values |= found.values
        words |= found.words
        missing |= found.missing
    if len(values) != 1:
        return None
    verdict, stated = supports(asked, values.pop(), sentences, document, place)
    if verdict != "stated" or stated is None:
        return None
    return Outright(stated, max(words), frozenset(missing) - _ADDING_NOTHING)


_ADDING_NOTHING = stems_of("variety focus home main")
"""Words of names that a document may leave out or add."""


def supports(
    asked: Attribute,
    value: str,
    sentences: Sequence[Sentence],
    document: Surroundings,
    place: Place,
) -> Answer:
    """Return whether sentences about an entity bear out that an attribute is a text."""
    if not value or len(value) > _LONGEST_VALUE:
        return _UNKNOWN
    standing = list(_standing(value, sentences))
    if not standing:
        return _UNKNOWN
    if asked.facet:
        return _supports_facet(asked, value, sentences, standing, place)
    wanted = _telling(asked, document) if asked.words else frozenset()
    if not wanted:
        return _UNKNOWN
    for sentence, start, end in standing:
        if sentence.status == "plain" and (
            wanted & _neighbours(sentence.text, start, end)
            or _is_framed(value, asked, wanted, sentence)
        ):
            begin = sentence.start + start
            return "stated", place(value, sentence.paragraph, begin, begin + end - start)
    if all(sentence.status == "superseded" for sentence, _, _ in standing):
        return _UNKNOWN
    return _elsewhere(value, wanted, sentences, standing, document, place)


def _is_framed(value: str, asked: Attribute, wanted: frozenset[str], sentence: Sentence) -> bool:
    """Return whether a sentence states a text outright."""
    if wanted.isdisjoint(_stems(sentence.text)):
        return False
    found = frames_of(asked, wanted, sentence.text)
    return found.is_clear and " ".join(value.split()) in found.values


def _elsewhere(
    value: str,
    wanted: frozenset[str],
    sentences: Sequence[Sentence],
    standing: Sequence[tuple[Sentence, int, int]],
    document: Surroundings,
    place: Place,
) -> Answer:
    """Return "elsewhere" where the attribute is told of the entity, and the value is another's."""
    plain = (sentence for sentence in sentences if sentence.status == "plain")
    if not any(wanted & _stems(sentence.text) for sentence in plain):
        return _UNKNOWN
    everywhere = _standing(value, document.having(value))
    if any(wanted & _neighbours(sentence.text, start, end) for sentence, start, end in everywhere):
        return _UNKNOWN
    for sentence, start, end in standing:
        nouns = _right_neighbours(sentence.text, start, end) - GENERIC - wanted
        if sentence.status != "plain" or not nouns:
            return _UNKNOWN
    sentence, start, end = standing[0]
    begin = sentence.start + start
    return "elsewhere", place(value, sentence.paragraph, begin, begin + end - start)


def _supports_facet(
    asked: Attribute,
    value: str,
    sentences: Sequence[Sentence],
    standing: Sequence[tuple[Sentence, int, int]],
    place: Place,
) -> Answer:
    found = list(_stated(asked, sentences))
    values = {text for text, _, _ in found}
    for text, sentence, start in found:
        if text == value:
            begin = sentence.start + start
            stated = place(value, sentence.paragraph, begin, begin + len(value))
            return ("stated", stated) if len(values) == 1 else ("unknown", stated)
    if any(is_swapped(value, other) for other in values):
        return _UNKNOWN
    if len(values) == 1 and all(sentence.status == "plain" for sentence, _, _ in standing):
        sentence, start, end = standing[0]
        begin = sentence.start + start
        return "elsewhere", place(value, sentence.paragraph, begin, begin + end - start)
    return _UNKNOWN


def _stated(asked: Attribute, sentences: Sequence[Sentence]) -> Iterator[tuple[str, Sentence, int]]:
    """Yield the values of a facet, each with its sentence and where it stands in it."""
    for sentence in sentences:
        if sentence.status != "plain":
            continue
        if asked.facet == "last_name":
            for start, end in _people(asked, sentence.text):
                name = sentence.text[start:end].split()[-1]
                yield name, sentence, end - len(name)
        elif asked.facet == "first_name":
            for start, end in _people(asked, sentence.text):
                yield sentence.text[start:end].split()[0], sentence, start
        else:
            for match in _places(sentence.text):
                yield " ".join(match[asked.facet].split()), sentence, match.start(asked.facet)
            if asked.facet in sentence.text:
                heads = frozenset({stem(asked.facet)})
                for value in frames_of(asked, heads, sentence.text).values:
                    for _, start, _ in _standing(value, [sentence]):
                        yield value, sentence, start


def _places(text: str) -> Iterator[re.Match[str]]:
    if (match := _PLACES_IN.search(text)) is not None:
        yield match
        return
    if _SEATS.search(text) and not _OTHER_SEATS.search(text):
        yield from _PLACES.finditer(text)


def _people(asked: Attribute, text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of names that the words of a role stand close to."""
    roles = [word for word in asked.words if word not in _ROLE_FILLERS] or list(asked.words)
    if not roles:
        return
    wanted = {stem(other) for role in roles for other in _ALTERNATIVES.get(role, (role,))}
    read = one_word(text)
    words = [(match.start(), match.end(), match[0]) for match in WORD.finditer(read)]
    marks = [(start, end) for start, end, word in words if stem(word.lower()) in wanted]
    if not marks:
        return
    for start, end in _names(read, text):
        before = [mark_end for _, mark_end in marks if mark_end <= start]
        after = [mark_start for mark_start, _ in marks if mark_start >= end]
        if (before and _is_open(read[before[-1] : start])) or (
            after and _is_open(read[end : after[0]])
        ):
            yield start, end


def _names(read: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where names of people may stand: titles before them are cut off."""
    for match in _PERSON.finditer(read):
        start = match.start()
        words = match[0].split()
        while words and (stem(words[0].lower()) in _TITLES or words[0].lower() in BREAKS):
            start = read.index(words[0], start) + len(words.pop(0))
        if len(words) >= 2:
            yield read.index(words[0], start), match.end()


_TITLES = stems_of(
    """ceo chief senior principal master strain lead its led under managing executive director
    president founder run found set"""
)


def _is_open(between: str) -> bool:
    """Return whether what stands between a name and its role is short and names nobody else."""
    return len(between) <= _REACH and not re.search(rf"[.;!?]|{_CAPITAL}\s{_CAPITAL}", between)


def _standing(value: str, sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, int, int]]:
    """Yield where a text stands as whole words."""
    pattern = whole(value)
    for sentence in sentences:
        for match in pattern.finditer(sentence.text):
            yield sentence, match.start(), match.end()


@lru_cache(maxsize=512)
def whole(value: str) -> re.Pattern[str]:
    """Return the pattern of a text that stands as whole words."""
    words = r"\s{1,3}".join(map(re.escape, value.split()))
    return re.compile(rf"(?<![\w^.]){words}(?![\w^]|-\d)", re.IGNORECASE)


def _telling(asked: Attribute, document: Surroundings) -> frozenset[str]:
    """Return the stems that must stand beside a value: the last word of the name that is used."""
    for word in reversed(asked.words):
        if document.has(word):
            return frozenset({word, *asked.kinds})
    return frozenset(asked.kinds)


def text_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text."""
    return frozenset(
        stem(part) for word in set(WORD.findall(text.lower())) for part in _HYPHEN.split(word)
    )


_stems = lru_cache(maxsize=2048)(text_stems)


_JOINS = words_of("is was are = of the a an : as named called")


def _neighbours(text: str, start: int, end: int) -> frozenset[str]:
    """Return the stems of the words that a value stands beside."""
    return _right_neighbours(text, start, end) | _left_neighbours(text, start)


def _right_neighbours(text: str, start: int, end: int) -> frozenset[str]:
    found: list[str] = []
    after = text[end : end + 60]
    for match in re.finditer(r"[^\W_]+|[^\w\s]", after):
        word = match[0].lower()
        if match[0] in "-–" or (word == "as" and not found):
            continue
        if not word[0].isalpha() or word in BREAKS or match[0] == MENTION or len(found) == 3:
            break
        found.append(stem(word))
    return frozenset(found[:2])


def _left_neighbours(text: str, start: int) -> frozenset[str]:
    words = re.findall(r"[^\W_]+|[^\w\s]", text[max(0, start - 60) : start])
    if start > 60 and words:
        words = words[1:]
    found: list[str] = []
    for word in reversed(words):
        low = word.lower()
        if low in _JOINS and not found:
            continue
        if not low[0].isalpha() or low in BREAKS or word == MENTION or len(found) == 1:
            break
        found.append(stem(low))
    return frozenset(found)
