"""The configs of an export: of each, what it is for, its columns, and its examples.

Contract: schemas/README.md, "Exports"; names and columns of `dpo_reasoning_*` and `grpo_reasoning`
are those of the dataset that the BOTCOIN project publishes, the others are what TRL's trainers ask
for (https://huggingface.co/docs/trl/dataset_formats). A config is one entry of `catalogue.py`.
"""
