"""The card of an export: a head that the Hub and `datasets` read, and what a trainer must know.

All strings but the name and the license are this program's own; those two are quoted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.front_matter import (
    data_files,
    size_category,
    split_sizes,
    with_front_matter,
)
from botcoin_dpo.errors import UsageError
from botcoin_dpo.exporting.columns import card_features, json_columns, pair_columns
from botcoin_dpo.exporting.folder import REWARD, RLVR, TAG
from botcoin_dpo.exporting.result import ExportedConfig
from botcoin_dpo.exporting.upload import upload_command
from botcoin_dpo.version import __version__


@dataclass(frozen=True)
class CardFacts:
    """What a card tells."""

    name: str
    license: str
    manifest: dict[str, Any]
    manifest_sha256: str
    configs: Sequence[ExportedConfig]
    """Those that have rows; the first is the default."""
    format: str
    text: str
    tokenizer: str | None
    max_tokens: int | None
    is_anonymized: bool
    has_all_attempts: bool
    """Whether configs of attempts hold those that are in no pair as well."""
    rows_dropped: Mapping[str, int]
    """Rows that are in no config, by rule of the audit."""


def require_name(name: str) -> None:
    """Make sure that a name is one line.

    Raises:
        UsageError: it is empty, or has a line break, a control character or a hidden one.
    """
    if not name.strip() or not name.isprintable() or sanitize_line(name) != name:
        raise UsageError("--name: must be one line of text, without hidden characters")


def make_card(facts: CardFacts) -> str:
    """Return the text of the card."""
    sections = (
        _introduction(facts),
        _configs(facts),
        _loading(facts),
        _lengths(facts),
        _training(facts),
        _training_with_rewards(facts),
        _origin(facts),
        _hazards(facts),
        _fields(facts),
        _provenance(facts),
        _CITATION,
        _uploading(facts),
    )
    return with_front_matter(_front_matter(facts), "\n".join(filter(None, sections)))


def _front_matter(facts: CardFacts) -> dict[str, Any]:
    splits = {
        each.config.name: [split for split in SPLITS if each.rows(split)] for each in facts.configs
    }
    return {
        "pretty_name": facts.name,
        "license": facts.license,
        "language": ["en"],
        "task_categories": ["text-generation"],
        "tags": [TAG, "dpo", "preference", "reasoning-traces", "document-reasoning", "trl"],
        "size_categories": [size_category(max(each.rows() for each in facts.configs))],
        "configs": [
            data_files(
                name,
                {split: f"{name}/{split}-*.{facts.format}" for split in of_config},
                is_default=position == 0,
            )
            for position, (name, of_config) in enumerate(splits.items())
        ],
        "dataset_info": [
            {
                "config_name": each.config.name,
                "features": card_features(each.config.columns),
                "splits": split_sizes(
                    (split, _sum(each, "bytes", split), each.rows(split))
                    for split in splits[each.config.name]
                ),
                "download_size": _sum(each, "bytes_on_disk"),
                "dataset_size": _sum(each, "bytes"),
            }
            for each in facts.configs
        ],
    }


def _sum(each: ExportedConfig, what: str, split: str | None = None) -> int:
    return sum(getattr(file, what) for file in each.files if split in (None, file.split))


def _introduction(facts: CardFacts) -> str:
    return f"""\
# {_plain(facts.name)}

LLM miners solve reasoning challenges over long documents: they read a document full of facts and
traps, answer questions about it, and submit one line (the artifact) that must satisfy a list of
constraints, with the trace of steps that led to it. A deterministic coordinator checks the
constraints. Where an attempt failed and another on the same document, questions and constraints
passed, the two make a preference pair. No text was generated to make a pair; every
attempt is a real one.

