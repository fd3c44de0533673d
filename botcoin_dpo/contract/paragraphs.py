"""The paragraphs of a document, each after a `[paragraph_N]` line.

Contract: schemas/README.md, "Citations".
"""

import re

# A pattern that starts with text is found much faster; the text before it may well lack a break.
_MARK_LINE = re.compile(r"\n\[paragraph_([0-9]{1,9})\][ \t\r]*$", re.MULTILINE)


def split_paragraphs(document: str) -> tuple[str, list[tuple[int, str]]]:
    """Return the text before the first paragraph, and each paragraph's number with its text.

    A number may come more than once: citations mean the first.
    """
    before, *pieces = _MARK_LINE.split("\n" + document)
    return before[1:], list(zip(map(int, pieces[::2]), pieces[1::2], strict=True))


def paragraph_spans(document: str) -> list[tuple[int | None, int, int]]:
    """Return the number of each paragraph, and where its text starts and ends in the document."""
    marks = list(_MARK_LINE.finditer("\n" + document))
    ends = [mark.start() - 1 for mark in marks[1:]] + [len(document)] * bool(marks)
    return [
        (int(mark[1]), mark.end() - 1, max(end, mark.end() - 1))
        for mark, end in zip(marks, ends, strict=True)
    ]
