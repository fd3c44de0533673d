"""What a retry says of the attempt before it is held against that attempt."""

from pathlib import Path

from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from tests.audited import findings_of, rules_of, subjects
from tests.builders import recovery, write_log


def test_an_attempt_that_is_missing_is_none_before(tmp_path: Path) -> None:
    first, second = recovery()
    third = second | {"attempt_index": 3, "time_since_previous_attempt_ms": 7}
    write_log(tmp_path / "a.jsonl", [first, third])
    assert audit(tmp_path / "a.jsonl").findings_by_rule["time_difference"] == 0


def test_a_first_attempt_has_none_before_it(tmp_path: Path) -> None:
    first, second = recovery()
    first["submission"]["reasoning_trace"] = second["submission"]["reasoning_trace"]
    first["time_since_previous_attempt_ms"] = 5
    second["constraint_flip_summary"] = {"flipped_to_pass": [1], "stayed_pass": [2, 0]}
    audited = subjects(tmp_path, first, second)
    assert rules_of(audit_attempt(audited[0], Consensus()).findings) == ["time_difference"]
    assert findings_of(tmp_path, second) == set()  # whatever the order of its lists
