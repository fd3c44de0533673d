from typing import TypeAlias

from botcoin_dpo.logs.known_fields import KnownField

FORMAT: int

class Table: ...  # opaque

SureFields: TypeAlias = tuple[
    str, str | None, str | None, str | None, str | None, str | None, str | None, str | None,
    int, bool, bool, int, int, int, int, int,
    slice | None, bytes | None, bool, bool, slice | None,
]  # fmt: skip

def make_table(fields: list[KnownField], /) -> Table: ...
def scan(table: Table, raw: bytes, shared: tuple[int, int] | None, /) -> SureFields | None: ...
def trace_text(json: bytes | memoryview, /) -> str | None: ...
