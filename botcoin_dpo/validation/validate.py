"""A built folder or a file of rows in, a plain result out: nothing is printed here.

Every row is checked on its own (`row_rules`), then against the file it lies in, the other rows,
and the manifest. Of a row, 100 bytes or so are remembered: its document's hash and its identity.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from botcoin_dpo import schemas
from botcoin_dpo.dataset.manifest import build_files, load_manifest
from botcoin_dpo.dataset.reading import StoredRow, read_rows
from botcoin_dpo.errors import InputError, UsageError, reason_of
from botcoin_dpo.logs.discovery import MANIFEST, STANDARD_INPUT, display_name
from botcoin_dpo.logs.fields import ATTEMPT_MARKS
from botcoin_dpo.logs.identifiers import challenge_hash, normalize
from botcoin_dpo.pairing.splits import Shares, split_of
from botcoin_dpo.progress import Progress
from botcoin_dpo.rows.row import pair_identity
from botcoin_dpo.validation.findings import Finding
from botcoin_dpo.validation.row_rules import check_row

ROW_FILES = (".jsonl", ".ndjson", ".json")

RowOrder = tuple[bytes, str, int, int]
"""SHA-256 of the challenge; miner and index of the chosen attempt; index of the rejected one, or 0
where that is another miner's, whom the row does not name."""


@dataclass(slots=True)
class ValidationResult:
    """What a validation found."""

    files: int = 0
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """All findings, by rule."""
    findings: list[Finding] = field(default_factory=list)
    """The first findings, up to the most that were asked for."""

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.counts

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "valid": self.is_valid,
            "files": self.files,
            "rows": self.rows,
            "findings": self.counts.total(),
            "by_rule": dict(sorted(self.counts.items())),
            "listed": [finding.as_json() for finding in self.findings],
        }


def validate(
    path: str | Path, *, max_errors: int = 100, progress: Progress | None = None
) -> ValidationResult:
    """Check a built folder, one `.jsonl` or `.json` file of rows, or standard input (`-`).

    Args:
        path: what to check.
        max_errors: most findings that are listed; all are counted.
        progress: is told of bytes read.

    Raises:
        InputError: the path cannot be read, or a folder is no build.
    """
    path = Path(path)
    check = _Validation(ValidationResult(), max_errors)
    if path.is_dir():
        _check_folder(path, check, progress)
    elif path.is_file() and path.suffix.lower() not in ROW_FILES:
        raise InputError(f"{path}: no file of rows by its name; expected {', '.join(ROW_FILES)}")
    elif str(path) == STANDARD_INPUT or path.is_file():
        check.check_rows(path, display_name(path), None)
    else:
        raise InputError(f"{path}: no such file or folder; name a built folder or a file of rows")
    return check.result


