"""`botcoin-dpo show` as a user sees it: lists, pairs, widths, colours, hostile text, pictures."""

import json
import os
import pty
import pydoc
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
import typer
from rich.cells import cell_len
from rich.console import Console

from botcoin_dpo import build
from botcoin_dpo.cli import streams
from botcoin_dpo.cli.app import app
from botcoin_dpo.constraints.kinds import KIND_NAMES
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.terminal.pair_view import PairView
from botcoin_dpo.viewing.pair_page import make_pair_page
from tests.builders import ROOT, extract, read_rows, recovery, run, write_log

Show = Callable[..., "subprocess.CompletedProcess[str]"]

HOSTILE = (
    "<script>alert(1)</script>\x1b]0;owned\x07\x1b[2J\x9b2J[red]loud[/red]\u202egnp.exe\u2066"
    "\U000e0041\u200b\u00ad\u3164A\u200dB"
    "\r\nsecond\tline \U0001f469\u200d\U0001f680 :smile: ]]> &amp; \"'"
)
ACTIVE = set("\x1b\x07\x9b\r\x00\u202e\u2066\u2028\u200f\U000e0041\u200b\u00ad\u3164")
NOTES = [{"action": "note", "note": f"said {n}"} for n in range(10)]


def session(challenge: str, **changes: Any) -> list[dict[str, Any]]:
    """Return a session whose two traces differ in one of 21 steps."""
    records = recovery(challenge, **changes)
    for record, fact in zip(records, (extract(value=900, paragraph=3), extract()), strict=True):
        record["submission"]["reasoning_trace"] = [*NOTES, fact, *NOTES]
    return records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build of three pairs."""
    folder = tmp_path_factory.mktemp("show")
    trap = {"wrong_paragraphs": [2], "correct_paragraph": 1}
    records = [
        *session("0xaa01", trap_metadata={"trap_count": 1, "traps": [trap]}),
        *session("0xaa02", challenge_domain="birds", failed=[0]),
        *recovery("0xbb03", challenge_domain=None, failed=[0, 1]),
    ]
    for record in records[2:4]:
        record["submission"]["model"] = "large-model"
    records[5]["attempt_submitted_at"] += 1_000
    build(write_log(folder / "logs/a.jsonl", records), folder / "out")
    return folder


@pytest.fixture
def show(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Show:
    """Run the command in this process, which takes a tenth of the time."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    def run_here(*arguments: object, columns: int = 100) -> "subprocess.CompletedProcess[str]":
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        words = ["show", *map(str, arguments)]
        with pytest.raises(SystemExit) as caught:
            typer.main.get_command(app)(words, prog_name="botcoin-dpo")
        printed = capsys.readouterr()
        code = caught.value.code or 0
        assert isinstance(code, int)
        return subprocess.CompletedProcess(words, code, printed.out, printed.err)

    return run_here


def numbered(folder: Path) -> dict[str, int]:
    """The number of each pair, by its challenge."""
    rows = read_rows(folder / "out")
    return {row["challenge_id"]: number for number, row in enumerate(rows, start=1)}


def squeezed(text: str) -> str:
    """A text without blank space, so that line breaks do not matter."""
    return "".join(text.split())


def without_questions(lines: list[str]) -> list[str]:
    """The lines of a pair but its questions, each of which is one line however wide it is."""
    [first] = [at for at, line in enumerate(lines) if line.startswith("questions ─")]
    [last] = [at for at, line in enumerate(lines) if line.startswith("traces ─")]
    assert last > first + 1
    return [*lines[: first + 1], *lines[last:]]


def hostile_rows(folder: Path, path: Path, **changes: str) -> Path:
    """Write a row with hostile text wherever text may be."""
    row = json.loads(json.dumps(read_rows(folder / "out")[0]))
    text = changes.get("text", HOSTILE)
    row |= {"challenge_id": text, "challenge_domain": text, "questions": [text]}
    row["document"] = f"{text}\n[paragraph_1]\n{text}"
    row["constraints"] = [text, f"Must include the {text}", f"Tip: {text}"]
    row["metadata"] |= {"miner_id": text, "model": text}
    for side in ("rejected", "chosen"):
        step = text.replace("\n", " ").replace("\r", " ")
        row[side] = {"think": f"> note: a b c {step} {side}\n> {step}{side}", "artifact": text}
        row[f"{side}_metadata"] |= {"record_id": text, "model": text}
    row["pair_annotations"]["feedback_between_attempts"] = {text: text}
    assert schemas.is_valid("pair", row)
    path.write_bytes(orjson.dumps(row) + b"\n")
    return path


