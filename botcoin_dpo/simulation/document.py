"""The document of a challenge: every fact of the table, scattered over numbered paragraphs.

A fact is stated directly, or as the difference to another entity's; following the statements leads
to every value of the table. Around them stand headings, asides in other registers, gossip, fillers,
names with typing errors, and the traps: a superseded value beside the confirmed one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from botcoin_dpo.simulation import names
from botcoin_dpo.simulation.constraint_making import Trap
from botcoin_dpo.simulation.domain import QUARTERS, Domain, Number, Series, Sheet
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.table import Cell, Table, Value

FEWEST_PARAGRAPHS, MOST_PARAGRAPHS = 60, 110
FEWEST_BYTES, MOST_BYTES = 13_000, 25_000

_ASIDES_ARE_SHORT = 0.45
"""Share of the paragraphs that may be left out which repeat a fact in another register."""
_TYPING_ERROR = 0.015
"""Share of names in comparisons and sheets that are misspelled."""
_STALE_SHEET = 0.3
"""Share of traps whose wrong value stands in the entity's own sheet as well."""
_FLOURISH = 0.6
"""Share of sheets that end in a sentence without facts, where the domain has such."""
_DEEP = 0.2
"""Share of relative entities that are told relative to another relative entity."""

_PLACEHOLDER = re.compile(r"\{([\w.]+)\}")


class Statement(NamedTuple):
    """A fact as a paragraph states it."""

    cell: Cell
    paragraph: int
    """From 1."""
    value: Value
    """The value, or the absolute difference to the other entity's."""
    other: int | None = None
    """The entity it is relative to."""
    sign: int = 1
    """Of the difference: 1 if it is more than the other's."""


