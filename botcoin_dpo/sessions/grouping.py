"""Groups the references of one challenge into sessions: all that pairing is allowed to see.

Here records meet: duplicates and conflicts are found, context is joined, outcomes are checked,
and a session whose attempts were given different inputs is refused. The reasons apply in the order
of the closed list. Contract: schemas/README.md, "Sessions" and "Nothing is lost".
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from botcoin_dpo.contract.outcomes import constraint_outcomes, outcome_problem
from botcoin_dpo.contract.record_types import (
    AttemptRecord,
    ChallengeContext,
)
from botcoin_dpo.contract.rejections import Cause, Rejection
from botcoin_dpo.logs.record_decoder import read_record_id
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.references import AttemptRef, ChallengeRef
from botcoin_dpo.logs.undecoded import decode_value
from botcoin_dpo.logs.unsafe_text import unsafe_prompt, unsafe_submission
from botcoin_dpo.sessions.candidates import Candidate, Session
from botcoin_dpo.sessions.context import context_of, input_key, join
from botcoin_dpo.sessions.duplicates import resolve, resolve_challenges
from botcoin_dpo.sessions.unsafe_prompts import UnsafePrompts


@dataclass(slots=True)
class GroupingCounts:
    """What became of the records that meet here."""

    duplicates: int = 0
    attempts_quarantined: int = 0
    usable: int = 0
    challenges_used: int = 0
    challenges_unused: int = 0
    challenge_duplicates: int = 0
    challenges_quarantined: int = 0
    sessions: int = 0
    credited_sessions: int = 0
    unsafe_prompts: UnsafePrompts = field(default_factory=UnsafePrompts)


def group_attempts(
    attempts: list[AttemptRef],
    challenges: list[ChallengeRef],
    reader: RecordReader,
    counts: GroupingCounts,
    reject: Callable[[Rejection], None],
    *,
    allow_unsafe_text: bool = False,
) -> Iterator[list[Session]]:
    """Yield the sessions of each challenge of a partition, by miner id, in output order.

    Args:
        attempts: references of whole challenges.
        challenges: references of challenge records, of whole challenges as well.
        reader: reads records again.
        counts: is added to.
        reject: takes what cannot be used.
        allow_unsafe_text: whether attempts with unsafe text are usable.
    """
    contexts: dict[bytes, list[ChallengeRef]] = defaultdict(list)
    for challenge in challenges:
        contexts[challenge.challenge].append(challenge)
    attempts.sort(key=attrgetter("challenge", "miner_id", "attempt_index"))
    grouper = _Grouper(reader, counts, reject, allow_unsafe_text)
    for key, group in groupby(attempts, key=attrgetter("challenge")):
        yield grouper.group(list(group), contexts.pop(key, []))
    for alone in contexts.values():
        grouper.group([], alone)


@dataclass(frozen=True, slots=True)
class _Grouper:
    reader: RecordReader
    counts: GroupingCounts
    reject: Callable[[Rejection], None]
    allow_unsafe_text: bool

    def group(self, refs: list[AttemptRef], challenges: list[ChallengeRef]) -> list[Session]:
        context = self._resolve_challenges(challenges)
        sessions: list[Session] = []
        is_used = False
        for miner_id, group in groupby(refs, key=attrgetter("miner_id")):
            resolved = resolve(group, self.reader)
            self.counts.duplicates += resolved.duplicates
            for ref, problem in resolved.conflicting:
                self._reject(ref, Cause("conflicting_attempts", problem))
            candidates: list[Candidate] = []
            for ref in sorted(resolved.kept, key=attrgetter("attempt_index")):
                is_used = is_used or bool(context and context.has & ref.lacks)
                last = candidates[-1] if candidates else None
                if candidate := self._candidate(ref, context, last):
                    candidates.append(candidate)
            if candidates := self._with_one_input(candidates):
                sessions.append(Session(miner_id, candidates))
        if context:
            self.counts.challenges_used += is_used
            self.counts.challenges_unused += not is_used
        self.counts.usable += sum(len(session.attempts) for session in sessions)
        self.counts.sessions += len(sessions)
        self.counts.credited_sessions += sum(session.is_credited for session in sessions)
        return sessions

    def _resolve_challenges(self, refs: list[ChallengeRef]) -> ChallengeRef | None:
        context, conflicting = resolve_challenges(refs, self.reader)
        for ref in conflicting:
            self.counts.challenges_quarantined += 1
            cause = Cause("conflicting_challenges", "another record of this challenge differs")
            record_id = read_record_id(self.reader.read(ref))
            self.reject(Rejection(ref.location.place, cause, record_id))
        if context:
            self.counts.challenge_duplicates += len(refs) - 1
        return context

    def _candidate(
        self, ref: AttemptRef, context: ChallengeRef | None, last: Candidate | None
    ) -> Candidate | None:
        joined = context if context and context.has & ref.lacks else None
        has_context = ref.has_context
        if not has_context and joined is None:
            detail = "no challenge_context here, and no usable challenge record in the logs"
            self._reject(ref, Cause("missing_context", detail))
            return None
        pass_count = ref.pass_count
        is_unsafe = ref.unsafe or (joined is not None and not has_context and joined.unsafe)
        suspect = is_unsafe and not self.allow_unsafe_text
        if ref.outcome_problem or suspect or not has_context:
            record = join(
                self.reader.attempt(ref), self.reader.challenge(joined) if joined else None
            )
            outcomes = constraint_outcomes(record, context_of(record).constraints)
            if cause := outcome_problem(record, outcomes):
                self._reject(ref, cause)
                return None
            if suspect and (unsafe := self._unsafe_text(record)):
                self._reject(ref, Cause("unsafe_text", unsafe))
                return None
            pass_count = outcomes.pass_count
        digest = ref.input_digest if has_context or not joined else joined.input_digest
        is_next = last is not None and last.attempt_index == ref.attempt_index - 1
        return Candidate(ref, joined, pass_count, digest, last if is_next else None)

    def _unsafe_text(self, record: AttemptRecord) -> str | None:
        """Return what is unsafe in an attempt and where; count those of an unsafe prompt."""
        found = self.reader.once(_unsafe_prompt, "challenge_context", context_of(record))
        if found is not None:
            self.counts.unsafe_prompts.add(record.challenge_id, found)
            return found
        submission = record.submission
        steps = decode_value(submission.reasoning_trace)
        return unsafe_submission(submission.artifact, submission.model, steps)

    def _with_one_input(self, candidates: list[Candidate]) -> list[Candidate]:
        """Return the candidates of a session if they were all given the same, else none."""
        if len({candidate.input_digest for candidate in candidates}) > 1:
            spellings = {candidate.input_digest: candidate for candidate in candidates}
            keys = {input_key(candidate, self.reader) for candidate in spellings.values()}
            if len(keys) > 1:
                cause = Cause("input_mismatch", "the attempts of the session differ in their input")
                for candidate in candidates:
                    self._reject(candidate.ref, cause)
                return []
        return candidates

    def _reject(self, ref: AttemptRef, cause: Cause) -> None:
        self.counts.attempts_quarantined += 1
        record_id = read_record_id(self.reader.read(ref))
        self.reject(Rejection(ref.location.place, cause, record_id))


def _unsafe_prompt(_: str, context: ChallengeContext[str, Any]) -> str | None:
    return unsafe_prompt(context.document, context.questions, context.constraints)
