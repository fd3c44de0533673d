"""A small world of its own, with challenges and attempts whose truth is known.

It imports nothing of the package: what a constraint asks for follows here from a table, by a few
lines of its own. So it can tell where an audit is wrong, and where simulator and audit share an
error. Documents are written so that a person reads them without doubt.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

Record = dict[str, Any]
Value = str | int

ORDINALS = ("first", "second", "third", "fourth")
KINDS = (
    "word_count", "include", "include", "prime", "equation", "acrostic", "forbidden_letter",
)  # fmt: skip
"""Of the constraints of every challenge, in their order."""


@dataclass(frozen=True)
class Domain:
    """What a document is about, and how it speaks of it.

    `{E}` is an entity, `{v}` its value, `{a}` to `{d}` its values of the four quarters.
    """

    noun: str
    plural: str
    names: tuple[str, ...]
    pools: dict[str, tuple[str, ...]]
    """The values of attributes that are texts."""
    ranges: dict[str, tuple[int, int]]
    """The smallest and the largest value of attributes that are numbers; the last has quarters."""
    phrases: dict[str, tuple[str, ...]]
    """How constraints name an attribute; `{q}` is `Q3`, `{o}` is `third`."""
    keys: dict[str, tuple[str, ...]]
    """How traces name it; `{n}` is the number of the quarter."""
    forms: dict[str, tuple[str, ...]]
    questions: dict[str, tuple[str, str]]
    """How questions ask for the largest and for the smallest number."""
    withdrawn: tuple[str, ...]
    """How a superseded value of the first number is told."""
    compared: str
    """How the first number of two entities is compared; `{F}` has less, by `{v}`."""
    again: str
    """Tells the second text once more."""
    aliases: tuple[str, ...]
    asides: tuple[str, ...]
    fillers: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """Names of the attributes that are texts."""
        return list(self.pools)

    @property
    def numbers(self) -> list[str]:
        """Names of the two attributes that are single numbers."""
        return list(self.ranges)[:2]

    @property
    def series(self) -> str:
        """Name of the attribute that has a number for each quarter."""
        return list(self.ranges)[2]


VINEYARDS = Domain(
    noun="vineyard",
    plural="vineyards",
    names=(
        "Amber Ridge", "Cold Spring", "Dunmore Hollow", "Falcon Bench", "Gilded Terrace",
        "Hollow Oak", "Juniper Slope", "Kestrel Bank", "Larkspur Hill", "Marlow Field",
        "Northgate Rise", "Three Quarry Lane",
    ),
    pools={
        "village": ("Saint Orin", "Harrowby", "Tessel", "Upper Combe", "Varna Cross", "Bruckel"),
        "grape": ("Pinot Meunier", "Carignan", "Tannat", "Roussanne", "Gamay", "Vermentino"),
    },
    ranges={"vines": (2_000, 60_000), "altitude": (80, 900), "bottles": (1_100, 9_900)},
    phrases={
        "village": ("village", "home village"),
        "grape": ("main grape", "main grape variety"),
        "vines": ("number of vines", "vine count"),
        "altitude": ("altitude in metres", "altitude"),
        "bottles": ("{q} bottle sales", "{o}-quarter bottle sales"),
    },
    keys={
        "village": ("village", "home_village"),
        "grape": ("main_grape", "main grape variety"),
        "vines": ("vine_count", "vines"),
        "altitude": ("altitude", "altitude_metres"),
        "bottles": ("bottle_sales_q{n}", "q{n}_bottle_sales"),
    },
    forms={
        "village": (
            "{E} lies in the village of {v}.",
            "The home village of {E} is {v}.",
            "{E}, in the village of {v}, opens its gates on Sundays.",
            "{E} belongs to the village of {v}.",
        ),
        "grape": (
            "The main grape at {E} is {v}.",
            "{E} grows {v} as its main grape.",
            "{v} is the main grape of {E}.",
            "At {E} the main grape is {v}, picked by hand.",
        ),
        "vines": (
            "{E} has {v} vines.",
            "There are {v} vines at {E}.",
            "The vine count at {E} is {v}.",
            "{E} tends {v} vines on its slopes.",
            "With {v} vines, {E} keeps its pickers busy.",
        ),
        "altitude": (
            "{E} sits at an altitude of {v} metres.",
            "The altitude of {E} is {v} metres.",
            "{E} stands {v} metres above the sea.",
            "At an altitude of {v} metres, {E} ripens late.",
        ),
        "bottles": (
            "{E} sold {a} bottles in the first quarter, {b} in the second, {c} in the third and"
            " {d} in the fourth.",
            "Bottle sales of {E} by quarter: Q1 {a}, Q2 {b}, Q3 {c}, Q4 {d}.",
            "Quarterly bottle sales at {E} were {a}, {b}, {c} and {d}.",
            "In the first quarter {E} sold {a} bottles; in the second quarter {b} bottles; in the"
            " third quarter {c} bottles; in the fourth quarter {d} bottles.",
        ),
    },
    questions={
        "vines": ("has the most vines", "has the fewest vines"),
        "altitude": ("lies at the highest altitude", "lies at the lowest altitude"),
        "bottles": (
            "sold the most bottles in the {o} quarter", "sold the fewest bottles in the {o} quarter"
        ),
    },
    withdrawn=(
        "An early survey gave {E} {v} vines; that figure was later withdrawn.",
        "The first census put {E} at {v} vines, but the census was wrong.",
        "Preliminary papers listed {v} vines for {E}; they have been superseded.",
    ),
    compared="{E} has {v} more vines than {F}.",
    again="Growers praise {E} for its main grape, {v}.",
    aliases=("the Old Lady", "the Crown", "the Orchard"),
    asides=(
        "{E} offers {n} guided tours a year.",
        "The cellar of {E} was rebuilt in {y}.",
        "On the feast of Saint Martin, {n} guests came to {E}.",
        "A travel guide calls {E} the quietest spot on the river.",
    ),
    fillers=(
        "Wine has been made along the river since the Romans came.",
        "Frost in April costs every grower some sleep.",
        "The co-operative meets on the first Monday of the month.",
    ),
)  # fmt: skip

LIBRARIES = Domain(
    noun="library",
    plural="libraries",
    names=(
        "Ashgrove Library", "Beacon Hall", "Cedar Street Library", "Dovecote Athenaeum",
        "Elmhurst Library", "Fenwick Institute", "Harbour Lane Library", "Ivory Gate Library",
        "Jessamine House", "Kingfisher Library", "Lantern Hall", "Mercer Reading Room",
    ),
    pools={
        "city": ("Port Merrin", "Callow", "Brindle", "Osterwick", "Tarn", "Lowick Bay"),
        "librarian": (
            "Ines Calloway", "Tomas Berg", "Ruth Adeyemi", "Petra Lindholm", "Hugo Marchetti",
            "Selma Okonjo", "Anton Vries", "Clara Dunmore", "Emil Sorensen", "Nadia Petrosyan",
            "Oscar Tilling", "Greta Halloran",
        ),
    },
    ranges={"volumes": (8_000, 400_000), "founded": (1790, 1995), "loans": (1_000, 48_000)},
    phrases={
        "city": ("city", "home city"),
        "librarian": ("head librarian's last name", "last name of the head librarian"),
        "volumes": ("number of volumes", "volume count"),
        "founded": ("founding year", "year of foundation"),
        "loans": ("{q} loans", "{o}-quarter loans"),
    },
    keys={
        "city": ("city", "home_city"),
        "librarian": ("head_librarian_last_name",),
        "volumes": ("volumes", "number_of_volumes"),
        "founded": ("founding_year", "founded"),
        "loans": ("loans_q{n}", "q{n}_loans"),
    },
    forms={
        "city": (
            "{E} is based in {v}, Norland.",
            "{E} has its seat in {v}, Norland.",
            "{E} stands in the city of {v}.",
            "The home city of {E} is {v}.",
        ),
        "librarian": (
            "The head librarian of {E} is {v}.",
            "{v} is head librarian of {E}.",
            "{E} is led by head librarian {v}.",
            "Head librarian {v} runs {E}.",
        ),
        "volumes": (
            "{E} holds {v} volumes.",
            "The shelves of {E} carry {v} volumes.",
            "There are {v} volumes at {E}.",
            "{E} keeps a stock of {v} volumes.",
        ),
        "founded": (
            "{E} was founded in {v}.",
            "Founded in {v}, {E} has never moved.",
            "The founding year of {E} is {v}.",
            "{E} opened its doors at its foundation in {v}.",
        ),
        "loans": (
            "{E} counted {a} loans in the first quarter, {b} in the second, {c} in the third and"
            " {d} in the fourth.",
            "Loans at {E} by quarter: Q1 {a}, Q2 {b}, Q3 {c}, Q4 {d}.",
            "The quarterly loans of {E} were {a}, {b}, {c} and {d}.",
            "In the first quarter {E} made {a} loans; in the second quarter {b} loans; in the"
            " third quarter {c} loans; in the fourth quarter {d} loans.",
        ),
    },
    questions={
        "volumes": ("holds the most volumes", "holds the fewest volumes"),
        "founded": ("was founded last", "was founded first"),
        "loans": (
            "made the most loans in the {o} quarter", "made the fewest loans in the {o} quarter"
        ),
    },
    withdrawn=(
        "An early inventory gave {E} {v} volumes; that figure was later withdrawn.",
        "A draft report put {E} at {v} volumes, but the report was wrong.",
        "Preliminary lists showed {v} volumes at {E}; they have been superseded.",
    ),
    compared="{E} holds {v} more volumes than {F}.",
    again="Head librarian {v} wrote a guide to {E}.",
    aliases=("the Old Lady", "the Lighthouse", "the Beehive"),
    asides=(
        "{E} lends out {n} umbrellas on rainy days.",
        "The roof of {E} was mended in {y}.",
        "On its open day, {n} children came to {E}.",
        "A newspaper once praised the silence of {E}.",
    ),
    fillers=(
        "Readers here are known to be loyal and a little slow to return things.",
        "The county pays for heating, and the readers pay for biscuits.",
        "Card catalogues are still used in some places.",
    ),
)  # fmt: skip

DOMAINS = (VINEYARDS, LIBRARIES)


@dataclass(frozen=True)
class Need:
    """A value that a constraint asks for: an attribute (and quarter, from 1) of an answer."""

    question: int
    attribute: str
    quarter: int = 0
    modulus: int = 0
    offset: int = 0
    phrase: str = ""
    """How the constraint calls the attribute."""

    def of(self, number: int) -> int:
        """What a term makes of a number."""
        return number % self.modulus + self.offset


@dataclass(frozen=True)
class Constraint:
    """One constraint: its words, what it needs, and its own number, letter or questions."""

    kind: str
    text: str
    needs: tuple[Need, ...] = ()
    own: Any = None


@dataclass(frozen=True)
class Mistake:
    """What an attempt does wrong: the constraint, and how it comes about."""

    constraint: int
    how: str = "slip"


@dataclass
class World:
    """A challenge: a table, and all that follows from it."""

    seed: int
    domain: Domain
    table: dict[str, dict[str, Any]]
    document: str = ""
    paragraphs: dict[int, str] = field(default_factory=dict)
    """The texts of its paragraphs, by number."""
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    """Number of the paragraph that states an attribute of an entity."""
    questions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    trap: Record = field(default_factory=dict)

    def value(self, entity: str, need: Need) -> Value:
        """What the table says."""
        value = self.table[entity][need.attribute]
        if need.attribute == "librarian":
            return str(value).split()[-1]
        return value[need.quarter - 1] if need.quarter else value  # type: ignore[no-any-return]

    def truth(self, need: Need) -> Value:
        """The value that a constraint asks for."""
        return self.value(self.answers[need.question - 1], need)

    def asked(self, index: int, values: list[Value] | None = None) -> str | None:
        """The text that a constraint asks for; None where it asks for no text."""
        constraint = self.constraints[index]
        if values is None:
            values = [self.truth(need) for need in constraint.needs]
        if constraint.kind == "include":
            return str(values[0])
        terms = [n.of(int(v)) for n, v in zip(constraint.needs, values, strict=True)]
        if constraint.kind == "prime":
            return str(next_prime(terms[0]))
        if constraint.kind == "equation":
            return f"{terms[0]}+{terms[1]}={terms[0] + terms[1]}"
        if constraint.kind == "acrostic":
            length, *questions = constraint.own
            names = " ".join(self.answers[question - 1] for question in questions)
            return "".join(word[0] for word in names.split()).upper()[:length]
        return None

    def holds(self, index: int, artifact: str) -> bool:
        """Whether an artifact keeps a constraint."""
        constraint, text = self.constraints[index], self.asked(index)
        if constraint.kind == "word_count":
            return len(artifact.split()) == int(constraint.own)
        if constraint.kind == "forbidden_letter":
            return str(constraint.own) not in artifact.lower()
        if constraint.kind == "acrostic":
            return "".join(word[0] for word in artifact.split()[: len(text or "")]).upper() == text
        return str(text) in artifact

    def outcomes(self, artifact: str) -> list[bool]:
        """Which constraints an artifact keeps."""
        return [self.holds(index, artifact) for index in range(len(self.constraints))]


def next_prime(number: int) -> int:
    """The smallest prime that is not below a number."""
    while number < 2 or any(number % divisor == 0 for divisor in range(2, number)):
        number += 1
    return number


# The challenge


def make_world(seed: int) -> World:
    """A challenge that follows from a seed."""
    dice = Random(f"world {seed}")
    domain = dice.choice(DOMAINS)
    world = World(seed, domain, _table(domain, dice))
    _ask_questions(world, dice)
    _set_constraints(world, dice)
    _set_trap(world, dice)
    _write_document(world, dice)
    return world


def _table(domain: Domain, dice: Random) -> dict[str, dict[str, Any]]:
    names = dice.sample(domain.names, dice.randint(8, 12))
    table: dict[str, dict[str, Any]] = {name: {} for name in names}
    for attribute, pool in domain.pools.items():
        values = list(pool) if len(pool) >= len(names) else [*pool, *pool]
        for name, value in zip(names, dice.sample(values, len(names)), strict=True):
            table[name][attribute] = value
    for attribute, (low, high) in domain.ranges.items():
        numbers = dice.sample(range(low, high), 4 * len(names))  # all differ
        for at, name in enumerate(names):
            own = numbers[4 * at : 4 * at + 4]
            table[name][attribute] = own if attribute == domain.series else own[0]
    return table


def _ask_questions(world: World, dice: Random) -> None:
    domain, table = world.domain, world.table
    asked: list[tuple[str, str]] = []
    for attribute, words in domain.questions.items():
        for quarter in range(1, 5) if attribute == domain.series else (0,):
            need = Need(0, attribute, quarter)

            def number(name: str, need: Need = need) -> int:
                return int(world.value(name, need))

            for pick, each in zip((max, min), words, strict=True):
                text = each.format(o=ORDINALS[quarter - 1])
                asked.append((f"Which {domain.noun} {text}?", pick(table, key=number)))
    place = domain.texts[0]
    for value in sorted({row[place] for row in table.values()}):
        inside = [name for name in table if table[name][place] == value]
        words = domain.questions[domain.numbers[0]]
        asked.append(
            (
                f"Among the {domain.plural} in {value}, which one {words[0]}?",
                max(inside, key=lambda name: int(table[name][domain.numbers[0]])),
            )
        )
    chosen = dice.sample(asked, 10)
    world.questions = [question for question, _ in chosen]
    world.answers = [answer for _, answer in chosen]


def _set_constraints(world: World, dice: Random) -> None:
    domain = world.domain
    free = dice.sample(range(1, 11), 10)

    def named(need: Need) -> Need:
        text = dice.choice(domain.phrases[need.attribute])
        text = text.format(q=f"Q{need.quarter}", o=ORDINALS[need.quarter - 1])
        return replace(need, phrase=text)

    def term(need: Need) -> str:
        return f"{need.phrase} of the answer to Question {need.question}"

    places = [named(Need(free[at], domain.texts[at])) for at in (0, 1)]
    first, series, second = map(named, _terms(world, free, dice))
    words, letters = dice.randint(13, 18), dice.randint(2, 4)
    acrostic = f"(initials(Q{free[5]})+initials(Q{free[6]}))"
    includes = (
        "Must include the {a} of the {noun} that answers Question {n}.",
        "Must include the {a} of the {noun} that answers Question {n}.",
        "Include the {a} of the answer to Question {n}.",
        "Make sure that your answer mentions the {a} of the {noun} that answers Question {n}.",
        "The {a} of the {noun} that answers Question {n} has to appear in the artifact.",
    )
    include = [
        dice.choice(includes).format(a=need.phrase, noun=domain.noun, n=need.question)
        for need in places
    ]
    prime = dice.choice(
        (
            "Must include a prime number equal to nextPrime(({t} mod {m}) + {k}), as digits.",
            "The artifact must contain the smallest prime not below (({t} mod {m}) + {k}), in"
            " digits.",
        )
    ).format(t=term(first), m=first.modulus, k=first.offset)
    equation = dice.choice(
        (
            'Must include the equation "A+B=C" (digits, no spaces) where A=(({s} mod {m})+{k}) and'
            " B=(({t} mod {n})+{j}) and C=A+B.",
            'Must include the equation "X+Y=Z" (digits, no spaces), where X = ({s} modulo {m}) +'
            " {k}, Y = ({t} modulo {n}) + {j} and Z = X + Y.",
        )
    ).format(
        s=term(series), m=series.modulus, k=series.offset,
        t=term(second), n=second.modulus, j=second.offset,
    )  # fmt: skip
    count = dice.choice(
        (
            "Write EXACTLY {n} words. Single line.",
            "The artifact must contain exactly {n} words, on a single line.",
        )
    ).format(n=words)
    world.constraints = [
        Constraint("word_count", count, own=words),
        Constraint("include", include[0], (places[0],)),
        Constraint("include", include[1], (places[1],)),
        Constraint("prime", prime, (first,)),
        Constraint("equation", equation, (series, second)),
        Constraint(
            "acrostic",
            f"Acrostic: the first letters of the first {letters} words must spell the first"
            f" {letters} letters of {acrostic}, uppercased.",
            own=(letters, free[5], free[6]),
        ),
    ]
    needed = " ".join([str(world.asked(5)), *itertools.chain(*domain.pools.values())]).lower()
    letter = dice.choice([each for each in "zxqjkwvy" if each not in needed])
    forbidden = dice.choice(
        (
            'Must NOT contain the letter "{x}" (case-insensitive).',
            'The letter "{x}" must not occur in the artifact, in upper or in lower case.',
        )
    )
    text = forbidden.format(x=letter)
    world.constraints.append(Constraint("forbidden_letter", text, own=letter))


def _terms(world: World, free: list[int], dice: Random) -> tuple[Need, Need, Need]:
    """What the prime and the equation are made of; the equation has no digits of the prime."""
    single, other = world.domain.numbers
    while True:
        first = Need(free[2], single, 0, dice.choice([100, 90, 200]), dice.randint(10, 19))
        quarter, modulus = dice.randint(1, 4), dice.choice([10, 40, 50])
        series = Need(free[3], world.domain.series, quarter, modulus, 10)
        second = Need(free[4], other, 0, dice.choice([10, 30, 50]), dice.randint(10, 15))
        terms = [need.of(int(world.truth(need))) for need in (series, second)]
        prime = next_prime(first.of(int(world.truth(first))))
        if str(prime) not in f"{terms[0]}+{terms[1]}={sum(terms)}":
            return first, series, second


def _set_trap(world: World, dice: Random) -> None:
    """A superseded value of what the prime is made of, which leads to another prime."""
    need = world.constraints[3].needs[0]
    correct = int(world.truth(need))
    low, high = world.domain.ranges[need.attribute]
    wrong = correct
    while str(world.asked(3)) in str(world.asked(3, [wrong])):
        wrong = dice.randint(low, high)
    world.trap = {
        "attribute": world.domain.keys[need.attribute][0],
        "target_entity": world.answers[need.question - 1],
        "correct_value": correct,
        "wrong_value": wrong,
        "path_a_derived": int(world.asked(3, [wrong]) or 0),
        "path_b_derived": int(world.asked(3) or 0),
    }


# The document


def _write_document(world: World, dice: Random) -> None:
    domain = world.domain
    spell = dice.choice((lambda n: f"{n:,}", lambda n: f"{n:,}", str))
    paragraphs: list[tuple[str, list[tuple[str, str]]]] = []
    aliases = list(domain.aliases)
    for name in world.table:
        attributes = [*domain.forms]
        dice.shuffle(attributes)
        while attributes:
            group = [attributes.pop() for _ in range(min(len(attributes), dice.randint(1, 2)))]
            sentences = []
            for at, attribute in enumerate(group):
                subject = name if at == 0 or dice.random() < 0.5 else f"the {domain.noun}"
                if at == 0 and aliases and dice.random() < 0.1:
                    subject = aliases.pop()
                    sentences.append(f"{name} is known to everybody as {subject}.")
                sentences.append(_sentence(world, name, subject, attribute, spell, dice))
            if dice.random() < 0.3:
                sentences.append(_aside(domain, name, dice))
            paragraphs.append((" ".join(sentences), [(name, each) for each in group]))
        if dice.random() < 0.5:
            paragraphs.append((_aside(domain, name, dice), []))
        if dice.random() < 0.7:
            text = world.table[name][domain.texts[1]]
            paragraphs.append((_fill(domain.again, E=name, v=text), []))
    entity, wrong = world.trap["target_entity"], world.trap["wrong_value"]
    told = _fill(dice.choice(domain.withdrawn), E=entity, v=spell(wrong))
    paragraphs.append((told, [("trap", "wrong")]))
    for _ in range(2):
        low, high = sorted(
            dice.sample(sorted(world.table), 2),
            key=lambda n: int(world.table[n][domain.numbers[0]]),
        )
        more = world.table[high][domain.numbers[0]] - world.table[low][domain.numbers[0]]
        paragraphs.append((_fill(domain.compared, E=high, F=low, v=spell(more)), []))
    paragraphs += [(each, []) for each in domain.fillers]
    dice.shuffle(paragraphs)
    for number, (text, stated) in enumerate(paragraphs, start=1):
        world.places |= dict.fromkeys(stated, number)
        world.paragraphs[number] = _wrap(text) if dice.random() < 0.1 else text
    numbered = world.paragraphs.items()
    world.document = "\n\n".join(f"[paragraph_{number}]\n{text}" for number, text in numbered)
    trapped = world.places[entity, domain.numbers[0]]
    world.trap |= {
        "correct_paragraph": trapped - 1,
        "wrong_paragraphs": [world.places["trap", "wrong"] - 1],
    }


def _sentence(
    world: World, name: str, subject: str, attribute: str, spell: Any, dice: Random
) -> str:
    value = world.table[name][attribute]
    form = dice.choice(world.domain.forms[attribute])
    if isinstance(value, list):
        values = dict(zip("abcd", map(spell, value), strict=True))
        return _fill(form, E=subject, **values)
    is_count = isinstance(value, int) and attribute != "founded"
    return _fill(form, E=subject, v=spell(value) if is_count else value)


def _fill(form: str, **values: Any) -> str:
    text = form.format(**values)
    return text[0].upper() + text[1:]


def _aside(domain: Domain, name: str, dice: Random) -> str:
    return _fill(
        dice.choice(domain.asides), E=name, n=dice.randint(12, 70), y=dice.randint(1950, 2010)
    )


def _wrap(text: str) -> str:
    """Break lines after every fifth word."""
    words = text.split(" ")
    return "\n".join(" ".join(words[at : at + 5]) for at in range(0, len(words), 5))


# Attempts


@dataclass
class Attempt:
    """A record, and what the world knows of it."""

    world: World
    record: Record
    outcomes: list[bool]
    """Which constraints the artifact keeps."""
    changed: set[int] = field(default_factory=set)
    """Constraints whose outcome was changed into a false one."""
    is_relabelled: bool = False

    @property
    def key(self) -> str:
        """The id of the record."""
        return str(self.record["record_id"])

    @property
    def is_touched(self) -> bool:
        """Whether the record lies."""
        return bool(self.changed) or self.is_relabelled


def mistake_of(kind: int, dice: Random) -> Mistake:
    """A mistake that breaks a constraint, as a miner may make it."""
    hows = {
        1: ("entity", "attribute"),
        2: ("entity", "attribute"),
        3: ("entity", "attribute", "trap", "slip"),
        4: ("entity", "quarter", "slip"),
    }
    return Mistake(kind, dice.choice(hows.get(kind, ("slip",))))


def make_attempt(
    world: World,
    miner: str,
    index: int = 1,
    mistake: Mistake | None = None,
    *,
    path_a: bool = False,
    challenge: str | None = None,
) -> Attempt:
    """An honest record of an attempt.

    Args:
        world: the challenge.
        miner: who makes it.
        index: which of the miner's attempts it is.
        mistake: what is wrong with it; None if it is right.
        path_a: it falls for the trap, and is accepted on path A.
        challenge: the id of the challenge, if it is not that of the world.
    """
    dice = Random(f"attempt {world.seed} {miner} {index} {mistake} {path_a}")
    if path_a:
        mistake = Mistake(3, "trap")
    for _ in range(200):
        sides = [(n, world.answers[n.question - 1]) for c in world.constraints for n in c.needs]
        values = {need: world.value(entity, need) for need, entity in sides}
        owners = dict(sides)
        if mistake is not None:
            _misread(world, mistake, values, owners, dice)
        slip = mistake.constraint if mistake is not None and mistake.how == "slip" else None
        artifact = _artifact(world, values, slip, dice)
        outcomes = world.outcomes(artifact)
        broken = [at for at, holds in enumerate(outcomes) if not holds]
        if broken == ([] if mistake is None else [mistake.constraint]):
            break
    else:
        assert mistake is not None and mistake.how != "slip", f"world {world.seed}: {mistake}"
        slipped = Mistake(mistake.constraint) if mistake.constraint > 2 else Mistake(0)
        return make_attempt(world, miner, index, slipped, challenge=challenge)
    steps = _trace(world, values, owners, slip, dice)
    record = _record(world, challenge or f"0x{world.seed:04x}", miner, index, artifact, steps)
    record |= _answers(world, owners, dice)
    _label(record, outcomes, path="A" if path_a else None if broken else "B")
    if path_a and dice.random() < 0.5:  # some say what holds by the wrong value
        _label(record, [True] * len(outcomes), path="A")
    return Attempt(world, record, outcomes)


def _misread(
    world: World,
    mistake: Mistake,
    values: dict[Need, Value],
    owners: dict[Need, str],
    dice: Random,
) -> None:
    """Change one value that a constraint needs, in the way of a mistake."""
    needs = world.constraints[mistake.constraint].needs
    if mistake.how == "slip" or not needs:
        return
    need = needs[0]
    if mistake.how == "trap":
        values[need] = world.trap["wrong_value"]
    elif mistake.how == "entity":
        owners[need] = dice.choice(sorted(world.table))
        values[need] = world.value(owners[need], need)
    elif mistake.how == "quarter":
        values[need] = dice.choice(world.table[owners[need]][need.attribute])
    else:
        similar = world.domain.numbers if need.modulus else world.domain.texts
        other = next(each for each in similar if each != need.attribute)
        values[need] = world.value(owners[need], Need(need.question, other))


def _artifact(world: World, values: dict[Need, Value], slip: int | None, dice: Random) -> str:
    """An artifact with what the values lead to, and at most one slip of the pen."""
    letter, count = str(world.constraints[6].own), int(world.constraints[0].own)
    texts: dict[int, str] = {}
    for index in (1, 2, 3, 4, 5):
        needs = world.constraints[index].needs
        texts[index] = str(world.asked(index, [values[need] for need in needs]))
    if slip in (3, 4):  # a slip of arithmetic
        terms = [need.of(int(values[need])) for need in world.constraints[slip].needs]
        terms[0] += dice.choice([-1, 1, 2]) if slip == 4 else dice.choice([14, 15, 20])
        texts[slip] = str(next_prime(terms[0]))
        if slip == 4:
            texts[slip] = f"{terms[0]}+{terms[1]}={sum(terms)}"
    endings = [each for each in ("on", "alem", "irun", "ess", "undo") if letter not in each]
    initials = list(texts[5])
    if slip == 5:
        initials[0] = dice.choice([each for each in "BDFLMST" if each != initials[0]])
    words = [each + dice.choice(endings) for each in initials]
    middle = [texts[1], texts[2], texts[3], texts[4]]
    dice.shuffle(middle)
    words += " ".join(middle).split()
    fillers = [each for each in ("and", "the", "list", "near", "sum", "code") if letter not in each]
    if slip == 6:
        words.append(f"l{letter}")
    wanted = count + (dice.choice([-1, 1]) if slip == 0 else 0)
    while len(words) < wanted:
        words.append(dice.choice(fillers))
    return " ".join(words)


def _trace(
    world: World,
    values: dict[Need, Value],
    owners: dict[Need, str],
    slip: int | None,
    dice: Random,
) -> list[Record]:
    """The steps by which an attempt finds its texts, each cited where the document has it."""
    steps: list[Record] = []
    for index, constraint in enumerate(world.constraints):
        sums: list[str] = []
        for need in constraint.needs:
            name = f"e{len(steps) + 1}"
            steps.append(_extraction(world, name, owners[need], need, values[need], dice))
            if not need.modulus:
                continue
            remainder = int(values[need]) % need.modulus
            result = need.of(int(values[need]))
            if slip == index and not sums:
                result += 1
            steps.append(_step(f"m{len(steps) + 1}", "mod", [name, need.modulus], remainder))
            inputs = [steps[-1]["step_id"], need.offset]
            steps.append(_step(f"a{len(steps) + 1}", "add", inputs, result))
            sums.append(steps[-1]["step_id"])
        if constraint.kind == "prime":
            result = next_prime(int(steps[-1]["result"]))
            steps.append(_step("p", "next_prime", sums, result))
        elif constraint.kind == "equation":
            total = sum(int(step["result"]) for step in steps if step["step_id"] in sums)
            steps.append(_step("s", "add", sums, total))
    return steps


def _step(name: str, operation: str, inputs: list[Any], result: int) -> Record:
    return {
        "step_id": name, "action": "compute_logic", "operation": operation, "inputs": inputs,
        "result": result,
    }  # fmt: skip


def _attribute_read(world: World, entity: str, need: Need, value: Value) -> tuple[str, str]:
    """Where a value was found: perhaps it is another's than the one that is asked for."""
    if value == world.trap["wrong_value"]:
        return "trap", "wrong"
    same = [need.attribute, *world.domain.numbers, *world.domain.texts]
    for attribute in same:
        stated = world.table[entity][attribute]
        if value in (stated if isinstance(stated, list) else [stated, str(stated).split()[-1]]):
            return entity, attribute
    return entity, need.attribute


