"""A kind of constraint from outside the package is treated as the package's own."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from botcoin_dpo import audit, build, report, stats
from botcoin_dpo.constraints.kinds import KINDS
from botcoin_dpo.contract.verdicts import STATUSES
from botcoin_dpo.engines import Engine
from botcoin_dpo.engines.processes import Processes
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.terminal.audit_view import audit_view
from botcoin_dpo.terminal.stats_view import stats_view
from botcoin_dpo.viewing.pair_facts import pair_facts
from botcoin_dpo.viewing.pair_page import make_pair_page
from tests.builders import attempt, context, read_rows, write_log
from tests.toys.kind import LAST_WORD

WITH_TOY = (*KINDS, LAST_WORD)
TEXTS = ['Must end with the word "Nara".', 'Must NOT contain the letter "x" (case-insensitive).']


def outcomes(**counts: int) -> dict[str, int]:
    return dict.fromkeys(STATUSES, 0) | counts


def sessions() -> list[dict[str, Any]]:
    """Six sessions that end elsewhere, then in Nara; the last says it did so at once."""
    records = []
    for number in range(6):
        for index, end in enumerate(("Port", "Nara"), start=1):
            passed = end == "Nara"
            record = attempt(index, passed=passed, challenge=f"0x{number}", number=number)
            record["challenge_context"] = context(number, constraints=TEXTS)
            record["submission"]["artifact"] = f"Alma sails from {end}"
            says = passed or number == 5
            record |= {
                "constraint_total": 2,
                "constraint_results": {"0": {"pass": says}, "1": {"pass": True}},
            }
            records.append(record)
    return records


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return write_log(tmp_path / "log.jsonl", sessions())


@pytest.fixture
def dataset(logs: Path, tmp_path: Path) -> Path:
    build(logs, tmp_path / "out", splits=(0.4, 0.3, 0.3))
    assert len([*(tmp_path / "out").rglob("*.jsonl")]) > 2  # enough for two workers
    return tmp_path / "out"


ENGINES = (SingleProcess(), Processes(2), Processes(2, "forkserver"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("what", ["logs", "dataset"])
def test_an_audit_verifies_and_contradicts_it(
    what: str, engine: Engine, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(what)
    result = audit(path, kinds=WITH_TOY, engine=engine)
    assert result.as_json()["constraints"] == {
        "forbidden_letter": outcomes(verified=12, contradicted=0, unchecked=0),
        "last_word": outcomes(verified=11, contradicted=1, unchecked=0),
    }
    [found] = [each.finding for each in result.listed if each.finding.rule == "constraint_outcome"]
    assert (found.subject, found.recorded) == ("constraint 0 (last_word)", True)
    assert audit(path).as_json()["constraints"] == {
        "forbidden_letter": outcomes(verified=12, contradicted=0, unchecked=0),
        "other": outcomes(verified=0, contradicted=0, unchecked=12),
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_statistics_count_it_by_its_name(dataset: Path, engine: Engine) -> None:
    counts = stats(dataset, kinds=WITH_TOY, engine=engine).as_json()["constraints"]
    assert list(counts) == ["forbidden_letter", "last_word"]
    assert counts["last_word"]["flipped_to_pass"] == 5
    assert "other" in stats(dataset).as_json()["constraints"]


def test_tables_show_it(dataset: Path) -> None:
    for view in (
        audit_view(audit(dataset, kinds=WITH_TOY)),
        stats_view(stats(dataset, kinds=WITH_TOY)),
    ):
        printed = StringIO()
        Console(file=printed, width=200).print(*view)
        assert re.search(r"^ forbidden_letter .*\n last_word ", printed.getvalue(), re.MULTILINE)


def test_a_page_shows_what_keeps_and_breaks_it(dataset: Path) -> None:
    row = next(row for row in read_rows(dataset) if row["challenge_id"] == "0x0")
    page = make_pair_page(row, 1, WITH_TOY)
    line = page.constraints[0]
    assert (line.kind, line.expected, line.asks_for) == ("last_word", "Nara", None)
    assert (line.rejected.audit, line.chosen.audit) == ("verified", "verified")
    assert page.rejected.parts(keeps=False) == {0: "Port"}
    assert page.chosen.parts(keeps=True) == {0: "Nara"}
    assert pair_facts(row, WITH_TOY).repaired == "last_word"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_report_shows_it(dataset: Path, tmp_path: Path, workers: int) -> None:
    pytest.importorskip("jinja2", reason="Jinja is not installed (the extra report)")
    report(dataset, tmp_path / "report.html", kinds=WITH_TOY, workers=workers)
    assert "last_word" in (tmp_path / "report.html").read_text(encoding="utf-8")
