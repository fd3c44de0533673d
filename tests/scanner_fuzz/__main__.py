"""Fuzzes the scanner without Python in it: `python -m tests.scanner_fuzz --seconds 60`.

Compiles it with AddressSanitizer and UndefinedBehaviorSanitizer. Exits with 0 where nothing was
found, and where there is no compiler that can do that.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from botcoin_dpo.logs.known_fields import KnownField, known_fields
from tests.builders import ROOT
from tests.damaged_records import small_records

SCANNER = ROOT / "scanner"
FLAGS = (
    "-std=c11", "-g", "-O2", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all", f"-I{SCANNER}",
)  # fmt: skip
COVERAGE = "-fsanitize-coverage=trace-pc"
"""For the scanner alone: what it calls at each branch lies in `fuzz.c`."""


def compile_fuzzer(folder: Path) -> Path | None:
    """Compile the fuzzer, or return None where that cannot be."""
    program = folder / "fuzz"
    sources = [path for path in sorted(SCANNER.glob("*.c")) if path.name != "module.c"]
    compiler = [*shlex.split(os.environ.get("CC", "cc")), *FLAGS]
    objects = [f"{path.stem}.o" for path in sources]
    try:
        for command in (
            [*compiler, COVERAGE, "-c", *map(str, sources)],
            [*compiler, str(Path(__file__).with_name("fuzz.c")), *objects, "-o", str(program)],
        ):
            if subprocess.run(command, cwd=folder).returncode:
                return None
    except OSError:
        return None
    return program


def prepare(folder: Path) -> list[str]:
    """Write the table and the records to start from, and return their paths."""
    table = folder / "table"
    table.write_text("".join(map(_line, known_fields())))
    paths = [table]
    for number, raw in enumerate(small_records()):
        paths.append(folder / f"record-{number}")
        paths[-1].write_bytes(raw)
    return list(map(str, paths))


def _line(field: KnownField) -> str:
    columns = (int(value) if isinstance(value, bool) else value for value in field)
    return " ".join(map(str, columns)) + "\n"


def main() -> int:
    """Fuzz for as long as was asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        program = compile_fuzzer(Path(name))
        if program is None:
            print("left out: no compiler with sanitizers and coverage")
            return 0
        asked = [str(arguments.seconds), str(arguments.seed)]
        return subprocess.run([program, *asked, *prepare(Path(name))]).returncode


if __name__ == "__main__":
    sys.exit(main())
