"""What the user must fix: one line, exit code 2. All else that goes wrong is data or a bug.

Messages call an argument by its option, `--max-tokens`, as the command line prints them; the dashes
mark it. As text, which is what Python shows, the same message says `max_tokens`.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

Choice = TypeVar("Choice", bound=str)
ErrorKind = Literal["usage", "input", "output", "system", "stopped"]

_OPTION = re.compile(r"(?<![\w/.-])--([a-z]+(?:-[a-z]+)*)(?![\w=-])")
_POSITION = re.compile(
    r"\b(BUILD|LOGS|OUT|PAIR|PATH)(?=: the path (?:is|has)|: none given| is empty| out$)"
)
_OTHERWISE_NAMED = {"config": "configs", "fail-on": "level"}
_FLAGS = frozenset(
    {"allow-empty", "allow-unsafe-text", "attempts", "audit", "dry-run", "overwrite", "strict"}
    | {"update"}
)


def in_python(message: str) -> str:
    """Return a message that speaks of options as one that speaks of arguments."""
    named = _OPTION.sub(lambda match: _argument(match[1]), message)
    return _POSITION.sub(lambda match: match[1].lower(), named)


def _argument(option: str) -> str:
    name = _OTHERWISE_NAMED.get(option, option).replace("-", "_")
    return f"{name}=True" if option in _FLAGS else name


class UserError(Exception):
    """A message for the user: what happened, where, and what to do.

    It is written as `PLACE: WHAT; ADVICE`; without a place, or without advice, where there is none.
    """

    kind: ErrorKind = "system"

    @property
    def message(self) -> str:
        """What the command line prints."""
        return str(self.args[0])

    def __str__(self) -> str:
        """Return what Python shows."""
        return in_python(self.message)


def place_of(message: str) -> str | None:
    """Return where it went wrong, if a message says so: a path, with a line, or an option."""
    place, colon, _ = message.partition(": ")
    return place if colon else None


def advice_of(message: str) -> str | None:
    """Return what to do, if a message says so."""
    _, semicolon, advice = message.rpartition("; ")
    return advice if semicolon else None


class UsageError(UserError):
    """An option or argument that makes no sense."""

    kind = "usage"


class InputError(UserError):
    """An input that cannot be used: missing, not permitted, nothing readable in it."""

    kind = "input"


class ChangedError(InputError):
    """An input that is not what it was when it was found, or read before."""


class OutputError(UserError):
    """An output that cannot be written: it exists, it is not permitted, the disk is full."""

    kind = "output"


def reason_of(error: OSError) -> str:
    """Return why the system refused, in its words."""
    return (error.strerror or str(error)).lower()


def choice_of(
    option: str, given: str, choices: Collection[Choice], refusal: str = "unknown"
) -> Choice:
    """Return the choice that an option names.

    Args:
        option: what the message calls it.
        given: the name.
        choices: all names, in the order in which the message lists them.
        refusal: what the message says of another name.

    Raises:
        UsageError: it is not among the choices.
    """
    for choice in choices:
        if choice == given:
            return choice
    raise UsageError(f"{option} {given}: {refusal}; choose from {', '.join(choices)}")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an `OSError` while writing below `path` into one line for the user."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else path
        advice = "free some space or name another folder"
        if isinstance(error, PermissionError):
            advice = "allow it or name another folder"
        raise OutputError(f"{where}: {reason_of(error)}; {advice}") from error


def count_of(count: int, noun: str) -> str:
    """Return a count with its noun, as messages have it: `1 record`, `1,200 records`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def one_or_more(values: Iterable[str] | str) -> list[str]:
    """Return values as a list; a single one may be given without a list around it."""
    return [values] if isinstance(values, str) else list(values)
