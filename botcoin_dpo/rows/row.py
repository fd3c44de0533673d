"""Makes a row (`hf_export/v1`) from two attempts, in the published order of keys.

Contract: schemas/README.md, "The row"; `schemas/pair.schema.json`.
"""

from hashlib import sha256

import orjson

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.metadata import side_metadata
from botcoin_dpo.contract.identifiers import normalize, normalize_miner
from botcoin_dpo.contract.pair_types import example_type
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import Shares, split_of
from botcoin_dpo.last_result import keep_last_result
from botcoin_dpo.pairing.strategies import strategy_of
from botcoin_dpo.pairing.strategy import Strategy
from botcoin_dpo.rows.annotations import pair_annotations
from botcoin_dpo.rows.prompt import completion_text, prompt_text

ROW_VERSION = "hf_export/v1"
DEFAULT_NAMESPACE = "dataset/v2"

_split_of = keep_last_result(split_of)


def make_row(
    rejected: Attempt,
    chosen: Attempt,
    pair_type: Strategy | str = "sequential",
    shares: Shares | None = None,
) -> JsonObject:
    """Return the row of a pair.

    Args:
        rejected: the failing side.
        chosen: the passing side, on the same document, questions and constraints.
        pair_type: the strategy that made the pair, by name if it is built in.
        shares: the shares of the splits; 0.9, 0.05, 0.05 if not given.

    Raises:
        ValueError: the two attempts were not given the same input.
    """
    strategy = strategy_of(pair_type)
    if not rejected.has_same_input(chosen):
        raise ValueError("the two attempts differ in document, questions or constraints")
    record, context = chosen.record, chosen.context
    traps = chosen.trap_metadata
    rejected_metadata, chosen_metadata = side_metadata(rejected), side_metadata(chosen)
    return {
        "example_type": example_type(strategy.name, strategy.family),
        "storage_schema_version": ROW_VERSION,
        "dataset_namespace": DEFAULT_NAMESPACE
        if record.dataset_namespace is None
        else record.dataset_namespace,
        "split": _split_of(context.document, shares or Shares()),
        "challenge_id": record.challenge_id,
        "challenge_seed": record.challenge_seed,
        "challenge_domain": record.challenge_domain,
        "document": context.document,
        "questions": context.questions,
        "constraints": context.constraints,
        "trap_metadata": traps,
        "prompt": prompt_text(context.document, context.questions, context.constraints),
        "prompt_metadata": {
            "paragraph_count": chosen.paragraph_count,
            "question_count": len(context.questions),
            "constraint_count": chosen.outcomes.checked,
            "trap_count": traps["trap_count"],
            "challenge_domain": record.challenge_domain,
        },
        "rejected": {"think": rejected.think, "artifact": rejected.artifact},
        "rejected_text": completion_text(rejected.think, rejected.artifact),
        "rejected_metadata": rejected_metadata,
        "chosen": {"think": chosen.think, "artifact": chosen.artifact},
        "chosen_text": completion_text(chosen.think, chosen.artifact),
        "chosen_metadata": chosen_metadata,
        "pair_annotations": pair_annotations(
            rejected, chosen, strategy, rejected_metadata, chosen_metadata
        ),
        "metadata": {
            "miner_id": record.miner_id,
            "model": record.submission.model,
            "session_attempts_total": chosen.session_attempts_total,
            "session_final_status": chosen.session_final_status,
        },
    }


def pair_identity(row: JsonObject) -> bytes:
    """Return 16 bytes that two rows share only if they are the same pair.

    Record ids alone do not tell attempts of different miners apart, and a row does not name the
    miner of its rejected side, so that side counts as a whole.
    """
    chosen = row["chosen_metadata"]
    parts = (
        normalize(row["challenge_id"]),
        row["pair_annotations"]["pair_type"],
        normalize_miner(row["metadata"]["miner_id"]),
        normalize(chosen["record_id"]),
        chosen["attempt_index"],
        row["rejected_metadata"],
        row["rejected_text"],
    )
    return sha256(orjson.dumps(parts)).digest()[:16]
