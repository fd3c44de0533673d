"""Checks a built or exported folder, or a file of rows; prints nothing.

Every row is checked on its own (`row_rules`), then against the file it lies in, the other rows,
and the manifest. Of a row, 100 bytes or so are remembered: its document's hash and its identity.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import Shares
from botcoin_dpo.dataset.local_copy import local_copy
from botcoin_dpo.dataset.manifest import FILES_OF, build_files, load_manifest
from botcoin_dpo.dataset.reading import refuse_damage, row_file
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress, ProgressCounter
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.errors import InputError, UsageError
from botcoin_dpo.exporting.folder import is_export
from botcoin_dpo.files.input_file import STANDARD_INPUT, display_name
from botcoin_dpo.files.local_paths import input_place
from botcoin_dpo.files.named_files import is_there
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.files.segments import Segments
from botcoin_dpo.readable import Readable
from botcoin_dpo.validation.checked_rows import (
    CheckedRow,
    CheckedSegment,
    RowChecker,
    RowOrder,
)
from botcoin_dpo.validation.file_content import lines_of, sha256_of, size_of
from botcoin_dpo.validation.findings import Finding
from botcoin_dpo.validation.folder_files import look_through
from botcoin_dpo.validation.near_duplicates import NearDuplicates, Sketches

if TYPE_CHECKING:
    from botcoin_dpo.validation.attempt_links import AttemptLinks

ROW_FILES = (".jsonl", ".ndjson", ".json")


@dataclass(slots=True, repr=False)
class ValidationResult(Readable):
    """What a validation found."""

    files: int = 0
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """All findings, by rule."""
    findings: list[Finding] = field(default_factory=list)
    """The first findings, up to the most that were asked for."""
    near_duplicates: NearDuplicates | None = None
    """Documents that are nearly equal to one of another split, which is no finding; None where
    they were not compared."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "valid": self.is_valid,
            "files": self.files,
            "rows": self.rows,
            "findings": dict(self.counts),
        }

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
            "near_duplicates": self.near_duplicates and self.near_duplicates.as_json(),
        }


