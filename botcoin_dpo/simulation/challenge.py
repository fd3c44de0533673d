"""One challenge: a table, questions, constraints and traps, and the document that holds it."""

import hashlib
from dataclasses import dataclass

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.simulation.constraint_making import PATHS, Binding, TrapPath, bind
from botcoin_dpo.simulation.document import Document, write_document
from botcoin_dpo.simulation.domain import Domain
from botcoin_dpo.simulation.questions import Question, make_questions
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.table import Table, make_table


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the coordinator knows of a challenge."""

    challenge_id: str
    seed: str
    domain: Domain
    table: Table
    questions: list[Question]
    binding: Binding
    document: Document
    expected: dict[TrapPath, list[str]]
    """What an artifact must have for each checked constraint (`Constraint.text_of`): on path B
    by the true values, on path A by every trap's wrong one."""
    context: JsonObject
    """`challenge_context`."""
    trap_metadata: JsonObject


def make_challenge(domain: Domain, seed: int, number: int) -> Challenge:
    """Return a challenge; the same for the same domain, seed and number."""
    rng = RandomStream(seed, "challenge", number, domain.name)
    table = make_table(domain, rng)
    questions = make_questions(table, rng)
    binding = bind(table, questions, rng)
    document = write_document(table, binding.traps, rng)
    digest = hashlib.sha256(document.text.encode()).hexdigest()
    return Challenge(
        challenge_id=f"0x{digest}",
        seed=str(int(digest[:32], 16)),
        domain=domain,
        table=table,
        questions=questions,
        binding=binding,
        document=document,
        expected={path: binding.expected(table, questions, path) for path in PATHS},
        context={
            "document": document.text,
            "paragraph_count": len(document.paragraphs),
            "questions": [question.text for question in questions],
            "constraints": binding.texts,
            "question_metadata": [
                {"id": question.identifier, "requires_derived_value": False}
                for question in questions
            ],
        },
        trap_metadata=_trap_metadata(table, document),
    )


def _trap_metadata(table: Table, document: Document) -> JsonObject:
    """Return `trap_metadata`; like the published one, it counts paragraphs from 0."""
    return {
        "trap_count": len(document.traps),
        "traps": [
            {
                "attribute": place.trap.cell.path,
                "target_entity": table.entities[place.trap.cell.entity],
                "derivation_role": place.trap.role,
                "wrong_value": place.trap.wrong,
                "correct_value": place.trap.correct,
                "wrong_paragraphs": [number - 1 for number in place.wrong_paragraphs],
                "correct_paragraph": place.correct_paragraph - 1,
                "path_a_derived": place.trap.path_a_derived,
                "path_b_derived": place.trap.path_b_derived,
            }
            for place in document.traps
        ],
    }
