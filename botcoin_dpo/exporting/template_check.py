"""Checks whether a chat template leaves examples whole, by the tokens that a trainer gets.

    example ─▶ conversations ─▶ tokens of each style ─▶ problems ─▶ what is wrong, and the remedy

A trainer renders the prompt, and the prompt with the completion, and trains on what the second has
behind the first. Contract: schemas/README.md, "Exports".
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.chat_templates import ChatTemplate, TemplateFailure
from botcoin_dpo.exporting.thinking import (
    THINKING_STYLES,
    ThinkingStyle,
    carried,
    is_messages,
    thought_of,
)

Problem = Literal[
    "template_fails",
    "prompt_lost",
    "not_a_prefix",
    "trace_lost",
    "trace_repeated",
    "trace_misplaced",
    "answer_lost",
    "earlier_trace_lost",
]
PROBLEMS: tuple[Problem, ...] = get_args(Problem)

_ALWAYS = 4
_SHORTEST = 20
"""A shorter trace may stand in a template by chance."""


class Conversation(NamedTuple):
    """What a trainer renders: a prompt, and what is learned behind it."""

    prompt: list[JsonObject]
    completion: list[JsonObject]
    """Empty for a task."""


class _Rendered(NamedTuple):
    problems: set[Problem]
    learned: str
    """What is behind the prompt, without blanks; empty where the template fails."""


def conversations(values: JsonObject) -> Iterator[Conversation]:
    """Yield the conversations of an example.

    Where it has no prompt of its own, that is all messages but the last one.
    """
    prompt = values.get("prompt")
    prompt = prompt if is_messages(prompt) else []
    found = False
    for name, value in values.items():
        if name != "prompt" and is_messages(value):
            found = True
            if prompt:
                yield Conversation(prompt, value)
            else:
                yield Conversation(value[:-1], value[-1:])
    if prompt and not found:
        yield Conversation(prompt, [])


class TemplateCheck:
    """What a chat template does to the examples of one config."""

    def __init__(self, template: ChatTemplate, style: ThinkingStyle) -> None:
        """Check a template, with traces carried in a style."""
        self.template, self.style = template, style
        self.rendered = 0
        """Examples that were looked at."""
        self.failure: str | None = None
        """What the template said when it first failed."""
        self._problems: dict[ThinkingStyle, Counter[Problem]] = {
            style: Counter() for style in THINKING_STYLES
        }
        self._seen = 0

    def begin_split(self) -> None:
        """Count examples anew."""
        self._seen = 0

    def look_at(self, values: JsonObject) -> None:
        """Render an example if it is among those that are looked at.

        Those are the first four of a split, and then each whose number is a power of two.

        Args:
            values: an example as its config makes it.
        """
        if any(len(trace.strip()) < _SHORTEST for trace in _traces(values)):
            return
        self._seen += 1
        if self._seen > _ALWAYS and self._seen & (self._seen - 1):
            return
        self.rendered += 1
        plain = list(conversations(values))
        styled = {style: list(conversations(carried(values, style))) for style in THINKING_STYLES}
        found: dict[ThinkingStyle, set[Problem]] = {style: set() for style in THINKING_STYLES}
        for number, conversation in enumerate(plain):
            rendered = {
                style: self._render(conversation, styled[style][number], style)
                for style in THINKING_STYLES
            }
            if _is_misplaced(rendered):
                rendered["inline"].problems.add("trace_misplaced")
            for style, each in rendered.items():
                found[style] |= each.problems
        for style, problems in found.items():
            self._problems[style].update(problems)

    def note_failure(self, reason: str) -> None:
        """Note that the template failed on an example, whether it is looked at or not."""
        if self.failure is None:
            self.failure = reason

    @property
    def problems(self) -> dict[Problem, int]:
        """Of the examples that were looked at, how many have a problem."""
        own = self.problems_of(self.style)
        return own if self.failure is None else {"template_fails": 1, **own}

    def problems_of(self, style: ThinkingStyle) -> dict[Problem, int]:
        """Return the same where traces are carried in another style."""
        counts = self._problems[style]
        return {problem: counts[problem] for problem in PROBLEMS if counts[problem]}

    def as_json(self) -> dict[str, Any]:
        """Return it as `--json` prints it."""
        return {"rendered": self.rendered, "problems": self.problems}

    def _render(self, plain: Conversation, styled: Conversation, style: ThinkingStyle) -> _Rendered:
        """Return what is wrong with a conversation.

        Args:
            plain: the conversation as its config makes it.
            styled: the same with traces in a style.
            style: the style.
        """
        template = self.template
        try:
            prompt = template.tokens(styled.prompt, add_generation_prompt=True)
            whole = prompt
            if styled.completion:
                whole = template.tokens(
                    [*styled.prompt, *styled.completion], add_generation_prompt=False
                )
        except TemplateFailure as error:
            if style == self.style:
                self.note_failure(error.reason)
            return _Rendered({"template_fails"}, "")
        problems: set[Problem] = set()
        shared = _shared(prompt, whole)
        if shared < len(prompt):
            problems.add("not_a_prefix")
        before, behind = template.text(prompt), template.text(whole[shared:])
        problems.update(self._problems_of_prompt(plain, before))
        if styled.completion:
            problems.update(self._problems_of_completion(plain, before, behind))
        return _Rendered(problems, "".join(behind.split()))

    def _problems_of_prompt(self, plain: Conversation, rendered: str) -> Iterator[Problem]:
        said = [self._spelled(message["content"]) for message in plain.prompt]
        for message, content in zip(plain.prompt, said, strict=True):
            trace = thought_of(message)
            if trace is None:
                if content not in rendered:
                    yield "prompt_lost"
                continue
            spelled = self._spelled(trace)
            wanted = sum(each.count(spelled) for each in said)
            count = rendered.count(spelled)
            if count < wanted:
                yield "earlier_trace_lost"
            elif count > wanted:
                yield "trace_repeated"

    def _problems_of_completion(
        self, plain: Conversation, before: str, behind: str
    ) -> Iterator[Problem]:
        message = plain.completion[-1]
        trace = thought_of(message)
        if trace is None:
            if self._spelled(message["content"]) not in behind:
                yield "answer_lost"
            return
        spelled = self._spelled(trace)
        answer = self._spelled(message["content"].partition("</think>")[2])
        opened = before.rstrip().endswith("<think>")
        tags = opened + behind.count("<think>"), behind.count("</think>")
        if spelled not in behind:
            yield "trace_lost"
        elif behind.count(spelled) > 1 + answer.count(spelled) or max(tags) > 1:
            yield "trace_repeated"
        if answer not in behind.rpartition(spelled)[2]:
            yield "answer_lost"

    def _spelled(self, text: str) -> str:
        """Return a text as its tokens spell it; templates may strip it."""
        return self.template.as_spelled(text.strip()).strip()


def _traces(values: JsonObject) -> Iterator[str]:
    for conversation in conversations(values):
        for message in (*conversation.prompt, *conversation.completion):
            trace = thought_of(message)
            if trace is not None:
                yield trace


def _shared(first: list[int], second: list[int]) -> int:
    """Return how many tokens two lists have in common at their start."""
    pairs = enumerate(zip(first, second, strict=False))
    differs = (place for place, (one, other) in pairs if one != other)
    return next(differs, min(len(first), len(second)))


def _is_misplaced(rendered: dict[ThinkingStyle, _Rendered]) -> bool:
    """Return whether a template has a place for traces that is not where think tags lead.

    If it takes a trace from a field and puts it somewhere, then that is the place.
    """
    inline = rendered["inline"]
    if inline.problems - {"earlier_trace_lost"}:
        return False  # said already
    others = [
        rendered[style].learned
        for style in THINKING_STYLES
        if style != "inline" and not rendered[style].problems - {"earlier_trace_lost"}
    ]
    return bool(others) and inline.learned not in others
