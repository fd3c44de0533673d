"""Where the data come from: how pairs were chosen, by which program, and what to cite."""

from collections import Counter

from botcoin_dpo.contract.pair_types import EXCLUDED, OVER_MAX_PER_PROMPT
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.card.markdown import plain
from botcoin_dpo.exporting.upload import upload_command
from botcoin_dpo.version import __version__


def origin(facts: CardFacts) -> str:
    """Return how pairs were chosen, in numbers."""
    funnel = facts.manifest["funnel"]
    attempts = funnel["attempts"]
    rows = sum(sum(splits.values()) for splits in funnel["pairs"].values())
    dropped = Counter[str](funnel["dropped"])
    strategies = ", ".join(facts.manifest["options"]["pairs"])
    return f"""\
## How pairs were chosen

A credited attempt (`chosen`) is paired with an attempt without credit (`rejected`; {strategies}):
`sequential` with the one right before it in its session, `bookend` with the first of its session,
`exhaustive` with every earlier one, `cross_session` with those of other miners.

| step | count |
| --- | ---: |
| records read | {funnel["records"]:,} |
| attempts | {attempts["total"]:,} |
| – duplicates of the same record | {attempts["repeats"]:,} |
| – quarantined, each with its place and the reason | {attempts["set_aside"]:,} |
| usable attempts | {attempts["surviving"]:,} |
| sessions | {funnel["sessions"]["total"]:,} |
| pairs dropped | {dropped.total():,} |
{_too_many(dropped)}| pairs | {rows:,} |
{_dropped_here(facts)}"""


def _too_many(dropped: Counter[str]) -> str:
    count = dropped[OVER_MAX_PER_PROMPT]
    return f"| – over the limit per challenge (`--max-per-prompt`) | {count:,} |\n" if count else ""


def _dropped_here(facts: CardFacts) -> str:
    return "".join(
        f"| – dropped here by {_words(reason)} | {count:,} |\n"
        for reason, count in sorted(facts.rows_dropped.items())
    )


def _words(reason: str) -> str:
    return "their ids" if reason == EXCLUDED else f"a condition, `{reason}`"


def provenance(facts: CardFacts) -> str:
    """Return which program made the export, and of what."""
    made_by = facts.manifest["tool"]
    limit = f" Examples over {facts.max_tokens:,} tokens are dropped." if facts.max_tokens else ""
    return f"""\
## Provenance

Exported by botcoin-dpo {__version__}, texts {facts.text}, from a build by {made_by["name"]}
{plain(made_by["version"])} whose `manifest.json` has the SHA-256
`{facts.manifest_sha256}`.{limit}
The split of a row is decided by the SHA-256 of its document.
"""


CITATION = """\
## Citation

```bibtex
@inproceedings{rafailov2023direct,
  title     = {Direct Preference Optimization: Your Language Model is Secretly a Reward Model},
  author    = {Rafailov, Rafael and Sharma, Archit and Mitchell, Eric and Manning, Christopher D.
               and Ermon, Stefano and Finn, Chelsea},
  booktitle = {Advances in Neural Information Processing Systems},
  year      = {2023}
}
@software{vonwerra2020trl,
  title  = {TRL: Transformer Reinforcement Learning},
  author = {von Werra, Leandro and others},
  url    = {https://github.com/huggingface/trl},
  year   = {2020}
}
```
"""


def uploading(facts: CardFacts) -> str:
    """Return how the folder goes to the Hub."""
    return f"""\
## Uploading

This folder can go to the Hugging Face Hub as it is; `hf` comes with the library `huggingface_hub`:

```sh
{upload_command("path/to/this/folder")}
```

A repository that this makes is public unless you add `--private`. The license in the head of this
card is yours to choose. When you upload a new version, add `--delete "*.{facts.format}"`, or files
that it does not have any more stay there.
"""
