FORMAT: int
KEEP: int
FREE: int
OBJECT: int
DOCUMENT: int
TEXTS: int
TRACE: int

class Table: ...  # opaque

def make_table(fields: list[tuple[int, str, int, int]], /) -> Table: ...
def scan(table: Table, raw: bytes, /) -> tuple[bytes, int, int, int, int, bool, bool] | None: ...
def trace_text(json: bytes | memoryview, /) -> str | None: ...
