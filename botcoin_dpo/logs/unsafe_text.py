"""Text that must not reach training data: chat-template tokens, think tags, control characters.

Miners are paid strangers; whatever they write in an artifact, a model name or a trace may be meant
for the reader. Contract: schemas/README.md, "Hostile text".
"""

import re
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(
    r"</?think>"
    r"|<\|[^ |]{1,64}\|>|<｜[^ ｜]{1,64}｜>"
    r"|</?s>|<bos>|<eos>|<start_of_turn>|<end_of_turn>"
    r"|\[/?INST\]|<<SYS>>"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f]",
    re.IGNORECASE | re.ASCII,
)
_INSTRUCTION_END = re.compile(rb"inst\s*[\]\"]")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")
_BARE_INSTRUCTION = re.compile(r"\s*/?INST\s*", re.IGNORECASE | re.ASCII)


def may_be_unsafe(trace: bytes) -> bool:
    """Return whether the JSON of a trace could hide unsafe text; False is certain.

    Every token starts with `<`, or is `INST` before a bracket, or becomes that when an input that
    is nothing but `INST` is written out; a control character in valid JSON is written with a
    backslash, and so is anything spelled in escapes.
    """
    if b"<" in trace or b"\\" in trace:
        return True
    lowered = trace.lower()
    return b"inst" in lowered and _INSTRUCTION_END.search(lowered) is not None


def unsafe_artifact(artifact: str) -> str | None:
    """Return what is unsafe in an artifact, which must also be a single line."""
    if _is_plain(artifact):
        return None
    if _LINE_BREAK.search(artifact):
        return "a line break in the artifact"
    return _token_in(artifact, "the artifact")


def unsafe_submission(artifact: str, model: str | None, trace: list[dict[str, Any]]) -> str | None:
    """Return what is unsafe in a submission and where, None if nothing is."""
    if found := unsafe_artifact(artifact):
        return found
    if model and not _is_plain(model) and (found := _token_in(model, "the model name")):
        return found
    for number, step in enumerate(trace):
        for key, value in step.items():
            if key == "coordinator_provenance":  # the coordinator's words, not the miner's
                continue
            for text in _strings({key: value}):
                if found := _token_in(text, f"step {number + 1} of the trace"):
                    return found
        if found := _instruction_by_rendering(step):
            return f"{found} in step {number + 1} of the trace, once it is written as text"
    return None


def _is_plain(text: str) -> bool:
    """Return True only if nothing can be unsafe in a text: no break, no control, no bracket."""
    return text.isprintable() and "<" not in text and "[" not in text


def _token_in(text: str, where: str) -> str | None:
    match = _TOKEN.search(text)
    return f"{match.group()!a} in {where}" if match else None


def _strings(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _instruction_by_rendering(step: dict[str, Any]) -> str | None:
    """Return the `[INST]` that arises only when the inputs of a computation are written out."""
    if step.get("action") != "compute_logic":
        return None
    inputs = step.get("inputs")
    only = inputs[0] if isinstance(inputs, list) and len(inputs) == 1 else inputs
    if isinstance(only, str) and _BARE_INSTRUCTION.fullmatch(only):
        return f"'[{only.strip()}]'"
    return None