def _check_folder(folder: Path, check: "_Validation", progress: Progress | None) -> None:
    manifest = load_manifest(folder)
    for problem in schemas.explain("manifest", manifest):
        check.report(MANIFEST, None, problem.pointer, "manifest", problem.message)
    if check.result.counts:
        return  # nothing in it can be relied on
    try:
        check.shares = Shares.of(manifest["options"]["splits"])
    except UsageError as error:
        check.report(MANIFEST, None, "/options/splits", "manifest", str(error))
    listed = build_files(folder)
    present = {
        display_name(entry.relative_to(folder)) for entry in folder.rglob("*") if entry.is_file()
    }
    for name in sorted(listed - present):
        check.report(name, None, "", "missing_file", "is listed in the manifest, but not there")
    for name in sorted(present - listed):
        check.report(name, None, "", "unlisted_file", "is not listed in the manifest")
    shards = [shard for shard in manifest["shards"] if shard["path"] in present]
    total = sum((folder / shard["path"]).stat().st_size for shard in shards)
    done = 0

    def on_read(size: int) -> None:
        nonlocal done
        done += size
        if progress is not None:
            progress("validating", done, total)

    for shard in shards:
        check.check_rows(folder / shard["path"], shard["path"], shard, on_read)
    if manifest["quarantine"]["path"] in present:
        path = folder / manifest["quarantine"]["path"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: {reason_of(error)}; allow reading") from error
        found = {
            "entries": content.count(b"\n"),
            "bytes": len(content),
            "sha256": sha256(content).hexdigest(),
        }
        check.compare(manifest["quarantine"], found, manifest["quarantine"]["path"])
    if manifest["index"]["path"] in present:
        path = folder / manifest["index"]["path"]
        try:
            with path.open("rb") as index:
                digest = file_digest(index, "sha256").hexdigest()
        except OSError as error:
            raise InputError(f"{path}: {reason_of(error)}; allow reading") from error
        found = {"bytes": path.stat().st_size, "sha256": digest}
        check.compare(manifest["index"], found, manifest["index"]["path"])
    _check_funnel(manifest, check)


def _check_funnel(manifest: dict[str, Any], check: "_Validation") -> None:
    """Check that the funnel adds up, and agrees with the rows that were read."""
    funnel = manifest["funnel"]
    attempts, challenges = funnel["attempts"], funnel["challenges"]
    sums = {
        "records": (
            funnel["records"],
            funnel["not_recognised"] + attempts["total"] + challenges["total"],
        ),
        "attempts/total": (
            attempts["total"],
            attempts["repeats"] + attempts["set_aside"] + attempts["surviving"],
        ),
        "challenges/total": (
            challenges["total"],
            sum(challenges[part] for part in ("used", "unused", "repeats", "set_aside")),
        ),
        "set_aside": (sum(funnel["set_aside"].values()), manifest["quarantine"]["entries"]),
    }
    for name, (stated, added) in sums.items():
        if stated != added:
            message = f"is {stated}, its parts make it {added}"
            check.report(MANIFEST, None, f"/funnel/{name}", "funnel", message)
    if funnel["pairs"] != check.row_counts:
        message = f"is {funnel['pairs']}, the rows make it {check.row_counts}"
        check.report(MANIFEST, None, "/funnel/pairs", "funnel", message)


def _is_attempt(record: object) -> bool:
    """Return whether what should be a row is a record of attempt logs."""
    return (
        isinstance(record, dict)
        and "example_type" not in record
        and not ATTEMPT_MARKS.isdisjoint(record)
    )


class _Validation:
    """What a validation remembers from row to row."""

    def __init__(self, result: ValidationResult, max_errors: int) -> None:
        self.result = result
        self.shares: Shares | None = None
        self.row_counts: dict[str, dict[str, int]] = {}
        self._max_errors = max_errors
        self._split_of_document: dict[bytes, str] = {}
        self._identities: set[bytes] = set()
        self._last: dict[tuple[str, str], RowOrder] = {}

    def report(self, file: str, line: int | None, pointer: str, rule: str, message: str) -> None:
        """Count a finding, and list it while there is room."""
        self.result.counts[rule] += 1
        if len(self.result.findings) < self._max_errors:
            self.result.findings.append(Finding(file, line, pointer, rule, message))

    def compare(self, listed: dict[str, Any], found: dict[str, Any], name: str) -> None:
        """Report where a file differs from what the manifest lists."""
        for key, value in found.items():
            if listed[key] != value:
                message = f"{key} is {value}, the manifest says {listed[key]}"
                self.report(name, None, "", "file_content", message)

    def check_rows(
        self,
        path: Path,
        name: str,
        shard: dict[str, Any] | None,
        on_read: Callable[[int], None] | None = None,
    ) -> None:
        """Check the rows of a file; `shard` is its entry in the manifest, if it has one."""
        self.result.files += 1
        size, rows = 0, 0
        digest = sha256()

        def on_piece(piece: bytes) -> None:
            nonlocal size
            size += len(piece)
            digest.update(piece)
            if on_read is not None:
                on_read(len(piece))

        kind = (shard["pair_type"], shard["split"]) if shard else ("", "")
        last = self._last.get(kind, (b"", "", 0, 0))
        for stored in read_rows(path, name, on_piece):
            rows += 1
            last = self._check_stored(stored, name, shard, last)
        self._last[kind] = last
        self.result.rows += rows
        if shard is not None:
            counts = self.row_counts.setdefault(shard["pair_type"], {})
            counts[shard["split"]] = counts.get(shard["split"], 0) + rows
            found = {"rows": rows, "bytes": size, "sha256": digest.hexdigest()}
            self.compare(shard, found, name)

    def _check_stored(
        self, stored: StoredRow, name: str, shard: dict[str, Any] | None, last: RowOrder
    ) -> RowOrder:
        """Check one row; return what rows are ordered by."""
        line, row = stored.line, stored.row
        if stored.trouble is not None:
            self.report(name, line, "", "malformed_row", stored.trouble)
            return last
        if shard is None and _is_attempt(row):
            raise InputError(f"{name}:{line}: an attempt record, no row; build the logs first")
        troubles = check_row(row)
        for trouble in troubles:
            self.report(name, line, trouble.pointer, trouble.rule, trouble.message)
        if any(trouble.rule == "schema" for trouble in troubles):
            return last
        self._check_split(row, name, line)
        try:
            identity = pair_identity(row)
        except TypeError:  # orjson writes no deeper than it must
            self.report(name, line, "", "malformed_row", "nested too deep")
            return last
        if identity in self._identities:
            self.report(name, line, "", "duplicate_pair", "the same pair stands in a row before")
        self._identities.add(identity)
        if shard is None:
            return last
        notes = row["pair_annotations"]
        for pointer, found, expected in (
            ("/split", row["split"], shard["split"]),
            (
                "/pair_annotations/pair_type",
                notes["pair_type"],
                shard["pair_type"],
            ),
        ):
            if found != expected:
                message = f"is {found}, but the file holds {expected}"
                self.report(name, line, pointer, "split_file", message)
        order = (
            challenge_hash(row["challenge_id"]),
            normalize(row["metadata"]["miner_id"]),
            notes["chosen_attempt_index"],
            notes["rejected_attempt_index"] if notes["pair_family"] == "session" else 0,
        )
        if order < last:
            message = "its challenge's hash, miner or attempt comes before that of the row before"
            self.report(name, line, "", "row_order", message)
        return order

    def _check_split(self, row: dict[str, Any], name: str, line: int) -> None:
        split, document = row["split"], row["document"]
        if self.shares is not None and split != (expected := split_of(document, self.shares)):
            message = f"is {split}, the document's hash decides {expected}"
            self.report(name, line, "/split", "split_hash", message)
        key = sha256(document.encode()).digest()[:16]
        other = self._split_of_document.setdefault(key, split)
        if other != split:
            message = f"the document is in {other} as well"
            self.report(name, line, "/split", "split_leak", message)
