"""Whatever `build` publishes is clean; whatever is wrong is found, at its place, by its rule."""

import copy
import json
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import InputError, build, stats, validate
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.files import segments
from botcoin_dpo.validation.findings import RULES
from tests.builders import attempt, extract, read_rows, recovery, write_log

Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    folder = tmp_path_factory.mktemp("rows")
    records = [*recovery(), *recovery(miner="0xbb")]
    records[1]["feedback_shown"] = {"constraints_passed_shown": 2}
    build(write_log(folder / "a.jsonl", records), folder / "out", pairs=PAIR_TYPES, audit=True)
    return {kind: read_rows(folder / "out", kind)[0] for kind in PAIR_TYPES}


def set_at(row: Row, pointer: str, value: Any) -> None:
    """Set a part of a row; `...` removes it."""
    *path, last = pointer.strip("/").split("/")
    inner: Any = row
    for name in path:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value


NOTES, FLIPS = "/pair_annotations", "/pair_annotations/constraint_flips"
SHAPE = "/pair_annotations/trace_shape_delta"

# The rule, what is set to what, and where the finding points if it is not there.
TAMPERED: list[tuple[Any, ...]] = [
    ("schema", "/split", "dev"),
    ("schema", "/prompt", ..., ""),
    ("schema", f"{NOTES}/extra", 1, NOTES),
    ("schema", "/chosen_metadata/pass", "yes"),
    ("schema", "/chosen_metadata/timestamp", "yesterday"),
    ("prompt", "/document", "other", "/prompt"),
    ("prompt", "/prompt", "solve"),
    ("prompt_metadata", "/prompt_metadata/question_count", 9),
    ("prompt_metadata", "/prompt_metadata/trap_count", 9),
    ("side_text", "/chosen/artifact", "better", "/chosen_text"),
    ("side_text", "/rejected_text", "<think>"),
    ("pair_kind", "/example_type", "session_revision_pair_bookend"),
    ("pair_kind", f"{NOTES}/pair_family", "challenge"),
    ("pair_kind", "/rejected_metadata/attempt_index", 3, f"{NOTES}/rejected_attempt_index"),
    ("label", "/chosen_metadata/pass", False, "/chosen_metadata"),
    ("label", "/chosen_metadata/credit_eligible", False, "/chosen_metadata"),
    ("label", "/chosen_metadata/acceptance_path", "A", "/chosen_metadata"),
    ("constraint_flips", f"{FLIPS}/stayed_pass", [0, 2], FLIPS),
    ("constraint_flips", f"{FLIPS}/stayed_pass", [0, 3, 2]),
    ("constraint_flips", f"{FLIPS}/stayed_fail", [1], FLIPS),
    ("constraint_counts", "/rejected_metadata/constraint_pass_count", 3,
     f"{NOTES}/constraint_pass_delta"),
    ("constraint_counts", "/chosen_metadata/constraint_fail_count", 1),
    ("constraint_counts", f"{NOTES}/constraint_pass_delta", 0),
    ("constraint_counts", f"{NOTES}/constraint_total", 4),
    ("trace_shape_delta", f"{SHAPE}/total_steps", 1),
    ("trace_shape_delta", "/chosen_metadata/trace_validation/citation_match_rate", 0.5,
     f"{SHAPE}/citation_rate_delta"),
    ("transition", f"{NOTES}/acceptance_path_transition", "A -> B"),
    ("improvement_basis", f"{NOTES}/improvement_basis", "acceptance"),
    ("audit_flags", "/audit/flags", ["hidden_text"]),
    ("audit_flags", "/audit/found_in/chosen", ["hidden_text"], "/audit/flags"),
    ("audit_flags", "/audit/found_in", {"rejected": ["hidden_text", "feedback"], "chosen": []},
     "/audit/found_in/rejected"),
    ("schema", "/audit/found_in", ..., "/audit"),
    ("carried_field", "/metadata/model", "gpt-99"),
    ("carried_field", f"{NOTES}/feedback_between_attempts", {}),
]  # fmt: skip


