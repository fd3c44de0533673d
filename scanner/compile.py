"""Compiles the scanner into a module of Python; `hatch_build.py` runs this when it builds.

By hand, into the checkout that it stands in: `python scanner/compile.py`.
"""

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
MODULE = "botcoin_dpo/logs/_scanner.abi3.so"
"""Where it belongs, from the root of the checkout or of a wheel."""


def compile_scanner(target: Path) -> str | None:
    """Compile the module into a file, and return None; or return why that cannot be."""
    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "this Python has no limited API"
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    on_a_mac: list[str] = []
    if sys.platform == "darwin":  # for the processors that ARCHFLAGS names, as everything does
        architectures = shlex.split(os.environ.get("ARCHFLAGS", ""))
        on_a_mac = ["-undefined", "dynamic_lookup", *architectures]
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    command = [
        *shlex.split(compiler),
        *("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", *on_a_mac),
        "-Werror=implicit-function-declaration",  # else a missing one shows when it is loaded
        f"-I{sysconfig.get_path('include')}",
        *map(str, sorted(HERE.glob("*.c"))),
        *("-o", str(beside)),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if done.returncode:
            return _first_error(done.stderr) or f"{compiler} failed"
        beside.replace(target)  # a process may have the old one open
    except OSError as error:
        return str(error)
    finally:
        beside.unlink(missing_ok=True)
    return None


def _first_error(output: str) -> str:
    """Return what a compiler says first of an error: others may follow from it."""
    lines = output.strip().splitlines()
    return next((line for line in lines if "error" in line), lines[-1] if lines else "")


if __name__ == "__main__":
    sys.exit(compile_scanner(HERE.parent / MODULE))
