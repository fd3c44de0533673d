"""Applies the chat template of a tokenizer: the one place that does.

A template is a program that came with a tokenizer. `transformers` runs it in a sandbox, where it
may still fail, or refuse what it is given.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from botcoin_dpo.errors import UsageError

Messages = Sequence[Mapping[str, Any]]

_LONGEST_REASON = 200
_ADVICE = "take another one, or name configs without messages with --config"


class TemplateFailure(UsageError):
    """A chat template failed on the messages that it was given."""

    def __init__(self, name: str | None, reason: str) -> None:
        """Say what failed.

        Args:
            name: of the tokenizer.
            reason: one line.
        """
        super().__init__(f"--tokenizer {name}: its chat template fails: {reason}; {_ADVICE}")
        self.reason = reason


class ChatTemplate:
    """The chat template of a tokenizer."""

    def __init__(self, tokenizer: Any, name: str | None) -> None:
        """Use the template of a tokenizer of `transformers`; it may have none."""
        self._tokenizer = tokenizer
        self.name = name

    def tokens(self, messages: Messages, *, add_generation_prompt: bool) -> list[int]:
        """Return the tokens of a conversation.

        Raises:
            TemplateFailure: the template fails.
            UsageError: the tokenizer has no template.
        """
        if self._tokenizer.chat_template is None:
            raise UsageError(
                f"--tokenizer {self.name}: has no chat template, which messages need; {_ADVICE}"
            )
        try:
            encoded = self._tokenizer.apply_chat_template(
                [dict(message) for message in messages],  # a program may change what it is given
                add_generation_prompt=add_generation_prompt,
                return_dict=True,
            )
            return list(encoded["input_ids"])
        except Exception as error:
            raise TemplateFailure(self.name, _reason(error)) from error

    def names(self, field: str) -> bool:
        """Return whether the template names a field of messages."""
        source = str(self._tokenizer.chat_template)
        return any(mark + field in source for mark in (".", "'", '"'))

    def text(self, tokens: Sequence[int]) -> str:
        """Return what tokens spell, special ones included."""
        text: str = self._tokenizer.decode(
            list(tokens), skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        return text

    def as_spelled(self, text: str) -> str:
        """Return what is left of a text in tokens: a tokenizer may normalize what it reads."""
        return self.text(self._tokenizer(text, add_special_tokens=False)["input_ids"])


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:_LONGEST_REASON]
