"""The attempts that may be paired, by session; none is decoded yet."""

from msgspec import Struct

from botcoin_dpo.logs.references import AttemptRef, ChallengeRef


class Candidate(Struct, frozen=True, eq=False, gc=False):
    """A usable attempt, not decoded."""

    ref: AttemptRef
    joined: ChallengeRef | None
    """The challenge record that supplies what the attempt lacks."""
    pass_count: int
    """Checked constraints passed."""
    input_digest: bytes
    """Of the document, questions and constraints, as spelled."""
    previous: "Candidate | None" = None
    """The attempt of the session whose index is one less, if that is usable."""

    @property
    def miner_id(self) -> str:
        """The normalised miner id."""
        return self.ref.miner_id

    @property
    def attempt_index(self) -> int:
        """The position in the session."""
        return self.ref.attempt_index

    @property
    def is_credited(self) -> bool:
        """Whether this is a chosen candidate; all others are rejected candidates."""
        return self.ref.is_credited


class Session(Struct, frozen=True, eq=False, gc=False):
    """The usable attempts of one miner at one challenge, by attempt index; never empty."""

    miner_id: str
    attempts: list[Candidate]

    @property
    def is_credited(self) -> bool:
        """Whether an attempt may be chosen."""
        return any(attempt.ref.is_credited for attempt in self.attempts)
