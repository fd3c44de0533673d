"""The numbers behind the charts, on rows made by hand."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, export
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.audit_rules import RULES, SIGNALS, in_order_of_rules
from botcoin_dpo.contract.pair_conditions import choose_pairs
from botcoin_dpo.contract.verdicts import STATUSES
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.html_report.attempt_counts import attempt_counts
from botcoin_dpo.html_report.chart import Chart
from botcoin_dpo.html_report.charts import charts_of
from botcoin_dpo.html_report.checks import checks_of
from botcoin_dpo.html_report.opening import opening_of
from botcoin_dpo.html_report.overview import REVISION_EDGES, Overview
from botcoin_dpo.html_report.pages import ShownPair
from botcoin_dpo.html_report.pair_charts import gap_label
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.html_report.training import Training
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing.pair_page import make_pair_page
from botcoin_dpo.viewing.signs import LEVELS_BY_SIDE, USUAL, levels_found
from botcoin_dpo.viewing.signs import SIGNS as SIGNS_OF_PAIRS
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


def told(overview: Overview) -> list[str]:
    return [check.text for check in checks_of(overview, None, "out")]


def chart_of(overview: Overview, question: str) -> Chart:
    [chart] = [each for each in charts_of(overview, None, {}) if question in each.question]
    return chart


def texts(chart: Chart) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in chart.rows]


def test_a_constraint_is_repaired_if_none_of_its_kind_is_left(base: dict[str, Any]) -> None:
    row = copy.deepcopy(base) | {"constraints": [INCLUDE.format(n) for n in range(1, 5)]}
    row["pair_annotations"]["constraint_total"] = 4
    flips = {"flipped_to_fail": [], "stayed_pass": [], "flipped_to_pass": [0, 1], "stayed_fail": []}
    whole = changed(row, constraint_flips=flips | {"stayed_pass": [2, 3]})
    half = changed(row, constraint_flips=flips | {"stayed_fail": [2], "stayed_pass": [3]})
    overview = seen(whole, half, whole)
    model = base["rejected_metadata"]["model"]
    assert overview.asked["include"].counts == {model: 3}
    assert overview.failed["include"].counts == {model: 3}
    assert overview.repaired == {"include": 2}
    chart = chart_of(overview, "does each model fail?")
    assert chart.columns == ("constraint", model, "repaired")
    assert texts(chart) == [("include", "100%", "67%")]
    assert chart.rows[0][1].bar == 1
    assert chart_of(seen(whole), "does each model fail?").columns == ("constraint", model)


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
    assert not any("took under" in text for text in told(overview))


@pytest.mark.parametrize(
    ("chosen", "label"),
    [("a b c d", "95 to 100%"), ("a b c x", "75 to 80%"), ("a b x y", "50 to 55%"),
     ("w x y z", "0 to 5%")],
)  # fmt: skip
def test_similarities_fall_into_bins(base: dict[str, Any], chosen: str, label: str) -> None:
    row = copy.deepcopy(base) | {"rejected_text": "a b c d", "chosen_text": chosen}
    other = copy.deepcopy(base) | {"rejected_text": "a b c d", "chosen_text": "a b c d e f g h"}
    chart = chart_of(seen(row, row, other), "How alike")
    assert (label, "2") in texts(chart)


def test_a_chart_whose_bars_are_alike_is_left_out(base: dict[str, Any]) -> None:
    rows = [copy.deepcopy(base) | {"challenge_domain": name} for name in ("a", "b", "b", "b")]
    assert texts(chart_of(seen(*rows), "Which domains")) == [("b", "3"), ("a", "1")]
    even = charts_of(seen(*rows[:2], *rows[:2]), None, {})
    assert not any("Which domains" in chart.question for chart in even)


@pytest.mark.parametrize(
    ("more", "label", "sign"),
    [(0, "-10 to +10", "even"), (60, "+11 to +50", "longer"), (-60, "-50 to -11", "shorter"),
     (3000, "+401 and more", "longer"), (-3000, "below -400", "shorter")],
)  # fmt: skip
def test_length_gaps_fall_into_bins(base: dict[str, Any], more: int, label: str, sign: str) -> None:
    row = copy.deepcopy(base)
    for side, extra in (("rejected", max(0, -more)), ("chosen", max(0, more))):
        row[side] = {"think": "> note: x", "artifact": "a" * 5000 + "b" * extra}
    row["chosen"]["think"] = "> note: y"
    overview = seen(row)
    [counts] = overview.training.gap_bins.values()
    [(at, count)] = counts.items()
    assert (gap_label(at), count) == (label, 1)
    [sampled] = overview.sampled()
    assert sampled.gap == round(more / 3)
    longer = overview.training.pairs.longer
    assert (longer.chosen, longer.rejected) == (sign == "longer", sign == "shorter")


def test_numbers_of_rows_are_those_of_their_export(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=12, miners=5, seed=8)
    kinds = ["sequential", "cross_session"]
    build(tmp_path / "logs", tmp_path / "out", pairs=kinds, splits=(0.6, 0.2, 0.2))
    rows = [row for kind in kinds for row in read_rows(tmp_path / "out", kind)]
    unsafe = json.loads(json.dumps(rows[0]))
    unsafe["chosen"]["artifact"] = "<|im_start|>"
    joined = Training()
    for start in range(0, len(rows), 7):
        part = Training()
        for row in [*rows[start : start + 7], unsafe]:
            part.add(row)
        joined.merge(part)
    exported = export(tmp_path / "out", tmp_path / "hub", format="jsonl")
    by_name = {each.config.name: each for each in exported.configs}
    assert set(joined.texts) == {f"dpo_reasoning_{kind}" for kind in kinds}
    for name, texts in joined.texts.items():
        assert texts.as_json() == by_name[name].texts.as_json()
    assert joined.max_length == exported.as_json()["max_length"]


def test_the_recommended_length_is_that_of_an_export(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=8, miners=4, seed=5)
    build(tmp_path / "logs", tmp_path / "out", pairs=["sequential", "cross_session"])
    exported = export(tmp_path / "out", tmp_path / "hub", format="jsonl").as_json()["configs"]
    wanted = {
        each["config"]: each["lengths"]["max_length"]["all"] for each in exported if each["lengths"]
    }
    result = report(tmp_path / "out", tmp_path / "report.html")
    assert result.max_lengths == wanted
    assert len(wanted) > 6
    text = (tmp_path / "report.html").read_text()
    of_pairs = max(most for name, most in wanted.items() if name.startswith("dpo_reasoning_"))
    assert f"Pairs are trainable at max_length {of_pairs:,} (" in text


def test_numbers_of_parts_add_up(base: dict[str, Any]) -> None:
    rows = [
        changed(base, revision_time_ms=1000 * number) | {"challenge_id": str(number)}
        for number in range(9)
    ]
    whole = seen(*rows)
    parts = seen(*rows[:4])
    parts.merge(seen(*rows[4:]))
    for name in ("revision_times", "attempts", "repaired", "grounds", "similarities", "signs"):
        assert getattr(parts, name) == getattr(whole, name)
    assert parts.statistics.as_json() == whole.statistics.as_json()
    assert parts.training.max_lengths == whole.training.max_lengths
    assert parts.training.gap_bins == whole.training.gap_bins
    assert {each.number for each in parts.sampled()} == set(range(1, 10))
    assert [each.hash for each in parts.sampled()] == [each.hash for each in whole.sampled()]


def test_a_share_is_not_rounded_to_all_or_nothing(base: dict[str, Any], tmp_path: Path) -> None:
    rows = [changed(base, revision_time_ms=1) for _ in range(299)]
    overview = seen(*rows, changed(base, revision_time_ms=60_000))
    assert "more than 99% of revisions took under 10 s." in told(overview)
    rows = [changed(base, revision_time_ms=60_000) for _ in range(299)]
    overview = seen(*rows, changed(base, revision_time_ms=1))
    assert "0.33% (1) of revisions took under 10 s." in told(overview)


def test_names_in_warnings_are_inert(base: dict[str, Any]) -> None:
    name = "\x1b]0;title\x07\u202eevil"
    row = copy.deepcopy(base) | {"challenge_domain": name}
    row["metadata"] |= {"miner_id": name, "model": name}
    found = checks_of(seen(row), None, name)
    assert sum("\\x1b]0;title\\x07\\u202eevil" in check.text for check in found) == 3
    addresses = [check.pairs.address for check in found if check.pairs]
    for text in [*told(seen(row)), *addresses, *(check.command or "" for check in found)]:
        assert not re.search("[\x1b\u202e]|%1B|%E2%80%AE", text)


def test_what_is_usual_is_no_warning(base: dict[str, Any]) -> None:
    rows = [
        changed(base, revision_time_ms=60_000) | {"challenge_domain": name} for name in "abcd" * 125
    ]
    found = {check.text: check.is_warning for check in checks_of(seen(*rows), None, "out")}
    assert found["25% of pairs are of one domain: a (there are 4)."] is False
    assert found["No revision took under 10 s."] is False
    assert found["There are 500 pairs."] is False
    assert found["The labels were not audited."] is True


def test_one_of_two_models_may_have_a_little_more(base: dict[str, Any]) -> None:
    def is_warned(*models: str) -> bool:
        rows = [copy.deepcopy(base) for _ in models]
        for row, model in zip(rows, models, strict=True):
            row["metadata"]["model"] = model
        found = checks_of(seen(*rows), None, "out")
        return any(check.is_warning and "one model" in check.text for check in found)

    assert not is_warned(*"aaaaabbbb")
    assert is_warned(*"aaaaaaaab")
    assert is_warned(*"aaa")


def test_flagged_pairs_come_first_and_leave_room(base: dict[str, Any]) -> None:
    rows = [
        changed(base, revision_time_ms=1 if number % 2 else 60_000) | {"challenge_id": str(number)}
        for number in range(60)
    ]
    overview = Overview(8)
    for line, row in enumerate(rows, start=1):
        overview.add(StoredRow(line, row, offset=line))
    ranks = [each.rank for each in overview.sampled()]
    assert len(ranks) == 8
    assert ranks[:6] == [2] * 6
    few = Overview(8)
    for line, row in enumerate(rows[:2] + rows[2::2], start=1):
        few.add(StoredRow(line, row, offset=line))
    assert sorted(each.rank for each in few.sampled()) == [2, *[USUAL] * 7]
    assert len({each.number for each in few.sampled()}) == 8


def test_attempts_that_are_all_known_have_a_rate(base: dict[str, Any]) -> None:
    charts = charts_of(seen(base), None, {1: (1, 4), 2: (3, 4)})
    [chart] = [each for each in charts if each.question == "Does the pass rate rise with attempts?"]
    assert texts(chart) == [("1", "25%", "4"), ("2", "75%", "4")]
    assert chart.answer.startswith("50% of all 8 usable attempts pass")
    assert "At which attempt" not in "".join(each.question for each in charts)


def test_attempts_are_counted_from_the_files_of_a_build(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=4, miners=4, seed=5)
    result = build(tmp_path / "logs", tmp_path / "out", attempts=True)
    manifest = read_manifest(tmp_path / "out")
    counts = attempt_counts(tmp_path / "out", manifest)
    assert sum(total for _, total in counts.values()) == result.funnel.attempts.usable
    assert all(0 <= passed <= total for passed, total in counts.values())
    assert report(tmp_path / "out", tmp_path / "report.html").rows
    assert "Does the pass rate rise with attempts?" in (tmp_path / "report.html").read_text()
    assert attempt_counts(tmp_path, None) == {}


def audited(base: dict[str, Any], rejected: list[str], chosen: list[str]) -> dict[str, Any]:
    """The row with an audit that found something by these rules."""
    row = copy.deepcopy(base)
    sides = {"rejected": {"verified": 1}, "chosen": {"verified": 1}}
    nothing = dict.fromkeys(STATUSES, 0)
    row["audit"] = {
        "verdicts": {side: nothing | counts for side, counts in sides.items()},
        "grounds": {side: {"verified": {"text": 1}} for side in sides},
        "flags": in_order_of_rules([*rejected, *chosen]),
        "found_in": {"rejected": rejected, "chosen": chosen},
        "signals": dict.fromkeys(SIGNALS),
    }
    row["audit"]["signals"] |= {
        "length_ratio": 1, "equal_artifacts": False, "revision_steps": 0, "unmatched_citations": 0,
    }  # fmt: skip
    return row


def test_only_what_is_suspicious_in_chosen_is_warned_of(base: dict[str, Any]) -> None:
    slip = ["computation_result"]
    overview = seen(
        audited(base, slip, []), audited(base, slip, []), audited(base, [], slip),
        audited(base, slip, slip), audited(base, ["pass_label"], []), audited(base, [], []),
    )  # fmt: skip
    found = {check.pairs.flag: check for check in checks_of(overview, None, "out") if check.pairs}
    contradicted, chosen = found["contradicted"], found["chosen:suspicious"]
    rejected = found["only_rejected:suspicious"]
    assert contradicted.command == "botcoin-dpo export out --drop-if contradicted"
    assert chosen.text == "In 33% of audited pairs the audit found something suspicious in chosen."
    assert chosen.is_warning
    assert chosen.command == "botcoin-dpo export out --drop-if chosen:suspicious"
    text = "In 33% of audited pairs it found something suspicious in rejected alone."
    assert rejected.text == text
    assert not rejected.is_warning
    assert rejected.command is None


def test_slips_of_rejected_sides_alone_are_no_warning(base: dict[str, Any]) -> None:
    found = checks_of(seen(audited(base, ["trap_value"], [])), None, "out")
    about = {check.text: check for check in found if "suspicious" in check.text}
    assert list(about) == [
        "In none of the 1 audited pairs the audit found something suspicious in chosen.",
        "In 100% of audited pairs it found something suspicious in rejected alone.",
    ]
    assert not any(check.is_warning or check.command for check in about.values())


def test_pairs_are_filtered_by_the_side_of_a_finding(base: dict[str, Any]) -> None:
    for rejected, chosen, values in (
        (["trap_value"], [], ["only_rejected:suspicious"]),
        ([], ["trap_value"], ["chosen:suspicious"]),
        (["trap_value"], ["trap_value", "hidden_text"], ["chosen:suspicious"]),
        (["trap_value"], ["pass_label"], ["chosen:contradicted", "only_rejected:suspicious"]),
        ([], [], []),
    ):
        row = audited(base, rejected, chosen)
        overview = seen(row)
        [sampled] = overview.sampled()
        page = make_pair_page(row, 1)
        shown = ShownPair(sampled, page.flags, levels_found(page.found_in), "text", "")
        wanted = shown.filters["flag"].split()
        assert [value for value in wanted if ":" in value] == values
        assert all(overview.signs[value] == 1 for value in wanted if value not in RULES)
        assert all(value in LEVELS_BY_SIDE for value in values)


def test_a_level_is_counted_once_a_pair(base: dict[str, Any]) -> None:
    row = audited(base, ["constraint_outcome", "pass_label"], ["constraint_outcome", "trap_value"])
    overview = seen(row, row)
    assert overview.levels == {"contradicted": 2, "suspicious": 2}
    opening = opening_of(overview, checks_of(overview, None, "out"))
    assert opening.headline.startswith("Do not train on it yet: 2 pairs have records")
    commands = [check.command for check in checks_of(overview, None, "my out") if check.command]
    assert "botcoin-dpo export 'my out' --drop-if contradicted" in commands
    assert [figure.number for figure in opening.figures[:3]] == ["2", "2", "2"]
    assert {each.facts.ground for each in overview.sampled()} == {"text"}


def test_what_mends_a_warning_is_a_condition(base: dict[str, Any]) -> None:
    for sign in SIGNS_OF_PAIRS.values():
        assert choose_pairs([sign.drop_if], [])
    fast = seen(*(changed(base, revision_time_ms=5) for _ in range(3)))
    commands = [check.command or "" for check in checks_of(fast, None, "out")]
    assert "botcoin-dpo export out --drop-if revision_time_ms:lt:10000" in commands
    assert "botcoin-dpo build LOGS -o out --audit" in commands
    for command in commands:
        for condition in re.findall("--drop-if ([^ ]+)", command):
            assert choose_pairs([condition], [])
