"""Where each row of a dataset lies, with the facts that pairs are looked for by: a SQLite file.

It is made by reading every row once, and kept in the user's cache for as long as the files of rows
are the same (path, size, time of change), so that the next look takes no time. Its name holds a
digest of its content, and one that was damaged is made anew. Small datasets are read each time and
leave nothing behind.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import orjson
import xxhash

from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.pair_ids import parse_pair_id, parse_start
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.local_copy import local_copy
from botcoin_dpo.dataset.reading import StoredRow, dataset_files, read_row
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import InputError, reason_of
from botcoin_dpo.files.local_paths import input_place
from botcoin_dpo.files.named_files import real_path
from botcoin_dpo.version import __version__
from botcoin_dpo.viewing.kept_files import KeptFiles, user_cache
from botcoin_dpo.viewing.list_choices import ListChoices
from botcoin_dpo.viewing.list_facts import ListFacts, list_facts
from botcoin_dpo.viewing.list_query import FILTERS, ListQuery
from botcoin_dpo.viewing.pair_facts import PairFacts, pair_facts

FORMAT = 6
"""Raise it whenever a catalogue of the same rows would hold something else or mean something else.

So not only with the table and its columns, but with everything that decides what is in them: which
rows are valid, kinds of constraints, similarity. `tests/unit/viewing/test_catalogue.py` notices
most of that.
"""

Order = Literal["revision-time", "gain", "similarity"]
ORDERS: tuple[Order, ...] = get_args(Order)

_ORDERED_BY: dict[Order | None, str] = {
    None: "number",
    "revision-time": "revision_time_ms IS NULL, revision_time_ms, number",
    "gain": "gain DESC, number",
    "similarity": "similarity IS NULL, similarity DESC, number",
}
_SMALL = 50 * 10**6
"""Bytes of rows up to which a dataset is read each time."""

_COLUMNS = ", ".join(PairFacts._fields)
_LIST_COLUMNS = ", ".join(ListFacts._fields)
_HELD = f"file, start, size, {_COLUMNS}, {_LIST_COLUMNS}"
_TABLE = f"CREATE TABLE pairs (number INTEGER PRIMARY KEY, {_HELD})"
_INSERT = f"INSERT INTO pairs VALUES (?, {', '.join('?' * len(_HELD.split(',')))})"
_NAMES = ("challenge_id", "rejected_id", "chosen_id")


class ListedPair(NamedTuple):
    """One pair of a list."""

    number: int
    """Of the row in its dataset, from 1."""
    facts: PairFacts


@dataclass(frozen=True, slots=True)
class Filters:
    """Which pairs are wanted; None is any."""

    domain: str | None = None
    model: str | None = None
    flipped: str | None = None
    """A kind of constraint that flipped to pass."""
    flag: str | None = None
    """A rule by which the row's audit found something, or a level of rules."""


