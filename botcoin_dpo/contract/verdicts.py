"""The closed lists of what an audit says of recorded outcomes: verdicts, grounds, reasons.

Contract: schemas/README.md, "Verdicts on outcomes".
"""

from typing import Literal, get_args

Status = Literal["verified", "consistent", "disputed", "contradicted", "unchecked"]
STATUSES: tuple[Status, ...] = get_args(Status)

STATUS_MEANINGS: dict[Status, str] = {
    "verified": "the outcome is as recorded, by a ground other than the attempt's own trace",
    "consistent": "the outcome is as recorded by what the attempt itself has read alone",
    "disputed": "two grounds ask for different texts, and the outcome is right by one of them only",
    "contradicted": "the outcome is not as recorded",
    "unchecked": "it could not be decided; the reason is given",
}

Ground = Literal["text", "document", "answers", "traps", "consensus", "own_reading"]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
"""The best first."""

GROUND_MEANINGS: dict[Ground, str] = {
    "text": "the constraint and the artifact alone decide",
    "document": "the document states the value, read without the trace",
    "answers": "the coordinator's answers to the questions decide",
    "traps": "the value is the correct one of a trap in the record",
    "consensus": "at least two other miners, credited at this challenge, have the same text",
    "own_reading": "the attempt's own extract steps give the value",
}

StepStatus = Literal["sound", "unsound", "unchecked"]
STEP_STATUSES: tuple[StepStatus, ...] = get_args(StepStatus)

StepReason = Literal[
    "citation",
    "part_of_number",
    "other_attribute",
    "computation",
    "ungrounded_input",
    "superseded",
    "not_read",
    "not_a_claim",
]
STEP_REASONS: dict[StepReason, tuple[StepStatus, str]] = {
    "citation": ("unsound", "the citation of an extraction does not match"),
    "part_of_number": ("unsound", "the extracted number is only a part of one in the paragraph"),
    "other_attribute": ("unsound", "the document states the value for another attribute"),
    "computation": ("unsound", "a computation has a finding when it is replayed"),
    "ungrounded_input": (
        "unsound",
        "a number among the inputs is in no step before, no constraint and no question",
    ),
    "superseded": ("unchecked", "the document calls the extracted value superseded"),
    "not_read": ("unchecked", "the step cannot be read without doubt"),
    "not_a_claim": ("unchecked", "the step neither extracts nor computes"),
}

UncheckedReason = Literal[
    "not_understood", "not_known", "own_reading", "uncertain", "spelling", "no_outcome"
]
UNCHECKED_REASONS: dict[UncheckedReason, str] = {
    "not_understood": "the words of the constraint are not understood",
    "not_known": "an answer, or a value with a citation that matches, is not known",
    "own_reading": "it is said to fail, and would hold by what the attempt itself has read",
    "uncertain": "it differs, but what it is compared with rests on a guess",
    "spelling": "it depends on how the coordinator splits or compares texts",
    "no_outcome": "the record does not say whether it holds",
}
