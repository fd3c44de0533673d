"""What an export did: by config, and as a whole."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botcoin_dpo.building.gates import Refusal
from botcoin_dpo.contract.pair_types import EXCLUDED
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import SPLITS, Split
from botcoin_dpo.exporting.configs.config import Config
from botcoin_dpo.exporting.example import EXPORT_DROPS, ExportDrop
from botcoin_dpo.exporting.lengths import Lengths
from botcoin_dpo.exporting.losses import DROP_IF
from botcoin_dpo.exporting.max_length import recommended_max_length
from botcoin_dpo.exporting.tables import (
    TableFile,
)
from botcoin_dpo.exporting.template_check import TemplateCheck
from botcoin_dpo.exporting.text_statistics import TextStatistics
from botcoin_dpo.exporting.texts import TextStyle
from botcoin_dpo.exporting.thinking import ThinkingStyle
from botcoin_dpo.files.input_file import display_name
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.readable import Readable


@dataclass
class ExportedConfig:
    """What became of one config."""

    config: Config
    lengths: Lengths | None
    """None for configs that no trainer reads, and where the chat template fails."""
    thinking: ThinkingStyle = "inline"
    """How its messages carry traces."""
    template: TemplateCheck | None = None
    """What the chat template of a tokenizer does to it; None without messages or tokenizer."""
    texts: TextStatistics = field(default_factory=TextStatistics)
    """Empty for configs that no trainer reads."""
    files: list[TableFile] = field(default_factory=list)
    dropped: Counter[ExportDrop] = field(default_factory=Counter)
    rows_dropped: Counter[str] = field(default_factory=Counter)
    """Rows that were dropped before they came to this config: `drop_if` and `excluded`."""
    checks_decided: int = 0
    """Of its examples, where these have checks."""
    checks_undecided: int = 0

    @property
    def losses(self) -> dict[str, int]:
        """What it lost, by reason."""
        by_reason: dict[str, int] = {reason: self.dropped[reason] for reason in EXPORT_DROPS}
        return by_reason | {reason: self.rows_dropped[reason] for reason in (DROP_IF, EXCLUDED)}

    def count_checks(self, values: JsonObject) -> None:
        """Count the checks of an example that is kept."""
        if "checks" in values:
            self.checks_decided += len(values["checks"])
            self.checks_undecided += values["undecided"]

    def files_of(self, split: Split) -> list[TableFile]:
        """Return the files of a split."""
        return [file for file in self.files if file.split == split]

    def rows(self, split: Split | None = None) -> int:
        """Return the rows of a split, or of all."""
        return sum(file.rows for file in self.files if split in (None, file.split))

    def as_json(self) -> dict[str, Any]:
        """Return it as `--json` prints it."""
        return {
            "config": self.config.name,
            "rows": {
                split: self.rows(split)
                for split in SPLITS
                if any(file.split == split for file in self.files)
            },
            "dropped": {reason: self.dropped[reason] for reason in EXPORT_DROPS},
            "template": self.template.as_json() if self.template and self.files else None,
            "lengths": self.lengths.as_json() if self.lengths and self.files else None,
            "texts": self.texts.as_json() if self.files and not self.config.is_archive else None,
            "files": [file._asdict() for file in self.files],
        }


@dataclass(frozen=True, repr=False)
class ExportResult(Readable):
    """What an export did."""

    out: Path | RemotePath | None
    """The published folder; None if nothing was published."""
    configs: list[ExportedConfig]
    """Those that have rows."""
    left_out: list[ExportedConfig]
    """Those of which nothing is left."""
    tokenizer: str | None
    """None where lengths are estimated."""
    text: TextStyle
    thinking: ThinkingStyle
    has_all_attempts: bool
    """Whether configs of attempts hold those that are in no pair as well."""
    rows_dropped: Counter[str]
    """Rows that no config has, by the condition that dropped them, or as `excluded`."""
    refusals: list[Refusal]
    """Why it was not published."""
    warnings: list[str]
    """What the user should know."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "out": self.out,
            "rows": {
                each.config.name: sum(each.rows(split) for split in SPLITS) for each in self.configs
            },
            "warnings": len(self.warnings),
            **(
                {"refused": [refusal.message for refusal in self.refusals]} if self.refusals else {}
            ),
        }

    @property
    def is_refused(self) -> bool:
        """Whether a gate kept it from being published."""
        return bool(self.refusals)

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "out": None if self.out is None else display_name(self.out),
            "published": self.out is not None,
            "refusals": [refusal._asdict() for refusal in self.refusals],
            "warnings": self.warnings,
            "text": self.text,
            "thinking": self.thinking,
            "tokenizer": self.tokenizer,
            "lengths_are_estimated": self.tokenizer is None,
            "max_length": max_length_of(self.configs),
            "all_attempts": self.has_all_attempts,
            "rows_dropped": dict(sorted(self.rows_dropped.items())),
            "configs": [each.as_json() for each in self.configs],
            "left_out": [
                {"config": each.config.name, "dropped": each.as_json()["dropped"]}
                for each in self.left_out
            ],
        }


def max_length_of(configs: Iterable[ExportedConfig]) -> int | None:
    """Return the one `max_length` that is recommended for pairs, None without pairs as strings."""
    return recommended_max_length(
        {each.config.name: each.lengths.max_length(1.0) for each in configs if each.lengths}
    )
