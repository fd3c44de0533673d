"""A row taken apart: its sides, outcomes, what is asked."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from botcoin_dpo import build
from botcoin_dpo.constraints.kinds import parse
from botcoin_dpo.contract import schemas
from botcoin_dpo.rows.constraint_flips import FLIP_NAMES
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.statistics.stats import stats
from botcoin_dpo.viewing.catalogue import open_catalogue
from botcoin_dpo.viewing.pair_page import PairPage, make_pair_page
from tests.audited import INCLUDE
from tests.builders import attempt, compute, context, extract, read_rows, write_log

WORDS = "Write EXACTLY 2 words. Single line."
FORBIDDEN = 'Must NOT contain the letter "x" (case-insensitive).'
HOSTILE = "<script>\x1b]0;owned\x07[red]\u202e</think>\u0000\n\r\t\U0001f600" + "w" * 2000


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Rows of a few simulated challenges."""
    folder = tmp_path_factory.mktemp("simulated")
    simulate(folder / "logs", challenges=20, seed=3, miners=4)
    build(folder / "logs", folder / "out", pairs=("exhaustive",))
    found = read_rows(folder / "out", "exhaustive")
    assert len(found) >= 10
    return found


@pytest.fixture(scope="module")
def pages(rows: list[dict[str, Any]]) -> list[PairPage]:
    return [make_pair_page(row, number) for number, row in enumerate(rows, start=1)]


class TestPairPage:
    def test_outcomes_are_those_of_the_row(
        self, rows: list[dict[str, Any]], pages: list[PairPage]
    ) -> None:
        for row, page in zip(rows, pages, strict=True):
            flips = row["pair_annotations"]["constraint_flips"]
            found: dict[str, list[int]] = {name: [] for name in flips}
            for line in page.constraints:
                before, after = line.rejected.passed, line.chosen.passed
                if before is None or after is None:
                    assert before is after
                    assert line.index >= page.checked
                    continue
                name = FLIP_NAMES[before, after]
                found[name].append(line.index)
                assert line.is_flipped == name.startswith("flipped")
            assert found == flips
            assert [line.text for line in page.constraints] == row["constraints"]

    def test_what_keeps_a_constraint_stands_where_it_passed(self, pages: list[PairPage]) -> None:
        seen = set()
        for page in pages:
            for side in (page.rejected, page.chosen):
                for mark in side.marks:
                    line = page.constraints[mark.constraint]
                    if not mark.keeps or line.kind == "acrostic":
                        continue
                    text = side.artifact[mark.start : mark.end]
                    assert text == line.expected
                    assert any(
                        outcome.passed and text in other.artifact
                        for outcome, other in ((line.rejected, page.rejected),
                                               (line.chosen, page.chosen))
                    )  # fmt: skip
                    seen.add(line.kind)
        assert seen == {"include", "prime", "equation"}

    def test_what_breaks_a_constraint_stands_where_it_failed(self, pages: list[PairPage]) -> None:
        seen = set()
        for page in pages:
            for name, side in (("rejected", page.rejected), ("chosen", page.chosen)):
                for mark in side.marks:
                    line = page.constraints[mark.constraint]
                    if not mark.keeps:
                        assert not getattr(line, name).passed
                        seen.add(line.kind)
        assert {"acrostic", "forbidden_letter"} <= seen

    def test_an_acrostic_is_marked_letter_by_letter(self, pages: list[PairPage]) -> None:
        count = 0
        for page in pages:
            for line in page.constraints:
                if line.kind == "acrostic" and line.expected is not None and line.chosen.passed:
                    letters = [page.chosen.artifact[mark.start : mark.end].upper()
                               for mark in page.chosen.marks
                               if mark.constraint == line.index and mark.keeps]  # fmt: skip
                    assert "".join(letters) == line.expected
                    count += 1
        assert count

    def test_a_page_says_what_its_row_says(
        self, rows: list[dict[str, Any]], pages: list[PairPage]
    ) -> None:
        for number, (row, page) in enumerate(zip(rows, pages, strict=True), start=1):
            notes = row["pair_annotations"]
            assert (page.number, page.challenge_id) == (number, row["challenge_id"])
            assert (page.pair_type, page.split) == (notes["pair_type"], row["split"])
            assert page.gain == notes["constraint_pass_delta"]
            assert page.gain == (page.chosen.passed or 0) - (page.rejected.passed or 0)
            assert page.revision_time_ms == notes["revision_time_ms"]
            assert page.feedback == notes["feedback_between_attempts"]
            for name, side in (("rejected", page.rejected), ("chosen", page.chosen)):
                lines = row[name]["think"].split("\n")
                assert side.steps == [line.removeprefix("> ") for line in lines]
                assert len(side.citations) == len(side.steps)
                assert side.artifact == row[name]["artifact"]
                assert side.record_id == row[f"{name}_metadata"]["record_id"]
                cited_there = {getattr(each, f"by_{name}"): each for each in page.document}
                numbers = {each.number for each in page.document if getattr(each, f"by_{name}")}
                assert numbers <= set(side.citations)
                assert True in cited_there

    def test_json_has_everything_and_comes_back_the_same(self, pages: list[PairPage]) -> None:
        for page in pages:
            value = page.as_json()
            assert orjson.loads(orjson.dumps(value)) == json.loads(json.dumps(value)) == value
            line, diff = page.constraints[0], page.diff[0]
            assert value["constraints"][0]["rejected"] == {
                "passed": line.rejected.passed, "audit": line.rejected.audit,
                "ground": line.rejected.ground, "lacks": None, "read": None,
            }  # fmt: skip
            assert [each["number"] for each in value["chosen"]["verdicts"]] == list(
                range(len(page.chosen.steps))
            )
            assert value["diff"][0]["change"] == diff.change
            assert value["chosen"]["marks"][0]["start"] == page.chosen.marks[0].start
            assert value["document"][0]["text"] == page.document[0].text
            assert len(value["diff"]) == len(page.diff)

    def test_an_empty_trace_has_no_steps(self, rows: list[dict[str, Any]]) -> None:
        page = make_pair_page(rows[0] | {"rejected": rows[0]["rejected"] | {"think": ""}}, 1)
        assert page.rejected.steps == []
        assert page.rejected.citations == []
        assert {line.change for line in page.diff} == {"added"}

    def test_outcomes_beyond_the_constraints_are_left_out(self, rows: list[dict[str, Any]]) -> None:
        row = json.loads(json.dumps(rows[0]))
        row["pair_annotations"]["constraint_flips"]["flipped_to_pass"].append(99)
        page = make_pair_page(row, 1)
        assert [line.index for line in page.constraints] == list(range(len(row["constraints"])))


