"""The content of a log in, one piece for each record out: one record a line.

Memory is bounded by the record limit: a longer line is followed to its end, not kept.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from botcoin_dpo.logs.places import Fault

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WHITESPACE = b" \t\r\n"


class RawRecord(NamedTuple):
    """The bytes of one record with their place, or what is wrong with them."""

    line: int
    """1-based line on which it starts."""
    offset: int
    """Of its first byte, in decompressed bytes."""
    raw: bytes
    """Without surrounding white space; empty where `fault` says why."""
    fault: Fault | None = None
    is_tail: bool = False
    """Whether this is what follows the last finished record, perhaps nothing. It comes last, always
    once; in a damaged file it may lack its end."""


def oversized(limit: int) -> Fault:
    """Return the fault of a record of more than `limit` bytes."""
    return Fault("oversized_record", f"longer than {limit} bytes; see --max-record-mb")


def split_lines(pieces: Iterable[bytes], limit: int) -> Iterator[RawRecord]:
    """Yield the records of a JSON Lines log; `limit` is the most bytes that a record may have."""
    line = 1
    offset = 0
    kept: list[bytes] = []
    size = 0
    for piece in pieces:
        start = 0
        while (end := piece.find(b"\n", start)) >= 0:
            if size:
                kept.append(piece[start:end])
                size += end - start
                raw = b"".join(kept)
                kept.clear()
            else:
                raw = piece[start:end]
                size = end - start
            record = _one_line(line, offset, raw, size, limit)
            if record.raw or record.fault:
                yield record
            line += 1
            offset += size + 1
            size = 0
            start = end + 1
        if rest := piece[start:]:
            size += len(rest)
            kept.append(rest)
            if size > limit + len(WHITESPACE):
                kept.clear()
    yield _one_line(line, offset, b"".join(kept), size, limit)._replace(is_tail=True)


def _one_line(line: int, offset: int, raw: bytes, size: int, limit: int) -> RawRecord:
    if offset == 0 and raw.startswith(BYTE_ORDER_MARK):
        raw = raw[len(BYTE_ORDER_MARK) :]
        size -= len(BYTE_ORDER_MARK)
        offset = len(BYTE_ORDER_MARK)
    if raw[:1] != b"{" or raw[-1:] != b"}":
        stripped = raw.lstrip(WHITESPACE)
        if size == len(raw):
            offset += len(raw) - len(stripped)
            raw = stripped.rstrip(WHITESPACE)
            size = len(raw)
    if size > limit:
        return RawRecord(line, offset, b"", oversized(limit))
    return RawRecord(line, offset, raw)
