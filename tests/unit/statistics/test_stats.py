"""Statistics of datasets and of logs: right numbers, and the same ones whichever way."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from botcoin_dpo import InputError, build, stats
from botcoin_dpo.cli.app import app
from botcoin_dpo.contract.hidden_text import hidden_characters
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.statistics.dataset_statistics import DatasetStatistics
from botcoin_dpo.statistics.log_statistics import LogStatistics
from tests.builders import attempt, compute, context, document, extract, recovery, write_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    records = [
        *recovery(),
        *recovery("0x02", number=2, challenge_domain=None),
        attempt(miner="0xcc"),
        attempt(1, passed=True, miner="0xdd", credit_eligible=False),
        b"{",
    ]
    return write_log(tmp_path / "a.jsonl", records)


def test_the_numbers_of_a_dataset(tmp_path: Path, log: Path) -> None:
    build(log, tmp_path / "out", pairs=PAIR_TYPES, splits=(1, 0, 0))
    statistics = stats(tmp_path / "out")
    assert isinstance(statistics, DatasetStatistics)
    numbers = statistics.as_json()
    assert numbers["rows"] == 7
    assert numbers["pairs"] == {
        "bookend": {"train": 2}, "cross_session": {"train": 1},
        "exhaustive": {"train": 2}, "sequential": {"train": 2},
    }  # fmt: skip
    assert numbers["domains"] == {"ships": 4, "(unknown)": 3}
    assert numbers["models"] == {"small-model": 7}
    kinds = numbers["constraints"]
    assert list(kinds) == ["word_count", "include", "forbidden_letter", "tip"]
    assert kinds["include"]["flipped_to_pass"] == 7
    assert kinds["tip"]["stayed_pass"] == 7
    assert numbers["distributions"]["revision_time_ms"]["count"] == 6
    assert numbers["distributions"]["revision_time_ms"]["median"] == 60_000
    assert numbers["paragraphs_touched"]["chosen"] == {"trap": 0, "truth": 7}
    assert json.loads(json.dumps(numbers)) == numbers


def test_a_file_of_rows_has_the_same_numbers_as_its_folder(tmp_path: Path, log: Path) -> None:
    build(log, tmp_path / "out", splits=(1, 0, 0))
    (shard,) = (tmp_path / "out").glob("*/*.jsonl")
    assert stats(shard).as_json() == stats(tmp_path / "out").as_json()


def test_the_numbers_of_logs(log: Path) -> None:
    statistics = stats(log)
    assert isinstance(statistics, LogStatistics)
    numbers = statistics.as_json()
    assert numbers["attempts_by_index"] == {
        "1": {"attempts": 4, "passed": 1, "credited": 0, "pass_rate": 0.25},
        "2": {"attempts": 2, "passed": 2, "credited": 2, "pass_rate": 1.0},
    }
    assert numbers["sessions"] == {
        "2 attempts, credited": 2, "1 attempt, failed": 1, "1 attempt, passed without credit": 1,
    }  # fmt: skip
    assert numbers["funnel"]["set_aside"] == {"malformed_json": 1}


def test_what_would_pair_is_what_a_build_pairs(tmp_path: Path, log: Path) -> None:
    numbers = stats(log).as_json()
    built = build(log, tmp_path / "out", pairs=PAIR_TYPES).funnel
    assert numbers["would_pair"] == {kind: sum(n.values()) for kind, n in built.pairs.items()}


NONE_HIDDEN = {
    "tag": 0, "bidi": 0, "zero_width": 0, "variation_selector": 0, "filler": 0, "format": 0,
}  # fmt: skip


def hiding(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an attempt that differs in what was handed in."""
    return record | {"submission": record["submission"] | changes}


@pytest.fixture
def hidden_log(tmp_path: Path) -> Path:
    """A log in which each kind of place hides something, and the prompt does as well."""
    asked = context() | {"questions": ["Which\u202e?"], "document": f"{document()}\u200b"}
    failed, passed = recovery(challenge_context=asked, challenge_domain="ships\u200b")
    trace = [extract(entity="Alma\u200bRose"), compute(), {"action": "note", "no\u3164te": "x"}]
    return write_log(
        tmp_path / "hidden.jsonl",
        [
            hiding(failed, artifact="Alma \u202eor\u202c \U000e0041\U000e0042", model="m\xad"),
            hiding(passed, reasoning_trace=trace),
            *recovery("0x02", number=2),
        ],
    )


def test_hidden_characters_of_miners_are_counted(tmp_path: Path, hidden_log: Path) -> None:
    counts = NONE_HIDDEN | {"tag": 2, "bidi": 2, "zero_width": 2, "filler": 1}
    told = {"attempts": 2, "characters": counts}
    assert stats(hidden_log).as_json()["hidden_text"] == told
    assert stats(hidden_log, workers=2).as_json()["hidden_text"] == told
    build(hidden_log, tmp_path / "out", splits=(1, 0, 0))
    numbers = stats(tmp_path / "out").as_json()
    assert numbers["rows"] == 2
    assert numbers["hidden_text"] == {"rejected": 1, "chosen": 1, "characters": counts}


def test_without_hidden_characters_all_counts_are_there(tmp_path: Path, log: Path) -> None:
    assert stats(log).as_json()["hidden_text"] == {"attempts": 0, "characters": NONE_HIDDEN}
    build(log, tmp_path / "out")
    told = stats(tmp_path / "out").as_json()["hidden_text"]
    assert told == {"rejected": 0, "chosen": 0, "characters": NONE_HIDDEN}


def test_hidden_characters_are_told_and_shown_as_escapes(
    tmp_path: Path, hidden_log: Path, log: Path
) -> None:
    build(hidden_log, tmp_path / "out")
    for path, holders in ((hidden_log, "2 attempts"), (tmp_path / "out", "1 rejected, 1 chosen")):
        told = CliRunner().invoke(app, ["stats", str(path)]).stdout
        assert f"Hidden characters, in {holders}\n" in told
        assert re.search(r"\n *zero_width +2 *\n", told)
        assert "format" not in told
        printed = CliRunner().invoke(app, ["stats", str(path), "--json"]).stdout
        assert "\\u200b" in printed
        value = json.loads(printed)
        del value["timing"]
        assert value == stats(path).as_json()
        for text in (told, printed):
            assert not list(hidden_characters(text))
    assert "Hidden" not in CliRunner().invoke(app, ["stats", str(log)]).stdout


def test_nothing_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        stats(tmp_path / "out")
