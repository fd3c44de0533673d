"""The config of revisions: a failed attempt, its feedback, and the one that passed."""

from collections.abc import Iterator

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.exporting.columns import (
    MESSAGES,
    StructType,
)
from botcoin_dpo.exporting.configs.config import Config
from botcoin_dpo.exporting.configs.sides import (
    attempt_of,
    both_sides,
    digest,
    said,
)
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.texts import Texts, feedback_text

_REVISION_COLUMNS = StructType({"prompt": MESSAGES, "completion": MESSAGES})


def _revision(texts: Texts) -> Iterator[Example]:
    notes = (row := texts.row)["pair_annotations"]
    if notes["chosen_attempt_index"] != notes["rejected_attempt_index"] + 1:
        return  # the feedback was given on an attempt between
    identity = digest(attempt_of(row, "chosen"), attempt_of(row, "rejected"))
    feedback = feedback_text(notes["feedback_between_attempts"])
    if feedback is None:
        yield Example(identity, None, "no_feedback")
        return
    sides, revision = both_sides(texts), texts.chosen_as_revision
    if isinstance(sides, str) or revision is None:
        yield Example(identity, None, sides if isinstance(sides, str) else "ambiguous_trace")
        return
    yield Example(
        identity,
        {
            "prompt": [
                said("user", texts.prompt),
                said("assistant", sides.rejected),
                said("user", feedback),
            ],
            # Not one list of messages: a trainer would learn the failed attempt as well.
            "completion": [said("assistant", revision)],
        },
    )


def sft_revision(pair_types: frozenset[PairType]) -> Config:
    """Return the config that is made of rows of these types, which are of one session."""
    return Config(
        "sft_revision",
        "a failed attempt, its feedback, and the one that passed",
        "SFTTrainer",
        _REVISION_COLUMNS,
        pair_types,
        _revision,
    )
