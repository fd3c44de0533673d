"""What names that are not quite those of entities mean."""

from collections.abc import Sequence

_MOST_ALIKE = 20
"""Names with a word in common that a misspelled one is compared with."""
_MOST_ANSWERS = 20_000


class Misspellings:
    """What misspelled names mean."""

    def __init__(self, names: Sequence[str]) -> None:
        self.by_letters: dict[str, list[str]] = {}
        self.by_word: dict[tuple[int, int, str], list[str]] = {}
        self.initials: set[str] = set()
        self.words: set[str] = set()
        for name in names:
            words = name.split()
            self.by_letters.setdefault("".join(sorted(name)), []).append(name)
            for place, word in enumerate(words):
                self.by_word.setdefault((len(words), place, word), []).append(name)
            if len(words) > 1:
                self.initials.add("".join(word[0] for word in words))
                self.words.add(words[0])
        self.answers: dict[tuple[str, ...], str | None] = {}

    def meant(self, words: tuple[str, ...]) -> str | None:
        """Return the name that a run means, "" if it is unclear which, None if it means none."""
        if words not in self.answers:
            if len(self.answers) > _MOST_ANSWERS:
                self.answers.clear()
            self.answers[words] = self._meant(words)
        return self.answers[words]

    def _meant(self, words: tuple[str, ...]) -> str | None:
        if len(words) == 1:
            return "" if words[0] in self.initials or words[0] in self.words else None
        run = " ".join(words)
        letters = "".join(sorted(run))
        swapped = [name for name in self.by_letters.get(letters, ()) if is_swapped(name, run)]
        if len(swapped) == 1:
            return swapped[0]
        if swapped:
            return ""
        for place, word in enumerate(words):
            for name in self.by_word.get((len(words), place, word), ())[:_MOST_ALIKE]:
                others = zip(name.split(), words, strict=True)
                if all(one == other or _is_near(one, other) for one, other in others):
                    return ""
        return None


def is_swapped(one: str, other: str) -> bool:
    """Return whether two texts differ by two neighbouring letters that are swapped."""
    if len(one) != len(other):
        return False
    places = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(places) == 2 and places[1] == places[0] + 1


def _is_near(one: str, other: str) -> bool:
    """Return whether two words differ by one letter that is other, more or less."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, tail = one[start:], other[start:]
    return rest[1:] == tail[1:] or rest[1:] == tail or rest == tail[1:]