class TestLists:
    def test_all_pairs_are_listed(self, folder: Path) -> None:
        result = run("show", cwd=folder, columns=80)
        assert (result.returncode, result.stderr) == (0, "")
        lines = result.stdout.splitlines()
        assert lines[0] == "3 of 3 pairs"
        assert lines[1].split() == [
            "pair", "challenge", "domain", "model", "repaired", "gain", "time", "alike",
        ]  # fmt: skip
        rows = [line.split() for line in lines if "0x" in line]
        assert {row[1]: int(row[0]) for row in rows} == numbered(folder)
        assert [int(row[0]) for row in rows] == [1, 2, 3]
        [third] = [row for row in rows if row[1] == "0xbb03"]
        assert third[2:5] == ["-", "small-model", "word_count,…"]
        assert third[-6:-1] == ["+2", "1", "min", "1", "s"]
        assert lines[-1] == "to see a pair: botcoin-dpo show out 1"

    def test_the_next_command_can_be_pasted_however_long_it_is(self, folder: Path) -> None:
        name = "a b; $c " + "long " * 30 + "[x]"
        (folder / name).symlink_to(folder / "out")
        lines = run("show", name, cwd=folder, columns=80).stdout.splitlines()
        assert lines[-1] == f"to see a pair: botcoin-dpo show '{name}' 1"

    def test_ids_are_shown_where_there_is_room(self, show: Show, folder: Path) -> None:
        ids = [pair_id_of(row) for row in read_rows(folder / "out")]
        lines = show("out", columns=120).stdout.splitlines()
        assert lines[1].split()[:3] == ["pair", "id", "challenge"]
        assert [line.split()[1] for line in lines if "0x" in line] == ids
        assert max(map(len, lines)) <= 120
        for columns in (80, 120):
            assert show("out", ids[2], columns=columns).stdout.startswith(f"pair 3  {ids[2]}  ")

    @pytest.mark.parametrize(
        ("options", "found"),
        [
            ((), {"0xaa01", "0xaa02", "0xbb03"}),
            (("--domain", "Birds"), {"0xaa02"}),
            (("--model", "small-model"), {"0xaa01", "0xbb03"}),
            (("--flipped", "word_count"), {"0xaa02", "0xbb03"}),
            (("--flipped", "word_count", "--domain", "birds"), {"0xaa02"}),
            (("--flipped", "prime"), set()),
        ],
    )
    def test_filters_choose_pairs(self, show: Show, options: Any, found: set[str]) -> None:
        value = json.loads(show("out", *options, "--json").stdout)
        assert (value["pairs"], value["fitting"]) == (3, len(found))
        assert {each["challenge_id"] for each in value["listed"]} == found
        result = show("out", *options)
        assert result.returncode == 0
        assert result.stdout.startswith(f"{len(found)} of 3 pairs\n")
        assert {name for name in ("0xaa01", "0xaa02", "0xbb03") if name in result.stdout} == found

    def test_rules_of_the_audit_choose_pairs(self, show: Show, tmp_path: Path) -> None:
        result = show("out", "--flag", "suspicious")
        assert result.stdout.startswith("0 of 3 pairs\n")
        assert result.stderr == "these rows carry no audit; build with --audit\n"
        records = [*session("0xaa01"), *session("0xaa02")]
        records[3]["submission"]["artifact"] = "Alma sails from Nara2 xx"
        build(write_log(tmp_path / "logs/a.jsonl", records), tmp_path / "out", audit=True)
        [row] = [row for row in read_rows(tmp_path / "out") if row["audit"]["flags"]]
        rule = row["audit"]["flags"][0]
        for flag in (rule, "contradicted"):
            value = json.loads(show(tmp_path / "out", "--flag", flag, "--json").stdout)
            assert [each["challenge_id"] for each in value["listed"]] == [row["challenge_id"]]
            assert rule in value["listed"][0]["flags"].split()
        assert (
            json.loads(show(tmp_path / "out", "--flag", "trap_zone", "--json").stdout)["listed"]
            == []
        )
        table = show(tmp_path / "out", columns=200).stdout
        assert rule in table
        assert re.search(r" !! ", show(tmp_path / "out", columns=80).stdout)
        result = show("out", "--flag", "nosuch")
        assert result.returncode == 2
        assert result.stderr.startswith("error: --flag nosuch: no such rule; choose from contrad")

    def test_a_pair_in_no_repaired_column_says_a_reason(
        self, show: Show, folder: Path, tmp_path: Path
    ) -> None:
        row = json.loads(json.dumps(read_rows(folder / "out")[0]))
        notes = row["pair_annotations"]
        flips = notes["constraint_flips"]
        flips["stayed_pass"] = sorted([*flips["stayed_pass"], *flips["flipped_to_pass"]])
        flips["flipped_to_pass"] = []
        notes |= {"improvement_basis": "answer_threshold_met", "constraint_pass_delta": 0}
        (tmp_path / "rows.jsonl").write_bytes(orjson.dumps(row) + b"\n")
        shown = show(tmp_path / "rows.jsonl", columns=80).stdout
        assert re.search(r" answers +\+0 ", shown)
        shown = show(tmp_path / "rows.jsonl", 1, columns=200).stdout
        assert (
            "\nboth sides pass all 3 constraints; chosen won because rejected has too few" in shown
        )

    def test_orders_and_limits(self, show: Show, folder: Path) -> None:
        value = json.loads(show("--sort", "gain", "--limit", 1, "--json").stdout)
        assert (value["fitting"], [each["challenge_id"] for each in value["listed"]]) == (
            3,
            ["0xbb03"],
        )
        value = json.loads(show("--sort", "revision-time", "--json").stdout)
        assert value["listed"][-1]["challenge_id"] == "0xbb03"
        value = json.loads(show("--sort", "similarity", "--json").stdout)
        assert value["listed"][-1]["challenge_id"] == "0xbb03"
        assert "the first 2; see --limit\n" in show("--limit", 2).stdout
        assert "--limit" not in show("--limit", 3).stdout

    def test_json_of_a_list_has_the_facts(self, show: Show, folder: Path) -> None:
        result = show("--json", "--domain", "birds")
        [listed] = json.loads(result.stdout)["listed"]
        assert listed == {
            "number": numbered(folder)["0xaa02"], "pair_id": listed["pair_id"],
            "challenge_id": "0xaa02",
            "rejected_id": "0xaa02-0xaa-1", "chosen_id": "0xaa02-0xaa-2", "domain": "birds",
            "model": "large-model", "split": listed["split"], "pair_type": "sequential",
            "rejected_index": 1, "chosen_index": 2, "gain": 1, "revision_time_ms": 60_000,
            "similarity": listed["similarity"], "repaired": "word_count",
            "basis": "constraint_count_increase", "flags": None, "ground": None,
        }  # fmt: skip
        assert 0.5 < listed["similarity"] < 1

    def test_a_prefix_of_several_lists_them(self, show: Show) -> None:
        result = show("out", "0xaa")
        assert result.stdout.startswith("2 of 3 pairs\n")
        assert show("out", "0xaa01").stdout.startswith("pair ")

    def test_a_prefix_of_many_says_how_many(self, show: Show, folder: Path, tmp_path: Path) -> None:
        line = orjson.dumps(read_rows(folder / "out")[0]) + b"\n"
        (tmp_path / "rows.jsonl").write_bytes(line * 25)
        value = json.loads(show(tmp_path / "rows.jsonl", "0x", "--json").stdout)
        assert (value["pairs"], value["fitting"]) == (25, 25)


