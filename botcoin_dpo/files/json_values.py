"""Splits the content of a `.json` log into records.

A `.json` log is one record, an array of records, or several such values one after the other. The
splitter follows brackets and strings only, so that a bad element is one bad record and the rest
stands; where the structure itself breaks, nothing after that point can be trusted: one fault, and
the file ends. Contract: schemas/README.md, "Files" and "Nothing is lost".
"""

import re
from collections.abc import Iterable, Iterator

import orjson

from botcoin_dpo.contract.rejections import Cause
from botcoin_dpo.files.json_lines import WHITESPACE, RawRecord, oversized, skip_mark

_DEEPEST = 100_000
"""Beyond this the stack of open brackets is no longer kept; no usable record comes near."""

# Possessive quantifiers: nothing is ever tried twice, so time is linear in the input.
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_CALM = re.compile(rb'(?:[^"{}\[\],]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
INSIDE = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_WORD = re.compile(rb'[^ \t\r\n{}\[\],"]*+')
_CLOSERS = {ord("{"): ord("}"), ord("["): ord("]")}
_OPEN = frozenset(b"{[")
_CLOSE = frozenset(b"}]")


def split_values(
    pieces: Iterable[bytes], limit: int, most_kept: int | None = None
) -> Iterator[RawRecord]:
    """Yield the records of a `.json` log.

    Args:
        pieces: the content.
        limit: most bytes of a record, from its first byte to what ends it.
        most_kept: most bytes of a record that comes with its bytes though it is too long; by
            default none does.
    """
    offset, pieces = skip_mark(pieces)
    splitter = _Splitter(limit, limit if most_kept is None else most_kept, offset)
    for piece in pieces:
        yield from splitter.feed(piece)
        if splitter.broken:
            break
    yield from splitter.finish()


class _Splitter:
    """Follows the structure across pieces; a record in progress is all that is kept."""

    def __init__(self, limit: int, most_kept: int, offset: int) -> None:
        self.broken = False
        self._limit = limit
        self._most_kept = most_kept
        self._line = 1
        self._offset = offset  # of the first byte of _rest
        self._rest = b""
        self._in_array = False
        self._after_comma = False
        self._array_is_empty = True
        self._inside = False  # a record has started
        self._in_string = False
        self._in_word = False  # outside of arrays, something that is no object and no string
        self._stack = bytearray()  # the closers that the record in progress still needs
        self._kept: list[bytes] = []
        self._size = 0
        self._start = (1, 0)
        self._problem = ""

    def feed(self, piece: bytes) -> Iterator[RawRecord]:
        """Read on, and yield the records that more content completes."""
        data = self._rest + piece
        self._rest = b""
        position = 0
        while position < len(data) and not self.broken:
            if not self._inside:
                position = self._between(data, position)
                continue
            end, complete = self._follow(data, position)
            self._keep(data[position:end])
            if end == position and not complete and not self.broken:
                self._rest = data[position:]  # a lone backslash: its partner comes next
                break
            self._advance(data, position, end)
            position = end
            if complete:
                record = self._record()
                if not self.broken:
                    yield record

    def finish(self) -> Iterator[RawRecord]:
        """Yield what is left when the content ends; the last one is the tail."""
        if self._inside and not (self._stack or self._in_string):
            if self._in_array and b"".join(self._kept).rstrip(WHITESPACE).endswith(b"}"):
                yield self._record()  # whole, though its array does not close
            elif not self._in_array and not self.broken:  # a bare word at the very end
                record = self._record()
                if not self.broken:
                    yield record._replace(is_tail=True)
                    return
        cause = None
        if self.broken:
            cause = Cause("malformed_json", self._problem)
        elif self._inside or self._in_array or self._rest:
            cause = Cause("malformed_json", "the file ends inside a value")
        where = self._start if self._inside else (self._line, self._offset)
        yield RawRecord(*where, b"", cause, is_tail=True)

    def _between(self, data: bytes, position: int) -> int:
        """Skip what stands between two records, up to the first byte of the next one."""
        end = _end(_BLANKS, data, position)
        self._advance(data, position, end)
        if end == len(data):
            return end
        byte = data[end]
        if not self._in_array and byte == ord("["):
            self._in_array, self._after_comma, self._array_is_empty = True, False, True
        elif self._in_array and byte == ord("]") and not self._after_comma:
            self._in_array = False
        elif self._in_array and byte == ord(",") and not self._after_comma:
            if self._array_is_empty:
                self._break("a comma where a value should stand")
                return end
            self._after_comma = True
        elif byte in b",]}":
            self._break(f"{chr(byte)!r} where a value should stand")
            return end
        else:
            self._inside = True
            self._in_word = not self._in_array and byte not in b'{"'
            self._start = (self._line, self._offset)
            return end
        self._advance(data, end, end + 1)
        return end + 1

    def _follow(self, data: bytes, position: int) -> tuple[int, bool]:
        """Return how far the record in progress reaches in `data`, and whether it ends there."""
        while position < len(data):
            if self._in_string:
                position = _end(_STRING_REST, data, position)
                if position == len(data) or data[position] != ord('"'):
                    return position, False
                self._in_string = False
                position += 1
                if not self._stack and not self._in_array:
                    return position, True
                continue
            if self._stack:
                position = _end(INSIDE, data, position)
            elif self._in_array:
                position = _end(_CALM, data, position)
            elif self._in_word:
                end = _end(_WORD, data, position)
                return end, end < len(data)
            if position == len(data):
                return position, False
            byte = data[position]
            if byte == ord('"'):
                self._in_string = True
                position += 1
            elif byte in _OPEN:
                if len(self._stack) == _DEEPEST:
                    self._break("nested too deep to follow")
                    return position, False
                self._stack.append(_CLOSERS[byte])
                position += 1
            elif byte in _CLOSE and self._stack:
                if self._stack[-1] != byte:
                    self._break(f"{chr(byte)!r} closes what it did not open")
                    return position, False
                self._stack.pop()
                position += 1
                if not self._stack and not self._in_array:
                    return position, True
            elif byte == ord("}"):
                self._break("'}' closes what it did not open")
                return position, False
            else:  # a comma or the end of the array
                return position, True
        return position, False

    def _record(self) -> RawRecord:
        raw = b"".join(self._kept).rstrip(WHITESPACE)
        record = RawRecord(*self._start, raw)
        if self._size > self._limit:
            record = RawRecord(*self._start, raw, oversized(self._limit))
        elif self._in_word and not _is_scalar(raw):
            self._break("not JSON")
            return record
        self._kept.clear()
        self._size = 0
        self._inside = False
        self._after_comma = False
        self._array_is_empty = False
        return record

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        self._kept.append(part)
        if self._size > self._most_kept:
            self._kept.clear()

    def _advance(self, data: bytes, start: int, end: int) -> None:
        self._line += data.count(b"\n", start, end)
        self._offset += end - start

    def _break(self, problem: str) -> None:
        self.broken = True
        self._problem = f"{problem}; the rest of the file is not read"


def _end(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    """Return where a pattern that always matches, perhaps nothing, ends."""
    match = pattern.match(data, position)
    return match.end() if match else position


def _is_scalar(raw: bytes) -> bool:
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    return True
