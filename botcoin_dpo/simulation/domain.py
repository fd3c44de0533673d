"""What a domain is: its entities, their attributes, and the sentences that state them.

A domain is data: `domains/` has one module for each. Templates are format strings; `{name}` is the
entity, and an attribute stands by its key (`{employees}`), a quarter of a series with its number
(`{revenue_1}`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from botcoin_dpo.simulation.random_stream import Dice

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Text:
    """An attribute that is a word or a name."""

    key: str
    """Its name in extract steps."""
    draw: tuple[str, ...] | Callable[[Dice], str]
    """The values, or what makes one up."""
    include: str | None = None
    """How a constraint asks for it: `headquarters city of the company`."""
    filter: str | None = None
    """How a question picks entities by it: `headquartered in {}`."""
    same: str | None = None
    """How a question picks the entities that share it: `in the same country as`."""
    variety: int = 0
    """Different values in one challenge, so that entities share them; 0 for as many as come."""


@dataclass(frozen=True)
class Number:
    """An attribute that is a number."""

    key: str
    low: int
    high: int
    most: str
    """How a question asks for the entity with the highest value: `the most employees`."""
    least: str
    forms: tuple[str, ...]
    """How documents print it; `{0}` is the value, `{1}` a thousandth of it."""
    digits: int = 0
    """Decimals; `low` and `high` are in units of the last one."""
    term: str | None = None
    """How a constraint calls it, if constraints may compute with it."""
    above: str | None = None
    """How a question picks entities by it: `with more than {} employees`."""


@dataclass(frozen=True)
class Series:
    """An attribute with a number for each quarter."""

    key: str
    low: int
    high: int
    noun: str
    """What it counts: `revenue`."""
    forms: tuple[str, ...]
    negative_forms: tuple[str, ...] = ()
    """For values below 0, of their absolute value."""
    term: str | None = None
    """How a constraint calls a quarter: `Q{} revenue`; None if constraints leave it alone."""


Attribute = Text | Number | Series


@dataclass(frozen=True)
class Sheet:
    """Facts about an entity that stand in one paragraph."""

    keys: tuple[str, ...]
    templates: tuple[str, ...]
    is_comparable: bool = False
    """Whether entities may have these facts stated relative to another entity instead."""


@dataclass(frozen=True)
class Comparison:
    """How one entity's value is told relative to another's: `{a}`, `{b}`, the difference `{d}`.

    For a series, `{q}` is a quarter's name.
    """

    key: str
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Domain:
    """A world that challenges are made of; equal to itself alone, so that hashing it is free."""

    name: str
    noun: str
    plural: str
    second_words: tuple[str, ...]
    """Second words of entity names."""
    attributes: tuple[Attribute, ...]
    sheets: tuple[Sheet, ...]
    comparisons: tuple[Comparison, ...]
    comparison_groups: tuple[tuple[tuple[str, int | None], ...], ...]
    """Which (attribute, quarter) one comparison paragraph tells."""
    headings: tuple[str, ...]
    """First paragraphs."""
    asides: tuple[str, ...]
    """Short paragraphs on one entity, in another register; they repeat facts or state none."""
    gossip: tuple[str, ...]
    """Paragraphs on `{name}` and `{other}` that claim nothing; `{alias}` is a short name."""
    flourishes: tuple[str, ...]
    """Sentences that may end a sheet's paragraph and state nothing."""
    fillers: tuple[str, ...]
    """Paragraphs on no entity."""
    superseded: tuple[str, ...]
    """How a trap's wrong value is told: `{name}`, `{label}`, `{value}`."""
    confirmed: tuple[str, ...]
    """How the true value is told."""
    entities: tuple[int, int]
    """Fewest and most."""
    relative_share: float
    """Share of entities whose comparable facts are told relative to others."""
    equation_modulus: int
    quarters: tuple[tuple[str, ...], ...] = (
        ("Q1", "first quarter", "opening quarter"),
        ("Q2", "second quarter", "mid-year quarter"),
        ("Q3", "third quarter", "late-year quarter"),
        ("Q4", "fourth quarter", "closing quarter"),
    )
    """Names of each quarter."""

    @cached_property
    def by_key(self) -> dict[str, Attribute]:
        """The attributes by key."""
        return {attribute.key: attribute for attribute in self.attributes}

    @cached_property
    def texts(self) -> list[Text]:
        """The attributes that are words."""
        return [each for each in self.attributes if isinstance(each, Text)]

    @cached_property
    def numbers(self) -> list[Number]:
        """The attributes that are numbers."""
        return [each for each in self.attributes if isinstance(each, Number)]

    @cached_property
    def series(self) -> list[Series]:
        """The attributes by quarter."""
        return [each for each in self.attributes if isinstance(each, Series)]

    @cached_property
    def comparison_of(self) -> dict[str, Comparison]:
        """The comparisons by attribute."""
        return {comparison.key: comparison for comparison in self.comparisons}


Direction = Literal["highest", "lowest"]
