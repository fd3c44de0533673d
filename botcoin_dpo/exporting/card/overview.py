"""What the data set is: its introduction, its configs, and how to load one."""

from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.card.markdown import plain
from botcoin_dpo.exporting.folder import REWARD, RLVR


def introduction(facts: CardFacts) -> str:
    """Return what the data are."""
    return f"""\
# {plain(facts.name)}

LLM miners solve reasoning challenges over long documents: they read a document full of facts and
traps, answer questions about it, and submit one line (the artifact) that must satisfy a list of
constraints, with the trace of steps that led to it. A deterministic coordinator checks the
constraints. Where an attempt failed and another on the same document, questions and constraints
passed, the two make a preference pair. No text was generated to make a pair; every
attempt is a real one.

A completion is the trace between `<think>` and `</think>`, one step a line, followed by
`Artifact: "…"`.
"""


def configs(facts: CardFacts) -> str:
    """Return the table of configs, and what some of them need said."""
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
        *_tasks(facts),
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
            "because pairs were dropped by conditions or their ids, which are not known of other "
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


def _tasks(facts: CardFacts) -> tuple[str, ...]:
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


def loading(facts: CardFacts) -> str:
    """Return a program that loads a config."""
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
