"""A local copy of a dataset in a store, for what must look at all of its files more than once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.dataset.front_matter import CARD
from botcoin_dpo.engines.progress import Progress, ProgressCounter
from botcoin_dpo.errors import InputError, UserError, writing
from botcoin_dpo.files.current import published_in
from botcoin_dpo.files.named_files import open_place
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.scratch import scratch_folder

_PIECE = 1 << 20


@contextmanager
def local_copy(place: Path | RemotePath, progress: Progress | None = None) -> Iterator[Path]:
    """Yield where a dataset, or a file of rows, is to be read: a copy, if it is remote.

    What goes wrong meanwhile is said of the place, not of its copy.

    Args:
        place: the dataset or the file.
        progress: called with bytes copied.

    Raises:
        InputError: the store refuses, or nothing that can be read is there.
        OutputError: there is no room for a copy.
    """
    if isinstance(place, Path):
        yield place
        return
    with scratch_folder() as scratch:
        copy = scratch / (place.name or place.root.rpartition("/")[2])
        _copy(place, copy, progress)
        try:
            yield copy
        except UserError as error:
            if str(copy) not in error.message:
                raise
            raise type(error)(error.message.replace(str(copy), str(place))) from error


def _copy(place: RemotePath, copy: Path, progress: Progress | None) -> None:
    found = _files(place)
    sizes = (path.version.size for path in found.values() if path.version)
    counter = ProgressCounter(progress, "copying", sum(sizes))
    for name, path in found.items():
        target = copy / name
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file, open_place(path) as content:
                while piece := content.read(_PIECE):
                    file.write(piece)
                    counter.add(len(piece))


def _files(place: RemotePath) -> dict[str, RemotePath]:
    """Return what is to be copied, by name relative to the copy; a file itself has none."""
    store = store_of(place.root)
    file = store.find(place) if place.is_web or place.key else None
    if file is not None:
        return {"": file}
    advice = "name a built folder or a file of rows"
    if place.is_web:
        raise InputError(f"{place}: no such file; {advice}")
    folder = published_in(place)
    assert isinstance(folder, RemotePath)
    if all(store.find(folder / name) is None for name in (MANIFEST, CARD)):
        raise InputError(f"{place}: neither a built nor an exported folder; {advice}")
    start = len(f"{folder}/")
    return {str(path)[start:]: path for path in store.list(folder) if str(path)[start:]}
