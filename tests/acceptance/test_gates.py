"""What keeps a build from being published, and that nothing is replaced by it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from botcoin_dpo import InputError, UsageError, build, validate
from botcoin_dpo.building.gates import parse_share
from botcoin_dpo.cli.app import app
from tests.builders import attempt, challenge, quarantine, recovery, write_log

WITHOUT_ATTEMPTS: dict[str, list[Any]] = {
    "nothing": [],
    "blank lines": [b"", b" "],
    "other records": [{"foo": 1}, {"foo": 2}],
    "broken lines": [b"{"],
    "challenge records": [challenge()],
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A build of ten pairs."""
    write_log(tmp_path / "good.jsonl", sessions(10))
    build(tmp_path / "good.jsonl", tmp_path / "out")
    return tmp_path / "out"


def sessions(count: int) -> list[dict[str, Any]]:
    return [record for n in range(count) for record in recovery(f"0x{n:02x}", number=n)]


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["build", *map(str, arguments)])


class TestWithoutAnAttempt:
    @pytest.mark.parametrize("records", WITHOUT_ATTEMPTS.values(), ids=WITHOUT_ATTEMPTS)
    @pytest.mark.parametrize("options", [{"overwrite": True}, {"update": True}, {"dry_run": True}])
    def test_nothing_is_replaced(
        self, tmp_path: Path, good: Path, records: list[Any], options: dict[str, Any]
    ) -> None:
        before = files_in(tmp_path)
        log = write_log(tmp_path / "log.jsonl", records)
        with pytest.raises(InputError, match="nothing is published: name attempt logs"):
            build(log, good, **options)
        log.unlink()
        assert files_in(tmp_path) == before

    def test_it_is_published_if_that_is_allowed(self, tmp_path: Path, good: Path) -> None:
        log = write_log(tmp_path / "log.jsonl", [{"foo": 1}])
        result = build(log, good, overwrite=True, allow_empty=True)
        assert result.out == good
        assert validate(good).rows == 0
        assert [entry["reason"] for entry in quarantine(good)] == ["unknown_record"]

    def test_the_message_says_what_is_there(self, tmp_path: Path) -> None:
        empty = write_log(tmp_path / "empty.jsonl", [])
        log = write_log(tmp_path / "log.jsonl", [challenge(), b"{", {"foo": 1}, {"foo": 2}])
        result = run(empty, log, "-o", tmp_path / "out")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (
            f"error: {empty}, {log}: 4 records, none of them an attempt, most often unknown_record "
            f"(2, the first at {log}:3); nothing is published: name attempt logs, or publish "
            "a dataset without pairs with --allow-empty\n"
        )
        result = run(empty, "-o", tmp_path / "out")
        assert result.stderr.startswith(f"error: {empty}: no records; nothing is published")
        result = run(*[empty] * 9, "-o", tmp_path / "out")
        assert f"{empty} and 6 more: no records" in result.stderr

    @pytest.mark.parametrize(
        "record", [attempt(challenge_context=...), attempt(miner_id=...), {"pass": 1}]
    )
    def test_one_that_is_quarantined_is_one(self, tmp_path: Path, record: dict[str, Any]) -> None:
        result = build(write_log(tmp_path / "log.jsonl", [record]), tmp_path / "out")
        assert result.out is not None
        assert result.funnel.attempts.total == 1
        assert len(quarantine(tmp_path / "out")) == 1

    def test_other_gates_hold_as_well_where_it_is_allowed(self, tmp_path: Path, good: Path) -> None:
        log = write_log(tmp_path / "log.jsonl", [])
        result = build(
            log, good, overwrite=True, allow_empty=True, min_pairs=1, max_shrink=0.99,
            max_quarantined=0,
        )  # fmt: skip
        assert [refusal.gate for refusal in result.refusals] == ["min_pairs", "max_shrink"]
        assert validate(good).rows == 10


