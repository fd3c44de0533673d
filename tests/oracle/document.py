"""Writes the document of a challenge."""

from random import Random
from typing import Any

from tests.oracle.domains import Domain
from tests.oracle.world import World

NARROW_SPACE = "\u202f"
"""Between the thousands of numbers, in some documents."""


def write_document(world: World, dice: Random) -> None:
    domain = world.domain
    separator = dice.choice([",", ",", ",", "", "", NARROW_SPACE])

    def spell(number: int) -> str:
        return f"{number:,}".replace(",", separator)

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
