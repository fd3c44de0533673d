"""Reads records again by their location, and makes sure that they are what was scanned."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

import xxhash

from botcoin_dpo.contract.record_types import AttemptRecord, ChallengeRecord, ScannedAttempt
from botcoin_dpo.errors import ChangedError
from botcoin_dpo.logs.record_decoder import (
    decode_challenge,
    rescan_attempt,
)
from botcoin_dpo.logs.records import Records
from botcoin_dpo.logs.references import AttemptRef, ChallengeRef, Ref
from botcoin_dpo.logs.session_heads import SessionHead
from botcoin_dpo.logs.shared_context import AttemptDecoder

Value = TypeVar("Value")
Made = TypeVar("Made")

_MOST_OF_HEADS = 16 * 10**6
"""Bytes of heads of session records that are kept; at least one is."""


class RecordReader:
    """Decodes records, and keeps for a while what several of them share."""

    def __init__(self, records: Records) -> None:
        """Read these records."""
        self._records = records
        self._made: dict[tuple[Any, str], tuple[Any, Any]] = {}
        self._heads: dict[tuple[int, int], SessionHead] = {}
        self._bytes_of_heads = 0
        self._challenge: tuple[tuple[int, int], ChallengeRecord] | None = None
        self._attempts = AttemptDecoder()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open or kept."""
        self._made.clear()
        self._heads.clear()
        self._bytes_of_heads = 0
        self._challenge = None
        self._attempts = AttemptDecoder()
        self._records.close()

    def read(self, ref: Ref) -> bytes:
        """Return the bytes of a record.

        Raises:
            ChangedError: they are no longer what was scanned.
        """
        return self._read(ref)[0]

    def is_same(self, one: Ref, other: Ref) -> bool:
        """Return whether two records are the same bytes, and so is what they take."""
        raw, head = self._read(one)
        other_raw, other_head = self._read(other)
        return raw == other_raw and (head and head.raw) == (other_head and other_head.raw)

    def attempt(self, ref: AttemptRef) -> AttemptRecord:
        """Return an attempt, decoded but for its trace; of challenge records nothing is joined."""
        return self._attempts.decode(*self._read(ref))

    def scanned_attempt(self, ref: AttemptRef) -> ScannedAttempt:
        """Return what scanning saw of an attempt, but for its document."""
        return rescan_attempt(*self._read(ref))

    def challenge(self, ref: ChallengeRef) -> ChallengeRecord:
        """Return a challenge record, decoded in full; the last one is kept for its attempts."""
        key = (ref.location.file, ref.location.offset)
        if self._challenge is None or self._challenge[0] != key:
            self._challenge = key, decode_challenge(self.read(ref))
        return self._challenge[1]

    def once(self, make: Callable[[str, Value], Made], name: str, value: Value) -> Made:
        """Return what a function makes of a field; of the very same value it makes it once.

        Records share the values that they take from a session or a challenge record.
        """
        last = self._made.get((make, name))
        if last is None or last[0] is not value:
            last = self._made[make, name] = (value, make(name, value))
        made: Made = last[1]
        return made

    def _read(self, ref: Ref) -> tuple[bytes, SessionHead | None]:
        """Return the bytes of a record, and the head of the session record it is an element of."""
        raw = self._records.read(ref)
        head = self._head(ref) if ref.location.session_length else None
        if xxhash.xxh3_64_intdigest(raw, head.digest if head else 0) != ref.location.digest:
            raise self._changed(ref)
        return raw, head

    def _head(self, ref: Ref) -> SessionHead:
        """Return the head that an element takes its fields from; the last few are kept."""
        key = (ref.location.file, ref.location.start)
        head = self._heads.pop(key, None)
        if head is None:
            head = self._records.session_head(ref)
            if head is None:
                raise self._changed(ref)
            self._bytes_of_heads += len(head.raw)
            while self._heads and self._bytes_of_heads > _MOST_OF_HEADS:
                oldest = self._heads.pop(next(iter(self._heads)))
                self._bytes_of_heads -= len(oldest.raw)
        self._heads[key] = head
        return head

    def _changed(self, ref: Ref) -> ChangedError:
        return ChangedError(
            f"{self._records.name(ref)}: changed while it was read; "
            "run again once nothing writes to it"
        )
