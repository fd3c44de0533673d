"""`simulate`: challenges, sessions and records, streamed to log files, with a ledger beside them.

The ledger, `OUT.expected.json`, tells what is in the logs and lists every record that was damaged,
how, and why a build must set it aside, so that a build can be checked to the last record.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import orjson

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import OutputError, writing
from botcoin_dpo.files.local_paths import output_path
from botcoin_dpo.files.named_files import open_regular, real_path
from botcoin_dpo.files.staging import Product, StagingFolder
from botcoin_dpo.simulation.challenge import Challenge, make_challenge
from botcoin_dpo.simulation.damage import RECORD_LIMIT_MB, Damager, Line, damage_lines
from botcoin_dpo.simulation.domain import Domain
from botcoin_dpo.simulation.encoding import RecordEncoder
from botcoin_dpo.simulation.log_files import LogFormat, SimulatedFile, SimulatedFiles, WrittenAt
from botcoin_dpo.simulation.miners import PROFILES, Miner, Profile, make_miners
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.sessions import simulate_sessions
from botcoin_dpo.simulation.simulation import (
    ContextPlace,
    Simulation,
    SimulationOptions,
    chosen_domains,
)

_MARK = b'{"simulated_logs":1,'


def simulate(
    out: str | Path,
    *,
    challenges: int = 100,
    seed: int = 0,
    domains: Sequence[str | Domain] | str | None = None,
    miners: int = 12,
    files: int = 8,
    format: LogFormat = "jsonl",
    context: ContextPlace = "inline",
    noise: float = 0.0,
    overwrite: bool = False,
    profiles: Sequence[Profile] = PROFILES,
    progress: Progress | None = None,
) -> Simulation:
    """Write simulated attempt logs, and their ledger beside them.

    Args:
        out: the log folder to make.
        challenges: how many challenges; each is tried by some of the miners.
        seed: other seeds give other worlds.
        domains: what the challenges are about, in turn: names, or domains of your own
            (`domain_files.read_domain`); all built-in ones if None.
        miners: how many miners there are.
        files: how many log files the records are spread over.
        format: of the files; `mixed` takes turns.
        context: `inline` in every attempt, `separate` in challenge records, or `mixed`.
        noise: share of lines to damage.
        overwrite: replace previous simulated logs.
        profiles: the models that miners run, and how well those do.
        progress: called with the challenges made.

    Raises:
        UsageError: an option makes no sense.
        OutputError: the output cannot be written.
    """
    options = SimulationOptions(
        challenges, seed, chosen_domains(domains), miners, files, format, context, noise
    )
    target = output_path(out, "OUT")
    with writing(target):
        ledger_path = ledger_of(target)
    if os.path.lexists(ledger_path) and not _is_ledger(ledger_path):
        raise OutputError(f"{ledger_path}: exists and is no ledger; move it away")
    with StagingFolder(target, overwrite=overwrite, product=_PRODUCT) as staging:
        result = Simulation(target, ledger_path)
        made = staging.scratch / "ledger.json"
        with writing(made), made.open("wb") as ledger:
            _Simulator(options, profiles, staging.dataset, ledger, result).run(progress)
        staging.publish()
        with writing(result.ledger):
            made.replace(ledger_path)
    return result


def ledger_of(out: Path) -> Path:
    """Return where the ledger of a log folder is: beside it, or beside what it links to."""
    folder = real_path(out) if out.is_symlink() or out.name in ("", "..") else out
    return folder.with_name(f"{folder.name or 'logs'}.expected.json")


class _Simulator:
    def __init__(
        self,
        options: SimulationOptions,
        profiles: Sequence[Profile],
        folder: Path,
        ledger: BinaryIO,
        result: Simulation,
    ) -> None:
        self._options, self._folder = options, folder
        self._ledger, self._result = ledger, result
        self._miners: list[Miner] = make_miners(options.miners, options.seed, profiles)
        self._separator = b""

    def run(self, progress: Progress | None) -> None:
        options = self._options
        with SimulatedFiles(self._folder, options.files, options.format) as logs:
            ledger_head = {
                "options": options.as_json(),
                "build_options": {"max_record_mb": RECORD_LIMIT_MB},
            }
            self._ledger.write(_MARK + orjson.dumps(ledger_head)[1:-1] + b',"quarantine":[')
            for number in range(options.challenges):
                self._simulate(number, logs)
                if progress is not None:
                    progress("simulating", number + 1, options.challenges)
            if options.noise:
                self._break_files(logs)
            files = sorted(path.name for path in self._folder.iterdir())
            tail = {"files": files, **self._result.totals()}
            self._ledger.write(b"\n]," + orjson.dumps(tail)[1:] + b"\n")
        with writing(self._folder):
            self._result.bytes_written = sum(f.stat().st_size for f in self._folder.iterdir())

    def _simulate(self, number: int, logs: SimulatedFiles) -> None:
        """Simulate one challenge, and write its lines."""
        options, result = self._options, self._result
        challenge = self._challenge(number)
        rng = RandomStream(options.seed, "files", number)
        encoder = RecordEncoder(challenge)
        lines = []
        is_separate = options.context == "separate" or (options.context == "mixed" and number % 2)
        if is_separate:
            record = encoder.challenge_record()
            lines.append(Line(record, encoder.encode(record)))
        for session, records in enumerate(self._sessions(challenge, number)):
            result.sessions += 1
            result.attempts += len(records)
            for record in records:
                result.credited += record["credit_eligible"]
                if not is_separate:
                    record = encoder.with_context(record)
                lines.append(Line(record, encoder.encode(record), session))
        result.challenges += 1
        if options.noise:
            noise_dice = RandomStream(options.seed, "noise", number)
            damager = Damager(encoder.encode, challenge.context, noise_dice)
            lines = damage_lines(lines, options.noise, damager)
        files = logs.files
        for line in lines:
            file = rng.pick(files)
            if line.damage == "oversized" and any(each.is_compressed for each in files):
                # A megabyte of blanks takes no space there.
                file = rng.pick([each for each in files if each.is_compressed])
            self._count(line)
            self._remember(line, file.write(line.data))

    def _challenge(self, number: int) -> Challenge:
        domains = self._options.domains
        return make_challenge(domains[number % len(domains)], self._options.seed, number)

    def _sessions(self, challenge: Challenge, number: int) -> Iterator[list[JsonObject]]:
        return simulate_sessions(challenge, number, self._miners, self._options.seed)

    def _count(self, line: Line) -> None:
        result = self._result
        result.records += 1
        result.challenge_records += line.session is None
        result.duplicates += line.is_duplicate
        if line.damage is not None:
            result.damaged[line.damage] += 1

    def _remember(self, line: Line, at: WrittenAt) -> None:
        """Write a line that must be quarantined into the ledger."""
        if line.reason is not None:
            damage = line.damage or "suffers"
            self._expect(at.file, at.line, at.byte_offset, line.record_id, line.reason, damage)

    def _expect(
        self, file: str, line: int | None, offset: int, record_id: str | None, *why: str
    ) -> None:
        reason, damage = why
        entry = {
            "file": file,
            "line": line,
            "byte_offset": offset,
            "record_id": record_id,
            "reason": reason,
            "damage": damage,
        }
        self._ledger.write(self._separator + b"\n" + orjson.dumps(entry))
        self._separator = b","
        self._result.expected[reason] += 1

    def _break_files(self, logs: SimulatedFiles) -> None:
        """Add a file that is not what its name says and, among compressed ones, one cut short."""
        compressed = [file.name for file in logs.files if file.is_compressed]
        extension = compressed[0].split(".", 1)[1] if compressed else "jsonl.gz"
        not_compressed = f"not-compressed.{extension}"
        with writing(self._folder):
            (self._folder / not_compressed).write_bytes(b"<html>502 Bad Gateway</html>\n")
        self._expect(not_compressed, None, 0, None, "unreadable_file", "not_compressed")
        if compressed:
            number = self._options.challenges
            challenge = self._challenge(number)
            encoder = RecordEncoder(challenge)
            first = next(iter(self._sessions(challenge, number)))
            data = [encoder.encode(encoder.with_context(record)) for record in first]
            file = logs.add(f"ends-early.{extension}")
            self._write_broken(file, first, data)

    def _write_broken(
        self, file: SimulatedFile, records: Sequence[JsonObject], data: Sequence[bytes]
    ) -> None:
        """Write one whole record, and another that is broken off."""
        whole, broken = Line(records[0], data[0], 0), data[-1]
        self._count(whole)
        self._result.challenges += 1
        self._result.sessions += 1
        self._result.attempts += 1
        self._result.credited += records[0]["credit_eligible"]
        file.write(whole.data)
        at = file.break_off(broken)
        record_id = records[-1]["record_id"]
        self._expect(at.file, at.line, at.byte_offset, record_id, "truncated_file", "broken_off")


def _is_simulated(folder: Path) -> bool:
    return _is_ledger(ledger_of(folder))


def _is_ledger(path: Path) -> bool:
    try:
        with open_regular(path) as ledger:
            return ledger.read(len(_MARK)) == _MARK
    except OSError:
        return False


def _simulated_files(folder: Path) -> list[str]:
    try:
        with open_regular(ledger_of(folder)) as ledger:
            files = orjson.loads(ledger.read())["files"]
    except (OSError, ValueError, KeyError):
        return []
    is_list = isinstance(files, list) and all(isinstance(name, str) for name in files)
    return files if is_list else []


_PRODUCT = Product("simulation", _is_simulated, _simulated_files)
