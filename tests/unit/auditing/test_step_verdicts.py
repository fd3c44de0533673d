"""Whether a step of a trace can be relied on, and why not."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.auditing.step_verdicts import StepVerdict, audit_steps
from tests.audited import PRIME, one_constraint, said_of, subjects
from tests.builders import compute, extract

FLEET = """[paragraph_1]
Alma Rose has a crew of 31 and carries 1,200 crates. Beryl Star has a crew of 44.

[paragraph_2]
Beryl Star carries 900 crates. Corin Gale has a crew of 52.

[paragraph_3]
Corin Gale carries 700 crates. Alma Rose sails again."""


def verdicts_on(tmp_path: Path, *steps: dict[str, Any]) -> list[StepVerdict]:
    record = one_constraint(PRIME, "prime 11 it is")
    record["submission"]["reasoning_trace"] = list(steps)
    [subject] = subjects(tmp_path, said_of(FLEET, record))
    return audit_steps(subject)


def crates(value: Any = 1200, paragraph: int = 1, **changes: Any) -> dict[str, Any]:
    return extract(value=value, paragraph=paragraph, **changes)


def mod(**changes: Any) -> dict[str, Any]:
    return compute(operation="mod", inputs=["e1", 100], result=0) | changes


@pytest.mark.parametrize(
    ("steps", "status", "reason"),
    [
        ([crates()], "sound", None),
        ([crates(value="1,200")], "sound", None),
        ([crates(paragraph=2)], "unsound", "citation"),
        ([crates(value=120)], "unsound", "part_of_number"),  # in 1,200
        ([crates(value=31)], "unsound", "other_attribute"),  # of its crew
        ([crates(attribute=None)], "unchecked", "not_read"),
        ([crates(), mod()], "sound", None),
        ([crates(), mod(result=1)], "unsound", "computation"),
        ([crates(), mod(inputs=[1200, 100])], "sound", None),
        ([mod(inputs=[1200, 100])], "unsound", "ungrounded_input"),
        ([crates(), mod(inputs=["e1", 97], result=36)], "unsound", "ungrounded_input"),
        ([crates(), mod(operation="difference")], "unchecked", "not_read"),
        ([crates(), mod(operation="round", inputs=["e1", 5], result=1200)], "sound", None),
        ([{"action": "muse", "note": "1200"}], "unchecked", "not_a_claim"),
    ],
)
def test_a_step_is_judged_by_what_the_record_has(
    tmp_path: Path, steps: list[dict[str, Any]], status: str, reason: str | None
) -> None:
    verdict = verdicts_on(tmp_path, *steps)[-1]
    assert (verdict.number, verdict.status, verdict.reason) == (len(steps) - 1, status, reason)


def test_the_inputs_that_come_from_nowhere_are_named(tmp_path: Path) -> None:
    *_, verdict = verdicts_on(tmp_path, crates(), mod(inputs=[77, 100], result=77))
    assert verdict.inputs == (77,)
