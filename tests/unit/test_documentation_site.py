"""The site has every page once, its links lead to pages of the site, and it loads nothing else."""

import re
import tomllib
from pathlib import Path

import pytest

import botcoin_dpo
from docs import build_site

ROOT = Path(__file__).parents[2]


def _navigation() -> list[str]:
    settings = tomllib.loads((ROOT / "docs/zensical.toml").read_text(encoding="utf-8"))
    return list(build_site.navigation(settings["project"]["nav"]))


def test_every_page_is_in_the_navigation_once() -> None:
    pages = {*build_site.pages().values()}
    listed = {page for page in pages if not re.match(r"decisions/(?!index\.md)", page)}
    assert sorted(_navigation()) == sorted(listed), "name each page of docs/ in docs/zensical.toml"


@pytest.mark.parametrize(
    ("page", "text", "expected"),
    [
        ("docs/README.md", "[a](../schemas/README.md#gates)", "[a](contract.md#gates)"),
        ("docs/guides/auditing.md", "[a](../cli.md)", "[a](../cli.md)"),
        ("docs/guides/auditing.md", "[a](../CONTRIBUTING.md)", "[a](../contributing.md)"),
        ("schemas/README.md", "[a](../docs/decisions/)", "[a](decisions/index.md)"),
        ("sample_data/README.md", "[`a`](../README.md)", "[`a`](index.md)"),
        ("docs/README.md", "![a](show.svg)", "![a](docs/show.svg)"),
        ("docs/cli.md", "[a](#build) [b](https://example.invalid/x)", None),
        ("docs/README.md", "`[a](b.md)` and\n```text\n[a](b.md)\n```\n", None),
        ("docs/architecture.md", "see [`a` b](../tests/toys), c", "see `a` b, c"),
        ("docs/cli.md", "<!-- rules -->\n| a |\n<!-- /rules -->\n", "| a |\n"),
        ("docs/api.md", "a\n<!-- ::: x.y -->\n", "a\n\n::: x.y\n\n"),
    ],
)
def test_links_are_those_of_the_site(page: str, text: str, expected: str | None) -> None:
    assert build_site.page_for_site(page, text) == (text if expected is None else expected)


def test_a_link_to_nothing_ends_it() -> None:
    with pytest.raises(build_site.LostLinkError, match=r"docs/cli\.md: no such file: nothing\.md"):
        build_site.page_for_site("docs/cli.md", "[a](nothing.md)")


def test_all_pages_are_collected_and_links_between_them_lead_somewhere(tmp_path: Path) -> None:
    build_site.collect(tmp_path / "site")
    folder = tmp_path / "site" / "pages"
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    assert made == {*build_site.pages().values()}
    links = 0
    for path in folder.rglob("*.md"):
        text = re.sub(
            r"^```.*?^```$|`[^`]+`", "", path.read_text(encoding="utf-8"), flags=re.M | re.S
        )
        for link in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" in link:
                continue
            assert (path.parent / link).is_file(), (path, link)
            links += 1
    assert links > 50
    settings = tomllib.loads((tmp_path / "site/zensical.toml").read_text(encoding="utf-8"))
    (source,) = settings["project"]["plugins"]["mkdocstrings"]["handlers"]["python"]["paths"]
    assert (tmp_path / "site" / source).resolve() == ROOT


def test_the_python_reference_has_the_whole_api() -> None:
    named = re.findall(
        r"::: botcoin_dpo\.(\w+)", (ROOT / "docs/api.md").read_text(encoding="utf-8")
    )
    assert sorted(named) == sorted({*botcoin_dpo.__all__} - {"__version__"})


@pytest.mark.parametrize(
    ("name", "text", "is_foreign"),
    [
        ("a.html", '<script src="https://example.invalid/a.js"></script>', True),
        ("a.html", '<link rel="stylesheet" href="//example.invalid/a.css">', True),
        ("a.html", '<link href="https://example.invalid" rel="preconnect">', True),
        ("a.css", "@import url(https://example.invalid/a.css);", True),
        ("a.css", "b{background:url('https://example.invalid/a.png')}", True),
        ("a.html", '<a href="https://example.invalid/">b</a><script src="b.js"></script>', False),
        ("a.css", 'b{background:url("data:image/svg+xml,http://www.w3.org/")}', False),
    ],
)
def test_what_is_loaded_from_elsewhere_is_found(
    tmp_path: Path, name: str, text: str, is_foreign: bool
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert bool(build_site.loads_from_elsewhere(tmp_path)) == is_foreign
