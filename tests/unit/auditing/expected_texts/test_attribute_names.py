"""Names of attributes, compared however they are written."""

from pathlib import Path

import pytest

from botcoin_dpo.auditing.expected_texts.attribute_names import likeness
from tests.audited import INCLUDE, one_constraint, verdict_on


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("CEO's last name", "ceo.last_name"),
        ("headquarters city", "headquarters_city"),
        ("headquarters city", "headquartersCity"),
        ("Q1 revenue", "revenue.q1"),
        ("Q1 revenue", "revenue.0"),
        ("Q4 revenue", "revenue_q4"),
        ("employees", "employees"),
        ("headquarters city", "hq_city"),
        ("headquarters city", "hqCity"),
        ("headquarters city", "HQCity"),
        ("headquarters city", "head office city"),
        ("headquarters country", "country of headquarters"),
        ("employees", "headcount"),
        ("employees", "head_count"),
        ("employees", "number of employees"),
        ("employees", "employee_count"),
        ("employees", "staff"),
        ("headcount", "staff count"),
        ("Q1 revenue", "revenue_first_quarter"),
        ("Q1 revenue", "first-quarter revenue"),
        ("Q1 revenue", "revenue in Q1"),
        ("Q1 revenue", "revenue for the first quarter"),
        ("Q4 revenue", "revenue.quarter_4"),
        ("Q4 revenue", "4Q revenue"),
        ("CEO's last name", "ceo_surname"),
        ("CEO's last name", "surname of the chief executive officer"),
        ("CEO's last name", "CEOLastName"),
        ("CEO's last name", "CEO family name"),
        ("CEO's first name", "given name of the CEO"),
        ("founding year", "year_founded"),
    ],
)
def test_equal_names_are_known_however_they_are_written(phrase: str, name: str) -> None:
    assert likeness(phrase, name) == likeness(name, phrase) == 1.0


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("method category", "approach_category"),
        ("CEO's last name", "leader_last_name"),
        ("observatory credited", "observatory"),
        ("physical qubit count", "physical_qubits_n"),
        ("evaluated gene count", "evaluated_genes"),
        ("runtime in seconds", "runtime_seconds"),
        ("qubits n", "qubits_k"),
        ("total crew", "crew"),
        ("employees", "total staff"),
        ("CEO's last name", "last name"),
    ],
)
def test_similar_names_are_less_than_equal(phrase: str, name: str) -> None:
    assert 0 < likeness(phrase, name) < 1


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Q1 revenue", "revenue.q2"),
        ("Q1 revenue", "revenue.1"),
        ("Q1 revenue", "revenue"),
        ("employees", "employees_difference"),
        ("Q1 revenue", "second-quarter revenue"),
        ("headcount", "staff_growth"),
        ("CEO's last name", "founding year"),
        ("employees", "headquarters.city"),
        ("employees", ""),
        ("count of the", "number"),
    ],
)
def test_other_attributes_are_not_alike(phrase: str, name: str) -> None:
    assert likeness(phrase, name) == 0


def test_what_is_too_long_for_a_name_is_compared_with_none(tmp_path: Path) -> None:
    # What is compared is remembered, and a log may hold any number of long texts.
    name = "crates " * 40
    record = one_constraint(INCLUDE, "carries 900 crates")
    record["submission"]["reasoning_trace"][0]["attribute"] = name
    assert likeness("crates", name) == 1.0
    assert verdict_on(tmp_path, record).status == "unchecked"
