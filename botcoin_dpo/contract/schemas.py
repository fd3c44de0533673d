"""The JSON Schemas: where they lie, a fast verdict, and an explanation in words.

`is_valid` decides (jsonschema-rs); `explain` says what is wrong and where (jsonschema). A test
holds the two together. The files live in `schemas/` at the top of a checkout and inside the
package once it is installed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

from botcoin_dpo.contract.pair_types import PAIR_FAMILIES, PairFamily, PairType, example_type
from botcoin_dpo.contract.timestamps import to_milliseconds

SchemaName = Literal[
    "attempt",
    "challenge",
    "session",
    "pair",
    "attempt_facts",
    "challenge_facts",
    "manifest",
]


_MOST_VIOLATIONS = 1000


class Violation(NamedTuple):
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


class Schema:
    """A JSON Schema that decides and explains."""

    def __init__(self, document: dict[str, Any]) -> None:
        """Wrap a decoded schema."""
        self.document = document

    def is_valid(self, value: Any) -> bool:
        """Return whether a decoded value fits; what nests beyond all measure does not."""
        try:
            return self._fits(value)
        except ValueError:  # some versions follow 255 levels and no more
            return False

    def first_violation(self, value: Any) -> Violation:
        """Return one problem of a value that does not fit, in time that it cannot drive up.

        Which one depends on the value alone.
        """
        return next(self._violations(value))

    def explain(self, value: Any) -> list[Violation]:
        """Return the problems of a value that does not fit, in the order of its parts.

        At most 1,000 of them. Never empty for such a value: if the two libraries disagree, that is
        what the problem says.
        """
        if self.is_valid(value):
            return []
        return sorted(islice(self._violations(value), _MOST_VIOLATIONS))

    def _violations(self, value: Any) -> Iterator[Violation]:
        found = False
        for error in self._explainer.iter_errors(value):
            found = True
            yield Violation(pointer(error.absolute_path), _shorten(error.message))
        if not found:
            yield Violation("", f"does not fit {self.document['$id']}")

    @cached_property
    def _fits(self) -> Callable[[Any], bool]:
        """The fast verdict."""
        import jsonschema_rs

        # Formats are checked here: given a callback for them, the library loses interrupts.
        fits = jsonschema_rs.validator_for(self.document, validate_formats=False).is_valid
        timestamps = list(_timestamps_in(self.document))
        if not timestamps:
            return fits
        return lambda value: fits(value) and all(_is_timestamp(_at(value, at)) for at in timestamps)

    @cached_property
    def _explainer(self) -> Any:
        from jsonschema import Draft202012Validator, FormatChecker

        formats = FormatChecker(formats=())
        formats.checks("date-time")(_is_timestamp)
        return Draft202012Validator(self.document, format_checker=formats)


@cache
def schema(name: SchemaName) -> Schema:
    """Return one of the schemas of the contract."""
    return Schema(load(name))


def row_schema(pair_types: Mapping[PairType, PairFamily]) -> Schema:
    """Return the schema of rows that may also have pair types of these names and families."""
    added = {name: family for name, family in pair_types.items() if name not in PAIR_FAMILIES}
    if not added:
        return schema("pair")
    document = deepcopy(load("pair"))
    fields = document["properties"]
    fields["pair_annotations"]["properties"]["pair_type"]["enum"] += added
    fields["example_type"]["enum"] += [example_type(*each) for each in added.items()]
    return Schema(document)


def is_valid(name: SchemaName, value: Any) -> bool:
    """Return whether a decoded value fits a schema of the contract."""
    return schema(name).is_valid(value)


def first_violation(name: SchemaName, value: Any) -> Violation:
    """Return one problem of a value that does not fit a schema of the contract."""
    return schema(name).first_violation(value)


def explain(name: SchemaName, value: Any) -> list[Violation]:
    """Return the problems of a value that does not fit a schema of the contract."""
    return schema(name).explain(value)


def pointer(path: Any) -> str:
    """Return the JSON pointer (RFC 6901) of a sequence of keys and indices."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


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


def _is_timestamp(value: object) -> bool:
    return not isinstance(value, str) or to_milliseconds(value) is not None


def _shorten(message: str, longest: int = 200) -> str:
    """Keep head and tail of a message: the head quotes data, the tail says what is wrong."""
    if len(message) <= longest:
        return message
    return f"{message[: longest // 3]} … {message[-(longest * 2 // 3) :]}"
