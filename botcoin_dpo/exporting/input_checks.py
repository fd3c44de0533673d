"""What the audits of all attempts at one input tell together: the checks that they have decided.

A verdict speaks of one attempt. What a constraint asks for is the same for every answer to an
input, so that a reward can be computed for an answer that nobody has given yet. Contract:
schemas/README.md, "Exports".
"""

from collections.abc import Sequence
from typing import NamedTuple

from botcoin_dpo.constraints.acrostic import Acrostic
from botcoin_dpo.constraints.kinds import parse
from botcoin_dpo.contract.identifiers import normalize_miner
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import GROUNDS
from botcoin_dpo.exporting.reward import HOLDS
from botcoin_dpo.logs.unsafe_text import token_in

_RANKS: dict[str, int] = {ground: rank for rank, ground in enumerate(GROUNDS)}
_DECIDED = frozenset({"verified", "contradicted"})


class _Decision(NamedTuple):
    kind: str
    expected: str
    ground: str


class _Best(NamedTuple):
    """The best credited attempt so far; the smallest is the best."""

    not_verified: int
    miner: str
    attempt_index: int
    record_id: str
    artifact: str


class InputChecks:
    """Collects the audits of the attempts at one input; it holds one artifact, and no attempt."""

    def __init__(self) -> None:
        self.attempts = 0
        self.credited = 0
        self._checked = 0
        self._decisions: dict[int, _Decision | None] = {}
        """By constraint; None where attempts were held against different texts."""
        self._best: _Best | None = None

    def add(self, facts: JsonObject) -> None:
        """Add an attempt object that has an audit."""
        verdicts = facts["audit"]["constraints"]
        self.attempts += 1
        self._checked = max(self._checked, int(facts["constraint_count"]))
        for verdict in verdicts:
            self._decide(verdict)
        if not facts["is_credited"]:
            return
        self.credited += 1
        if token_in(facts["artifact"]) is None:  # else no config could hold it, nor the input
            best = _Best(
                sum(verdict["verdict"] != "verified" for verdict in verdicts),
                normalize_miner(facts["miner_id"]),
                facts["attempt_index"],
                facts["record_id"],
                facts["artifact"],
            )
            self._best = best if self._best is None else min(self._best, best)

    @property
    def pass_rate(self) -> float:
        """The share of attempts that are credited."""
        return self.credited / self.attempts

    @property
    def reference_artifact(self) -> str | None:
        """The artifact of the credited attempt of which most is verified, None without one."""
        return None if self._best is None else self._best.artifact

    @property
    def checked(self) -> int:
        """How many constraints are checked."""
        return self._checked

    def checks(self, constraints: Sequence[str]) -> list[JsonObject]:
        """Return the decided checks as `reward.py` takes them, by the index of the constraint.

        Args:
            constraints: the texts of the input.
        """
        checks = []
        for index, decision in sorted(self._decisions.items()):
            if decision is None:
                continue
            parameter = None
            if decision.kind == "acrostic":
                constraint = parse(constraints[index]) if index < len(constraints) else None
                if not isinstance(constraint, Acrostic):
                    continue
                parameter = constraint.words
            checks.append({"index": index, **decision._asdict(), "parameter": parameter})
        return checks

    def _decide(self, verdict: JsonObject) -> None:
        ground, expected = verdict["ground"], verdict["expected"]
        is_decided = verdict["verdict"] in _DECIDED and expected is not None
        if not is_decided or ground == "own_reading" or verdict["kind"] not in HOLDS:
            return
        index = int(verdict["constraint"])
        decision = _Decision(verdict["kind"], expected, ground)
        before = self._decisions.setdefault(index, decision)
        if before is None:
            return
        if (before.kind, before.expected) != (decision.kind, expected):
            self._decisions[index] = None
        elif _RANKS[decision.ground] < _RANKS[before.ground]:
            self._decisions[index] = decision
