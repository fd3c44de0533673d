"""The names of a document's entities, and where they are mentioned.

A name is a run of capitalised words that recurs and heads a sentence. What is one transposition of
letters from exactly one name is a mention of it; what is nearly a name otherwise is an unclear one.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from botcoin_dpo.documents.misspellings import Misspellings, is_swapped
from botcoin_dpo.documents.vocabulary import words_of

MOST_NAMES = 200
LONGEST_NAME = 100
"""Characters."""
_MOST_WORDS = 5

_RUN = re.compile(
    r"[A-ZÀ-ÖØ-Þ](?<![\w'’-].)[\w-]{0,40}(?:['’][A-ZÀ-ÖØ-Þ][\w-]{0,40})?"
    r"(?:\s{1,3}[A-ZÀ-ÖØ-Þ0-9][\w-]{0,40}(?:['’][A-ZÀ-ÖØ-Þ][\w-]{0,40})?){0,5}(?![\w-])"
)
_TITLES = words_of(
    """ceo cfo executive director president founder manager chief chair chairman chairwoman
    investigator curator chemist astronomer engineer author researcher master dr prof mr ms
    mrs"""
)
_BY = frozenset(
    ("led by", "run by", "direction of", "proposed by", "developed by", "written by", "cast by")
)
"""Words before the name of a person."""
_BY_ENDS = frozenset(words.split()[1] for words in _BY)
_INNER = words_of("""the via using through at in from or and""")
"""Words before a name that may be a part of a longer phrase: the Lifted Product technique."""
_LONGER = re.compile(r" (?:for|of) [A-Z]")
_ENDS = frozenset(".!?:]")
_VERB = re.compile(r" [a-z]")
_LEADING = words_of(
    """A After Across Among An Analyst Analysts And As At Before Between Both But By Compared
    During Each Elsewhere For From Had He Her His However If In Internal It Its Led Neither
    Nor No Not On Only Or Our Over Per Quarterly Revenue Said Since So Some That The Their
    Then These They This Those Though To Under Unlike Until We When Where While With Within
    Founded Both Re Based Q1 Q2 Q3 Q4 Turning Moderator Proposed Principal Chief Managing
    Master Cellar Strain Lead Senior Debt Households Cases Downloads Visitors Peak Repairs
    Payroll Staff Headcount Leverage Growth Satisfaction Surveys Assays Fermentation Found
    Follow-up Set Established"""
)
"""Words that start a sentence and are no part of a name."""


class Mention(NamedTuple):
    """A place where a name stands."""

    start: int
    end: int
    entity: str | None
    """None where it is unclear which name is meant."""


class Run(NamedTuple):
    """A run of capitalised words."""

    start: int
    end: int
    words: tuple[str, ...]
    name: str
    """The words with one blank between each two."""


def runs_of(text: str) -> list[Run]:
    """Return the runs of capitalised words of a text, without words that only start a sentence."""
    runs = []
    for match in _RUN.finditer(text):
        written = match[0]
        words = written.split()
        start, end = match.span()
        while words and words[0] in _LEADING:
            start += len(words.pop(0))
            while start < end and text[start].isspace():
                start += 1
        if len(words) == 1:
            runs.append(Run(start, end, (words[0],), words[0]))
        elif words:
            runs.append(Run(start, end, tuple(words), " ".join(words)))
    return runs


def names_of(text: str, runs: Sequence[Run], given: Sequence[str]) -> tuple[str, ...]:
    """Return the names of entities: those that the caller gives, and those that recur."""
    runs = [run for run in runs if 2 <= len(run.words) <= _MOST_WORDS]
    counts = Counter(run.words for run in runs)
    heads: set[tuple[str, ...]] = set()
    free: set[tuple[str, ...]] = set()
    no_names: set[tuple[str, ...]] = set()
    for run in runs:
        if counts[run.words] < 2 or run.words in no_names:
            continue
        before = text[max(0, run.start - 24) : run.start]
        words = before.split()
        last = words[-1] if words else ""
        low = last.rstrip(".:").lower()
        is_person = low in _TITLES or (low in _BY_ENDS and " ".join(words[-2:]).lower() in _BY)
        starts = not last or last[-1] in _ENDS or (last == "The" and _is_first(words))
        if last[-1:].isdigit() or is_person or _LONGER.match(text, run.end):
            no_names.add(run.words)
        elif starts or (last[-1] == "," and _VERB.match(text, run.end)):
            heads.add(run.words)
        elif low not in _INNER and before[-1] != "(":
            free.add(run.words)
    names = [" ".join(name.split()) for name in given if 0 < len(name) <= LONGEST_NAME]
    found = [
        " ".join(words)
        for words, count in counts.most_common(4 * MOST_NAMES)
        if words not in no_names
        and ((count >= 2 and words in heads) or (count >= 3 and words in free))
    ]
    kept = [name for name in _spelled_right(found) if len(name) <= LONGEST_NAME]
    return tuple(dict.fromkeys(names + kept))[:MOST_NAMES]


def _is_first(words: Sequence[str]) -> bool:
    """Return whether the last of these words starts a sentence."""
    return len(words) == 1 or words[-2][-1] in _ENDS


def _spelled_right(names: Sequence[str]) -> list[str]:
    """Return names, the most frequent first, without those that misspell a more frequent one."""
    kept: list[str] = []
    by_letters: dict[str, list[str]] = {}
    for name in names:
        same = by_letters.setdefault("".join(sorted(name)), [])
        if not any(is_swapped(name, other) for other in same):
            kept.append(name)
            same.append(name)
    return kept


def _standing(
    text: str, runs: Sequence[Run], names: Sequence[str]
) -> Iterator[tuple[int, int, str]]:
    """Yield where names stand as whole words, in order; of names that overlap, the longest.

    Looking for each name on its own is faster than to compile a pattern of all for one document.
    """
    plain = text
    for blank in _BLANKS:  # names may go over the end of a line
        if blank in plain:
            plain = plain.replace(blank, " ")
    known = set(names)
    found = []
    for name in names:
        start = plain.find(name)
        while start >= 0:
            found.append((start, -(start + len(name)), name))
            start = plain.find(name, start + 1)
    for run in runs:  # words with two or three blanks between them
        if run.end - run.start != len(run.name) and run.name in known:
            found.append((run.start, -run.end, run.name))
    last = 0
    for start, end, name in sorted(found):
        end = -end
        if start < last or (start and _is_in_word(text[start - 1])):
            continue
        if end == len(text) or not _is_in_word(text[end]):
            yield start, end, name
            last = end


_BLANKS = "".join(char for char in map(chr, range(1, 0x3001)) if char.isspace() and char != " ")


def _is_in_word(char: str) -> bool:
    return char.isalnum() or char in "_-"


def mentions_of(text: str, runs: Sequence[Run], names: Sequence[str]) -> list[Mention]:
    """Return the mentions of names in a text, in order."""
    if not names:
        return []
    known = set(names)
    mentions = [Mention(start, end, name) for start, end, name in _standing(text, runs, names)]
    found = Misspellings(names)
    extra = []
    near = 0
    for run in runs:
        while near < len(mentions) and mentions[near].start < run.start:
            near += 1
        is_known = near < len(mentions) and mentions[near].start < run.end
        if is_known or run.name in known:
            continue
        meant = found.meant(run.words)
        if meant is not None:
            extra.append(Mention(run.start, run.end, meant or None))
    return sorted(mentions + extra, key=lambda mention: mention.start) if extra else mentions
