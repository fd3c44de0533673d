"""Build the documentation site. Run: python docs/build_site.py [--pages-only] [FOLDER].

The pages are Markdown files of the repository, and their links work there: where a forge shows
them. The site has them at other places, so this copies them, with links that work on the site, into
FOLDER/pages, and then runs Zensical, which writes FOLDER/html. A link that leads nowhere ends it.
FOLDER is build/site if it is not given. To read the site: python -m http.server -d build/site/html.
"""

import argparse
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ELSEWHERE = {
    "README.md": "index.md",  # the home of the repository; pages link to it as the home
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
    "sample_data/README.md": "sample-data.md",
    "schemas/README.md": "contract.md",
}
"""Pages that are not in docs/, by their path in the repository, and where the site has them."""

FILES = (
    *DOCS.glob("*.svg"),
    *DOCS.glob("*.png"),
    *DOCS.glob("*.json"),
    *ROOT.glob("schemas/*.json"),
)
"""What pages show or offer to download; the site has it at the same path as the repository."""

_FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_CODE_OR_LINK = re.compile(r"(`+)[^`]+\1|(!?)\[((?:[^][`]|`[^`]+`)*)\]\(([^)\s]+)\)")
_DIRECTIVE = re.compile(r"^<!-- (::: [\w.]+) -->$", re.MULTILINE)
_FROM_ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\ssrc=["']?(?:https?:)?//[^>]*>"""
    r"""|<link\b(?=[^>]*\srel=["']?(?:stylesheet|preload|preconnect|icon))[^>]*\shref=["']?(?:https?:)?//[^>]*>"""
    r"""|@import\s+(?:url\()?["']?(?:https?:)?//[^;]*;|url\(["']?(?:https?:)?//[^)]*\)"""
)
_COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)


class LostLinkError(Exception):
    """A link leads to a file that is not there."""


def pages() -> dict[str, str]:
    """Return the pages by their path in the repository, and where the site has them."""
    own = (path.relative_to(ROOT).as_posix() for path in sorted(DOCS.rglob("*.md")))
    return ELSEWHERE | {path: _place_of(path) for path in own}


def _place_of(path: str) -> str:
    folder, _, name = path.removeprefix("docs/").rpartition("/")
    return posixpath.join(folder, "index.md" if name == "README.md" else name.lower())


def navigation(entries: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the pages that a navigation lists, in its order."""
    for entry in entries:
        for target in entry.values():
            if isinstance(target, str):
                yield target
            else:
                yield from navigation(target)


def page_for_site(path: str, text: str) -> str:
    """Return the text of a page with the links of the site.

    Raises:
        LostLinkError: a link leads to a file that is not there.
    """
    parts = _FENCED.split(text)
    for place in range(0, len(parts), 2):  # code stands between them
        parts[place] = _COMMENT.sub("", _DIRECTIVE.sub(r"\n\1\n", parts[place]))
        parts[place] = _CODE_OR_LINK.sub(partial(_link_for_site, path), parts[place])
    return "".join(parts)


def _link_for_site(page: str, match: re.Match[str]) -> str:
    """Return a link of the site; the text alone where the link leads to a file that it lacks."""
    code, mark, text, link = match.groups()
    if code or link.startswith("#") or re.match(r"[a-z]+:", link):
        return match[0]
    name, _, anchor = link.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), name))
    if not (ROOT / target).exists():
        raise LostLinkError(f"{page}: no such file: {link}")
    if (ROOT / target / "README.md").is_file():
        target = posixpath.join(target, "README.md")
    places = pages()
    if target in places:
        there = places[target]
    elif ROOT / target in FILES:
        there = target
    else:
        return text
    here = posixpath.dirname(places[page])
    return f"{mark}[{text}]({posixpath.relpath(there, here or '.')}{anchor and '#'}{anchor})"


def collect(folder: Path) -> None:
    """Write the pages, their pictures and the configuration into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, place in pages().items():
        if path == "README.md":
            continue  # docs/README.md is the home of the site
        copy = folder / "pages" / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / path).read_text(encoding="utf-8")
        copy.write_text(page_for_site(path, text), encoding="utf-8")
    for file in FILES:
        copy = folder / "pages" / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    settings = (DOCS / "zensical.toml").read_text(encoding="utf-8")
    source = Path(os.path.relpath(ROOT, folder)).as_posix()
    (folder / "zensical.toml").write_text(settings.replace("SOURCE", source), encoding="utf-8")


def loads_from_elsewhere(html: Path) -> list[str]:
    """Return what pages and styles would load from other servers, each with its file."""
    files = sorted(path for path in html.rglob("*") if path.suffix in {".html", ".css"})
    return [
        f"{path.relative_to(html)}: {found[0]}"
        for path in files
        for found in _FROM_ELSEWHERE.finditer(path.read_text(encoding="utf-8"))
    ]


def main() -> None:
    """Collect the pages, and make HTML of them."""
    parser = argparse.ArgumentParser(description="Build the documentation site.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--pages-only", action="store_true", help="collect the pages, make no HTML")
    arguments = parser.parse_args()
    collect(arguments.folder)
    if not arguments.pages_only:
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
        made = subprocess.run(command, cwd=arguments.folder)
        foreign = loads_from_elsewhere(arguments.folder / "html")
        sys.stderr.writelines(f"loaded from elsewhere: {each}\n" for each in foreign)
        sys.exit(made.returncode or bool(foreign))


if __name__ == "__main__":
    main()
