"""Names in commands that are suggested, to be pasted into a shell."""

import shlex
from pathlib import Path

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.files.remote_path import RemotePath, shown_url


def shell_word(path: str | Path | RemotePath, stand_in: str) -> str:
    """Return a path as a shell takes it, or what stands for one that cannot be pasted."""
    name = shown_url(str(path))
    if sanitize_line(name) != name or not name.isprintable():
        return stand_in
    return shlex.quote(f"./{name}" if name.startswith("-") and name != "-" else name)
