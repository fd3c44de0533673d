"""The known fields of an attempt record as the compiled scanner has them: a plain table.

It is made from the types that the other decoders use, so that the contract's fields, types and
bounds are written once. What the scanner could not check raises here, before it is ever asked.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import inspect

from botcoin_dpo.contract.record_types import ConstraintResult, ScannedAttempt, Skipped

_SIMPLE: dict[frozenset[type], str] = {
    frozenset({inspect.StrType}): "text",
    frozenset({inspect.BoolType}): "boolean",
    frozenset({inspect.IntType}): "integer",
    frozenset({inspect.IntType, inspect.FloatType}): "number",
    frozenset({inspect.IntType, inspect.StrType}): "integer_or_text",
}
_RAW = {"document": "document", "reasoning_trace": "trace"}
"""What stands under fields that are not decoded; of others nothing is asked."""


class KnownField(NamedTuple):
    """A field of a record, as `scanner/record_table.h` describes it."""

    object: int
    """The number of the object that has it; 0 is the record."""
    name: str
    shape: str
    """What stands there; one of `SHAPE_NAMES` in `scanner/record_table.c`."""
    use: str
    """What grouping may need it for: the scanner knows some of these names."""
    inner: int
    """The number of the object that stands there, if it has known fields."""
    is_required: bool
    may_be_null: bool
    may_be_empty: bool
    """A text."""
    minimum: int
    """Of an integer or number, or of those in a list."""
    maximum: int


def known_fields() -> Iterator[KnownField]:
    """Yield the fields of an attempt record and of the objects in it."""
    record = inspect.type_info(ScannedAttempt)
    objects: list[Any] = [record]
    for number, owner in enumerate(objects):  # grows
        for field in owner.fields:
            kinds = _kinds(field.type)
            types = [kind for kind in kinds if not isinstance(kind, inspect.NoneType)]
            shape = _shape(field.name, types)
            if shape is None:
                continue
            inner = 0
            if shape in ("object", "results"):
                inner = len(objects)
                objects.append(types[0] if shape == "object" else _result_of(types[0]))
            items = [getattr(kind, "item_type", kind) for kind in types]
            use = "result_passed" if owner.cls is ConstraintResult else field.name
            yield KnownField(
                number,
                field.encode_name,
                shape,
                use,
                inner,
                field.required,
                len(types) < len(kinds),
                _may_be_empty(items) and shape != "document",
                *_bounds(items),
            )


def _kinds(kind: Any) -> tuple[Any, ...]:
    return kind.types if isinstance(kind, inspect.UnionType) else (kind,)


def _shape(name: str, types: list[Any]) -> str | None:
    """Return what stands under a field; None if it is not looked at."""
    simple = _SIMPLE.get(frozenset(type(kind) for kind in types))
    if simple is not None:
        return simple
    (kind,) = types
    if isinstance(kind, inspect.RawType):
        return _RAW.get(name)
    if isinstance(kind, inspect.StructType):
        return "free_object" if kind.cls is Skipped else "object"
    if isinstance(kind, inspect.ListType):
        item = kind.item_type
        if isinstance(item, inspect.StructType) and item.cls is Skipped:
            return "free_objects"
        return {inspect.StrType: "texts", inspect.IntType: "indices"}[type(item)]
    if isinstance(kind, inspect.DictType):
        return "results"
    raise TypeError(f"the scanner cannot check {name}: {kind}")


def _result_of(results: inspect.DictType) -> Any:
    result, none = _kinds(results.value_type)
    assert isinstance(result, inspect.StructType) and isinstance(none, inspect.NoneType)
    return result


def _bounds(types: list[Any]) -> Any:
    """Return the bounds of numbers, the same for all types that a field may have."""
    numbers = [kind for kind in types if isinstance(kind, inspect.IntType | inspect.FloatType)]
    assert all(kind.gt is kind.lt is kind.multiple_of is None for kind in numbers)
    (bounds,) = {(kind.ge, kind.le) for kind in numbers} or {(0, 0)}
    return bounds


def _may_be_empty(types: list[Any]) -> bool:
    texts = [kind for kind in types if isinstance(kind, inspect.StrType)]
    assert all(
        kind.min_length in (None, 0, 1) and (kind.max_length, kind.pattern) == (None, None)
        for kind in texts
    )
    return not any(kind.min_length for kind in texts)
