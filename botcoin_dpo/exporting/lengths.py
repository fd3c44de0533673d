"""How long examples are in tokens: counted by a tokenizer as TRL counts them, or estimated.

A trainer cuts or silently drops what exceeds its `max_length`, so an export tells the one that
loses nothing. Contract: schemas/README.md, "Exports".
"""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from botcoin_dpo.contract.distributions import quantile
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.errors import UsageError, reason_of
from botcoin_dpo.exporting.chat_templates import ChatTemplate, Messages
from botcoin_dpo.extras import how_to_install
from botcoin_dpo.files.input_file import display_name

COMPLETIONS = ("chosen", "rejected", "completion", "response")
"""Columns that hold what a model is to answer, or not to answer."""

MESSAGES = "messages"
"""The column of a conversation that ends with what a model is to answer."""

_BYTES_OF_A_TOKEN = 3
_TOKENS_AROUND_A_MESSAGE = 8
_STEP = 64
"""Recommended lengths are multiples of it."""

Content = str | list[dict[str, str]]
"""A text, or messages."""


class TokenCounter(Protocol):
    """Counts the tokens of examples."""

    @property
    def name(self) -> str | None:
        """Of the tokenizer; None for an estimate."""
        ...

    def prompt(self, prompt: Content) -> int:
        """Return the tokens of a prompt."""
        ...

    def whole(self, prompt: Content, completion: Content) -> int:
        """Return the tokens of a prompt and its completion, the last token included."""
        ...


class Estimate:
    """Three bytes of UTF-8 a token: on the safe side, English prose has four or more."""

    name = None

    def prompt(self, prompt: Content) -> int:
        """Return the tokens of a prompt."""
        return _estimated(prompt)

    def whole(self, prompt: Content, completion: Content) -> int:
        """Return the tokens of a prompt and its completion, the last token included."""
        return _estimated(prompt) + _estimated(completion) + 1


def _estimated(content: Content) -> int:
    if isinstance(content, str):
        return _bytes_of(content) // _BYTES_OF_A_TOKEN + 1
    return sum(
        _TOKENS_AROUND_A_MESSAGE
        + sum(_estimated(text) for field, text in said.items() if field != "role" and text)
        for said in content
    )


@lru_cache(maxsize=16)  # several configs hold the same texts
def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


class HubTokenizer:
    """A tokenizer of `transformers`, used as TRL's trainers use it."""

    def __init__(self, name: str) -> None:
        """Load it by name from the Hub, or from a folder.

        Raises:
            UsageError: `transformers` is not installed, or there is no such tokenizer.
        """
        _refuse_special_files(Path(name))
        try:
            from transformers import AutoTokenizer
        except ImportError as error:
            raise UsageError(
                f"--tokenizer: needs transformers; {how_to_install('tokenizer')}"
            ) from error
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(name)
        except Exception as error:  # whatever a stranger's files, or the network, lead to
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise UsageError(f"--tokenizer {name}: cannot be loaded: {reason[0]}") from error
        # A card must not tell where on this machine it lies.
        self.name: str | None = display_name(Path(name).name) if Path(name).exists() else name
        self.template = ChatTemplate(self._tokenizer, self.name)
        self._end = self._tokenizer.eos_token or ""
        self._count_text = lru_cache(maxsize=16)(self._count)

    def prompt(self, prompt: Content) -> int:
        """Return the tokens of a prompt."""
        if isinstance(prompt, str):
            return self._count_text(prompt)
        return self._count_messages(prompt, add_generation_prompt=True)

    def whole(self, prompt: Content, completion: Content) -> int:
        """Return the tokens of a prompt and its completion, the last token included."""
        if isinstance(prompt, str) and isinstance(completion, str):
            end = "" if completion.endswith(self._end) else self._end
            return self._count_text(prompt + completion + end)
        assert isinstance(prompt, list) and isinstance(completion, list)
        return self._count_messages(prompt + completion, add_generation_prompt=False)

    def _count(self, text: str) -> int:
        return len(self._tokenizer(text)["input_ids"])

    def _count_messages(self, messages: Messages, *, add_generation_prompt: bool) -> int:
        return len(self.template.tokens(messages, add_generation_prompt=add_generation_prompt))