A completion is the trace between `<think>` and `</think>`, one step a line, followed by
`Artifact: "…"`.
"""


def _configs(facts: CardFacts) -> str:
    lines = [
        "## Configs",
        "",
        "| config | what it holds | TRL | train | validation | test | dropped |",
        "| --- | --- | --- | ---: | ---: | ---: | --- |",
    ]
    for each in facts.configs:
        dropped = ", ".join(f"{count:,} {reason}" for reason, count in sorted(each.dropped.items()))
        trainer = f"`{each.config.trainer}`" if each.config.trainer else "-"
        rows = " | ".join(f"{each.rows(split):,}" for split in SPLITS)
        lines.append(
            f"| `{each.config.name}` | {each.config.meaning} | {trainer} | {rows} "
            f"| {dropped or '-'} |"
        )
    lines += [
        "",
        "Why examples were dropped: `ambiguous_trace`, it is not clear which part of a line the "
        "coordinator added;",
        "`unsafe_text`, the text holds a chat-template token, a think tag or a control character; "
        "`identical_sides`,",
        "chosen and rejected were equal once cleaned; `too_long`, it has more tokens than allowed; "
        "`no_feedback`,",
        "the record does not say what feedback the miner got; `both_labels`, the same text also "
        "has the other label.",
        *_attempts(facts),
        *_steps(facts),
        *_rlvr(facts),
        "No document is in two splits.",
        "",
    ]
    return "\n".join(lines)


def _attempts(facts: CardFacts) -> tuple[str, ...]:
    """Return lines that say which attempts the configs of attempts hold, if there are such."""
    if not any(each.config.attempt_examples for each in facts.configs):
        return ()
    if facts.has_all_attempts:
        return ("Configs of attempts hold every usable attempt of the build, in a pair or not.",)
    missing = "attempts that are in no pair are not in this export"
    if "attempt_files" in facts.manifest:
        why = (
            "because pairs were dropped by the audit or by their ids, which are not known of other "
            "attempts."
        )
    else:
        why = "build with `--attempts`."
    return ("Configs of attempts hold each attempt of the pairs once;", f"{missing}; {why}")


def _steps(facts: CardFacts) -> tuple[str, ...]:
    """Return lines that say what the labels of steps mean, if there are such."""
    if not any(each.config.name == "steps_reasoning" for each in facts.configs):
        return ()
    return (
        "In `steps_reasoning` the label of a step says whether it can be relied on: the citation "
        "of an extraction matches",
        "and the document does not state the value for something else; a computation is right, "
        "and its numbers come from",
        "steps before it, the constraints or the questions. It does not say whether the step is "
        "of use, nor whether the",
        "right entity was looked at. The last completion is the artifact; its label says whether "
        "the attempt earned credit.",
    )


def _rlvr(facts: CardFacts) -> tuple[str, ...]:
    """Return lines that say what the checks of tasks are, if there are such."""
    tasks = next((each for each in facts.configs if each.config.name == RLVR), None)
    if tasks is None:
        return ()
    decided = tasks.checks_decided
    checked = decided + tasks.checks_undecided
    return (
        f"`{RLVR}` has each task once. Of a checked constraint it says what it asks for, where "
        "the audits of all attempts",
        f"at the task have decided that: {decided:,} of {checked:,} checked constraints "
        f"({decided / (checked or 1):.0%}). `{REWARD}` in this folder computes",
        "from these the reward of an answer that nobody has given yet. `pass_rate` is the share "
        "of attempts that earned credit.",
    )


def _loading(facts: CardFacts) -> str:
    default = facts.configs[0]
    split = next(split for split in SPLITS if default.rows(split))
    return f"""\
## Loading

```python
from datasets import load_dataset

dataset = load_dataset("path/to/this/folder", "{default.config.name}", split="{split}")
print(dataset[0]["prompt"])
```
"""


def _lengths(facts: CardFacts) -> str:
    measured = [each for each in facts.configs if each.lengths]
    if not measured:
        return ""
    how = (
        "counted with the tokenizer `"
        + sanitize_line(facts.tokenizer).replace("`", "")
        + "` the way TRL does"
        if facts.tokenizer
        else "**estimated** at three bytes a token, which is on the safe side for most tokenizers; "
        "export with `--tokenizer` to count them"
    )
    lines = [
        "## Lengths in tokens",
        "",
        f"{how[0].upper()}{how[1:]}.",
        "",
        "| config | part | median | 90% | 99% | longest | `max_length` for all | for 99% |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in measured:
        lengths = each.lengths
        assert lengths is not None
        for part in lengths.parts:
            numbers = " | ".join(f"{lengths.quantile(part, share):,}" for share in _SHARES)
            advice = (
                f"**{lengths.max_length(1.0):,}** | {lengths.max_length(0.99):,}"
                if part == "whole"
                else "| "
            )
            lines.append(f"| `{each.config.name}` | {part} | {numbers} | {advice} |")
    lines += [
        "",
        "`whole` is the prompt with its longest completion. TRL's `max_length` is 1024 unless it "
        "is set, and",
        "trainers drop or cut longer examples silently: at 1024 almost no row here is left.",
        "",
    ]
    return "\n".join(lines)


_SHARES = (0.5, 0.9, 0.99, 1.0)


def _training(facts: CardFacts) -> str:
    pairs = next(
        (each for each in facts.configs if each.config.trainer == "DPOTrainer" and each.lengths),
        None,
    )
    if pairs is None:
        return ""
    assert pairs.lengths is not None
    split = next(split for split in SPLITS if pairs.rows(split))
    return f"""\