@dataclass(frozen=True, slots=True)
class TrapPlace:
    """Where a trap lies."""

    trap: Trap
    wrong_paragraphs: list[int]
    """From 1."""
    correct_paragraph: int


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered document."""

    text: str
    paragraphs: list[str]
    statements: dict[Cell, list[Statement]]
    """By the cell they tell of; at least one for every cell."""
    traps: list[TrapPlace]


@dataclass(slots=True)
class _Draft:
    """A paragraph before it has a number."""

    text: str
    statements: list[tuple[Cell, Value, int | None, int]] = field(default_factory=list)
    wrong_of: list[Trap] = field(default_factory=list)
    correct_of: Trap | None = None


def write_document(table: Table, traps: Sequence[Trap], rng: RandomStream) -> Document:
    """Return a document that states every value of the table."""
    return _Writer(table, traps, rng).write()


class _Writer:
    def __init__(self, table: Table, traps: Sequence[Trap], rng: RandomStream) -> None:
        self._table, self._traps, self._dice = table, traps, rng
        self._domain, self._columns = table.domain, table.columns
        self._prose = table.domain.prose
        self._count = len(table.entities)
        self._drafts: list[_Draft] = []
        self._stale = {trap.cell: trap for trap in traps if rng.chance(_STALE_SHEET)}
        """Cells whose sheet states the wrong value."""

    def write(self) -> Document:
        """Write the facts, then the traps, then as much else as fits."""
        relative = round(self._count * self._domain.relative_share)
        order = self._dice.shuffled(range(self._count))
        anchors, told_relatively = order[relative:], order[:relative]
        for entity in anchors:
            for sheet in self._domain.sheets:
                self._sheet(sheet, entity)
        for position, entity in enumerate(told_relatively):
            for sheet in self._domain.sheets:
                if not sheet.compared:
                    self._sheet(sheet, entity)
            for group in self._domain.comparison_groups:
                deep = position > 0 and self._dice.chance(_DEEP)
                # The first relative entity leans on an anchor, and only such ones are leant on.
                bases = [told_relatively[0]] if deep else self._dice.shuffled(anchors)
                self._comparison(group, entity, self._unlike(entity, group, bases))
        for trap in self._traps:
            self._trap(trap)
        self._fill(anchors)
        heading = _Draft(self._dice.pick(self._prose.headings))
        return self._numbered([heading, *self._dice.shuffled(self._drafts)])

    def _name(self, entity: int) -> str:
        name = self._table.entities[entity]
        return names.misspelled(name, self._dice) if self._dice.chance(_TYPING_ERROR) else name

    def _printed(self, attribute: Number | Series, value: Value) -> str:
        forms = attribute.forms
        if isinstance(attribute, Series) and isinstance(value, int) and value < 0:
            forms, value = attribute.negative_forms, -value
        form = self._dice.pick(forms)
        return form.format(value, value / 1000) if "{1" in form else form.format(value)  # type: ignore[operator]

    def _slots(self, slots: Sequence["_Slot"], entity: int) -> dict[str, str]:
        """Return how the values of an entity are printed in sheets and asides."""
        printed: dict[str, str] = {}
        for name, cell_key, attribute in slots:
            value = self._columns[cell_key][entity]
            if attribute is None:
                printed[name] = str(value)
                continue
            trap = self._stale.get(Cell(entity, *cell_key))
            printed[name] = self._printed(attribute, trap.wrong if trap else value)
        return printed

    def _sheet(self, sheet: Sheet, entity: int) -> None:
        slots = _slots_of(self._domain, sheet.keys)
        printed = self._slots(slots, entity)
        printed["name"] = self._name(entity)
        text = _format(self._dice.pick(sheet.templates)).format_map(printed)
        if self._prose.flourishes and self._dice.chance(_FLOURISH):
            text = f"{text} {self._dice.pick(self._prose.flourishes)}"
        draft = _Draft(text)
        for _, cell_key, _ in slots:
            cell = Cell(entity, *cell_key)
            if cell in self._stale:
                draft.wrong_of.append(self._stale[cell])
            else:
                draft.statements.append((cell, self._columns[cell_key][entity], None, 1))
        self._drafts.append(draft)

    def _unlike(
        self, entity: int, group: Sequence[tuple[str, int | None]], bases: Sequence[int]
    ) -> int:
        """Return the first base that differs from the entity in all that is to be compared."""
        for base in bases:
            columns = [self._columns[cell_key] for cell_key in group]
            if all(column[base] != column[entity] for column in columns):
                return base
        return bases[0]

    def _comparison(self, group: Sequence[tuple[str, int | None]], entity: int, other: int) -> None:
        sentences, statements = [], []
        for key, quarter in group:
            numbers = self._table.numbers(key, quarter)
            attribute = self._domain.by_key[key]
            assert isinstance(attribute, Number | Series)
            digits = attribute.digits if isinstance(attribute, Number) else 0
            difference = numbers[entity] - numbers[other]
            apart = round(abs(difference), digits) if digits else abs(difference)
            sign = 1 if difference >= 0 else -1
            template = self._dice.pick(attribute.more_than if sign > 0 else attribute.less_than)
            quarter_name = (
                "" if quarter is None else self._dice.pick(self._domain.quarters[quarter - 1])
            )
            sentences.append(
                template.format(a=self._name(entity), b=self._name(other), d=apart, q=quarter_name)
            )
            statements.append((Cell(entity, key, quarter), apart, other, sign))
        self._drafts.append(_Draft(" ".join(sentences), statements))  # type: ignore[arg-type]

    def _trap(self, trap: Trap) -> None:
        attribute = self._domain.by_key[trap.cell.key]
        assert isinstance(attribute, Number | Series)
        label = attribute.term or attribute.key
        slots = {
            "name": self._table.entities[trap.cell.entity],
            "label": label.format(trap.cell.quarter),
        }
        rng = self._dice
        wrong = rng.pick(self._prose.superseded).format(
            **slots, value=self._printed(attribute, trap.wrong)
        )
        correct = rng.pick(self._prose.confirmed).format(
            **slots, value=self._printed(attribute, trap.correct)
        )
        self._drafts.append(_Draft(wrong, wrong_of=[trap]))
        self._drafts.append(_Draft(correct, [(trap.cell, trap.correct, None, 1)], correct_of=trap))

    def _fill(self, anchors: Sequence[int]) -> None:
        """Add asides, gossip and fillers until the document has the size that was drawn."""
        rng = self._dice
        paragraphs = rng.between(FEWEST_PARAGRAPHS + 4, MOST_PARAGRAPHS - 1)
        limit = rng.between(FEWEST_BYTES + 3000, MOST_BYTES - 1500)
        size = sum(len(draft.text) + 20 for draft in self._drafts)
        fillers = rng.shuffled(self._prose.fillers)
        while len(self._drafts) < FEWEST_PARAGRAPHS or (
            len(self._drafts) < paragraphs and size < limit
        ):
            if rng.chance(_ASIDES_ARE_SHORT) or (size < FEWEST_BYTES and not fillers):
                draft = self._aside(rng.pick(anchors))
            elif fillers and rng.chance(0.6):
                draft = _Draft(fillers.pop())
            else:
                draft = self._gossip()
            self._drafts.append(draft)
            size += len(draft.text) + 20

    def _aside(self, entity: int) -> _Draft:
        template = self._dice.pick(self._prose.asides)
        slots = _slots_of(self._domain, _keys_in(template))
        printed = self._slots(slots, entity)
        printed["name"] = self._name(entity)
        named = set(_names_in(template))  # of a series, perhaps one quarter alone
        cells = (Cell(entity, *slot.cell_key) for slot in slots if slot.name in named)
        wrong_of = [self._stale[cell] for cell in cells if cell in self._stale]
        return _Draft(_format(template).format_map(printed), wrong_of=wrong_of)

    def _gossip(self) -> _Draft:
        one, two = self._dice.sample(self._table.entities, 2)
        alias = one.split()[0] if self._dice.chance(0.5) else "".join(w[0] for w in one.split())
        text = self._dice.pick(self._prose.gossip).format(name=one, other=two, alias=alias)
        return _Draft(text)

    def _numbered(self, drafts: Sequence[_Draft]) -> Document:
        statements: dict[Cell, list[Statement]] = {}
        wrong: dict[Cell, list[int]] = {trap.cell: [] for trap in self._traps}
        correct: dict[Cell, int] = {}
        for number, draft in enumerate(drafts, start=1):
            for cell, value, other, sign in draft.statements:
                statement = Statement(cell, number, value, other, sign)
                statements.setdefault(cell, []).append(statement)
            for trap in draft.wrong_of:
                wrong[trap.cell].append(number)
            if draft.correct_of is not None:
                correct[draft.correct_of.cell] = number
        paragraphs = [draft.text for draft in drafts]
        text = "\n\n".join(
            f"[paragraph_{number}]\n{each}" for number, each in enumerate(paragraphs, start=1)
        )
        places = [TrapPlace(trap, wrong[trap.cell], correct[trap.cell]) for trap in self._traps]
        return Document(text, paragraphs, statements, places)


class _Slot(NamedTuple):
    """A place in templates for a value."""

    name: str
    cell_key: tuple[str, int | None]
    """Attribute and quarter."""
    attribute: Number | Series | None
    """None for a text, which is printed as it is."""


@lru_cache(maxsize=256)
def _slots_of(domain: Domain, keys: tuple[str, ...]) -> list[_Slot]:
    """Return the slots of attributes: one each, four for a series."""
    slots = []
    for key in keys:
        attribute = domain.by_key[key]
        if isinstance(attribute, Series):
            for quarter in QUARTERS:
                slots.append(_Slot(f"{_slot(key)}_{quarter}", (key, quarter), attribute))
        else:
            number = attribute if isinstance(attribute, Number) else None
            slots.append(_Slot(_slot(key), (key, None), number))
    return slots


@lru_cache(maxsize=256)
def _names_in(template: str) -> tuple[str, ...]:
    """Return the names of the slots that a template prints."""
    return tuple(_slot(name) for name in _PLACEHOLDER.findall(template))


@lru_cache(maxsize=256)
def _keys_in(template: str) -> tuple[str, ...]:
    """Return the attributes that a template prints; a quarter's number is not part of the key."""
    found = (re.sub(r"_[1-4]$", "", name) for name in _PLACEHOLDER.findall(template))
    return tuple(dict.fromkeys(name for name in found if name != "name"))


def _slot(key: str) -> str:
    return key.replace(".", "__")


@lru_cache(maxsize=1024)
def _format(template: str) -> str:
    """Return a template whose slots `str.format_map` understands: it takes a dot for a lookup."""
    return _PLACEHOLDER.sub(lambda match: f"{{{_slot(match[1])}}}", template)
