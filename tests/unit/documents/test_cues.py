"""The cheap test for doubt lets nothing pass that a pattern finds."""

import re

import pytest

from botcoin_dpo.documents import cues

PATTERNS = (cues.COMPARISON, cues.DOUBT, cues.SUPERSEDED, cues.DRAFT, cues.RETRACTED)
PLAIN = re.compile(r"[a-z][a-z -]+")


def _alternatives(pattern: re.Pattern[str]) -> list[str]:
    """What a pattern finds of the pieces between its bars, with optional letters and without."""
    pieces = re.split(r"[|()]", pattern.pattern)
    texts = {re.sub(r"\\w[*+]|\\.|\?:|[?!]", "", piece) for piece in pieces}
    return [text for text in texts if PLAIN.fullmatch(text) and pattern.search(text)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_whatever_a_pattern_finds_may_doubt(pattern: re.Pattern[str]) -> None:
    found = [
        *_alternatives(pattern),
        *(
            "it was discarded",
            "been rejected",
            "since found, in error",
            "not reproduced",
            "is faulty",
        ),
        *("later found", "was wrong", "up to", "simulations of", "had a mill been", "out-sold"),
        *(
            "outgrew",
            "rumours",
            "neighbour",
            "leads by",
            "\u017fuperseded",
            "outpaced",
            "ra\u0131sed from",
        ),
    ]
    assert len(found) > 5
    for text in found:
        for written in (text, text.upper(), f"§ ({text}"):
            if pattern.search(written):
                assert cues.may_doubt(written), written


def test_most_sentences_need_no_patterns() -> None:
    assert not cues.may_doubt("Karo Glass has 12,408 employees in Brell, Ostria.")
    assert not cues.may_doubt("Its seat — in Brell — is bold.")
