"""No input, however broken, ends in a traceback; everything else is built."""

import copy
import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import InputError, build, validate
from botcoin_dpo.contract import schemas
from tests.builders import as_lines, attempt, challenge, quarantine, read_rows, recovery, write_log

GOOD = as_lines(recovery())
LINE = as_lines([attempt(miner="0xbb")]).strip()


def build_beside_good(folder: Path, name: str, data: bytes) -> list[dict[str, Any]]:
    """Build a log beside a good one; the good pair must come out. Return the quarantine."""
    logs = folder / "logs"
    logs.mkdir()
    (logs / "good.jsonl").write_bytes(GOOD)
    (logs / name).write_bytes(data)
    build(logs, folder / "out")
    assert len(read_rows(folder / "out")) == 1
    assert validate(folder / "out").is_valid
    return quarantine(folder / "out")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00" * 100, "malformed_json"),
        (LINE.replace(b"0xbb", b"0x\x00bb"), "malformed_json"),
        (LINE.replace(b"small-model", b"\xff"), "invalid_utf8"),
        (LINE.replace(b'"Alma Rose"', b'"\xed\xa0\x80"', 1), "invalid_utf8"),
        (b'{"unknown": "\xff', "invalid_utf8"),
        (LINE.replace(b"small-model", b"\\ud800"), "malformed_json"),
        (LINE.replace(b"small-model", b"\\udc00\\ud800"), "malformed_json"),
        (LINE.replace(b"small-model", b"\\ud83d\\ude00 \\\\ud800"), None),
        (LINE.replace(b'"step_id"', b'"x": "\\ud800", "x": 1, "step_id"', 1), "malformed_json"),
        (LINE.replace(b'"17"', b'"17", "z": {"a": "\\udfff", "a": 1}'), "malformed_json"),
        (LINE.replace(b'"17"', b"18446744073709551616"), "malformed_json"),
        (LINE.replace(b'"17"', b"-9223372036854775809"), "malformed_json"),
        (LINE.replace(b'"17"', b"1e400"), "malformed_json"),
        (LINE.replace(b'"17"', b"NaN"), "malformed_json"),
        (LINE.replace(b'"17"', b"-Infinity"), "malformed_json"),
        (LINE.replace(b'"17"', b"[" * 5000 + b"]" * 5000), "malformed_json"),
        (LINE.replace(b'"inputs": [1, 2]', b'"inputs": ' + b"[" * 124 + b"]" * 124), None),
        (
            LINE.replace(b'"inputs": [1, 2]', b'"inputs": ' + b"[" * 125 + b"]" * 125),
            "malformed_json",
        ),
        (b'{"pass": true, ' + LINE[1:], "malformed_json"),
        (LINE.replace(b'"artifact"', b'"artifact": "a", "artifact"'), "malformed_json"),
        (LINE.replace(b'"questions"', b'"document": "a", "questions"'), "malformed_json"),
        (LINE.replace(b'"quote_match"', b'"quote_match": "a", "quote_match"'), None),
        (b"\xef\xbb\xbf" + b"\xef\xbb\xbf" + LINE, "malformed_json"),
        (LINE + LINE, "malformed_json"),
        (b"[" + LINE + b"]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"{}", "unknown_record"),
        (b'{"pass": null, "challenge_context": null}', "unknown_record"),
        (b"{'a': 1}", "malformed_json"),
        (LINE[:-1], "malformed_json"),
        (b"", None),
        (b"\n \r\n\t\n", None),
        (b"\xef\xbb\xbf", None),
        (LINE + b"\r\n", None),
        (b"\xef\xbb\xbf" + LINE, None),
    ],
)
def test_broken_lines(tmp_path: Path, data: bytes, reason: str | None) -> None:
    entries = build_beside_good(tmp_path, "bad.jsonl", data)
    assert [entry["reason"] for entry in entries] == ([reason] if reason else [])
    for entry in entries:
        assert (entry["file"], entry["line"]) == ("bad.jsonl", 1)


def test_a_last_line_without_newline_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    data = GOOD.replace(b"\n", b"\r\n\r\n").rstrip()
    (tmp_path / "a.jsonl").write_bytes(data)
    assert build(tmp_path / "a.jsonl", tmp_path / "out").funnel.rows == 1


