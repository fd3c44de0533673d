"""The numbers behind the charts, on rows made by hand."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from botcoin_dpo.html_report.warnings import warnings_of

from botcoin_dpo import build
from botcoin_dpo.contract import schemas
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.html_report.charts import charts_of
from botcoin_dpo.html_report.overview import LENGTH_BIN, REVISION_EDGES, Overview
from tests.builders import read_rows, recovery, write_log

INCLUDE = "Must include the harbour of the ship that answers Question {}."


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("overview")
    write_log(folder / "logs.jsonl", recovery())
    build(folder / "logs.jsonl", folder / "out")
    row: dict[str, Any] = read_rows(folder / "out")[0]
    return row


def seen(*rows: dict[str, Any]) -> Overview:
    overview = Overview(10)
    for line, row in enumerate(rows, start=1):
        assert schemas.is_valid("pair", row)
        overview.add(StoredRow(line, row, offset=line))
    return overview


def changed(base: dict[str, Any], **notes: Any) -> dict[str, Any]:
    row = copy.deepcopy(base)
    row["pair_annotations"] |= notes
    return row


def test_a_constraint_is_repaired_if_none_of_its_kind_is_left(base: dict[str, Any]) -> None:
    row = copy.deepcopy(base) | {"constraints": [INCLUDE.format(n) for n in range(1, 5)]}
    flips = {"flipped_to_fail": [], "stayed_pass": [], "flipped_to_pass": [0, 1], "stayed_fail": []}
    whole = changed(row, constraint_flips=flips | {"stayed_pass": [2, 3]})
    half = changed(row, constraint_flips=flips | {"stayed_fail": [2], "stayed_pass": [3]})
    overview = seen(whole, half, whole)
    domain = base["challenge_domain"]
    assert overview.failed["include"].counts == {domain: 3}
    assert overview.repaired["include"].counts == {domain: 2}
    [chart] = [chart for chart in charts_of(overview, None) if "repaired" in chart.title]
    assert chart.rows == [("include", domain, "3", "100%", "2")]
    assert "3 → 2" in chart.svg


@pytest.mark.parametrize(
    ("elapsed", "start", "is_fast"),
    [(0, 0, 1), (9_999, 5_000, 1), (10_000, 10_000, 0), (10**9, 24 * 3_600_000, 0), (-5, 0, 1)],
)
def test_revision_times_fall_into_bins(
    base: dict[str, Any], elapsed: int, start: int, is_fast: int
) -> None:
    overview = seen(changed(base, revision_time_ms=elapsed))
    [(index, count)] = overview.revision_times.items()
    assert (REVISION_EDGES[index], count) == (start, 1)
    assert (overview.signs["fast"], overview.signs["timed"]) == (is_fast, 1)


def test_a_time_that_is_not_known_is_in_no_bin(base: dict[str, Any]) -> None:
    overview = seen(changed(base, revision_time_ms=None))
    assert not overview.revision_times
    assert not any("took under" in warning.text for warning in warnings_of(overview, None))


@pytest.mark.parametrize(
    ("steps", "label"),
    [(0, "0"), (3, "+3"), (-3, "-3"), (20, "+20 or more"), (5000, "+20 or more"),
     (-21, "-20 or fewer")],
)  # fmt: skip
def test_what_is_beyond_the_chart_says_so(base: dict[str, Any], steps: int, label: str) -> None:
    shape = base["pair_annotations"]["trace_shape_delta"] | {"total_steps": steps}
    overview = seen(changed(base, trace_shape_delta=shape))
    [chart] = [chart for chart in charts_of(overview, None) if chart.title == "Trace shape"]
    assert chart.rows == [(label, "1")]


@pytest.mark.parametrize(
    ("chosen", "bin_label"),
    [("a b c d", "100%"), ("a b c x", "75 - 80%"), ("a b x y", "50 - 55%"), ("w x y z", "0 - 5%")],
)
def test_similarities_fall_into_bins(base: dict[str, Any], chosen: str, bin_label: str) -> None:
    row = copy.deepcopy(base) | {"rejected_text": "a b c d", "chosen_text": chosen}
    overview = seen(row)
    [chart] = [chart for chart in charts_of(overview, None) if chart.title == "Similarity"]
    expected = "95 - 100%" if bin_label == "100%" else bin_label
    assert chart.rows == [(expected, "1")]


def test_lengths_are_those_of_prompt_and_answer(base: dict[str, Any]) -> None:
    row = copy.deepcopy(base) | {
        "prompt": "p" * 3000,
        "rejected_text": "r" * 30,
        "chosen_text": "c" * 6000,
    }
    overview = seen(row)
    # Three bytes a token, and one token at the end of each of the two.
    assert overview.longest == 1000 + 1 + 2000 + 1 + 1
    assert dict(overview.chosen_lengths) == {3003 // LENGTH_BIN: 1}
    assert dict(overview.rejected_lengths) == {1013 // LENGTH_BIN: 1}
    assert overview.over_limit == {1024: 1, 2048: 1, 4096: 0, 8192: 0, 16384: 0, 32768: 0}
    texts = [warning.text for warning in warnings_of(overview, None)]
    assert any(text.startswith("100% of pairs are longer than 1,024 tokens") for text in texts)
    whys = [warning.why for warning in warnings_of(overview, None)]
    assert any("set max_length to at least 4,096" in why for why in whys)


def test_numbers_of_parts_add_up(base: dict[str, Any]) -> None:
    rows = [
        changed(base, revision_time_ms=1000 * number) | {"challenge_id": str(number)}
        for number in range(9)
    ]
    whole = seen(*rows)
    parts = seen(*rows[:4])
    parts.merge(seen(*rows[4:]))
    for name in ("revision_times", "step_changes", "chosen_lengths", "similarities", "signs"):
        assert getattr(parts, name) == getattr(whole, name)
    assert parts.statistics.as_json() == whole.statistics.as_json()
    assert {each.number for each in parts.sampled()} == set(range(1, 10))
    assert [each.hash for each in parts.sampled()] == [each.hash for each in whole.sampled()]


def test_a_share_is_not_rounded_to_all_or_nothing(base: dict[str, Any], tmp_path: Path) -> None:
    rows = [changed(base, revision_time_ms=1) for _ in range(299)]
    overview = seen(*rows, changed(base, revision_time_ms=60_000))
    texts = [warning.text for warning in warnings_of(overview, None)]
    assert "more than 99% of revisions took under 10 s." in texts
    rows = [changed(base, revision_time_ms=60_000) for _ in range(299)]
    overview = seen(*rows, changed(base, revision_time_ms=1))
    texts = [warning.text for warning in warnings_of(overview, None)]
    assert "0.33% (1) of revisions took under 10 s." in texts


def test_names_in_warnings_are_inert(base: dict[str, Any]) -> None:
    name = "\x1b]0;title\x07\u202eevil"
    row = copy.deepcopy(base) | {"challenge_domain": name}
    row["metadata"] |= {"miner_id": name, "model": name}
    texts = [warning.text for warning in warnings_of(seen(row), None)]
    told = [text for text in texts if "\\x1b]0;title\\x07\\u202eevil" in text]
    assert len(told) == 3
    assert not any("\x1b" in text or "\u202e" in text for text in texts)


def test_the_map_is_darker_where_more_pairs_fail(base: dict[str, Any]) -> None:
    row = copy.deepcopy(base) | {"constraints": [INCLUDE.format(1), "Write EXACTLY 4 words."]}
    flips = {"flipped_to_fail": [], "stayed_pass": [], "flipped_to_pass": [0, 1], "stayed_fail": []}
    both = changed(row, constraint_flips=flips)
    one = changed(row, constraint_flips=flips | {"flipped_to_pass": [0], "stayed_pass": [1]})
    shades = []
    for rows in ((both, both), (both, one)):
        [chart] = [each for each in charts_of(seen(*rows), None) if "repaired" in each.title]
        shades.append(set(re.findall(r'"rect mark"[^>]* fill="([^"]*)"', chart.svg)))
    assert [len(found) for found in shades] == [1, 2]
