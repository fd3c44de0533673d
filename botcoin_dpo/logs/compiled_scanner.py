"""Finds the compiled scanner, or says why it is not in use.

It is an extension module that is built where a C compiler is; see `scanner/`. Without it everything
works, more slowly. Python's side of it is `attempt_scanner.py`.
"""

import os
import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import ModuleType

SWITCH = "BOTCOIN_DPO_SCANNER"
"""The environment variable that keeps the extension out, with the value `python`."""

FORMAT = 1
"""Of what the extension takes and returns; another number is that of a stale build."""


class CompiledScanner(NamedTuple):
    """The extension, or why there is none."""

    module: "ModuleType | None"
    why: str

    def __str__(self) -> str:
        return f"{'python' if self.module is None else 'compiled'} ({self.why})"


def find_scanner() -> CompiledScanner:
    """Import the extension if it is there, wanted and of this version."""
    wanted = os.environ.get(SWITCH, "")
    if wanted == "python":
        return CompiledScanner(None, f"{SWITCH}=python")
    try:
        from botcoin_dpo.logs import _scanner
    except ImportError as error:
        is_missing = isinstance(error, ModuleNotFoundError) or "cannot import name" in str(error)
        why = "it was not built: no C compiler, or no headers of Python" if is_missing else "broken"
        return CompiledScanner(None, why if is_missing else f"it cannot be loaded: {error}")
    if getattr(_scanner, "FORMAT", None) != FORMAT:
        why = "the compiled one is of another version; install botcoin-dpo again"
        warnings.warn(f"the scanner in Python is used: {why}", RuntimeWarning, stacklevel=2)
        return CompiledScanner(None, why)
    return CompiledScanner(_scanner, f"switched off by {SWITCH}=python")


SCANNER = find_scanner()
"""What this process uses."""