def test_a_line_of_100_mb_is_one_entry(tmp_path: Path) -> None:
    data = b'{"a": "' + b"x" * 100_000_000 + b'"}\n' + LINE
    (entry,) = build_beside_good(tmp_path, "bad.jsonl", data)
    assert (entry["reason"], entry["line"], entry["byte_offset"]) == ("oversized_record", 1, 0)


def test_a_megabyte_of_blanks_in_a_string_is_read(tmp_path: Path) -> None:
    failing, passing = recovery()
    failing["submission"]["reasoning_trace"].append({"action": "note", "note": " " * 10**6 + "\n"})
    build(write_log(tmp_path / "a.jsonl", [failing, passing]), tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    assert row["rejected"]["think"].endswith("> note:  ")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../../x", "a\u0000b", "x" * 10_000, "0x" + "f" * 99]
)
def test_ids_are_only_ever_text(tmp_path: Path, name: str) -> None:
    records = [
        record | {"record_id": f"{name}{record['attempt_index']}"}
        for record in recovery(challenge=name, miner=name)
    ]
    build(write_log(tmp_path / "logs/a.jsonl", records), tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    assert row["challenge_id"] == row["metadata"]["miner_id"] == name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "out"]
    assert validate(tmp_path / "out").is_valid


class TestCompressedFiles:
    @pytest.mark.parametrize("extension", ["gz", "zst"])
    def test_of_a_truncated_file_what_came_before_is_used(
        self, tmp_path: Path, extension: str
    ) -> None:
        data = GOOD + os.urandom(50_000).hex().encode()
        whole = gzip.compress(data) if extension == "gz" else zstandard.compress(data)
        if extension == "zst":  # small blocks, so that something comes before the damage
            compressor = zstandard.ZstdCompressor().compressobj()
            whole = compressor.compress(GOOD) + compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
            whole += compressor.compress(data) + compressor.flush()
        (tmp_path / f"a.jsonl.{extension}").write_bytes(whole[:-3000])
        result = build(tmp_path / f"a.jsonl.{extension}", tmp_path / "out")
        (entry,) = [e for e in quarantine(tmp_path / "out") if e["reason"] == "truncated_file"]
        assert result.funnel.rows == 1
        assert entry["line"] is not None
        assert entry["byte_offset"] >= len(GOOD)
        assert entry["record_id"] is None

    def test_damage_in_the_middle_keeps_all_that_came_before_it(self, tmp_path: Path) -> None:
        data = bytearray(gzip.compress(GOOD + os.urandom(200_000).hex().encode()))
        for position in range(150_000, 150_100):
            data[position] ^= 0xFF
        (tmp_path / "a.jsonl.gz").write_bytes(data)
        assert build(tmp_path / "a.jsonl.gz", tmp_path / "out").funnel.rows == 1
        assert [e["reason"] for e in quarantine(tmp_path / "out")] == ["truncated_file"]

    @pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
    def test_what_is_not_really_compressed_is_unreadable(self, tmp_path: Path, name: str) -> None:
        (entry,) = build_beside_good(tmp_path, name, GOOD)
        assert (entry["reason"], entry["line"]) == ("unreadable_file", None)
        assert entry["file"] == name

    def test_several_members_and_frames_are_one_stream(self, tmp_path: Path) -> None:
        one, two = as_lines(recovery()[:1]), as_lines(recovery()[1:])
        (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(one) + gzip.compress(two) + bytes(99))
        (tmp_path / "b.jsonl.zst").write_bytes(zstandard.compress(one) + zstandard.compress(two))
        for name in ("a.jsonl.gz", "b.jsonl.zst"):
            result = build(tmp_path / name, tmp_path / f"out-{name}")
            assert result.funnel.rows == 1
            assert not result.funnel.quarantined

    def test_an_empty_stream_is_no_error(self, tmp_path: Path) -> None:
        assert build_beside_good(tmp_path, "empty.jsonl.gz", gzip.compress(b"")) == []

    def test_a_bomb_is_followed_without_being_kept(self, tmp_path: Path) -> None:
        bomb = zstandard.compress(b"x" * 300_000_000)
        (entry,) = build_beside_good(tmp_path, "bomb.jsonl.zst", bomb)
        assert entry["reason"] == "oversized_record"

    def test_content_that_fills_pieces_exactly_is_whole(self, tmp_path: Path) -> None:
        for size in (1 << 20, 3 << 20):
            data = GOOD + b" " * (size - len(GOOD))
            (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(data))
            result = build(tmp_path / "a.jsonl.gz", tmp_path / "out", overwrite=True)
            assert not result.funnel.quarantined