class Catalogue:
    """The pairs of a dataset, to be looked up."""

    def __init__(
        self,
        database: sqlite3.Connection,
        files: Sequence[Path],
        kept: tuple[Path, str] | None = None,
    ) -> None:
        """Look pairs up in a database, which numbers the files of rows."""
        self._database, self._files = database, files
        self.kept = kept
        """The folder where it is kept, and the key of the rows; None for one that is not."""

    def __len__(self) -> int:
        # Numbers have no gaps, and to count a million rows takes long.
        last: int | None = self._database.execute("SELECT max(number) FROM pairs").fetchone()[0]
        return last or 0

    def numbered(self, number: int) -> ListedPair | None:
        """Return the pair of a number, None if there is none."""
        found = self._listed("WHERE number = ?", (number,))
        return next(found, None)

    def find(self, wanted: str, most: int) -> tuple[int, list[ListedPair]]:
        """Return the pair of a number, or those of a pair's id or of which an id starts so.

        How many there are, and the first of them.
        """
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
            numbered = self.numbered(int(wanted))
            if numbered is not None:
                return 1, [numbered]
            if not wanted.strip("0"):  # no number, and how all ids start that begin with 0x
                return 0, []
        pair_id = parse_pair_id(wanted)
        if pair_id is not None:
            found = self._found("WHERE pair_id = ?", [pair_id], None, most)
            if found[0]:
                return found
        return self.named(wanted, most)

    def named(self, prefix: str, most: int) -> tuple[int, list[ListedPair]]:
        """Return how many pairs there are of which an id starts so, and the first of them."""
        wanted = dict.fromkeys(_NAMES, prefix)
        if (start := parse_start(prefix)) is not None:
            wanted["pair_id"] = start
        # Ranges, so that indexes are used: no text that starts so sorts behind these.
        limits = [limit for each in wanted.values() for limit in (each, each + "\U0010ffff")]
        named = " UNION ".join(
            f"SELECT number FROM pairs WHERE {name} BETWEEN ? AND ?" for name in wanted
        )
        return self._found(f"WHERE number IN ({named})", limits, None, most)

    def select(
        self, filters: Filters, order: Order | None, most: int
    ) -> tuple[int, list[ListedPair]]:
        """Return how many pairs fit, and the first of them."""
        wanted = {
            "lower(domain) = lower(?)": filters.domain,
            "lower(model) = lower(?)": filters.model,
            "instr(' ' || repaired || ' ', ' ' || ? || ' ')": filters.flipped,
        }
        terms = [term for term, value in wanted.items() if value is not None]
        values = [value for value in wanted.values() if value is not None]
        if filters.flag is not None:
            rules = [name for name, rule in RULES.items() if filters.flag in (name, rule.level)]
            has_one = "instr(' ' || flags || ' ', ' ' || ? || ' ')"
            terms.append(f"({' OR '.join([has_one] * len(rules))})")
            values += rules
        where = f"WHERE {' AND '.join(terms)}" if terms else ""
        return self._found(where, values, order, most)

    def count(self, query: ListQuery) -> int:
        """Return how many pairs a list of a page has."""
        where, values = query.where()
        if not where:
            return len(self)
        counting = f"SELECT count(*) FROM pairs {where}"
        count: int = self._database.execute(counting, values).fetchone()[0]
        return count

    def listed(self, query: ListQuery, start: int, most: int) -> list[tuple[ListedPair, ListFacts]]:
        """Return some pairs of a list of a page, from one on, counted from 0."""
        where, values = query.where()
        found = self._database.execute(
            f"SELECT number, {_COLUMNS}, {_LIST_COLUMNS} FROM pairs {where} "
            f"ORDER BY {query.order()} LIMIT ? OFFSET ?",
            (*values, most, start),
        )
        end = len(PairFacts._fields)
        return [
            (ListedPair(number, PairFacts(*held[:end])), ListFacts(*held[end:]))
            for number, *held in found
        ]

    def pair_ids(self, query: ListQuery, most: int) -> list[str]:
        """Return the ids of the first pairs of a list of a page."""
        where, values = query.where()
        listing = f"SELECT pair_id FROM pairs {where} ORDER BY {query.order()} LIMIT ?"
        return [pair_id for (pair_id,) in self._database.execute(listing, (*values, most))]

    def choices(self) -> dict[str, list[str]]:
        """Return the values that each filter of a page may have."""
        found: dict[str, list[str]] = {name: [] for name in FILTERS}
        for name, value in self._database.execute("SELECT name, value FROM choices ORDER BY rowid"):
            found[name].append(value)
        return found

    def file_of(self, number: int) -> Path:
        """Return the file that has the row of a number that exists."""
        place = "SELECT file FROM pairs WHERE number = ?"
        position: int = self._database.execute(place, (number,)).fetchone()[0]
        return self._files[position]

    def row(self, number: int) -> JsonObject:
        """Return the row of a number that exists.

        Raises:
            InputError: it is not there any more.
        """
        place = "SELECT file, start, size FROM pairs WHERE number = ?"
        file, start, size = self._database.execute(place, (number,)).fetchone()
        return read_row(self._files[file], start, size)

    def has_name(self, column: Literal["domain", "model"], name: str) -> bool:
        """Return whether any pair has a name that a filter takes."""
        query = f"SELECT 1 FROM pairs WHERE lower({column}) = lower(?) LIMIT 1"
        try:
            return self._database.execute(query, (name,)).fetchone() is not None
        except UnicodeEncodeError:  # an argument that is no text, as no name is
            return False

    def names(self, column: Literal["domain", "model"], most: int) -> list[str]:
        """Return the names that a filter may have, the first of them."""
        query = f"SELECT DISTINCT {column} FROM pairs WHERE {column} IS NOT NULL ORDER BY 1 LIMIT ?"
        return [name for (name,) in self._database.execute(query, (most,))]

    @property
    def is_audited(self) -> bool:
        """Whether any row carries an audit."""
        query = "SELECT 1 FROM pairs WHERE flags IS NOT NULL LIMIT 1"
        return self._database.execute(query).fetchone() is not None

    def _found(
        self, where: str, values: list[str], order: Order | None, most: int
    ) -> tuple[int, list[ListedPair]]:
        counting = f"SELECT count(*) FROM pairs {where}"
        try:
            count = self._database.execute(counting, values).fetchone()[0] if where else len(self)
        except UnicodeEncodeError:  # an argument that is no text, as no name is
            return 0, []
        rest = f"{where} ORDER BY {_ORDERED_BY[order]} LIMIT ?"
        return count, list(self._listed(rest, (*values, most)))

    def _listed(self, rest: str, values: Sequence[Any]) -> Iterator[ListedPair]:
        for number, *facts in self._database.execute(
            f"SELECT number, {_COLUMNS} FROM pairs {rest}", values
        ):
            yield ListedPair(number, PairFacts(*facts))


