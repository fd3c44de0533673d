"""The constraints of a challenge, bound to the answers of its questions, and the traps in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

from botcoin_dpo.constraints.acrostic import Acrostic
from botcoin_dpo.constraints.constraint import Answer, Constraint, Need, Reference, Term
from botcoin_dpo.constraints.equation import Equation
from botcoin_dpo.constraints.forbidden_letter import ForbiddenLetter
from botcoin_dpo.constraints.include import Include
from botcoin_dpo.constraints.kinds import parse
from botcoin_dpo.constraints.prime import Prime
from botcoin_dpo.constraints.word_count import WordCount
from botcoin_dpo.simulation.domain import QUARTERS
from botcoin_dpo.simulation.questions import Question
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.table import Cell, Table, Value

TrapPath = Literal["A", "B"]
PATHS: tuple[TrapPath, ...] = get_args(TrapPath)
_Kind = TypeVar("_Kind", bound=Constraint)
TIPS = (
    'Tip: avoid extra punctuation-only "words"; words are split on spaces.',
    "Tip: words are split on spaces, so punctuation on its own counts as a word.",
)
_PRIME_MODULUS = 100
_PRIME_OFFSET = 11
_EQUATION_OFFSET = 10
_INCLUDES = 3
_FORBIDDEN_LETTERS = "bcdfghjkmpquvwxyz"


@dataclass(frozen=True, slots=True)
class Trap:
    """A superseded value of something that a constraint computes with."""

    cell: Cell
    role: str
    """Which constraint computes with it: `prime` or `equation`."""
    wrong: int
    correct: int
    path_a_derived: int
    """What the constraint makes of the wrong value."""
    path_b_derived: int
    """What it makes of the right one."""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What somebody holds to be true of a challenge."""

    table: Table
    cells: Mapping[Reference, Cell]
    """Where the table has what a constraint refers to, if the answers are right."""
    answers: Sequence[int | None]
    """The entity that answers each question."""
    instead: Mapping[Cell, Value]
    """Values held instead of the true ones."""

    def answer(self, question: int) -> str | None:
        """Return the entity that answers a question (from 1)."""
        entity = self.answers[question - 1]
        return None if entity is None else self.table.entities[entity]

    def cell(self, reference: Reference) -> Cell | None:
        """Return where the table has what a constraint refers to."""
        entity = self.answers[reference.question - 1]
        if entity is None:
            return None
        cell = self.cells[reference]
        return Cell(entity, cell.key, cell.quarter)

    def value(self, reference: Reference) -> Value | None:
        """Return the value of an attribute of the entity that answers a question."""
        cell = self.cell(reference)
        if cell is None:
            return None
        return self.instead[cell] if cell in self.instead else self.table.value(cell)

    def text_of(self, constraint: Constraint) -> str:
        """Return what a constraint asks for; all that it needs must be known."""
        text = constraint.text_of([self._known(need) for need in constraint.needs])
        assert text is not None
        return text

    def _known(self, need: Need) -> Value | None:
        if isinstance(need, Answer):
            return self.answer(need.question)
        if isinstance(need, Reference):
            return self.value(need)
        value = self.value(need.reference)
        assert isinstance(value, int)
        return need.of(value)


@dataclass(frozen=True, slots=True)
class Binding:
    """Constraints and what they refer to."""

    texts: list[str]
    """The checked constraints, then a tip."""
    word_count: WordCount
    includes: list[Include]
    prime: Prime
    equation: Equation
    acrostic: Acrostic
    forbidden_letter: ForbiddenLetter
    cells: dict[Reference, Cell]
    traps: list[Trap]

    @property
    def constraints(self) -> list[Constraint]:
        """The checked ones, as they were understood from their texts."""
        required = (*self.includes, self.prime, self.equation)
        return [self.word_count, *required, self.acrostic, self.forbidden_letter]

    def expected(self, table: Table, questions: Sequence[Question], path: TrapPath) -> list[str]:
        """Return what an artifact must have for each checked constraint, to pass on a path."""
        instead: dict[Cell, Value] = {trap.cell: trap.wrong for trap in self.traps}
        answers = [question.answer for question in questions]
        beliefs = Beliefs(table, self.cells, answers, instead if path == "A" else {})
        return [beliefs.text_of(constraint) for constraint in self.constraints]


def bind(table: Table, questions: Sequence[Question], rng: RandomStream) -> Binding:
    """Return eight constraints and a tip, and one or two traps."""
    while True:
        binding = _try_to_bind(table, questions, rng)
        if binding is not None:
            return binding


