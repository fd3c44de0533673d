"""Attempts that share their context are decoded as if they did not."""

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract.record_types import AttemptRecord
from botcoin_dpo.logs.record_decoder import decode_attempt
from botcoin_dpo.logs.session_heads import SessionHead
from botcoin_dpo.logs.shared_context import AttemptDecoder
from botcoin_dpo.logs.undecoded import decode_value
from tests.builders import attempt, context

_contexts = st.sampled_from([context(1), context(2), context(1, paragraph_count=4.0), None, ...])
_layouts: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{"separators": (",", ":")}, {}, {"sort_keys": True}]
)
_HEAD = SessionHead(json.dumps({"challenge_context": context(3), "miner_id": "0xcc"}).encode())


@st.composite
def _records(draw: st.DrawFn) -> bytes:
    """A record with a context, or with what looks like one, before or behind it."""
    index = draw(st.sampled_from([1, 2.0]))
    record = attempt(attempt_index=index, challenge_context=draw(_contexts))
    decoy = {"feedback_shown": {"challenge_context": draw(_contexts.filter(lambda it: it != ...))}}
    where = draw(st.sampled_from(["before", "behind", "nowhere"]))
    if where == "before":
        record = decoy | record
    elif where == "behind":
        record |= decoy
    return json.dumps(record, **draw(_layouts)).encode()


def plain(record: AttemptRecord) -> Any:
    return msgspec.to_builtins(record, enc_hook=decode_value)


@given(st.lists(st.tuples(_records(), st.booleans()), max_size=6))
def test_a_record_is_decoded_the_same_whatever_came_before(
    records: list[tuple[bytes, bool]],
) -> None:
    decoder = AttemptDecoder()
    for raw, is_element in records:
        head = _HEAD if is_element else None
        assert plain(decoder.decode(raw, head)) == plain(decode_attempt(raw, head))


def test_records_share_a_context_that_is_spelled_the_same() -> None:
    decoder = AttemptDecoder()
    raws = [json.dumps(attempt(index)).encode() for index in (1, 2, 3)]
    first, *others = (decoder.decode(raw, None).challenge_context for raw in raws)
    assert first is not None
    assert all(other is first for other in others)
    (other,) = (decoder.decode(json.dumps(attempt(challenge_context=context(2))).encode(), None),)
    assert other.challenge_context not in (None, first)


def test_a_context_of_many_megabytes_is_not_kept() -> None:
    decoder = AttemptDecoder()
    given = context() | {"document": "[paragraph_1]\n" + "a" * 1_000_000}
    raw = json.dumps(attempt(challenge_context=given)).encode()
    one, other = decoder.decode(raw, None), decoder.decode(raw, None)
    assert one.challenge_context == other.challenge_context
    assert one.challenge_context is not other.challenge_context
