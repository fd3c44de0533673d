"""Examples in docstrings and on the project's pages are code that compiles."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _examples() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "botcoin_dpo").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for code in _BLOCK.findall(ast.get_docstring(node) or ""):
                    yield path.relative_to(ROOT).as_posix(), code
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("schemas/*.md")):
        for code in _BLOCK.findall(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), code


EXAMPLES = list(_examples())


def test_there_are_examples() -> None:
    names = {name for name, _ in EXAMPLES}
    assert {"README.md", "botcoin_dpo/pairing/step_by_step.py"} <= names


@pytest.mark.parametrize(("name", "code"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_compiles(name: str, code: str) -> None:
    assert compile(code, name, "exec")
