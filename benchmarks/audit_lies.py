"""What an audit makes of lies in simulated logs: how many it finds, and whom it accuses wrongly.

Run: python -m benchmarks.audit_lies [SEED ...]

For each seed, logs of 80 challenges and 8 miners are made, and then counted are: findings in
untouched logs; failures relabelled as credited passes, alone in the log and beside the others;
recorded outcomes of failing attempts that are flipped, one at a time, each attempt alone; attempts
whose `pass` alone is flipped. Takes about two minutes a seed.
"""

import copy
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from benchmarks.relabel_failures import claim_to_pass
from botcoin_dpo import read_attempts
from botcoin_dpo.auditing.attempt_audit import AttemptAudit, audit_attempt
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt, audited_attempt_of
from botcoin_dpo.auditing.checks.constraint_outcomes import audit_constraints
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.simulation.simulator import simulate

Record = dict[str, Any]
Counts = Counter[tuple[str, ...]]


def main() -> None:
    """Measure and print."""
    counts: Counts = Counter()
    with TemporaryDirectory() as folder:
        for seed in map(int, sys.argv[1:] or ["201"]):
            logs = Path(folder) / str(seed)
            simulate(logs, challenges=80, miners=8, files=1, seed=seed)
            [path] = logs.iterdir()
            records = [orjson.loads(line) for line in path.read_bytes().splitlines()]
            records.sort(key=_place)
            for measure in (_untouched, _relabelled, _flipped_outcomes, _flipped_passes):
                measure(records, counts)
    for key, count in sorted(counts.items()):
        print(f"{count:7,}  {', '.join(key)}")


def _place(record: Record) -> tuple[str, str, int]:
    return record["challenge_id"], record["miner_id"], record["attempt_index"]


def _by_challenge(records: Sequence[Record]) -> Iterator[list[AuditedAttempt]]:
    """Yield the attempts at each challenge, as an audit sees them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
        attempts = read_attempts(path)
        for _, group in groupby(attempts, lambda each: each.candidate.ref.challenge):
            yield [audited_attempt_of(attempt) for attempt in group]


def _is_contradicted(audit: AttemptAudit) -> bool:
    return any(finding.level == "contradicted" for finding in audit.findings)


def _alone(subject: AuditedAttempt) -> AttemptAudit:
    return audit_attempt(subject, Consensus())


def _untouched(records: Sequence[Record], counts: Counts) -> None:
    for subjects in _by_challenge(records):
        together = Consensus.of(subjects)
        for subject in subjects:
            for how, consensus in (("alone", Consensus()), ("together", together)):
                audit = audit_attempt(subject, consensus)
                counts["untouched", how, "attempts"] += 1
                counts["untouched", how, "contradicted"] += _is_contradicted(audit)
                for verdict in audit.verdicts:
                    counts["untouched", how, "outcome", verdict.status] += 1


def _relabelled(records: Sequence[Record], counts: Counts) -> None:
    solvers: dict[str, set[str]] = {}
    for record in records:
        if record["credit_eligible"]:
            solvers.setdefault(record["challenge_id"], set()).add(record["miner_id"])
    for how in ("alone", "beside others"):
        liars: dict[str, tuple[str, set[int]]] = {}  # miners and false outcomes, by record id
        told: set[str] = set()
        changed = copy.deepcopy(list(records))
        for record in changed:
            challenge, miner = record["challenge_id"], record["miner_id"]
            is_solved = bool(solvers.get(challenge, set()) - {miner}) or how == "alone"
            if challenge not in told and is_solved and record["constraints_failed"]:
                liars[record["record_id"]] = miner, set(record["constraints_failed"])
                told.add(challenge)
                claim_to_pass(record)
        if how == "alone":
            changed = [record for record in changed if record["record_id"] in liars]
        for subjects in _by_challenge(changed):
            consensus = Consensus.of(subjects)
            lying = {liars[each.record_id][0] for each in subjects if each.record_id in liars}
            for subject in subjects:
                audit = audit_attempt(subject, consensus)
                if subject.record_id in liars:
                    counts["relabelled", how, "attempts"] += 1
                    counts["relabelled", how, "found"] += _is_contradicted(audit)
                    for verdict in audit.verdicts:
                        if verdict.number in liars[subject.record_id][1]:
                            counts["relabelled", how, "false outcome", verdict.status] += 1
                elif subject.miner_id not in lying:  # a rewritten history contradicts its own
                    counts["relabelled", how, "honest", "attempts"] += 1
                    counts["relabelled", how, "honest", "contradicted"] += _is_contradicted(audit)


def _flipped_outcomes(records: Sequence[Record], counts: Counts) -> None:
    for subjects in _by_challenge(records):
        for subject in subjects:
            path = "on path A" if subject.acceptance_path == "A" else "failing"
            for index in () if subject.is_credited else range(subject.checked):
                outcomes = list(subject.outcomes)
                outcomes[index] = not outcomes[index]
                lying = replace(subject, outcomes=outcomes)
                verdict = audit_constraints(lying, Consensus())[index]
                says = "says pass" if outcomes[index] else "says fail"
                counts["flipped", path, verdict.kind, says, verdict.status] += 1


def _flipped_passes(records: Sequence[Record], counts: Counts) -> None:
    changed = [{**record, "pass": not record["pass"]} for record in records[:120]]
    for record in changed:
        for subjects in _by_challenge([record]):
            counts["pass flipped", "attempts"] += len(subjects)
            counts["pass flipped", "found"] += sum(map(_is_contradicted, map(_alone, subjects)))


if __name__ == "__main__":
    main()
