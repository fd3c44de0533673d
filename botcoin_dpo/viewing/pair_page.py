"""Everything that a person wants to see of a pair, for the terminal and the browser.

What an audit knows of it is worked out from the row, so that it is there for every build.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import cast

from botcoin_dpo.attempts.citations import citation_of
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.from_row import audited_attempts_of
from botcoin_dpo.auditing.pair_audit import audit_attempts
from botcoin_dpo.auditing.step_verdicts import StepVerdict, audit_steps
from botcoin_dpo.auditing.verdict import Verdict
from botcoin_dpo.constraints.constraint import Constraint
from botcoin_dpo.constraints.kinds import KINDS, Kinds, constraint_kind
from botcoin_dpo.contract.audit_rules import RuleId
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_lines import lines_of
from botcoin_dpo.contract.verdicts import Ground, Status
from botcoin_dpo.readable import Readable
from botcoin_dpo.viewing.artifact_marks import (
    ArtifactMark,
    Asked,
    artifact_marks,
    visible_marks,
)
from botcoin_dpo.viewing.cited_document import CitedParagraph, cited_document
from botcoin_dpo.viewing.decided import Decided, decided
from botcoin_dpo.viewing.own_reading import text_of_trace
from botcoin_dpo.viewing.pair_facts import worst_ground
from botcoin_dpo.viewing.questions import QuestionLine, question_lines
from botcoin_dpo.viewing.reasons import answers_words, why_chosen
from botcoin_dpo.viewing.trace_diff import DiffLine, compare_traces


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a constraint on one side."""

    passed: bool | None
    """As recorded; None if that is not known."""
    audit: Status | None
    """Whether it is right; None if not checked, or if the row's own audit leaves it open."""
    ground: Ground | None
    """What that stands on; None where nothing is known, or if that audit leaves it open."""
    lacks: str | None = None
    """The text that a failing side had to have, where it is known and the constraint names none."""
    read: str | None = None
    """The text that a failing side's own trace leads to, where it leads to one alone."""
    is_checked: bool = field(default=True, metadata={"in_json": False})
    """Whether the constraint is one of those that are checked."""

    @property
    def checked_by(self) -> str | None:
        """What checked it, in words, or that nothing did; None where that is not known."""
        if self.audit == "unchecked":
            return "unchecked"
        return None if self.ground is None else self.ground.replace("_", " ")

    @property
    def is_open(self) -> bool:
        """Whether the row's own audit does not tell what decided it."""
        return self.is_checked and self.ground is None and self.audit != "unchecked"


@dataclass(frozen=True, slots=True)
class ConstraintLine:
    """One constraint and its two outcomes."""

    index: int
    """From 0, as in the row."""
    kind: str
    text: str
    rejected: Outcome
    chosen: Outcome
    expected: str | None
    """The text that the artifact must have, or must not have, where that is known."""
    names_it: bool = field(metadata={"in_json": False})
    """Whether the constraint's own words tell that text."""

    @property
    def number(self) -> int:
        """Its number for people, from 1, as in the prompt."""
        return self.index + 1

    @property
    def is_flipped(self) -> bool:
        """Whether its outcome differs between the two sides."""
        return self.rejected.passed != self.chosen.passed

    @property
    def asks_for(self) -> str | None:
        """The text that the artifact must have, where the constraint does not name it itself."""
        return None if self.names_it else self.expected


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair."""

    attempt_index: int
    record_id: str
    passed: int | None
    """How many of the checked constraints."""
    model: str | None
    artifact: str
    marks: list[ArtifactMark]
    steps: list[str]
    """Without the `> ` that each line of a trace starts with."""
    citations: list[int | None]
    """By step, the paragraph that it cites."""
    verdicts: list[StepVerdict]
    """By step, whether it can be relied on."""
    answers: str | None
    """How many answers are right, as recorded, in words."""
    grounds: JsonObject | None
    """By verdict and by what it stands on, the number of outcomes, by the row's own audit."""

    @property
    def visible(self) -> list[ArtifactMark]:
        """The marks that can be drawn, since they do not overlap."""
        return visible_marks(self.marks)

    def parts(self, keeps: bool) -> dict[int, str]:
        """Return, by index of the constraint, the text that keeps it, or that is wrong."""
        parts: dict[int, str] = {}
        for mark in sorted(self.marks, key=lambda mark: mark.constraint):
            if mark.keeps == keeps:
                text = self.artifact[mark.start : mark.end]
                before = parts.get(mark.constraint)
                parts[mark.constraint] = text if before is None else f"{before} {text}"
        return parts


