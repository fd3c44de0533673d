"""What is remembered of a scanned record: some 140 bytes, enough to group, pair and read again.

References are packed into byte strings, so that a million attempts cost what their bytes cost and
no more. A partition holds whole challenges: it is chosen by the top bits of
SHA-256(challenge id), so that partitions laid end to end are in output order.
"""

from collections.abc import Iterator
from struct import Struct

from msgspec import Struct as Record

from botcoin_dpo.contract.rejections import Place

NO_TIME = -(2**63)
"""Stands for a missing time in a packed reference."""

_FILE = Struct("<I")
_PLACE = Struct("<IQIIQII")
"""It starts with the file."""
_ATTEMPT = Struct("<16sQIHHHqq16sI")
_CHALLENGE = Struct("<16sH16s")


class Location(Record, frozen=True, eq=False, gc=False):
    """Where the bytes of a record lie, and how to tell that they have not changed."""

    file: int
    offset: int
    """In decompressed bytes."""
    length: int
    line: int
    digest: int
    """XXH3-64 of the bytes; of an element, seeded by that of its session's head."""
    before: int = 0
    """Of an element, bytes from the start of its session record."""
    session_length: int = 0
    """Bytes of the session record whose element it is; 0 for all other records."""

    @property
    def start(self) -> int:
        """Where the record starts, or the session record whose element it is."""
        return self.offset - self.before

    @property
    def place(self) -> Place:
        """The place that a quarantine entry names."""
        return Place(self.file, self.line, self.offset)


class AttemptRef(Record, frozen=True, eq=False, gc=False):
    """A scanned attempt: what grouping and pairing ask of it."""

    location: Location
    challenge: bytes
    """First 16 bytes of SHA-256(normalised challenge id)."""
    miner_id: str
    """Normalised."""
    record_key: int
    """XXH3-64 of the normalised record id: equal ids have equal keys."""
    model_key: int
    """The lower half of XXH3-64 of the model's name, which is empty where it is not known."""
    attempt_index: int
    is_credited: bool
    lacks: int
    """Fields a challenge record could supply: SEED | DOMAIN | TRAPS | CONTEXT."""
    unsafe: bool
    """Whether its submission, or the prompt that it has itself, has unsafe text."""
    outcome_problem: int
    """0 none, 1 unknown, 2 inconsistent; meaningless without context."""
    passed: bool
    pass_count: int
    """Checked constraints passed; meaningless without context."""
    submitted_at: int
    """ms since the epoch, or NO_TIME."""
    timestamp: int
    """ms since the epoch, or NO_TIME."""
    input_digest: bytes
    """XXH3-128 of document, questions and constraints as spelled; 16 zero bytes without context."""

    @property
    def has_context(self) -> bool:
        """Whether the record has its own context."""
        return not self.lacks & CONTEXT


class ChallengeRef(Record, frozen=True, eq=False, gc=False):
    """A scanned challenge record."""

    location: Location
    challenge: bytes
    has: int
    """Fields it can supply: SEED | DOMAIN | TRAPS | CONTEXT."""
    unsafe: bool
    """Whether its prompt has unsafe text."""
    input_digest: bytes


Ref = AttemptRef | ChallengeRef
"""A scanned record."""

SEED, DOMAIN, TRAPS, CONTEXT = 1, 2, 4, 8

_CREDITED, _UNSAFE, _PASSED = 16, 32, 64
_PROBLEM_SHIFT = 8
_LACKS = SEED | DOMAIN | TRAPS | CONTEXT


def pack_attempt(ref: AttemptRef) -> bytes:
    """Return an attempt's reference as bytes."""
    flags = (
        ref.lacks
        | (_CREDITED if ref.is_credited else 0)
        | (_UNSAFE if ref.unsafe else 0)
        | (_PASSED if ref.passed else 0)
        | ref.outcome_problem << _PROBLEM_SHIFT
    )
    miner = ref.miner_id.encode()
    return b"".join(
        (
            _pack_location(ref.location),
            _ATTEMPT.pack(
                ref.challenge,
                ref.record_key,
                ref.model_key,
                ref.attempt_index,
                flags,
                min(ref.pass_count, 0xFFFF),
                ref.submitted_at,
                ref.timestamp,
                ref.input_digest,
                len(miner),
            ),
            miner,
        )
    )


