"""Holds rows, attempt objects and challenge objects of a build against each other.

Their entries are written to scratch files while the files of the dataset are read, one for each
sequence that is in the order of challenges, and are then read side by side: memory holds the
entries of one challenge. Contract: schemas/README.md, "Attempts and challenges".
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Generic, Self, TypeVar

from botcoin_dpo.errors import writing
from botcoin_dpo.validation.attempt_entries import (
    FORMATS,
    UNKNOWN_MINER,
    AttemptEntry,
    ChallengeEntry,
    SideEntry,
)
from botcoin_dpo.validation.findings import Report

_Placed = SideEntry | AttemptEntry | ChallengeEntry
Entry = TypeVar("Entry", SideEntry, AttemptEntry, ChallengeEntry)

_HELD = 4096
"""Entries that are read at once, of each sequence."""


class _Sequence(Generic[Entry]):
    """Entries of one kind, on disk."""

    def __init__(self, path: Path, kind: type[Entry]) -> None:
        self.path, self._format = path, FORMATS[kind]
        self._kind: type[Entry] = kind
        with writing(path):
            self._file: BinaryIO = path.open("w+b", buffering=1 << 16)

    def add(self, entry: Entry) -> None:
        with writing(self.path):
            self._file.write(self._format.pack(*entry))

    def __iter__(self) -> Iterator[Entry]:
        with writing(self.path):
            self._file.flush()
        self._file.seek(0)
        while piece := self._file.read(self._format.size * _HELD):
            for values in self._format.iter_unpack(piece):
                yield self._kind(*values)

    def close(self) -> None:
        self._file.close()


class AttemptLinks:
    """Entries of a whole dataset."""

    def __init__(self, scratch: Path) -> None:
        """Keep entries in a folder, until a `with` block ends."""
        self._scratch = scratch
        self._stack = ExitStack()
        self._names: list[str] = []
        """Of files, by the number that entries have."""
        self._sides: dict[tuple[str, str], _Sequence[SideEntry]] = {}
        self._attempts = self._sequence("attempts", AttemptEntry)
        self._challenges = self._sequence("challenges", ChallengeEntry)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_file(self, name: str) -> None:
        """Begin a file, from which the next entries are."""
        self._names.append(name)

    def add_side(self, entry: SideEntry, line: int, shard: tuple[str, str]) -> None:
        """Add a side of a row; those of a pair type and split come in the order of challenges."""
        if shard not in self._sides:
            self._sides[shard] = self._sequence("-".join(shard), SideEntry)
        self._sides[shard].add(entry._replace(file=len(self._names) - 1, line=line))

    def add_fact(self, entry: AttemptEntry | ChallengeEntry, line: int) -> None:
        """Add an object; those of a kind come in the order of challenges."""
        placed = entry._replace(file=len(self._names) - 1, line=line)
        if isinstance(placed, AttemptEntry):
            self._attempts.add(placed)
        else:
            self._challenges.add(placed)

    def compare(self, report: Report) -> None:
        """Report where rows, attempts and challenges do not belong together."""

        def report_entry(entry: _Placed, pointer: str, rule: str, message: str) -> None:
            report(self._names[entry.file], entry.line, pointer, rule, message)

        sequences: Sequence[_Sequence[Any]] = (
            self._challenges,
            self._attempts,
            *self._sides.values(),
        )
        entries: Iterator[tuple[bytes, int, Any]] = merge(
            *(_numbered(number, sequence) for number, sequence in enumerate(sequences)),
            key=lambda item: item[:2],
        )
        for _, group in groupby(entries, key=lambda item: item[0]):
            challenge = _Challenge(report_entry)
            for _, number, entry in group:
                if number == 0:
                    challenge.add_input(entry)
                elif number == 1:
                    challenge.add_attempt(entry)
                else:
                    challenge.check_side(entry)
            challenge.check_inputs()

    def _sequence(self, name: str, kind: type[Entry]) -> _Sequence[Entry]:
        sequence = _Sequence(self._scratch / name, kind)
        self._stack.callback(sequence.close)
        return sequence


def _numbered(number: int, sequence: _Sequence[Any]) -> Iterator[tuple[bytes, int, Any]]:
    return ((entry.challenge, number, entry) for entry in sequence)


class _Challenge:
    """What is known of one challenge, while its entries are read: inputs, attempts, then rows.

    Attempts are kept as what a row may ask of them, so that no row has to look through many.
    """

    def __init__(self, report: Callable[["_Placed", str, str, str], None]) -> None:
        self._report = report
        self._inputs: dict[bytes, ChallengeEntry] = {}
        self._named: dict[bytes, None] = {}
        """Inputs in the order in which attempts name them."""
        self._known: set[tuple[bytes, ...]] = set()

    def add_input(self, entry: ChallengeEntry) -> None:
        if entry.input in self._inputs:
            message = "the same challenge object stands before"
            self._report(entry, "/input", "attempt_order", message)
        self._inputs[entry.input] = entry

    def add_attempt(self, entry: AttemptEntry) -> None:
        self._named[entry.input] = None
        made_on = self._inputs.get(entry.input)
        self._known.add((entry.record,))
        for miner in (entry.miner, UNKNOWN_MINER):
            attempt = (entry.record, entry.content, miner)
            self._known.add(attempt)
            if made_on is not None:
                self._known |= {(*attempt, made_on.given), (*attempt, made_on.context)}
        if made_on is None:
            message = "no challenge object has this input"
            self._report(entry, "/input", "attempt_challenge", message)
            return
        for pointer, own, others in (
            ("/split", entry.split, made_on.split),
            ("/challenge_domain", entry.domain, made_on.domain),
            ("/constraint_outcomes", entry.constraints, made_on.constraints),
        ):
            if own != others:
                message = "is not that of the challenge object, or not as many"
                self._report(entry, pointer, "attempt_challenge", message)

    def check_side(self, entry: SideEntry) -> None:
        attempt = (entry.record, entry.content, entry.miner)
        if (entry.record,) not in self._known:
            message = "no attempt object has its record id and attempt index"
        elif attempt not in self._known:
            message = "its attempt object has another artifact, trace, outcome, metadata or miner"
        elif (*attempt, entry.given) not in self._known or (
            entry.is_chosen and (*attempt, entry.context) not in self._known
        ):
            message = "the challenge object of its attempt is not that of the row"
        else:
            return
        pointer = "/chosen" if entry.is_chosen else "/rejected"
        self._report(entry, pointer, "attempt_of_row", message)

    def check_inputs(self) -> None:
        for entry in self._inputs.values():
            if entry.input not in self._named:
                message = "no attempt was made on it"
                self._report(entry, "/input", "attempt_challenge", message)
        stored = [entry for entry in self._inputs.values() if entry.input in self._named]
        named = [key for key in self._named if key in self._inputs]
        for entry, key in zip(stored, named, strict=True):
            if entry.input != key:
                message = "attempts name another challenge object first"
                self._report(entry, "/input", "attempt_order", message)
                break
