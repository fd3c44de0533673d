"""The compiled scanner may only say yes, is held to the exact way, and may be missing."""

import json
import os
import runpy
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from botcoin_dpo import simulate
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.record_types import ATTEMPT_MARKS, AttemptShape
from botcoin_dpo.logs import attempt_scanner, compiled_scanner
from botcoin_dpo.logs.attempt_scanner import scan_attempt
from botcoin_dpo.logs.compiled_scanner import SCANNER, SWITCH
from botcoin_dpo.logs.known_fields import KnownField, known_fields
from botcoin_dpo.logs.record_decoder import _scan_element_exactly, _scan_exactly
from botcoin_dpo.logs.reference_making import Shared, attempt_ref, sure_ref
from botcoin_dpo.logs.references import Location, pack_attempt
from botcoin_dpo.logs.session_heads import SessionHead
from tests.builders import ROOT, SHARED, as_lines, attempt, compute, context, session, write_log
from tests.damaged_records import Damage, small_records
from tests.unit.logs.test_unsafe_text import HARMLESS, TOKENS, places

compiled = pytest.mark.skipif(SCANNER.module is None, reason=f"scanner: {SCANNER}")


HERE = Location(1, 2, 3, 4, 5)


def is_held(raw: bytes, head: SessionHead | None = None) -> bool:
    """Return whether a reference is beyond doubt; then assert that the exact way makes the same.

    Args:
        raw: the bytes of a record.
        head: that of the session record whose element it is.
    """
    found = sure_ref(raw, HERE, None if head is None else Shared.of(head))
    if found is None:
        return False
    exact = _scan_element_exactly(raw, head) if head else _scan_exactly(raw)
    assert isinstance(exact, AttemptShape), exact
    sure = scan_attempt(raw)
    own = exact.challenge_context
    if sure is not None and sure.document is not None and own is not None:
        document = raw[sure.document]
        assert orjson.loads(document) == orjson.loads(bytes(own.document))
        own.document = msgspec.Raw(document)  # it is digested as it is spelled
    assert pack_attempt(found) == pack_attempt(attempt_ref(exact, HERE))
    return True


def hold(seed: int, count: int) -> int:
    """Hold the scanner to the exact way over damaged records; return of how many it was sure."""
    damage = Damage(seed)
    whole = session([attempt()], model="m", operator="0xab", rigId="r") | {"attempts": []}
    head = SessionHead(json.dumps(whole).encode())
    sure = 0
    for number in range(count):
        raw = damage.record()
        if is_held(raw, head if number % 4 == 0 else None):
            sure += 1
        elif number % 100 == 0:  # what it is not sure of has an answer as well
            _scan_exactly(raw)
    return sure


@compiled
def test_it_never_says_yes_to_what_the_exact_way_refuses() -> None:
    assert all(map(is_held, small_records()))
    assert 200 < hold(1, 1500) < 1400


@compiled
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2, 12))
def test_it_never_says_yes_to_what_the_exact_way_refuses_in_many_records(seed: int) -> None:
    hold(seed, 10_000)


@compiled
def test_nearly_all_records_are_answered_by_it_alone(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=6, seed=3)
    lines = [
        line for path in (tmp_path / "logs").iterdir() for line in path.read_bytes().splitlines()
    ]
    attempts = [line for line in lines if ATTEMPT_MARKS & orjson.loads(line).keys()]
    assert len(attempts) > 50
    assert sum(map(is_held, attempts)) >= 0.9 * len(attempts)
    found = [one for one in map(scan_attempt, attempts) if one]
    plain = [one for one in found if one.is_prompt_plain and not one.doubtful_submission]
    assert len(plain) >= 0.9 * len(attempts)
    assert all(one.are_texts_compact for one in found)


@compiled
def test_so_are_real_records(reference: Path) -> None:
    for name in ("attempts_v2.jsonl", "session_0x37289055.attempts.jsonl"):
        for line in (reference / name).read_bytes().splitlines():
            assert is_held(line)


