"""Counts the attempts of a build that has all of them: how many pass, by their index."""

from pathlib import Path
from typing import Any

from botcoin_dpo.contract import schemas
from botcoin_dpo.dataset.reading import read_rows
from botcoin_dpo.errors import InputError
from botcoin_dpo.html_report.overview import MOST_ATTEMPTS


def attempt_counts(folder: Path, manifest: dict[str, Any] | None) -> dict[int, tuple[int, int]]:
    """Return how many usable attempts passed and how many there are, by index.

    Later ones count together; nothing is returned for a dataset without files of attempts.

    Raises:
        InputError: a file cannot be read, or holds something that is no attempt.
    """
    counts: dict[int, tuple[int, int]] = {}
    for listed in [] if manifest is None else manifest.get("attempt_files", []):
        name = listed["path"]
        for stored in read_rows(folder / name, name):
            if stored.problem is not None or not schemas.is_valid("attempt_facts", stored.row):
                raise InputError(f"{name}:{stored.line}: no attempt; see botcoin-dpo validate")
            index = min(int(stored.row["attempt_index"]), MOST_ATTEMPTS)
            passed, total = counts.get(index, (0, 0))
            counts[index] = passed + bool(stored.row["pass"]), total + 1
    return counts