def page_of(
    tmp_path: Path,
    rejected: tuple[str, list[Any]],
    chosen: tuple[str, list[Any]],
    text: str = INCLUDE,
    **changes: Any,
) -> PairPage:
    """A pair of two artifacts and traces, whose only constraint the first fails."""
    [row] = built(tmp_path, rejected, chosen, text, **changes)
    return make_pair_page(row, 1)


def built(
    tmp_path: Path,
    rejected: tuple[str, list[Any]],
    chosen: tuple[str, list[Any]],
    text: str = INCLUDE,
    **changes: Any,
) -> list[dict[str, Any]]:
    records = []
    for index, (artifact, trace) in enumerate((rejected, chosen), start=1):
        passed = index == 2
        record = attempt(index, passed=passed, constraint_total=1, **changes)
        record["challenge_context"] = context(constraints=[text])
        record["constraint_results"] = {"0": {"pass": passed}}
        record["submission"] |= {"artifact": artifact, "reasoning_trace": trace}
        records.append(record)
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
    return read_rows(tmp_path / "out")


class TestWhatIsAsked:
    def test_what_a_passing_attempt_reads_is_expected(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, ("has 900", [compute()]), ("has 1200", [extract()]))
        assert page.constraints[0].expected == "1200"
        assert [mark.keeps for mark in page.chosen.marks] == [True]
        assert page.rejected.marks == []

    def test_what_only_a_failing_attempt_reads_is_not(self, tmp_path: Path) -> None:
        # It fails by what it has read, which is consistent; whether it is right nobody knows.
        page = page_of(tmp_path, ("has 7", [extract()]), ("has 1200", [compute()]))
        line = page.constraints[0]
        assert line.rejected.audit == "consistent"
        assert line.expected is None
        assert page.rejected.marks == page.chosen.marks == []

    def test_a_misreading_that_was_written_is_not_expected(self, tmp_path: Path) -> None:
        wrong = extract(value=900, paragraph=3)
        page = page_of(tmp_path, ("has 900", [wrong]), ("has 1200", [compute()]))
        assert page.constraints[0].expected is None
        assert page.rejected.marks == []

    @pytest.mark.parametrize(
        ("text", "artifact", "expected"),
        [(FORBIDDEN, "Alma ax", "x"), (WORDS, "Alma sails off", "2")],
    )
    def test_what_the_text_alone_asks_is_always_known(
        self, tmp_path: Path, text: str, artifact: str, expected: str
    ) -> None:
        page = page_of(tmp_path, (artifact, [compute()]), ("Alma sails", [compute()]), text)
        assert page.constraints[0].expected == expected

    def test_a_text_that_is_not_understood_asks_nothing(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, ("a", [compute()]), ("b", [compute()]), "Sing a song.")
        [line] = page.constraints
        assert (line.kind, line.expected, line.chosen.audit) == ("other", None, "unchecked")

    def test_an_outcome_that_the_artifact_contradicts_is_said(self, tmp_path: Path) -> None:
        page = page_of(tmp_path, ("Alma", [compute()]), ("Alma ax", [compute()]), FORBIDDEN)
        [line] = page.constraints
        assert (line.rejected.audit, line.chosen.audit) == ("contradicted", "contradicted")
        assert "constraint_outcome" in page.flags


