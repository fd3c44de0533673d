"""Writes examples to files: `<config>/<split>-00000-of-00001.parquet` or `.jsonl`.

Row groups of 100 MB and files of 500 MB, in bytes as Arrow or JSON has them: what the Hub
recommends, and few enough to hold. The same examples give the same bytes. A page index lets readers
fetch single pages, and since pages end where the content says, the Hub stores again only what
changed.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, get_args

import orjson

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import Split
from botcoin_dpo.errors import InputError, UsageError
from botcoin_dpo.exporting.columns import Column, ListOf, Scalar, StructType, arrow_schema
from botcoin_dpo.extras import how_to_install
from botcoin_dpo.files.hashed_file import HashedFile

if TYPE_CHECKING:
    import pyarrow

TableFormat = Literal["parquet", "jsonl"]
TABLE_FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)

_GROUP_BYTES = 100 * 10**6
_FILE_BYTES = 500 * 10**6
_ZSTD_LEVEL = 3
_CHUNKS_SINCE = 21
"""The first major version of pyarrow that can end pages where the content says."""
_LONG_TEXTS = frozenset(
    {"document", "prompt", "chosen", "rejected", "completion", "response",
     "chosen_text", "rejected_text", "think", "content"}
)  # fmt: skip
"""Columns in which hardly a value comes twice in a row group; a dictionary would only cost."""


class TableFile(NamedTuple):
    """One file of an export."""

    path: str
    """Relative to the export."""
    split: Split
    rows: int
    bytes: int
    """As Arrow or JSON has them."""
    bytes_on_disk: int
    sha256: str


def require_format(table_format: TableFormat) -> None:
    """Make sure that a format can be written.

    Raises:
        UsageError: its library is not installed.
    """
    if table_format == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise UsageError(
                f"--format parquet: needs pyarrow; {how_to_install('parquet')}, "
                "or take --format jsonl"
            ) from error


class TableWriter:
    """Writes the files of one config and split; it holds one row group."""

    def __init__(
        self,
        folder: Path,
        config: str,
        split: Split,
        columns: StructType,
        table_format: TableFormat,
    ) -> None:
        """Write to the folder of an export."""
        self._home = folder / config
        self._split = split
        self._columns = columns
        self._format = table_format
        self._held: list[JsonObject] = []
        self._held_bytes = 0
        self._file: _ParquetFile | _JsonFile | None = None
        self._closed: list[_ParquetFile | _JsonFile] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.abandon()

    def add(self, values: JsonObject, size: int) -> None:
        """Append an example; `size` is roughly its bytes."""
        if self._held_bytes + size > _GROUP_BYTES and self._held:
            self._write()
        self._held.append(values)
        self._held_bytes += size

    def finish(self) -> list[TableFile]:
        """Close the files, give them their names, and list them."""
        if self._held:
            self._write()
        self._close()
        files = []
        for number, file in enumerate(self._closed):
            name = f"{self._split}-{number:05d}-of-{len(self._closed):05d}.{self._format}"
            file.file.rename(name)
            files.append(
                TableFile(
                    f"{self._home.name}/{name}",
                    self._split,
                    file.rows,
                    file.size,
                    file.file.size,
                    file.file.sha256,
                )
            )
        return files

    def _write(self) -> None:
        if self._file is not None and self._file.size + self._held_bytes > _FILE_BYTES:
            self._close()
        if self._file is None:
            path = self._home / f"{self._split}-{len(self._closed):05d}"
            make = _ParquetFile if self._format == "parquet" else _JsonFile
            self._file = make(path, self._columns)
        self._file.write(self._held)
        self._held, self._held_bytes = [], 0

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._closed.append(self._file)
            self._file = None


class _JsonFile:
    """One file of JSON lines."""

    def __init__(self, path: Path, columns: StructType) -> None:
        self.file = HashedFile(path)
        self.rows = 0

    @property
    def size(self) -> int:
        return self.file.size

    def write(self, examples: list[JsonObject]) -> None:
        for values in examples:
            self.file.write(orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE))
        self.rows += len(examples)

    def close(self) -> None:
        self.file.close()

    def abandon(self) -> None:
        self.file.abandon()


class _ParquetFile:
    """One Parquet file."""

    def __init__(self, path: Path, columns: StructType) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        self.file = HashedFile(path)
        self.rows = self.size = 0
        self._schema: pyarrow.Schema = arrow_schema(columns)
        self._sink = pa.PythonFile(_Sink(self.file), "w")
        self._writer: ParquetWriter = ParquetWriter(
            self._sink,
            self._schema,
            compression="zstd",
            compression_level=_ZSTD_LEVEL,
            use_dictionary=_short_columns(columns),
            write_page_index=True,
            **_chunking(pa.__version__),
        )

    def write(self, examples: list[JsonObject]) -> None:
        import pyarrow as pa

        try:
            table = pa.Table.from_pylist(examples, schema=self._schema)
        except pa.ArrowException as error:
            raise InputError(
                f"{self.file.path.parent.name}: a value does not fit its column: {error}; "
                "see botcoin-dpo validate"
            ) from error
        self.rows += table.num_rows
        self.size += table.nbytes
        self._writer.write_table(table, row_group_size=table.num_rows)

    def close(self) -> None:
        self._writer.close()
        self._sink.close()
        self.file.close()

    def abandon(self) -> None:
        self._writer.is_open = False  # or it would write to the closed file when it is collected
        self.file.abandon()


class _Sink:
    """What Arrow asks of a file in Python."""

    def __init__(self, file: HashedFile) -> None:
        self._file = file
        self.closed = False

    def write(self, data: Any) -> int:
        self._file.write(data)
        return len(data)

    def tell(self) -> int:
        return self._file.size

    def flush(self) -> None:
        """Do nothing: the file is flushed when it is closed."""

    def close(self) -> None:
        self.closed = True


def _chunking(version: str) -> dict[str, bool]:
    """Return the option that makes pages end where the content says, if a pyarrow has it."""
    has_chunks = int(version.split(".")[0]) >= _CHUNKS_SINCE
    return {"use_content_defined_chunking": True} if has_chunks else {}


def _short_columns(columns: StructType) -> list[str]:
    """Return the paths of columns whose values come again and again."""
    paths: list[str] = []

    def walk(column: Column, path: str, name: str) -> None:
        if isinstance(column, StructType):
            for inner, of in column.fields.items():
                walk(of, f"{path}.{inner}" if path else inner, inner)
        elif isinstance(column, ListOf):
            walk(column.item, f"{path}.list.element", name)
        elif isinstance(column, Scalar) and name not in _LONG_TEXTS:
            paths.append(path)

    walk(columns, "", "")
    return paths
