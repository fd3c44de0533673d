"""Pairs that are left out by their ids, as a file lists them for `--exclude`.

Contract: schemas/README.md, "Choosing pairs".
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from botcoin_dpo.contract.pair_ids import LENGTH, pair_id_of, parse_pair_id
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.errors import UsageError
from botcoin_dpo.files.local_paths import input_path
from botcoin_dpo.files.named_files import reading

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class ExcludedPairs:
    """Ids of pairs that are left out."""

    ids: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ids)

    def holds(self, row: JsonObject) -> bool:
        """Return whether the pair of a row is left out."""
        return bool(self.ids) and pair_id_of(row) in self.ids

    def as_json(self) -> dict[str, Any]:
        """Return what a manifest says of them: which they were can be checked with the file."""
        lines = "".join(f"{pair_id}\n" for pair_id in sorted(self.ids))
        return {"ids": len(self.ids), "sha256": sha256(lines.encode()).hexdigest()}


def read_excluded(given: str | Path | None) -> ExcludedPairs:
    """Return the pairs that a file lists, none without a file.

    Args:
        given: a text file, one id a line; blank lines and what follows `#` are passed over.

    Raises:
        UsageError: a line is no id, or the path is none.
        InputError: the file cannot be read.
    """
    if given is None:
        return ExcludedPairs()
    path = input_path(given, "--exclude")
    ids = set()
    with reading(path, "name a file of pair ids") as file:
        for number, line in enumerate(file, start=1):
            told = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
            text = told.partition(b"#")[0].strip().decode(errors="replace")
            if not text:
                continue
            pair_id = parse_pair_id(text)
            if pair_id is None:
                raise UsageError(
                    f"--exclude {path}:{number}: {text[:_MOST_SHOWN]!a} is not a pair id; "
                    f"write {LENGTH} hexadecimal digits, as botcoin-dpo show does"
                )
            ids.add(pair_id)
    return ExcludedPairs(frozenset(ids))