class TestHostileRows:
    def test_hostile_text_and_odd_traps_are_no_crash(self, rows: list[dict[str, Any]]) -> None:
        row = json.loads(json.dumps(rows[0]))
        row |= dict.fromkeys(("challenge_id", "challenge_domain", "document"), HOSTILE)
        row |= {"questions": [HOSTILE], "constraints": [HOSTILE, "", "Tip: " + HOSTILE]}
        row["metadata"] |= {"miner_id": HOSTILE, "model": HOSTILE}
        for side in ("rejected", "chosen"):
            row[side] = {
                "think": f"> {HOSTILE}: {HOSTILE}\n\n> extract: a | b\n>",
                "artifact": HOSTILE,
            }
            row[f"{side}_text"] = HOSTILE
            row[f"{side}_metadata"] |= {"record_id": HOSTILE, "model": HOSTILE}
        row["pair_annotations"]["feedback_between_attempts"] = {HOSTILE: {HOSTILE: [None]}}
        row["trap_metadata"]["traps"] = [
            {}, {"wrong_paragraphs": None}, {"wrong_paragraphs": [[], {}, "1", 1e300]},
            {"correct_paragraph": {}}, {"wrong_value": {}, "correct_value": []},
        ]  # fmt: skip
        assert schemas.is_valid("pair", row)
        page = make_pair_page(row, 1)
        assert page.challenge_id == HOSTILE
        assert {line.change for line in page.diff} == {"same"}
        assert "".join("".join(each.text for each in page.document).split()) == "".join(
            HOSTILE.split()
        )
        assert orjson.loads(orjson.dumps(page.as_json())) == page.as_json()

    @pytest.mark.parametrize("name", ["constraint_total", "flipped_to_pass"])
    def test_whole_numbers_may_be_written_with_a_point(
        self, rows: list[dict[str, Any]], name: str, tmp_path: Path
    ) -> None:
        row = json.loads(json.dumps(rows[0]))
        notes = row["pair_annotations"]
        if name == "constraint_total":
            notes["constraint_total"] = float(notes["constraint_total"])
        else:
            flips = notes["constraint_flips"]
            flips["flipped_to_pass"] = list(map(float, flips["flipped_to_pass"]))
        (tmp_path / "rows.jsonl").write_bytes(orjson.dumps(row) + b"\n")
        with open_catalogue(tmp_path / "rows.jsonl") as pairs:
            page = make_pair_page(pairs.row(1), 1)
        assert page.gain == notes["constraint_pass_delta"]
        assert stats(tmp_path / "rows.jsonl").as_json()["rows"] == 1


def test_what_is_asked_for_agrees_with_the_record(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=60, miners=6, seed=11)
    build(tmp_path / "logs", tmp_path / "out", pairs=["sequential", "cross_session"])
    asked: dict[tuple[str, int], set[str]] = {}
    with open_catalogue(tmp_path / "out") as pairs:
        for number in range(1, len(pairs) + 1):
            page = make_pair_page(pairs.row(number), number)
            for line in page.constraints:
                constraint = parse(line.text)
                if line.expected is None or constraint is None:
                    continue
                asked.setdefault((page.challenge_id, line.index), set()).add(line.expected)
                for side, outcome in ((page.rejected, line.rejected), (page.chosen, line.chosen)):
                    assert constraint.holds(side.artifact, line.expected) == outcome.passed
                    for mark in side.marks:
                        assert mark.constraint != line.index or mark.keeps == outcome.passed
    assert len(asked) > 200
    assert {key: texts for key, texts in asked.items() if len(texts) > 1} == {}