def pack_challenge(ref: ChallengeRef) -> bytes:
    """Return a challenge record's reference as bytes."""
    flags = ref.has | (_UNSAFE if ref.unsafe else 0)
    return _pack_location(ref.location) + _CHALLENGE.pack(ref.challenge, flags, ref.input_digest)


def unpack_attempts(packed: bytes | bytearray) -> Iterator[AttemptRef]:
    """Yield the references that were packed one after the other.

    Raises:
        ValueError: the last one is cut, or a text is no UTF-8.
        struct.error: the last one is cut.
    """
    position = 0
    while position < len(packed):
        location = _unpack_location(packed, position)
        position += _PLACE.size
        fields = _ATTEMPT.unpack_from(packed, position)
        position += _ATTEMPT.size
        challenge, record_key, model_key, index, flags, *rest = fields
        pass_count, submitted, stamp, digest, size = rest
        miner = packed[position : position + size].decode()
        position += size
        yield AttemptRef(
            location=location,
            challenge=challenge,
            miner_id=miner,
            record_key=record_key,
            model_key=model_key,
            attempt_index=index,
            is_credited=bool(flags & _CREDITED),
            lacks=flags & _LACKS,
            unsafe=bool(flags & _UNSAFE),
            outcome_problem=flags >> _PROBLEM_SHIFT,
            passed=bool(flags & _PASSED),
            pass_count=pass_count,
            submitted_at=submitted,
            timestamp=stamp,
            input_digest=digest,
        )
    if position > len(packed):
        raise ValueError("the last reference is cut")


def unpack_challenges(packed: bytes | bytearray) -> Iterator[ChallengeRef]:
    """Yield the references that were packed one after the other.

    Raises:
        struct.error: the last one is cut.
    """
    step = _PLACE.size + _CHALLENGE.size
    for position in range(0, len(packed), step):
        challenge, flags, digest = _CHALLENGE.unpack_from(packed, position + _PLACE.size)
        yield ChallengeRef(
            location=_unpack_location(packed, position),
            challenge=challenge,
            has=flags & _LACKS,
            unsafe=bool(flags & _UNSAFE),
            input_digest=digest,
        )


def anonymous(packed: bytes) -> bytes:
    """Return a packed reference that says nothing of the file."""
    return bytes(_FILE.size) + packed[_FILE.size :]


def relocated_attempts(packed: bytes, file: int) -> Iterator[bytes]:
    """Yield the attempts that were packed one after the other, each as of a file."""
    start = _FILE.pack(file)
    position = 0
    while position < len(packed):
        *_, miner_size = _ATTEMPT.unpack_from(packed, position + _PLACE.size)
        end = position + _PLACE.size + _ATTEMPT.size + miner_size
        yield start + packed[position + _FILE.size : end]
        position = end


def relocated_challenges(packed: bytes, file: int) -> Iterator[bytes]:
    """Yield the challenge records that were packed one after the other, each as of a file."""
    start = _FILE.pack(file)
    step = _PLACE.size + _CHALLENGE.size
    for position in range(0, len(packed), step):
        yield start + packed[position + _FILE.size : position + step]


def _pack_location(location: Location) -> bytes:
    return _PLACE.pack(
        location.file,
        location.offset,
        location.length,
        min(location.line, 0xFFFFFFFF),
        location.digest,
        location.before,
        location.session_length,
    )


def _unpack_location(packed: bytes | bytearray, position: int) -> Location:
    return Location(*_PLACE.unpack_from(packed, position))


def partition_of(packed: bytes, partitions: int) -> int:
    """Return the partition that a packed reference belongs to.

    Args:
        packed: the reference.
        partitions: how many there are, a power of two up to 65536.
    """
    return partition_of_challenge(packed[_PLACE.size : _PLACE.size + 2], partitions)


def partition_of_challenge(challenge: bytes, partitions: int) -> int:
    """Return the partition of a challenge, by the first bytes of its hash; see `partition_of`."""
    return int.from_bytes(challenge[:2]) * partitions >> 16