def validate(
    path: str | Path,
    *,
    max_errors: int = 100,
    workers: int = 1,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> ValidationResult:
    """Check a built or exported folder, one `.jsonl` or `.json` file of rows, or standard input.

    Args:
        path: what to check; `-` is standard input. A local copy is made of what a URL names.
        max_errors: most findings that are listed; all are counted.
        workers: processes that share the work.
        engine: runs the jobs, wherever it does, instead of these processes.
        progress: called with bytes read.

    Raises:
        UsageError: the path is empty, or a URL.
        InputError: the path cannot be read, or a folder is neither.
    """
    place = input_place(path, "PATH")
    check = _Validation(ValidationResult(), max_errors, engine or make_engine(workers, [place]))
    advice = "name a built folder or a file of rows"
    with local_copy(place, progress) as path:
        if str(path) != STANDARD_INPUT and not is_there(path, advice):
            raise InputError(f"{path}: no such file or folder; {advice}")
        with Unchanged(path):
            _check_path(path, display_name(place), check, advice, progress)
    check.result.near_duplicates = check.documents.compare()
    return check.result


def _check_path(
    path: Path, name: str, check: "_Validation", advice: str, progress: Progress | None
) -> None:
    """Check what a path names, by its kind; findings call a file by the name."""
    if path.is_dir() and is_there(path / MANIFEST, advice):
        _check_folder(path, check, progress)
    elif path.is_dir():
        if not is_export(path):
            raise InputError(
                f"{path}: has neither a {MANIFEST} nor the card of an export; "
                "name a built or exported folder"
            )
        from botcoin_dpo.validation.exported import ExportChecker  # all that exports need

        exported = ExportChecker(path, check.report, check.documents, progress)
        exported.check()
        check.result.files, check.result.rows = exported.files, exported.rows
    elif path.is_file() and path.suffix.lower() not in ROW_FILES:
        raise InputError(f"{path}: no file of rows by its name; expected {', '.join(ROW_FILES)}")
    elif str(path) == STANDARD_INPUT:
        check.engine = SingleProcess()  # a worker has no standard input
        check.check_files([(path, "-", None)], progress)
    elif path.is_file():
        check.check_files([(path, name, None)], progress)
    else:
        raise InputError(f"{path}: neither a regular file nor a folder; {advice}")


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
    check.allows_unsafe_text = manifest["options"]["allow_unsafe_text"]
    listed = build_files(folder)
    present, others, outside = look_through(folder, listed)
    for name in sorted(listed - present):
        what = "not a regular file" if name in others else "not there"
        check.report(name, None, "", "missing_file", f"is listed in the manifest, but {what}")
    for name in sorted((present | others) - listed):
        check.report(name, None, "", "unlisted_file", "is not listed in the manifest")
    for name, target in sorted(outside.items()):
        check.report(name, None, "", "outside_link", f"leads to {target}")
    if ("attempt_files" in manifest) != ("attempts" in manifest["options"]):
        message = "attempts are listed and no option, or the other way round"
        check.report(MANIFEST, None, "/options/attempts", "manifest", message)
    files = [
        (folder / shard["path"], shard["path"], shard)
        for shard in manifest["shards"]
        if shard["path"] in present
    ]
    if "attempt_files" in manifest:
        _check_with_attempts(folder, manifest, present, check, files, progress)
    else:
        check.check_files(files, progress)
    if manifest["quarantine"]["path"] in present:
        path = folder / manifest["quarantine"]["path"]
        check.compare(manifest["quarantine"], lines_of(path), manifest["quarantine"]["path"])
    for file in manifest["index_files"]:
        if file["path"] in present:
            path = folder / file["path"]
            found = {"bytes": size_of(path), "sha256": sha256_of(path)}
            check.compare(file, found, file["path"])
    _check_funnel(manifest, check)


def _check_with_attempts(
    folder: Path,
    manifest: dict[str, Any],
    present: set[str],
    check: "_Validation",
    files: Sequence[tuple[Path, str, JsonObject | None]],
    progress: Progress | None,
) -> None:
    """Check the rows of a build, its attempts and challenges, and that they belong together."""
    from botcoin_dpo.validation.attempt_files import AttemptFiles
    from botcoin_dpo.validation.attempt_links import AttemptLinks
    from botcoin_dpo.validation.checked_facts import FactChecker

    with scratch_folder() as scratch, AttemptLinks(scratch) as links:
        check.links = links
        check.check_files(files, progress)
        facts = AttemptFiles(
            folder, manifest, present, links, check.report, check.compare, check.result.counts
        )
        for kind in FILES_OF:
            checker = FactChecker(kind, check.shares, check.allows_unsafe_text, check.max_errors)
            check.result.files += facts.check(kind, checker, check.engine, progress)
        facts.check_count()
        # Of what is out of order, attempts would seem to be missing that are elsewhere.
        if not check.result.counts["row_order"] and not check.result.counts["attempt_order"]:
            links.compare(check.report)


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


class _Validation:
    """What the rows of all files are held against, one after the other."""

    def __init__(self, result: ValidationResult, max_errors: int, engine: Engine) -> None:
        self.result = result
        self.engine = engine
        self.shares: Shares | None = None
        self.allows_unsafe_text = True
        self.row_counts: dict[str, dict[str, int]] = {}
        self.links: AttemptLinks | None = None
        """What rows are compared with, where the build has attempts."""
        self.max_errors = max_errors
        self.documents = Sketches()
        self._split_of_document: dict[bytes, str] = {}
        self._identities: set[bytes] = set()
        self._last: dict[tuple[str, str], RowOrder] = {}

    def report(self, file: str, line: int | None, pointer: str, rule: str, message: str) -> None:
        """Count a finding, and list it while there is room."""
        self.result.counts[rule] += 1
        if len(self.result.findings) < self.max_errors:
            self.result.findings.append(Finding(file, line, pointer, rule, message))

    def compare(self, listed: dict[str, Any], found: dict[str, Any], name: str) -> None:
        """Report where a file differs from what the manifest lists."""
        for key, value in found.items():
            if listed[key] != value:
                message = f"{key} is {value}, the manifest says {listed[key]}"
                self.report(name, None, "", "file_content", message)

    def check_files(
        self, files: Sequence[tuple[Path, str, JsonObject | None]], progress: Progress | None
    ) -> None:
        """Check the rows of files; each with its name and its entry in the manifest, if any."""
        counter = ProgressCounter(
            progress, "validating", sum(size_of(path) for path, _, _ in files)
        )
        checker = RowChecker(
            self.shares,
            any(shard for *_, shard in files),
            self.allows_unsafe_text,
            self.max_errors,
            self.links is not None,
        )
        by_file = [list(Segments([row_file(path, name)])) for path, name, _ in files]
        segments = [segment for parts in by_file for segment in parts]
        hashed = [path for path, _, shard in files if shard is not None]
        digests = run_jobs(self.engine, sha256_of, hashed, ProgressCounter(None, "hashing", 0))
        sha256s = dict(zip(hashed, digests, strict=True))
        results = run_jobs(self.engine, checker.check, segments, counter)
        for (path, name, shard), parts in zip(files, by_file, strict=True):
            self.result.files += 1
            if self.links is not None:
                self.links.start_file(name)
            lines = rows = 0
            for _ in parts:
                checked = next(results)
                self._hold_against(checked, name, shard, lines)
                refuse_damage(name, checked.damage)
                self.documents.merge(checked.documents)
                lines += checked.lines_ended
                rows += checked.row_count
            self.result.rows += rows
            if shard is not None:
                counts = self.row_counts.setdefault(shard["pair_type"], {})
                counts[shard["split"]] = counts.get(shard["split"], 0) + rows
                found = {"rows": rows, "bytes": size_of(path), "sha256": sha256s[path]}
                self.compare(shard, found, name)

    def _hold_against(
        self, segment: CheckedSegment, name: str, shard: JsonObject | None, lines_before: int
    ) -> None:
        """Hold the rows of a segment against all rows before."""
        for checked in segment.rows:
            line = lines_before + checked.line
            if checked.is_attempt:
                raise InputError(f"{name}:{line}: an attempt record, no row; build the logs first")
            for finding in checked.findings:
                self.report(name, line, finding.pointer, finding.rule, finding.message)
            if checked.document is not None:
                self._check_leak(checked, name, line)
            if checked.identity is None:
                continue
            if checked.identity in self._identities:
                message = "the same pair stands in a row before"
                self.report(name, line, "", "duplicate_pair", message)
            self._identities.add(checked.identity)
            if shard is not None:
                self._check_place(checked, name, line, shard)
            if self.links is not None and shard is not None:
                for side in checked.sides:
                    self.links.add_side(side, line, (shard["pair_type"], shard["split"]))
        self.result.counts.update(segment.unlisted)

    def _check_place(self, checked: CheckedRow, name: str, line: int, shard: JsonObject) -> None:
        """Check that a row belongs into its file, and comes after the row before."""
        for pointer, found, expected in (
            ("/split", checked.split, shard["split"]),
            ("/pair_annotations/pair_type", checked.pair_type, shard["pair_type"]),
        ):
            if found != expected:
                message = f"is {found}, but the file holds {expected}"
                self.report(name, line, pointer, "split_file", message)
        kind = (shard["pair_type"], shard["split"])
        assert checked.order is not None  # as it has an identity
        if checked.order < self._last.get(kind, (b"", "", 0, 0)):
            message = "its challenge's hash, miner or attempt comes before that of the row before"
            self.report(name, line, "", "row_order", message)
        self._last[kind] = checked.order

    def _check_leak(self, checked: CheckedRow, name: str, line: int) -> None:
        assert checked.document is not None
        other = self._split_of_document.setdefault(checked.document, checked.split)
        if other != checked.split:
            message = f"the document is in {other} as well"
            self.report(name, line, "/split", "split_leak", message)
