"""The prompt of a row: instruction, document, questions and constraints as one text.

Contract: schemas/README.md, "The row".
"""

from collections.abc import Sequence

_INSTRUCTION = (
    "You are solving a deterministic reasoning challenge. Read the document carefully, answer the "
    "questions, and construct a single artifact string satisfying all constraints."
)


def prompt_text(document: str, questions: Sequence[str], constraints: Sequence[str]) -> str:
    """Return the prompt; it ends in one newline."""
    numbered_questions = (f"Q{number}: {text}" for number, text in enumerate(questions, start=1))
    numbered_constraints = (f"{number}. {text}" for number, text in enumerate(constraints, start=1))
    return "\n".join(
        (
            _INSTRUCTION,
            "",
            "=== DOCUMENT ===",
            document,
            "",
            "=== QUESTIONS ===",
            *numbered_questions,
            "",
            "=== CONSTRAINTS ===",
            *numbered_constraints,
            "",
        )
    )


def completion_text(think: str, artifact: str) -> str:
    """Return one side of a pair as one text."""
    return f'<think>\n{think}\n</think>\nArtifact: "{artifact}"'
