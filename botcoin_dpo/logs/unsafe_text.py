"""Text that must not reach training data: chat-template tokens, think tags, control characters.

Miners are paid strangers, and documents may quote anybody. What is checked is every string that
they wrote, and the text that a row makes of a trace: parts of two strings can be one token there.
Contract: schemas/README.md, "Hostile text".
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from botcoin_dpo.contract.trace_text import ANNOTATION, PROVENANCE, QUOTE_MATCH, ZONE, step_text

_TOKEN = re.compile(
    r"</?think>"
    r"|<\|[^ |]{1,64}\|>|<｜[^ ｜]{1,64}｜>"
    r"|</?s>|<bos>|<eos>|<start_of_turn>|<end_of_turn>"
    r"|\[/?INST\]|<<SYS>>"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f]",
    re.IGNORECASE | re.ASCII,
)
_INSTRUCTION = re.compile(r"\[/?INST\]", re.IGNORECASE | re.ASCII)
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")
_ANNOTATION = re.compile(ANNOTATION)

_INSTRUCTION_END = re.compile(rb"inst\s*[\]\"]")
_INSTRUCTION_BYTES = re.compile(rb"\[/?inst\]", re.IGNORECASE)
_ESCAPED_ASCII = re.compile(rb"\\(?:u00|[bf/])")
"""How JSON spells a control character other than tab, LF and CR, and may spell any of a token."""


class _UsualProvenance(msgspec.Struct, gc=False):
    quote_match: (
        Literal["EXACT", "UNVERIFIED", "exact", "value-anchored", "entity-anchored", "unverified"]
        | None
    ) = None
    semantic_zone: Literal["GROUND_TRUTH", "TRAP", "STANDARD"] | None = None


class _UsualStep(msgspec.Struct):
    coordinator_provenance: _UsualProvenance | None = None


_usual_steps = msgspec.json.Decoder(list[_UsualStep])


def token_in(text: str) -> str | None:
    """Return the first token or control character in a text, None if there is none."""
    if _is_plain(text):
        return None
    match = _TOKEN.search(text)
    return match.group() if match else None


def may_be_unsafe(trace: bytes) -> bool:
    """Return whether the JSON of a trace could hide unsafe text; False is certain.

    Every token starts with `<`, or is `INST` before a bracket, or becomes that when an input that
    ends in `INST` is written out; a control character in valid JSON is written with a backslash,
    and so is anything spelled in escapes. Of tiers and zones the usual ones are known to be safe.
    """
    if b"<" in trace or b"\\" in trace:
        return True
    lowered = trace.lower()
    if b"inst" in lowered and _INSTRUCTION_END.search(lowered) is not None:
        return True
    try:
        _usual_steps.decode(trace)
    except msgspec.MsgspecError:
        return True
    return False


def prompt_may_be_unsafe(
    document: bytes, questions: Sequence[str], constraints: Sequence[str]
) -> bool:
    """Return whether the JSON of a document, or a text beside it, could be unsafe.

    False is certain.
    """
    return (
        b"<" in document
        or _ESCAPED_ASCII.search(document) is not None
        or _INSTRUCTION_BYTES.search(document) is not None
        or any(token_in(text) for text in (*questions, *constraints))
    )


def unsafe_artifact(artifact: str) -> str | None:
    """Return what is unsafe in an artifact, which must also be a single line."""
    if _LINE_BREAK.search(artifact):
        return "a line break in the artifact"
    return _found(artifact, "the artifact")


def unsafe_prompt(
    document: str, questions: Sequence[str], constraints: Sequence[str]
) -> str | None:
    """Return what is unsafe in the prompt of a challenge and where, None if nothing is."""
    if found := _found(document, "the document"):
        return found
    for what, texts in (("question", questions), ("constraint", constraints)):
        for number, text in enumerate(texts, start=1):
            if found := _found(text, f"{what} {number}"):
                return found
    return None


def unsafe_submission(artifact: str, model: str | None, trace: list[dict[str, Any]]) -> str | None:
    """Return what is unsafe in a submission and where, None if nothing is."""
    if found := unsafe_artifact(artifact):
        return found
    if model and (found := _found(model, "the model name")):
        return found
    for number, step in enumerate(trace, start=1):
        if found := _unsafe_step(step, f"step {number} of the trace"):
            return found
    return None


def _unsafe_step(step: dict[str, Any], where: str) -> str | None:
    for key, value in step.items():
        if key == PROVENANCE:  # the coordinator's words; a row shows two of them
            found = _unsafe_provenance(value, where)
        else:
            found = next(
                filter(None, (_found(text, where) for text in _strings({key: value}))), None
            )
        if found:
            return found
    # Steps cannot be unsafe together: a space follows the line break between them.
    return _found(step_text(step), f"{where}, once it is written as text")


def _unsafe_provenance(provenance: Any, where: str) -> str | None:
    for name in (QUOTE_MATCH, ZONE):
        value = provenance.get(name) if isinstance(provenance, dict) else None
        if isinstance(value, str) and value and not _ANNOTATION.fullmatch(value):
            return f"{name} {value[:80]!a} in {where}; only letters, digits, _, - and single blanks"
    return None


def _found(text: str, where: str) -> str | None:
    token = token_in(text)
    return None if token is None else f"{token!a} in {where}"


def _is_plain(text: str) -> bool:
    """Return True only if nothing can be unsafe in a text; ten times as fast as the search."""
    return (
        "<" not in text
        and not _has_control(text)
        and ("[" not in text or _INSTRUCTION.search(text) is None)
    )


def _has_control(text: str) -> bool:
    """Return whether a control character is in a text; bytes are looked at faster than letters."""
    written = text.encode(errors="surrogatepass")
    return len(written.translate(None, _CONTROLS)) < len(written)


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
