"""What rows, attempt objects and challenge objects say of the same thing, in entries of fixed size.

Entries lie on disk until all files are read, and are then compared challenge by challenge. Texts
and metadata are digests here: two entries agree if their digests are equal.
"""

from hashlib import sha256
from struct import Struct
from typing import Any, NamedTuple

import orjson

from botcoin_dpo.contract.identifiers import challenge_hash, normalize, normalize_miner
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.contract.trace_text import trace_text
from botcoin_dpo.rows.constraint_flips import FLIP_NAMES

UNKNOWN_MINER = bytes(8)


class SideEntry(NamedTuple):
    """One side of a row."""

    challenge: bytes
    """SHA-256 of the challenge id; entries are in its order."""
    record: bytes
    """Of record id and attempt index."""
    content: bytes
    """Of artifact, trace text, outcomes and metadata."""
    miner: bytes
    """Of the miner; a row does not name the miner of its rejected side, unless it is the same."""
    given: bytes
    """Of document, questions and constraints."""
    context: bytes
    """Of all that its challenge object has; only of a chosen side, whose record it is from."""
    is_chosen: bool
    file: int = 0
    line: int = 0


class AttemptEntry(NamedTuple):
    """An attempt object; fields as in `SideEntry`."""

    challenge: bytes
    record: bytes
    content: bytes
    miner: bytes
    input: bytes
    domain: bytes
    split: int
    constraints: int
    """How many outcomes it has."""
    file: int = 0
    line: int = 0


class ChallengeEntry(NamedTuple):
    """A challenge object; fields as in `SideEntry`."""

    challenge: bytes
    given: bytes
    context: bytes
    input: bytes
    domain: bytes
    split: int
    constraints: int
    file: int = 0
    line: int = 0


FORMATS: dict[type[Any], Struct] = {
    SideEntry: Struct(">32s8s16s8s16s16s?IQ"),
    AttemptEntry: Struct(">32s8s16s8s16s8sBIIQ"),
    ChallengeEntry: Struct(">32s16s16s16s8sBIIQ"),
}
"""How entries lie on disk."""


def side_entries(row: JsonObject) -> list[SideEntry]:
    """Return the entries of a row that fits its schema and has right flips.

    Raises:
        TypeError: it nests too deep.
    """
    notes = row["pair_annotations"]
    paragraphs = row["prompt_metadata"]["paragraph_count"]
    given, context = _digests_of_context(row, paragraphs)
    miner = _digest(8, normalize_miner(row["metadata"]["miner_id"]))
    outcomes = {
        index: key for key, name in FLIP_NAMES.items() for index in notes["constraint_flips"][name]
    }
    entries = []
    for number, side in enumerate(("rejected", "chosen")):
        is_chosen = side == "chosen"
        metadata = row[f"{side}_metadata"]
        knows_miner = is_chosen or notes["pair_family"] == "session"
        entries.append(
            SideEntry(
                challenge_hash(row["challenge_id"]),
                _record(metadata),
                _digest(
                    16,
                    row[side]["artifact"],
                    row[side]["think"],
                    [outcomes[index][number] for index in sorted(outcomes)],
                    metadata,
                ),
                miner if knows_miner else UNKNOWN_MINER,
                given,
                context if is_chosen else bytes(16),
                is_chosen,
            )
        )
    return entries


def attempt_entry(facts: JsonObject) -> AttemptEntry:
    """Return the entry of an attempt object that fits its schema.

    Raises:
        TypeError: it nests too deep.
    """
    outcomes = facts["constraint_outcomes"]
    return AttemptEntry(
        challenge_hash(facts["challenge_id"]),
        _record(facts["metadata"]),
        _digest(
            16,
            facts["artifact"],
            trace_text(facts["steps"]),
            list(map(bool, outcomes)),
            facts["metadata"],
        ),
        _digest(8, normalize_miner(facts["miner_id"])),
        bytes.fromhex(facts["input"]),
        _digest(8, facts["challenge_domain"]),
        SPLITS.index(facts["split"]),
        len(outcomes),
    )


def challenge_entry(facts: JsonObject) -> ChallengeEntry:
    """Return the entry of a challenge object that fits its schema.

    Raises:
        TypeError: it nests too deep.
    """
    given, context = _digests_of_context(facts, facts["paragraph_count"])
    return ChallengeEntry(
        challenge_hash(facts["challenge_id"]),
        given,
        context,
        bytes.fromhex(facts["input"]),
        _digest(8, facts["challenge_domain"]),
        SPLITS.index(facts["split"]),
        len(facts["constraints"]),
    )


def _digests_of_context(holder: JsonObject, paragraphs: int) -> tuple[bytes, bytes]:
    given = _digest(16, *(holder[name] for name in ("document", "questions", "constraints")))
    names = ("challenge_seed", "challenge_domain", "trap_metadata")
    return given, _digest(16, given.hex(), paragraphs, *(holder[name] for name in names))


def _record(metadata: JsonObject) -> bytes:
    return _digest(8, normalize(metadata["record_id"]), metadata["attempt_index"])


def _digest(size: int, *parts: object) -> bytes:
    return sha256(orjson.dumps(parts)).digest()[:size]
