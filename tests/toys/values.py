"""Large results that travel by value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HeldBlob:
    """Bytes in memory."""

    content: bytes

    def __len__(self) -> int:
        return len(self.content)

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        return self.content[start:end]

    def discard(self) -> None:
        pass