class TestJsonFiles:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"[%s, nul, %s]", ["malformed_json"]),
            (b"[%s, [1], %s]", ["not_an_object"]),
            (b"[%s, %s", ["malformed_json"]),
            (b"[%s, %s}", ["malformed_json"]),
            (b"%s\n\n%s", []),
            (b"[%s][%s]", []),
            (b'[%s, {"a": NaN}, %s]', ["malformed_json"]),
            (b"[%s, %s,]", ["malformed_json"]),
        ],
    )
    def test_a_bad_element_is_one_entry_and_the_rest_stands(
        self, tmp_path: Path, data: bytes, expected: list[str]
    ) -> None:
        parts = tuple(json.dumps(r, indent=2).encode() for r in recovery(miner="0xee"))
        entries = build_beside_good_json(tmp_path, data % parts)
        assert [entry["reason"] for entry in entries] == expected

    def test_where_the_structure_breaks_the_file_ends_with_one_entry(self, tmp_path: Path) -> None:
        data = b'[{"a": [1}, {"b": 1}, {"c": 1}]'
        (entry,) = build_beside_good(tmp_path, "bad.json", data)
        assert (entry["reason"], entry["line"], entry["byte_offset"]) == ("malformed_json", 1, 1)


def build_beside_good_json(folder: Path, data: bytes) -> list[dict[str, Any]]:
    logs = folder / "logs"
    logs.mkdir()
    (logs / "bad.json").write_bytes(data)
    result = build(logs, folder / "out")
    assert result.funnel.rows == 1
    return quarantine(folder / "out")


