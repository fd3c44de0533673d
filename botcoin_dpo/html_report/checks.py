"""What a report checks before training: warnings, and checks that passed.

No threshold is known that holds for every training run, so each check gives its number. It is a
warning where the number is beyond what is usual, and has the pairs that it speaks of and the
command that mends it.
"""

from dataclasses import asdict, dataclass
from shlex import quote
from typing import Any, NamedTuple
from urllib.parse import urlencode

from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.pair_signals import ROW_SIGNALS
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.html_report.overview import Overview
from botcoin_dpo.validation.near_duplicates import Sketches, how_to_compare
from botcoin_dpo.viewing.list_facts import filter_value
from botcoin_dpo.viewing.signs import SIGNS

_FEW_ROWS = 500
_MOST_OF_A_NAME = 60


@dataclass(frozen=True, slots=True)
class PairFilter:
    """Which pairs of a page are meant; an empty value is any."""

    flag: str = ""
    """A rule of the audit, or a level of rules."""
    sign: str = ""
    ground: str = ""
    domain: str = ""
    model: str = ""
    gap: str = ""
    """`longer` or `shorter`, of the chosen text."""

    @property
    def address(self) -> str:
        """The address on the page that shows them."""
        wanted = {name: filter_value(value) for name, value in asdict(self).items() if value}
        return "#pairs?" + urlencode(wanted)


class Check(NamedTuple):
    """One thing to think about before training."""

    text: str
    why: str
    is_warning: bool
    """Whether it is beyond what is usual."""
    pairs: PairFilter | None = None
    """The pairs that it speaks of."""
    command: str | None = None
    """What mends it."""


def checks_of(overview: Overview, manifest: dict[str, Any] | None, name: str) -> list[Check]:
    """Return what to think about before training, warnings first.

    Args:
        overview: the numbers of the rows.
        manifest: of the build; None for a file of rows.
        name: of the dataset, for commands.
    """
    found = [
        *_labels(overview, name),
        *_signs(overview, name),
        *_shortcuts(overview, name),
        *_balance(overview, manifest),
        *_near_duplicates(overview.documents),
        *([] if manifest is None else _losses(manifest)),
    ]
    return sorted(found, key=lambda check: not check.is_warning)


def _dropping(overview: Overview, name: str, condition: str) -> str:
    """Return the command that exports without some pairs."""
    if not overview.statistics.audited and condition.split(":")[0] not in ROW_SIGNALS:
        return f"botcoin-dpo build LOGS -o {shell_name(name)} --audit --drop-if {condition}"
    return f"botcoin-dpo export {shell_name(name)} --drop-if {condition}"


def shell_name(name: str) -> str:
    """Return a name as a shell takes it; one that a line cannot show stays BUILD."""
    return quote(name) if name and sanitize_line(name) == name else "BUILD"


def _labels(overview: Overview, name: str) -> list[Check]:
    audited, rows = overview.statistics.audited, overview.statistics.rows
    if not audited:
        return [
            Check(
                "The labels were not audited.",
                "An independent check of each recorded outcome finds wrong labels.",
                True,
                None,
                f"botcoin-dpo build LOGS -o {shell_name(name)} --audit",
            )
        ]
    found = []
    for level, condition, meaning, why in (
        ("contradicted", "contradicted", "something recorded is contradicted",
         "Wrong labels hurt more than fewer pairs."),
        ("chosen:suspicious", "chosen:suspicious", "the audit found something suspicious in chosen",
         "A model would learn that slip: look at some before you drop them."),
        ("only_rejected:suspicious", None, "it found something suspicious in rejected alone",
         "That is often why it lost: such a pair is a good one."),
    ):  # fmt: skip
        count = overview.signs[level]
        if condition is None and not count:
            continue
        text = (
            f"In {share(count, audited)} of audited pairs {meaning}."
            if count
            else f"In none of the {audited:,} audited pairs {meaning}."
        )
        command = _dropping(overview, name, condition) if condition and count else None
        which = PairFilter(flag=level) if count else None
        found.append(Check(text, why if count else "", command is not None, which, command))
    if audited < rows:
        text = f"{share(rows - audited, rows)} of pairs carry no audit."
        found.append(Check(text, "Nobody checked their labels.", True))
    return found


def _signs(overview: Overview, name: str) -> list[Check]:
    rows, timed = overview.statistics.rows, overview.signs["timed"]
    found = []
    for sign, of, words, why, most in (
        ("fast", timed, "revisions took under 10 s",
         "A retry that fast is probably a guess, and teaches nothing about revising.", 0.2),
        ("unmatched", rows, "chosen traces have a citation that does not match the document",
         "A model would learn to cite what is not there.", 0.2),
        ("equal_artifacts", rows, "pairs have the same artifact on both sides",
         "Only the traces differ.", 0.05),
        ("nearly_equal", rows, "pairs have at least 98% of their words in common",
         "DPO may lower the likelihood of both sides if they hardly differ; an SFT term helps.",
         0.05),
    ):  # fmt: skip
        count = overview.signs[sign]
        if not of:
            continue
        text = f"{share(count, of)} of {words}." if count else f"No {_singular(words)}."
        is_warning = count > most * of
        command = _dropping(overview, name, SIGNS[sign].drop_if) if is_warning else None
        which = PairFilter(sign=sign) if count else None
        found.append(Check(text, why if count else "", is_warning, which, command))
    if count := overview.signs["speaks_of_before"]:
        found.append(
            Check(
                f"{share(count, rows)} of chosen traces refer to the attempt before.",
                "The prompt does not show it; export leaves such steps out of single-turn texts.",
                False,
                PairFilter(sign="speaks_of_before"),
            )
        )
    return found


