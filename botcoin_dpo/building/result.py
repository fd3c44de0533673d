"""What a build tells of itself once it is done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from botcoin_dpo.building.funnel import Funnel
from botcoin_dpo.building.gates import Refusal
from botcoin_dpo.building.options import BuildOptions
from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.dataset.facts import Facts
from botcoin_dpo.dataset.listed_files import Shard
from botcoin_dpo.files.input_file import LogFile, display_name
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.pairing.strategies import STRATEGIES
from botcoin_dpo.readable import Readable
from botcoin_dpo.sessions.unsafe_prompts import UnsafePrompts


@dataclass(frozen=True, slots=True, repr=False)
class BuildResult(Readable):
    """What a build did."""

    funnel: Funnel
    shards: list[Shard]
    facts: Facts | None
    """The attempts and challenges beside the rows; None if they were not asked for."""
    out: Path | RemotePath | None
    """The published dataset; None if nothing was published."""
    refusals: list[Refusal]
    """The gates that kept it from being published."""
    first_quarantined: list[dict[str, object]]
    """The first few quarantine entries."""
    places: Mapping[str, str]
    """Where the log files lie that these entries name."""
    advice: str | None
    """Why there is not a single pair, if so."""
    unsafe_prompts: UnsafePrompts
    """Challenges that were quarantined whole, for unsafe text in their prompt."""
    large_files: Sequence[LogFile]
    """Large log files that cannot be divided: each keeps one process busy for long."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "out": self.out,
            "rows": self.funnel.rows,
            "attempts": self.funnel.attempts.total,
            "quarantined": self.funnel.quarantined.total(),
            **(
                {"refused": [refusal.message for refusal in self.refusals]} if self.refusals else {}
            ),
            "why_no_pairs": self.advice or "",
        }

    @property
    def is_refused(self) -> bool:
        """Whether a gate kept it from being published."""
        return bool(self.refusals)

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "out": None if self.out is None else display_name(self.out),
            "published": self.out is not None,
            "refusals": [refusal._asdict() for refusal in self.refusals],
            "rows": self.funnel.rows,
            "funnel": self.funnel.as_json(),
            "shards": [shard._asdict() for shard in self.shards],
            **{
                kind: self.facts[kind].as_json() if self.facts else None
                for kind in get_args(FactKind)
            },
            "first_set_aside": self.first_quarantined,
            "advice": self.advice,
            "unsafe_prompts": {
                "challenges": self.unsafe_prompts.challenges,
                "first": [prompt.as_json() for prompt in self.unsafe_prompts.first],
            },
        }


def why_no_pairs(funnel: Funnel, options: BuildOptions) -> str:
    """Return the main cause of an empty dataset, in words."""
    attempts = funnel.attempts
    if not attempts.total:
        return "the logs hold no attempt records"
    if not attempts.usable:
        return f"every attempt was quarantined, most often as {_most_common(funnel.quarantined)}"
    if not funnel.credited_sessions:
        return "no session has a credited pass"
    if funnel.dropped:
        return f"every pair was dropped, most often as {_most_common(funnel.dropped)}"
    chosen = [strategy.name for strategy in options.pairs]
    others = [name for name in STRATEGIES if name not in chosen]
    return f"no attempts fit {', '.join(chosen)}" + (
        f"; try --pairs {others[-1]}" if others else ""
    )


def _most_common(reasons: Counter[Any]) -> str:
    reason, count = reasons.most_common(1)[0]
    return f"{reason} ({count})"