@compiled
@pytest.mark.parametrize("text", ["\\u0041", "\\ud83d\\ude00", "é", "\U0001f600", "\\\\", '\\"'])
def test_it_reads_escapes_and_all_characters(text: str) -> None:
    raw = orjson.dumps(attempt(session_status="@", unknown="@"))
    assert is_held(raw.replace(b"@", text.encode()))


@compiled
@pytest.mark.parametrize(
    "text",
    [b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xc3",
     b"\xe0\x80\x80", b"\xf0\x80\x80\x80", b"\xf5\x80\x80\x80", b"\xe2\x80", b"\x80", b"\\ud800",
     b"\\udc00",
     b"\\ud800\\u0041", b"\\x", b"\\u12g4", b"\x1f", b"\x00"],
)  # fmt: skip
def test_it_is_not_sure_of_texts_that_are_none(text: bytes) -> None:
    raw = orjson.dumps(attempt(unknown="long enough for eight bytes: @"))
    assert is_held(raw)
    assert scan_attempt(raw.replace(b"@", text)) is None


@compiled
def test_it_is_not_sure_of_an_empty_document() -> None:
    raw = orjson.dumps(attempt(challenge_context=context(document="")))
    assert scan_attempt(raw) is None


@compiled
@pytest.mark.parametrize("number", ["0", "-0", "1.5", "-1e5", "1E+200", "9" * 18, "0.0e-0"])
def test_it_reads_numbers(number: str) -> None:
    assert is_held(orjson.dumps(attempt(unknown="@")).replace(b'"@"', number.encode()))


@compiled
@pytest.mark.parametrize(
    "number",
    [
        "1e309",
        "9" * 20,
        "-9223372036854775809",
        "NaN",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "tru",
        "Infinity",
    ],
)
def test_it_is_not_sure_of_numbers_that_are_none(number: str) -> None:
    raw = orjson.dumps(attempt(unknown="@")).replace(b'"@"', number.encode())
    assert scan_attempt(raw) is None


@compiled
@pytest.mark.parametrize(
    ("timestamp", "is_sure"),
    [("2026-03-20T10:00:00.123Z", True), ("2024-02-29T23:59:59Z", True),
     ("2026-03-20T10:00:00.123456+00:00", True), ("0001-01-01T00:00:00.1-23:59", True),
     ("9999-12-31T23:59:59.9999+23:59", True), ("2026-02-29T10:00:00Z", False),
     ("1900-02-29T10:00:00Z", False), ("2000-02-29T10:00:00Z", True),
     ("2026-13-01T10:00:00Z", False), ("2026-00-01T10:00:00Z", False),
     ("2026-04-31T10:00:00Z", False), ("0000-01-01T10:00:00Z", False),
     ("2026-03-20T24:00:00Z", False), ("2026-03-20T10:60:00Z", False),
     ("2026-03-20T10:00:60Z", False), ("2026-03-20T10:00:00", False),
     ("2026-03-20T10:00:00.Z", False), ("2026-03-20T10:00:00+24:00", False),
     ("2026-03-20T10:00:00+0000", False), ("2026-03-20 10:00:00Z", False), ("", False)],
)  # fmt: skip
def test_it_reads_timestamps(timestamp: str, is_sure: bool) -> None:
    assert is_held(orjson.dumps(attempt(timestamp=timestamp))) == is_sure


@compiled
@given(st.datetimes(), st.sampled_from(["milliseconds", "seconds", "microseconds"]))
def test_it_reads_any_time(moment: datetime, precision: str) -> None:
    assert is_held(orjson.dumps(attempt(timestamp=moment.isoformat(timespec=precision) + "Z")))


_index = st.integers(0, 5)
_count = st.sampled_from([None, None, None, *range(7)])
_PLAIN: dict[str, Any] = {
    "results": None, "constraints_passed": None, "constraints_failed": None,
    "counts": (None, None, None), "passed": False, "credit": None, "path": None, "texts": ["q"],
}  # fmt: skip


