"""What to know before training, and what the columns of rows hold."""

from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.columns import json_columns, pair_columns


def hazards(facts: CardFacts) -> str:
    """Return what may harm a training."""
    hazards = []
    if facts.text == "clean":
        hazards.append(
            "Texts are cleaned: the coordinator's annotations in traces (`exact`, `zone:…`) are "
            "removed, because a\n  model would learn to fake them. So are `revision` steps, "
            "which refer to an attempt that the prompt\n  does not show (`sft_revision` shows it "
            "and keeps them)."
        )
    else:
        hazards.append(
            "Texts are canonical: traces contain the coordinator's annotations (`exact`, "
            "`zone:…`), which no miner\n  wrote and a model would learn to fake, and `revision` "
            "steps that refer to an attempt the\n  prompt does not show."
        )
    archives = any(each.config.is_archive for each in facts.configs)
    if facts.manifest["options"]["allow_unsafe_text"] and archives:
        hazards.append(
            "**The build kept unsafe text**: `pairs_*` may contain chat-template tokens, think "
            "tags and control\n  characters written by miners. The other configs contain none."
        )
    hazards += [
        "In a passing attempt all constraints hold, but not necessarily all answers are right.",
        "A rejected attempt may satisfy all constraints and fail for its answers or its trace: "
        "`reward` is only\n  the share of constraints that hold.",
        "Retries within a few seconds are probably guesses; `pairs_*` has `revision_time_ms`.",
    ]
    if facts.format == "jsonl":
        hazards.append(
            "`datasets` reads a JSON column that holds only dates as dates, despite the types "
            "declared above;\n  Parquet is not affected."
        )
    if facts.is_anonymized:
        hazards.append(
            "Miner ids are keyed digests. Record ids, challenge ids and texts are unchanged, so "
            "whoever has the\n  logs can join them."
        )
    elif any(each.config.is_archive for each in facts.configs):
        hazards.append(
            "`pairs_*` holds miner ids (`metadata.miner_id`), which are wallet addresses: whoever "
            "reads them can look up\n  what their owners are paid. `--anonymize-miners` replaces "
            "them by keyed digests."
        )
    return "\n".join(["## Before you train", "", *(f"- {hazard}" for hazard in hazards), ""])


def fields(facts: CardFacts) -> str:
    """Return what the columns of rows hold; nothing without rows."""
    if not any(each.config.is_archive for each in facts.configs):
        return ""
    names = ", ".join(f"`{name}`" for name in json_columns(pair_columns()))
    return f"""\
## Columns of `pairs_*`

Every field of the row, under one schema. These hold anything that the logs held and are JSON text:
{names}. What a row leaves out is null.
"""
