"""Patterns that are compiled when they are first used.

Those of the grammar are long: together they would cost every command a tenth of a second, also
those that read no constraint.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

FLAGS = re.IGNORECASE | re.DOTALL

Match = re.Match[str]


@dataclass(frozen=True, eq=False)
class Pattern:
    """A regular expression for `FLAGS`; its methods do what those of a compiled one do."""

    text: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.text, FLAGS)

    def fullmatch(self, text: str) -> Match | None:
        """Return the match of a whole text."""
        return self.compiled.fullmatch(text)

    def match(self, text: str) -> Match | None:
        """Return the match at the start of a text."""
        return self.compiled.match(text)

    def search(self, text: str) -> Match | None:
        """Return the first match in a text."""
        return self.compiled.search(text)

    def finditer(self, text: str, start: int = 0, end: int = 10**9) -> Iterator[Match]:
        """Yield the matches in a part of a text."""
        return self.compiled.finditer(text, start, end)

    def findall(self, text: str) -> list[str]:
        """Return the texts of the matches, or of their one group."""
        return self.compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """Return what is between the matches."""
        return self.compiled.split(text)

    def sub(self, new: str | Callable[[Match], str], text: str, count: int = 0) -> str:
        """Return a text with something else in place of the matches."""
        return self.compiled.sub(new, text, count)