def _extraction(
    world: World, step_id: str, entity: str, need: Need, value: Value, dice: Random
) -> Record:
    keys, name = world.domain.keys[need.attribute], need.phrase.replace(" ", "_").lower()
    read = _attribute_read(world, entity, need, value)
    place = world.places[read]
    paragraph = world.paragraphs[place]
    matches = entity.lower() in paragraph.lower() and (
        str(value) in paragraph or str(value) in re.sub(r"(?<=\d),(?=\d)", "", paragraph)
    )
    zone = {world.trap["correct_paragraph"]: "GROUND_TRUTH", world.trap["wrong_paragraphs"][0]:
            "TRAP"} if need.attribute == world.domain.numbers[0] else {}  # fmt: skip
    return {
        "step_id": step_id,
        "action": "extract_fact",
        "targetEntity": entity,
        "attribute": name if dice.random() < 0.7 else dice.choice(keys).format(n=need.quarter),
        "valueExtracted": value,
        "source": f"paragraph_{place}",
        "coordinator_provenance": {
            "paragraph_index": place,
            "paragraph_total": len(world.paragraphs),
            "semantic_zone": zone.get(place - 1, "STANDARD"),
            "quote_match": "EXACT" if matches else "UNVERIFIED",
            "match_method": "paragraph_exact" if matches else "paragraph_unverified",
        },
    }


