"""What a domain is: its entities, their attributes, and the sentences that state them.

A domain is data: `domains/` has one TOML file for each, and the fields below are its keys. To add a
domain, add a file; each explains the placeholders of its templates at the top. Its `order` comes
after the others', because challenges take the domains in turn: so the first challenges of every log
stay as they are, and so do all logs of named domains.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta, Struct

QUARTERS = (1, 2, 3, 4)

Direction = Literal["highest", "lowest"]
Line = Annotated[str, Meta(min_length=1)]
Lines = Annotated[tuple[Line, ...], Meta(min_length=1)]
Key = Annotated[str, Meta(pattern=r"^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)?$")]
Phrase = Annotated[str, Meta(pattern=r'^[^"();:?]+$')]
"""What a constraint may call something, without the characters that end it there."""


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """An attribute that is a word or a name."""

    key: Key
    """Its name in extract steps and templates."""
    draw: Line | Lines
    """The values, or which of `names.NAME_MAKERS` makes them up."""
    include: Phrase | None = None
    """How a constraint asks for it: `headquarters city of the company`."""
    filter: Line | None = None
    """How a question picks entities by it: `headquartered in {}`."""
    same: Line | None = None
    """How a question picks the entities that share it: `in the same country as`."""
    variety: Annotated[int, Meta(ge=0, le=30)] = 0
    """Different made up values in one challenge, so that entities share them; 0 for as many as
    there are entities."""


class Number(Struct, frozen=True, forbid_unknown_fields=True):
    """An attribute that is a number."""

    key: Key
    low: int
    high: int
    most: Line
    """How a question asks for the entity with the highest value: `the most employees`."""
    least: Line
    forms: Lines
    """How documents print it; `{0}` is the value, `{1}` a thousandth of it."""
    digits: Annotated[int, Meta(ge=0, le=3)] = 0
    """Decimals; `low` and `high` are in units of the last one."""
    term: Phrase | None = None
    """How a constraint calls it, if constraints may compute with it."""
    above: Line | None = None
    """How a question picks entities by it: `with more than {} employees`."""
    more_than: Lines = ()
    """How an entity `{a}` is told to have more than another, `{b}`, by the difference `{d}`."""
    less_than: Lines = ()


class Series(Struct, frozen=True, forbid_unknown_fields=True):
    """An attribute with a number for each quarter."""

    key: Key
    low: int
    high: int
    noun: Line
    """What it counts: `revenue`."""
    forms: Lines
    negative_forms: Lines = ()
    """For values below 0, of their absolute value."""
    term: Phrase | None = None
    """How a constraint calls a quarter: `Q{} revenue`; None if constraints leave it alone."""
    more_than: Lines = ()
    """As those of numbers; `{q}` is the quarter's name."""
    less_than: Lines = ()


Attribute = Text | Number | Series


class Sheet(Struct, frozen=True, forbid_unknown_fields=True):
    """Facts about an entity that stand in one paragraph."""

    keys: Lines
    """The attributes; each attribute stands in one sheet."""
    templates: Lines
    """Each states all of the facts."""
    compared: Annotated[tuple[Lines, ...], Meta(min_length=1)] = ()
    """Which facts share a paragraph where they are told relative to another entity: `employees`,
    `revenue_1`. A sheet without is always told as it is."""


class Prose(Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences around the facts."""

    headings: Lines
    """First paragraphs."""
    asides: Lines
    """Short paragraphs on one entity, in another register; they repeat facts or state none."""
    gossip: Lines
    """Paragraphs on `{name}` and `{other}` that claim nothing; `{alias}` is a short name."""
    fillers: Lines
    """Paragraphs on no entity."""
    superseded: Lines
    """How a trap's wrong value is told: `{name}`, `{label}`, `{value}`."""
    confirmed: Lines
    """How the true value is told."""
    flourishes: Lines = ()
    """Sentences that may end a sheet's paragraph and state nothing."""


class Domain(Struct, frozen=True, eq=False, dict=True, forbid_unknown_fields=True):
    """A world that challenges are made of; compared by identity, so that hashing it is fast."""

    name: Annotated[str, Meta(pattern="^[a-z]+(_[a-z]+)*$")]
    """What `--domains` calls it; the file has the same name."""
    order: int
    """Its place among the domains when challenges take them in turn."""
    noun: Line
    plural: Line
    second_words: Lines
    """Second words of entity names."""
    entities: tuple[Annotated[int, Meta(ge=15)], Annotated[int, Meta(le=30)]]
    """Fewest and most."""
    relative_share: Annotated[float, Meta(ge=0, le=0.9)]
    """Share of entities whose comparable facts are told relative to others."""
    equation_modulus: Annotated[int, Meta(ge=2)]
    texts: tuple[Text, ...]
    numbers: tuple[Number, ...]
    series: tuple[Series, ...]
    sheets: tuple[Sheet, ...]
    prose: Prose
    quarters: tuple[Lines, Lines, Lines, Lines] = (
        ("Q1", "first quarter", "opening quarter"),
        ("Q2", "second quarter", "mid-year quarter"),
        ("Q3", "third quarter", "late-year quarter"),
        ("Q4", "fourth quarter", "closing quarter"),
    )
    """Names of each quarter."""

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """All attributes, in the order in which their values are drawn."""
        return (*self.texts, *self.numbers, *self.series)

    @cached_property
    def by_key(self) -> dict[str, Attribute]:
        """The attributes by key."""
        return {attribute.key: attribute for attribute in self.attributes}

    @cached_property
    def facts(self) -> dict[str, tuple[str, int | None]]:
        """Attribute and quarter by the placeholder of templates: `revenue_1`."""
        return {
            placeholder: fact
            for attribute in self.attributes
            for placeholder, fact in _facts_of(attribute)
        }

    @cached_property
    def comparison_groups(self) -> list[list[tuple[str, int | None]]]:
        """The facts that each paragraph tells which compares one entity to another."""
        return [
            [self.facts[placeholder] for placeholder in group]
            for sheet in self.sheets
            for group in sheet.compared
        ]


def _facts_of(attribute: Attribute) -> Iterator[tuple[str, tuple[str, int | None]]]:
    if isinstance(attribute, Series):
        for quarter in QUARTERS:
            yield f"{attribute.key}_{quarter}", (attribute.key, quarter)
    else:
        yield attribute.key, (attribute.key, None)
