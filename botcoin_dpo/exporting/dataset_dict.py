"""An export or a build as `datasets` has it, for trainers that start from Python.

```python
dataset = to_datasets("hub", "dpo_chat_sequential")["train"]
```

Values are those of the files, whatever their format: dates in JSON lines stay text.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.front_matter import read_front_matter
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.dataset.reading import read_rows
from botcoin_dpo.dataset.row_stream import rows_of
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.errors import InputError, UsageError, UserError, choice_of
from botcoin_dpo.exporting.columns import (
    StructType,
    arrow_schema,
    columns_of_card,
    encoder,
    fits,
    pair_columns,
)
from botcoin_dpo.exporting.folder import is_export, listed_files
from botcoin_dpo.extras import how_to_install
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.local_paths import input_path
from botcoin_dpo.files.named_files import open_regular
from botcoin_dpo.version import __version__

if TYPE_CHECKING:
    import datasets

_ADVICE = "see botcoin-dpo validate"
_BATCH_ROWS = 256


class _Source(NamedTuple):
    """One split, as the cache of `datasets` knows it: anything that differs makes another entry."""

    files: tuple[tuple[str, str], ...]
    """Their paths, and what messages call them."""
    columns: StructType
    is_build: bool
    state: str
    """A digest of what tells the files from others in their places."""
    version: str = __version__


def to_datasets(path: str | Path = "hub", config: str | None = None) -> "datasets.DatasetDict":
    """Return one config of an export, or one pair type of a build, with its splits.

    Rows of a build have the columns of `pairs_*`. The data lie in the cache of `datasets`, not in
    memory, and are read again only if they changed.

    ```python
    from trl import SFTConfig, SFTTrainer

    dataset = to_datasets("hub", "sft_reasoning")
    SFTTrainer("your/model", SFTConfig(max_length=7104), train_dataset=dataset["train"]).train()
    ```

    Args:
        path: an exported folder, or a built one.
        config: of an export, the name of a config, by default that of its card; of a build, a
            pair type, by default the first that it has.

    Raises:
        UsageError: the path is empty or a URL, there is no such config, or the library `datasets`
            is not installed (the extra `datasets`).
        InputError: the folder is neither, or cannot be read.
    """
    folder = input_path(path, "PATH")
    with Unchanged(folder):
        if is_build(folder):
            sources, rows = _of_build(folder, config)
        elif is_export(folder):
            sources, rows = _of_export(folder, config)
        else:
            raise InputError(f"{folder}: neither an export nor a build; export or build first")
        return _loaded(folder, sources, rows)


def _of_build(folder: Path, pair_type: str | None) -> tuple[dict[str, _Source], dict[str, int]]:
    """Return the splits of a pair type, and how many rows each has by the manifest."""
    shards = read_manifest(folder)["shards"]
    pair_types = list(dict.fromkeys(shard["pair_type"] for shard in shards))
    if not pair_types:
        raise InputError(f"{folder}: has no rows; see its README.md for what was dropped")
    chosen = choice_of("config", pair_type or pair_types[0], pair_types, "no such pair type")
    sources: dict[str, _Source] = {}
    rows: dict[str, int] = {}
    for split in SPLITS:
        files = [each for each in shards if (each["pair_type"], each["split"]) == (chosen, split)]
        if files:
            paths = [(folder / file["path"], file["path"]) for file in files]
            sources[split] = _source(paths, pair_columns(), is_build=True)
            rows[split] = sum(file["rows"] for file in files)
    return sources, rows


def _of_export(folder: Path, config: str | None) -> tuple[dict[str, _Source], dict[str, int]]:
    """Return the splits of a config, and how many rows each has by the card."""
    card = read_front_matter(folder)
    try:
        listed = listed_files(card, folder)
        default = next(
            (each["config_name"] for each in card["configs"] if each.get("default") is True),
            next(iter(listed), ""),
        )
        chosen = choice_of("config", config or default, listed, "no such config")
        entry = next(each for each in card["dataset_info"] if each["config_name"] == chosen)
        columns = columns_of_card(entry["features"])
        rows = {str(split["name"]): int(split["num_examples"]) for split in entry["splits"]}
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise InputError(f"{folder}: its card does not describe an export; {_ADVICE}") from error
    sources = {
        split: _source([(file, f"{file.parent.name}/{file.name}") for file in files], columns)
        for split, files in listed[chosen].items()
    }
    if sources.keys() != rows.keys() or not sources.keys() <= set(SPLITS):
        raise InputError(f"{folder}: its card lists other splits than it describes; {_ADVICE}")
    return sources, rows


def _source(files: list[tuple[Path, str]], columns: StructType, is_build: bool = False) -> _Source:
    state = sha256()
    for path, name in files:
        try:
            found = path.stat()
        except OSError:
            raise InputError(f"{path}: no such file; {_ADVICE}") from None
        state.update(f"{name}\0{found.st_ino} {found.st_size} {found.st_mtime_ns}\0".encode())
    places = tuple((str(path.resolve()), name) for path, name in files)
    return _Source(places, columns, is_build, state.hexdigest())


def _loaded(
    folder: Path, sources: dict[str, _Source], rows: dict[str, int]
) -> "datasets.DatasetDict":
    try:
        import datasets
        from datasets.exceptions import DatasetGenerationError
    except ImportError as error:
        raise UsageError(f"to_datasets: needs datasets; {how_to_install('datasets')}") from error
    loaded = datasets.DatasetDict()
    for split, source in sources.items():
        try:
            loaded[split] = datasets.Dataset.from_generator(
                _examples,
                features=datasets.Features.from_arrow_schema(arrow_schema(source.columns)),
                gen_kwargs={"source": source},
                split=datasets.NamedSplit(split),
            )
        except DatasetGenerationError as error:
            if isinstance(error.__cause__, UserError):  # ours, in the library's wrapping
                raise error.__cause__ from None
            raise
        found = loaded[split].num_rows
        if found != rows[split]:
            raise InputError(
                f"{folder}: {split} has {found} rows instead of {rows[split]}; {_ADVICE}"
            )
    return loaded


def _examples(source: _Source) -> Iterator[JsonObject]:
    """Yield the examples of a split."""
    files = [(Path(path), name) for path, name in source.files]
    if source.is_build:
        encode = encoder(source.columns)
        assert encode is not None  # some columns are JSON text
        yield from map(encode, rows_of(files))
        return
    for path, name in files:
        read = _of_parquet if path.suffix == ".parquet" else _of_json_lines
        yield from read(path, name, source.columns)


def _of_json_lines(path: Path, name: str, columns: StructType) -> Iterator[JsonObject]:
    for stored in read_rows(path, name):
        if stored.problem is not None or not fits(stored.row, columns):
            raise InputError(f"{name}:{stored.line}: does not fit the card's features; {_ADVICE}")
        yield stored.row


def _of_parquet(path: Path, name: str, columns: StructType) -> Iterator[JsonObject]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with open_regular(path) as opened, ParquetFile(opened) as file:
            if file.schema_arrow != arrow_schema(columns):
                raise InputError(f"{name}: its columns are not the card's features; {_ADVICE}")
            for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name}: cannot be read; {_ADVICE}") from error
