"""What ends a command with another exit code than 0 or 1: one line, and one object under `--json`.

Contract: schemas/README.md, "Exit codes".
"""

import re
import signal
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from botcoin_dpo import interrupts
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.errors import ErrorKind, UserError, advice_of, place_of

USAGE_CODE = 2

_MESSAGES: dict[str, Callable[[re.Match[str]], str]] = {
    r"no such command '(.*?)'.*": lambda found: f"{found[1]}: no such command",
    r"got unexpected extra arguments?(?:\(s\))? \((.*)\)": lambda found: f"{found[1]}: too much",
    r"option '(.*)' requires an argument": lambda found: f"{found[1]}: needs a value",
    r"option '(.*)' does not take a value": lambda found: f"{found[1]}: takes no value",
}
"""What Typer says of the whole command line, and what we say instead."""

_REFUSALS: dict[str, Callable[[re.Match[str]], str]] = {
    r".*greater than or equal to (\S+)": lambda found: f"must be at least {found[1]}",
    r".*less than or equal to (\S+)": lambda found: f"must be at most {found[1]}",
    r".* is not in the range x>=(\S+?)": lambda found: f"must be at least {found[1]}",
    r".* is not in the range (\S+)<=x<=(\S+?)": lambda found: f"must be {found[1]} to {found[2]}",
    r".*valid integer.*": lambda _: "must be a whole number",
    r".*valid (?:number|float).*": lambda _: "must be a number",
}
"""What Typer says of a value, and what we say instead; other words stay as they are."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command did not do what it was asked for."""

    kind: ErrorKind
    message: str
    exit_code: int = USAGE_CODE

    @property
    def line(self) -> str:
        """What stderr says."""
        return self.message if self.kind == "stopped" else f"error: {self.message}"

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        message = sanitize_line(self.message)
        return {
            "error": {
                "kind": self.kind,
                "message": message,
                "place": place_of(message),
                "advice": None if self.kind == "stopped" else advice_of(message),
                "exit_code": self.exit_code,
            }
        }


def failure_of(error: UserError) -> Failure:
    """Return the failure that an error of ours is."""
    return Failure(error.kind, error.message)


def stop_of(number: int) -> Failure:
    """Return the failure that a signal is."""
    word = "interrupted" if number == signal.SIGINT else "terminated"
    message = f"{word}; what was in the making is removed"
    return Failure("stopped", message, interrupts.exit_code(number))


def usage_failure(
    error: Any, program: str, commands: Mapping[str, Any], words: Iterable[str]
) -> Failure:
    """Return what is wrong with a command line, in our words.

    Args:
        error: what Typer raises; its attributes differ between kinds of errors.
        program: the name of the program.
        commands: its commands, by name.
        words: the command line.
    """
    command, commands = _named_command(program, commands, words)
    advice = f"see {command} --help"
    parameter = getattr(error, "param", None)
    option = getattr(error, "option_name", None)
    if type(error).__name__ == "MissingParameter" and parameter is not None:
        message = f"{_name_of(parameter)}: missing"
    elif parameter is not None:
        message = f"{_named_value(error, parameter)}: {_in_our_words(error.message, _REFUSALS)}"
    elif type(error).__name__ == "NoSuchOption":
        message = f"{option}: no such option"
        advice = _with_alternatives(getattr(error, "possibilities", None), advice)
    else:
        message = _in_our_words(error.format_message(), _MESSAGES)
        if message.endswith(": no such command"):
            advice = _with_alternatives(
                get_close_matches(place_of(message) or "", commands), advice
            )
    return Failure("usage", f"{message}; {advice}")


def _named_command(
    program: str, commands: Mapping[str, Any], words: Iterable[str]
) -> tuple[str, Mapping[str, Any]]:
    """Return which command is meant, as it is typed, and the commands that it has itself."""
    typed = [program]
    for word in words:
        if word in commands:
            typed.append(word)
            commands = getattr(commands[word], "commands", {})
        elif not word.startswith("-"):
            break
    return " ".join(typed), commands


def _in_our_words(text: str, words: dict[str, Callable[[re.Match[str]], str]]) -> str:
    text = text.strip().rstrip(".")
    for pattern, make in words.items():
        found = re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)
        if found is not None:
            return make(found)
    return f"{text[:1].lower()}{text[1:]}"


def _with_alternatives(names: Iterable[str] | None, advice: str) -> str:
    listed = ", ".join(names or ())
    return f"did you mean {listed}? {advice}" if listed else advice


def _name_of(parameter: Any) -> str:
    """Return what help calls a parameter."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).strip("[].")
    return str(max(parameter.opts, key=len))


def _named_value(error: Any, parameter: Any) -> str:
    """Return a parameter with the value that it was given, or the variable that gave it."""
    name = _name_of(parameter)
    source = error.ctx.get_parameter_source(parameter.name) if error.ctx else None
    if getattr(source, "name", "") == "ENVIRONMENT":
        name = str(parameter.envvar)
    listing = getattr(error.__cause__, "errors", None)  # of Pydantic, which Typer checks with
    problems = listing() if callable(listing) else ()
    return f"{name} {problems[0]['input']}" if problems and "input" in problems[0] else name