def write_rows(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("case", TAMPERED, ids=lambda case: f"{case[0]}{case[1]}")
def test_what_is_wrong_with_a_row_is_found(
    tmp_path: Path, rows: dict[str, Row], case: tuple[Any, ...]
) -> None:
    rule, pointer, value, *elsewhere = case
    bad = copy.deepcopy(rows["sequential"])
    set_at(bad, pointer, value)
    result = validate(write_rows(tmp_path / "rows.jsonl", [rows["bookend"], bad]))
    found = [(finding.rule, finding.pointer, finding.line) for finding in result.findings]
    assert (rule, (elsewhere or [pointer])[0], 2) in found
    assert not result.is_valid
    assert not [line for *_, line in found if line != 2]


def test_sides_that_are_exchanged_or_the_same_are_found(
    tmp_path: Path, rows: dict[str, Row]
) -> None:
    exchanged, same = copy.deepcopy(rows["cross_session"]), copy.deepcopy(rows["cross_session"])
    for name in ("", "_text", "_metadata"):
        one, other = f"rejected{name}", f"chosen{name}"
        exchanged[one], exchanged[other] = exchanged[other], exchanged[one]
    same["rejected"], same["rejected_text"] = same["chosen"], same["chosen_text"]
    result = validate(write_rows(tmp_path / "rows.jsonl", [exchanged, same]))
    found = [
        (finding.line, finding.pointer) for finding in result.findings if finding.rule == "label"
    ]
    assert found == [(1, "/rejected_metadata"), (1, "/chosen_metadata"), (2, "/rejected")]


@pytest.mark.parametrize("depth", [100, 300, 900, 3000])
def test_a_row_that_nests_deep_is_no_crash(
    tmp_path: Path, rows: dict[str, Row], depth: int
) -> None:
    row = copy.deepcopy(rows["sequential"])
    row["rejected_metadata"]["error_annotation"] = {"x": "@"}
    deep = '{"a":' * depth + "1" + "}" * depth
    (tmp_path / "rows.jsonl").write_text(json.dumps(row).replace('"@"', deep))
    result = validate(tmp_path / "rows.jsonl")
    assert result.is_valid == (depth == 100)
    assert set(result.counts) <= {"malformed_row", "schema"}


def test_a_cross_session_row_has_no_time_between_attempts(
    tmp_path: Path, rows: dict[str, Row]
) -> None:
    bad = copy.deepcopy(rows["cross_session"])
    bad["pair_annotations"]["revision_time_ms"] = 5
    result = validate(write_rows(tmp_path / "rows.jsonl", [rows["cross_session"], bad]))
    assert result.counts == {"carried_field": 1, "duplicate_pair": 1}


def test_a_document_in_two_splits_is_found(tmp_path: Path, rows: dict[str, Row]) -> None:
    other = copy.deepcopy(rows["bookend"])
    other["split"] = "test" if other["split"] == "train" else "train"
    result = validate(write_rows(tmp_path / "rows.jsonl", [rows["sequential"], other]))
    assert result.counts == {"split_leak": 1}


@pytest.mark.parametrize(
    "line", ["{", "[1]", "null", '{"a": NaN}', "[" * 5000, '"\\ud800"', "{}", '{"prompt": 1e999}']
)
def test_lines_that_are_no_rows_are_findings(
    tmp_path: Path, rows: dict[str, Row], line: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(line + "\n" + json.dumps(rows["sequential"]))
    result = validate(path)
    assert {finding.line for finding in result.findings} == {1}
    assert set(result.counts) <= {"malformed_row", "schema"}


def test_a_json_file_of_rows_is_read_too(tmp_path: Path, rows: dict[str, Row]) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(list(rows.values()), indent=2))
    result = validate(path)
    assert result.is_valid
    assert result.rows == 4


def test_the_published_row_is_valid(reference: Path) -> None:
    assert validate(reference / "pair_0x37289055.json").is_valid


def test_the_most_errors_caps_what_is_listed_not_what_is_counted(
    tmp_path: Path, rows: dict[str, Row]
) -> None:
    result = validate(write_rows(tmp_path / "rows.jsonl", [{}] * 30), max_errors=3)
    assert len(result.findings) == 3
    assert result.counts["schema"] > 30


class TestFolder:
    @pytest.fixture
    def out(self, tmp_path: Path) -> Path:
        records = [r for n in range(6) for r in recovery(f"0x{n:02x}", number=n)]
        log = write_log(tmp_path / "a.jsonl", [*records, b"{"])
        build(log, tmp_path / "out", splits=(0.5, 0.25, 0.25))
        return tmp_path / "out"

    def tamper(self, out: Path, change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((out / "manifest.json").read_text())
        change(manifest)
        (out / "manifest.json").write_text(json.dumps(manifest))
        return dict(validate(out).counts)

    def test_a_build_is_clean(self, out: Path) -> None:
        result = validate(out)
        assert result.is_valid
        assert result.rows == 6
        assert result.files == len(list(out.glob("sequential/*")))

    def test_a_changed_shard_is_found(self, out: Path) -> None:
        shard = next(out.glob("sequential/*"))
        shard.write_bytes(shard.read_bytes().replace(b'"ships"', b'"boats"'))
        result = validate(out)
        assert set(result.counts) == {"file_content"}
        assert "sha256" in result.findings[0].message

    def test_a_row_that_was_taken_out_is_found(self, out: Path) -> None:
        shard = max(out.glob("sequential/*"), key=lambda path: path.stat().st_size)
        shard.write_bytes(b"".join(shard.read_bytes().splitlines(keepends=True)[1:]))
        assert set(validate(out).counts) == {"file_content", "funnel"}

    def test_rows_out_of_order_are_found(self, out: Path) -> None:
        shard = max(out.glob("sequential/*"), key=lambda path: path.stat().st_size)
        data = b"".join(reversed(shard.read_bytes().splitlines(keepends=True)))
        shard.write_bytes(data)
        changes = {"sha256": sha256(data).hexdigest()}

        def change(manifest: dict[str, Any]) -> None:
            for entry in manifest["shards"]:
                if entry["path"].endswith(shard.name):
                    entry.update(changes)

        assert set(self.tamper(out, change)) == {"row_order"}

    def test_rows_of_one_chosen_attempt_out_of_order_are_found(self, tmp_path: Path) -> None:
        records = [attempt(1), attempt(2), attempt(3, passed=True)]
        log = write_log(tmp_path / "a.jsonl", records)
        build(log, tmp_path / "out", pairs=["exhaustive"])
        (shard,) = (tmp_path / "out").glob("exhaustive/*")
        shard.write_bytes(b"".join(reversed(shard.read_bytes().splitlines(keepends=True))))
        assert set(validate(tmp_path / "out").counts) == {"row_order", "file_content"}

    def test_other_splits_than_the_manifest_says_are_found(self, out: Path) -> None:
        found = self.tamper(out, lambda m: m["options"].update(splits=[0, 0, 1]))
        assert set(found) == {"split_hash"}

    def test_a_file_of_another_split_or_kind_is_found(self, out: Path) -> None:
        found = self.tamper(out, lambda m: m["shards"][0].update(split="test", pair_type="bookend"))
        assert {"split_file", "funnel"} <= set(found)

    def test_missing_and_foreign_files_are_found(self, out: Path) -> None:
        (out / "README.md").unlink()
        (out / "sequential/extra.jsonl").write_text("")
        assert validate(out).counts == {"missing_file": 1, "unlisted_file": 1}

    def test_a_changed_quarantine_is_found(self, out: Path) -> None:
        (out / "quarantine.jsonl").write_text("")
        assert validate(out).counts == {"file_content": 3}

    def test_a_large_quarantine_is_not_held_in_memory(self, out: Path) -> None:
        validate(out)  # what is loaded once
        with (out / "quarantine.jsonl").open("ab") as file:
            for _ in range(30):
                file.write(b"x" * 999_999 + b"\n")
        tracemalloc.start()
        try:
            assert validate(out).counts == {"file_content": 3}
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize(
        "change",
        [
            lambda m: m["funnel"].update(records=1),
            lambda m: m["funnel"]["attempts"].update(repeats=5),
            lambda m: m["funnel"]["challenges"].update(used=5),
            lambda m: m["funnel"]["set_aside"].update(malformed_json=2),
            lambda m: m["funnel"]["pairs"]["sequential"].update(train=99),
        ],
    )
    def test_a_funnel_that_does_not_add_up_is_found(self, out: Path, change: Any) -> None:
        assert set(self.tamper(out, change)) == {"funnel"}

    @pytest.mark.parametrize(
        "change", [lambda m: m.pop("shards"), lambda m: m["options"].update(splits="x")]
    )
    def test_a_manifest_of_another_shape_is_found(self, out: Path, change: Any) -> None:
        assert set(self.tamper(out, change)) == {"manifest"}

    @pytest.mark.parametrize("content", [None, b"{", b"[1]", b"\xff", b"[" * 9999])
    def test_a_folder_without_a_manifest_is_no_build(self, out: Path, content: Any) -> None:
        (out / "manifest.json").unlink()
        if content is not None:
            (out / "manifest.json").write_bytes(content)
        if content == b"[1]":
            assert set(validate(out).counts) == {"manifest"}
        else:
            with pytest.raises(InputError, match=r"manifest\.json"):
                validate(out)

    def test_paths_in_a_manifest_do_not_lead_out_of_the_build(self, out: Path) -> None:
        secret = out.parent / "secret.jsonl"
        secret.write_text("{}")
        found = self.tamper(out, lambda m: m["shards"][0].update(path="../secret.jsonl"))
        assert set(found) == {"manifest"}
        with pytest.raises(InputError, match="/shards/0/path"):
            stats(out)


def test_every_rule_is_tested_or_named_here() -> None:
    elsewhere = {
        "malformed_row", "split_hash", "split_file", "split_leak", "duplicate_pair", "row_order",
        "manifest", "missing_file", "unlisted_file", "file_content", "funnel",
        "card", "features", "example_count", "unsafe_text", "outside_link",
        "attempt_schema", "attempt_facts", "attempt_order", "attempt_challenge", "attempt_of_row",
    }  # fmt: skip
    assert {rule for rule, *_ in TAMPERED} | elsewhere == set(RULES)


_free = st.dictionaries(
    st.sampled_from(["total_steps", "extract_fact_steps", "citation_match_rate", "ok",
                     "passed_threshold", "trap_paragraph_touched", "x"]),
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=3)
    | st.floats(-1e300, 1e300) | st.just([1.0, {"a": -0.0}]),
    max_size=4,
)  # fmt: skip
_annotations = st.fixed_dictionaries(
    {},
    optional={
        "trace_stats": _free,
        "trace_validation": _free,
        "trace_spatial_summary": _free,
        "trace_quality": _free,
        "answer_verification": _free,
        "feedback_shown": _free,
        "error_annotation": _free,
        "constraint_flip_summary": _free,
        "acceptance_path": st.sampled_from(["A", "B", "NONE", "", None, "\x1b[31m"]),
        "trap_classification": st.text(max_size=3),
        "credit_eligible": st.sampled_from([True, False, None]),
        "constraint_total": st.integers(0, 1000),
        "constraint_pass_count": st.integers(0, 3),
        "constraint_results": st.dictionaries(
            st.sampled_from(["0", "1", "2", "3"]),
            st.fixed_dictionaries({"pass": st.sampled_from([True, False, None])}) | st.none(),
        ),
        "constraints_passed": st.lists(st.integers(0, 4), max_size=4),
        "constraints_failed": st.lists(st.integers(0, 3), max_size=2),
        "session_status": st.text(max_size=3),
        "time_since_previous_attempt_ms": st.integers(-5, 10**9),
        "timestamp": st.sampled_from(["2026-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59"]),
        "attempt_submitted_at": st.integers(0, 253402300799999),
        "trap_metadata": st.just({"trap_count": 1.0, "traps": [{"x": 1e22}]}) | st.none(),
        "record_id": st.sampled_from(["same", "other"]),
    },
)
_hostile_steps = st.lists(
    st.dictionaries(
        st.sampled_from(["action", "note", "targetEntity", "inputs", "result", "\n", "a|b"]),
        st.none() | st.integers() | st.text(max_size=6) | st.lists(st.text(max_size=3), max_size=2)
        | st.sampled_from(["extract_fact", "compute_logic", " | ", "</think", "INST"]),
    ),
    max_size=3,
)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4), st.sampled_from("ab"), st.booleans(), _annotations, _hostile_steps
        ),
        max_size=10,
    ),
    st.booleans(),
)
def test_whatever_build_publishes_validate_finds_clean(
    tmp_path_factory: pytest.TempPathFactory, attempts: list[Any], allow: bool
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    records = []
    for index, miner, passed, annotations, steps in attempts:
        record = attempt(index, passed=passed, miner=miner, **annotations)
        record["submission"]["reasoning_trace"] = [extract(), *steps]
        records.append(json.loads(json.dumps(record)))
    log = write_log(folder / "a.jsonl", records)
    options: dict[str, Any] = {"allow_unsafe_text": allow, "allow_empty": True, "attempts": True}
    build(log, folder / "out", pairs=PAIR_TYPES, **options)
    result = validate(folder / "out")
    assert result.is_valid, result.findings


@given(st.data())
def test_the_fast_verdict_and_the_explanation_agree(
    rows: dict[str, Row], data: st.DataObject
) -> None:
    row = copy.deepcopy(rows["sequential"])
    value: Any = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3)
        | st.just({}) | st.just([]) | st.just("\n")
    )  # fmt: skip
    inner: Any = row
    while True:
        key = data.draw(st.sampled_from(list(inner)))
        if isinstance(inner[key], dict) and inner[key] and data.draw(st.booleans()):
            inner = inner[key]
            continue
        break
    if data.draw(st.booleans()):
        inner[key] = value
    else:
        inner.pop(key)
    explained = [
        problem
        for problem in schemas.explain("pair", row)
        if not problem.message.startswith("does not fit")
    ]
    assert schemas.is_valid("pair", row) == (not explained)