class TestOptions:
    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (
                ["out", "1", "--sort", "gain"],
                "--domain, --model, --flipped, --flag and --sort are for lists; leave PAIR out",
            ),
            (["out", "--svg", "a.svg"], "--svg: a picture is of one pair; name one"),
            (["out", ""], "PAIR is empty; name a number, or how an id starts"),
            (["-"], "-: rows are read more than once; name a file"),
        ],
    )
    def test_options_that_do_nothing_are_refused(
        self, show: Show, words: list[str], message: str
    ) -> None:
        result = show(*words)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == f"error: {message}\n"

    def test_a_filter_that_nothing_fits_names_what_there_is(self, show: Show) -> None:
        result = show("out", "--domain", "nosuch")
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith("error: --domain nosuch: no such domain; choose from ")

    def test_json_and_a_picture_go_together(self, show: Show, tmp_path: Path) -> None:
        result = show("out", "1", "--json", "--svg", tmp_path / "a.svg")
        assert json.loads(result.stdout)["number"] == 1
        assert "<svg" in (tmp_path / "a.svg").read_text()


class TestPairs:
    def test_a_pair_is_shown_by_number(self, show: Show, folder: Path) -> None:
        number = numbered(folder)["0xaa01"]
        row = read_rows(folder / "out")[number - 1]
        result = show("out", number)
        assert (result.returncode, result.stderr) == (0, "")
        shown = result.stdout
        assert shown.startswith(f"pair {number}  {pair_id_of(row)}  sequential, ")
        assert "ships · small-model · miner 0xaa\n" in shown
        assert "attempt 1 → 2 of 2 · 2 → 3 of 3 constraints passed · 1 min between them" in shown
        assert "\nchosen won because it passes 2 (include), which rejected fails\n" in shown
        assert re.search(r"^2  FAIL\b.* pass\b.*Must include the harbour", shown, re.M)
        assert re.search(r"^1  pass\b.* pass\b", shown, re.M)
        assert re.search(r"^4  - +- +Tip: ", shown, re.M)
        assert re.search(r"^- .*\[-900-\].*\[-paragraph_3-\]", shown, re.M)
        assert re.search(r"^\+ .*\{\+1200\+\}.*\{\+paragraph_2\+\}", shown, re.M)
        assert "rejected\n  Alma sails from Nara1" in shown
        assert "chosen\n  Alma sails from Nara" in shown

    def test_a_number_alone_is_a_pair_of_out(self, show: Show) -> None:
        result = show("3")
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith("pair 3  ")

    def test_what_exists_is_a_build_and_no_pair(
        self, show: Show, folder: Path, tmp_path: Path
    ) -> None:
        (folder / "3").mkdir()
        try:
            result = show("3")
        finally:
            (folder / "3").rmdir()
        assert (
            result.stderr
            == "error: 3: not a built folder; build the logs first, or name a file of rows\n"
        )
        assert show("3").stdout.startswith("pair 3  ")

    def test_a_pair_is_found_by_the_start_of_an_id(self, show: Show, folder: Path) -> None:
        for wanted in ("0xbb", "0xbb03-0xaa-1", "0xbb03-0xaa-2"):
            assert show("out", wanted).stdout.startswith(f"pair {numbered(folder)['0xbb03']}  ")

    def test_json_of_a_pair_has_everything(self, show: Show, folder: Path) -> None:
        for number, row in enumerate(read_rows(folder / "out"), start=1):
            result = show("out", number, "--json")
            assert (result.returncode, result.stderr) == (0, "")
            value = json.loads(result.stdout)
            del value["timing"]
            assert value == make_pair_page(row, number).as_json()

    def test_a_file_of_rows_will_do(self, show: Show, folder: Path) -> None:
        shard = next((folder / "out").glob("*/*.jsonl"))
        assert show(shard, 1).stdout.startswith("pair 1  ")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("out", 9), "out: has no pair 9; it has 3, from 1 on"),
            (("out", "0xc"), "out: has no pair 0xc; it has 3, from 1 on"),
            (("out", "a\x1b\u202e"), "out: has no pair a\\x1b\\u202e; it has 3, from 1 on"),
            (
                ("nothing",),
                "nothing: no such file or folder, and out has no pair of this number or id; name a "
                "built folder, or list the pairs with botcoin-dpo show",
            ),
            (
                ("nothing", 1),
                "nothing: no such file or folder; build first, or name a built folder",
            ),
            (("logs",), "logs: not a built folder; build the logs first, or name a file of rows"),
            (("logs/a.jsonl",), "logs/a.jsonl:1: not a valid row; see botcoin-dpo validate"),
            (
                ("out", "--sort", "time"),
                "--sort time: no such order; choose from revision-time, gain, similarity",
            ),
            (
                ("out", "--flipped", "words"),
                f"--flipped words: no such kind; choose from {', '.join(KIND_NAMES)}",
            ),
            (
                ("out", "--progress", "fancy"),
                "--progress fancy: unknown; choose from auto, plain, none",
            ),
            (
                ("out", 1, "--svg", "out/a.svg"),
                "out/a.svg: lies in a build, which lists its files; name another place",
            ),
        ],
    )
    def test_what_must_be_mended_is_one_line(
        self, show: Show, arguments: tuple[object, ...], message: str
    ) -> None:
        result = show(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == f"error: {message}\n"

    @pytest.mark.parametrize("option", [("--limit", 0), ("--context", -1), ("--limit", "x")])
    def test_numbers_out_of_range_are_usage_errors(
        self, show: Show, option: tuple[str, object]
    ) -> None:
        result = show("out", *option)
        assert (result.returncode, result.stdout) == (2, "")
        assert option[0] in result.stderr


class TestQuestions:
    @pytest.mark.parametrize("columns", [60, 80, 120])
    def test_a_question_is_one_unbroken_text(
        self, show: Show, folder: Path, tmp_path: Path, columns: int
    ) -> None:
        row = json.loads(json.dumps(read_rows(folder / "out")[0]))
        row["questions"] = [
            "Which ship " + "of many a harbour " * 12 + "is the oldest?",
            *row["questions"],
        ]
        (tmp_path / "rows.jsonl").write_bytes(orjson.dumps(row) + b"\n")
        shown = show(tmp_path / "rows.jsonl", 1, columns=columns).stdout
        for number, question in enumerate(row["questions"], start=1):
            assert f"\n{number:>2}  {question}\n" in shown
        show(tmp_path / "rows.jsonl", 1, "--svg", tmp_path / "a.svg")
        assert squeezed(row["questions"][0]) in picture(tmp_path / "a.svg")

    def test_what_a_failing_artifact_lacks_is_said(self, show: Show, folder: Path) -> None:
        shown = show("out", numbered(folder)["0xaa01"]).stdout
        rejected = shown.partition("\nrejected\n")[2].partition("\nchosen\n")[0]
        assert re.search(r"^  lacks 2 \(include\): ", rejected, re.M)
        assert "lacks" not in shown.partition("\nchosen\n")[2]

    def test_the_neighbours_of_a_pair_are_named(self, show: Show) -> None:
        assert show("out", 1).stdout.splitlines()[-1] == "pair 1 of 3 · next: 2"
        assert show("out", 2).stdout.splitlines()[-1] == "pair 2 of 3 · previous: 1 · next: 3"
        assert show("out", 3).stdout.splitlines()[-1] == "pair 3 of 3 · previous: 2"


class TestSteps:
    def test_unchanged_steps_are_folded(self, show: Show, folder: Path) -> None:
        number = numbered(folder)["0xaa01"]
        for context, folded in ((None, 8), (0, 10), (5, 5)):
            options = () if context is None else ("--context", context)
            for columns in (80, 200):
                shown = show("out", number, *options, columns=columns).stdout
                assert shown.count(f"… {folded} steps are the same") == 2
                assert shown.count("steps are the same") == 2
                seen = len(re.findall(r"said \d", shown))
                assert seen == 2 * (10 - folded) * (1 if columns == 80 else 2)

    @pytest.mark.parametrize("options", [("--all-steps",), ("--context", 9), ("--context", 10)])
    def test_all_steps_are_shown_where_they_are_wanted(
        self, show: Show, folder: Path, options: tuple[object, ...]
    ) -> None:
        shown = show("out", numbered(folder)["0xaa01"], *options).stdout
        assert "are the same" not in shown
        assert re.findall(r"said (\d)", shown) == [*"0123456789"] * 2

    def test_a_document_is_shown_where_it_is_wanted(self, show: Show, folder: Path) -> None:
        number = numbered(folder)["0xaa01"]
        row = read_rows(folder / "out")[number - 1]
        shown = show("out", number, "--document").stdout
        for paragraph in re.split(r"\[paragraph_\d\]", row["document"])[1:]:
            assert squeezed(paragraph) in squeezed(shown)
        heads = [line.rstrip() for line in shown.splitlines() if line.startswith("[paragraph_")]
        assert heads == [
            "[paragraph_1]",
            "[paragraph_2]  cited by chosen  truth",
            "[paragraph_3]  cited by rejected  trap",
            "[paragraph_4]",
        ]
        assert "[paragraph_1]" not in show("out", number).stdout


class TestWidths:
    @pytest.mark.parametrize("columns", [40, 80, 120])
    def test_no_line_is_wider_than_the_screen(
        self, show: Show, folder: Path, tmp_path: Path, columns: int
    ) -> None:
        for rows in ("out", hostile_rows(folder, tmp_path / "rows.jsonl")):
            lines = show(rows, 1, "--document", "--all-steps", columns=columns).stdout.splitlines()
            assert len(lines) > 20
            assert max(map(cell_len, without_questions(lines))) <= columns

    @pytest.mark.parametrize("columns", [80, 200])
    def test_a_list_fits_80_columns(
        self, show: Show, folder: Path, tmp_path: Path, columns: int
    ) -> None:
        for rows in ("out", hostile_rows(folder, tmp_path / "rows.jsonl")):
            *lines, command = show(rows, columns=columns).stdout.splitlines()
            assert max(map(cell_len, lines)) <= columns
            assert command.startswith("to see a pair: ")  # in one line, to be pasted

    @pytest.mark.parametrize(("columns", "is_wide"), [(80, False), (119, False), (120, True)])
    def test_traces_stand_side_by_side_where_there_is_room(
        self, show: Show, folder: Path, columns: int, is_wide: bool
    ) -> None:
        shown = show("out", numbered(folder)["0xaa01"], columns=columns).stdout
        traces = shown.partition("\ntraces ")[2].partition("\nartifacts ")[0]
        both = [line for line in traces.splitlines() if "[-900-]" in line and "{+1200+}" in line]
        assert len(both) == is_wide
        assert bool(re.search(r"^~ ", traces, re.M)) == is_wide
        assert bool(re.search(r"^\s*rejected +chosen *$", traces, re.M)) == is_wide


class TestColours:
    @pytest.mark.parametrize("no_color", [None, "1"])
    def test_signs_stand_for_colours_where_there_are_none(
        self, show: Show, monkeypatch: pytest.MonkeyPatch, no_color: str | None, folder: Path
    ) -> None:
        if no_color is not None:
            monkeypatch.setenv("NO_COLOR", no_color)
        shown = show("out", numbered(folder)["0xaa01"], "--document").stdout
        assert "\x1b" not in shown + show().stdout
        assert "[-900-]" in shown
        assert "{+1200+}" in shown

    def drawn(self, folder: Path, **options: Any) -> str:
        number = numbered(folder)["0xaa01"]
        page = make_pair_page(read_rows(folder / "out")[number - 1], number)
        file = StringIO()
        Console(file=file, force_terminal=True, width=100, highlight=False, **options).print(
            PairView(page)
        )
        return file.getvalue()

    def test_a_terminal_of_colours_needs_no_signs(self, folder: Path) -> None:
        shown = self.drawn(folder, color_system="standard", no_color=False)
        assert "\x1b[1;31m900\x1b[0m" in shown
        assert "\x1b[1;32m1200\x1b[0m" in shown
        assert "\x1b[1;31mFAIL\x1b[0m" in shown
        assert "[-" not in shown
        assert "{+" not in shown

    def test_a_terminal_without_colours_has_signs(self, folder: Path) -> None:
        for shown in (
            self.drawn(folder, color_system="standard", no_color=True),
            self.drawn(folder, color_system=None),
        ):
            assert "[-900-]" in shown
            assert "{+1200+}" in shown
            assert not re.search(r"\x1b\[[0-9;]*3[1-7]m", shown)


class TestHostileText:
    @pytest.mark.parametrize("columns", [80, 200])
    def test_a_terminal_shows_it_and_does_not_obey(
        self, show: Show, folder: Path, tmp_path: Path, columns: int
    ) -> None:
        rows = hostile_rows(folder, tmp_path / "rows.jsonl")
        for options in ((1, "--document", "--all-steps"), (1,), ()):
            result = show(rows, *options, columns=columns)
            assert (result.returncode, result.stderr) == (0, "")
            assert not ACTIVE & set(result.stdout)
            assert "<script>" in squeezed(result.stdout)
        shown = squeezed(show(rows, 1, "--document", "--all-steps", columns=80).stdout)
        for words in (
            "<script>alert(1)</script>\\x1b]0;owned\\x07\\x1b[2J\\x9b2J[red]loud[/red]",
            "\\u202egnp.exe\\u2066\\U000e0041\\u200b\\xad\\u3164A\\u200dB",
            "\\r\\nsecond\\tline", ":smile:", "]]>&amp;", "\U0001f469",
        ):  # fmt: skip
            assert words in shown

    def test_each_place_of_a_text_is_made_harmless(
        self, show: Show, folder: Path, tmp_path: Path
    ) -> None:
        rows = hostile_rows(folder, tmp_path / "rows.jsonl", text="\x1b[2J\nX")
        shown = show(rows, 1, "--document").stdout
        header, _, rest = shown.partition("constraints ─")
        constraints, _, rest = rest.partition("traces ─")
        traces, _, rest = rest.partition("artifacts ─")
        artifacts, _, document = rest.partition("document ─")
        # challenge, domain, model, miner, feedback's name and value
        assert header.count("\\x1b[2J\\nX") == 6
        assert constraints.count("\\x1b[2J\\nX") == 4  # and the question
        assert traces.count("\\x1b[2J") >= 4
        assert artifacts.count("\\x1b[2J\\nX") == 2
        assert document.count("\\x1b[2J\\nX") == 2

    def test_colours_do_not_let_it_through(self, folder: Path) -> None:
        row = json.loads(json.dumps(read_rows(folder / "out")[0]))
        row["rejected"]["think"] = "> note: a b c d e one\x9b2J"
        row["chosen"]["think"] = "> note: a b c d e \u202etwo"
        file = StringIO()
        console = Console(file=file, force_terminal=True, color_system="standard", width=200)
        console.print(PairView(make_pair_page(row, 1)))
        assert not (ACTIVE - {"\x1b"}) & set(file.getvalue())
        assert "\\x9b2J\x1b[0m" in file.getvalue()
        assert "\x1b[1;32m\\u202etwo" in file.getvalue()

    def test_a_word_of_a_megabyte_is_cut(self, show: Show, folder: Path, tmp_path: Path) -> None:
        rows = hostile_rows(folder, tmp_path / "rows.jsonl", text="w" * 1_000_000)
        result = show(rows, 1, "--document", "--all-steps", columns=80)
        assert result.returncode == 0
        assert "more characters)" in squeezed(result.stdout).replace("more", "more ")
        assert len(result.stdout) < 200_000
        lines = result.stdout.splitlines()
        assert max(map(len, without_questions(lines))) <= 80
        assert max(map(len, lines)) < 2_100

    def test_an_argument_that_is_no_text_is_one_line(self, show: Show) -> None:
        result = show("out", os.fsdecode(b"\xff"))
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == "error: out: has no pair \\udcff; it has 3, from 1 on\n"


def picture(path: Path) -> str:
    """The text of a picture; it must be well-formed and fetch nothing."""
    source = path.read_text(encoding="utf-8")
    root = ET.fromstring(source)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "@font-face" not in source
    assert "@import" not in source
    assert not re.search(r"url\((?!#)", source)
    for element in root.iter():
        name = str(element.tag).partition("}")[2]
        assert name in {"svg", "style", "defs", "clipPath", "rect", "g", "text", "circle"}
        assert not [key for key in element.attrib if "href" in key or key in ("src", "onload")]
    texts = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]
    return "".join("".join(texts).split())


