"""What is asked of a simulation, and what it did."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from botcoin_dpo.errors import UsageError, choice_of, one_or_more
from botcoin_dpo.files.input_file import display_name
from botcoin_dpo.readable import Readable
from botcoin_dpo.simulation.domain import Domain
from botcoin_dpo.simulation.domain_files import built_in_domains
from botcoin_dpo.simulation.log_files import LOG_FORMATS, LogFormat

ContextPlace = Literal["inline", "separate", "mixed"]
CONTEXT_PLACES: tuple[ContextPlace, ...] = get_args(ContextPlace)

_MOST_FILES = 512
"""Log files, which are all open at once."""


@dataclass(frozen=True, slots=True)
class SimulationOptions:
    """What is simulated; the same options give the same logs."""

    challenges: int
    seed: int
    domains: tuple[Domain, ...]
    miners: int
    files: int
    format: LogFormat
    context: ContextPlace
    noise: float

    def __post_init__(self) -> None:
        for name in ("challenges", "miners", "files"):
            if getattr(self, name) < 1:
                raise UsageError(f"--{name}: must be at least 1")
        if self.files > _MOST_FILES:
            raise UsageError(f"--files: must be at most {_MOST_FILES}")
        if not -(2**63) <= self.seed < 2**63:
            raise UsageError("--seed: must be from -2^63 to 2^63-1")
        if not 0 <= self.noise <= 1:
            raise UsageError("--noise: must be from 0 to 1")
        choice_of("--format", self.format, LOG_FORMATS)
        choice_of("--context", self.context, CONTEXT_PLACES)

    def as_json(self) -> dict[str, Any]:
        """Return the options as they stand in the ledger."""
        names = ("challenges", "seed", "domains", "miners", "files", "format", "context", "noise")
        values = {name: getattr(self, name) for name in names}
        return values | {"domains": [domain.name for domain in self.domains]}


def chosen_domains(domains: Sequence[str | Domain] | str | None) -> tuple[Domain, ...]:
    """Return the domains that are named or given, each once; all built-in ones for None."""
    built_in = built_in_domains()
    if domains is None:
        return tuple(built_in.values())
    if isinstance(domains, str):
        domains = one_or_more(domains)
    if not domains:
        raise UsageError(f"--domains: none given; choose from {', '.join(built_in)}")
    for each in domains:
        if isinstance(each, str):
            choice_of("--domains", each, built_in)
    return tuple(dict.fromkeys(built_in[d] if isinstance(d, str) else d for d in domains))


@dataclass(slots=True, repr=False)
class Simulation(Readable):
    """What was written."""

    out: Path
    ledger: Path
    records: int = 0
    """Lines that are a record, damaged or not; a last line that breaks off is not counted."""
    challenges: int = 0
    sessions: int = 0
    attempts: int = 0
    """Attempts that were made, each once."""
    credited: int = 0
    """Those of them that passed and earn credit."""
    duplicates: int = 0
    """Second uploads of attempts."""
    challenge_records: int = 0
    bytes_written: int = 0
    """On disk."""
    damaged: Counter[str] = field(default_factory=Counter)
    """Lines by the kind of damage."""
    expected: Counter[str] = field(default_factory=Counter)
    """Quarantine entries to be expected, by reason."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "out": self.out,
            "records": self.records,
            "challenges": self.challenges,
            "attempts": self.attempts,
            "credited": self.credited,
        }

    def totals(self) -> dict[str, Any]:
        """Return the counts as they stand in the ledger."""
        return {
            "records": self.records,
            "challenges": self.challenges,
            "sessions": self.sessions,
            "attempts": self.attempts,
            "credited": self.credited,
            "repeats": self.duplicates,
            "challenge_records": self.challenge_records,
            "damaged": dict(sorted(self.damaged.items())),
            "expected": dict(sorted(self.expected.items())),
        }

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "out": display_name(self.out),
            "ledger": display_name(self.ledger),
            "bytes": self.bytes_written,
            **self.totals(),
        }
