"""Cuts a text at the ends of its spans, into pieces to draw one after the other."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Piece(NamedTuple):
    """A part of a text."""

    text: str
    span: int | None
    """Which span it is; None for what lies between."""


def pieces(text: str, spans: Iterable[tuple[int, int]], most: int) -> Iterator[Piece]:
    """Yield the pieces of the first characters of a text; none is empty.

    Args:
        text: from the data.
        spans: start and end of each, in order; one that overlaps the one before is left out.
        most: characters of the text that are wanted.
    """
    end, place = min(len(text), most), 0
    for number, (start, stop) in enumerate(spans):
        stop = min(stop, end)
        if start < place or start >= stop:
            continue
        if start > place:
            yield Piece(text[place:start], None)
        yield Piece(text[start:stop], number)
        place = stop
    if place < end:
        yield Piece(text[place:end], None)
