"""Makes a challenge from a seed: its table, questions, constraints and trap."""

import itertools
from dataclasses import replace
from random import Random
from typing import Any

from tests.oracle.document import write_document
from tests.oracle.domains import DOMAINS, Domain
from tests.oracle.world import ORDINALS, Constraint, Need, World, next_prime


def make_world(seed: int) -> World:
    """A challenge that follows from a seed."""
    dice = Random(f"world {seed}")
    domain = dice.choice(DOMAINS)
    world = World(seed, domain, _table(domain, dice))
    _ask_questions(world, dice)
    _set_constraints(world, dice)
    _set_trap(world, dice)
    write_document(world, dice)
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
