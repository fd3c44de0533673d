"""The table behind a challenge: entities and their true values."""

from dataclasses import dataclass
from typing import NamedTuple

from botcoin_dpo.simulation import names
from botcoin_dpo.simulation.domain import QUARTERS, Domain, Number, Text
from botcoin_dpo.simulation.random_stream import RandomStream

Value = str | int | float


class Cell(NamedTuple):
    """One value of the table: an attribute of an entity, in a quarter if it has quarters."""

    entity: int
    key: str
    quarter: int | None = None

    @property
    def path(self) -> str:
        """The attribute as traps name it, quarters counted from 0: `revenue.0`."""
        return self.key if self.quarter is None else f"{self.key}.{self.quarter - 1}"


@dataclass(frozen=True, slots=True)
class Table:
    """Entities by number, and a column for each attribute (four for a series)."""

    domain: Domain
    entities: list[str]
    columns: dict[tuple[str, int | None], list[Value]]

    def value(self, cell: Cell) -> Value:
        """Return the true value of a cell."""
        return self.columns[cell.key, cell.quarter][cell.entity]

    def numbers(self, key: str, quarter: int | None = None) -> list[float]:
        """Return the numbers of all entities."""
        return self.columns[key, quarter]  # type: ignore[return-value]

    def total(self, key: str, entity: int) -> float:
        """Return the sum of a series over the four quarters."""
        return sum(self.numbers(key, quarter)[entity] for quarter in QUARTERS)


def make_table(domain: Domain, rng: RandomStream) -> Table:
    """Return a table with entities and values made up."""
    count = rng.between(*domain.entities)
    entities = names.entity_names(rng, count, domain.second_words)
    columns: dict[tuple[str, int | None], list[Value]] = {}
    for attribute in domain.attributes:
        key = attribute.key
        if isinstance(attribute, Text):
            columns[key, None] = _texts(attribute, count, rng)
        elif isinstance(attribute, Number):
            columns[key, None] = _numbers(attribute, count, rng)
        else:
            for quarter in QUARTERS:
                columns[key, quarter] = [
                    rng.between(attribute.low, attribute.high) for _ in range(count)
                ]
    return Table(domain, entities, columns)


def _texts(attribute: Text, count: int, rng: RandomStream) -> list[Value]:
    if not isinstance(attribute.draw, str):
        return [rng.pick(attribute.draw) for _ in range(count)]
    make_name = names.NAME_MAKERS[attribute.draw]
    pool: dict[str, None] = {}
    while len(pool) < (attribute.variety or count):
        pool[make_name(rng)] = None
    values = list(pool)
    return [rng.pick(values) for _ in range(count)] if attribute.variety else list(values)


def _numbers(attribute: Number, count: int, rng: RandomStream) -> list[Value]:
    drawn = [rng.between(attribute.low, attribute.high) for _ in range(count)]
    scale = 10**attribute.digits
    return [number / scale for number in drawn] if attribute.digits else list(drawn)
