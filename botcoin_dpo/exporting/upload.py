"""How an export comes onto the Hub: the command that the user runs next."""

import shlex
from pathlib import Path

from botcoin_dpo.contract.sanitize import sanitize_line

_PATTERN_SIGNS = frozenset("*?[")
"""With one of these, some versions of `hf upload` take a name for a pattern."""


def upload_command(folder: str | Path) -> str:
    """Return the command that uploads a folder, on one line, to be pasted into a shell.

    Where a name cannot be pasted (it has line breaks or hidden characters, or is taken for a
    pattern), `FOLDER` stands for it.
    """
    name = str(folder)
    if sanitize_line(name) != name or not name.isprintable() or _PATTERN_SIGNS & set(name):
        return _command("FOLDER")
    return _command(shlex.quote(f"./{name}" if name.startswith("-") else name))


def _command(folder: str) -> str:
    return f"hf upload USER/NAME {folder} --repo-type dataset"