@dataclass(frozen=True, slots=True, repr=False)
class PairPage(Readable):
    """A pair, taken apart."""

    number: int
    """Of the row in its dataset, from 1."""
    total: int | None = field(metadata={"in_json": False})
    """Pairs of the dataset, where that is known."""
    pair_id: str
    why: str
    """Why chosen won."""
    challenge_id: str
    domain: str | None
    miner_id: str
    pair_type: str
    is_session: bool
    """Whether both attempts are of one session."""
    split: str
    session_attempts: int | None
    gain: int
    checked: int
    """Constraints that are checked."""
    revision_time_ms: int | None
    feedback: JsonObject | None
    """The feedback between the two attempts."""
    similarity: float | None
    """Of the words of the two texts, from 0 to 1."""
    flags: list[RuleId]
    """Rules by which something was found: by the row's own audit, else by what it tells."""
    found_in: dict[str, list[RuleId]]
    """The same by the side in which it was found."""
    questions: list[QuestionLine]
    constraints: list[ConstraintLine]
    rejected: Side
    chosen: Side
    diff: list[DiffLine]
    document: list[CitedParagraph]

    @property
    def worst_ground(self) -> str:
        """The worst that a verdict on an outcome stands on, by what the row tells."""
        lines = self.constraints[: self.checked]
        return worst_ground(of.ground for line in lines for of in (line.rejected, line.chosen))

    def sides_of(self, rule: RuleId) -> str:
        """Return in which attempts a rule found something, in words."""
        return " and ".join(side for side, rules in self.found_in.items() if rule in rules)

    @property
    def leaves_open(self) -> bool:
        """Whether the row's own audit does not tell which of its verdicts is on which outcome."""
        lines = self.constraints[: self.checked]
        return any(of.is_open for line in lines for of in (line.rejected, line.chosen))

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "number": self.number,
            "pair_id": self.pair_id,
            "pair_type": self.pair_type,
            "challenge_id": self.challenge_id,
            "gain": self.gain,
        }

    def as_json(self) -> JsonObject:
        """Return everything as `--json` prints it; named tuples become objects."""
        return cast(JsonObject, _plain(self))


def _plain(value: object) -> object:
    if is_dataclass(value):
        shown = (each for each in fields(value) if each.metadata.get("in_json", True))
        return {each.name: _plain(getattr(value, each.name)) for each in shown}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(inner) for name, inner in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def make_pair_page(
    row: JsonObject, number: int, kinds: Kinds = KINDS, total: int | None = None
) -> PairPage:
    """Return a row that fits its schema, taken apart.

    Args:
        row: schemas/README.md, "The row".
        number: of the row in its dataset, from 1.
        kinds: of constraints, those that are known.
        total: pairs of the dataset, if known.
    """
    notes = row["pair_annotations"]
    subjects = audited_attempts_of(row, kinds)
    audit = audit_attempts(
        *subjects, row["rejected_text"], row["chosen_text"], notes["revision_time_ms"]
    )
    verdicts = audit.rejected.verdicts, audit.chosen.verdicts
    asked = _asked(subjects, verdicts)
    rejected, chosen = (
        _side(row, name, subject, asked)
        for name, subject in zip(("rejected", "chosen"), subjects, strict=True)
    )
    return PairPage(
        number=number,
        total=total,
        pair_id=pair_id_of(row),
        why=why_chosen(row, kinds),
        challenge_id=row["challenge_id"],
        domain=row["challenge_domain"],
        miner_id=row["metadata"]["miner_id"],
        pair_type=notes["pair_type"],
        is_session=notes["pair_family"] == "session",
        split=row["split"],
        session_attempts=row["metadata"]["session_attempts_total"],
        gain=notes["constraint_pass_delta"],
        checked=notes["constraint_total"],
        revision_time_ms=notes["revision_time_ms"],
        feedback=notes["feedback_between_attempts"],
        similarity=audit.signals["edit_similarity"],
        flags=row["audit"]["flags"] if "audit" in row else audit.flags,
        found_in=row["audit"]["found_in"] if "audit" in row else audit.found_in,
        questions=question_lines(row["questions"], subjects),
        constraints=_constraints(row, subjects, verdicts, asked),
        rejected=rejected,
        chosen=chosen,
        diff=compare_traces(rejected.steps, chosen.steps),
        document=cited_document(
            row["document"], subjects[0].trace, subjects[1].trace, row["trap_metadata"]["traps"]
        ),
    )


