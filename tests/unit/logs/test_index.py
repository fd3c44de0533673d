"""What scans leave for a later build: a change raises FORMAT, and damage makes no difference."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botcoin_dpo import InputError, UserError, build
from botcoin_dpo.contract import rejections
from botcoin_dpo.contract.rejections import Rejection
from botcoin_dpo.logs import index, scan
from botcoin_dpo.logs.index import FORMAT, KnownSegment, PreviousIndex, head_frame, index_head
from botcoin_dpo.logs.references import AttemptRef, ChallengeRef, unpack_attempts, unpack_challenges
from botcoin_dpo.logs.rejected_records import SegmentRejections
from botcoin_dpo.version import __version__
from tests.builders import (
    SAMPLE_LOGS,
    all_bytes,
    as_lines,
    attempt,
    challenge,
    compute,
    context,
    extract,
    recovery,
    write_log,
)
from tests.hostile import TEXTS

FILE = "index/part-00000.bin"
"""The one file of a small index."""

GOLDEN = {
    "format": 4,
    "logs": "f15208a3188b58b3fdcd8aa71d71724ce537ba20c62aab47c7a23cd3464b77dd",
    "found": "5cd76c7e3ddb949071207bc8c0c80821e8892eb7ae92a1a2a2d6842dcc203b5e",
    "bytes": "15333ddf0b8434d99eed8cbb84577bfed5bfbe5269472e78093180e4b98f4a17",
}
"""The FORMAT of an index, and digests of the odd logs, of what it holds of them, and of bytes."""

FROM_LIBRARIES = {"malformed_json", "schema_violation", "truncated_file", "unreadable_file"}
"""Reasons whose details are in the words of a library, which change with its version."""


def with_field(name: str, value: Any, **others: Any) -> dict[str, Any]:
    """Return an attempt with one field changed, and perhaps some others."""
    return attempt(**{name: value, **others})


def odd_records() -> Iterator[Any]:
    """Yield records of all the kinds that a scan tells apart, and some that it may some day."""
    yield from recovery()
    yield challenge(challenge_seed="9", challenge_domain="boats", trap_metadata={"traps": []})
    yield challenge("0x02", question_metadata=[{"a": 1}])
    fields = {"challenge_context", "challenge_seed", "challenge_domain", "trap_metadata"}
    for name in sorted(fields):
        yield with_field(name, ...)
        yield with_field(name, None)
    texts = [
        *(text for text in TEXTS if len(text) < 1000),
        *("</think>", "<|im_start|>", "<|im_start", "a|>", "<｜x｜>", "<s>", "</S>", "<<SYS>>"),
        *(
            "[INST]",
            "[/inst]",
            "INST",
            "<start_of_turn>",
            "<end_of_turn>",
            "<bos>",
            "<eos>",
            "<think>",
            "\x07",
            "a\nb",
            "a\u2028b",
            "zone:X",
            "a | b",
        ),
        *("<|im_start zone:X|>", "<|im_start | exact|>", "zone: zone:A GROUND_TRUTH"),
        *("\U000e0041", "\u200b", "\u202e", "\U0001f469\u200d\U0001f467", "\u200d", "\ufeff"),
    ]
    changes: Any
    for text in texts:
        for changes in (
            {"submission": submission(artifact=text)},
            {"submission": submission(model=text)},
            {"submission": submission(reasoning_trace=[extract(text)])},
            {"submission": submission(reasoning_trace=[{"action": text, text: [text]}])},
            {"submission": submission(reasoning_trace=[compute(inputs=[text, text])])},
            {"submission": submission(reasoning_trace=[{"action": "note", "note": {"a": text}}])},
            {"submission": submission(reasoning_trace=[provenance(quote_match=text)])},
            {"submission": submission(reasoning_trace=[provenance(semantic_zone=text)])},
            {"challenge_context": context(document=f"[paragraph_1]\n{text}")},
            {"challenge_context": context(questions=[text])},
            {"challenge_context": context(constraints=[text])},
            *({name: text} for name in ("record_id", "challenge_id", "miner_id")),
            *({name: text} for name in ("challenge_seed", "challenge_domain", "timestamp")),
        ):
            yield attempt(**changes)
    yield attempt(submission=submission(reasoning_trace=[compute(inputs=["<|im_start", "a|>"])]))
    yield attempt(submission=submission(reasoning_trace=[{"<|im": "end|>"}]))
    yield from outcomes()
    yield from spellings()
    yield from rejected()


def outcomes() -> Iterator[Any]:
    """Yield attempts whose constraints and verdicts are told in every way."""
    totals: tuple[Any, ...] = (..., 0, 1, 4, 9)
    results: tuple[Any, ...] = (..., {}, {"0": None}, {"0": {}})
    changes: dict[str, Any]
    for passed in (True, False):
        for changes in (
            *({"constraint_total": each} for each in totals),
            *({"constraint_results": each} for each in results),
            {"constraint_results": {"0": {"pass": True}, "9": {"pass": False}}},
            {"constraint_results": ..., "constraints_failed": [0, 2]},
            {"constraint_results": ..., "constraints_failed": []},
            {"constraint_results": ..., "constraints_passed": [0, 1, 2]},
            {"constraints_passed": [1], "constraints_failed": [1]},
            {"constraint_pass_count": 2},
            {"constraint_pass_count": 3, "constraint_fail_count": 0},
            {"constraint_results": {"1": {"pass": False}}},
            {"credit_eligible": not passed},
            {"credit_eligible": ...},
            *({"acceptance_path": path} for path in ("A", "B", "NONE", ..., None)),
            {"path_a_would_have_passed": True},
            {"challenge_modifiers": ["x"], "quality_schema_version": 2},
        ):
            yield attempt(passed=passed, **changes)


def spellings() -> Iterator[Any]:
    """Yield records that say the same in other ways, and numbers and times of all kinds."""
    yield attempt(challenge="0xAB", miner="0XCD", record_id="0xEF")
    yield attempt(challenge="abc", miner="Miner", record_id="Id")
    for index_ in (1.0, 1000, 2, 0, 1001, 1.5, "1", True, None):
        yield attempt(attempt_index=index_)
    for time in (..., None, 0, 5.0, -1, 253402300799999, 253402300800000, "1", 1.5):
        yield attempt(attempt_submitted_at=time)
        yield attempt(time_since_previous_attempt_ms=time)
    for stamp in (
        "2026-03-01T00:00:00Z",
        "2026-03-01T00:00:60.1239+02:00",
        "2026-03-01t00:00:00z",
        "2026-03-01 00:00:00Z",
        "2026-03-01T00:00:00",
        "2026-02-30T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
    ):
        yield attempt(timestamp=stamp)
        yield attempt(timestamp=stamp, attempt_submitted_at=...)
    for name, value in (
        ("operator", "0xaa"),
        ("rigId", "rig"),
        ("model_version", "m"),
        ("modelVersion", "m"),
    ):
        yield with_field(name, value)
        yield with_field(name, value, miner_id=..., submission=submission(model=...))
    yield attempt(miner_id=..., operator="0xaa", rigId="rig")
    yield attempt(unknown={"deep": [[{}]]})
    for step in ({"step": 1}, {"step_id": 1}, {"note": None}, {}, {"action": 5}):
        yield attempt(submission=submission(reasoning_trace=[{"action": "think"} | step]))
    yield json.dumps(attempt()).replace("Alma", "\\u0041lma").encode()
    yield json.dumps(attempt(), indent=1).replace("\n", " ").encode()


def rejected() -> Iterator[Any]:
    """Yield records that are quarantined as soon as they are read, for every such reason."""
    line = as_lines([attempt()]).strip()
    yield line.replace(b"Alma", b"\xff\xfe")
    yield line.replace(b'"pass": false', b'"pass": false, "pass": true')
    yield line.replace(b'"artifact"', b'"artifact": "x", "artifact"')
    yield line.replace(b'"document"', b'"document": "x", "document"')
    yield line.replace(b'"small-model"', b'"\\ud800"')
    yield line.replace(b'"17"', b"NaN")
    yield line.replace(b'"17"', b"1e999")
    yield line.replace(b'"17"', b"18446744073709551616")
    yield line.replace(b'"17"', b"[" * 127 + b"]" * 127)
    yield line.replace(b'"17"', b"[" * 128 + b"]" * 128)
    yield from (line[:100], line + b"x", b"\xef\xbb\xbf" + line, b"", b"  ", b"null", b"[]", b'"x"')
    yield {"foo": 1}
    yield {"challenge_id": "0x01", "record_id": "r"}
    yield {"challenge_id": "0x01", "miner_id": "0xaa", "attempts": [attempt()]}
    yield {"challenge_id": "0x01", "miner_id": "0xaa", "attempts": []}
    yield challenge(challenge_context={"document": ""})
    yield challenge(challenge_id="")
    for name in ("record_id", "challenge_id", "miner_id", "attempt_index", "pass", "submission"):
        yield with_field(name, ...)
        yield with_field(name, "")
        yield with_field(name, [])
    for name, value in (
        ("constraint_results", {"01": {"pass": True}}),
        ("constraint_results", {"1001": {"pass": True}}),
        ("constraint_total", -1),
        ("constraints_failed", [1001]),
        ("trap_metadata", {"traps": {}}),
        ("trace_stats", {"total_steps": 2**53}),
        ("trace_validation", {"citation_match_rate": "1"}),
        ("storage_schema_version", 2**53),
        ("challenge_context", context(document="")),
        ("challenge_context", context(questions=[1])),
        ("submission", submission(artifact=1)),
        ("submission", submission(reasoning_trace=[1])),
        ("submission", submission(reasoning_trace={})),
    ):
        yield with_field(name, value)
    yield attempt(unknown="x" * 1_000_000)


def submission(**changes: Any) -> dict[str, Any]:
    made = attempt()["submission"] | changes
    return {key: value for key, value in made.items() if value is not ...}


def provenance(**changes: Any) -> dict[str, Any]:
    step = extract()
    step["coordinator_provenance"] |= changes
    return step


def odd_logs(folder: Path) -> Path:
    """Write the logs of which the golden digests are."""
    shutil.copytree(SAMPLE_LOGS, folder)
    write_log(folder / "odd.jsonl", odd_records())
    values = as_lines(recovery("0x03"))
    (folder / "values.json").write_bytes(b"[" + values.replace(b"}\n{", b"},{").strip() + b", x]")
    (folder / "pretty.json").write_text(json.dumps(recovery("0x04"), indent=2))
    (folder / "blank.jsonl").write_bytes(b"\xef\xbb\xbf\r\n\n  \n")
    (folder / "empty.jsonl").touch()
    return folder


def known_segments(out: Path, *, record_limit: int = 1_000_000) -> Iterator[KnownSegment]:
    previous = PreviousIndex([out / FILE], index_head(__version__, record_limit))
    assert previous._segments, "the index cannot be read"
    for segments in previous._segments.values():
        yield from segments


def entries_of(known: KnownSegment, folder: Path) -> list[Rejection]:
    rejections = SegmentRejections(folder)
    for kind, content in known.contents():
        if kind == index.KEYS:
            rejections.add_packed(content, b"")
        elif kind == index.RESTS:
            rejections.add_packed(b"", content)
    return list(rejections.entries())


def references(known: Iterable[KnownSegment]) -> Iterator[AttemptRef | ChallengeRef]:
    for segment in known:
        for kind, content in segment.contents():
            if kind == index.ATTEMPTS:
                yield from unpack_attempts(content)
            elif kind == index.CHALLENGES:
                yield from unpack_challenges(content)


@pytest.fixture(scope="module")
def odd_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    build(odd_logs(folder / "logs"), folder / "out", max_record_mb=1)
    return folder


class TestFormat:
    def test_a_change_of_what_an_index_holds_raises_its_format(
        self, odd_build: Path, tmp_path: Path
    ) -> None:
        logs = hashlib.sha256()
        for path in sorted((odd_build / "logs").iterdir()):
            logs.update(path.name.encode() + path.read_bytes())
        found = hashlib.sha256()
        for known in known_segments(odd_build / "out"):
            found.update(msgspec.msgpack.encode(known.head))
            for kind, content in known.contents():
                if kind in (index.ATTEMPTS, index.CHALLENGES):
                    found.update(kind + content)
            for place, cause, record_id in map(as_told, entries_of(known, tmp_path)):
                found.update(repr((place, cause, record_id)).encode())
        # Bytes of an index, where no word in it is a library's.
        log = write_log(tmp_path / "a.jsonl", [*recovery(), challenge(), b"\xff"])
        build(log, tmp_path / "out")
        content = (tmp_path / "out" / FILE).read_bytes()
        head = head_frame(index_head(__version__, 64_000_000))
        assert content.startswith(head)
        now = {
            "format": FORMAT,
            "logs": logs.hexdigest(),
            "found": found.hexdigest(),
            "bytes": hashlib.sha256(content[len(head) :]).hexdigest(),
        }
        assert now["logs"] == GOLDEN["logs"], (
            "the logs of this test are others; if nothing else differs, put what follows into "
            f"GOLDEN and leave FORMAT as it is: {now}"
        )
        assert now == GOLDEN, (
            "an index holds something else than it did: raise FORMAT in botcoin_dpo/logs/index.py, "
            f"or old ones are used as if they were new; then put this into GOLDEN: {now}"
        )

    def test_the_golden_logs_have_every_reason_and_flag(
        self, odd_build: Path, tmp_path: Path
    ) -> None:
        known = list(known_segments(odd_build / "out"))
        reasons = {
            entry.cause.reason for segment in known for entry in entries_of(segment, tmp_path)
        }
        at_pairing = {"conflicting_challenges", "conflicting_attempts", "missing_context"}
        at_pairing |= {"unknown_constraint_outcomes", "inconsistent_outcomes", "unsafe_text"}
        at_pairing |= {"input_mismatch", "row_schema_violation"}
        assert reasons == set(get_args(rejections.Reason)) - at_pairing
        attempts = [ref for ref in references(known) if isinstance(ref, AttemptRef)]
        for name in ("is_credited", "unsafe", "passed"):
            assert Counter(getattr(ref, name) for ref in attempts).keys() == {False, True}
        assert {ref.outcome_problem for ref in attempts} == {0, 1, 2}
        lacking = [ref.lacks for ref in attempts]
        assert all(any(lacks & bit for lacks in lacking) for bit in (1, 2, 4, 8))

    @pytest.mark.parametrize("change", ["format", "version", "limit", "block"])
    def test_an_index_of_another_kind_is_not_used(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
    ) -> None:
        log = write_log(tmp_path / "a.jsonl", recovery())
        with monkeypatch.context() as other:
            if change == "format":
                other.setattr(index, "FORMAT", FORMAT - 1)
            elif change == "version":
                other.setattr("botcoin_dpo.building.build.__version__", "0.0.1")
            elif change == "block":
                other.setattr(index, "BLOCK", 1000)
            build(log, tmp_path / "out", max_record_mb=2 if change == "limit" else 1)
        assert scanned_by_update(log, tmp_path / "out", monkeypatch) == ["a.jsonl"]
        build(log, tmp_path / "full", max_record_mb=1)
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")


def as_told(entry: Rejection) -> tuple[Any, Any, Any]:
    reason, detail = entry.cause
    return entry.place, (reason, "" if reason in FROM_LIBRARIES else detail), entry.record_id


def scanned_by_update(logs: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that an update scans."""
    scanned: list[str] = []
    scan_it = scan._SegmentScan.scan

    def watched(segment_scan: Any) -> Any:
        scanned.append(segment_scan._segment.file.name)
        return scan_it(segment_scan)

    with monkeypatch.context() as watching:
        watching.setattr(scan._SegmentScan, "scan", watched)
        build(logs, out, max_record_mb=1, update=True)
    return scanned


