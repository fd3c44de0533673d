"""The command of the campaign: runs trials kind by kind, counts, and keeps what fails."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.fixtures import Fixtures
from tests.fuzz.kinds import KINDS
from tests.fuzz.program import reap_orphans
from tests.fuzz.trials import Failure, Trial, remove, seed_of


def main() -> int:
    """Run the campaign; the exit code is 1 if a trial failed."""
    options = _options()
    kinds = options.kind or list(KINDS)
    reap_orphans()
    home = Path(tempfile.mkdtemp(prefix="botcoin-dpo-fuzz-"))
    trials: Counter[str] = Counter()
    failures: Counter[tuple[str, str]] = Counter()
    try:
        fixtures = Fixtures(home / "fixtures")
        fixtures.make()
        end = time.monotonic() + options.minutes * 60
        numbers = range(options.trials) if options.number is None else [options.number]
        for number, kind in ((number, kind) for number in numbers for kind in kinds):
            if time.monotonic() > end:
                break
            trials[kind] += 1
            failure = _run(kind, number, options.seed, home, fixtures, options.keep)
            if failure is not None:
                failures[kind, failure.symptom] += 1
                again = f"python -m tests.fuzz --seed {options.seed} --kind {kind}"
                words = f"{kind} {number}: {failure.symptom}: {failure.message[:1500]}"
                print(f"{words}\n  again: {again} --number {number}", file=sys.stderr)
    finally:
        remove(home)
    _report(trials, failures, as_json=options.json)
    return 1 if failures else 0


def _run(
    kind: str, number: int, seed: int, home: Path, fixtures: Fixtures, keep: Path | None
) -> Failure | None:
    """Run one trial, and keep its folder if it fails."""
    place = home / "trial"
    trial = Trial(Random(seed_of(seed, kind, number)), place, fixtures)
    trial.make_folders()
    failure = None
    try:
        KINDS[kind](trial)
    except Failure as error:
        failure = error
    except Exception:
        failure = Failure("campaign", traceback.format_exc())
    if failure is not None and keep is not None:
        kept = keep / f"{kind}-{seed}-{number}"
        remove(kept)
        shutil.copytree(place, kept, symlinks=True, ignore=_special)
    remove(place)
    return failure


def _special(folder: str, names: list[str]) -> list[str]:
    """Return what cannot be copied: pipes."""
    return [name for name in names if Path(folder, name).is_fifo()]


def _report(trials: Counter[str], failures: Counter[tuple[str, str]], *, as_json: bool) -> None:
    by_kind = {
        kind: {
            "trials": count,
            "failures": {what: n for (of, what), n in sorted(failures.items()) if of == kind},
        }
        for kind, count in trials.items()
    }
    if as_json:
        print(json.dumps(by_kind))
        return
    print(f"{'kind':<8} {'trials':>7} failures")
    for kind, counts in by_kind.items():
        found = ", ".join(f"{n} {what}" for what, n in counts["failures"].items())  # type: ignore[attr-defined]
        print(f"{kind:<8} {counts['trials']:>7} {found or '-'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long it runs (default: 1)")
    parser.add_argument("--trials", type=int, default=10**9, help="most trials of each kind")
    parser.add_argument("--seed", type=int, default=0, help="all that is random follows from it")
    parser.add_argument("--kind", action="append", choices=KINDS, help="repeatable; all by default")
    parser.add_argument("--number", type=int, help="repeat the trial of this number")
    parser.add_argument("--keep", type=Path, help="folder for the files of trials that fail")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
