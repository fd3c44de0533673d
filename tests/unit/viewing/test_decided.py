"""What is shown of each outcome agrees with what the row's audit counts."""

from collections import Counter
from pathlib import Path

import pytest

from botcoin_dpo import build
from botcoin_dpo.auditing.verdict import Verdict
from botcoin_dpo.contract.verdicts import Ground, Status
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing.decided import Decided, decided
from botcoin_dpo.viewing.pair_page import make_pair_page
from tests.builders import read_rows

READ, TEXT = ("consistent", "own_reading"), ("verified", "text")
OPEN = Decided(None, None)


def decided_by(
    found: list[tuple[Status, Ground | None]], told: dict[Status, dict[Ground | None, int]]
) -> list[Decided]:
    """What is known of verdicts, where a row's audit counts those told."""
    verdicts = [
        Verdict(number, "include", True, status, ground)
        for number, (status, ground) in enumerate(found)
    ]
    audit = {
        "verdicts": {"chosen": {status: sum(of.values()) for status, of in told.items()}},
        "grounds": {
            "chosen": {
                status: known
                for status, of in told.items()
                if (known := {ground: count for ground, count in of.items() if ground})
            }
        },
    }
    return decided(verdicts, audit, "chosen")


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"verified": {"text": 1}, "consistent": {"own_reading": 2}}, [TEXT, READ, READ]),
        ({"verified": {"text": 1, "document": 2}}, [TEXT, *[("verified", "document")] * 2]),
        ({"verified": {"text": 1, "document": 1, "answers": 1}}, [TEXT, *[("verified", None)] * 2]),
        (
            {"verified": {"text": 1, "document": 1}, "contradicted": {"document": 1}},
            [TEXT, *[(None, "document")] * 2],
        ),
        ({"verified": {"text": 1, "document": 1}, "unchecked": {None: 1}}, [TEXT, OPEN, OPEN]),
        ({"verified": {"text": 3}}, [("verified", "text")] * 3),
        ({"unchecked": {None: 3}}, [("unchecked", None)] * 3),
    ],
)
def test_only_what_agrees_with_the_counts_is_said(
    told: dict[Status, dict[Ground | None, int]], known: list[Decided]
) -> None:
    found: list[tuple[Status, Ground | None]] = [
        ("verified", "text"),
        ("consistent", "own_reading"),
        ("consistent", "own_reading"),
    ]
    assert decided_by(found, told) == known


def test_a_row_without_an_audit_is_audited_by_itself() -> None:
    verdict = Verdict(0, "include", True, "consistent", "own_reading")
    assert decided([verdict], None, "chosen") == [READ]


def test_no_ground_is_shown_more_often_than_the_row_counts_it(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=8, seed=77, miners=4)
    build(tmp_path / "logs", tmp_path / "out", audit=True)
    rows = read_rows(tmp_path / "out")
    known = left_open = 0
    for number, row in enumerate(rows, start=1):
        page = make_pair_page(row, number)
        left_open += page.leaves_open
        for side in ("rejected", "chosen"):
            shown = Counter(getattr(line, side).ground for line in page.constraints)
            told: Counter[str] = Counter()
            for by_ground in row["audit"]["grounds"][side].values():
                told.update(by_ground)
            del shown[None]
            assert shown <= told
            known += shown.total()
    assert known
    assert left_open
