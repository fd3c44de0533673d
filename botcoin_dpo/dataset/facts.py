"""What a build lists of the files of attempt objects and challenge objects.

Contract: schemas/README.md, "Attempts and challenges".
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, get_args

from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.dataset.line_files import WrittenFile
from botcoin_dpo.dataset.listed_files import FactFile
from botcoin_dpo.dataset.parts import Part, PartKey


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


def facts_in(written: Sequence[WrittenFile], parts: Mapping[PartKey, Sequence[Part]]) -> Facts:
    """Return the objects of the parts, and those of the written files that hold them."""
    return {
        kind: WrittenFacts(
            sum(part.lines for part in parts.get(kind, ())),
            [
                FactFile(file.path, file.lines, file.bytes, file.sha256)
                for file in written
                if file.key == kind
            ],
        )
        for kind in get_args(FactKind)
    }
