"""Decodes attempts whose context most often is that of the attempt before, spelled the same.

The context, which is most of a record, is then decoded once and shared. Like a document by its
placeholder, it is taken out by a guess that decoding proves right or wrong.
"""

from typing import Any

import msgspec

from botcoin_dpo.contract.record_types import AttemptRecord, ChallengeContext
from botcoin_dpo.logs.record_decoder import decode_attempt
from botcoin_dpo.logs.session_heads import SessionHead

_LONGEST_KEPT = 10**6
"""Bytes of a context that is kept; real ones have 20 KB, but a record may have 50 MB."""

_STAND_IN = b'{"document":"","questions":[],"constraints":[]}'
"""What stands where the context stood; no accepted record has an empty document."""


class _WithContext(msgspec.Struct):
    challenge_context: msgspec.Raw = msgspec.Raw(b"")


_spelled_context = msgspec.json.Decoder(_WithContext)


class AttemptDecoder:
    """Decodes attempts, and keeps the last context for those that have the same one."""

    def __init__(self) -> None:
        """Start without a context."""
        self._spelled = b""
        self._context: ChallengeContext[str, Any] | None = None

    def decode(self, raw: bytes, head: SessionHead | None) -> AttemptRecord:
        """Return an attempt, as `decode_attempt` does."""
        return self._with_last_context(raw, head) or self._with_own_context(raw, head)

    def _with_last_context(self, raw: bytes, head: SessionHead | None) -> AttemptRecord | None:
        spelled = self._spelled
        # It stands near the end of most records. Searching for all of it would take longer.
        tail = spelled[-64:]
        start = raw.rfind(tail) + len(tail) - len(spelled)
        if not spelled or start < 0 or not raw.startswith(spelled, start):
            return None
        short = b"".join((raw[:start], _STAND_IN, raw[start + len(spelled) :]))
        record = decode_attempt(short, head)
        found = record.challenge_context
        if found is None or found.document:  # it stood elsewhere
            return None
        record.challenge_context = self._context
        return record

    def _with_own_context(self, raw: bytes, head: SessionHead | None) -> AttemptRecord:
        record = decode_attempt(raw, head)
        spelled = bytes(_spelled_context.decode(raw).challenge_context)
        if spelled.startswith(b"{") and len(spelled) <= _LONGEST_KEPT:
            self._spelled, self._context = spelled, record.challenge_context
        return record
