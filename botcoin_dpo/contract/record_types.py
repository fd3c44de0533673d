"""The fields of attempt, challenge and session records, once: nobody else spells them.

The same table serves two decoders. Scanning asks for types only: the document stays raw bytes and
free-form objects are skipped (`ScannedAttempt`). Assembly wants the values (`AttemptRecord`).
Contract: schemas/README.md, "Attempt record", "Challenge record", "Session record"; the schemas
say the same, and a test holds the two together.
"""

from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Raw, Struct, field

Text = TypeVar("Text")
"""The document: `Raw` (its JSON bytes) when scanning, `str` in assembly."""

Carried = TypeVar("Carried")
"""A value of any type: `Raw` when scanning, decoded in assembly."""

Free = TypeVar("Free")
"""A free-form object: `Skipped` when scanning, `dict` in assembly."""

Stats = TypeVar("Stats")
"""`trace_stats`: `StepCounts` when scanning, `dict` in assembly."""

Validation = TypeVar("Validation")
"""`trace_validation`: `CitationRate` or None when scanning, its JSON in assembly."""

Detailed = TypeVar("Detailed")
"""An object with an entry for each question, of which rows show little or nothing: `Skipped` or
None when scanning, its JSON in assembly."""

Traps = TypeVar("Traps")
"""`trap_metadata`: `TrapMetadata` when scanning, `dict` in assembly."""

LARGEST_COUNT = 2**53 - 1
"""Numbers that rows compute with are held to what a double can hold exactly."""

LONGEST_SHARED = 1000
"""Characters of a text that all elements of a session record take: each costs its length."""

MOST_SHARED_CONSTRAINTS = 1001
"""Constraints of a context that they take: as many as an index may name."""

Identifier = Annotated[str, Meta(min_length=1)]
SharedIdentifier = Annotated[str, Meta(min_length=1, max_length=LONGEST_SHARED)]
SharedText = Annotated[str, Meta(max_length=LONGEST_SHARED)]
ConstraintIndex = Annotated[int, Meta(ge=0, le=1000)]
ConstraintCount = Annotated[int, Meta(ge=0, le=1000)]
EpochMilliseconds = Annotated[int, Meta(ge=0, le=253402300799999)]
WholeNumber = Annotated[int, Meta(ge=-LARGEST_COUNT, le=LARGEST_COUNT)]
Number = (
    Annotated[int, Meta(ge=-LARGEST_COUNT, le=LARGEST_COUNT)]
    | Annotated[float, Meta(ge=-LARGEST_COUNT, le=LARGEST_COUNT)]
)
JsonObject = dict[str, Any]

INDEX_NAMES = frozenset(str(index) for index in range(1001))
"""The keys that `constraint_results` may have."""


class Skipped(Struct):
    """Some JSON object; its content is not decoded."""


class ConstraintResult(Struct):
    """The outcome of one constraint."""

    passed: bool | None = field(name="pass", default=None)


class StepCounts(Struct):
    """The numbers of `trace_stats` that rows compute with."""

    total_steps: Number | None = None
    extract_fact_steps: Number | None = None
    compute_logic_steps: Number | None = None
    reasoning_steps: Number | None = None


class CitationRate(Struct):
    """The number of `trace_validation` that rows compute with."""

    citation_match_rate: Number | None = None


class Submission(Struct):
    """What the miner handed in."""

    artifact: str
    reasoning_trace: Raw
    """Its JSON: many rows show no more of it than its text."""
    model: str | None = None


class ChallengeContext(Struct, Generic[Text, Carried]):
    """What the miner was given, and what the coordinator knows of the questions."""

    document: Text
    questions: list[str]
    constraints: list[str]
    paragraph_count: Annotated[int, Meta(ge=0, le=LARGEST_COUNT)] | None = None
    question_metadata: Carried = None  # type: ignore[assignment]


class TrapMetadata(Struct):
    """The traps of a document, as the coordinator knows them."""

    trap_count: Annotated[int, Meta(ge=0, le=LARGEST_COUNT)]
    traps: list[Skipped]


