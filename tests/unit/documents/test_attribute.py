"""What the names of attributes ask for."""

import pytest

from botcoin_dpo.documents.attribute import attribute_of


@pytest.mark.parametrize(
    ("name", "words", "quarter", "facet"),
    [
        ("revenue.0", ("revenue",), 1, ""),
        ("Q1 revenue", ("revenue",), 1, ""),
        ("revenue_q4", ("revenue",), 4, ""),
        ("second-quarter revenue", ("revenue",), 2, ""),
        ("debt_to_equity", ("leverage",), None, ""),
        ("debt-to-equity ratio", ("leverage",), None, ""),
        ("headcount", ("employees",), None, ""),
        ("CEO's last name", ("ceo",), None, "last_name"),
        ("ceo.last_name", ("ceo",), None, "last_name"),
        ("ceo.first_name", ("ceo",), None, "first_name"),
        ("hq_city", ("headquarters", "city"), None, "city"),
        ("headquarters.country", ("headquarters", "country"), None, "country"),
        ("logical_qubits_k", ("logic", "qubit"), None, ""),
        ("revenue growth in Q3", (), 3, ""),
    ],
)
def test_names_in_all_their_forms(
    name: str, words: tuple[str, ...], quarter: int | None, facet: str
) -> None:
    asked = attribute_of(name)
    assert (asked.words, asked.quarter, asked.facet) == (words, quarter, facet)


def test_units_are_apart_from_words() -> None:
    asked = attribute_of("runtime_seconds")
    assert asked.words == ("runtime",)
    assert asked.units == frozenset({"seconds"})
