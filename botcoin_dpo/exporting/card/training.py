"""Programs that train on the data."""

from pathlib import Path

from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.folder import REWARD, RLVR
from botcoin_dpo.exporting.result import max_length_of


def training(facts: CardFacts) -> str:
    """Return a program that trains on pairs; nothing without a config of pairs."""
    pairs = next(
        (each for each in facts.configs if each.config.trainer == "DPOTrainer" and each.lengths),
        None,
    )
    if pairs is None:
        return ""
    assert pairs.lengths is not None
    max_length = max_length_of(facts.configs) or pairs.lengths.max_length(1.0)
    split = next(split for split in SPLITS if pairs.rows(split))
    return f"""\
## Training

```python
from datasets import load_dataset
from trl import DPOConfig, DPOTrainer

dataset = load_dataset("path/to/this/folder", "{pairs.config.name}", split="{split}")
trainer = DPOTrainer(
    model="path/or/name/of/a/model",
    args=DPOConfig(
        output_dir="dpo",
        max_length={max_length},  # keeps every row; see the table above
        loss_type=["sigmoid", "sft"],  # the second term keeps the chosen side likely
        loss_weights=[1.0, 0.2],
        per_device_train_batch_size=1,
    ),
    train_dataset=dataset,
)
trainer.train()
```

Chosen and rejected differ in few words here. Plain DPO widens the gap between them and may lower
the likelihood of both. Adding the negative log-likelihood of the chosen side (`"sft"`) prevents
that. The other configs work the same way with the trainers in the table above; no column has to
be mapped.
"""


def training_with_rewards(facts: CardFacts) -> str:
    """Return a program that trains with computed rewards; nothing without tasks."""
    tasks = next((each for each in facts.configs if each.config.name == RLVR), None)
    if tasks is None:
        return ""
    split = next(split for split in SPLITS if tasks.rows(split))
    return f"""\
## Training with rewards

```python
import sys

from datasets import load_dataset
from trl import GRPOConfig, GRPOTrainer

sys.path.append("path/to/this/folder")
from {Path(REWARD).stem} import constraint_reward  # read it first: it runs on your machine

dataset = load_dataset("path/to/this/folder", "{RLVR}", split="{split}")
dataset = dataset.filter(lambda row: len(row["checks"]) > 0)
trainer = GRPOTrainer(
    model="path/or/name/of/a/model",
    reward_funcs=constraint_reward,
    args=GRPOConfig(output_dir="grpo", max_completion_length=2048),
    train_dataset=dataset,
)
trainer.train()
```

`constraint_reward` is the share of decided checks that the artifact of an answer keeps;
`all_or_nothing_reward` is 1 if it keeps all of them. An answer without an artifact earns 0, and no
prompt says how to write one: train on `sft_reasoning` first, or say it in a system message (the
trace between `<think>` and `</think>`, then `Artifact: "…"`). With verl, give `checks` as JSON text
in `ground_truth` and use `compute_score`. A check knows what is asked for, not whether the
answers to the questions are right, and undecided constraints are not looked at.
"""
