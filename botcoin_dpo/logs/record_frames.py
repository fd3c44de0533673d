"""Frames of carried records: those of one challenge that follow each other in one segment.

A scan compresses them and puts them into the bin of their partition, and what a reader must know of
each into another bin, in the same order. So a frame is found without reading any other.
"""

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

import msgspec
import zstandard

LEVEL = 1
"""Of compression. Attempts at a challenge share a document, which any level finds: 3 takes a third
more time, for 3 % less."""

_HEAD = Struct("<16sIQQ")


class Frame(msgspec.Struct, array_like=True):
    """Records of one challenge."""

    records: dict[int, bytes]
    """By offset."""
    heads: dict[int, bytes]
    """Heads of the session records whose elements they are, by the offset of the session record."""

    @property
    def size(self) -> int:
        """Bytes of what is in it."""
        return sum(map(len, self.records.values())) + sum(map(len, self.heads.values()))


class FrameHead(NamedTuple):
    """What tells of a frame which records are in it."""

    challenge: bytes
    file: int
    """The number of the segment."""
    offset: int
    """Of the first record."""
    length: int
    """Bytes of the compressed frame."""


class FrameCodec:
    """Packs and unpacks frames."""

    def __init__(self) -> None:
        """Keep what the library needs for one frame after the other."""
        self._compressor = zstandard.ZstdCompressor(level=LEVEL)
        self._decompressor = zstandard.ZstdDecompressor()
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Frame)

    def pack(self, frame: Frame) -> bytes:
        """Return a frame, compressed."""
        return self._compressor.compress(self._encoder.encode(frame))

    def unpack(self, packed: bytes) -> Frame:
        """Return a frame that was packed."""
        return self._decoder.decode(self._decompressor.decompress(packed))


def pack_head(head: FrameHead) -> bytes:
    """Return what tells of a frame as bytes."""
    return _HEAD.pack(*head)


def unpack_heads(packed: bytes) -> Iterator[FrameHead]:
    """Yield what tells of frames, which were packed one after the other."""
    return map(FrameHead._make, _HEAD.iter_unpack(packed))
