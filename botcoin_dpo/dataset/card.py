"""The dataset card: a README.md whose front matter Hugging Face reads, and what a person needs.

All strings in its front matter are this program's own, so nothing from the data can reach it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botcoin_dpo.contract.pair_types import OVER_MAX_PER_PROMPT, PairType, in_order
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.front_matter import (
    CARD,
    data_files,
    size_category,
    split_sizes,
    with_front_matter,
)
from botcoin_dpo.dataset.listed_files import Shard
from botcoin_dpo.dataset.manifest import FILES_OF
from botcoin_dpo.files.hashed_file import HashedFile

_TEXT = """\
# BOTCOIN preference pairs

Each row is a DPO pair: a failing (`rejected`) and a passing (`chosen`) attempt of an LLM miner at
one document-reasoning challenge, on the same document, questions and constraints. botcoin-dpo
{version} made it from raw attempt logs; no text was generated.

| pairs | what is compared | train | validation | test |
| --- | --- | ---: | ---: | ---: |
{pairs}
{beside_pairs}## How it was made

{records} records in {files} log files: {attempts} attempts ({duplicates} of them duplicates),
{challenges} challenge records. {quarantined} records were quarantined, each with its place and the
reason, in `quarantine.jsonl`. {usable} attempts in {sessions} sessions were usable; {dropped}
pairs were dropped{too_many}. The SHA-256 of its document decides the split of a row (shares
{shares}), so that no document is in two splits. `manifest.json` has every count, the options, and
the checksums of inputs and shards.

## Before you train

- `prompt`, `rejected_text` and `chosen_text` are plain strings. TRL wants columns named `prompt`,
  `chosen` and `rejected`; here `chosen` and `rejected` are objects, so rename and select first.
- A row is long (documents have some 20 KB): set `max_length` so that no row is cut or dropped. The
  usual default of 1024 tokens would drop almost all.
- The trace text contains the coordinator's annotations (`exact`, `zone:…`), which no miner wrote. A
  model trained on them learns to fake verification; `botcoin-dpo export` removes them.
- `metadata.miner_id` is a wallet address: whoever reads it can look up what its owner is paid. An
  export with `--anonymize-miners` has keyed digests instead.
- A retry may refer to the attempt before it, which the prompt does not show.
- Chosen and rejected are similar: add a likelihood term to the DPO loss, so that it does not lower
  the likelihood of both.
"""


_ATTEMPTS = """\
`attempts/` has every usable attempt, in a pair or not, with its steps as they were logged, the
outcome of each constraint and its metadata: {attempts} of them, one JSON object a line. What they
were made on is in `challenges/`, {challenges} inputs; an attempt has the `input` of its own. These
files are no config of this dataset, since their steps may have any keys. `miner_id` is a wallet
address in them too.

"""


def write_card(
    manifest: dict[str, Any], meanings: Mapping[PairType, str], shards: list[Shard], folder: Path
) -> None:
    """Write `README.md` from the manifest; `meanings` says what each pair type compares."""
    with HashedFile(folder / CARD) as file:
        file.write(make_card(manifest, meanings, shards).encode())


def make_card(
    manifest: dict[str, Any], meanings: Mapping[PairType, str], shards: list[Shard]
) -> str:
    """Return the text of the card."""
    funnel = manifest["funnel"]
    rows = funnel["pairs"]
    too_many = funnel["dropped"].get(OVER_MAX_PER_PROMPT, 0)
    table = "".join(
        f"| `{pair_type}` | {meanings[pair_type]} | "
        + " | ".join(str(rows.get(pair_type, {}).get(split, 0)) for split in SPLITS)
        + " |\n"
        for pair_type in manifest["options"]["pairs"]
    )
    text = _TEXT.format(
        version=manifest["tool"]["version"],
        pairs=table,
        beside_pairs=_beside_pairs(manifest),
        records=funnel["records"],
        files=funnel["files"]["read"],
        attempts=funnel["attempts"]["total"],
        duplicates=funnel["attempts"]["repeats"],
        challenges=funnel["challenges"]["total"],
        quarantined=manifest["quarantine"]["entries"],
        usable=funnel["attempts"]["surviving"],
        sessions=funnel["sessions"]["total"],
        dropped=sum(funnel["dropped"].values()),
        too_many=f", {too_many} of them by --max-per-prompt" if too_many else "",
        shares=", ".join(f"{share:g}" for share in manifest["options"]["splits"]),
    )
    return with_front_matter(_front_matter(shards), text)


def _beside_pairs(manifest: dict[str, Any]) -> str:
    """Return what to say of the files of attempts and challenges, if they are there."""
    if "attempt_files" not in manifest:
        return ""
    counts = {
        kind: sum(file["objects"] for file in manifest[key]) for kind, key in FILES_OF.items()
    }
    return _ATTEMPTS.format(**counts)


def _front_matter(shards: list[Shard]) -> dict[str, Any]:
    by_pair_type = {
        pair_type: {
            split: mine
            for split in SPLITS
            if (mine := [s for s in shards if (s.pair_type, s.split) == (pair_type, split)])
        }
        for pair_type in in_order(dict.fromkeys(shard.pair_type for shard in shards))
    }
    values: dict[str, Any] = {
        "pretty_name": "BOTCOIN preference pairs",
        "language": ["en"],
        "task_categories": ["text-generation"],
        "tags": ["dpo", "preference", "reasoning-traces", "document-reasoning"],
        "size_categories": [size_category(sum(shard.rows for shard in shards))],
    }
    if by_pair_type:
        values["configs"] = [
            data_files(
                pair_type,
                {split: f"{pair_type}/{split}-*.jsonl" for split in splits},
                is_default=position == 0,
            )
            for position, (pair_type, splits) in enumerate(by_pair_type.items())
        ]
        values["dataset_info"] = [
            {
                "config_name": pair_type,
                "splits": split_sizes(
                    (split, sum(s.bytes for s in mine), sum(s.rows for s in mine))
                    for split, mine in splits.items()
                ),
            }
            for pair_type, splits in by_pair_type.items()
        ]
    return values
