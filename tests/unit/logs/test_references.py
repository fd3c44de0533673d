"""What is remembered of an attempt: little, and nothing of it changes."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.logs.references import (
    NO_TIME,
    AttemptRef,
    ChallengeRef,
    Location,
    pack_attempt,
    pack_challenge,
    partition_of,
    unpack_attempts,
    unpack_challenges,
)

_sizes = st.integers(0, 2**32 - 1)
_hashes = st.integers(0, 2**64 - 1)
_digests = st.binary(min_size=16, max_size=16)
_times = st.just(NO_TIME) | st.integers(-(2**50), 2**50)
_locations = st.builds(
    Location,
    file=_sizes,
    offset=_hashes,
    length=_sizes,
    line=_sizes,
    digest=_hashes,
    before=_sizes,
    session_length=_sizes,
)
_attempts = st.builds(
    AttemptRef,
    location=_locations,
    challenge=_digests,
    miner_id=st.text(min_size=1),
    record_key=_hashes,
    model_key=_sizes,
    attempt_index=st.integers(1, 1000),
    is_credited=st.booleans(),
    lacks=st.integers(0, 15),
    unsafe=st.booleans(),
    outcome_problem=st.integers(0, 2),
    passed=st.booleans(),
    pass_count=st.integers(0, 1000),
    submitted_at=_times,
    timestamp=_times,
    input_digest=_digests,
)
_challenges = st.builds(
    ChallengeRef,
    location=_locations,
    challenge=_digests,
    has=st.integers(0, 15),
    input_digest=_digests,
)


@given(st.lists(_attempts), st.lists(_challenges))
def test_references_come_back_as_they_were(
    attempts: list[AttemptRef], challenges: list[ChallengeRef]
) -> None:
    for given_refs, taken in (
        (attempts, unpack_attempts(b"".join(map(pack_attempt, attempts)))),
        (challenges, unpack_challenges(b"".join(map(pack_challenge, challenges)))),
    ):
        assert [msgspec.to_builtins(ref) for ref in taken] == [
            msgspec.to_builtins(ref) for ref in given_refs
        ]


@given(_attempts)
def test_an_attempt_costs_some_150_bytes(ref: AttemptRef) -> None:
    wallet = msgspec.structs.replace(ref, miner_id="0x" + "a" * 40)
    assert len(pack_attempt(wallet)) <= 150


@given(st.lists(_attempts), st.sampled_from([1, 2, 8, 4096]))
def test_partitions_laid_end_to_end_are_in_order(attempts: list[AttemptRef], count: int) -> None:
    partitions: list[list[bytes]] = [[] for _ in range(count)]
    for ref in attempts:
        partitions[partition_of(pack_attempt(ref), count)].append(ref.challenge)
    laid = [challenge for partition in partitions for challenge in sorted(partition)]
    assert laid == sorted(ref.challenge for ref in attempts)
