"""Answers what a served page asks for, from the catalogue and the files of rows.

One answer is made at a time, so memory holds one row and one part of the list. What changed since
the server was started is not shown: the page would mix rows of two datasets.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import xxhash

from botcoin_dpo.contract.audit_rules import RuleId
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.dataset.local_copy import local_copy
from botcoin_dpo.dataset.reading import dataset_files
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.local_paths import input_place
from botcoin_dpo.files.named_files import real_path
from botcoin_dpo.html_report.counting import require_libraries
from botcoin_dpo.html_report.kept_overview import kept_overview
from botcoin_dpo.html_report.overview import Sampled
from botcoin_dpo.html_report.page_requests import (
    IdsRequest,
    ListRequest,
    PageRequest,
    PairRequest,
    Refusal,
    Request,
)
from botcoin_dpo.html_report.pages import Served, ShownPair, list_part, pair_section, served_page
from botcoin_dpo.viewing.catalogue import Catalogue, ListedPair, lasting_catalogue
from botcoin_dpo.viewing.list_facts import ListFacts
from botcoin_dpo.viewing.list_query import ListQuery
from botcoin_dpo.viewing.pair_page import make_pair_page

LISTED = 100
"""Pairs of a part of the list."""

_MOST_COUNTS = 64
MOST_IDS = 50_000
"""Ids that are handed out at once; a browser keeps no more."""

CHANGED = "The dataset has changed since it was opened; start botcoin-dpo report --serve again."


@dataclass(slots=True)
class ServedDataset:
    """A dataset whose page is served."""

    name: str
    catalogue: Catalogue
    page: str
    """The HTML of the page."""
    unchanged: Unchanged
    files: dict[Path, Unchanged]
    _counts: dict[ListQuery, int] = field(default_factory=dict)
    _is_ended: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> str:
        """Return the HTML or text that a request asks for.

        Raises:
            Refusal: there is no such pair, or the dataset is another one now.
        """
        with self._lock:
            if self._is_ended:
                raise Refusal(503, "The server has ended.")
            try:
                with self.unchanged:
                    return self._answer(request)
            except InputError as error:
                raise Refusal(409, CHANGED) from error

    def end(self) -> None:
        """Finish the answer that is being made, and make no other."""
        with self._lock:
            self._is_ended = True

    def _answer(self, request: Request) -> str:
        match request:
            case PageRequest():
                return self.page
            case ListRequest(query, start):
                listed = self.catalogue.listed(query, start, LISTED)
                return list_part([_shown(*each) for each in listed], self._count(query))
            case IdsRequest(query):
                ids = self.catalogue.pair_ids(query, MOST_IDS)
                return "".join(f"{pair_id}\n" for pair_id in ids)
            case PairRequest(wanted):
                return self._pair(wanted)

    def _count(self, query: ListQuery) -> int:
        """Return how many pairs fit; the next part of a list asks for it again."""
        where = replace(query, column=None, is_descending=False)
        if where not in self._counts:
            if len(self._counts) >= _MOST_COUNTS:
                self._counts.clear()
            self._counts[where] = self.catalogue.count(where)
        return self._counts[where]

    def _pair(self, wanted: int | str) -> str:
        found = (
            self.catalogue.numbered(wanted)
            if isinstance(wanted, int)
            else next(iter(self.catalogue.find(wanted, 1)[1]), None)
        )
        if found is None:
            raise Refusal(404, "no such pair")
        file = self.catalogue.file_of(found.number)
        with self.files[file]:
            row = self.catalogue.row(found.number)
            if pair_id_of(row) != found.facts.pair_id:
                raise InputError(f"{file}: changed while it was read; try again")
        return pair_section(make_pair_page(row, found.number))


@contextmanager
def open_dataset(
    path: str | Path,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Iterator[ServedDataset]:
    """Yield a dataset, ready to answer.

    Args:
        path: a built folder or a file of rows.
        workers: processes that share the work.
        progress: called with bytes read.
        cache: the folder of what is kept; the user's if not given.

    Raises:
        UsageError: the path is empty, or a URL.
        InputError: the rows cannot be read, there are none, or they change meanwhile.
        UserError: what draws pages is not installed.
    """
    place = input_place(path, "BUILD")
    require_libraries()
    with local_copy(place, progress) as local, _opened(local, workers, progress, cache) as dataset:
        yield dataset


@contextmanager
def _opened(
    path: Path, workers: int, progress: Progress | None, cache: Path | None
) -> Iterator[ServedDataset]:
    unchanged = Unchanged(path)
    files = {real_path(file): Unchanged(real_path(file)) for file, _ in dataset_files(path)}
    with lasting_catalogue(path, workers, progress, cache) as catalogue:
        with unchanged:  # since before the catalogue was made
            overview = kept_overview(path, catalogue, workers=workers, progress=progress)
        place = real_path(path)
        marks = xxhash.xxh3_64_hexdigest(str(place).encode(errors="replace"))
        served = Served(marks, LISTED, MOST_IDS)
        page = served_page(place.name, len(catalogue), overview, catalogue.choices(), served)
        yield ServedDataset(place.name, catalogue, "".join(page), unchanged, files)


def _shown(pair: ListedPair, listed: ListFacts) -> ShownPair:
    """Return a row of the list, with what an audit of the build found."""
    facts = pair.facts
    signs = tuple(listed.signs.split())
    sampled = Sampled(listed.rank, 0, pair.number, 0, 0, 0, facts, signs, listed.length_gap)
    flags = cast("list[RuleId]", (facts.flags or "").split())
    return ShownPair(sampled, flags, listed.levels.split(), facts.ground or "", "")
