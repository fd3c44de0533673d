"""What of an answer is compared: its length, its steps, and the words that two answers share.

Answers are read as configs make them: strings, or messages with the trace in their content.
Contract: schemas/README.md, "Exports".
"""

from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from botcoin_dpo.contract.record_types import JsonObject

_MOST_COMPARED = 10**6
"""Characters of a text whose words are compared: a set of words takes many times their bytes."""

_THINK, _END_OF_THINK = "<think>", "</think>"


class Answer(NamedTuple):
    """A text that a model learns to write, or not to write."""

    text: str
    steps: int
    """Lines of its trace."""

    @property
    def characters(self) -> int:
        """Its length."""
        return len(self.text)


def answer_of(content: Any) -> Answer:
    """Return the answer in a column of an example: a text, or the last of some messages."""
    text: str = content if isinstance(content, str) else content[-1]["content"]
    return Answer(text, _steps_within_tags(text))


def prompt_digest(values: JsonObject) -> bytes:
    """Return what tells the prompt of an example from others: what the user says first."""
    prompt = next(values[name] for name in ("prompt", "messages", "chosen") if name in values)
    if not isinstance(prompt, str):
        prompt = next(said["content"] for said in prompt if said["role"] == "user")
    return _digest(prompt)


@lru_cache(maxsize=4)  # several configs hold the same two texts
def word_overlap(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, of all words that either has.

    Words are what blanks divide; each counts once (Jaccard index). Two texts without a word are
    equal.
    """
    words, others = (set(text[:_MOST_COMPARED].split()) for text in (one, other))
    shared = len(words & others)
    whole = len(words) + len(others) - shared
    return shared / whole if whole else 1.0


@lru_cache(maxsize=4)
def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()[:16]


@lru_cache(maxsize=4)
def _steps_within_tags(text: str) -> int:
    """Return the lines between the tags, one a step; 0 without tags."""
    start, end = text.find(_THINK), text.rfind(_END_OF_THINK)
    trace = text[start + len(_THINK) : end] if 0 <= start < end else ""
    return sum(1 for line in trace.split("\n") if line.strip())
