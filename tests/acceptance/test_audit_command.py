import json
from pathlib import Path

import pytest

from tests.builders import attempt, recovery, run, write_log


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """One attempt adds wrongly, and one is said to be without the letter that it has."""
    write_log(tmp_path / "logs/a.jsonl", [*recovery(), attempt(challenge="0x2", failed=[2])])
    return tmp_path


def test_an_audit_names_what_it_found(logs: Path) -> None:
    result = run("audit", "logs", cwd=logs)
    assert (result.returncode, result.stderr) == (0, "")
    assert "computation_result" in result.stdout
    assert "constraint 2 (forbidden_letter)" in result.stdout
    assert result.stdout.endswith("audited 3 attempts: 1 contradicted, 2 suspicious\n")
    assert run("audit", "logs", "--quiet", cwd=logs).stdout == ""


def test_json_has_every_finding(logs: Path) -> None:
    result = json.loads(run("audit", "logs", "--json", cwd=logs).stdout)
    assert result["findings"] == {"contradicted": 1, "suspicious": 2}
    assert result["by_rule"]["constraint_outcome"]["attempts"] == 1
    [lie] = [found for found in result["listed"] if found["level"] == "contradicted"]
    assert (lie["recorded"], lie["recomputed"]) == (False, True)
    short = json.loads(run("audit", "logs", "--json", "--max-findings", 1, cwd=logs).stdout)
    assert (len(short["listed"]), short["findings"]) == (1, result["findings"])


@pytest.mark.parametrize(("level", "code"), [("contradicted", 1), ("suspicious", 1), (None, 0)])
def test_the_exit_code_is_that_of_the_level(logs: Path, level: str | None, code: int) -> None:
    options = ("--fail-on", level) if level else ()
    assert run("audit", "logs", "--quiet", *options, cwd=logs).returncode == code
    write_log(logs / "honest.jsonl", recovery())
    failed = run("audit", "honest.jsonl", "--quiet", *options, cwd=logs).returncode
    assert failed == (level == "suspicious")


def test_a_build_carries_the_audit_and_drops_by_it(logs: Path) -> None:
    built = run("build", "logs", "--audit", "--drop-if", "computation_result", "--json", cwd=logs)
    result = json.loads(built.stdout)
    assert result["funnel"]["dropped"] == {"computation_result": 1}
    assert result["advice"] == "every pair was dropped, most often as computation_result (1)"
    run("build", "logs", "--audit", "--overwrite", cwd=logs)
    shown = run("stats", "out", cwd=logs).stdout
    assert "Audit: found in rows" in shown
    assert "edit_similarity" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audit", "logs", "--fail-on", "x"], "error: --fail-on x: no such level; choose from con"),
        (["audit", "nothing"], "error: nothing: no such file or folder; name attempt logs or a b"),
        (["build", "logs", "--drop-if", "x"], "error: --drop-if x: no such rule; choose from con"),
    ],
)
def test_what_must_be_mended_is_one_line(logs: Path, arguments: list[str], message: str) -> None:
    result = run(*arguments, cwd=logs)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1
