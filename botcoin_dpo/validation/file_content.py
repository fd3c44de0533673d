"""What the manifest lists of a file: its size, its lines, its checksum."""

from hashlib import file_digest, sha256
from pathlib import Path

from botcoin_dpo.files.named_files import reading

_PIECE = 1 << 20


def size_of(path: Path) -> int:
    """Return the bytes of a file, 0 if it is none."""
    return path.stat().st_size if path.is_file() else 0


def lines_of(path: Path) -> dict[str, int | str]:
    """Return what the manifest lists of a file of lines, which may be larger than memory."""
    entries = size = 0
    digest = sha256()
    with reading(path, "allow reading") as file:
        while piece := file.read(_PIECE):
            entries += piece.count(b"\n")
            size += len(piece)
            digest.update(piece)
    return {"entries": entries, "bytes": size, "sha256": digest.hexdigest()}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with reading(path, "allow reading") as file:
        return file_digest(file, "sha256").hexdigest()