@compiled
@given(
    results=st.none()
    | st.dictionaries(
        _index.map(str), st.none() | st.fixed_dictionaries({"pass": st.none() | st.booleans()})
    ),
    constraints_passed=st.none() | st.lists(_index),
    constraints_failed=st.none() | st.lists(_index),
    counts=st.tuples(_count, _count, _count),
    passed=st.booleans(),
    credit=st.none() | st.booleans(),
    path=st.sampled_from([None, "A", "B"]),
    texts=st.lists(st.sampled_from(["q", "Tip: q", "Tip", "Ti", ""]), max_size=6),
)
@example(**_PLAIN | {"results": {"0": {"pass": False}}, "constraints_passed": [0]})
@example(**_PLAIN | {"results": {"0": {"pass": True}}, "constraints_failed": [0]})
@example(**_PLAIN | {"constraints_passed": [0], "constraints_failed": [0]})
@example(**_PLAIN | {"constraints_passed": [3], "constraints_failed": [3]})
@example(**_PLAIN | {"constraints_failed": [0], "passed": True})
@example(**_PLAIN | {"constraints_failed": [0], "passed": True, "credit": False})
@example(**_PLAIN | {"constraints_failed": [0], "passed": True, "path": "A"})
@example(**_PLAIN | {"constraints_failed": [], "counts": (None, 0, None)})
@example(**_PLAIN | {"constraints_passed": [], "counts": (None, None, 0)})
@example(**_PLAIN)  # fmt: skip
def test_it_decides_outcomes(
    results: Any, counts: tuple[Any, Any, Any], passed: bool, credit: Any, path: Any,
    texts: list[str], **lists: Any,
) -> None:  # fmt: skip
    record = attempt(
        passed=passed,
        constraint_results=results,
        credit_eligible=credit,
        acceptance_path=path,
        challenge_context=context(constraints=texts),
        constraint_total=counts[0],
        constraint_pass_count=counts[1],
        constraint_fail_count=counts[2],
        **lists,
    )
    assert is_held(orjson.dumps(record))


@compiled
@pytest.mark.parametrize("more", [0, 1])
def test_constraints_beyond_64_are_left_to_others(more: int) -> None:
    most = 64 + more
    changes: dict[str, Any] = {"constraint_total": None, "constraint_results": None}
    raw = orjson.dumps(attempt(challenge_context=context(constraints=["q"] * most), **changes))
    assert is_held(raw) == (more == 0)
    for name, value in (
        ("constraints_passed", [most - 1]),
        ("constraints_failed", [most - 1]),
        ("constraint_results", {str(most - 1): {"pass": True}}),
    ):
        assert is_held(orjson.dumps(attempt(**changes | {name: value}))) == (more == 0)


@compiled
@pytest.mark.parametrize(
    ("name", "value"),
    [("attempt_index", 0), ("attempt_index", 1001), ("attempt_index", True), ("record_id", ""),
     ("pass", 1), ("pass", None), ("constraint_total", -1), ("constraint_total", 1001),
     ("attempt_submitted_at", 253402300800000), ("credit_eligible", "true"),
     ("time_since_previous_attempt_ms", 2**53), ("storage_schema_version", [1]),
     ("trace_stats", {"total_steps": 2**53}), ("trace_stats", {"total_steps": -(2**53) - 0.5}),
     ("trace_stats", {"total_steps": "1"}), ("trace_quality", []), ("constraint_results", []),
     ("constraint_results", {"1001": None}), ("constraint_results", {"01": None}),
     ("constraints_passed", [1001]), ("constraints_passed", ["1"]), ("submission", {}),
     ("challenge_context", {}), ("trap_metadata", {}), ("trap_metadata", {"trap_count": 0}),
     ("trap_metadata", {"trap_count": 0, "traps": [1]}), ("timestamp", 5), ("operator", 5)],
)  # fmt: skip
def test_it_checks_types_and_bounds(name: str, value: Any) -> None:
    assert scan_attempt(orjson.dumps(attempt() | {name: value})) is None


