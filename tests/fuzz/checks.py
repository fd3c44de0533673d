"""What must hold of every run of the program, whatever it was given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fuzz.program import Outcome
from tests.fuzz.trials import Trial, difference, tree_of

_TOKEN = re.compile(
    r"</?think>|<\|[^ |]{1,64}\|>|<｜[^ ｜]{1,64}｜>|</?s>|<bos>|<eos>|<start_of_turn>"
    r"|<end_of_turn>|\[/?INST\]|<<SYS>>|[\x00-\x08\x0b\x0c\x0e-\x1f]",
    re.IGNORECASE | re.ASCII,
)
_COMPLETION = re.compile(r'<think>\n(.*)\n</think>\n\n?Artifact: "(.*)"', re.DOTALL)


def check_outcome(trial: Trial, outcome: Outcome, codes: frozenset[int]) -> None:
    """Make sure that a run ended in time, with a documented code and without a traceback."""
    if outcome.is_hang:
        trial.fail("hang", f"{outcome.command}: no end after {outcome.seconds:.0f} s")
    stderr = outcome.stderr.decode(errors="replace")
    if "Traceback" in stderr:
        last = stderr.strip().splitlines()[-1]
        trial.fail("traceback", f"{outcome.arguments[0]}: {last}\n{outcome.command}\n{stderr}")
    if outcome.code not in codes:
        trial.fail(
            "exit code", f"{outcome.command}: {outcome.code}, not in {sorted(codes)}\n{stderr}"
        )
    if outcome.code == 2 and not stderr.strip():
        trial.fail("stderr", f"{outcome.command}: exit code 2 and no word of why")
    if outcome.has_left_processes:
        trial.fail("left behind", f"{outcome.command}: processes")


def check_valid(trial: Trial, name: str) -> None:
    """Make sure that `validate` finds a dataset clean."""
    outcome = trial.run("validate", name)
    check_outcome(trial, outcome, frozenset({0, 1, 2}))
    if outcome.code:
        trial.fail("accounting", f"validate {name}: {outcome.stdout.decode()[:500]}")


def check_tree(trial: Trial, name: str, *expected: dict[str, str]) -> None:
    """Make sure that a folder holds one of the expected trees."""
    tree = tree_of(trial.folder / name)
    if tree not in expected:
        trial.fail("bytes", f"{name} is none of what it may be: {difference(tree, expected[-1])}")


def check_nothing_left(trial: Trial, before: set[str], *made: str) -> None:
    """Make sure that beside what was there, only what was made is there."""
    left = {path.name for path in trial.folder.iterdir()} - before - set(made)
    left |= {path.name for path in (trial.home / "tmp").iterdir()}
    if left:
        trial.fail("left behind", f"{sorted(left)}")


def check_texts(trial: Trial, hub: Path) -> None:
    """Make sure that no text of a trainable config holds a token that the row does not add."""
    for path in sorted(hub.glob("*/*.jsonl")):
        if path.parent.name.startswith("pairs_"):
            continue
        for line in path.read_bytes().splitlines():
            for text in _texts(json.loads(line)):
                own = _COMPLETION.fullmatch(text)
                parts = own.groups() if own else (text,)
                if any(map(_TOKEN.search, parts)):
                    trial.fail("hostile text", f"{path.parent.name}: {text[-300:]!a}")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
