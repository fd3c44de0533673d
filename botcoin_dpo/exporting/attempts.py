"""The attempts of a build that has them, split by split, each with what it was made on.

After the attempts at a challenge come its inputs, each with what their audits tell together.

Challenge objects stand in the order in which attempts first name them, so both files are read side
by side. Of the challenge that is read, the places of its inputs are held, and a few inputs.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.identifiers import challenge_hash
from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.schemas import SchemaName
from botcoin_dpo.contract.splits import Split
from botcoin_dpo.dataset.manifest import FILES_OF
from botcoin_dpo.dataset.reading import StoredRow, read_object, read_rows
from botcoin_dpo.errors import InputError
from botcoin_dpo.exporting.input_checks import InputChecks
from botcoin_dpo.rows.prompt import prompt_text

_SCHEMAS: dict[FactKind, SchemaName] = {
    "attempts": "attempt_facts",
    "challenges": "challenge_facts",
}
_HELD = 8
"""Inputs of one challenge that are held; nearly always there is one."""
_ADVICE = "see botcoin-dpo validate"


class _Input(NamedTuple):
    challenge: JsonObject
    prompt: str


class BuiltAttempt(NamedTuple):
    """An attempt object, and what it was made on."""

    facts: JsonObject
    challenge: JsonObject
    prompt: str
    """As rows have it."""


class BuiltInput(NamedTuple):
    """A challenge object, and what the audits of all attempts at it tell."""

    challenge: JsonObject
    prompt: str
    """As rows have it."""
    checks: InputChecks


class BuiltAttempts:
    """The attempts of a build, read in order and checked."""

    def __init__(self, folder: Path, manifest: JsonObject) -> None:
        """Read the attempts of a build that has them."""
        self._folder, self._manifest = folder, manifest
        self._is_audited = bool(manifest["options"].get("audit"))

    @property
    def size(self) -> int:
        """Bytes that are read for each split."""
        return sum(file["bytes"] for key in FILES_OF.values() for file in self._manifest[key])

    def of_split(self, split: Split) -> Iterator[tuple[bytes, BuiltAttempt | BuiltInput]]:
        """Yield attempts, each with its challenge's hash, by challenge.

        Where they are audited, the inputs of a challenge follow its attempts, in the order in which
        these first name them.

        Raises:
            InputError: a file cannot be read, or holds something that does not belong there.
        """
        inputs = _Inputs(self._objects("challenges"))
        before, by_input = b"", dict[str, InputChecks]()
        for path, stored in self._objects("attempts"):
            facts = stored.row
            challenge = challenge_hash(facts["challenge_id"])
            if challenge != before:
                yield from _with_checks(inputs, before, by_input)
                before, by_input = challenge, {}
            made_on = inputs.find(challenge, facts["input"])
            if made_on is None or made_on.challenge["split"] != facts["split"]:
                raise InputError(f"{path}:{stored.line}: has no challenge object; {_ADVICE}")
            if facts["split"] != split:
                continue
            if self._is_audited:
                by_input.setdefault(facts["input"], InputChecks()).add(facts)
            yield challenge, BuiltAttempt(facts, *made_on)
        yield from _with_checks(inputs, before, by_input)

    def _objects(self, kind: FactKind) -> Iterator[tuple[Path, StoredRow]]:
        files = self._manifest[FILES_OF[kind]]
        before = b""
        for path, stored in chain.from_iterable(self._of_file(file, kind) for file in files):
            challenge = challenge_hash(stored.row["challenge_id"])
            if challenge < before:
                raise InputError(f"{path}:{stored.line}: does not belong here; {_ADVICE}")
            before = challenge
            yield path, stored

    def _of_file(self, file: JsonObject, kind: FactKind) -> Iterator[tuple[Path, StoredRow]]:
        path = self._folder / file["path"]
        if not path.is_file():
            raise InputError(f"{path}: the manifest lists it, but it is not there; build again")
        if path.stat().st_size != file["bytes"]:
            raise InputError(f"{path}: is not as large as the manifest says; {_ADVICE}")
        objects = 0
        for stored in read_rows(path, file["path"]):
            if stored.problem is not None or not schemas.is_valid(_SCHEMAS[kind], stored.row):
                raise InputError(f"{path}:{stored.line}: no object of a build; {_ADVICE}")
            objects += 1
            yield path, stored
        if objects != file["objects"]:
            raise InputError(
                f"{path}: has {objects} objects, the manifest says {file['objects']}; {_ADVICE}"
            )


def _with_checks(
    inputs: "_Inputs", challenge: bytes, by_input: Mapping[str, InputChecks]
) -> Iterator[tuple[bytes, BuiltInput]]:
    """Yield the inputs of a challenge that were found before."""
    for key, checks in by_input.items():
        found = inputs.find(challenge, key)
        assert found is not None  # an attempt at it was yielded
        yield challenge, BuiltInput(*found, checks)


class _Inputs:
    """Challenge objects, as attempts in the order of the build ask for them."""

    def __init__(self, objects: Iterator[tuple[Path, StoredRow]]) -> None:
        self._objects = objects
        self._challenge = b""
        self._places: dict[str, tuple[Path, int, int]] = {}
        self._held: dict[str, _Input] = {}

    def find(self, challenge: bytes, key: str) -> _Input | None:
        """Return an input of a challenge, None if it is not where it belongs."""
        if challenge != self._challenge:
            self._challenge = challenge
            self._places.clear()
            self._held.clear()
        found = self._held.get(key)
        if found is None:
            value = self._read(key)
            if value is None or challenge_hash(value["challenge_id"]) != challenge:
                return None
            found = _Input(
                value, prompt_text(value["document"], value["questions"], value["constraints"])
            )
            if len(self._held) >= _HELD:
                self._held.pop(next(iter(self._held)))
            self._held[key] = found
        return found

    def _read(self, key: str) -> JsonObject | None:
        """Return the object of a key: one that was read before, or else the next one."""
        if key in self._places:
            return read_object(*self._places[key], "challenge_facts")
        path, stored = next(self._objects, (None, None))
        if path is None or stored is None or stored.row["input"] != key:
            return None
        self._places[key] = path, stored.offset, stored.size
        value: JsonObject = stored.row
        return value
