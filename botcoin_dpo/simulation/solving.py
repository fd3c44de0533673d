"""How a miner solves a challenge: from what it believes to a trace and an artifact.

The trace is the miner's real work: every figure in the artifact is extracted where the document
states it, or derived from a comparison, and computed on step by step. Mistakes enter where they
would: a wrong answer changes what is extracted, a slip a result and all that follows from it.
"""

from collections.abc import Sequence

from botcoin_dpo.constraints.constraint import Term
from botcoin_dpo.constraints.equation import Equation
from botcoin_dpo.constraints.include import Include
from botcoin_dpo.constraints.prime import Prime
from botcoin_dpo.constraints.primes import next_prime
from botcoin_dpo.contract.numbers import plain
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, EXTRACT
from botcoin_dpo.simulation import vocabulary
from botcoin_dpo.simulation.challenge import Challenge
from botcoin_dpo.simulation.constraint_making import Beliefs
from botcoin_dpo.simulation.document import Statement
from botcoin_dpo.simulation.domain import QUARTERS, Series
from botcoin_dpo.simulation.miners import Profile
from botcoin_dpo.simulation.mistakes import Computation, Mistakes, neighbour
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.table import Cell, Value

_CUT_SHORT = 2
"""Steps of a trace that is cut short."""


def solve(
    challenge: Challenge,
    profile: Profile,
    mistakes: Mistakes,
    changes: list[str],
    rng: RandomStream,
) -> JsonObject:
    """Return a submission: model, artifact, reasoning trace.

    Args:
        challenge: what to solve.
        profile: the model's habits.
        mistakes: what goes wrong.
        changes: what was changed since the attempt before, in words.
        rng: chance.
    """
    return _Solver(challenge, profile, mistakes, rng).submission(changes)


