"""Damaged builds and exports: every reader ends with a word, and `validate` finds the damage."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

from tests.fuzz.checks import check_outcome, check_tree
from tests.fuzz.mutations import change_bytes
from tests.fuzz.trials import Trial, remove, tree_of

_CODES = frozenset({0, 1, 2})
_READERS = (
    ("validate", "NAME"), ("stats", "NAME"), ("show", "NAME", "--no-pager"),
    ("show", "NAME", "1", "--no-pager"), ("audit", "NAME"), ("report", "NAME", "-o", "page.html"),
    ("export", "NAME", "-o", "again", "--format", "jsonl", "--allow-empty"),
)  # fmt: skip


def damage(trial: Trial) -> None:
    """Damage one file of a dataset, run all readers, and update the build."""
    trial.fixtures.copy_to(trial.home)
    name = trial.rng.choice(("out", "out", "hub"))
    folder = trial.folder / name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    path = trial.rng.choice(files)
    before = path.read_bytes()
    is_mended = _damage(trial, path)
    is_changed = not path.is_file() or path.is_symlink() or path.read_bytes() != before
    is_unlisted = is_mended or path.name in ("README.md", "manifest.json")
    is_listed = name == "out" and not is_unlisted
    for reader in _READERS:
        arguments = [name if word == "NAME" else word for word in reader]
        outcome = trial.run(*arguments)
        check_outcome(trial, outcome, _CODES)
        if reader[0] == "validate" and is_listed and is_changed and outcome.code == 0:
            trial.fail("not found", f"validate does not find that {path.name} is changed")
    if name == "out":
        _update(trial, path)


def _damage(trial: Trial, path: Path) -> bool:
    """Damage a file; return whether the manifest lists it as it is now."""
    way = trial.rng.randrange(9)
    data = path.read_bytes()
    if way < 4:
        path.write_bytes(change_bytes(data, trial.rng))
        if path.parent.name == "index" and trial.chance(0.7):
            _mend_checksum(path)
            return True
        return False
    path.unlink()
    if way == 5:
        os.mkfifo(path)
    elif way == 6:
        path.mkdir()
    elif way == 7:
        path.symlink_to(trial.rng.choice((path.name, "nowhere", "/dev/zero", "/etc/passwd")))
    elif way == 8:
        path.write_bytes(b"")
    return False


def _mend_checksum(index: Path) -> None:
    """Let the manifest list an index as it is now, as whoever changes one would."""
    path = index.parent.with_name("manifest.json")
    manifest = json.loads(path.read_bytes())
    data = index.read_bytes()
    (file,) = manifest["index_files"]
    file |= {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    path.write_text(json.dumps(manifest))


def _update(trial: Trial, damaged: Path) -> None:
    """Update the damaged build; if that is done, it is as good as new."""
    command = next(each for each in trial.fixtures.commands if each.name == "update")
    outcome = trial.run(*command.arguments)
    check_outcome(trial, outcome, frozenset({0, 2}))
    if outcome.code == 0:
        check_tree(trial, command.out, command.after)
        return
    if damaged.name in ("part-00000.bin", "quarantine.jsonl") and damaged.is_file():
        trial.fail("exit code", f"an update fails for a damaged {damaged.name}: {outcome.stderr!r}")
    remove(trial.folder / "out")
    if tree_of(trial.folder / "out"):
        trial.fail("campaign", "the damaged build cannot be removed")
