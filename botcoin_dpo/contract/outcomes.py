"""Which constraints an attempt passed, from the several places where a record may say so.

Contract: schemas/README.md, "Constraint outcomes".
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from botcoin_dpo.contract.record_types import ConstraintResult
from botcoin_dpo.contract.rejections import Cause

TIP = "Tip:"
"""How a text among the constraints starts that is advice and not checked."""


class OutcomeFields(Protocol):
    """The fields of an attempt record that speak of constraints."""

    passed: bool
    credit_eligible: bool | None
    acceptance_path: str | None
    constraint_results: dict[str, ConstraintResult | None] | None
    constraints_passed: list[int] | None
    constraints_failed: list[int] | None
    constraint_total: int | None
    constraint_pass_count: int | None
    constraint_fail_count: int | None


class Outcomes(NamedTuple):
    """The outcome of every constraint of an attempt; tips included, they count as passed."""

    passed: list[bool | None]
    """By index; None where the record does not say."""
    checked: int
    """How many constraints are checked; they come first."""
    pass_count: int
    fail_count: int


def is_credited(passed: bool, credit_eligible: bool | None, acceptance_path: str | None) -> bool:
    """Return whether an attempt passes and earns credit: only then it may be chosen."""
    return passed and credit_eligible is not False and acceptance_path != "A"


def count_checked(constraint_total: int | None, constraints: Sequence[str]) -> int:
    """Return how many constraints are checked."""
    if constraint_total is not None:
        return min(constraint_total, len(constraints))
    return sum(not text.startswith(TIP) for text in constraints)


def constraint_outcomes(fields: OutcomeFields, constraints: Sequence[str]) -> Outcomes:
    """Return the outcome of every constraint; counts are as recorded, else over the checked."""
    count, checked = len(constraints), count_checked(fields.constraint_total, constraints)
    # What holds for a checked constraint that nothing names.
    unnamed: bool | None = None
    if fields.passed or fields.constraints_failed is not None:
        unnamed = True
    elif fields.constraints_passed is not None:
        unnamed = False
    passed = [unnamed] * checked + [True] * (count - checked)
    # What comes later counts more.
    for indices, outcome in ((fields.constraints_passed, True), (fields.constraints_failed, False)):
        for index in indices or ():
            if index < count:
                passed[index] = outcome
    for name, result in (fields.constraint_results or {}).items():
        if result is not None and result.passed is not None and (index := int(name)) < count:
            passed[index] = result.passed
    of_checked = passed[:checked]
    pass_count, fail_count = fields.constraint_pass_count, fields.constraint_fail_count
    return Outcomes(
        passed,
        checked,
        of_checked.count(True) if pass_count is None else pass_count,
        of_checked.count(False) if fail_count is None else fail_count,
    )


def outcome_problem(fields: OutcomeFields, outcomes: Outcomes) -> Cause | None:
    """Return why the outcomes cannot be used, None if they can."""
    checked = outcomes.passed[: outcomes.checked]
    if None in checked:
        detail = f"nothing says whether constraint {checked.index(None)} passed"
        return Cause("unknown_constraint_outcomes", detail)
    contradiction = _contradiction(fields)
    if contradiction is None:
        for name, recorded, counted in (
            ("constraint_pass_count", outcomes.pass_count, checked.count(True)),
            ("constraint_fail_count", outcomes.fail_count, checked.count(False)),
        ):
            if recorded != counted:
                contradiction = f"{name} is {recorded}, the outcomes make it {counted}"
    earns_credit = is_credited(fields.passed, fields.credit_eligible, fields.acceptance_path)
    if contradiction is None and earns_credit and False in checked:
        contradiction = f"a credited pass fails constraint {checked.index(False)}"
    return Cause("inconsistent_outcomes", contradiction) if contradiction else None


def _contradiction(fields: OutcomeFields) -> str | None:
    """Return where lists and results contradict each other."""
    passed = set(fields.constraints_passed or ())
    failed = set(fields.constraints_failed or ())
    both = passed & failed
    for name, result in (fields.constraint_results or {}).items():
        if result is not None and result.passed is not None:
            index = int(name)
            if index in (failed if result.passed else passed):
                both.add(index)
    return f"constraint {min(both)} is said to pass and to fail" if both else None
