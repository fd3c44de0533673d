"""The part of a served page above the list of pairs, kept for as long as nothing changes it.

To count takes minutes for a million rows, so it is done once. The key is all that the part depends
on: the rows, as for the catalogue, the manifest, the program itself, and the library that compares
documents.
"""

from contextlib import suppress
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import orjson
import xxhash

import botcoin_dpo
from botcoin_dpo.constraints.kinds import KINDS
from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.dataset.reading import dataset_files
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import InputError, reason_of
from botcoin_dpo.html_report.counting import count_rows
from botcoin_dpo.html_report.pages import Page, overview_part
from botcoin_dpo.viewing.catalogue import Catalogue
from botcoin_dpo.viewing.kept_files import KeptFiles


def kept_overview(
    path: Path,
    catalogue: Catalogue,
    *,
    workers: int,
    progress: Progress | None,
) -> str:
    """Return the HTML of the part, made anew only where it is not kept.

    Raises:
        InputError: the rows cannot be read, there are none, or the cache cannot be written.
    """
    if catalogue.kept is None:  # small enough to be read each time
        return _made(path, workers, progress)
    folder, rows = catalogue.kept
    kept = KeptFiles(folder, "report", "html")
    manifest = (path / MANIFEST).read_bytes() if path.is_dir() else b""
    parts = [rows, path.name, xxhash.xxh3_128_hexdigest(manifest), _program()]
    key = xxhash.xxh3_128_hexdigest(orjson.dumps(parts))
    try:
        found = kept.find(key)
        if found is None:
            html = _made(path, workers, progress)
            found = kept.make(key, partial(_write, html))
        return found.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{kept.place(key)}: {reason_of(error)}; set XDG_CACHE_HOME to a folder that can be "
            "written"
        ) from error


def _write(html: str, place: Path) -> None:
    place.write_text(html, encoding="utf-8")


def _made(path: Path, workers: int, progress: Progress | None) -> str:
    files = dataset_files(path)
    counted = count_rows(path, files, 0, KINDS, workers=workers, progress=progress)
    page = Page(counted.name, counted.rows, counted.opening, counted.checks, counted.charts, (), 0)
    return overview_part(page)


@cache
def _program() -> str:
    """Return a digest of the program's own text, and of a library that it may do without."""
    digest = xxhash.xxh3_128()
    root = Path(botcoin_dpo.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".js", ".json", ".toml"):
            digest.update(path.read_bytes())
    with suppress(PackageNotFoundError):  # the extra for nearly equal documents
        digest.update(version("rensa").encode())
    return digest.hexdigest()
