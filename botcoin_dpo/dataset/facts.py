"""Puts attempt and challenge objects into files, `attempts/part-00000.jsonl` and `challenges/…`.

They are cut by size as shards are. Contract: schemas/README.md, "Attempts and challenges".
"""

from pathlib import Path
from typing import NamedTuple, get_args

from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.dataset.listed_files import FactFile
from botcoin_dpo.dataset.parts import FactPart
from botcoin_dpo.dataset.sized_files import SizedFiles


class WrittenFacts(NamedTuple):
    """The objects of one kind."""

    objects: int
    files: list[FactFile]
    """Empty where nothing was to be written."""

    def as_json(self) -> JsonObject:
        """Return them as `--json` prints them."""
        return {"objects": self.objects, "files": [file._asdict() for file in self.files]}


Facts = dict[FactKind, WrittenFacts]
"""The objects of both kinds."""


class FactWriter:
    """Writes the files of attempts and challenges; without a folder it only counts."""

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        """Write files.

        Args:
            folder: the dataset's.
            most_bytes: most bytes of a file of more than one object.
        """
        self._files: dict[FactKind, SizedFiles] = {
            kind: SizedFiles(folder / kind / "part" if folder else None, most_bytes)
            for kind in get_args(FactKind)
        }

    def add(self, part: FactPart) -> None:
        """Append the objects of a part, which come in output order, and remove the part."""
        self._files[part.kind].add(part.path, part.objects, part.bytes)

    def finish(self) -> Facts:
        """Close the files, give them their names, and list them."""
        return {
            kind: WrittenFacts(
                files.lines,
                [
                    FactFile(f"{kind}/{file.name}", file.lines, file.bytes, file.sha256)
                    for file in files.finish(lambda number, _: f"part-{number:05d}.jsonl")
                ],
            )
            for kind, files in self._files.items()
        }

    def abandon(self) -> None:
        """Close what is still open, after something went wrong."""
        for files in self._files.values():
            files.abandon()