def _singular(words: str) -> str:
    """Return `revisions took` as it reads after `No`: `revision took`."""
    for plural, one in (("revisions", "revision"), ("chosen traces have", "chosen trace has"),
                        ("pairs have", "pair has")):  # fmt: skip
        if words.startswith(plural):
            return one + words.removeprefix(plural)
    return words


def _shortcuts(overview: Overview, name: str) -> list[Check]:
    """Return how often a rule that knows nothing of the task is right."""
    pairs = overview.training.pairs
    if not pairs.count:
        return []
    longer, steps = pairs.longer, pairs.more_steps
    is_longer = longer.accuracy >= 0.5
    command = _dropping(overview, name, f"length_gap:{'gt:300' if is_longer else 'lt:-300'}")
    return [
        Check(
            f"The longer side is the chosen one in {longer.accuracy:.0%} of pairs, the one with "
            f"more steps in {steps.accuracy:.0%}.",
            "Far from half, DPO can learn length instead of quality.",
            longer.is_telling or steps.is_telling,
            PairFilter(gap="longer" if is_longer else "shorter"),
            command if longer.is_telling else None,
        ),
        Check(f"The sides of half of the pairs share {pairs.overlap(0.5):.0%} of their words.",
              "", False),
    ]  # fmt: skip


def _balance(overview: Overview, manifest: dict[str, Any] | None) -> list[Check]:
    statistics, rows, found = overview.statistics, overview.statistics.rows, []
    is_small = rows < _FEW_ROWS
    why = "That is few for a training run." if is_small else ""
    more = None
    if is_small and manifest is not None and {*PAIR_TYPES} - {*manifest["options"]["pairs"]}:
        more = " --pairs ".join(("botcoin-dpo build LOGS", *PAIR_TYPES))
    text = "There is 1 pair." if rows == 1 else f"There are {rows:,} pairs."
    found.append(Check(text, why, is_small, None, more))
    for noun, tally, most in (
        ("domain", statistics.by_domain, 0.6),
        ("model", statistics.by_model, 0.6),
        ("miner", overview.miners, 0.25),
    ):
        found.append(_one_sidedness(noun, tally, most, rows))
    totals = {split: 0 for split in ("train", "validation", "test")}
    for tally in statistics.by_split.values():
        for split in totals:
            totals[split] += tally.counts[split]
    empty = [split for split, count in totals.items() if not count]
    if empty:
        text, why = f"No pair is in {' or in '.join(empty)}.", (
            "Splits are by document, so few documents may leave one empty."
        )  # fmt: skip
        command = "botcoin-dpo build LOGS --splits 0.8,0.1,0.1"
        found.append(Check(text, why, True, None, command))
    else:
        found.append(Check("Pairs are in train, in validation and in test.", "", False))
    return found


def _one_sidedness(noun: str, tally: Tally, most: float, rows: int) -> Check:
    """Return whether most pairs are of one name, and more than if all names had the same."""
    counts = tally.as_json()
    name, count = next(iter(counts.items()))
    is_one_sided = count > most * rows and count * len(counts) > 1.5 * rows
    if len(counts) == 1 and rows > 1:
        is_one_sided = True
    named = sanitize_line(name[:_MOST_OF_A_NAME])
    text = f"{share(count, rows)} of pairs are of one {noun}: {named}"
    text += "." if len(counts) == 1 else f" (there are {len(counts):,})."
    which = None
    if noun != "miner" and name != "(other)":
        which = PairFilter(domain=name) if noun == "domain" else PairFilter(model=name)
    why = "A model will mostly learn its strengths and weaknesses." if is_one_sided else ""
    return Check(text, why, is_one_sided, which)


def _near_duplicates(documents: Sketches) -> list[Check]:
    found = documents.compare()
    why = "A model that trained on one of them knows the other, and the test tells too much."
    if found is None:
        text = how_to_compare()
        return [Check(f"{text[0].upper()}{text[1:]}.", why, False)]
    if found.warning is None:
        return []
    return [Check(f"{sanitize_line(found.warning)}.", why, True)]


def _losses(manifest: dict[str, Any]) -> list[Check]:
    """Return how many records were quarantined, by the same numbers as the dataset's card."""
    funnel, entries = manifest["funnel"], manifest["quarantine"]["entries"]
    if not entries:
        return [Check("No record was quarantined.", "", False)]
    reason = max(funnel["set_aside"], key=funnel["set_aside"].get, default="")
    most = f", most often as {reason}" if reason else ""
    records = sum(funnel[kind]["set_aside"] for kind in ("attempts", "challenges"))
    records += funnel["not_recognised"]
    return [
        Check(
            f"{share(records, funnel['records'])} of records were quarantined ({records:,} of "
            f"{funnel['records']:,}{most}).",
            f"quarantine.jsonl has {entries:,} entries, each with its place.",
            records > 0.05 * funnel["records"],
        )
    ]


def share(part: int, whole: int) -> str:
    """Return a share in percent, with the count where it is small."""
    if not whole or not part:
        return "0%"
    percent = 100 * part / whole
    if part < whole and percent > 99:
        return "more than 99%"
    return f"{percent:.0f}%" if percent >= 1 else f"{percent:.2g}% ({part:,})"