## Training

```python
from datasets import load_dataset
from trl import DPOConfig, DPOTrainer

dataset = load_dataset("path/to/this/folder", "{pairs.config.name}", split="{split}")
trainer = DPOTrainer(
    model="path/or/name/of/a/model",
    args=DPOConfig(
        output_dir="dpo",
        max_length={pairs.lengths.max_length(1.0)},  # keeps every row; see the table above
        loss_type=["sigmoid", "sft"],  # the second term keeps the chosen side likely
        loss_weights=[1.0, 0.2],
        per_device_train_batch_size=1,
    ),
    train_dataset=dataset,
)
trainer.train()
```

Chosen and rejected differ in few words here. Plain DPO widens the gap between them and may lower
the likelihood of both. Adding the negative log-likelihood of the chosen side (`"sft"`) prevents
that. The other configs work the same way with the trainers in the table above; no column has to
be mapped.
"""


def _training_with_rewards(facts: CardFacts) -> str:
    tasks = next((each for each in facts.configs if each.config.name == RLVR), None)
    if tasks is None:
        return ""
    split = next(split for split in SPLITS if tasks.rows(split))
    return f"""\
## Training with rewards

```python
import sys

from datasets import load_dataset
from trl import GRPOConfig, GRPOTrainer

sys.path.append("path/to/this/folder")
from {Path(REWARD).stem} import constraint_reward  # read it first: it runs on your machine

dataset = load_dataset("path/to/this/folder", "{RLVR}", split="{split}")
dataset = dataset.filter(lambda row: len(row["checks"]) > 0)
trainer = GRPOTrainer(
    model="path/or/name/of/a/model",
    reward_funcs=constraint_reward,
    args=GRPOConfig(output_dir="grpo", max_completion_length=2048),
    train_dataset=dataset,
)
trainer.train()
```

`constraint_reward` is the share of decided checks that the artifact of an answer keeps;
`all_or_nothing_reward` is 1 if it keeps all of them. An answer without an artifact earns 0, and no
prompt says how to write one: train on `sft_reasoning` first, or say it in a system message (the
trace between `<think>` and `</think>`, then `Artifact: "…"`). With verl, give `checks` as JSON text
in `ground_truth` and use `compute_score`. A check knows what is asked for, not whether the
answers to the questions are right, and undecided constraints are not looked at.
"""


def _origin(facts: CardFacts) -> str:
    funnel = facts.manifest["funnel"]
    attempts = funnel["attempts"]
    rows = sum(sum(splits.values()) for splits in funnel["pairs"].values())
    strategies = ", ".join(facts.manifest["options"]["pairs"])
    return f"""\
## How pairs were chosen

A credited attempt (`chosen`) is paired with an attempt without credit (`rejected`; {strategies}):
`sequential` with the one right before it in its session, `bookend` with the first of its session,
`exhaustive` with every earlier one, `cross_session` with those of other miners.