class TestFolders:
    def test_a_folder_may_be_named_like_a_log(self, tmp_path: Path) -> None:
        write_log(tmp_path / "logs/x.jsonl/a.jsonl", recovery())
        assert build(tmp_path / "logs", tmp_path / "out").funnel.rows == 1

    def test_what_is_passed_over_is_counted(self, tmp_path: Path) -> None:
        logs = tmp_path / "logs"
        write_log(logs / "a.jsonl", recovery())
        (logs / "notes.txt").write_text("x")
        (logs / ".hidden.jsonl").write_text("x")
        (logs / "b.jsonl").symlink_to(logs / "a.jsonl")
        (logs / "loop").symlink_to(logs)
        build(logs / "a.jsonl", logs / "previous")
        funnel = build([logs, logs / "a.jsonl"], logs / "out").funnel
        assert funnel.files_read == 1
        assert funnel.files_skipped == {
            "other_file": 1, "dot_file": 1, "former_build": 1, "reached_twice": 3,
        }  # fmt: skip

    def test_a_pipe_named_like_a_log_or_a_manifest_is_passed_over(self, tmp_path: Path) -> None:
        logs = tmp_path / "logs"
        write_log(logs / "sub/a.jsonl", recovery())
        os.mkfifo(logs / "sub/manifest.json")
        os.mkfifo(logs / "b.jsonl")
        funnel = build(logs, tmp_path / "out").funnel
        assert funnel.rows == 1
        assert funnel.files_skipped == {"other_file": 2}

    def test_leftovers_of_a_dead_build_do_not_change_the_counts(self, tmp_path: Path) -> None:
        logs = write_log(tmp_path / "logs/a.jsonl", recovery()).parent
        (logs / ".out.botcoin-dpo/scratch").mkdir(parents=True)
        (logs / ".out.botcoin-dpo.lock").touch()
        assert build(logs, logs / "out").funnel.files_skipped == {}

    def test_a_link_to_nowhere_is_unreadable(self, tmp_path: Path) -> None:
        logs = tmp_path / "logs"
        write_log(logs / "a.jsonl", recovery())
        (logs / "b.jsonl").symlink_to(tmp_path / "nowhere")
        build(logs, tmp_path / "out")
        (entry,) = quarantine(tmp_path / "out")
        assert (entry["file"], entry["reason"]) == ("b.jsonl", "unreadable_file")

    @pytest.mark.skipif(os.geteuid() == 0, reason="runs as root, who may read every file")
    def test_a_file_without_permission_is_unreadable(self, tmp_path: Path) -> None:
        logs = tmp_path / "logs"
        write_log(logs / "a.jsonl", recovery())
        write_log(logs / "b.jsonl", []).chmod(0)
        build(logs, tmp_path / "out")
        assert quarantine(tmp_path / "out")[0]["reason"] == "unreadable_file"

    def test_nothing_but_unreadable_files_is_an_input_error(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl.gz").write_bytes(b"no gzip")
        with pytest.raises(InputError, match=r"a\.jsonl\.gz"):
            build(tmp_path / "a.jsonl.gz", tmp_path / "out")

    @pytest.mark.skipif(
        sys.platform != "linux", reason="only Linux allows file names that are not UTF-8"
    )
    def test_a_file_name_that_is_no_text_is_shown_escaped(self, tmp_path: Path) -> None:
        (tmp_path / "logs").mkdir()
        Path(os.fsdecode(os.fsencode(tmp_path / "logs") + b"/\xff.jsonl")).write_bytes(b"{")
        write_log(tmp_path / "logs/a.jsonl", recovery())
        build(tmp_path / "logs", tmp_path / "out")
        assert quarantine(tmp_path / "out")[0]["file"] == r"\xff.jsonl"


WRONG: dict[str, list[Any]] = {
    "string": [1, [], {}, True],
    "boolean": ["true", 1, [], {}],
    "integer": ["1", 1.5, [], {}, True],
    "number": ["1", [], {}, True],
    "object": ["x", 1, [], True],
    "array": ["x", 1, {}, True],
    "null": [],
}


def wrong_values(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Yield a path and a value of a wrong type, for every field that a schema names."""
    for name, inner in schema.get("properties", {}).items():
        inner = {key: value for part in inner.get("anyOf", [inner]) for key, value in part.items()}
        kinds = inner["type"] if isinstance(inner.get("type"), list) else [inner.get("type")]
        right = [kind for kind in kinds if kind]
        for kind, values in WRONG.items():
            for value in values if kind in right else []:
                if not any(_fits(value, other) for other in right):
                    yield (*path, name), value
        if right and "null" not in right:
            yield (*path, name), None
        for bound, step in (("minimum", -1), ("maximum", 1)):
            if bound in inner:
                yield (*path, name), inner[bound] + step
        if "minLength" in inner:
            yield (*path, name), ""
        if "items" in inner:
            yield (*path, name), [7.5]
        yield from wrong_values(inner, (*path, name))


def _fits(value: Any, kind: str) -> bool:
    return {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "null": value is None,
    }[kind]


@pytest.mark.parametrize("kind", ["attempt", "challenge"])
def test_wrong_types_in_every_known_field_are_schema_violations(tmp_path: Path, kind: Any) -> None:
    records = []
    for path, value in wrong_values(schemas.load(kind)):
        base = attempt(miner="0xbb", constraints_passed=[], constraints_failed=[])
        record = copy.deepcopy(base if kind == "attempt" else challenge("0x09"))
        inner = record
        for name in path[:-1]:
            inner = inner.setdefault(name, {"trap_count": 0, "traps": []})
        inner[path[-1]] = value
        if kind == "challenge" and path == ("challenge_context",) and value is None:
            continue  # then it is no challenge record
        records.append((path, record))
    log = write_log(tmp_path / "a.jsonl", [record for _, record in records])
    write_log(tmp_path / "logs/a.jsonl", recovery())
    build([log, tmp_path / "logs"], tmp_path / "out")
    entries = quarantine(tmp_path / "out")
    assert len(records) > (20 if kind == "challenge" else 150)
    assert {entry["reason"] for entry in entries} == {"schema_violation"}
    assert [entry["line"] for entry in entries] == list(range(1, len(records) + 1))
    for (path, _), entry in zip(records, entries, strict=True):
        assert entry["detail"].startswith("/" + "/".join(path)), (path, entry)


@given(st.data())
def test_damaged_bytes_never_end_in_a_traceback_and_the_build_is_valid(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(as_lines([*recovery(), challenge(), *recovery(miner="0xbb")]))
    for _ in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position : position + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b"\\", b'"', b"\xff", b"\n", b"{", b"]", b"\x00", b"1e999", b","])
        )
    name = data.draw(st.sampled_from(["a.jsonl", "a.json"]))
    (folder / name).write_bytes(content)
    kinds = ("sequential", "cross_session")
    result = build(folder / name, folder / "out", pairs=kinds, allow_empty=True)
    assert validate(folder / "out").is_valid
    assert result.funnel.records >= 1