class _Solver:
    def __init__(
        self,
        challenge: Challenge,
        profile: Profile,
        mistakes: Mistakes,
        rng: RandomStream,
    ) -> None:
        self._challenge, self._profile = challenge, profile
        self._mistakes, self._dice = mistakes, rng
        self._beliefs = Beliefs(
            challenge.table,
            challenge.binding.cells,
            mistakes.believed_answers(challenge),
            {},
        )
        self._extracts: list[JsonObject] = []
        self._computes: list[JsonObject] = []
        self._extracted: dict[Cell, tuple[str, Value]] = {}
        """The step that gives a figure, and the figure."""

    def submission(self, changes: list[str]) -> JsonObject:
        binding = self._challenge.binding
        required = [
            *map(self._include, binding.includes),
            self._prime(binding.prime),
            self._equation(binding.equation),
        ]
        self._give_evidence()
        trace = [*self._extracts, *self._computes]
        if changes:
            note = {"action": "revision", "note": "; ".join(changes)}
            trace.insert(
                len(trace) if self._profile.writes_literals else 0, {"step_id": "rev1", **note}
            )
        if self._mistakes.is_cut_short:
            trace = trace[:_CUT_SHORT]
        return {
            "model": self._profile.model,
            "artifact": self._artifact(required),
            "reasoning_trace": trace,
        }

    # The trace

    def _include(self, constraint: Include) -> str:
        """Extract the value that is asked for, and return its text."""
        cell = self._beliefs.cell(constraint.reference)
        assert cell is not None
        self._extract(cell)
        return self._beliefs.text_of(constraint)

    def _prime(self, constraint: Prime) -> str:
        """Compute the prime that is asked for, and return its text."""
        step, number = self._term(constraint.term, "prime")
        prime = next_prime(number)
        self._compute("next_prime", [(step, number)], prime)
        return str(prime)

    def _equation(self, constraint: Equation) -> str:
        """Compute the terms and the total of the equation, and return its text."""
        (left_step, left), (right_step, right) = (
            self._term(constraint.left, "left"),
            self._term(constraint.right, "right"),
        )
        total = left + right + self._mistakes.slips.get("sum", 0)
        self._compute("add", [(left_step, left), (right_step, right)], total)
        return f"{left}+{right}={total}"

    def _term(self, term: Term, computation: Computation) -> tuple[str, int]:
        """Compute a term, and return the step and its result."""
        cell = self._beliefs.cell(term.reference)
        assert cell is not None
        step, value = self._extract(cell)
        assert isinstance(value, int)
        rest = value % term.modulus
        slip = self._mistakes.slips.get(computation)
        if slip is not None:
            slipped = (rest + slip) % term.modulus
            rest = slipped if slipped != rest else (rest + 1) % term.modulus
        rest_step = self._compute("mod", [(step, value), term.modulus], rest)
        result = rest + term.offset
        return self._compute("add", [(rest_step, rest), term.offset], result), result

    def _extract(self, cell: Cell) -> tuple[str, Value]:
        """Extract a figure, deriving it if the document only compares it.

        Returns the step that gives it, and the figure as the miner believes it.
        """
        if cell not in self._extracted:
            self._extracted[cell] = self._extract_once(cell)
        return self._extracted[cell]

    def _extract_once(self, cell: Cell) -> tuple[str, Value]:
        challenge = self._challenge
        for place in challenge.document.traps:
            if place.trap.cell == cell and cell in self._mistakes.traps:
                wrong = place.trap.wrong
                return self._cite(cell, wrong, self._dice.pick(place.wrong_paragraphs)), wrong
        read = neighbour(cell) if cell in self._mistakes.quarters else cell
        statements = challenge.document.statements[read]
        direct = [each for each in statements if each.other is None]
        if direct:
            statement = self._dice.pick(direct)
            return self._cite(cell, statement.value, statement.paragraph), statement.value
        return self._derive(cell, self._dice.pick(statements))

    def _derive(self, cell: Cell, statement: Statement) -> tuple[str, Value]:
        """Extract a difference and what it is relative to, and put them together."""
        assert statement.other is not None
        read, difference = statement.cell, statement.value
        base_step, base = self._extract(Cell(statement.other, read.key, read.quarter))
        step = self._cite(cell, difference, statement.paragraph, suffix="difference")
        assert isinstance(base, int)
        assert isinstance(difference, int)
        value = base + statement.sign * difference
        operation = "add" if statement.sign > 0 else "subtract"
        inputs: list[tuple[str, Value] | int] = [(base_step, base), (step, difference)]
        return self._compute(operation, inputs, value), value

    def _cite(self, cell: Cell, value: Value, paragraph: int, suffix: str = "") -> str:
        if self._dice.chance(self._profile.bad_citation):
            paragraph = self._dice.between(1, len(self._challenge.document.paragraphs))
        step_id = f"e{len(self._extracts) + 1}"
        self._extracts.append(
            {
                "step_id": step_id,
                "action": EXTRACT,
                "targetEntity": self._challenge.table.entities[cell.entity],
                "attribute": self._name(cell) + (f"_{suffix}" if suffix else ""),
                "valueExtracted": _written(value),
                "source": f"paragraph_{paragraph}",
            }
        )
        return step_id

    def _name(self, cell: Cell) -> str:
        if self._profile.style == "path" or (
            cell.quarter is None and self._profile.style == "quarter"
        ):
            return cell.path
        key = cell.key.replace(".", "_") if self._profile.style == "snake" else cell.key
        separator = "_" if self._profile.style == "snake" else "."
        return key if cell.quarter is None else f"{key}{separator}q{cell.quarter}"

    def _compute(
        self, operation: str, inputs: Sequence[tuple[str, Value] | int], result: Value | bool
    ) -> str:
        step_id = f"c{len(self._computes) + 1}"
        literally = self._profile.writes_literals
        self._computes.append(
            {
                "step_id": step_id,
                "action": COMPUTE,
                "operation": operation,
                "inputs": [
                    each if isinstance(each, int) else _written(each[1]) if literally else each[0]
                    for each in inputs
                ],
                "result": _written(result),
            }
        )
        return step_id

    def _give_evidence(self) -> None:
        """Extract what some of the answers rest on, beyond what the constraints need."""
        challenge, rng = self._challenge, self._dice
        numbers = rng.sample(range(len(challenge.questions)), rng.between(*self._profile.evidence))
        for number in numbers:
            question = challenge.questions[number]
            entity = self._beliefs.answers[number]
            assert entity is not None
            attribute = challenge.domain.by_key[question.key]
            if question.kind == "total":
                cells = [Cell(entity, question.key, quarter) for quarter in QUARTERS]
                if all(self._is_direct(cell) for cell in cells):
                    quarters = [self._extract(cell) for cell in cells]
                    total = sum(value for _, value in quarters)  # type: ignore[misc]
                    self._compute("sum", quarters, total)
                continue
            quarter = question.quarter or 4 if isinstance(attribute, Series) else None
            cells = [Cell(each, question.key, quarter) for each in (entity, question.runner_up)]
            if entity != question.runner_up and all(self._is_direct(cell) for cell in cells):
                best, next_best = (self._extract(cell) for cell in cells)
                is_more = question.direction == "highest"
                operation = "compare_greater_than" if is_more else "compare_less_than"
                holds = best[1] > next_best[1] if is_more else best[1] < next_best[1]  # type: ignore[operator]
                self._compute(operation, [best, next_best], holds)
            elif self._is_direct(cells[0]):
                self._extract(cells[0])

    def _is_direct(self, cell: Cell) -> bool:
        statements = self._challenge.document.statements[cell]
        return any(statement.other is None for statement in statements)

    # The artifact

    def _artifact(self, required: list[str]) -> str:
        binding, rng, mistakes = self._challenge.binding, self._dice, self._mistakes
        count, forbidden = binding.word_count.words, binding.forbidden_letter.letter
        letters = self._beliefs.text_of(binding.acrostic)
        if mistakes.has_wrong_acrostic:
            letters = (
                letters[::-1]
                if letters[::-1] != letters
                else f"{letters[:-1]}{_after(letters[-1])}"
            )
        first = [vocabulary.word_for(letter, forbidden, rng) for letter in letters]
        pieces = rng.shuffled(required)
        room = count + mistakes.words - len(first) - sum(len(piece.split(" ")) for piece in pieces)
        fillers = [vocabulary.filler(forbidden, rng) for _ in range(room)]
        if mistakes.has_forbidden_letter and fillers:
            fillers[-1] = vocabulary.word_with(forbidden, rng)
        if rng.chance(0.5):  # a list of facts, or something like a sentence
            return " ".join((*first, *pieces, *fillers))
        for word in fillers:
            pieces.insert(rng.between(0, len(pieces)), word)
        return " ".join((*first, *pieces))


def _written(value: Value | bool) -> Value | bool:
    """Return a value as records have it: no whole number ends in `.0`."""
    return plain(value) if isinstance(value, float) else value


def _after(letter: str) -> str:
    """Return the next letter of the alphabet."""
    return "A" if letter == "Z" else chr(ord(letter) + 1)