def _refuse_special_files(folder: Path) -> None:
    """Refuse a folder with something in it that the library would wait for, such as a pipe.

    Raises:
        UsageError: there is something.
    """
    try:
        entries = sorted(folder.iterdir()) if folder.is_dir() else []
        special = [path for path in entries if path.exists() and not path.is_file() | path.is_dir()]
    except OSError as error:
        raise UsageError(f"--tokenizer {folder}: {reason_of(error)}; allow reading") from error
    if special:
        raise UsageError(
            f"--tokenizer {folder}: {special[0].name} is not a regular file; remove it"
        )


def _apart(values: JsonObject) -> JsonObject:
    """Return an example with its prompt apart, where its conversations are whole ones."""
    if "prompt" in values:
        return values
    whole = {name: values[name] for name in (*COMPLETIONS, MESSAGES) if name in values}
    prompt = next(iter(whole.values()))[:-1]
    return {"prompt": prompt} | {
        "completion" if name == MESSAGES else name: said[-1:] for name, said in whole.items()
    }


class Lengths:
    """The lengths of the examples of one config, exact, in memory that the longest one bounds."""

    def __init__(self, counter: TokenCounter) -> None:
        """Measure lengths by a counter of tokens."""
        self._counter = counter
        self._counts: dict[str, Counter[int]] = {}

    def measure(self, values: JsonObject) -> dict[str, int]:
        """Return the tokens of an example, by part; `whole` is that of its longest side.

        A completion has the tokens that it adds to its prompt.
        """
        values = _apart(values)
        prompt = values["prompt"]
        lengths = {"prompt": self._counter.prompt(prompt)}
        longest = lengths["prompt"]
        for name in COMPLETIONS:
            if name in values:
                whole = self._counter.whole(prompt, values[name])
                lengths[name] = whole - lengths["prompt"]
                longest = max(longest, whole)
        if "completions" in values:  # steps, which a trainer joins
            whole = self._counter.whole(prompt, "\n".join(values["completions"]))
            lengths["completions"] = whole - lengths["prompt"]
            longest = max(longest, whole)
        return {**lengths, "whole": longest}

    def add(self, lengths: dict[str, int]) -> None:
        """Add the lengths of an example that is kept."""
        for part, length in lengths.items():
            self._counts.setdefault(part, Counter())[length] += 1

    def merge(self, other: "Lengths") -> None:
        """Add the lengths that another has counted of other examples, by the same counter."""
        for part, counts in other._counts.items():
            self._counts.setdefault(part, Counter()).update(counts)

    def count(self, longer_than: int = 0) -> int:
        """Return how many examples have more tokens than a limit."""
        counts = self._counts.get("whole", Counter())
        return sum(count for length, count in counts.items() if length > longer_than)

    def quantile(self, part: str, share: float) -> int:
        """Return the smallest length that at least the given share of examples does not exceed."""
        return quantile(self._counts[part], share)

    @property
    def parts(self) -> list[str]:
        """What was measured, in order."""
        return list(self._counts)

    def max_length(self, share: float) -> int:
        """Return a `max_length` that loses no more than the other share of the examples."""
        return -(-(self.quantile("whole", share) + 1) // _STEP) * _STEP

    def as_json(self) -> dict[str, Any]:
        """Return quantiles by part, and what to set."""
        shares = {"median": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
        return {
            "tokens": {
                part: {name: self.quantile(part, share) for name, share in shares.items()}
                for part in self.parts
            },
            "max_length": {"all": self.max_length(1.0), "p99": self.max_length(0.99)},
        }
