"""What a column holds, said once: for Parquet, for the card, and for checking a value.

The columns of `pairs_*` follow from `schemas/pair.schema.json` by one rule: an object whose keys
are fixed is a struct, an array a list, and whatever may hold anything (trap values, what records
carry over) is JSON text. Contract: schemas/README.md, "Exports".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import orjson

from botcoin_dpo.contract import schemas

if TYPE_CHECKING:
    import pyarrow

Type = Literal["string", "int64", "float64", "bool"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A column of texts, numbers or truth values, any of which may be null."""

    type: Type
    is_json: bool = False
    """Whether the text is JSON that spells some other value."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A column of lists."""

    item: "Column"


@dataclass(frozen=True, slots=True)
class StructType:
    """A column of objects with fixed keys; a table is one too."""

    fields: Mapping[str, "Column"]


Column = Scalar | ListOf | StructType

TEXT = Scalar("string")
INTEGER = Scalar("int64")
NUMBER = Scalar("float64")
TRUTH = Scalar("bool")
JSON_TEXT = Scalar("string", is_json=True)
MESSAGES = ListOf(StructType({"role": TEXT, "content": TEXT}))

_SCALARS = {"string": TEXT, "integer": INTEGER, "number": NUMBER, "boolean": TRUTH}
_PYTHON: dict[Type, tuple[type, ...]] = {
    "string": (str,),
    "int64": (int,),
    "float64": (int, float),
    "bool": (bool,),
}


@cache
def pair_columns() -> StructType:
    """Return the columns that hold every field of a row."""
    columns = _column(schemas.load("pair"))
    assert isinstance(columns, StructType)
    return columns


def _column(schema: Mapping[str, Any]) -> Column:
    types = schema.get("type", ())
    kinds = {types} if isinstance(types, str) else set(types)
    kinds -= {"null"}
    if kinds == {"object"} and schema.get("additionalProperties") is False:
        return StructType({name: _column(inner) for name, inner in schema["properties"].items()})
    if kinds == {"array"}:
        return ListOf(_column(schema["items"]))
    if not kinds and ("const" in schema or "enum" in schema):
        example = schema["const"] if "const" in schema else schema["enum"][0]
        return TRUTH if isinstance(example, bool) else TEXT
    return _SCALARS[kinds.pop()] if len(kinds) == 1 and kinds <= _SCALARS.keys() else JSON_TEXT


def encoder(column: Column) -> Callable[[Any], Any] | None:
    """Return what turns a JSON value into that of a column; None if it is that already."""
    if isinstance(column, Scalar):
        return _json_text if column.is_json else None
    if isinstance(column, ListOf):
        encode = encoder(column.item)
        return None if encode is None else lambda values: values and [*map(encode, values)]
    names = tuple(column.fields)
    encoders = {
        name: encode
        for name, inner in column.fields.items()
        if (encode := encoder(inner)) is not None
    }
    if not encoders:
        return None

    def encode_object(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if value is None:
            return None
        encoded = {**value}
        if len(encoded) < len(names):  # every value of a struct has all its keys
            encoded = {name: encoded.get(name) for name in names}
        for name, encode in encoders.items():
            encoded[name] = encode(encoded[name])
        return encoded

    return encode_object


def _json_text(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def fits(value: Any, column: Column) -> bool:
    """Return whether a decoded JSON value is one of a column."""
    if value is None:
        return True
    if isinstance(column, Scalar):
        wanted = _PYTHON[column.type]
        if column.type == "int64" and isinstance(value, float):
            return value.is_integer()
        return isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))
    if isinstance(column, ListOf):
        return isinstance(value, list) and all(fits(item, column.item) for item in value)
    return (
        isinstance(value, dict)
        and value.keys() == column.fields.keys()
        and all(fits(value[name], inner) for name, inner in column.fields.items())
    )


def json_columns(columns: StructType, prefix: str = "") -> list[str]:
    """Return the names of the columns that hold JSON text, with dots between levels."""
    names = []
    for name, column in columns.fields.items():
        inner = column.item if isinstance(column, ListOf) else column
        if isinstance(inner, StructType):
            names += json_columns(inner, f"{prefix}{name}.")
        elif isinstance(inner, Scalar) and inner.is_json:
            names.append(prefix + name)
    return names


def arrow_schema(columns: StructType) -> "pyarrow.Schema":
    """Return the columns as Arrow has them."""
    import pyarrow as pa

    return pa.schema([(name, arrow_type(inner)) for name, inner in columns.fields.items()])


def arrow_type(column: Column) -> "pyarrow.DataType":
    """Return the type of a column as Arrow has it."""
    import pyarrow as pa

    if isinstance(column, Scalar):
        scalars = {
            "string": pa.string(),
            "int64": pa.int64(),
            "float64": pa.float64(),
            "bool": pa.bool_(),
        }
        return scalars[column.type]
    if isinstance(column, ListOf):
        return pa.list_(arrow_type(column.item))
    return pa.struct([(name, arrow_type(inner)) for name, inner in column.fields.items()])


def card_features(columns: StructType) -> list[dict[str, Any]]:
    """Return the columns as `dataset_info.features` of a card has them."""
    return [{"name": name, **_card_type(inner)} for name, inner in columns.fields.items()]


def _card_type(column: Column) -> dict[str, Any]:
    if isinstance(column, Scalar):
        return {"dtype": column.type}
    if isinstance(column, StructType):
        return {"struct": card_features(column)}
    inner = _card_type(column.item)
    return {"list": inner.get("dtype") or inner.get("struct") or inner}


def columns_of_card(features: Any) -> StructType:
    """Return the columns that `dataset_info.features` spell, JSON text as text.

    Raises:
        ValueError: it spells none that an export could have.
    """
    if not isinstance(features, list):
        raise ValueError("features are no list")
    columns: dict[str, Column] = {}
    for feature in features:
        if not isinstance(feature, dict) or not isinstance(feature.get("name"), str):
            raise ValueError("a feature has no name")
        if feature["name"] in columns:
            raise ValueError(f"feature {feature['name'][:80]!a} is there twice")
        columns[feature["name"]] = _column_of_card(feature)
    return StructType(columns)


def _column_of_card(feature: Any) -> Column:
    if isinstance(feature, str):
        feature = {"dtype": feature}
    if isinstance(feature, list):
        return columns_of_card(feature)
    if not isinstance(feature, dict):
        raise ValueError("a feature is no mapping")
    if "list" in feature:
        return ListOf(_column_of_card(feature["list"]))
    if "struct" in feature:
        return columns_of_card(feature["struct"])
    name = feature.get("dtype")
    for scalar in (TEXT, INTEGER, NUMBER, TRUTH):
        if scalar.type == name:
            return scalar
    raise ValueError(f"{str(name)[:80]!a} is no type of an export")