@compiled
@pytest.mark.parametrize(
    ("name", "value"),
    [("attempt_index", 1000), ("constraint_total", 0), ("attempt_submitted_at", 253402300799999),
     ("time_since_previous_attempt_ms", 2**53 - 1), ("time_since_previous_attempt_ms", 1 - 2**53),
     ("storage_schema_version", "2"), ("storage_schema_version", None),
     ("trace_stats", {"total_steps": 2**53 - 1}), ("trace_stats", {"total_steps": -0.5}),
     ("trace_stats", {"total_steps": 9007199254740990.5}), ("constraints_passed", []),
     ("trap_metadata", None), ("trap_metadata", {"trap_count": 0, "traps": [{}]})],
)  # fmt: skip
def test_it_accepts_what_is_at_the_bounds(name: str, value: Any) -> None:
    assert is_held(json.dumps(attempt() | {name: value}).encode())


@compiled
@pytest.mark.parametrize("digits", ["9007199254740991.5", "-9007199254740991.5", "1e0", "1e300"])
def test_it_is_not_sure_of_fractions_at_the_bounds(digits: str) -> None:
    raw = orjson.dumps(attempt(trace_stats={"total_steps": "@"}))
    assert scan_attempt(raw.replace(b'"@"', digits.encode())) is None


@compiled
@pytest.mark.parametrize(
    "text", ["\\u2013", "\\u00e9", "\\/", "\\b", "\\n", '\\"', "\u2013", "\\\\"]
)
@pytest.mark.parametrize("layout", [(",", ":"), (", ", ": ")])
def test_texts_are_digested_as_they_are_written_elsewhere(
    text: str, layout: tuple[str, str]
) -> None:
    record = attempt(challenge_context=context(questions=["a@", "b"], constraints=["@", "c"]))
    raw = json.dumps(record, separators=layout).replace("@", text).encode()
    assert is_held(raw) == (text != "\\u00e9")  # it might spell `Tip:`, which counts


@compiled
@pytest.mark.parametrize("depth", [126, 127, 128, 200_000])
def test_it_counts_the_depth(depth: int) -> None:
    for opener, closer in (("[", "]"), ('{"a":', "}")):
        raw = orjson.dumps(attempt(unknown="@"))
        deep = raw.replace(b'"@"', (opener * depth + "1" + closer * depth).encode())
        assert is_held(deep) == (depth <= 127)
    step = orjson.dumps(attempt()).replace(b'"add"', b"[" * depth + b"]" * depth)
    assert is_held(step) == (depth <= 124)


@compiled
@pytest.mark.parametrize(
    ("found", "instead"),
    [(b'"pass":false', b'"pass":false,"pass":true'), (b'"model":', b'"model":"a","model":'),
     (b'"questions":', b'"questions":[],"questions":'), (b'"pass":', b'"a":1,"a":2,"pass":'),
     (b'"pass":', b'"\\u0061":1,"a":2,"pass":')],
)  # fmt: skip
def test_it_is_not_sure_of_keys_that_come_twice(found: bytes, instead: bytes) -> None:
    raw = orjson.dumps(attempt())
    assert found in raw
    assert scan_attempt(raw.replace(found, instead)) is None
    assert is_held(raw.replace(b'"step_id":', b'"a":1,"a":2,"step_id":'))


@compiled
@pytest.mark.parametrize(
    "raw", [b"", b" ", b"{}", b"[]", b"null", b"{", b'{"a"', b'{"a":', b'{"a":1']
)
def test_what_is_no_attempt_is_left_to_others(raw: bytes) -> None:
    assert scan_attempt(raw) is None
    whole = orjson.dumps(attempt())
    assert scan_attempt(whole + b" x") is None
    for cut in range(len(whole)):
        assert scan_attempt(whole[:cut]) is None


