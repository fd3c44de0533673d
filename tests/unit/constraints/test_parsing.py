import json
from pathlib import Path

import pytest

from botcoin_dpo.constraints.kinds import CONSTRAINT_KINDS, constraint_kind
from botcoin_dpo.constraints.parsing import (
    Acrostic,
    Constraint,
    Equation,
    ForbiddenLetter,
    Include,
    Prime,
    Reference,
    Term,
    WordCount,
    parse,
)

EQUATION = (
    'Must include the equation "A+B=C" (digits, no spaces) where '
    "A=((draught in inches of the answer to Question 8 mod 50)+10) and "
    "B=((Q4 freight of the answer to Question 9 mod 30)+5) and C=A+B."
)

PRIME = (
    "Must include a prime number equal to nextPrime((crew of the answer to Question 8 mod 100) + "
    "11), as digits."
)


@pytest.mark.parametrize(
    ("text", "constraint"),
    [
        ("Write EXACTLY 14 words. Single line.", WordCount(14)),
        ("Write exactly twelve words.", WordCount(12)),
        (
            "Must include the home port of the ship that answers Question 1.",
            Include(Reference("home port", 1)),
        ),
        (
            "Must include the rigging used by the ship that answers Question 10.",
            Include(Reference("rigging", 10)),
        ),
        (
            "Must include the second mate's last name on the ship that answers Question 3.",
            Include(Reference("second mate's last name", 3)),
        ),
        (
            "Must include the sister of the flagship of the fleet that answers question 12",
            Include(Reference("sister of the flagship", 12)),
        ),
        (
            "Must include the cargo of the answer to Question 2.",
            Include(Reference("cargo", 2)),
        ),
        (PRIME, Prime(Term(Reference("crew", 8), 100, 11))),
        (
            "Must include nextPrime((draught (d) of the answer to Question 4 mod 97) + 5).",
            Prime(Term(Reference("draught (d)", 4), 97, 5)),
        ),
        (
            EQUATION,
            Equation(
                Term(Reference("draught in inches", 8), 50, 10),
                Term(Reference("Q4 freight", 9), 30, 5),
            ),
        ),
        (
            "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
            "(initials(Q4)+initials(Q5)), uppercased.",
            Acrostic(2, 2, (4, 5)),
        ),
        (
            "Acrostic: the first letters of the first three words must spell the first three "
            "letters of (initials(Q1)+initials(Q10)+initials(Q2)), uppercased.",
            Acrostic(3, 3, (1, 10, 2)),
        ),
        ('Must NOT contain the letter "j" (case-insensitive).', ForbiddenLetter("j")),
        ("Tip: words are split on spaces.", None),
        ("Must rhyme.", None),
        ("Must NOT include the port of the ship that answers Question 4.", None),
        ("Tip: Write EXACTLY 17 words. Single line.", None),
        ("Exactly 3 words must be capitalised.", None),
        ("Write not exactly 17 words.", None),
        ("Must NOT contain more than two words with the letter 'b'.", None),
        ("Must NOT contain the letter 'b' more than twice.", None),
        ("Do not say it; include the port of the ship that answers Question 4.", None),
        (
            "Must include the port of the ship that answers Question 4 or the one that answers "
            "Question 5.",
            None,
        ),
        (PRIME.replace("+ 11", "+ 1,100"), Prime(Term(Reference("crew", 8), 100, 1100))),
        (PRIME.replace("+ 11", "+ 11.5"), None),
        (PRIME.replace("+ 11", "+ 11 + 5"), None),
        (PRIME.replace("((crew", "(2*(crew"), None),
        (PRIME.replace("11),", "11) + 2,"), None),
        (PRIME.replace("crew of", "crew of the answer to Question 3 + guns of"), None),
        (EQUATION.replace("A+B=C", "A-B=C"), None),
        (EQUATION.replace("C=A+B", "C=A*B"), None),
        (EQUATION.replace("C=A+B", "C=A+B+D"), None),
        (
            "Acrostic: the first letters of the first 2 words must spell the last 2 letters of "
            "(initials(Q4)+initials(Q5)), uppercased.",
            None,
        ),
        (
            "Acrostic: the first letters of the first 2 words must spell, in reverse, "
            "(initials(Q4)+initials(Q5)).",
            None,
        ),
        ("Must include the equation of the day that answers Question 1.", None),
        ("Must include a prime of the ship that answers Question 1.", None),
        (EQUATION.replace("mod 30", "mod 0"), None),
        ("Must include " + "x" * 600 + " of the ship that answers Question 1.", None),
    ],
)
def test_what_a_text_asks(text: str, constraint: Constraint | None) -> None:
    assert parse(text) == constraint


def test_every_real_constraint_is_read(reference: Path) -> None:
    seen = set()
    for name in ("attempts_v2.jsonl", "session_0x37289055.attempts.jsonl"):
        for line in (reference / name).read_bytes().splitlines():
            *checked, tip = json.loads(line)["challenge_context"]["constraints"]
            assert constraint_kind(tip) == "tip"
            seen |= {constraint_kind(text) for text in checked}
    assert seen == {*CONSTRAINT_KINDS} - {"tip", "other"}