def _record(
    world: World, challenge: str, miner: str, index: int, artifact: str, steps: list[Record]
) -> Record:
    extracted = [step for step in steps if step["action"] == "extract_fact"]
    marks = [step["coordinator_provenance"]["quote_match"] == "EXACT" for step in extracted]
    texts = [constraint.text for constraint in world.constraints]
    return {
        "record_id": f"{challenge}-{miner}-{index}",
        "challenge_id": challenge,
        "challenge_domain": world.domain.plural,
        "miner_id": miner,
        "attempt_index": index,
        "submission": {"model": "oracle", "artifact": artifact, "reasoning_trace": steps},
        "attempt_submitted_at": 1_774_000_000_000 + index * 60_000,
        "challenge_context": {
            "document": world.document,
            "questions": world.questions,
            "constraints": [*texts, "Tip: words are split on spaces."],
            "paragraph_count": len(world.paragraphs),
            "question_metadata": [{"id": f"q{at:02}"} for at in _ids(world)],
        },
        "trap_metadata": {"trap_count": 1, "traps": [world.trap]},
        "trace_stats": {
            "total_steps": len(steps),
            "extract_fact_steps": len(extracted),
            "compute_logic_steps": len(steps) - len(extracted),
            "reasoning_steps": 0,
        },
        "trace_validation": {
            "ok": 2 * sum(marks) >= len(marks),
            "citation_match_rate": sum(marks) / len(marks),
            "total_extract_facts": len(marks),
            "matched_extract_facts": sum(marks),
            "resolved_citations": [
                {
                    "stepId": step["step_id"],
                    "paragraphIndex": step["coordinator_provenance"]["paragraph_index"],
                    "matched": mark,
                    "matchMethod": step["coordinator_provenance"]["match_method"],
                    "quoteMatchTier": step["coordinator_provenance"]["quote_match"],
                }
                for step, mark in zip(extracted, marks, strict=True)
            ],
        },
    }


