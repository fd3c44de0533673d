import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from botcoin_dpo import build
from botcoin_dpo.exporting.columns import (
    JSON_TEXT,
    MESSAGES,
    Column,
    ListOf,
    Scalar,
    StructType,
    card_features,
    columns_of_card,
    encoder,
    fits,
    json_columns,
    pair_columns,
)
from tests.builders import recovery, write_log

LEFT_OUT_WHEN_NULL = {
    "constraint_flip_summary", "trace_quality", "reasoning_depth", "answer_verification", "audit",
}  # fmt: skip


def decoded(value: Any, column: Column) -> Any:
    """The JSON value that a column's value stands for."""
    if value is None:
        return None
    if isinstance(column, Scalar):
        return json.loads(value) if column.is_json else value
    if isinstance(column, ListOf):
        return [decoded(item, column.item) for item in value]
    return {
        name: decoded(inner, column.fields[name])
        for name, inner in value.items()
        if inner is not None or name not in LEFT_OUT_WHEN_NULL
    }


def test_no_value_of_a_row_is_lost(reference: Path) -> None:
    row = orjson.loads((reference / "pair_0x37289055.json").read_bytes())
    encode = encoder(pair_columns())
    assert encode is not None
    values = encode(row)
    assert fits(values, pair_columns())
    assert decoded(values, pair_columns()) == row
    assert list(decoded(values, pair_columns())) == list(row)


@pytest.mark.parametrize("wrong", [900, 900.5, "900", None, [1], {"deep": [None]}])
def test_values_of_any_type_are_json_text(tmp_path: Path, wrong: object) -> None:
    traps = {"trap_count": 1, "traps": [{"wrong_value": wrong}]}
    write_log(tmp_path / "a.jsonl", recovery(trap_metadata=traps))
    build(tmp_path / "a.jsonl", tmp_path / "out")
    [path] = (tmp_path / "out").glob("sequential/*")
    row = orjson.loads(path.read_bytes())
    encode = encoder(pair_columns())
    assert encode is not None
    values = encode(row)
    assert json.loads(values["trap_metadata"]) == traps
    assert fits(values, pair_columns())


def test_a_card_spells_columns_and_is_read_back() -> None:
    columns = StructType({"a": Scalar("int64"), "b": MESSAGES, "c": ListOf(ListOf(Scalar("bool")))})
    assert columns_of_card(card_features(columns)) == columns
    features = card_features(pair_columns())
    assert card_features(columns_of_card(features)) == features


@pytest.mark.parametrize(
    "features",
    [None, [1], [{"dtype": "string"}], [{"name": "a", "dtype": "image"}], [{"name": "a"}]],
)
def test_what_no_export_could_have_is_refused(features: object) -> None:
    with pytest.raises(ValueError):
        columns_of_card(features)


@pytest.mark.parametrize(
    ("value", "column", "is_one"),
    [
        (None, Scalar("string"), True),
        (True, Scalar("int64"), False),
        (1, Scalar("float64"), True),
        (1.0, Scalar("int64"), True),
        (1.5, Scalar("int64"), False),
        (1, Scalar("bool"), False),
        ([1], ListOf(Scalar("string")), False),
        ({"role": "user"}, MESSAGES.item, False),
        ({"role": "user", "content": "x"}, MESSAGES.item, True),
    ],
)
def test_a_value_fits_its_column(value: object, column: Column, is_one: bool) -> None:
    assert fits(value, column) is is_one


def test_json_text_is_named_with_its_path() -> None:
    columns = StructType(
        {"a": JSON_TEXT, "b": StructType({"c": JSON_TEXT}), "d": ListOf(JSON_TEXT)}
    )
    assert json_columns(columns) == ["a", "b.c", "d"]
