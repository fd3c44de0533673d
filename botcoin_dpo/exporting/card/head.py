"""The head of a card, which the Hub and `datasets` read."""

from typing import Any

from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.front_matter import data_files, size_category, split_sizes
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.columns import card_features
from botcoin_dpo.exporting.folder import TAG
from botcoin_dpo.exporting.result import ExportedConfig


def front_matter(facts: CardFacts) -> dict[str, Any]:
    """Return the head."""
    splits = {
        each.config.name: [split for split in SPLITS if each.rows(split)] for each in facts.configs
    }
    return {
        "pretty_name": facts.name,
        "license": facts.license,
        "language": ["en"],
        "task_categories": ["text-generation"],
        "tags": [TAG, "dpo", "preference", "reasoning-traces", "document-reasoning", "trl"],
        "size_categories": [size_category(max(each.rows() for each in facts.configs))],
        "configs": [
            data_files(
                name,
                {split: f"{name}/{split}-*.{facts.format}" for split in of_config},
                is_default=position == 0,
            )
            for position, (name, of_config) in enumerate(splits.items())
        ],
        "dataset_info": [
            {
                "config_name": each.config.name,
                "features": card_features(each.config.columns),
                "splits": split_sizes(
                    (split, _sum(each, "bytes", split), each.rows(split))
                    for split in splits[each.config.name]
                ),
                "download_size": _sum(each, "bytes_on_disk"),
                "dataset_size": _sum(each, "bytes"),
            }
            for each in facts.configs
        ],
    }


def _sum(each: ExportedConfig, what: str, split: str | None = None) -> int:
    return sum(getattr(file, what) for file in each.files if split in (None, file.split))