def test_findings_and_numbers_do_not_depend_on_workers_or_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record for number in range(12) for record in recovery(f"0x{number:02x}")]
    log = write_log(tmp_path / "a.jsonl", [*records, b"{"])
    build(log, tmp_path / "out", pairs=PAIR_TYPES, attempts=True)
    (shard,) = (tmp_path / "out").glob("sequential/train-*")
    lines = shard.read_bytes().splitlines(keepends=True)
    lines[1], lines[4] = lines[4], lines[1]
    lines[3:3] = [b"{}\n", b"\n", b"nonsense\n", lines[5], lines[6].replace(b"Alma", b"Elma", 1)]
    shard.write_bytes(b"".join(lines))

    def seen() -> list[Any]:
        return [
            validate(tmp_path / "out", workers=workers, max_errors=most).as_json()
            for workers in (1, 3)
            for most in (4, 100)
        ]

    capped, found, *_ = whole = seen()
    assert {"row_order", "malformed_row", "schema", "duplicate_pair", "file_content"} <= set(
        found["by_rule"]
    )
    assert capped["listed"] == found["listed"][:4]
    numbers = stats(log).as_json()
    for block in (500, 3000, 10**5):
        monkeypatch.setattr(segments, "BLOCK", block)
        assert seen() == whole
        assert stats(log, workers=1 + block % 3).as_json() == numbers
    clean = tmp_path / "clean"
    build(log, clean, pairs=PAIR_TYPES)
    of_rows = stats(clean).as_json()
    assert stats(clean, workers=3).as_json() == of_rows
    monkeypatch.setattr(segments, "BLOCK", 4000)
    assert stats(clean, workers=2).as_json() == of_rows
    with pytest.raises(InputError, match=r"train-.*:4: not a valid row"):
        stats(tmp_path / "out", workers=2)
