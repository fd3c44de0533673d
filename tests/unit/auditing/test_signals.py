"""Signals of a pair."""

from pathlib import Path

from botcoin_dpo.auditing.signals import pair_signals
from tests.audited import subjects
from tests.builders import recovery


def test_signals_of_a_pair(tmp_path: Path) -> None:
    first, second = subjects(tmp_path, *recovery())
    signals = pair_signals(first, second, "a b c d", "a b x d", 9_999)
    assert signals["edit_similarity"] == 0.75
    assert signals["length_ratio"] == 1
    assert signals["equal_artifacts"] is False
    assert signals["retry_under_10s"] is True
    assert signals["right_answers"] is None
    assert signals["unmatched_citations"] == 0
    assert pair_signals(first, first, "", "", None)["retry_under_10s"] is None
