"""Runs the program in a process of its own, and does something there at exact moments."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_PROGRAM = """
import os, runpy, signal, sys

end = 2 + 2 * int(sys.argv[1])
actions = dict(zip(sys.argv[2:end:2], sys.argv[3:end:2]))
sys.argv[:] = ["botcoin-dpo", *sys.argv[end:]]
owner = os.getpid()

def act(place):
    action = actions.pop(place, None) if os.getpid() == owner else None
    if action is not None:
        exec(action, {"os": os, "signal": signal, "sys": sys})

def look(frame, event, argument):
    if event == "call" and actions:
        act(frame.f_globals.get("__name__", "") + ":" + frame.f_code.co_qualname)

os.register_at_fork(after_in_parent=lambda: act("forked"))
sys.settrace(look)  # which Python ends when it raises an exception
sys.setprofile(look)  # so that a second one can follow
runpy.run_module("botcoin_dpo", run_name="__main__", alter_sys=True)
"""


def run_with(
    moments: Mapping[str, str], *arguments: object, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program, and Python code in it at certain moments, once each.

    Args:
        moments: the code by when it runs: `module:function` as that is called, `module:<module>`
            as that is imported, or `forked`, in the process that has just forked. Two of them may
            raise an exception.
        arguments: the program's.
        cwd: where it runs.
    """
    pairs = [word for pair in moments.items() for word in pair]
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(len(moments)), *pairs, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"COLUMNS": "100"},
    )
