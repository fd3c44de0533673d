"""What the tests of loaders share: an export of the sample, and a tokenizer that loses nothing.

Each test module runs in an environment of its own, which `.ci/loaders` makes; elsewhere it skips.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyarrow.parquet import read_table

from botcoin_dpo import build
from botcoin_dpo.exporting.exporter import export
from tests.builders import SAMPLE_LOGS, published


@dataclass(frozen=True)
class Export:
    """An exported folder, and its rows as they were written."""

    folder: Path
    format: str

    def file(self, config: str, split: str = "train") -> str:
        (path,) = (self.folder / config).glob(f"{split}-*")
        return str(path)

    def rows(self, config: str, split: str = "train") -> list[dict[str, Any]]:
        path = Path(self.file(config, split))
        if path.suffix == ".parquet":
            rows: list[dict[str, Any]] = read_table(path).to_pylist()
        else:
            rows = [json.loads(line) for line in path.read_bytes().splitlines()]
        assert rows
        return rows

    def recipe(self, trainer: str) -> str:
        """The code that the card has for a trainer, with the folder filled in, its lines joined."""
        card = (self.folder / "README.md").read_text(encoding="utf-8")
        _, section = card.split(f"\n### {trainer}\n", 1)
        _, code, _ = section.split("```", 2)
        code = code.partition("\n")[2].replace("\\\n", " ")
        return code.replace("path/to/this/folder", str(self.folder))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    build(SAMPLE_LOGS, out, attempts=True, audit=True)
    return out


@pytest.fixture(scope="session", params=["jsonl", "parquet"])
def exported(
    request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Export:
    folder = tmp_path_factory.mktemp("exported") / "hub"
    return Export(published(export(built, folder, format=request.param)), request.param)


@pytest.fixture(scope="session")
def make_tokenizer() -> Callable[[str], Any]:
    """Make a tokenizer of this chat template: a token for each byte, so that text comes back."""

    def made(chat_template: str) -> Any:
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers
        from transformers import PreTrainedTokenizerFast

        special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
        letters = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet())]
        vocabulary = {letter: number for number, letter in enumerate(letters)}
        of_bytes = Tokenizer(models.BPE(vocabulary, []))
        of_bytes.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        of_bytes.decoder = decoders.ByteLevel()
        return PreTrainedTokenizerFast(
            tokenizer_object=of_bytes,
            eos_token="<|im_end|>",
            pad_token="<|endoftext|>",
            additional_special_tokens=["<|im_start|>"],
            chat_template=chat_template,
        )

    return made


@pytest.fixture
def qwen3() -> str:
    """The chat template of Qwen3, which rewrites what stands around `</think>`."""
    from importlib.resources import files

    return (files("trl") / "chat_templates" / "qwen3.jinja").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what `datasets` converts out of the user's cache, and away from other tests."""
    try:
        import datasets.config
    except ImportError:
        return
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
