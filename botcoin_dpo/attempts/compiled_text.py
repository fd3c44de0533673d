"""The text of a trace by the compiled scanner, which reads its JSON as it stands in the record.

It may only say yes: contract/trace_text.py defines the text.
"""

import msgspec

from botcoin_dpo.logs.compiled_scanner import SCANNER

_trace_text = None if SCANNER.module is None else SCANNER.module.trace_text


def compiled_text(trace: msgspec.Raw) -> str | None:
    """Return the text of a trace if it is beyond doubt, None if the definition must decide."""
    text: str | None = None if _trace_text is None else _trace_text(trace)
    return text