@compiled
@pytest.mark.parametrize("text", [*TOKENS, *HARMLESS, "[\\/INST]"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_it_never_takes_unsafe_text_for_plain(text: str, ascii_only: bool) -> None:
    for _, _, trace in places(f"a{text}b"):
        record = attempt()
        record["submission"]["reasoning_trace"] = trace
        is_held(json.dumps(record, ensure_ascii=ascii_only).encode())
    for place in ("document", "questions", "constraints"):
        hostile: Any = text if place == "document" else [f"a{text}"]
        record = attempt(challenge_context=context() | {place: hostile}, constraint_results=None)
        raw = json.dumps(record, ensure_ascii=ascii_only).encode()
        assert is_held(raw.replace(b"\\\\/", b"\\/"))


@compiled
@given(st.text(st.sampled_from('inst]/[ INST"a'), max_size=12), st.sampled_from(range(9)))
@example("/INST", 8)
@example("inst", 8)
def test_parts_of_two_strings_can_be_one_token(text: str, place: int) -> None:
    traces = [trace for _, _, trace in places(text)]
    trace = [*traces, [compute(inputs=[text])]][place]
    record = attempt()
    record["submission"]["reasoning_trace"] = trace
    assert is_held(json.dumps(record).encode())


def test_the_table_has_all_fields_of_the_schema() -> None:
    table = list(known_fields())
    assert {field.name for field in table if field.object == 0} == set(
        schemas.load("attempt")["properties"]
    )
    assert len({field.use for field in table}) == len(table)
    shapes = {field.name: field.shape for field in table}
    assert (shapes["reasoning_trace"], shapes["document"]) == ("trace", "document")
    results = next(field.inner for field in table if field.name == "constraint_results")
    (result,) = (field for field in table if field.object == results)
    assert (result.name, result.shape, result.use) == ("pass", "boolean", "result_passed")
    index = next(field for field in table if field.name == "attempt_index")
    assert index == (0, "attempt_index", "integer", "attempt_index", 0, True, False, True, 1, 1000)


@compiled
def test_a_table_takes_only_what_fits() -> None:
    module = SCANNER.module
    assert module is not None
    field = KnownField(0, "a", "text", "", 0, False, True, True, 0, 0)
    module.make_table([field])
    for wrong in (
        {"object": 8},
        {"inner": 8},
        {"inner": 256},
        {"name": ""},
        {"name": "a" * 64},
        {"shape": "a"},
    ):
        with pytest.raises(ValueError, match="does not fit"):
            module.make_table([field._replace(**wrong)])
    with pytest.raises(ValueError, match="does not fit"):
        module.make_table([field, field])
    with pytest.raises(ValueError, match="does not fit"):
        module.make_table([field._replace(name=f"f{number}") for number in range(65)])
    for none in (None, [None], [(1,)]):
        with pytest.raises((TypeError, SystemError)):
            module.make_table(none)
    table = module.make_table([])
    with pytest.raises(TypeError):
        module.scan(table, "text", None)
    with pytest.raises(TypeError):
        module.scan(table, b"{}", (1, "2"))
    with pytest.raises(ValueError, match="PyCapsule"):
        module.scan(None, b"{}", None)


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "python")
    assert str(compiled_scanner.find_scanner()) == f"python; {SWITCH}=python"


def _another(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the module be found that has this text."""
    monkeypatch.delenv(SWITCH, raising=False)
    (folder / "other_scanner.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(compiled_scanner, "_NAME", "other_scanner")
    monkeypatch.delitem(sys.modules, "other_scanner", raising=False)


def test_a_stale_one_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _another(tmp_path, "FORMAT = 0", monkeypatch)
    with pytest.warns(RuntimeWarning, match="another version; install"):
        assert compiled_scanner.find_scanner().module is None


def test_a_broken_one_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _another(tmp_path, "raise ImportError('wrong machine')", monkeypatch)
    with pytest.warns(RuntimeWarning, match="scanner in Python is used: .* wrong machine; install"):
        found = compiled_scanner.find_scanner()
    why = "the compiled one cannot be loaded: wrong machine; install the program again"
    assert str(found) == f"python; {why}"


def test_an_unknown_switch_is_ignored_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _another(tmp_path, f"FORMAT = {compiled_scanner.FORMAT}", monkeypatch)
    monkeypatch.setenv(SWITCH, "Python")
    with pytest.warns(RuntimeWarning, match=f"{SWITCH}=Python: no such scanner"):
        assert compiled_scanner.find_scanner().module is not None


def test_where_there_is_none_all_goes_the_other_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setattr(compiled_scanner, "_NAME", "botcoin_dpo.logs.no_scanner")
    found = compiled_scanner.find_scanner()
    assert found == (None, "it was installed without a C compiler or Python's headers")
    monkeypatch.setattr(attempt_scanner, "_scan", None)
    assert scan_attempt(orjson.dumps(attempt())) is None


@pytest.mark.parametrize("compiler", ["/bin/false", "no-such-compiler", "cc --no-such-option"])
def test_no_compiler_is_no_error(
    compiler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", compiler)
    compile_scanner = runpy.run_path(str(ROOT / "scanner/compile.py"))["compile_scanner"]
    assert compile_scanner(tmp_path / "scanner.so")
    assert not list(tmp_path.iterdir())


def _compiler(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let this program be the compiler."""
    script = folder / "compiler.py"
    script.write_text(f"import pathlib, sys\n{code}")
    monkeypatch.setenv("CC", f"{sys.executable} {script}")


def test_what_a_compiler_says_first_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "module.c:4:10: fatal error: Python.h: No such file or directory"
    output = f"In file included from module.c:4:\n{said}\ncompilation terminated."
    _compiler(tmp_path, monkeypatch, f"sys.exit({output!r})")
    compile_scanner = runpy.run_path(str(ROOT / "scanner/compile.py"))["compile_scanner"]
    assert compile_scanner(tmp_path / "scanner.so") == said


def test_a_mac_compiles_for_the_processors_that_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _compiler(tmp_path, monkeypatch, "pathlib.Path(sys.argv[-1]).write_text(' '.join(sys.argv))")
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("ARCHFLAGS", "-arch arm64 -arch x86_64")
    compile_scanner = runpy.run_path(str(ROOT / "scanner/compile.py"))["compile_scanner"]
    assert compile_scanner(tmp_path / "scanner.so") is None
    assert " -arch arm64 -arch x86_64 " in (tmp_path / "scanner.so").read_text()


@compiled
def test_a_build_has_the_same_bytes_without_it(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=4, seed=5, noise=0.2)
    write_log(tmp_path / "logs/more.jsonl", [session([attempt(1), attempt(2, passed=True)])])
    (tmp_path / "logs/hostile.jsonl").write_bytes(
        as_lines([attempt(challenge_context=context(document=text)) for text in TOKENS])
    )
    built = {}
    for scanner in ("", "python"):
        out = tmp_path / f"out{scanner}"
        subprocess.run(
            [sys.executable, "-m", "botcoin_dpo", "build", "logs", "--out", out, "--workers", "1"],
            cwd=tmp_path,
            env=os.environ | {SWITCH: scanner, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )
        built[scanner] = {
            path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()
        }
    assert built[""] == built["python"]
    assert any(path.suffix == ".jsonl" for path in built[""])


@compiled
@given(
    st.sets(st.sampled_from(SHARED)),
    st.sets(st.sampled_from(["model", "miner_id", "challenge_id", "model_version"])),
    st.booleans(),
)
def test_elements_take_from_their_session_what_they_lack(
    shared: set[str], absent: set[str], passed: bool
) -> None:
    record = attempt(passed=passed, failed=(0, 2), model_version="v1", constraint_total=None)
    if "model" in absent:
        del record["submission"]["model"]
    for name in absent - {"model"}:
        record.pop(name)
    whole = session([record], shared, model="shared", operator="0xab", rigId="r1")
    head = SessionHead(json.dumps(whole | {"attempts": []}).encode())
    raw = json.dumps(whole["attempts"][0]).encode()
    has_challenge = not {"challenge_id"} & absent
    assert is_held(raw, head) == has_challenge
    assert is_held(raw) == ("challenge_id" in record and not {"challenge_id", "miner_id"} & shared
                            and "miner_id" not in absent)  # fmt: skip


@compiled
def test_a_session_with_a_fault_is_left_to_others() -> None:
    whole = session([attempt()]) | {"challenge_seed": 5}
    head = SessionHead(json.dumps(whole | {"attempts": []}).encode())
    assert head.faults
    assert sure_ref(orjson.dumps(whole["attempts"][0]), HERE, Shared.of(head)) is None
