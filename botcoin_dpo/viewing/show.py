"""Finds what `botcoin-dpo show` shows: one pair, or a list of those that fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from botcoin_dpo.constraints.kinds import KIND_NAMES
from botcoin_dpo.contract.audit_rules import LEVELS, RULES
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import InputError, UsageError, choice_of
from botcoin_dpo.readable import Readable
from botcoin_dpo.viewing.catalogue import (
    ORDERS,
    Catalogue,
    Filters,
    ListedPair,
    Order,
    open_catalogue,
)
from botcoin_dpo.viewing.pair_page import PairPage, make_pair_page

_MOST_NAMED = 20
"""Pairs that are listed of those whose ids start alike, and names that advice lists."""


_MOST_COMPARED = 1_000
_LONGEST = 100
"""Names, and characters of one, that are compared with a name that no pair has."""


class NoSuchPairError(InputError):
    """A dataset has no pair of a number or id."""


@dataclass(frozen=True, slots=True, repr=False)
class PairList(Readable):
    """The first pairs of those that fit."""

    build: str
    """The dataset, as the user named it."""
    listed: Sequence[ListedPair]
    count: int
    """How many fit."""
    total: int
    """How many there are."""
    advice: str | None = None
    """Names that would fit, where no pair has the one that was given."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "build": self.build,
            "fitting": self.count,
            "pairs": self.total,
            "listed": [number for number, _ in self.listed],
        }

    def as_json(self) -> dict[str, Any]:
        """Return the list as `--json` prints it."""
        return {
            "pairs": self.total,
            "fitting": self.count,
            "listed": [{"number": number, **facts._asdict()} for number, facts in self.listed],
        }


def show(
    build: str | Path = "out",
    pair: int | str | None = None,
    *,
    domain: str | None = None,
    model: str | None = None,
    flipped: str | None = None,
    flag: str | None = None,
    sort: Order | None = None,
    limit: int = 20,
    workers: int = 1,
    progress: Progress | None = None,
) -> PairPage | PairList:
    """Return a pair, taken apart, or a list of pairs.

    Args:
        build: a built folder, or a file of rows.
        pair: its number, from 1, its id, or how its id (6 digits or more), its challenge id or a
            record id starts; if several start so, they are listed. Without it, all pairs are.
        domain: list pairs of this domain.
        model: list pairs of this model.
        flipped: list pairs that repaired a constraint of this kind.
        flag: list pairs in which the audit that rows carry found something by this rule, or by a
            rule of this level (`contradicted`, `suspicious`).
        sort: `revision-time`, the fastest first; `gain` or `similarity`, the largest first.
        limit: most pairs that are listed.
        workers: processes that share the work.
        progress: called with bytes read.

    Raises:
        UsageError: an option makes no sense.
        InputError: the rows cannot be read, or there is no such pair.
    """
    order = None if sort is None else choice_of("--sort", sort, ORDERS, "no such order")
    if flipped is not None:
        choice_of("--flipped", flipped, KIND_NAMES, "no such kind")
    if flag is not None:
        choice_of("--flag", flag, (*LEVELS, *RULES), "no such rule")
    filters = Filters(domain, model, flipped, flag)
    if pair is not None and (domain or model or flipped or flag or sort):
        raise UsageError(
            "--domain, --model, --flipped, --flag and --sort are for lists; leave PAIR out"
        )
    if pair == "":
        raise UsageError("PAIR is empty; name a number, or how an id starts")
    with open_catalogue(build, workers=workers, progress=progress) as catalogue:
        if pair is None:
            return _fitting(catalogue, str(build), filters, order, limit)
        count, listed = catalogue.find(str(pair), _MOST_NAMED)
        total = len(catalogue)
        if not listed:
            raise NoSuchPairError(f"{build}: has no pair {pair}; it has {total:,}, from 1 on")
        if count > 1:
            return PairList(str(build), listed, count, total)
        number = listed[0].number
        row = catalogue.row(number)
    return make_pair_page(row, number, total=total)


def _require_names(catalogue: Catalogue, filters: Filters) -> None:
    """Refuse a domain or a model that no pair has, as a rule that does not exist is refused.

    Raises:
        UsageError: there is none; the message names those that are spelled nearly so, else others.
    """
    given: dict[Literal["domain", "model"], str | None]
    given = {"domain": filters.domain, "model": filters.model}
    for column, name in given.items():
        if name is None or catalogue.has_name(column, name):
            continue
        names = {each.lower(): each for each in catalogue.names(column, _MOST_COMPARED)}
        near = [names[each] for each in get_close_matches(name[:_LONGEST].lower(), names)]
        advice = f"choose from {', '.join(list(names.values())[:_MOST_NAMED])}"
        if near:
            advice = f"did you mean {' or '.join(near)}?"
        if not names:
            advice = f"no pair names its {column}"
        raise UsageError(f"--{column} {name}: no such {column}; {advice}")


def _fitting(
    catalogue: Catalogue, build: str, filters: Filters, order: Order | None, limit: int
) -> PairList:
    count, listed = catalogue.select(filters, order, limit)
    advice = None
    if not count:
        _require_names(catalogue, filters)
    if not count and filters.flag and not catalogue.is_audited:
        advice = "these rows carry no audit; build with --audit"
    return PairList(build, listed, count, len(catalogue), advice)
