"""What lies in a store: put there, and read back, past the program."""

from pathlib import Path

from botcoin_dpo.files.current import read_current
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath, remote_path


def place_of(url: str) -> RemotePath:
    """Return what a URL names."""
    place = remote_path(url, "OUT")
    assert place is not None
    return place


def files_in(url: str) -> dict[str, bytes]:
    """Return what lies below a URL, by relative name."""
    folder = place_of(url)
    store = store_of(folder.root)
    return {
        str(path).removeprefix(f"{folder}/"): store.read(path, 0, 10**9)
        for path in store.list(folder)
    }


def current_files(url: str) -> dict[str, bytes]:
    """Return the files of the published build."""
    current = read_current(place_of(url))
    assert current is not None
    return files_in(str(current.folder))


def upload(source: Path, url: str) -> str:
    """Copy a file, or what is in a folder, and return the URL of the copy."""
    place = place_of(url)
    for path in [source] if source.is_file() else sorted(source.rglob("*")):
        if path.is_file():
            name = path.relative_to(source).as_posix()
            store_of(place.root).put(place if name == "." else place / name, path)
    return url
