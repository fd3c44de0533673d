from typing import Any

import pytest

from botcoin_dpo.constraints.constraint import Reference
from botcoin_dpo.constraints.include import Include
from botcoin_dpo.constraints.kinds import parse


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Must include the home port of the ship that answers Question 1.", ("home port", 1)),
        ("Must include the rigging used by the ship that answers Question 10.", ("rigging", 10)),
        (
            "Must include the second mate's last name on the ship that answers Question 3.",
            ("second mate's last name", 3),
        ),
        (
            "Must include the sister of the flagship of the fleet that answers question 12",
            ("sister of the flagship", 12),
        ),
        ("Must include the cargo of the answer to Question 2.", ("cargo", 2)),
        ("Must NOT include the port of the ship that answers Question 4.", None),
        ("Do not say it; include the port of the ship that answers Question 4.", None),
        (
            "Must include the port of the ship that answers Question 4 or the one that answers "
            "Question 5.",
            None,
        ),
        ("Must include the equation of the day that answers Question 1.", None),
        ("Must include a prime of the ship that answers Question 1.", None),
        ("Must include " + "x" * 600 + " of the ship that answers Question 1.", None),
    ],
)
def test_what_a_text_asks(text: str, reference: tuple[str, int] | None) -> None:
    assert parse(text) == (None if reference is None else Include(Reference(*reference)))


@pytest.mark.parametrize(
    ("value", "artifact", "holds"),
    [
        ("Nara", "from Nara on", True),
        ("Nara", "from Narara on", True),
        ("Nara", "from nara on", False),
        (1200.0, "has 1200 crates", True),
        (12.5, "has 12,5 crates", False),
    ],
)
def test_the_text_of_the_value_is_a_substring(value: Any, artifact: str, holds: bool) -> None:
    constraint = Include(Reference("port", 1))
    text = constraint.text_of([value])
    assert text is not None
    assert constraint.holds(artifact, text) is holds


def test_an_empty_value_asks_for_nothing() -> None:
    assert Include(Reference("port", 1)).text_of([""]) is None
    assert Include(Reference("port", 1)).sought([""]) is None


def test_a_value_stands_in_an_artifact_where_it_is_part_of_nothing_else() -> None:
    sought = Include(Reference("crates", 1)).sought([900])
    assert sought is not None
    for artifact in ("it has 900 crates", "900", "1900 or 900."):
        assert sought.is_in(artifact)
        assert sought.stands_in(artifact)
    for artifact in ("1900", "9001", "=900", "900+1", "_900", "a900"):
        assert sought.is_in(artifact)
        assert not sought.stands_in(artifact)
    assert not sought.is_in("901")
