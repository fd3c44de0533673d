"""Content in blocks, each with a digest behind it, so that whatever range is read can be checked.

The digest is XXH3-128, with the number of the block as seed: blocks that stand elsewhere are found
as well. It is against accidents, not against whoever can compute it.
"""

from collections.abc import Callable, Iterable, Iterator

import xxhash

BLOCK = 1 << 16
"""Bytes of content of a block, but for the last, which has fewer: to read a byte is to read one."""

_DIGEST = 16
_STRIDE = BLOCK + _DIGEST


class DamagedBlockError(Exception):
    """A block that is not what was written."""


def sealed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what pieces of content hold, with the digests of its blocks."""
    waiting, number = bytearray(), 0
    for piece in pieces:
        waiting += piece
        while len(waiting) >= BLOCK:
            yield _closed(bytes(waiting[:BLOCK]), number)
            del waiting[:BLOCK]
            number += 1
    if waiting:
        yield _closed(bytes(waiting), number)


def read_sealed(read: Callable[[int, int], bytes], start: int, end: int) -> bytes:
    """Return a range of the content.

    Args:
        read: returns a range of what was sealed, as far as there is any.
        start: of the range.
        end: of the range, behind its start.

    Raises:
        DamagedBlockError: a block in the range is damaged, or the content ends before.
    """
    first, last = start // BLOCK, (end - 1) // BLOCK
    found = memoryview(read(first * _STRIDE, (last + 1) * _STRIDE))
    blocks = [
        _opened(found[at : at + _STRIDE], number)
        for number, at in enumerate(range(0, len(found), _STRIDE), start=first)
    ]
    content = b"".join(blocks)[start - first * BLOCK : end - first * BLOCK]
    if len(content) != end - start:
        raise DamagedBlockError
    return content


def _closed(content: bytes, number: int) -> bytes:
    return content + xxhash.xxh3_128_digest(content, seed=number)


def _opened(block: memoryview, number: int) -> memoryview:
    content, digest = block[:-_DIGEST], block[-_DIGEST:]
    if xxhash.xxh3_128_digest(content, seed=number) != digest:
        raise DamagedBlockError
    return content