class TestGates:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ("--strict", "--strict: 2 quarantined;"),
            ("--min-pairs 7", "--min-pairs: 6 pairs, fewer than 7;"),
            (
                "--max-quarantined 14%",
                "--max-quarantined: 2 of 14 records are quarantined (14.3%), more than 14%;",
            ),
            (
                "--max-shrink 0.399",
                "--max-shrink: 6 pairs where the previous build has 10 (40% fewer), "
                "more than 39.9%;",
            ),
        ],
    )
    @pytest.mark.parametrize("how", ["--overwrite", "--update", "--dry-run"])
    def test_one_that_holds_names_its_numbers_and_publishes_nothing(
        self, tmp_path: Path, good: Path, options: str, message: str, how: str
    ) -> None:
        before = files_in(good)
        log = write_log(tmp_path / "log.jsonl", [*sessions(6), b"{", attempt(miner_id=...)])
        result = run(log, "-o", good, how, "--json", *options.split())
        assert result.exit_code == 1
        printed = json.loads(result.stdout)
        assert (printed["published"], printed["out"]) == (False, None)
        [refusal] = printed["refusals"]
        assert refusal["gate"] == options.split()[0][2:].replace("-", "_")
        assert refusal["message"].startswith(f"{message} nothing is published: ")
        assert result.stderr.endswith(f"error: {refusal['message']}\n")
        assert files_in(good) == before

    def test_all_that_hold_are_named_in_their_order(self, tmp_path: Path, good: Path) -> None:
        log = write_log(tmp_path / "log.jsonl", [*sessions(1), b"{"])
        result = run(
            log, "-o", good, "--overwrite", "--max-shrink", "10%", "--max-quarantined", "2%",
            "--min-pairs", 5, "--strict",
        )  # fmt: skip
        assert result.exit_code == 1
        assert [line.split(":")[1] for line in result.stderr.splitlines()] == [
            f" {log}", " --strict", " --min-pairs", " --max-quarantined", " --max-shrink",
        ]  # fmt: skip

    def test_what_is_just_allowed_is_published_and_is_the_same(
        self, tmp_path: Path, good: Path
    ) -> None:
        log = write_log(tmp_path / "log.jsonl", [*sessions(6), b"{", attempt(miner_id=...)])
        build(log, tmp_path / "plain")
        result = build(
            log, good, overwrite=True, min_pairs=6, max_quarantined=2 / 14, max_shrink=0.4
        )
        assert result.refusals == []
        assert result.out == good
        assert files_in(good) == files_in(tmp_path / "plain")

    def test_shrinking_is_no_gate_where_there_is_no_previous_build_or_no_pair_in_it(
        self, tmp_path: Path
    ) -> None:
        log = write_log(tmp_path / "log.jsonl", sessions(1))
        nothing = write_log(tmp_path / "nothing.jsonl", [])
        for out in (tmp_path / "out", tmp_path / "other"):
            build(nothing, tmp_path / "other", overwrite=True, allow_empty=True)
            result = build(log, out, max_shrink=0, overwrite=True)
            assert result.refusals == []

    def test_pairs_of_all_types_count_together(self, tmp_path: Path, good: Path) -> None:
        log = write_log(tmp_path / "log.jsonl", sessions(5))
        result = build(
            log, good, pairs=["sequential", "bookend"], overwrite=True, min_pairs=10, max_shrink=0
        )
        assert result.out == good

    def test_a_link_to_the_previous_build_is_followed(self, tmp_path: Path, good: Path) -> None:
        (tmp_path / "link").symlink_to(good)
        log = write_log(tmp_path / "log.jsonl", sessions(5))
        result = build(log, tmp_path / "link", overwrite=True, max_shrink=0.1)
        assert [refusal.gate for refusal in result.refusals] == ["max_shrink"]

    def test_a_previous_build_that_cannot_be_counted_is_refused(
        self, tmp_path: Path, good: Path
    ) -> None:
        manifest = json.loads((good / "manifest.json").read_bytes())
        (good / "manifest.json").write_text(json.dumps(manifest | {"options": 1}))
        with pytest.raises(InputError, match="build the dataset again, or drop max_shrink"):
            build(tmp_path / "good.jsonl", good, overwrite=True, max_shrink=0.1)

    @pytest.mark.parametrize("name", ["bad.jsonl.gz", "cut.jsonl.gz"])
    def test_damaged_files_are_held_against_files(self, tmp_path: Path, name: str) -> None:
        logs = tmp_path / "logs"
        for number in range(3):
            write_log(logs / f"{number}.jsonl", recovery(f"0x{number:02x}", number=number))
        whole = write_log(logs / name, recovery("0xff")).read_bytes()
        (logs / name).write_bytes(b"<html>" if name.startswith("bad") else whole[:-9])
        refused = build(logs, tmp_path / "out", max_quarantined=0.24)
        assert [refusal.message for refusal in refused.refusals] == [
            "--max-quarantined: 1 of 4 log files are damaged or unreadable (25%), more than 24%; "
            "nothing is published: mend the logs or raise it"
        ]
        result = build(logs, tmp_path / "out", max_quarantined=0.25)
        assert result.out is not None
        assert len(quarantine(tmp_path / "out")) == 1

    def test_strict_counts_entries_for_files_and_lists_the_first(self, tmp_path: Path) -> None:
        logs = tmp_path / "logs"
        write_log(logs / "a.jsonl", [*recovery(), *[b"{"] * 29])
        (logs / "bad.jsonl.gz").write_bytes(b"<html>")
        result = run(logs, "-o", tmp_path / "out", "--strict")
        assert result.exit_code == 1
        *listed, hidden, last = result.stderr.splitlines()
        assert len(listed) == 20
        assert listed[0].startswith(f"error: {tmp_path / 'logs/a.jsonl'}:3: malformed_json: ")
        assert hidden == "error: 10 more are not shown; a build without --strict lists all"
        assert last.startswith("error: --strict: 30 quarantined; nothing is published: ")


