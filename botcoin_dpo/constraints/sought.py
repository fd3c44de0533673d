"""What was made from some values, looked for in an artifact."""

from typing import NamedTuple, Protocol


class Sought(Protocol):
    """Something to look for; equal if what is looked for is the same."""

    def is_in(self, artifact: str) -> bool:
        """Return whether an artifact has it, perhaps as a part of something else."""

    def stands_in(self, artifact: str) -> bool:
        """Return whether an artifact has it where it is part of nothing else."""


class SoughtText(NamedTuple):
    """A text that is looked for."""

    text: str

    def is_in(self, artifact: str) -> bool:
        """Return whether an artifact has the text as a substring."""
        return self.text in artifact

    def stands_in(self, artifact: str) -> bool:
        """Return whether an artifact has the text apart from words, numbers and sums."""
        start = artifact.find(self.text)
        while start >= 0:
            end = start + len(self.text)
            before, after = artifact[max(0, start - 1) : start], artifact[end : end + 1]
            if not (_is_part(before) or before == "=" or _is_part(after)):
                return True
            start = artifact.find(self.text, start + 1)
        return False


def _is_part(mark: str) -> bool:
    return mark.isalnum() or mark in ("_", "+")
