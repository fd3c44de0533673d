"""The JSON Schemas: where they lie, a fast verdict, and an explanation in words.

`is_valid` decides (jsonschema-rs); `explain` says what is wrong and where (jsonschema). A test
holds the two together. The files live in `schemas/` at the top of a checkout and inside the
package once it is installed.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

from botcoin_dpo.contract.timestamps import to_milliseconds

SchemaName = Literal["attempt", "challenge", "session", "pair", "manifest"]


_MOST_PROBLEMS = 1000


class Problem(NamedTuple):
    """One thing that is wrong with a JSON value."""

    pointer: str
    """RFC 6901 JSON pointer; empty for the value itself."""
    message: str


@cache
def load(name: SchemaName) -> dict[str, Any]:
    """Return a schema, from the installed package or from the checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "_schemas", package.parent / "schemas"):
        path = folder / f"{name}.schema.json"
        if path.is_file():
            schema: dict[str, Any] = json.loads(path.read_bytes())
            return schema
    raise FileNotFoundError(f"{name}.schema.json is missing from this installation of botcoin-dpo")


@cache
def validator(name: SchemaName) -> Callable[[Any], bool]:
    """Return the fast verdict: a function that tells whether a decoded value fits the schema."""
    import jsonschema_rs

    # Formats are checked here: given a callback for them, the library loses interrupts.
    fits = jsonschema_rs.validator_for(load(name), validate_formats=False).is_valid
    timestamps = list(_timestamps_in(load(name)))
    if not timestamps:
        return fits
    return lambda value: fits(value) and all(_is_timestamp(_at(value, at)) for at in timestamps)


def _timestamps_in(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the paths of properties that are to be timestamps."""
    for key, inner in schema.get("properties", {}).items():
        if inner.get("format") == "date-time":
            yield (*path, key)
        yield from _timestamps_in(inner, (*path, key))


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def is_valid(name: SchemaName, value: Any) -> bool:
    """Return whether a decoded value fits the schema; what nests beyond all measure does not."""
    try:
        return validator(name)(value)
    except ValueError:  # some versions follow 255 levels and no more
        return False


def first_problem(name: SchemaName, value: Any) -> Problem:
    """Return one problem of a value that does not fit the schema, in time that it cannot drive up.

    Which one depends on the value alone.
    """
    return next(_problems(name, value))


def explain(name: SchemaName, value: Any) -> list[Problem]:
    """Return the problems of a value that does not fit the schema, in the order of its parts.

    At most 1,000 of them. Never empty for such a value: if the two libraries disagree, that is what
    the problem says.
    """
    if is_valid(name, value):
        return []
    return sorted(islice(_problems(name, value), _MOST_PROBLEMS))


def _problems(name: SchemaName, value: Any) -> Iterator[Problem]:
    found = False
    for error in _explainer(name).iter_errors(value):
        found = True
        yield Problem(pointer(error.absolute_path), _shorten(error.message))
    if not found:
        yield Problem("", f"does not fit {load(name)['$id']}")


def pointer(path: Any) -> str:
    """Return the JSON pointer (RFC 6901) of a sequence of keys and indices."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


@cache
def _explainer(name: SchemaName) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())
    formats.checks("date-time")(_is_timestamp)
    return Draft202012Validator(load(name), format_checker=formats)


def _is_timestamp(value: object) -> bool:
    return not isinstance(value, str) or to_milliseconds(value) is not None


def _shorten(message: str, longest: int = 200) -> str:
    """Keep head and tail of a message: the head quotes data, the tail says what is wrong."""
    if len(message) <= longest:
        return message
    return f"{message[: longest // 3]} … {message[-(longest * 2 // 3) :]}"
