"""Finds the compiled scanner, or says why it is not in use.

It is an extension module that is built where a C compiler is; see `scanner/`. Without it everything
works, more slowly. Python's sides of it are `attempt_scanner.py` and `attempts/compiled_text.py`.
"""

import importlib
import importlib.util
import os
import warnings
from types import ModuleType
from typing import NamedTuple

SWITCH = "BOTCOIN_DPO_SCANNER"
"""The environment variable that keeps the extension out, with its one known value `python`."""

FORMAT = 3
"""Of what the extension takes and returns; another number is that of a stale build."""


_NAME = "botcoin_dpo.logs._scanner"


class CompiledScanner(NamedTuple):
    """The extension, or why there is none."""

    module: ModuleType | None
    why: str = ""

    def __str__(self) -> str:
        return f"python; {self.why}" if self.module is None else "compiled"


def find_scanner() -> CompiledScanner:
    """Import the extension if it is there, wanted and of this version.

    Warns of one that is there and cannot be used, and of a switch that says nothing.
    """
    wanted = os.environ.get(SWITCH, "")
    if wanted == "python":
        return CompiledScanner(None, f"{SWITCH}=python")
    if wanted:
        _warn(
            f"{SWITCH}={wanted}: no such scanner, so it is ignored; set it to python, or unset it"
        )
    if importlib.util.find_spec(_NAME) is None:
        return CompiledScanner(None, "it was installed without a C compiler or Python's headers")
    try:
        module = importlib.import_module(_NAME)
    except ImportError as error:
        return _unused(f"the compiled one cannot be loaded: {error}")
    if getattr(module, "FORMAT", None) != FORMAT:
        return _unused("the compiled one is of another version")
    return CompiledScanner(module)


def _unused(why: str) -> CompiledScanner:
    why = f"{why}; install the program again"
    _warn(f"the scanner in Python is used: {why}")
    return CompiledScanner(None, why)


def _warn(message: str) -> None:
    from multiprocessing import current_process

    # A worker that is not forked imports this anew, before it has a `parent_process`.
    if current_process().name == "MainProcess":
        warnings.warn(message, RuntimeWarning, stacklevel=3)


SCANNER = find_scanner()
"""What this process uses."""
