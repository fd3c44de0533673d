"""How trainers other than TRL are told what an export holds, and what they would read wrong.

Each recipe names one config, and stands in a card only if the export has that. The settings are
those of the trainers' own documentation; `tests/acceptance/loaders/` runs the conversion code of
the trainers that can be installed for a test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill

from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.folder import DATASET_INFO, REWARD
from botcoin_dpo.exporting.llama_factory import entry_names
from botcoin_dpo.exporting.result import ExportedConfig, max_length_of


@dataclass(frozen=True)
class Recipe:
    """What one trainer is told."""

    trainer: str
    config: str
    """How the name of its config starts; the first of these is taken."""
    language: str
    """Of the code."""
    code: str
    """With words in capitals to be filled in, see `_filled`."""
    advice: str
    """What is read wrong otherwise."""


RECIPES = (
    Recipe(
        "LLaMA-Factory",
        "dpo_reasoning_",
        "yaml",
        """\
dataset_dir: FOLDER
dataset: ENTRIES  # as DATASET_INFO has it
stage: dpo
cutoff_len: LENGTH
""",
        "`DATASET_INFO` lists the files that it reads right. Do not add `dpo_chat_*` to that: as "
        "`sharegpt` the prompt comes out empty, without an error.",
    ),
    Recipe(
        "axolotl",
        "dpo_chat_",
        "yaml",
        """\
rl: dpo
chat_template: tokenizer_default
datasets:
  - path: FOLDER
    name: CONFIG
    split: SPLIT
    type: chat_template.default
    field_messages: prompt
    field_chosen: chosen
    field_rejected: rejected
sequence_len: LENGTH
""",
        "Without `field_messages` it stops. Templates of the Qwen3 family need `--thinking "
        "inline`, which is the default. Not axolotl's own template `qwen3`: its prompt opens the "
        "trace, which the answers open again.",
    ),
    Recipe(
        "OpenRLHF",
        "dpo_reasoning_",
        "sh",
        """\
python -m openrlhf.cli.train_dpo --data.dataset FOLDER/CONFIG --data.dataset_split SPLIT \\
  --data.prompt_key prompt --data.chosen_key chosen --data.rejected_key rejected \\
  --data.max_len LENGTH
""",
        "Without `--data.prompt_key` it trains without the document, and says nothing.",
    ),
    Recipe(
        "NeMo RL",
        "dpo_reasoning_",
        "yaml",
        """\
data:
  train:
    dataset_name: BinaryPreferenceDataset
    data_path: FILE
    prompt_key: prompt
    chosen_key: chosen
    rejected_key: rejected
policy:
  max_total_sequence_length: LENGTH
""",
        "Not `dpo_chat_*`: the list of messages would become the content of one message.",
    ),
    Recipe(
        "ms-swift",
        "dpo_messages_",
        "sh",
        """\
swift rlhf --rlhf_type dpo --dataset FILES \\
  --columns '{"chosen": "messages", "rejected": "rejected_messages"}' --max_length LENGTH
""",
        "Not `dpo_chat_*`, whose sides do not hold the prompt.",
    ),
    Recipe(
        "torchtune",
        "dpo_messages_",
        "yaml",
        """\
dataset:
  _component_: torchtune.datasets.preference_dataset
  source: FORMAT
  data_files: FILE
  split: train
  column_map: {chosen: chosen, rejected: rejected}
tokenizer:
  max_seq_len: LENGTH
""",
        "open-instruct takes the same columns. Do not use `dpo_chat_*`: both would train without "
        "the prompt.",
    ),
    Recipe(
        "verl",
        "verl_rlvr",
        "sh",
        """\
python -m verl.trainer.main_ppo algorithm.adv_estimator=grpo \\
  data.train_files=FILE_LIST data.max_prompt_length=LENGTH \\
  reward.custom_reward_function.path=FOLDER/REWARD \\
  reward.custom_reward_function.name=compute_score
""",
        "Read `REWARD` first: it runs on your machine. verl's own `data.max_prompt_length`, "
        "512 tokens, is too short for most documents.",
    ),
)
"""In the order of the card."""

_FOLDER = "path/to/this/folder"


def recipes(facts: CardFacts) -> str:
    """Return what to tell other trainers; nothing if no config is for them."""
    sections = [*_sections(facts)]
    if not sections:
        return ""
    return "\n".join(
        [
            "## Other trainers",
            "",
            "Configs are made for TRL's trainers. Others need to be told which columns to take, "
            "and misread some\ncolumns without an error. What else they need (the model, a folder "
            "for the result) is left out.",
            "",
            *sections,
            *_missing(facts),
        ]
    )


def _sections(facts: CardFacts) -> Iterator[str]:
    for recipe in RECIPES:
        each = next(
            (one for one in facts.configs if one.config.name.startswith(recipe.config)), None
        )
        if each is not None and _reads(recipe, facts.thinking):
            yield f"### {recipe.trainer}\n"
            yield f"```{recipe.language}\n{_filled(recipe.code, each, facts)}```\n"
            yield fill(_filled(recipe.advice, each, facts), 100, break_on_hyphens=False) + "\n"


def _reads(recipe: Recipe, thinking: str) -> bool:
    """Return whether a trainer sees the trace: none of these reads a field of its own."""
    return thinking == "inline" or recipe.config not in ("dpo_chat_", "dpo_messages_")


def _missing(facts: CardFacts) -> Iterator[str]:
    """Yield what to export for the trainers that this export has no config for."""
    needed: dict[str, list[str]] = {}
    for recipe in RECIPES:
        if not any(each.config.name.startswith(recipe.config) for each in facts.configs):
            needed.setdefault(recipe.config, []).append(recipe.trainer)
    unread = [recipe.trainer for recipe in RECIPES if not _reads(recipe, facts.thinking)]
    if unread:
        yield f"For {', '.join(unread)}, export with `--thinking inline`.\n"
    for config, trainers in needed.items():
        name = f"{config}*" if config.endswith("_") else config
        yield f"For {', '.join(trainers)}, export `{name}` as well.\n"


def _filled(text: str, each: ExportedConfig, facts: CardFacts) -> str:
    split = next(split for split in SPLITS if each.rows(split))
    files = [f"{_FOLDER}/{file.path}" for file in each.files_of(split)]
    pattern = f"{_FOLDER}/{each.config.name}/{split}-*.{facts.format}"
    length = each.lengths.max_length(1.0) if each.lengths else max_length_of(facts.configs)
    values = {
        "DATASET_INFO": DATASET_INFO,
        "REWARD": REWARD,
        "FORMAT": "json" if facts.format == "jsonl" else facts.format,
        "FOLDER": _FOLDER,
        "FILES": " ".join(files),
        "FILE_LIST": f"'[{','.join(files)}]'" if len(files) > 1 else files[0],
        "FILE": pattern if len(files) > 1 else files[0],
        "ENTRIES": ",".join(entry_names(each, split)),
        "CONFIG": each.config.name,
        "SPLIT": split,
        "LENGTH": str(length),
    }
    return re.sub("|".join(values), lambda word: values[word[0]], text)
