"""Attempts as they are loaded for rows: what they share, what is asked of the one before."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.contract.record_types import AttemptRecord
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.references import AttemptRef
from botcoin_dpo.logs.scan_logs import ScannedLogs, scan_logs
from botcoin_dpo.sessions.candidates import Candidate
from botcoin_dpo.sessions.grouping import GroupingCounts
from botcoin_dpo.sessions.partition_sessions import group_partition
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import attempt, challenge, recovery, write_log

Loaders = tuple[AttemptLoader, AttemptLoader]


@contextmanager
def challenges(logs: Path, scratch: Path) -> Iterator[Iterator[tuple[list[Candidate], Loaders]]]:
    """The attempts at each challenge, and two loaders that know nothing of each other."""
    scratch.mkdir()
    with scan_logs(
        find_logs([logs]).files, scratch, SingleProcess(), record_limit=10**7
    ) as scanned:
        yield grouped(scanned)


def grouped(scanned: ScannedLogs) -> Iterator[tuple[list[Candidate], Loaders]]:
    for references in scanned.references():
        reader = RecordReader(references.records(scanned.in_place))
        for sessions in group_partition(
            references, reader, GroupingCounts(), lambda entry: None, allow_unsafe_text=False
        ):
            candidates = [candidate for session in sessions for candidate in session.attempts]
            yield candidates, (AttemptLoader(sessions, reader), AttemptLoader(sessions, reader))


def compared(logs: Path, scratch: Path) -> int:
    """Compare what is scanned of the attempt before with that attempt, decoded; return how many."""
    count = 0
    with challenges(logs, scratch) as found:
        for candidates, (whole, fresh) in found:
            decoded: dict[tuple[str, int], Attempt] = {}
            for candidate in candidates:
                key = candidate.miner_id, candidate.attempt_index
                decoded[key] = attempt = whole.load(candidate)
                before = decoded.get((candidate.miner_id, candidate.attempt_index - 1))
                expected = None if before is None else before.as_previous()
                assert fresh.previous(attempt) == expected
                assert whole.previous(attempt) == expected
                count += before is not None
    return count


def test_what_is_scanned_of_the_attempt_before_is_what_it_says(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=12, seed=8)
    assert compared(tmp_path / "logs", tmp_path / "scratch") > 20


def test_it_is_scanned_however_the_record_is_spelled(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = recovery()
    bare = {key: value for key, value in records[0].items() if key != "challenge_context"}
    decoy = '{"challenge_context":{"document":"[paragraph_1]"},'
    doubles = json.dumps(bare).replace('"attempt_index": 1,', '"attempt_index": 1.0,')
    assert '"attempt_index": 1.0,' in doubles
    for number, line in enumerate(
        [
            json.dumps(bare),  # the challenge record has the context
            json.dumps(records[0] | {"challenge_context": records[0]["challenge_context"]}),
            json.dumps({"zzz": json.loads(decoy[:-1] + "}"), **records[0]}),
            doubles,
        ]
    ):
        log = write_log(tmp_path / f"{number}" / "a.jsonl", [challenge(), *records[1:]])
        log.write_bytes(log.read_bytes() + line.encode() + b"\n")
        assert compared(log, tmp_path / f"scratch{number}") == 1


def test_attempts_at_a_challenge_share_their_document(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", recovery())
    with challenges(log, tmp_path / "scratch") as found:
        ((candidates, (loader, _)),) = found
        documents = [loader.load(candidate).context.document for candidate in candidates]
    assert len(documents) > 1
    assert all(document is documents[0] for document in documents)


def test_the_last_attempt_is_not_decoded_for_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [*recovery(), attempt(3, session_status="closed")]
    decoded: list[int] = []
    decode = RecordReader.attempt

    def counted(self: RecordReader, ref: AttemptRef) -> AttemptRecord:
        decoded.append(ref.attempt_index)
        return decode(self, ref)

    monkeypatch.setattr(RecordReader, "attempt", counted)
    with challenges(write_log(tmp_path / "a.jsonl", records), tmp_path / "scratch") as found:
        ((candidates, (loader, _)),) = found
        loaded = [loader.load(candidate) for candidate in candidates[:2]]
    assert [each.session_final_status for each in loaded] == ["closed", "closed"]
    assert decoded == [1, 2]