class TestPictures:
    def test_the_picture_in_the_readme_is_what_is_shown(self, tmp_path: Path) -> None:
        build(ROOT / "sample_data" / "logs", tmp_path / "out")
        assert run("show", "out", 1, "--svg", tmp_path / "a.svg", cwd=tmp_path).returncode == 0
        assert picture(tmp_path / "a.svg") == picture(ROOT / "docs" / "show.svg")

    def test_only_a_picture_is_replaced(self, show: Show, tmp_path: Path) -> None:
        mine = tmp_path / "mine.svg"
        mine.write_text("<svg>my own</svg>")
        result = show("out", 1, "--svg", mine)
        message = f"error: {mine}: exists and is not a picture of a pair; name another file\n"
        assert (result.returncode, result.stderr) == (2, message)
        assert mine.read_text() == "<svg>my own</svg>"
        for _ in range(2):
            assert show("out", 1, "--svg", tmp_path / "new" / "a.svg").returncode == 0

    def test_a_picture_is_well_formed_and_fetches_nothing(
        self, show: Show, folder: Path, tmp_path: Path
    ) -> None:
        result = show("out", numbered(folder)["0xaa01"], "--svg", tmp_path / "a.svg")
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith("pair ")
        text = picture(tmp_path / "a.svg")
        assert "Mustincludetheharbour" in text
        assert "rejectedchosen" in text  # side by side
        assert "[-900-]" not in text  # in colours

    def test_hostile_text_is_escaped(self, show: Show, folder: Path, tmp_path: Path) -> None:
        rows = hostile_rows(folder, tmp_path / "rows.jsonl")
        show(rows, 1, "--document", "--svg", tmp_path / "a.svg")
        assert "<script" not in (tmp_path / "a.svg").read_text(encoding="utf-8")
        text = picture(tmp_path / "a.svg")
        assert "<script>alert(1)</script>\\x1b]0;owned" in text
        assert not ACTIVE & set(text)

    def test_what_xml_does_not_know_is_escaped(
        self, show: Show, folder: Path, tmp_path: Path
    ) -> None:
        rows = hostile_rows(folder, tmp_path / "rows.jsonl", text="odd \uffff and \ufffe end")
        show(rows, 1, "--svg", tmp_path / "a.svg")
        assert "odd" in picture(tmp_path / "a.svg")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class TestPager:
    @pytest.fixture
    def paged(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """What a pager was given."""
        texts: list[str] = []
        monkeypatch.setattr(pydoc, "pager", texts.append)
        monkeypatch.setenv("LINES", "10")
        return texts

    def test_what_is_piped_is_not_paged(
        self, show: Show, folder: Path, monkeypatch: pytest.MonkeyPatch, paged: list[str]
    ) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal())
        shown = show("out", 1, "--document").stdout
        assert shown.count("\n") > 20
        assert paged == []

    @pytest.mark.parametrize(
        ("lines", "is_wanted", "stdin", "is_paged"),
        [
            (30, True, Terminal, True),
            (5, True, Terminal, False),
            (30, False, Terminal, False),
            (30, True, StringIO, False),
        ],
    )
    def test_long_results_on_a_terminal_are_paged(
        self,
        monkeypatch: pytest.MonkeyPatch,
        paged: list[str],
        lines: int,
        is_wanted: bool,
        stdin: Callable[[], StringIO],
        is_paged: bool,
    ) -> None:
        stdout = Terminal()
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys, "stdout", stdout)
        monkeypatch.setattr(sys, "stdin", stdin())
        streams.write_paged(*["line"] * lines, is_paged=is_wanted)
        text = "line\n" * lines
        assert (paged, stdout.getvalue()) == (([text], "") if is_paged else ([], text))

    def test_a_terminal_is_paged_in_colours(self, folder: Path, tmp_path: Path) -> None:
        parent, child = pty.openpty()
        environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        process = subprocess.run(
            [sys.executable, "-m", "botcoin_dpo", "show", str(numbered(folder)["0xaa01"])],
            stdin=child,
            stdout=child,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment
            | {"TERM": "xterm", "LINES": "10", "COLUMNS": "100"}
            | {"PAGER": f"cat > {tmp_path / 'paged.txt'}"},
        )
        os.close(child)
        os.close(parent)
        assert (process.returncode, process.stderr) == (0, b"")
        paged = (tmp_path / "paged.txt").read_text()
        assert "\x1b[1mpair " in paged
        assert "\x1b[1;31m900\x1b[0m" in paged
        assert "[-900-]" not in paged


