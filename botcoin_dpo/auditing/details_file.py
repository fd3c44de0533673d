"""The file of `audit --details`: every attempt of the logs, with the verdicts on it.

Each partition writes a part of its own, and the parts are joined in order. Contract:
schemas/README.md, "Attempts and challenges".
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from botcoin_dpo.attempts.facts import attempt_facts, challenge_facts
from botcoin_dpo.auditing.challenge_audit import Audited
from botcoin_dpo.auditing.details import details_of
from botcoin_dpo.contract.splits import Shares, split_of
from botcoin_dpo.files.atomic_file import write_atomically

MARK = '{"record_id":'
"""Begins each line, by which a file of details is known."""


class DetailsWriter:
    """Writes the attempt objects of one partition."""

    def __init__(self, folder: Path, number: int) -> None:
        """Open the part of a partition."""
        self._file = (folder / f"{number:05d}.jsonl").open("wb")

    def add(self, audited: Audited) -> None:
        """Write an attempt and the verdicts on it."""
        challenge = challenge_facts(audited.attempt)
        challenge["split"] = split_of(challenge["document"], Shares())
        facts = attempt_facts(audited.attempt, challenge)
        facts["audit"] = details_of(audited.subject, audited.audit)
        self._file.write(orjson.dumps(facts, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """Close the part."""
        self._file.close()


def write_details(out: Path, folder: Path, partitions: Iterable[int]) -> None:
    """Join the parts of all partitions in one file, written whole or not at all.

    Raises:
        UsageError, OutputError: the place must not be written to, or cannot.
    """
    write_atomically(out, _lines(folder, partitions), MARK, "file of audit details")


def _lines(folder: Path, partitions: Iterable[int]) -> Iterator[str]:
    for number in partitions:
        with (folder / f"{number:05d}.jsonl").open(encoding="utf-8") as part:
            yield from part
