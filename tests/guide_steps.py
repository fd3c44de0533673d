"""Runs what a page of the documentation shows, and compares what comes out.

Blocks marked `sh` and `python` (not `py`) are run, one after the other, in a folder with the
sample data. A block of `text` after one shows some lines of its output. Other blocks of `text` are
not run.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.builders import ROOT

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RUN = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}

Step = tuple[str, str, list[str]]


def steps(text: str) -> list[Step]:
    """Return the language, the code and the lines of output of what a page has to run."""
    found: list[Step] = []
    end = 0
    for block in BLOCK.finditer(text):
        language, code = block.groups()
        if language in _RUN:
            found.append((language, code, []))
        elif language == "text" and found and not text[end : block.start()].strip():
            found[-1][2].extend(line for line in code.splitlines() if line.strip())
        end = block.end()
    return found


def missing_lines(shown: list[str], output: str) -> list[str]:
    """Return the lines that are not in the output, in their order and as whole words."""
    rest = [f" {' '.join(line.split())} " for line in output.splitlines()]
    missing = []
    for line in shown:
        words = f" {' '.join(line.split())} "
        place = next((n for n, each in enumerate(rest) if words in each), None)
        if place is None:
            missing.append(line)
        else:
            rest[place] = rest[place].replace(words, " … ", 1)
            rest = rest[place:]
    return missing


def run_page(page: Path, folder: Path) -> None:
    """Run the steps of a page in a new folder, where the installed program comes first.

    Messages have lines of 100 columns.
    """
    program = folder / "bin" / "botcoin-dpo"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m botcoin_dpo "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join((str(program.parent), os.environ["PATH"]))
    work = folder / "work"
    shutil.copytree(ROOT / "sample_data", work / "sample_data")
    found = steps(page.read_text(encoding="utf-8"))
    assert any(shown for _, _, shown in found)
    for language, code, shown in found:
        process = subprocess.run(
            [*_RUN[language], code],
            cwd=work,
            env=os.environ | {"PATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.returncode == 0, (code, process.stdout)
        assert missing_lines(shown, process.stdout) == [], (code, process.stdout)
