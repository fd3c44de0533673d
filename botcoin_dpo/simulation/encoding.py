"""The records of one challenge as JSON; what they share is encoded once."""

import orjson

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.simulation.challenge import Challenge


class RecordEncoder:
    """Writes the records of one challenge; what they share is encoded once."""

    def __init__(self, challenge: Challenge) -> None:
        self._challenge = challenge
        self._context = orjson.Fragment(orjson.dumps(challenge.context))

    def with_context(self, record: JsonObject) -> JsonObject:
        """Return a record with context and traps, as it is stored after annotation."""
        challenge = self._challenge
        return record | {
            "challenge_context": challenge.context,
            "trap_metadata": challenge.trap_metadata,
        }

    def challenge_record(self) -> JsonObject:
        """Return the challenge record."""
        challenge = self._challenge
        return {
            "challenge_id": challenge.challenge_id,
            "challenge_seed": challenge.seed,
            "challenge_domain": challenge.domain.name,
            "challenge_context": challenge.context,
            "trap_metadata": challenge.trap_metadata,
        }

    def encode(self, record: JsonObject) -> bytes:
        """Return a record as JSON."""
        if record.get("challenge_context") is self._challenge.context:
            record = record | {"challenge_context": self._context}
        return orjson.dumps(record)
