"""Checks an exported folder: its card against the files, and the files against each other."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from botcoin_dpo.dataset.front_matter import CARD, read_front_matter
from botcoin_dpo.dataset.reading import read_rows
from botcoin_dpo.engines.progress import Progress, ProgressCounter, advance, listening
from botcoin_dpo.errors import InputError, UsageError, reason_of
from botcoin_dpo.exporting.columns import (
    StructType,
    arrow_schema,
    card_features,
    columns_of_card,
    fits,
    pair_columns,
)
from botcoin_dpo.exporting.configs.config import ARCHIVE
from botcoin_dpo.exporting.folder import files_beside, listed_files
from botcoin_dpo.exporting.safety import unsafe_text_in
from botcoin_dpo.exporting.tables import require_format
from botcoin_dpo.extras import how_to_install
from botcoin_dpo.files.input_file import display_name
from botcoin_dpo.files.named_files import open_regular
from botcoin_dpo.rows.prompt import document_of
from botcoin_dpo.validation.folder_files import look_through
from botcoin_dpo.validation.near_duplicates import Sketches

Report = Callable[[str, int | None, str, str, str], None]
"""Takes file, line, pointer, rule and message."""

_BATCH_ROWS = 256
_CONVERSATIONS = ("messages", "chosen")
"""Columns that begin with the prompt where it has no column of its own."""


class ExportChecker:
    """Checks one exported folder."""

    def __init__(
        self, folder: Path, report: Report, documents: Sketches, progress: Progress | None
    ) -> None:
        """Check a folder.

        Args:
            folder: the export.
            report: called with each finding.
            documents: takes those of all examples.
            progress: called with bytes read.
        """
        self._folder = folder
        self._report = report
        self._documents = documents
        self._progress = progress
        self._split_of_document: dict[bytes, str] = {}
        self._unread = 0
        """Rows of the current file that are only counted."""
        self.files = 0
        self.rows = 0

    def check(self) -> None:
        """Check the folder.

        Raises:
            InputError: a file cannot be read.
            UsageError: what is needed to read it is not installed.
        """
        card = read_front_matter(self._folder)
        try:
            listed = listed_files(card, self._folder)
            described = _described(card)
        except ValueError as error:
            self._report(CARD, None, "", "card", str(error))
            return
        self._check_card(card, listed, described)
        present, others, outside = look_through(self._folder)
        known = {CARD}
        everything = [path for of in listed.values() for paths in of.values() for path in paths]
        size = sum(path.stat().st_size for path in everything)
        counter = ProgressCounter(self._progress, "validating", size)
        for config, splits in listed.items():
            columns, examples = described.get(config, (None, {}))
            for split, paths in splits.items():
                rows = 0
                for path in paths:
                    name = display_name(path.relative_to(self._folder))
                    known.add(name)
                    is_archive = config.startswith(ARCHIVE)
                    with listening(counter.add):
                        rows += self._check_file(path, name, split, columns, is_archive)
                if not paths:
                    self._report(f"{config}/{split}", None, "", "missing_file", "the card lists it")
                elif split in examples and examples[split] != rows:
                    message = f"{config}: {split} has {rows} rows, the card says {examples[split]}"
                    self._report(CARD, None, "/dataset_info", "example_count", message)
        for name in files_beside(listed):
            if name in present:
                known.add(name)
            elif name not in others:
                self._report(name, None, "", "missing_file", "a config of the card needs it")
        for name in sorted(filter(_is_shown, (present | others) - known)):
            what = "is not a regular file" if name in others else "the card does not list it"
            self._report(name, None, "", "unlisted_file", what)
        for name in sorted(filter(_is_shown, outside)):
            self._report(name, None, "", "outside_link", f"leads to {outside[name]}")

    def _check_card(
        self,
        card: dict[str, Any],
        listed: dict[str, dict[str, list[Path]]],
        described: dict[str, tuple[StructType, dict[str, int]]],
    ) -> None:
        for name in ("license", "language", "task_categories", "size_categories", "pretty_name"):
            if not card.get(name):
                self._report(CARD, None, f"/{name}", "card", "is missing")
        defaults = sum(config.get("default") is True for config in card["configs"])
        if defaults != 1:
            self._report(CARD, None, "/configs", "card", f"{defaults} configs are the default")
        for name in sorted(listed.keys() ^ described.keys()):
            where = "dataset_info" if name in listed else "configs"
            self._report(CARD, None, f"/{where}", "card", f"config {name} is missing")
        for name in sorted(listed.keys() & described.keys()):
            columns, examples = described[name]
            if listed[name].keys() != examples.keys():
                message = f"the splits of {name} are {sorted(listed[name])} and {sorted(examples)}"
                self._report(CARD, None, "/dataset_info", "card", message)
            if name.startswith(ARCHIVE) and card_features(columns) != card_features(pair_columns()):
                message = f"the features of {name} are not those of rows"
                self._report(CARD, None, "/dataset_info", "features", message)

    def _check_file(
        self,
        path: Path,
        name: str,
        split: str,
        columns: StructType | None,
        is_archive: bool,
    ) -> int:
        """Check one file and return its rows."""
        self.files += 1
        if path.suffix == ".parquet":
            examples = self._parquet(path, name, columns, is_archive)
        else:
            examples = self._json(path, name, columns)
        rows = 0
        for line, values in examples:
            rows += 1
            if not is_archive and isinstance(values, dict) and (found := unsafe_text_in(values)):
                self._report(name, line, "", "unsafe_text", found)
            document = _document_in(values)
            if document is not None:
                digest = sha256(document.encode(errors="surrogatepass")).digest()[:16]
                if digest not in self._split_of_document:
                    self._documents.add(document, split, _place(values, name, line))
                other = self._split_of_document.setdefault(digest, split)
                if other != split:
                    message = f"the document is in {other} as well"
                    self._report(name, line, "", "split_leak", message)
        rows += self._unread
        self._unread = 0
        self.rows += rows
        return rows

    def _json(self, path: Path, name: str, columns: StructType | None) -> Iterator[tuple[int, Any]]:
        for stored in read_rows(path, name):
            if stored.problem is not None:
                self._report(name, stored.line, "", "malformed_row", stored.problem)
            elif columns is not None and not fits(stored.row, columns):
                self._report(name, stored.line, "", "features", "does not fit the card's features")
            yield stored.line, stored.row

    def _parquet(
        self, path: Path, name: str, columns: StructType | None, is_archive: bool
    ) -> Iterator[tuple[int, Any]]:
        try:
            require_format("parquet")
        except UsageError as error:
            raise InputError(
                f"{path}: reading it needs pyarrow; {how_to_install('parquet')}"
            ) from error
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile

        try:
            with open_regular(path) as opened, ParquetFile(opened) as file:
                if columns is not None and file.schema_arrow != arrow_schema(columns):
                    message = "its columns are not the card's features"
                    self._report(name, None, "", "features", message)
                    self._unread = file.metadata.num_rows  # its columns may hold anything
                    return
                names = file.schema_arrow.names
                wanted = [name for name in ("document", "prompt") if name in names][:1]
                wanted += [name for name in ("challenge_id",) if name in names]
                if not is_archive:
                    wanted = names
                row = 0
                for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
                    for values in batch.to_pylist():
                        row += 1
                        yield row, values
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else str(error)
            self._report(name, None, "", "malformed_row", " ".join(reason.split())[:200])
        advance(path.stat().st_size)


def _is_shown(name: str) -> bool:
    """Return whether neither a file nor a folder that it lies in is hidden."""
    return not any(part.startswith(".") for part in name.split("/"))


def _described(card: dict[str, Any]) -> dict[str, tuple[StructType, dict[str, int]]]:
    """Return what a card says of each config: its columns, and its rows by split.

    Raises:
        ValueError: it does not say so as an export does.
    """
    entries = card.get("dataset_info")
    if not isinstance(entries, list):
        raise ValueError("dataset_info is not a list")
    described = {}
    for entry in entries:
        try:
            name = str(entry["config_name"])[:200]
            examples = {str(of["name"])[:200]: of["num_examples"] for of in entry["splits"]}
            if not all(type(count) is int for count in examples.values()):
                raise ValueError("a num_examples is not an integer")
            columns = columns_of_card(entry["features"])
        except (KeyError, TypeError) as error:
            raise ValueError("an entry of dataset_info lacks a name, splits or features") from error
        described[name] = (columns, examples)
    return described


def _place(values: dict[str, Any], name: str, line: int) -> str:
    """Return the challenge of an example, or where it stands."""
    challenge = values.get("challenge_id")
    return challenge if isinstance(challenge, str) else f"{name}:{line}"


def _document_in(values: Any) -> str | None:
    """Return the document of an example, None if it has none."""
    if not isinstance(values, dict):
        return None
    if isinstance(values.get("document"), str):
        return str(values["document"])
    prompt = next((values[name] for name in ("prompt", *_CONVERSATIONS) if name in values), None)
    if isinstance(prompt, list) and prompt and isinstance(prompt[0], dict):
        prompt = prompt[0].get("content")
    return document_of(prompt) if isinstance(prompt, str) else None
