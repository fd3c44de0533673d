"""Numbers about the texts that are trained on: prompts, shortcuts, shared words, labels."""

from collections.abc import Iterator, Sequence

from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.result import ExportedConfig
from botcoin_dpo.exporting.text_statistics import SIDES, warnings_of


def texts(facts: CardFacts) -> str:
    """Return the numbers of each config; nothing without a config that is trained on."""
    measured = [each for each in facts.configs if not each.config.is_archive]
    if not measured:
        return ""
    return "\n".join([*_prompts(measured), *_pairs(measured), *_labels(measured)])


def _prompts(measured: Sequence[ExportedConfig]) -> Iterator[str]:
    yield "## Prompts"
    yield ""
    yield "| config | prompts | examples a prompt, median | most |"
    yield "| --- | ---: | ---: | ---: |"
    for each in measured:
        prompts = each.texts.prompts.as_json()
        examples = prompts["examples"]
        yield (
            f"| `{each.config.name}` | {prompts['count']:,} | {examples['median']:,} "
            f"| {examples['max']:,} |"
        )
    yield ""


def _pairs(measured: Sequence[ExportedConfig]) -> Iterator[str]:
    of_pairs = [each for each in measured if each.texts.pairs.count]
    if not of_pairs:
        return
    yield "## Shortcuts"
    yield ""
    yield (
        "How often a rule that knows nothing of the task picks the chosen side of a pair; where "
        "both sides are equal, half"
    )
    yield (
        "of the pairs count as right. Far from 50% a model can learn the rule instead of the task. "
        "Words in common: of all"
    )
    yield "words that either side has, the share that both have, each word counted once; median."
    yield ""
    yield (
        "| config | pairs | chosen is longer | pick the longer | pick more steps | characters "
        "| steps | words in common |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for each in of_pairs:
        pairs = each.texts.pairs
        medians = " | ".join(
            " / ".join(f"{of_side[side].quantile(0.5):,}" for side in SIDES)
            for of_side in (pairs.characters, pairs.steps)
        )
        yield (
            f"| `{each.config.name}` | {pairs.count:,} | {pairs.longer.chosen / pairs.count:.0%} "
            f"| {pairs.longer.accuracy:.0%} | {pairs.more_steps.accuracy:.0%} | {medians} "
            f"| {pairs.overlap(0.5):.0%} |"
        )
    yield ""
    yield "Characters and steps of an answer are medians, chosen / rejected."
    yield ""
    for warning in warnings_of({each.config.name: each.texts for each in measured}):
        yield f"- **Warning**: {warning}."
        yield ""


def _labels(measured: Sequence[ExportedConfig]) -> Iterator[str]:
    for each in measured:
        labels = each.texts.labels
        if not labels:
            continue
        good, bad = labels["train", True], labels["train", False]
        yield "## Labels"
        yield ""
        yield (
            f"The train split of `{each.config.name}` has {good:,} examples labelled good and "
            f"{bad:,} labelled bad."
        )
        weights = each.texts.weights
        if weights is None:
            yield "No weight balances them, since one label is missing."
        else:
            yield (
                f"With `KTOConfig(desirable_weight={weights.desirable:g}, "
                f"undesirable_weight={weights.undesirable:g})` the two weigh"
            )
            yield "1:1 to 4:3, as TRL's documentation advises."
        yield ""
