"""Schemas are sound, describe every field, and checking against them loses no interrupt."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import Draft202012Validator

from botcoin_dpo.contract import record_types, schemas
from botcoin_dpo.contract.schemas import SchemaName


class Interrupted(Exception):
    pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_while_a_schema_is_prepared_or_used_is_not_lost() -> None:
    sent = arrived = 0

    def interrupt(*_: object) -> None:
        nonlocal sent
        sent += 1
        raise Interrupted

    previous = signal.signal(signal.SIGVTALRM, interrupt)
    try:
        end = time.monotonic() + 20
        while sent < 100 and time.monotonic() < end:
            before = sent
            try:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0.002 + 0.0001 * (sent % 20))
                while sent == before:
                    schemas.schema.cache_clear()
                    schemas.is_valid("pair", {})
            except Interrupted:
                arrived += 1
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
    assert sent >= 100
    assert arrived >= sent - 3  # what comes within a destructor Python itself does not hand on


SCHEMAS: tuple[SchemaName, ...] = get_args(SchemaName)


def parts(schema: Any, path: str = "") -> Any:
    """Yield every field of a schema with its path."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            yield f"{path}/{name}", inner
        for name, inner in schema.items():
            yield from parts(inner, f"{path}/{name}" if name != "properties" else path)
    elif isinstance(schema, list):
        for inner in schema:
            yield from parts(inner, path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_sound_and_describe_every_field(name: SchemaName) -> None:
    schema = schemas.load(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:botcoin-dpo:schema:{name}:1"
    assert schema["title"]
    assert [path for path, field in parts(schema) if not field.get("description")] == []


def test_the_fields_of_records_are_in_the_schemas_order() -> None:
    for shape, name in (
        (record_types.AttemptShape, "attempt"),
        (record_types.ChallengeShape, "challenge"),
        (record_types.SessionShape, "session"),
    ):
        known = [field.encode_name for field in msgspec.structs.fields(shape)]
        named = [field for field in schemas.load(name)["properties"] if field != "attempts"]
        assert known == named


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_timestamp_of_a_schema_is_checked(name: Any) -> None:
    found = list(schemas._timestamps_in(schemas.load(name)))
    assert len(found) == json.dumps(schemas.load(name)).count('"format": "date-time"')
    assert found or name not in ("attempt", "pair")


def test_the_row_has_the_published_keys_in_their_order(reference: Path) -> None:
    row = json.loads((reference / "pair_0x37289055.json").read_bytes())
    schema = schemas.load("pair")
    assert [*row, "audit"] == list(schema["properties"])
    for name in ("prompt_metadata", "pair_annotations", "metadata"):
        assert list(row[name]) == list(schema["properties"][name]["properties"])
    chosen = list(schema["properties"]["chosen_metadata"]["properties"])
    assert list(row["chosen_metadata"]) == chosen[: len(row["chosen_metadata"])]
