"""Finds nearly equal documents in different splits: a model that trained on one knows the other.

The split is by a document's exact text, so a serial number is enough to put two copies into train
and test. Documents are compared by MinHash over their sentences, which costs a tenth of a
millisecond a document; of each distinct one a signature of 512 bytes is kept. Contract:
schemas/README.md, "Validation".
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import eq
from typing import Any, NamedTuple

import xxhash

from botcoin_dpo.extras import how_to_install

THRESHOLD = 0.8
"""Documents whose estimated Jaccard similarity is at least this are nearly equal."""

MOST_NAMED = 10
"""Pairs of documents that are named; the documents concerned are all counted."""

_VALUES = 128
_BAND = 5
"""Values that must be equal for two documents to be compared; at 0.8, hardly a pair is missed."""
_HELD = 4
"""Documents of a band and split that the following ones are compared with; so time is linear."""
_MOST_CHARACTERS = 10**6
_LONGEST_PLACE = 200
_FEW_SENTENCES = 16
_RUN = 8
_SHORTEST_SENTENCE = 20
"""Shorter pieces (headings, parts of numbers) are in all documents, and tell nothing."""


class NearPair(NamedTuple):
    """Two documents that are nearly equal, by where they stand."""

    places: tuple[str, str]
    """Challenge ids, or file and line where a row has none."""
    splits: tuple[str, str]
    similarity: float

    def __str__(self) -> str:
        (first, second), (split, other) = self.places, self.splits
        return f"{first} ({split}) and {second} ({other})"


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """What a comparison of all documents found."""

    documents: int
    """Distinct ones that were compared."""
    concerned: int
    """Of them, those with a nearly equal one in another split."""
    pairs: list[NearPair]
    """Some of the pairs, so that all splits they are in show up early."""

    @property
    def warning(self) -> str | None:
        """One line that says so; None if there are none."""
        if not self.concerned:
            return None
        shown = "; ".join(map(str, self.pairs[:3]))
        return (
            f"{self.concerned:,} of {self.documents:,} documents are nearly equal to one in "
            f"another split, such as {shown}"
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as `--json` prints it."""
        return {
            "documents": self.documents,
            "concerned": self.concerned,
            "pairs": [
                {
                    "challenges": list(pair.places),
                    "splits": list(pair.splits),
                    "similarity": round(pair.similarity, 3),
                }
                for pair in self.pairs
            ],
        }


class _Sketch(NamedTuple):
    split: str
    place: str
    signature: bytes


def can_compare() -> bool:
    """Return whether the library that compares documents is installed."""
    try:
        import rensa  # noqa: F401
    except ImportError:
        return False
    return True


def how_to_compare() -> str:
    """Return what a user should know where documents were not compared."""
    return f"near-duplicate documents not checked: {how_to_install('duplicates')}"


@dataclass(slots=True)
class Sketches:
    """What is kept of documents, each once; without the library, nothing."""

    is_possible: bool = field(default_factory=can_compare)
    _by_digest: dict[bytes, _Sketch] = field(default_factory=dict)

    def add(self, document: str, split: str, place: str) -> None:
        """Add a document, which may have been added before.

        Args:
            document: its text.
            split: the one it is in.
            place: what to call it by; of several the least is kept.
        """
        if not self.is_possible:
            return
        digest = xxhash.xxh3_128_digest(document.encode(errors="surrogatepass"))
        place = place[:_LONGEST_PLACE]
        known = self._by_digest.get(digest)
        if known is None:
            self._by_digest[digest] = _Sketch(split, place, _signature(document))
        elif (split, place) < known[:2]:
            self._by_digest[digest] = known._replace(split=split, place=place)

    def merge(self, other: "Sketches") -> None:
        """Add the documents of other rows."""
        for digest, sketch in other._by_digest.items():
            known = self._by_digest.setdefault(digest, sketch)
            if sketch[:2] < known[:2]:
                self._by_digest[digest] = sketch

    def compare(self) -> NearDuplicates | None:
        """Return which are nearly equal; None where the library is missing."""
        if not self.is_possible:
            return None
        # By content, so that neither files nor workers decide which pairs are named.
        sketches = [sketch for _, sketch in sorted(self._by_digest.items())]
        concerned: set[int] = set()
        pairs: list[NearPair] = []
        for start in range(0, 4 * (_VALUES - _BAND + 1), 4 * _BAND):
            for first, second in _candidates(sketches, slice(start, start + 4 * _BAND)):
                if first in concerned and second in concerned:
                    continue
                one, other = sketches[first], sketches[second]
                similarity = _similarity(one.signature, other.signature)
                if similarity >= THRESHOLD:
                    concerned.update((first, second))
                    if len(pairs) < MOST_NAMED:
                        places, splits = (one.place, other.place), (one.split, other.split)
                        pairs.append(NearPair(places, splits, similarity))
        return NearDuplicates(len(sketches), len(concerned), pairs)


def _candidates(sketches: list[_Sketch], band: slice) -> Iterator[tuple[int, int]]:
    """Yield documents of different splits that agree in a part of their signatures."""
    firsts: dict[bytes, int] = {}
    groups: dict[int, list[int]] = {}
    for number, sketch in enumerate(sketches):
        if sketch.signature:
            first = firsts.setdefault(sketch.signature[band], number)
            if first != number:
                groups.setdefault(first, [first]).append(number)
    for group in groups.values():
        by_split: dict[str, list[int]] = {}
        for number in group:
            own = sketches[number].split
            for split, held in by_split.items():
                if split != own:
                    for other in held:
                        yield other, number
            held = by_split.setdefault(own, [])
            if len(held) < _HELD:
                held.append(number)


def _similarity(first: bytes, second: bytes) -> float:
    """Return the estimate of how much of their sentences two documents share."""
    equal: int = sum(map(eq, array("I", first), array("I", second)))
    return equal / _VALUES


def _signature(document: str) -> bytes:
    """Return the signature of a document, nothing for one without words."""
    from rensa import RMinHash

    text = document[:_MOST_CHARACTERS]
    for end in "!?\n\r":
        text = text.replace(end, ".")
    pieces = map(str.strip, text.split("."))
    parts = [piece for piece in pieces if len(piece) >= _SHORTEST_SENTENCE]
    if len(parts) < _FEW_SENTENCES:
        words = document[:_MOST_CHARACTERS].split()
        runs = range(max(1, len(words) - _RUN + 1)) if words else ()
        parts = [" ".join(words[start : start + _RUN]) for start in runs]
    if not parts:
        return b""
    sketch = RMinHash(_VALUES, 1)
    sketch.update(parts)
    return array("I", sketch.digest()).tobytes()
