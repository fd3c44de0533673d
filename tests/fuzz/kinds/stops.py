"""Commands that are stopped, by SIGKILL, a signal, a full disk or another command, at any call."""

from __future__ import annotations

import errno
import signal

from tests.fuzz.checks import check_nothing_left, check_outcome, check_tree, check_valid
from tests.fuzz.faults import (
    KILL,
    WRITING,
    Call,
    acting,
    refuse,
    send_itself,
)
from tests.fuzz.fixtures import Command
from tests.fuzz.trials import Trial


def kill(trial: Trial) -> None:
    """End a command at once; the next start clears up and does the whole work."""
    command, before, calls = _prepared(trial)
    at = _any_call(trial, calls)
    stopped = trial.run(*command.arguments, setup=acting(at, KILL, is_after=trial.chance(0.5)))
    if stopped.code not in (0, -signal.SIGKILL):
        check_outcome(trial, stopped, frozenset({0}))
    check_tree(trial, command.out, command.before, command.after, *_aside(trial, command))
    again = trial.run(*_repeated(command, trial))
    check_outcome(trial, again, frozenset({0}))
    check_tree(trial, command.out, command.after)
    check_valid(trial, command.out)
    for path in (trial.home / "tmp").iterdir():  # of the dead one; the system clears them
        path.rename(trial.home / f"old-{path.name}")
    check_nothing_left(trial, before, command.out)


def stop(trial: Trial) -> None:
    """Interrupt or terminate a command; it clears up by itself."""
    command, before, calls = _prepared(trial)
    number = trial.rng.choice((signal.SIGINT, signal.SIGTERM))
    at = _any_call(trial, calls)
    is_after = trial.chance(0.5)
    outcome = trial.run(
        *command.arguments, setup=acting(at, send_itself(number), is_after=is_after)
    )
    check_outcome(trial, outcome, frozenset({0, 128 + number}))
    done = command.after if outcome.code == 0 else command.before
    check_tree(trial, command.out, done)
    check_nothing_left(trial, before, command.out)


def disk(trial: Trial) -> None:
    """Let the disk be full, or broken, from some call on."""
    command, before, calls = _prepared(trial)
    code = trial.rng.choice((errno.ENOSPC, errno.EDQUOT, errno.EIO))
    at = trial.rng.choice([n for n, call in enumerate(calls) if call in WRITING])
    outcome = trial.run(*command.arguments, setup=acting(at, refuse(code), is_lasting=True))
    check_outcome(trial, outcome, frozenset({0, 2}))
    if outcome.code == 2 and len(outcome.stderr.strip().splitlines()) != 1:
        trial.fail("stderr", f"not one line: {outcome.stderr.decode()}")
    check_tree(trial, command.out, command.before, command.after)
    if outcome.code == 0:
        check_tree(trial, command.out, command.after)
    check_nothing_left(trial, before, command.out)


def race(trial: Trial) -> None:
    """Start two commands on one output at once."""
    trial.fixtures.copy_to(trial.home)
    before = {path.name for path in trial.folder.iterdir()}
    by_name = {command.name: command for command in trial.fixtures.commands}
    one = by_name[trial.rng.choice(("overwrite", "update", "export"))]
    others = [one.arguments, ("validate", one.out), ("stats", one.out), ("show", one.out, "1")]
    running = [trial.start(*one.arguments), trial.start(*trial.rng.choice(others))]
    outcomes = [trial.finish(each) for each in running]
    for outcome in outcomes:
        check_outcome(trial, outcome, frozenset({0, 2}))
    if all(outcome.code for outcome in outcomes):
        trial.fail("exit code", f"neither is done: {[outcome.stderr for outcome in outcomes]}")
    check_tree(trial, one.out, one.before, one.after)
    check_valid(trial, one.out)
    check_nothing_left(trial, before)


def _prepared(trial: Trial) -> tuple[Command, set[str], tuple[Call, ...]]:
    """Choose a command; return it with what lies in the folder, and the calls that it makes."""
    trial.fixtures.copy_to(trial.home)
    before = {path.name for path in trial.folder.iterdir()}
    command = trial.rng.choice(trial.fixtures.commands)
    return command, before, trial.fixtures.calls_of(command)


def _any_call(trial: Trial, calls: tuple[Call, ...]) -> int:
    """Choose a call, those that change something more often."""
    changing = [number for number, call in enumerate(calls) if call != "look"]
    everything = range(len(calls))
    return trial.rng.choice(changing if trial.chance(0.8) else everything)


def _repeated(command: Command, trial: Trial) -> tuple[str, ...]:
    """Return the command as it may be given again, whether or not it was done before."""
    is_there = (trial.folder / command.out).exists()
    replaces = {"--overwrite", "--update"} & set(command.arguments)
    return (*command.arguments, *(["--overwrite"] if is_there and not replaces else []))


def _aside(trial: Trial, command: Command) -> list[dict[str, str]]:
    """Return what may lie in the output's place where the system cannot exchange two folders."""
    return [{}] if not command.before else []