def put_index(out: Path, content: bytes) -> None:
    """Replace the index of a build, and what the manifest says of it."""
    (out / FILE).write_bytes(content)
    manifest = json.loads((out / "manifest.json").read_bytes())
    (file,) = manifest["index_files"]
    file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (out / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of small logs of every layout, with quarantine entries."""
    folder = tmp_path_factory.mktemp("small")
    write_log(folder / "logs/a.jsonl", [*recovery(), b"\xff", {"foo": 1}, challenge()])
    write_log(folder / "logs/b.jsonl.gz", [*recovery("0x02"), b"{"])
    write_log(folder / "logs/c.jsonl.zst", [challenge("0x03"), [], b"x"])
    (folder / "logs/d.json").write_text(json.dumps(recovery("0x04")))
    (folder / "logs/e.jsonl").touch()
    build(folder / "logs", folder / "out", max_record_mb=1)
    return folder


Damage = tuple[str, float, int]
_damages = st.tuples(
    st.sampled_from(["flip", "cut", "insert", "repeat", "end"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 255) | st.integers(256, 3000),
)


def damaged(content: bytes, damage: Damage) -> bytes:
    kind, where, amount = damage
    at = int(where * len(content))
    if kind == "flip":
        return content[:at] + bytes([content[at] ^ (1 + amount % 255)]) + content[at + 1 :]
    if kind == "cut":
        return content[:at] + content[at + 1 + amount :]
    if kind == "insert":
        return content[:at] + bytes([amount % 256]) * (1 + amount % 40) + content[at:]
    if kind == "repeat":
        return content[: at + 1 + amount] + content[at:]
    return content[:at]


class TestDamage:
    @settings(max_examples=40)
    @given(damages=st.lists(_damages, min_size=1, max_size=2))
    def test_a_damaged_index_makes_no_difference(
        self, small: Path, tmp_path_factory: pytest.TempPathFactory, damages: list[Damage]
    ) -> None:
        out = tmp_path_factory.mktemp("damaged") / "out"
        shutil.copytree(small / "out", out)
        content = (out / FILE).read_bytes()
        for damage in damages:
            content = damaged(content, damage) or b"x"
        put_index(out, content)
        build(small / "logs", out, max_record_mb=1, update=True)
        assert all_bytes(out) == all_bytes(small / "out")
        shutil.rmtree(out.parent)

    def test_a_frame_that_claims_gigabytes_is_not_read(
        self, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = shutil.copytree(small / "out", tmp_path / "out")
        content = (out / FILE).read_bytes()
        put_index(out, content)
        with (out / FILE).open("ab") as file:
            file.write(index._FRAME.pack(b"A", 8 << 30, 0))
            file.truncate(len(content) + (9 << 30))
        head = index_head(__version__, 1_000_000)
        assert PreviousIndex([out / FILE], head)._segments == {}

    @pytest.mark.parametrize(
        ("kind", "change"),
        [
            (b"A", lambda content: content.replace(b"0xaa", b"0x\xff\xfe")),
            (b"A", lambda content: content[:-1]),
            (b"A", lambda content: content + content),
            (b"A", lambda content: content + b"\0"),
            (b"A", lambda content: put(content, 4, b"\xff" * 8)),  # offset
            (b"A", lambda content: put(content, 12, b"\xff" * 4)),  # length
            (b"A", lambda content: put(content, 16, bytes(4))),  # line
            (b"C", lambda content: content[:-1]),
            (b"C", lambda content: content + content),
            (b"C", lambda content: put(content, 12, b"\xff" * 4)),
            (b"K", lambda content: content[:-1]),
            (b"K", lambda content: content + content),
            (b"K", lambda content: put(content, 4, b"\xff" * 7 + b"\x7f")),  # line
            (b"K", lambda content: put(content, 12, b"\xff" * 8)),  # offset
            (b"K", lambda content: put(content, 20, b"\xff")),  # reason
            (b"K", lambda content: put(content, 21, b"\xff" * 8)),  # position
            (b"K", lambda content: put(content, 29, b"\xff" * 4)),  # length
            (b"R", lambda content: content[1:]),
            (b"R", lambda content: content.replace(b'"detail"', b'"details"')),
            (b"R", lambda content: b"[]" + b" " * (len(content) - 2)),
            (b"R", lambda content: b"\xff" * len(content)),
            (b"S", lambda content: changed_head(content, counts=(1,))),
            (b"S", lambda content: changed_head(content, counts=(-1, 0, -1, 0, 0, 0))),
            (b"S", lambda content: changed_head(content, counts=(5, 0, 5, 0, 0, 0))),
            (b"S", lambda content: changed_head(content, lines_ended=2**63)),
            (b"S", lambda content: changed_head(content, lines_ended=-1)),
            (b"S", lambda content: changed_head(content, start=1)),
            (b"S", lambda content: changed_head(content, size=1)),
            (b"S", lambda content: changed_head(content, blocks=[])),
            (b"S", lambda content: b"\xc1"),
            (b"S", lambda content: content.replace(b"jsonl", b"json\xff")),
        ],
    )
    def test_what_no_scan_can_have_found_is_scanned_again(
        self,
        small: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        kind: bytes,
        change: Callable[[bytes], bytes],
    ) -> None:
        def frames() -> Iterator[tuple[bytes, bytes]]:
            for letter, content in frames_of(small / "out"):
                yield letter, change(content) if letter == kind else content

        out = shutil.copytree(small / "out", tmp_path / "out")
        put_index(out, as_index(frames()))
        assert scanned_by_update(small / "logs", out, monkeypatch)
        assert all_bytes(out) == all_bytes(small / "out")

    def test_a_record_behind_the_end_of_its_file_is_scanned_again(
        self, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = shutil.copytree(small / "out", tmp_path / "out")
        put_index(out, with_first_record_moved(small / "out", of_attempts_frame=0))
        assert scanned_by_update(small / "logs", out, monkeypatch) == ["a.jsonl"]
        assert all_bytes(out) == all_bytes(small / "out")

    def test_a_record_behind_the_end_of_a_compressed_file_ends_as_a_log_that_changes(
        self, small: Path, tmp_path: Path
    ) -> None:
        out = shutil.copytree(small / "out", tmp_path / "out")
        put_index(out, with_first_record_moved(small / "out", of_attempts_frame=1))
        with pytest.raises(InputError, match=r"b\.jsonl\.gz:1: changed while it was read"):
            build(small / "logs", out, max_record_mb=1, update=True)

    @pytest.mark.parametrize("lost", [b"H", b"A", b"K", b"S", b"SA", b"AAA"])
    def test_frames_that_are_not_there_are_missed(
        self, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bytes
    ) -> None:
        frames = list(frames_of(small / "out"))
        letters = b"".join(kind for kind, _ in frames)
        if lost == b"AAA":  # a frame of no kind
            frames.insert(2, (b"X", b"what"))
        else:
            at = letters.index(lost)
            del frames[at : at + len(lost)]
        out = shutil.copytree(small / "out", tmp_path / "out")
        put_index(out, as_index(frames))
        assert scanned_by_update(small / "logs", out, monkeypatch)
        assert all_bytes(out) == all_bytes(small / "out")

    @settings(max_examples=40)
    @given(
        which=st.integers(0, 100),
        damages=st.lists(_damages, min_size=1, max_size=2),
    )
    def test_a_crafted_index_never_ends_in_a_traceback(
        self,
        small: Path,
        tmp_path_factory: pytest.TempPathFactory,
        which: int,
        damages: list[Damage],
    ) -> None:
        frames = list(frames_of(small / "out"))
        letter, content = frames[which % len(frames)]
        for damage in damages:
            content = damaged(content, damage) or b"x"
        frames[which % len(frames)] = letter, content
        out = tmp_path_factory.mktemp("crafted") / "out"
        shutil.copytree(small / "out", out)
        put_index(out, as_index(frames))
        try:
            build(small / "logs", out, max_record_mb=1, update=True)
        except UserError as error:
            assert "changed while it was read" in str(error)
        shutil.rmtree(out.parent)


def with_first_record_moved(out: Path, *, of_attempts_frame: int) -> bytes:
    """Return the index of a build, in which a record lies behind the end of its file."""
    frames = list(frames_of(out))
    at = [at for at, (kind, _) in enumerate(frames) if kind == b"A"][of_attempts_frame]
    frames[at] = b"A", put(frames[at][1], 4, (10**6).to_bytes(8, "little"))
    return as_index(frames)


def put(content: bytes, at: int, value: bytes) -> bytes:
    return content[:at] + value + content[at + len(value) :]


def changed_head(content: bytes, **changes: Any) -> bytes:
    head = msgspec.msgpack.decode(content, type=index.SegmentHead)
    return msgspec.msgpack.encode(msgspec.structs.replace(head, **changes))


def frames_of(out: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield the letter and the content of each frame of the index of a build."""
    content = (out / FILE).read_bytes()
    while content:
        letter, length, _ = index._FRAME.unpack_from(content)
        end = index._FRAME.size + length
        yield letter, content[index._FRAME.size : end]
        content = content[end:]


def as_index(frames: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return an index of frames, with right checksums."""
    made, checksum = b"", 0
    for letter, content in frames:
        checksum = index._checksum(checksum, letter, content)
        made += index._FRAME.pack(letter, len(content), checksum) + content
        if letter in b"HS":
            checksum = 0
    return made
