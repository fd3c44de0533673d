"""Says what a chat template does wrong to a config, and what to do about it.

Contract: schemas/README.md, "Exports".
"""

from botcoin_dpo.building.gates import Refusal
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.exporting.template_check import Problem, TemplateCheck
from botcoin_dpo.exporting.thinking import THINKING_STYLES, ThinkingStyle

_WORDS: dict[Problem, str] = {
    "template_fails": "fails",
    "prompt_lost": "changes or drops the text of the prompt",
    "not_a_prefix": "renders a prompt that is not a prefix of prompt and completion",
    "trace_lost": "drops or changes the trace of the completion",
    "trace_repeated": "writes a trace or its think tags more than once",
    "trace_misplaced": "leaves the trace in the answer, though it has a place for traces",
    "answer_lost": "drops, changes or moves the answer",
    "earlier_trace_lost": "drops the trace of the attempt before from the prompt",
}

_LIGHTEST: set[Problem] = {"earlier_trace_lost"}


def words(problem: Problem) -> str:
    """Return what a template does, after its name."""
    return _WORDS[problem]


def diagnosis(check: TemplateCheck) -> str:
    """Return what is wrong, in one line."""
    said = [
        f"{words(problem)} ({count} of {check.rendered or 1} examples)"
        for problem, count in check.problems.items()
    ]
    failure = "" if check.failure is None else f" (it says: {sanitize_line(check.failure)})"
    name = sanitize_line(str(check.template.name))
    return f"the chat template of {name} {'; it '.join(said)}{failure}"


def remedy(check: TemplateCheck) -> str:
    """Return what to do about it."""
    own = set(check.problems)
    others = [style for style in THINKING_STYLES if style != check.style]
    left: dict[ThinkingStyle, set[Problem]] = {
        style: set(check.problems_of(style)) for style in others
    }
    others.sort(key=lambda style: not check.template.names(style))
    right = [style for style in others if not left[style]]
    if right:
        return f"export with --thinking {right[0]}"
    lighter = [style for style in others if left[style] < own or left[style] == _LIGHTEST != own]
    if lighter:
        style = min(lighter, key=lambda each: len(left[each]))
        rest = " and ".join(words(problem) for problem in sorted(left[style]))
        return f"export with --thinking {style}; even then it {rest}"
    if own == _LIGHTEST:
        return (
            "no --thinking keeps it: take a tokenizer whose template keeps earlier traces, or "
            "name the other configs with --config"
        )
    return (
        "no --thinking cures it: take a tokenizer with another chat template, or name configs of "
        "strings with --config"
    )


def template_warning(config: str, check: TemplateCheck) -> str | None:
    """Return what to say of a config whose examples do not come through whole, None if they do."""
    return f"{config}: {diagnosis(check)}; {remedy(check)}" if check.problems else None


def template_refusal(config: str, check: TemplateCheck) -> Refusal | None:
    """Return why an export with `--strict-template` is not published for a config."""
    if not check.problems:
        return None
    return Refusal(
        "chat_template",
        f"--strict-template: {config}: {diagnosis(check)}; nothing is published: {remedy(check)}",
    )
