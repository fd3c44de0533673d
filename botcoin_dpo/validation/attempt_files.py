"""Checks the files of attempts and challenges of a build: each object, its place, and the files.

What rows have to agree with goes to `attempt_links.py`. Contract: schemas/README.md, "Attempts and
challenges".
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botcoin_dpo.contract.layout import MANIFEST, FactKind
from botcoin_dpo.dataset.manifest import FILES_OF
from botcoin_dpo.dataset.reading import refuse_damage, row_file
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.progress import Progress, ProgressCounter
from botcoin_dpo.files.segments import Segments
from botcoin_dpo.validation.attempt_links import AttemptLinks
from botcoin_dpo.validation.checked_facts import CheckedFacts, FactChecker, FactOrder
from botcoin_dpo.validation.file_content import sha256_of, size_of
from botcoin_dpo.validation.findings import Report


@dataclass(frozen=True, slots=True)
class AttemptFiles:
    """The files of attempts and challenges that a manifest lists."""

    folder: Path
    manifest: dict[str, Any]
    present: set[str]
    """Those of all listed files that are there."""
    links: AttemptLinks
    """Takes what rows are compared with."""
    report: Report
    compare: Callable[[dict[str, Any], dict[str, Any], str], None]
    """Takes what the manifest says of a file, what was found, and the file's name."""
    counts: Counter[str]
    """Takes findings that are too many to be listed."""

    def check(
        self, kind: FactKind, checker: FactChecker, engine: Engine, told: Progress | None
    ) -> int:
        """Check the files of one kind, and return how many there are.

        Args:
            kind: which.
            checker: checks the objects of a segment of them.
            engine: runs the jobs.
            told: called with bytes read.
        """
        listed = [each for each in self.manifest[FILES_OF[kind]] if each["path"] in self.present]
        paths = [self.folder / each["path"] for each in listed]
        counter = ProgressCounter(told, kind, sum(map(size_of, paths)))
        by_file = [
            list(Segments([row_file(path, each["path"])]))
            for path, each in zip(paths, listed, strict=True)
        ]
        digests = list(run_jobs(engine, sha256_of, paths, ProgressCounter(None, "hashing", 0)))
        segments = [segment for parts in by_file for segment in parts]
        results = run_jobs(engine, checker.check, segments, counter)
        last: FactOrder = (b"", "", 0)
        for each, parts, digest in zip(listed, by_file, digests, strict=True):
            name: str = each["path"]
            self.links.start_file(name)
            lines = objects = 0
            for _ in parts:
                checked = next(results)
                last = self._hold_against(checked, kind, name, lines, last)
                refuse_damage(name, checked.damage)
                lines += checked.lines_ended
                objects += len(checked.objects)
            size = size_of(self.folder / name)
            self.compare(each, {"objects": objects, "bytes": size, "sha256": digest}, name)
        return len(listed)

    def check_count(self) -> None:
        """Check that there is an object for each usable attempt."""
        funnel = self.manifest["funnel"]
        written = sum(each["objects"] for each in self.manifest[FILES_OF["attempts"]])
        usable = funnel["attempts"]["surviving"]
        # One that does not fit its schema is usable and not written; a row may have the reason too.
        unfit = funnel["set_aside"].get("row_schema_violation", 0)
        if not usable - unfit <= written <= usable:
            message = f"is {usable}, there are {written} attempt objects"
            self.report(MANIFEST, None, "/funnel/attempts/surviving", "funnel", message)

    def _hold_against(
        self, segment: CheckedFacts, kind: FactKind, name: str, lines_before: int, last: FactOrder
    ) -> FactOrder:
        """Hold the objects of a segment against those before, and return the last one's order."""
        for checked in segment.objects:
            line = lines_before + checked.line
            for finding in checked.findings:
                self.report(name, line, finding.pointer, finding.rule, finding.message)
            if checked.entry is None or checked.order is None:
                continue
            if checked.order < last or (checked.order == last and kind == "attempts"):
                message = "its challenge's hash, miner or index does not come after the one before"
                self.report(name, line, "", "attempt_order", message)
            last = checked.order
            self.links.add_fact(checked.entry, line)
        self.counts.update(segment.unlisted)
        return last