def _try_to_bind(table: Table, questions: Sequence[Question], rng: RandomStream) -> Binding | None:
    domain = table.domain
    cells: dict[Reference, Cell] = {}
    numbers = rng.sample(range(1, len(questions) + 1), _INCLUDES)
    asked = rng.sample([text for text in domain.texts if text.include], _INCLUDES)
    include_texts, includes = [], []
    for question, text in zip(numbers, asked, strict=True):
        wording = f"Must include the {text.include} that answers Question {question}."
        include_texts.append(wording)
        include = _parsed(wording, Include)
        includes.append(include)
        cells[include.reference] = Cell(questions[question - 1].answer, text.key)
    terms = rng.sample(_terms(table), 3)
    term_questions = [rng.between(1, len(questions)) for _ in terms]
    labels = [label for label, _, _ in terms]
    for (label, key, quarter), question in zip(terms, term_questions, strict=True):
        answer = questions[question - 1].answer
        cells[Reference(label, question)] = Cell(answer, key, quarter)
    prime_text = (
        f"Must include a prime number equal to nextPrime(({labels[0]} of the answer to Question "
        f"{term_questions[0]} mod {_PRIME_MODULUS}) + {_PRIME_OFFSET}), as digits."
    )
    left, right = (
        f"(({label} of the answer to Question {question} mod {domain.equation_modulus})"
        f"+{_EQUATION_OFFSET})"
        for label, question in zip(labels[1:], term_questions[1:], strict=True)
    )
    equation_text = (
        f'Must include the equation "A+B=C" (digits, no spaces) where A={left} and B={right} and '
        "C=A+B."
    )
    length = 2 if rng.chance(0.85) else 3
    initials = "+".join(f"initials(Q{question})" for question in rng.sample(numbers, 2))
    acrostic_text = (
        f"Acrostic: the first letters of the first {length} words must spell the first {length} "
        f"letters of ({initials}), uppercased."
    )
    prime, equation = _parsed(prime_text, Prime), _parsed(equation_text, Equation)
    acrostic = _parsed(acrostic_text, Acrostic)
    truth = Beliefs(table, cells, [question.answer for question in questions], {})
    traps = _traps(table, prime, equation, cells, rng)
    fallen = replace(truth, instead={trap.cell: trap.wrong for trap in traps})
    required = [*includes, prime, equation]
    true_texts, wrong_texts = (
        [held.text_of(each) for each in required] for held in (truth, fallen)
    )
    used = "".join((*true_texts, *wrong_texts, truth.text_of(acrostic))).lower()
    unused = [letter for letter in _FORBIDDEN_LETTERS if letter not in used]
    is_trapped = all(trap.path_a_derived != trap.path_b_derived for trap in traps)
    if not is_trapped or not unused or not _are_told_apart(true_texts, wrong_texts):
        return None
    needed = length + sum(len(text.split(" ")) for text in true_texts)
    count_text = f"Write EXACTLY {max(11, needed + rng.between(1, 5))} words. Single line."
    letter_text = f'Must NOT contain the letter "{rng.pick(unused)}" (case-insensitive).'
    checked = (*include_texts, prime_text, equation_text, acrostic_text)
    return Binding(
        texts=[count_text, *checked, letter_text, rng.pick(TIPS)],
        word_count=_parsed(count_text, WordCount),
        includes=includes,
        prime=prime,
        equation=equation,
        acrostic=acrostic,
        forbidden_letter=_parsed(letter_text, ForbiddenLetter),
        cells=cells,
        traps=traps,
    )


def _parsed(text: str, kind: type[_Kind]) -> _Kind:
    """Return a text as it is understood, which must be as it is meant."""
    constraint = parse(text)
    assert isinstance(constraint, kind), text
    return constraint


def _terms(table: Table) -> list[tuple[str, str, int | None]]:
    """Return what constraints may compute with: label, attribute, quarter."""
    terms: list[tuple[str, str, int | None]] = [
        (number.term, number.key, None) for number in table.domain.numbers if number.term
    ]
    for series in table.domain.series:
        if series.term:
            terms += [(series.term.format(quarter), series.key, quarter) for quarter in QUARTERS]
    return terms


def _traps(
    table: Table,
    prime: Prime,
    equation: Equation,
    cells: Mapping[Reference, Cell],
    rng: RandomStream,
) -> list[Trap]:
    """Return one trap, sometimes two, on different cells."""
    candidates: list[tuple[str, Constraint, Term]] = [
        ("prime", prime, prime.term),
        ("equation", equation, equation.left),
        ("equation", equation, equation.right),
    ]
    traps: dict[Cell, Trap] = {}
    for role, constraint, term in rng.sample(candidates, 2 if rng.chance(0.25) else 1):
        cell = cells[term.reference]
        correct = table.value(cell)
        assert isinstance(correct, int)
        wrong = _another_number(correct, rng)
        path_a, path_b = (constraint.derived(term.of(value)) for value in (wrong, correct))
        assert path_a is not None
        assert path_b is not None
        traps[cell] = Trap(cell, role, wrong, correct, path_a, path_b)
    return list(traps.values())


def _another_number(number: int, rng: RandomStream) -> int:
    """Return a number that could be mistaken for another."""
    while True:
        other = int(number * (0.62 + 0.8 * rng.random())) + rng.between(-3, 9)
        if other > 0 and other != number:
            return other


def _are_told_apart(true_texts: Sequence[str], wrong_texts: Sequence[str]) -> bool:
    """Return whether an artifact with the wrong texts fails, and one with the true ones too.

    So that nobody passes path A and path B at once.
    """
    differing = [
        (true, wrong) for true, wrong in zip(true_texts, wrong_texts, strict=True) if true != wrong
    ]
    all_true, all_wrong = " ".join(true_texts), " ".join(wrong_texts)
    return bool(differing) and all(
        true not in all_wrong and wrong not in all_true for true, wrong in differing
    )
