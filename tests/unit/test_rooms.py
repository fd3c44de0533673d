"""The rooms of the package, in the order of a record's way: each imports only what stands above."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import ModuleType

import botcoin_dpo
from tests.builders import ROOT

PACKAGE = ROOT / "botcoin_dpo"
ROOMS = (
    "contract",
    "files",
    "engines",
    "logs",
    "sessions",
    "attempts",
    "documents",
    "pairing",
    "rows",
    "dataset",
    "constraints",
    "auditing",
    "building",
    "statistics",
    "exporting",
    "validation",
    "simulation",
    "viewing",
    "terminal",
    "html_report",
    "cli",
)
ROOT_MODULES = {
    "__init__",
    "__main__",
    "errors",
    "extras",
    "interrupts",
    "last_result",
    "readable",
    "version",
}


def _modules() -> dict[str, Path]:
    """Return every module by its name, without the package's."""
    names = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        names[".".join(part for part in parts if part != "__init__")] = path
    return names


MODULES = _modules()


def _imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module imports, inside functions as well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [
                name if name.removeprefix("botcoin_dpo.") in MODULES else node.module
                for name in full
            ]
        for name in names:
            if name.startswith("botcoin_dpo."):
                yield name.removeprefix("botcoin_dpo.")


# The public API names functions of all rooms, and imports them when they are asked for.
IMPORTS = {name: set(_imports(path)) for name, path in MODULES.items() if name}


def _room(module: str) -> str:
    return module.split(".")[0]


def test_these_are_all_rooms() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(ROOMS)
    assert {path.stem for path in PACKAGE.glob("*.py")} == ROOT_MODULES


def test_a_room_imports_only_rooms_above_it() -> None:
    order = {room: number for number, room in enumerate(ROOMS)}
    upward = [
        f"{module} imports {target}"
        for module, targets in IMPORTS.items()
        for target in targets
        if order.get(_room(target), -1) > order.get(_room(module), len(ROOMS))
    ]
    assert upward == []


def test_modules_of_the_root_import_no_room() -> None:
    for name in ("errors", "extras", "interrupts", "last_result", "readable", "version"):
        assert all(_room(target) not in ROOMS for target in IMPORTS[name]), name


def test_the_contract_imports_errors_alone() -> None:
    for module, targets in IMPORTS.items():
        if _room(module) == "contract":
            assert {_room(target) for target in targets} <= {"contract", "errors"}, module


def test_no_modules_import_each_other() -> None:
    try:
        order = tuple(TopologicalSorter(IMPORTS).static_order())
    except CycleError as error:
        raise AssertionError(" imports ".join(error.args[1])) from None
    assert set(IMPORTS) <= set(order)


def test_each_library_is_imported_only_where_it_belongs() -> None:
    homes = {"typer": {"cli"}, "rich": {"cli", "terminal"}}
    found = {
        (library, _room(name))
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for library in homes
        if isinstance(node, ast.Import | ast.ImportFrom)
        and library in {_room(each) for each in _imported(node)}
    }
    assert {(library, room) for library, room in found if room not in homes[library]} == set()
    assert {library for library, _ in found} == set(homes)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]


def test_no_room_hides_a_name_of_the_public_api() -> None:
    assert not set(botcoin_dpo.__all__) & set(ROOMS)
    assert dir(botcoin_dpo) == sorted(botcoin_dpo.__all__)
    for name in botcoin_dpo.__all__:
        assert not isinstance(getattr(botcoin_dpo, name), ModuleType), name


def test_unit_tests_stand_in_the_rooms_that_they_test() -> None:
    unit = ROOT / "tests" / "unit"
    folders = {path.parent.relative_to(unit).as_posix() for path in unit.rglob("test_*.py")}
    assert {path for path in folders if not (PACKAGE / path).is_dir()} == set()
    assert len(folders & set(ROOMS)) > 10
