"""The configs of an export: of each, what it is for, its columns, and its examples of a row.

Contract: schemas/README.md, "Exports"; names and columns of `dpo_reasoning_*` and `grpo_reasoning`
are those of the dataset that the BOTCOIN project publishes, the others are what TRL's trainers ask
for (https://huggingface.co/docs/trl/dataset_formats).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from botcoin_dpo.contract.identifiers import normalize
from botcoin_dpo.contract.pair_types import PAIR_FAMILIES, PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.errors import UsageError, choice_of
from botcoin_dpo.exporting.attempt_examples import (
    AttemptExamples,
    InputExamples,
    grpo_of_attempt,
    kto_of_attempt,
    reward_of,
    rlvr_of_input,
    sft_of_attempt,
    steps_of_attempt,
    verifiable_of_attempt,
)
from botcoin_dpo.exporting.columns import (
    INTEGER,
    MESSAGES,
    NUMBER,
    TEXT,
    TRUTH,
    ListOf,
    StructType,
    encoder,
    pair_columns,
)
from botcoin_dpo.exporting.example import Example, ExportDrop
from botcoin_dpo.exporting.folder import RLVR
from botcoin_dpo.exporting.texts import Texts, feedback_text

ARCHIVE = "pairs_"
"""How the names of configs start that hold rows as they are, whatever their texts and lengths."""

_OF_VERDICTS = ("steps_reasoning", RLVR)


@dataclass(frozen=True)
class Config:
    """One config: a table of its own in the export."""

    name: str
    meaning: str
    """For the card."""
    trainer: str | None
    """TRL trainer that accepts this format."""
    columns: StructType
    pair_types: frozenset[PairType]
    """Rows of these are used."""
    examples: Callable[[Texts], Iterable[Example]]
    attempt_examples: AttemptExamples | None = None
    """Of an attempt object; there if the config holds attempts."""
    input_examples: InputExamples | None = None
    """Of a challenge object and the audits of its attempts; there if the config holds such."""

    def of_attempts(self) -> "Config":
        """Return the config as it is where all usable attempts are known: no row is used then."""
        return self if self.attempt_examples is None else replace(self, pair_types=frozenset())

    @property
    def is_of_attempts(self) -> bool:
        """Whether it takes attempt objects, or what they were made on, instead of rows."""
        return not self.pair_types

    @property
    def is_archive(self) -> bool:
        """Whether it holds rows as they are."""
        return self.name.startswith(ARCHIVE)


def available_configs(
    pair_types: Sequence[PairType], *, has_attempts: bool = False, has_verdicts: bool = False
) -> list[Config]:
    """Return the configs that a build of these pair types can have; the first is the default.

    Args:
        pair_types: those that the build has rows of.
        has_attempts: whether configs of attempts are made of attempt objects.
        has_verdicts: whether these carry what an audit says.
    """
    everything = frozenset(pair_types)
    sessions = frozenset(kind for kind in pair_types if PAIR_FAMILIES[kind] == "session")
    configs = []
    for kind in pair_types:
        only = frozenset({kind})
        configs += [
            Config(f"dpo_reasoning_{kind}", f"{kind} pairs as strings", "DPOTrainer",
                   _DPO_COLUMNS, only, _dpo),
            Config(f"dpo_chat_{kind}", f"{kind} pairs as messages", "DPOTrainer",
                   _CHAT_COLUMNS, only, _chat),
        ]  # fmt: skip
    configs += [
        Config("kto_reasoning", "attempts, each labelled good or bad", "KTOTrainer",
               _KTO_COLUMNS, everything, _kto, kto_of_attempt),
        Config("reward_reasoning", "pairs, for a reward model", "RewardTrainer",
               _REWARD_COLUMNS, everything, _reward),
        Config("sft_reasoning", "credited attempts, to be imitated", "SFTTrainer",
               _SFT_COLUMNS, everything, _sft, sft_of_attempt),
        Config("grpo_reasoning", "attempts with the share of constraints that hold", "GRPOTrainer",
               _GRPO_COLUMNS, everything, _grpo, grpo_of_attempt),
        Config("grpo_verifiable", "the same, with what a reward function needs", "GRPOTrainer",
               _VERIFIABLE_COLUMNS, everything, _verifiable, verifiable_of_attempt),
    ]  # fmt: skip
    if has_verdicts:
        configs += [
            Config("steps_reasoning", "attempts step by step, each step labelled sound or not",
                   "PRMTrainer", _STEPS_COLUMNS, frozenset(), _nothing, steps_of_attempt),
            Config(RLVR, "tasks, each once, with what `reward.py` checks of an answer",
                   "GRPOTrainer", _RLVR_COLUMNS, frozenset(), _nothing,
                   input_examples=rlvr_of_input),
        ]  # fmt: skip
    if sessions:
        configs.append(
            Config("sft_revision", "a failed attempt, its feedback, and the one that passed",
                   "SFTTrainer", _REVISION_COLUMNS, sessions, _revision)
        )  # fmt: skip
    configs += [
        Config(f"{ARCHIVE}{kind}", f"{kind} pairs, every field of the row", None,
               pair_columns(), frozenset({kind}), _whole)
        for kind in pair_types
    ]  # fmt: skip
    if has_attempts:
        configs = [config.of_attempts() for config in configs]
    return [
        config
        for config in configs
        if config.pair_types or config.attempt_examples or config.input_examples
    ]


def choose_configs(available: Sequence[Config], names: Sequence[str]) -> list[Config]:
    """Return the configs of these names; all of them if no name is given.

    Raises:
        UsageError: there is no config of a name.
    """
    known = sorted(config.name for config in available)
    for name in names:
        if name in _OF_VERDICTS and name not in known:
            raise UsageError(
                f"--config {name}: is made of the verdicts on all attempts; build with --attempts "
                "and --audit, and drop no pairs with --drop-if, --keep-if or "
                "--exclude"
            )
        choice_of("--config", name, known, "this build has no such config")
    return [config for config in available if not names or config.name in names]


_NAMED = {"challenge_id": TEXT, "challenge_domain": TEXT}
_DPO_COLUMNS = StructType({**_NAMED, "prompt": TEXT, "chosen": TEXT, "rejected": TEXT})
_CHAT_COLUMNS = StructType({**_NAMED, "prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES})
_KTO_COLUMNS = StructType({"prompt": TEXT, "completion": TEXT, "label": TRUTH})
_REWARD_COLUMNS = StructType({"prompt": TEXT, "chosen": TEXT, "rejected": TEXT})
_SFT_COLUMNS = StructType({"prompt": TEXT, "completion": TEXT})
_GRPO_COLUMNS = StructType({**_NAMED, "prompt": TEXT, "response": TEXT, "reward": NUMBER})
_VERIFIABLE_COLUMNS = StructType(
    {
        **_GRPO_COLUMNS.fields,
        "document": TEXT,
        "questions": ListOf(TEXT),
        "constraints": ListOf(TEXT),
        "constraint_count": INTEGER,
        "constraint_pass_count": INTEGER,
        "credited": TRUTH,
    }
)
_RLVR_COLUMNS = StructType(
    {
        "prompt": MESSAGES,
        "checks": ListOf(
            StructType(
                {
                    "index": INTEGER,
                    "kind": TEXT,
                    "expected": TEXT,
                    "ground": TEXT,
                    "parameter": INTEGER,
                }
            )
        ),
        "undecided": INTEGER,
        "attempts": INTEGER,
        "pass_rate": NUMBER,
        **_NAMED,
        "reference_artifact": TEXT,
    }
)
_STEPS_COLUMNS = StructType({"prompt": TEXT, "completions": ListOf(TEXT), "labels": ListOf(TRUTH)})
_REVISION_COLUMNS = StructType({"prompt": MESSAGES, "completion": MESSAGES})

_encode_row = encoder(pair_columns())


def _whole(texts: Texts) -> Iterator[Example]:
    assert _encode_row is not None
    yield Example(None, _encode_row(texts.row))


def _nothing(texts: Texts) -> Iterator[Example]:
    """Yield nothing: a row does not have the verdicts on all attempts."""
    return iter(())


def _named(row: JsonObject) -> JsonObject:
    return {name: row[name] for name in _NAMED}


class _Sides(NamedTuple):
    chosen: str
    rejected: str


def _both_sides(texts: Texts) -> "_Sides | ExportDrop":
    """Return the two texts of a pair, or why they make no example."""
    if texts.chosen is None or texts.rejected is None:
        return "ambiguous_trace"
    if texts.chosen == texts.rejected:
        return "identical_sides"
    return _Sides(texts.chosen, texts.rejected)


def _dpo(texts: Texts) -> Iterator[Example]:
    sides = _both_sides(texts)
    if isinstance(sides, str):
        yield Example(None, None, sides)
    else:
        yield Example(None, {**_named(texts.row), **_preference(texts, sides)})


def _chat(texts: Texts) -> Iterator[Example]:
    sides = _both_sides(texts)
    if isinstance(sides, str):
        yield Example(None, None, sides)
        return
    yield Example(
        None,
        {
            **_named(texts.row),
            "prompt": [_said("user", texts.prompt)],
            "chosen": [_said("assistant", sides.chosen)],
            "rejected": [_said("assistant", sides.rejected)],
        },
    )


def _reward(texts: Texts) -> Iterator[Example]:
    row = texts.row
    identity = _digest(_attempt(row, "chosen"), _attempt(row, "rejected"))
    sides = _both_sides(texts)
    if isinstance(sides, str):
        yield Example(identity, None, sides)
    else:
        yield Example(identity, _preference(texts, sides))


def _preference(texts: Texts, sides: _Sides) -> JsonObject:
    return {"prompt": texts.prompt, **sides._asdict()}


def _kto(texts: Texts) -> Iterator[Example]:
    is_same = _both_sides(texts) == "identical_sides"
    for side, text in _sides(texts):
        identity = _digest(_attempt(texts.row, side))
        if text is None or is_same:
            yield Example(identity, None, "both_labels" if is_same else "ambiguous_trace")
            continue
        values = {"prompt": texts.prompt, "completion": text, "label": side == "chosen"}
        yield Example(identity, values)


def _sft(texts: Texts) -> Iterator[Example]:
    identity = _digest(_attempt(texts.row, "chosen"))
    if texts.chosen is None:
        yield Example(identity, None, "ambiguous_trace")
    else:
        yield Example(identity, {"prompt": texts.prompt, "completion": texts.chosen})


def _grpo(texts: Texts) -> Iterator[Example]:
    for side, text in _sides(texts):
        identity = _digest(_attempt(texts.row, side))
        if text is None:
            yield Example(identity, None, "ambiguous_trace")
            continue
        yield Example(
            identity,
            {
                **_named(texts.row),
                "prompt": texts.prompt,
                "response": text,
                "reward": reward_of(texts.row[f"{side}_metadata"]),
            },
        )


def _verifiable(texts: Texts) -> Iterator[Example]:
    row = texts.row
    for (side, _), example in zip(_sides(texts), _grpo(texts), strict=True):
        if example.values is None:
            yield example
            continue
        metadata = row[f"{side}_metadata"]
        passed, failed = metadata["constraint_pass_count"], metadata["constraint_fail_count"]
        yield Example(
            example.identity,
            {
                **example.values,
                "document": row["document"],
                "questions": row["questions"],
                "constraints": row["constraints"][: passed + failed],
                "constraint_count": passed + failed,
                "constraint_pass_count": passed,
                "credited": side == "chosen",
            },
        )


def _revision(texts: Texts) -> Iterator[Example]:
    notes = (row := texts.row)["pair_annotations"]
    if notes["chosen_attempt_index"] != notes["rejected_attempt_index"] + 1:
        return  # the feedback was given on an attempt between
    identity = _digest(_attempt(row, "chosen"), _attempt(row, "rejected"))
    feedback = feedback_text(notes["feedback_between_attempts"])
    if feedback is None:
        yield Example(identity, None, "no_feedback")
        return
    sides, revision = _both_sides(texts), texts.chosen_as_revision
    if isinstance(sides, str) or revision is None:
        yield Example(identity, None, sides if isinstance(sides, str) else "ambiguous_trace")
        return
    yield Example(
        identity,
        {
            "prompt": [
                _said("user", texts.prompt),
                _said("assistant", sides.rejected),
                _said("user", feedback),
            ],
            # Not one list of messages: a trainer would learn the failed attempt as well.
            "completion": [_said("assistant", revision)],
        },
    )


def _said(role: str, content: str) -> JsonObject:
    return {"role": role, "content": content}


def _sides(texts: Texts) -> tuple[tuple[str, str | None], tuple[str, str | None]]:
    return (("rejected", texts.rejected), ("chosen", texts.chosen))


def _attempt(row: JsonObject, side: str) -> list[Any]:
    """Return what tells an attempt from all others of its challenge: the row names no loser."""
    metadata = row[f"{side}_metadata"]
    return [normalize(metadata["record_id"]), metadata["attempt_index"], row[f"{side}_text"]]


def _digest(*parts: object) -> bytes:
    return sha256(orjson.dumps(parts)).digest()[:16]