def _ids(world: World) -> list[int]:
    """The numbers by which the answers to questions are stored, in the order of the questions."""
    return Random(f"ids {world.seed}").sample(range(1, 30), len(world.questions))


def _answers(world: World, owners: dict[Need, str], dice: Random) -> Record:
    """The answers that were handed in: an entity that was taken wrongly is a wrong answer."""
    taken = {need.question: owner for need, owner in owners.items()}
    entries: dict[str, Record] = {}
    for number, identifier in enumerate(_ids(world), start=1):
        expected = world.answers[number - 1]
        given = taken.get(number, expected)
        entries[f"q{identifier:02}"] = {
            "value": given, "expected": expected, "correct": given == expected,
        }  # fmt: skip
    shuffled = dict(sorted(entries.items(), key=lambda _: dice.random()))
    right = sum(entry["correct"] for entry in entries.values())
    return {
        "submitted_answers": shuffled,
        "answer_verification": {
            "correct": right, "total": len(entries), "required": 6, "passed_threshold": right >= 6,
        },
    }  # fmt: skip


def _label(record: Record, outcomes: list[bool], path: str | None) -> None:
    """Write outcomes, and all that follows from them, into a record."""
    passed = [at for at, holds in enumerate(outcomes) if holds]
    failed = [at for at, holds in enumerate(outcomes) if not holds]
    record |= {
        "pass": path is not None,
        "credit_eligible": path == "B",
        "acceptance_path": path or "NONE",
        "trap_classification": f"PATH_{path}" if path else "UNKNOWN",
        "session_status": "passed" if path else "active",
        "constraint_total": len(outcomes),
        "constraint_results": {str(at): {"pass": holds} for at, holds in enumerate(outcomes)},
        "constraints_passed": passed,
        "constraints_failed": failed,
        "constraint_pass_count": len(passed),
        "constraint_fail_count": len(failed),
    }


# Lies


def relabel(attempt: Attempt) -> Attempt:
    """Turn a failing attempt into a credited pass, in all that its record says."""
    attempt.changed = {at for at, holds in enumerate(attempt.outcomes) if not holds}
    attempt.is_relabelled = True
    _label(attempt.record, [True] * len(attempt.outcomes), path="B")
    return attempt


def flip(attempt: Attempt, index: int) -> Attempt:
    """Record one outcome of a failing attempt wrongly."""
    outcomes = [holds != (at == index) for at, holds in enumerate(attempt.outcomes)]
    attempt.changed = {index}
    _label(attempt.record, outcomes, path=None)
    return attempt
