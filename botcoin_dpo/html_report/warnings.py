"""Warns of what may spoil a dataset: what the numbers are, and why they matter.

No threshold is known that holds for every training run, so each number is given beside what is
usual, and the reader decides; what is beyond it comes first.
"""

from typing import Any, NamedTuple

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.html_report.overview import TRAINING_LIMITS, Overview
from botcoin_dpo.validation.near_duplicates import Sketches, how_to_compare

_FEW_ROWS = 500


class ReportWarning(NamedTuple):
    """One thing to think about."""

    text: str
    why: str
    is_serious: bool
    """Whether it is beyond what is usual."""


def warnings_of(overview: Overview, manifest: dict[str, Any] | None) -> list[ReportWarning]:
    """Return what to think about before training, the serious first.

    Args:
        overview: the numbers of the rows.
        manifest: of the build; None for a file of rows.
    """
    found = [
        *_labels(overview),
        *_shortcuts(overview),
        *_lengths(overview),
        *_balance(overview),
        *_near_duplicates(overview.documents),
        *([] if manifest is None else _losses(manifest)),
    ]
    return sorted(found, key=lambda warning: not warning.is_serious)


def _labels(overview: Overview) -> list[ReportWarning]:
    found, statistics, signs = [], overview.statistics, overview.signs
    rows = statistics.rows
    if statistics.audited:
        contradicted = statistics.audit_flags.counts["constraint_outcome"]
        found.append(
            ReportWarning(
                f"In {_share(contradicted, statistics.audited)} of audited pairs a recorded "
                "outcome is contradicted.",
                "Wrong labels hurt more than fewer pairs; build with --drop-if contradicted.",
                contradicted > 0,
            )
        )
    else:
        found.append(
            ReportWarning(
                "The labels were not audited.",
                "build --audit adds the findings of an independent check to each row.",
                False,
            )
        )
    if signs["timed"]:
        found.append(
            ReportWarning(
                f"{_share(signs['fast'], signs['timed'])} of revisions took under 10 s.",
                "A retry that fast is probably a guess, and teaches nothing about revising.",
                signs["fast"] > 0.2 * signs["timed"],
            )
        )
    found.append(
        ReportWarning(
            f"In {_share(signs['unmatched'], rows)} of pairs the chosen trace has a citation that "
            "does not match the document.",
            "A model would learn to cite what is not there.",
            signs["unmatched"] > 0.2 * rows,
        )
    )
    return found


def _shortcuts(overview: Overview) -> list[ReportWarning]:
    signs, rows = overview.signs, overview.statistics.rows
    found = [
        *_exported_texts(overview),
        ReportWarning(
            f"{_share(signs['speaks_of_before'], rows)} of chosen traces refer to the attempt "
            "before.",
            "The prompt does not show it; export removes such steps from single-turn texts.",
            signs["speaks_of_before"] > 0.5 * rows,
        ),
    ]
    for name, text, why in (
        ("equal_artifacts", "have the same artifact on both sides.", "Only the traces differ."),
        (
            "nearly_equal",
            "have at least 98% of their words in common.",
            "DPO may lower the likelihood of both sides if they hardly differ; an SFT term helps.",
        ),
    ):
        if signs[name]:
            share = _share(signs[name], rows)
            found.append(ReportWarning(f"{share} of pairs {text}", why, signs[name] > 0.05 * rows))
    return found


def _exported_texts(overview: Overview) -> list[ReportWarning]:
    """Return how the sides differ, by config, in the texts that an export makes."""
    return [
        ReportWarning(
            f"In {config} the chosen text is longer in {_share(pairs.longer.chosen, pairs.count)} "
            "of pairs.",
            f"Picking the longer side is right in {pairs.longer.accuracy:.0%}, picking the one "
            f"with more steps in {pairs.more_steps.accuracy:.0%}; far from half, a model can learn "
            f"that instead of quality. {pairs.overlap(0.5):.0%} of words are in both sides "
            f"(median).",
            pairs.longer.is_telling or pairs.more_steps.is_telling,
        )
        for config, pairs in (
            (config, texts.pairs) for config, texts in sorted(overview.trained.texts.items())
        )
    ]


def _lengths(overview: Overview) -> list[ReportWarning]:
    rows, max_length = overview.statistics.rows, overview.trained.max_length
    default = overview.over_limit[TRAINING_LIMITS[0]]
    if max_length is None:
        return []
    return [
        ReportWarning(
            f"{_share(default, rows)} of pairs are longer than {TRAINING_LIMITS[0]:,} tokens (an "
            "estimate), TRL's default.",
            f"Longer pairs are cut or vanish without an error: set max_length to {max_length:,}.",
            default > 0,
        )
    ]


def _balance(overview: Overview) -> list[ReportWarning]:
    statistics, rows, found = overview.statistics, overview.statistics.rows, []
    if rows < _FEW_ROWS:
        text = f"There are {rows:,} pairs."
        found.append(ReportWarning(text, "That is few for a training run.", True))
    for noun, tally, most in (
        ("domain", statistics.by_domain, 0.6),
        ("model", statistics.by_model, 0.5),
        ("miner", overview.miners, 0.25),
    ):
        counts = tally.as_json()
        if counts:
            name, count = next(iter(counts.items()))
            name = sanitize_line(name[:60])
            of_most = f"{_share(count, rows)} of pairs are of one {noun}: {name}."
            why = "A model will mostly learn its strengths and weaknesses."
            found.append(ReportWarning(of_most, why, count > most * rows))
    totals = {split: 0 for split in ("train", "validation", "test")}
    for tally in statistics.by_split.values():
        for split in totals:
            totals[split] += tally.counts[split]
    empty = [split for split, count in totals.items() if not count]
    if empty:
        found.append(
            ReportWarning(
                f"No pair is in {' or in '.join(empty)}.",
                "Splits are by document, so few documents may leave one empty; see --splits.",
                True,
            )
        )
    return found


def _near_duplicates(documents: Sketches) -> list[ReportWarning]:
    found = documents.compare()
    why = "A model that trained on one of them knows the other, and the test tells too much."
    if found is None:
        text = how_to_compare()
        return [ReportWarning(f"{text[0].upper()}{text[1:]}.", why, False)]
    if found.warning is None:
        return []
    return [ReportWarning(f"{sanitize_line(found.warning)}.", why, True)]


def _losses(manifest: dict[str, Any]) -> list[ReportWarning]:
    funnel = manifest["funnel"]
    quarantined = sum(funnel["set_aside"].values())
    if not quarantined:
        return []
    reason = max(funnel["set_aside"], key=funnel["set_aside"].get, default="")
    most = f", most often as {reason}" if reason else ""
    return [
        ReportWarning(
            f"{_share(quarantined, funnel['records'])} of records were quarantined{most}.",
            "quarantine.jsonl lists each of them with its place.",
            quarantined > 0.05 * funnel["records"],
        )
    ]


def _share(part: int, whole: int) -> str:
    """Return a share in percent, with the count where it is small."""
    if not whole or not part:
        return "0%"
    percent = 100 * part / whole
    if part < whole and percent > 99:
        return "more than 99%"
    return f"{percent:.0f}%" if percent >= 1 else f"{percent:.2g}% ({part:,})"
