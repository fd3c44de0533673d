"""What the user must fix: one line, exit code 2. All else that goes wrong is data or a bug."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Choice = TypeVar("Choice", bound=str)


class UserError(Exception):
    """A message for the user: what happened, where, and what to do."""


class UsageError(UserError):
    """An option or argument that makes no sense."""


class InputError(UserError):
    """An input that cannot be used: missing, not permitted, nothing readable in it."""


class OutputError(UserError):
    """An output that cannot be written: it exists, it is not permitted, the disk is full."""


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
