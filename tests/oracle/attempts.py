"""What miners hand in: right attempts, and those with one mistake."""

from dataclasses import dataclass, field
from random import Random

from tests.oracle.records import answers_of, label, make_record, trace_of
from tests.oracle.world import Need, Record, Value, World, next_prime


@dataclass(frozen=True)
class Mistake:
    """What an attempt does wrong: the constraint, and how it comes about."""

    constraint: int
    how: str = "slip"


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
) -> Attempt:
    """An honest record of an attempt.

    Args:
        world: the challenge.
        miner: who makes it.
        index: which of the miner's attempts it is.
        mistake: what is wrong with it; None if it is right.
        path_a: it falls for the trap, and is accepted on path A.
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
        # The mistake makes no difference here: let it be another one.
        assert mistake is not None and mistake.how not in ("slip", "trap"), (world.seed, mistake)
        return make_attempt(world, miner, index, Mistake(max(mistake.constraint, 3)))
    steps = trace_of(world, values, owners, slip, dice)
    record = make_record(world, miner, index, artifact, steps)
    record |= answers_of(world, owners, dice)
    label(record, outcomes, path="A" if path_a else None if broken else "B")
    if path_a and dice.random() < 0.5:  # some say what holds by the wrong value
        label(record, [True] * len(outcomes), path="A")
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
