"""Splits the content of a log into records, one a line.

Memory is bounded by the record limit: a longer line is followed to its end, not kept.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from botcoin_dpo.contract.rejections import Cause

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WHITESPACE = b" \t\r\n"

MOST_KEPT = 64 * 10**6
"""Bytes that a session record may have where `--max-record-mb` allows fewer: a limit for records
holds for its elements."""


class RawRecord(NamedTuple):
    """The bytes of one record with their place, or what is wrong with them."""

    line: int
    """1-based line on which it starts."""
    offset: int
    """Of its first byte, in decompressed bytes."""
    raw: bytes
    """Without surrounding white space. Empty where `cause` says why, but for a record that is too
    long and may be a session record."""
    cause: Cause | None = None
    is_tail: bool = False
    """Whether this is what follows the last finished record, perhaps nothing. It comes last, always
    once; in a damaged file it may lack its end."""


def oversized(limit: int) -> Cause:
    """Return the fault of a record of more than `limit` bytes."""
    return Cause("oversized_record", f"longer than {limit} bytes; see --max-record-mb")


def skip_mark(pieces: Iterable[bytes]) -> tuple[int, Iterator[bytes]]:
    """Return the size of the byte order mark that the content starts with, and what follows it."""
    rest = iter(pieces)
    head = b""
    for piece in rest:
        head += piece
        if len(head) >= len(BYTE_ORDER_MARK):
            break
    skipped = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    return skipped, chain([head[skipped:]], rest)


def split_lines(
    pieces: Iterable[bytes], limit: int, most_kept: int | None = None, *, is_start: bool = True
) -> Iterator[RawRecord]:
    """Yield the records of a JSON Lines log.

    Args:
        pieces: the content.
        limit: most bytes of a record, from its first byte to the end of its line.
        most_kept: most bytes of a record that comes with its bytes though it is too long; by
            default none does.
        is_start: whether this is the start of the log, where a byte order mark is skipped.
    """
    line = 1
    offset = 0
    if is_start:
        offset, pieces = skip_mark(pieces)
    most_kept = limit if most_kept is None else most_kept
    kept: list[bytes] = []
    blanks = 0  # white space before the record
    size = 0  # of the record so far, whether it is kept or not
    for piece in pieces:
        start = 0
        while start < len(piece):
            end = piece.find(b"\n", start)
            part = piece[start:] if end < 0 else piece[start:end]
            if not size and part[:1] in _BLANKS:
                stripped = part.lstrip(WHITESPACE)
                blanks += len(part) - len(stripped)
                part = stripped
            size += len(part)
            if size > most_kept:
                kept.clear()
                part = b""
            elif end < 0:
                kept.append(part)
            elif kept:
                kept.append(part)
                part = b"".join(kept)
                kept.clear()
            if end < 0:
                break
            if size:
                yield _record(line, offset + blanks, part, size, limit)
            line += 1
            offset += blanks + size + 1
            blanks = size = 0
            start = end + 1
    tail = _record(line, offset + blanks, b"".join(kept), size, limit)
    yield tail._replace(is_tail=True)


_BLANKS = frozenset((b" ", b"\t", b"\r"))


def _record(line: int, offset: int, raw: bytes, size: int, limit: int) -> RawRecord:
    raw = raw.rstrip(WHITESPACE) if raw[-1:] in _BLANKS else raw
    return RawRecord(line, offset, raw, oversized(limit) if size > limit else None)