class TestShares:
    @pytest.mark.parametrize(
        ("text", "share"),
        [("2%", 0.02), ("0.02", 0.02), ("2 %", 0.02), ("0", 0), ("100%", 1), ("1", 1), ("1.0", 1),
         ("2.9%", 0.029), (".5", 0.5), (" 5% ", 0.05)],
    )  # fmt: skip
    def test_they_are_percentages_or_fractions(self, text: str, share: float) -> None:
        assert parse_share(text, "--max-shrink") == share

    @pytest.mark.parametrize("text", ["", "x", "%", "-1", "1e-2", "nan", "inf", "٢%", "2%%", "1_0"])
    def test_what_is_neither_is_refused(self, text: str) -> None:
        with pytest.raises(UsageError, match=r"must be a share, such as 2% or 0\.02"):
            parse_share(text, "--max-shrink")

    @pytest.mark.parametrize("option", ["--max-shrink", "--max-quarantined"])
    @pytest.mark.parametrize("text", ["2", "101%"])
    def test_more_than_all_is_refused_before_anything_is_read(
        self, tmp_path: Path, option: str, text: str
    ) -> None:
        result = run(tmp_path / "missing", option, text)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"error: {option} ")
        assert "must be from 0 to 1, or from 0% to 100%" in result.stderr

    @pytest.mark.parametrize(
        "options", [{"max_shrink": float("nan")}, {"max_quarantined": -0.1}, {"min_pairs": -1}]
    )
    def test_in_python_too(self, tmp_path: Path, options: dict[str, Any]) -> None:
        with pytest.raises(UsageError):
            build(tmp_path / "missing", tmp_path / "out", **options)

    def test_a_share_of_exactly_so_many_is_not_more(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "log.jsonl", [*sessions(1), *[b"{"] * 29, *[{"foo": 1}] * 969])
        result = build(log, tmp_path / "out", max_quarantined=parse_share("99.8%", "x"))
        assert result.refusals == []