def test_help_says_what_to_type(show: Show) -> None:
    result = show("--help")
    assert result.returncode == 0
    assert "Example:  botcoin-dpo show out 1 --document" in result.stdout
    for option in ("--document", "--all-steps", "--context", "--svg", "--no-pager", "--flipped"):
        assert option in result.stdout


def test_a_pair_of_two_miners_says_so(folder: Path, tmp_path: Path) -> None:
    row = read_rows(folder / "out")[0]
    row["pair_annotations"] |= {"pair_type": "cross_session", "pair_family": "challenge"}
    row["example_type"] = "challenge_pair_cross_session"
    row["rejected_metadata"]["model"] = "another-model"
    assert schemas.is_valid("pair", row)
    (tmp_path / "rows.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    told = run("show", "rows.jsonl", "1", cwd=tmp_path, columns=120).stdout
    index = row["chosen_metadata"]["attempt_index"]
    chosen = row["chosen_metadata"]["model"]
    assert f"two miners: attempt 1 of another-model, attempt {index} of {chosen} · " in told


def test_a_total_that_cannot_be_is_not_told(folder: Path, tmp_path: Path) -> None:
    row = read_rows(folder / "out")[0]
    row["metadata"]["session_attempts_total"] = 1
    (tmp_path / "rows.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    assert "attempt 1 → 2 · " in run("show", "rows.jsonl", "1", cwd=tmp_path, columns=120).stdout


def test_a_trace_of_very_many_steps_is_cut(folder: Path, tmp_path: Path) -> None:
    row = read_rows(folder / "out")[0]
    for side in ("rejected", "chosen"):
        row[side]["think"] = "\n".join(f"> {side}{number}: x" for number in range(20_000))
    (tmp_path / "rows.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    told = run("show", "rows.jsonl", "1", cwd=tmp_path, columns=80).stdout
    assert "… 39,000 more lines; --json has them all" in told
