"""How to install what an extra needs, from where this program itself was installed.

Its name is on no package index, and whoever registers it there decides what installing that name
runs. So it is never advised: an extra comes from the checkout, or its libraries by their own names.
"""

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

Extra = Literal["parquet", "tokenizer", "report", "datasets", "duplicates", "s3", "ray"]

_PACKAGE = Path(__file__).resolve().parent
_PROJECT = re.compile(r'^name = "botcoin-dpo"$', re.MULTILINE)
_EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")


def how_to_install(extra: Extra) -> str:
    """Return what to do to have an extra, as the end of a message: `run pip install …`."""
    try:
        installed = distribution("botcoin-dpo")
    except PackageNotFoundError:
        installed = None
    return advice(extra, _PACKAGE, installed)


def advice(extra: Extra, package: Path, installed: Distribution | None) -> str:
    """Return what to do to have an extra.

    Args:
        extra: its name.
        package: the folder of the package that runs.
        installed: the distribution that it belongs to, if it was installed.
    """
    checkout = _checkout(package, installed)
    if checkout is not None:
        return f"run pip install '.[{extra}]' in {checkout}"
    libraries = [] if installed is None else _libraries(extra, installed)
    if not libraries:
        return f"install what its pyproject.toml lists for {extra}"
    return "run pip install " + " ".join(f"'{library}'" for library in libraries)


def _checkout(package: Path, installed: Distribution | None) -> Path | None:
    """Return the checkout that runs, or that was installed from and is still there."""
    folders = [package.parent]
    if installed is not None:
        origin = json.loads(installed.read_text("direct_url.json") or "{}")
        if "dir_info" in origin:
            folders.append(Path(unquote(urlsplit(origin["url"]).path)))
    return next((folder for folder in folders if _is_checkout(folder)), None)


def _is_checkout(folder: Path) -> bool:
    try:
        project = (folder / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return _PROJECT.search(project) is not None


def _libraries(extra: Extra, installed: Distribution) -> list[str]:
    """Return the requirements of an extra, as the installed metadata has them."""
    libraries = []
    for requirement in installed.requires or ():
        library, _, marker = requirement.partition(";")
        named = _EXTRA.search(marker)
        if named is not None and named[1] == extra:
            libraries.append(library.strip())
    return libraries