| step | count |
| --- | ---: |
| records read | {funnel["records"]:,} |
| attempts | {attempts["total"]:,} |
| – duplicates of the same record | {attempts["repeats"]:,} |
| – quarantined, each with its place and the reason | {attempts["set_aside"]:,} |
| usable attempts | {attempts["surviving"]:,} |
| sessions | {funnel["sessions"]["total"]:,} |
| pairs dropped | {sum(funnel["dropped"].values()):,} |
| pairs | {rows:,} |
{_dropped_by_audit(facts)}"""


def _dropped_by_audit(facts: CardFacts) -> str:
    return "".join(
        f"| – dropped here by the audit, `{rule}` | {count:,} |\n"
        for rule, count in sorted(facts.rows_dropped.items())
    )


def _hazards(facts: CardFacts) -> str:
    hazards = []
    if facts.text == "clean":
        hazards.append(
            "Texts are cleaned: the coordinator's annotations in traces (`exact`, `zone:…`) are "
            "removed, because a\n  model would learn to fake them. So are `revision` steps, "
            "which refer to an attempt that the prompt\n  does not show (`sft_revision` shows it "
            "and keeps them)."
        )
    else:
        hazards.append(
            "Texts are canonical: traces contain the coordinator's annotations (`exact`, "
            "`zone:…`), which no miner\n  wrote and a model would learn to fake, and `revision` "
            "steps that refer to an attempt the\n  prompt does not show."
        )
    archives = any(each.config.is_archive for each in facts.configs)
    if facts.manifest["options"]["allow_unsafe_text"] and archives:
        hazards.append(
            "**The build kept unsafe text**: `pairs_*` may contain chat-template tokens, think "
            "tags and control\n  characters written by miners. The other configs contain none."
        )
    hazards += [
        "Some chat templates change or remove `<think>` in an assistant's turn: look at a "
        "rendered row before\n  training on messages.",
        "In a passing attempt all constraints hold, but not necessarily all answers are right.",
        "A rejected attempt may satisfy all constraints and fail for its answers or its trace: "
        "`reward` is only\n  the share of constraints that hold.",
        "Retries within a few seconds are probably guesses; `pairs_*` has `revision_time_ms`.",
    ]
    if facts.format == "jsonl":
        hazards.append(
            "`datasets` reads a JSON column that holds only dates as dates, despite the types "
            "declared above;\n  Parquet is not affected."
        )
    if facts.is_anonymized:
        hazards.append(
            "Miner ids are keyed digests. Record ids, challenge ids and texts are unchanged, so "
            "whoever has the\n  logs can join them."
        )
    elif any(each.config.is_archive for each in facts.configs):
        hazards.append(
            "`pairs_*` holds miner ids (`metadata.miner_id`), which are wallet addresses: whoever "
            "reads them can look up\n  what their owners are paid. `--anonymize-miners` replaces "
            "them by keyed digests."
        )
    return "\n".join(["## Before you train", "", *(f"- {hazard}" for hazard in hazards), ""])


def _fields(facts: CardFacts) -> str:
    if not any(each.config.is_archive for each in facts.configs):
        return ""
    names = ", ".join(f"`{name}`" for name in json_columns(pair_columns()))
    return f"""\
## Columns of `pairs_*`

Every field of the row, under one schema. These hold anything that the logs held and are JSON text:
{names}. What a row leaves out is null.
"""


def _provenance(facts: CardFacts) -> str:
    made_by = facts.manifest["tool"]
    limit = f" Examples over {facts.max_tokens:,} tokens are dropped." if facts.max_tokens else ""
    return f"""\
## Provenance

Exported by botcoin-dpo {__version__}, texts {facts.text}, from a build by {made_by["name"]}
{_plain(made_by["version"])} whose `manifest.json` has the SHA-256
`{facts.manifest_sha256}`.{limit}
The split of a row is decided by the SHA-256 of its document.
"""


_CITATION = """\
## Citation

```bibtex
@inproceedings{rafailov2023direct,
  title     = {Direct Preference Optimization: Your Language Model is Secretly a Reward Model},
  author    = {Rafailov, Rafael and Sharma, Archit and Mitchell, Eric and Manning, Christopher D.
               and Ermon, Stefano and Finn, Chelsea},
  booktitle = {Advances in Neural Information Processing Systems},
  year      = {2023}
}
@software{vonwerra2020trl,
  title  = {TRL: Transformer Reinforcement Learning},
  author = {von Werra, Leandro and others},
  url    = {https://github.com/huggingface/trl},
  year   = {2020}
}
```
"""


def _uploading(facts: CardFacts) -> str:
    return f"""\
## Uploading

This folder can go to the Hugging Face Hub as it is; `hf` comes with the library `huggingface_hub`:

```sh
{upload_command("path/to/this/folder")}
```

A repository that this makes is public unless you add `--private`. The license in the head of this
card is yours to choose. When you upload a new version, add `--delete "*.{facts.format}"`, or files
that it does not have any more stay there.
"""


def _plain(text: str) -> str:
    """Return a text that is nothing but itself in Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|&~-])", r"\\\1", sanitize_line(text))