@contextmanager
def open_catalogue(
    path: str | Path,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Iterator[Catalogue]:
    """Yield the catalogue of a built folder or a file of rows; make it if there is none yet.

    Args:
        path: what to look at; of a remote dataset a copy is made.
        workers: processes that share the work.
        progress: called with bytes read.
        cache: the folder of kept catalogues; the user's if not given.

    Raises:
        UsageError: the path is empty, or a URL.
        InputError: a file cannot be read, holds something that is no row, or changes meanwhile.
    """
    with (
        local_copy(input_place(path, "BUILD"), progress) as local,
        Unchanged(local),
        lasting_catalogue(local, workers, progress, cache) as catalogue,
    ):
        yield catalogue


@contextmanager
def lasting_catalogue(
    path: Path, workers: int, progress: Progress | None, cache: Path | None
) -> Iterator[Catalogue]:
    """Yield the catalogue as `open_catalogue` does, to whoever looks for changes all the time."""
    files = dataset_files(path)
    paths = [real_path(file) for file, _ in files]
    rows = RowFiles(files)
    by_segment = rows.fold_segments(_ENTRIES, make_engine(workers), progress, "indexing")
    entries = chain.from_iterable(by_segment)
    if rows.size <= _SMALL:
        with closing(sqlite3.connect(":memory:", check_same_thread=False)) as database:
            _fill(database, entries)
            yield Catalogue(database, paths)
        return
    kept = KeptFiles(real_path(cache or user_cache()), "pairs", "sqlite")
    key = _key(paths)
    try:
        place = kept.find(key) or kept.make(key, partial(_write, entries))
    except (OSError, sqlite3.Error) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise InputError(
            f"{kept.place(key)}: {reason}; set XDG_CACHE_HOME to a folder that can be written"
        ) from error
    try:
        with closing(_opened(place)) as database:
            yield Catalogue(database, paths, (kept.folder, key))
    except sqlite3.DatabaseError as error:
        place.unlink(missing_ok=True)
        raise InputError(f"{place}: {error}; it is removed, try again") from error


def _opened(place: Path) -> sqlite3.Connection:
    # Threads of a server share it, one at a time.
    return sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True, check_same_thread=False)


def _key(paths: Iterable[Path]) -> str:
    """Return what changes when a file of rows does, or what is kept of rows.

    Raises:
        InputError: a file is not there.
    """
    states = []
    for path in paths:
        try:
            status = path.stat()
        except OSError as error:
            raise InputError(f"{path}: {reason_of(error)}; see botcoin-dpo validate") from error
        states.append((os.fsencode(path).hex(), status.st_size, status.st_mtime_ns))
    return xxhash.xxh3_128_hexdigest(orjson.dumps([FORMAT, __version__, states]))


class _Entry(NamedTuple):
    """A row, as it is kept."""

    file: int
    start: int
    size: int
    facts: PairFacts
    listed: ListFacts


def _add_entry(entries: list[_Entry], stored: StoredRow) -> None:
    facts = pair_facts(stored.row)
    listed = list_facts(stored.row, facts)
    entries.append(_Entry(stored.file, stored.offset, stored.size, facts, listed))


_ENTRIES: Fold[list[_Entry]] = Fold(list, _add_entry)


def _write(entries: Iterable[_Entry], path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        _fill(database, entries)


def _fill(database: sqlite3.Connection, entries: Iterable[_Entry]) -> None:
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute(_TABLE)
    choices = ListChoices()
    database.executemany(_INSERT, _numbered(entries, choices))
    database.execute("CREATE TABLE choices (name, value)")
    database.executemany("INSERT INTO choices VALUES (?, ?)", choices)
    for name in ("pair_id", *_NAMES, "rank"):
        database.execute(f"CREATE INDEX by_{name} ON pairs ({name})")
    database.commit()


def _numbered(entries: Iterable[_Entry], choices: ListChoices) -> Iterator[tuple[Any, ...]]:
    for number, entry in enumerate(entries, start=1):
        choices.add(entry.facts, entry.listed)
        yield (number, entry.file, entry.start, entry.size, *entry.facts, *entry.listed)
