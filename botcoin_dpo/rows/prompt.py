"""The prompt of a row: instruction, document, questions and constraints as one text.

Contract: schemas/README.md, "The row".
"""

from collections.abc import Sequence

from botcoin_dpo.last_result import keep_last_result

_INSTRUCTION = (
    "You are solving a deterministic reasoning challenge. Read the document carefully, answer the "
    "questions, and construct a single artifact string satisfying all constraints."
)

_DOCUMENT = "=== DOCUMENT ==="
_QUESTIONS = "=== QUESTIONS ==="


def prompt_text(document: str, questions: Sequence[str], constraints: Sequence[str]) -> str:
    """Return the prompt; it ends in one newline."""
    return _prompt_text(document, tuple(questions), tuple(constraints))


@keep_last_result
def _prompt_text(document: str, questions: Sequence[str], constraints: Sequence[str]) -> str:
    numbered_questions = (f"Q{number}: {text}" for number, text in enumerate(questions, start=1))
    numbered_constraints = (f"{number}. {text}" for number, text in enumerate(constraints, start=1))
    return "\n".join(
        (
            _INSTRUCTION,
            "",
            _DOCUMENT,
            document,
            "",
            _QUESTIONS,
            *numbered_questions,
            "",
            "=== CONSTRAINTS ===",
            *numbered_constraints,
            "",
        )
    )


def document_of(prompt: str) -> str:
    """Return the document in a prompt; the prompt itself if no document section is found."""
    _, start, rest = prompt.partition(f"\n{_DOCUMENT}\n")
    document, end, _ = rest.rpartition(f"\n\n{_QUESTIONS}\n")
    return document if start and end else prompt


def completion_text(think: str, artifact: str) -> str:
    """Return one side of a pair as one text."""
    return f"<think>\n{think}\n</think>\n{artifact_line(artifact)}"


def artifact_line(artifact: str) -> str:
    """Return how a completion states the artifact."""
    return f'Artifact: "{artifact}"'
