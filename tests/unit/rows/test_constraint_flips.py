"""Which constraints changed their outcome between the two sides of a pair."""

from pathlib import Path

from tests.builders import built_row


def test_outcomes_of_tips_and_of_what_only_lists_say(tmp_path: Path) -> None:
    row = built_row(
        tmp_path,
        {"constraint_results": ..., "constraints_passed": [0], "constraint_total": ...},
        {"constraint_results": ..., "constraints_failed": []},
    )
    assert row["pair_annotations"]["constraint_flips"] == {
        "flipped_to_pass": [1, 2], "flipped_to_fail": [], "stayed_pass": [0, 3], "stayed_fail": [],
    }  # fmt: skip
    assert row["rejected_metadata"]["constraint_fail_count"] == 2