class AttemptShape(
    Struct, Generic[Text, Carried, Traps, Free, Stats, Validation, Detailed], kw_only=True
):
    """One attempt record of `dataset/v2`."""

    record_id: Identifier
    challenge_id: Identifier = ""
    """Empty only until a session record supplies it."""
    miner_id: Identifier = ""
    """Empty only until `operator` or a session record supplies it."""
    attempt_index: Annotated[int, Meta(ge=1, le=1000)]
    passed: bool = field(name="pass")
    submission: Submission
    constraint_results: dict[str, ConstraintResult | None] | None = None
    constraints_passed: list[ConstraintIndex] | None = None
    constraints_failed: list[ConstraintIndex] | None = None
    challenge_context: ChallengeContext[Text, Carried] | None = None
    trap_metadata: Traps | None = None
    constraint_total: ConstraintCount | None = None
    constraint_pass_count: ConstraintCount | None = None
    constraint_fail_count: ConstraintCount | None = None
    acceptance_path: str | None = None
    trap_classification: str | None = None
    coarse_progress_bucket: str | None = None
    challenge_seed: str | None = None
    challenge_domain: str | None = None
    dataset_namespace: str | None = None
    session_status: str | None = None
    credit_eligible: bool | None = None
    path_a_would_have_passed: bool | None = None
    operator: str | None = None
    rigId: str | None = None
    model_version: str | None = None
    modelVersion: str | None = None
    challenge_modifiers: Free | None = None
    quality_schema_version: WholeNumber | str | None = None
    trace_stats: Stats | None = None
    trace_validation: Validation = None  # type: ignore[assignment]
    trace_spatial_summary: Free | None = None
    trace_quality: Free | None = None
    reasoning_depth: Free | None = None
    answer_verification: Detailed = None  # type: ignore[assignment]
    submitted_answers: Detailed = None  # type: ignore[assignment]
    error_annotation: Free | None = None
    feedback_shown: Free | None = None
    constraint_flip_summary: Free | None = None
    retry_metadata: Free | None = None
    attempt_submitted_at: EpochMilliseconds | None = None
    session_expires_at: EpochMilliseconds | None = None
    time_since_previous_attempt_ms: WholeNumber | None = None
    timestamp: str | None = None
    storage_schema_version: WholeNumber | str | None = None


class ChallengeShape(Struct, Generic[Text, Carried, Traps]):
    """One challenge record: the context of attempts that were stored without it."""

    challenge_id: Identifier
    challenge_context: ChallengeContext[Text, Carried]
    challenge_seed: str | None = None
    challenge_domain: str | None = None
    trap_metadata: Traps | None = None


class SessionShape(Struct, Generic[Text, Carried, Traps], kw_only=True):
    """What the elements of one session record take from it."""

    challenge_id: SharedIdentifier | None = None
    miner_id: SharedIdentifier | None = None
    operator: SharedText | None = None
    rigId: SharedText | None = None
    model: SharedText | None = None
    model_version: SharedText | None = None
    modelVersion: SharedText | None = None
    challenge_context: ChallengeContext[Text, Carried] | None = None
    challenge_seed: SharedText | None = None
    challenge_domain: SharedText | None = None
    trap_metadata: Traps | None = None


ScannedAttempt = AttemptShape[
    Raw, Raw, TrapMetadata, Skipped, StepCounts, CitationRate | None, Skipped | None
]
ScannedChallenge = ChallengeShape[Raw, Raw, TrapMetadata]
AttemptRecord = AttemptShape[str, Any, JsonObject, JsonObject, JsonObject, Raw, Raw]
ChallengeRecord = ChallengeShape[str, Any, JsonObject]
ScannedSession = SessionShape[Raw, Raw, TrapMetadata]
DecodedSession = SessionShape[str, Any, JsonObject]

ATTEMPT_MARKS = frozenset({"submission", "attempt_index", "pass"})
"""A record with any of these is an attempt."""

CHALLENGE_MARK = "challenge_context"
"""A record with this and none of `ATTEMPT_MARKS` is a challenge record."""

SESSION_MARK = "attempts"
"""A record with an array under this and none of `ATTEMPT_MARKS` is a session record."""

STAND_INS = frozenset({"operator", "rigId", "model_version", "modelVersion"})
"""Fields of an attempt that stand in for its miner's id or its model's name."""

JOINED_FIELDS = ("challenge_context", "challenge_seed", "challenge_domain", "trap_metadata")
"""What an attempt takes from its session record or its challenge record where it lacks it."""

GUARDED_OBJECTS = ("submission", "challenge_context")
"""Objects in which, as in the record itself, a duplicated key is an error."""