def _side(row: JsonObject, name: str, subject: AuditedAttempt, texts: list[str | None]) -> Side:
    metadata, think = row[f"{name}_metadata"], row[name]["think"]
    asked = map(Asked, subject.constraint_set.constraints, texts, subject.outcomes)
    return Side(
        attempt_index=metadata["attempt_index"],
        record_id=metadata["record_id"],
        passed=metadata["constraint_pass_count"],
        model=metadata["model"],
        artifact=subject.artifact,
        marks=artifact_marks(subject.artifact, asked),
        steps=[line.removeprefix("> ") for line in lines_of(think)],
        citations=[citation_of(step).paragraph for step in subject.trace],
        verdicts=audit_steps(subject),
        answers=answers_words(metadata),
        grounds=row["audit"]["grounds"][name] if "audit" in row else None,
    )


def _asked(
    subjects: tuple[AuditedAttempt, AuditedAttempt], verdicts: Sequence[Sequence[Verdict]]
) -> list[str | None]:
    """Return the text that each checked constraint asks for, as far as it is sure.

    What only a failing attempt reads may be what it failed by, and what a passing one has may be
    there by chance: the outcomes of both sides must agree with it.
    """
    asked: list[str | None] = []
    for constraint, *found in zip(subjects[0].constraint_set.constraints, *verdicts, strict=True):
        texts = [
            verdict.expected
            for verdict, subject in zip(found, subjects, strict=True)
            if verdict.expected is not None and _tells(constraint, verdict, subject)
        ]
        agreed = (text for text in texts if _agrees(constraint, text, found, subjects))
        asked.append(next(agreed, None))
    return asked


def _tells(constraint: Constraint | None, verdict: Verdict, subject: AuditedAttempt) -> bool:
    """Return whether what an audit found on one side can be what a constraint asks for."""
    is_told = verdict.status in ("verified", "consistent")
    if constraint is None or not is_told or verdict.expected is None:
        return False
    if constraint.own_text is not None:
        return True
    return verdict.recorded is True and constraint.stands_out(subject.artifact, verdict.expected)


def _agrees(
    constraint: Constraint | None,
    text: str,
    found: Sequence[Verdict],
    subjects: tuple[AuditedAttempt, AuditedAttempt],
) -> bool:
    """Return whether the recorded outcomes of both sides are those that a text leads to."""
    return constraint is not None and all(
        verdict.recorded in (None, constraint.holds(subject.artifact, text))
        for verdict, subject in zip(found, subjects, strict=True)
    )


def _outcome(
    subject: AuditedAttempt, index: int, known: Sequence[Decided], asked: list[str | None]
) -> Outcome:
    passed = subject.outcomes[index]
    if index >= len(known):
        return Outcome(passed, None, None, is_checked=False)
    constraint = subject.constraint_set.constraints[index]
    lacks = read = None
    if passed is False and constraint is not None and constraint.needs:
        lacks = asked[index]
        read = text_of_trace(subject, index)
    return Outcome(passed, *known[index], lacks, read)


def _constraints(
    row: JsonObject,
    subjects: tuple[AuditedAttempt, AuditedAttempt],
    verdicts: Sequence[Sequence[Verdict]],
    asked: list[str | None],
) -> list[ConstraintLine]:
    lines = []
    constraint_set, kinds = subjects[0].constraint_set, subjects[0].kinds
    known = [
        decided(found, row.get("audit"), side)
        for side, found in zip(("rejected", "chosen"), verdicts, strict=True)
    ]
    for index, text in enumerate(row["constraints"]):
        rejected, chosen = (
            _outcome(subject, index, each, asked)
            for subject, each in zip(subjects, known, strict=True)
        )
        constraint = constraint_set.constraints[index] if index < len(asked) else None
        lines.append(
            ConstraintLine(
                index=index,
                kind=constraint_kind(text, kinds),
                text=text,
                rejected=rejected,
                chosen=chosen,
                expected=asked[index] if index < len(asked) else None,
                names_it=constraint is not None and constraint.own_text is not None,
            )
        )
    return lines
