"""What a build lists of the files of attempt objects and challenge objects.

Contract: schemas/README.md, "Attempts and challenges".
"""

from typing import NamedTuple

from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.dataset.listed_files import FactFile


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
