"""The fastest way to an attempt record: the compiled scanner, then typed decoding of what it keeps.

It may only say yes. The scanner checks all of the JSON and hands on a short record: known fields as
they are spelled, with stand-ins for the document and the trace. The decoder checks their types.
Neither builds a value that grouping does not need.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields

from botcoin_dpo.contract.record_types import (
    INDEX_NAMES,
    ChallengeContext,
    CitationRate,
    ScannedAttempt,
    Skipped,
    StepCounts,
    Submission,
)
from botcoin_dpo.contract.timestamps import to_milliseconds
from botcoin_dpo.logs.compiled_scanner import SCANNER


class Plain(NamedTuple):
    """In which parts of an attempt there is certainly no unsafe text."""

    prompt: bool
    """Its own document, questions and constraints."""
    trace: bool


NOT_KNOWN = Plain(False, False)


class BeyondDoubt(NamedTuple):
    """An attempt that the compiled scanner accepted."""

    attempt: ScannedAttempt
    plain: Plain


_decode = msgspec.json.Decoder(ScannedAttempt).decode
_WITH_TABLES = (Submission, ChallengeContext, StepCounts, CitationRate)
"""Objects of which only known fields are handed on; other ones are short."""
_SPECIAL = {
    "document": "DOCUMENT",
    "questions": "TEXTS",
    "constraints": "TEXTS",
    "reasoning_trace": "TRACE",
}


def scan_attempt(raw: bytes) -> BeyondDoubt | None:
    """Return an attempt if it is beyond doubt, None if another way must decide.

    Whether it has an id of its challenge, a miner and a model is left open: it may be an element.
    """
    if _scan is None:
        return None
    scanned = _scan(_table, raw)
    if scanned is None:
        return None
    kept, document, document_end, trace, trace_end, is_prompt_plain, is_trace_plain = scanned
    if trace == trace_end:
        return None
    try:
        attempt: ScannedAttempt = _decode(kept)
    except (ValueError, msgspec.MsgspecError):
        return None
    if attempt.constraint_results and not attempt.constraint_results.keys() <= INDEX_NAMES:
        return None
    if attempt.timestamp is not None and to_milliseconds(attempt.timestamp) is None:
        return None
    attempt.submission.reasoning_trace = msgspec.Raw(memoryview(raw)[trace:trace_end])
    context = attempt.challenge_context
    if context is not None:
        context.document = msgspec.Raw(memoryview(raw)[document:document_end])
    return BeyondDoubt(attempt, Plain(is_prompt_plain and context is not None, is_trace_plain))


def known_fields(shape: Any = ScannedAttempt) -> Iterator[tuple[int, str, str, int]]:
    """Yield the scanner's table: number of the object, name, action, number of the inner object."""
    shapes = [shape]
    for number, owner in enumerate(shapes):  # grows
        for field in fields(owner):
            is_union = get_origin(field.type) in (Union, UnionType)
            types = get_args(field.type) if is_union else (field.type,)
            table = next((kind for kind in types if _shape_of(kind) in _WITH_TABLES), None)
            if table is not None:
                yield number, field.encode_name, "OBJECT", len(shapes)
                shapes.append(table)
            elif field.name in _SPECIAL:
                yield number, field.encode_name, _SPECIAL[field.name], 0
            elif Skipped in types:
                yield number, field.encode_name, "FREE", 0
            elif msgspec.Raw not in types:  # nothing asks for that
                yield number, field.encode_name, "KEEP", 0


def _shape_of(kind: Any) -> Any:
    return get_origin(kind) or kind


if SCANNER.module is None:
    _scan = _table = None
else:
    _scan = SCANNER.module.scan
    _table = SCANNER.module.make_table(
        [
            (number, name, getattr(SCANNER.module, action), inner)
            for number, name, action, inner in known_fields()
        ]
    )
