"""The file of `audit --details`: every attempt of the logs, with the verdicts on it.

The lines of each partition go to a bin, and are joined in order. Contract:
schemas/README.md, "Attempts and challenges".
"""

from codecs import iterdecode
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from botcoin_dpo.attempts.facts import attempt_facts, challenge_facts
from botcoin_dpo.auditing.challenge_audit import Audited
from botcoin_dpo.auditing.details import details_of
from botcoin_dpo.contract.splits import Shares, split_of
from botcoin_dpo.engines.blobs import Blob
from botcoin_dpo.files.atomic_file import write_atomically

_PIECE = 1 << 20

MARK = '{"record_id":'
"""Begins each line, by which a file of details is known."""


def details_line(audited: Audited) -> bytes:
    """Return an attempt and the verdicts on it, as they stand in the file."""
    challenge = challenge_facts(audited.attempt)
    challenge["split"] = split_of(challenge["document"], Shares())
    facts = attempt_facts(audited.attempt, challenge)
    facts["audit"] = details_of(audited.subject, audited.audit)
    return orjson.dumps(facts, option=orjson.OPT_APPEND_NEWLINE)


def write_details(out: Path, parts: Iterable[Blob]) -> None:
    """Join the lines of all partitions in one file, written whole or not at all.

    Raises:
        UsageError, OutputError: the place must not be written to, or cannot.
    """
    text = iterdecode(_pieces(parts), "utf-8")
    write_atomically(out, text, MARK, "file of audit details")


def _pieces(parts: Iterable[Blob]) -> Iterator[bytes]:
    for part in parts:
        for start in range(0, len(part), _PIECE):
            yield part.read(start, start + _PIECE)
