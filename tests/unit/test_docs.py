"""What the pages of `docs/` name is there, and their links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "botcoin_dpo"
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [
    *DOCS,
    *(ROOT / name for name in ("README.md", "schemas/README.md", "benchmarks/README.md")),
]

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"[\w.-]*\w(?:/[\w.<>-]+)*/?")
_FILE = re.compile(r"\.(?:py|md|toml|json|html)$")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*(?:\(.*\))?")

MADE_BY_THE_PROGRAM = {"manifest.json"}
FOLDERS_OF_GUIDES = ("out/", "hub/", "tasks/", "sequential/")  # what the commands of guides make
OF_OTHERS = {"json", "jsonschema", "jsonschema-rs", "orjson", "msgspec", "simdjson", "transformers"}
OF_OTHERS |= {"rich", "typer", "s3fs", "zlib", "utils", "responses_create_params"}
OF_OTHERS |= {"RAY_TASK_MAX_RETRIES", "RAY_task_oom_retries"}


def _ids(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def _spans(page: Path) -> Iterator[str]:
    for span in _CODE.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        yield span.removeprefix(".venv/bin/python ")


def _paths(page: Path) -> Iterator[str]:
    for span in _spans(page):
        for word in span.split():
            is_path = "/" in word or _FILE.search(word)
            is_installed = word.startswith(".venv")
            is_made = word in MADE_BY_THE_PROGRAM or word.startswith(FOLDERS_OF_GUIDES)
            if is_installed or is_made:
                continue
            if is_path and _PATH.fullmatch(word):
                yield word


def _exists(name: str) -> bool:
    """Return whether a path is there, or the folder of a file that somebody is yet to name."""
    name = name.partition("<")[0]
    return any((home / name).exists() for home in (ROOT, PACKAGE, ROOT / "docs"))


@cache
def _words() -> frozenset[str]:
    """Return every word of the package, its schemas and its tests, but for this module."""
    sources = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    sources += [*(ROOT / "schemas").glob("*.json"), ROOT / "schemas/README.md"]
    texts = [each.read_text(encoding="utf-8") for each in sources if each != Path(__file__)]
    return frozenset(word for text in texts for word in re.findall(r"\w+", text))


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub makes them of headings."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w -]", "", heading).strip().lower() for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", DOCS, ids=_ids(DOCS))
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert [name for name in _paths(page) if not _exists(name)] == []


@pytest.mark.parametrize("page", DOCS, ids=_ids(DOCS))
def test_every_identifier_that_a_page_names_is_in_the_code(page: Path) -> None:
    names = [span.partition("(")[0] for span in _spans(page) if _NAME.fullmatch(span)]
    names = [name for name in names if not _FILE.search(name) and name not in OF_OTHERS]
    assert [name for name in names if not set(name.split(".")) <= _words()] == []


@pytest.mark.parametrize("page", PAGES, ids=_ids(PAGES))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if re.match(r"[a-z]+:", link):
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            lost.append(link)
    assert lost == []


def test_every_path_that_a_module_names_exists() -> None:
    lost = []
    for module in PACKAGE.rglob("*.py"):
        for span in _CODE.findall(module.read_text(encoding="utf-8")):
            if re.fullmatch(r"[\w/]+\.py", span) and not (
                _exists(span) or (module.parent / span).exists()
            ):
                lost.append(f"{module.relative_to(PACKAGE)}: {span}")
    assert lost == []


def test_there_is_something_to_look_at() -> None:
    architecture, contributing = ROOT / "docs/architecture.md", ROOT / "docs/CONTRIBUTING.md"
    assert {"logs/scan.py", "tests/toys/engine.py"} <= {*_paths(architecture)}
    assert "botcoin_dpo/simulation/domains/<name>.toml" in {*_paths(contributing)}
    assert "tests/refresh.py" in {*_paths(contributing)}
    assert not _exists("logs/scanning.py")
    assert "the-index" in _anchors(ROOT / "schemas/README.md")


def test_the_architecture_has_every_room_in_the_order_of_the_test() -> None:
    rooms = re.findall(
        r"^\| `(\w+)/` \|",
        (ROOT / "docs/architecture.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    module = ast.parse((ROOT / "tests/unit/test_rooms.py").read_text(encoding="utf-8"))
    (order,) = (
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ROOMS"
    )
    assert tuple(rooms) == ast.literal_eval(order)


def test_every_decision_is_listed_and_has_the_three_parts() -> None:
    folder = ROOT / "docs/decisions"
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    listed = _LINK.findall(pages.pop("README.md"))
    assert sorted(listed) == sorted(pages)
    for name, text in pages.items():
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], name


def test_pages_can_be_read_at_one_sitting() -> None:
    for page in DOCS:
        if page.name == "cli.md":  # generated, to be looked up
            continue
        most = 40 if page.parent.name == "decisions" else 160
        assert len(page.read_text(encoding="utf-8").splitlines()) <= most, page.name
