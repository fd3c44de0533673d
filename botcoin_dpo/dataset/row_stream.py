"""The rows of a dataset for who reads them in Python, one at a time.

```python
for row in iter_rows("out"):
    print(row["pair_annotations"]["pair_type"], row["chosen"]["artifact"])
```
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.dataset.reading import count_in_integers, dataset_files, read_rows
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.local_paths import input_path


def iter_rows(path: str | Path = "out") -> Iterator[JsonObject]:
    """Return an iterator over the rows of a built folder, or of a file of rows, in their order.

    It holds one row at a time. The nth row is pair n of `botcoin-dpo show`.

    ```python
    answers = [row["chosen"]["artifact"] for row in iter_rows("out") if row["split"] == "train"]
    ```

    Args:
        path: a built folder, or a file of rows.

    Raises:
        UsageError: the path is empty, or a URL.
        InputError: there are no rows; or, while they are read, a file is damaged, holds something
            that is no valid row, or changes.
    """
    folder = input_path(path, "PATH")
    unchanged = Unchanged(folder)
    with unchanged:
        files = dataset_files(folder)
    return _watched(unchanged, files)


def _watched(unchanged: Unchanged, files: Sequence[tuple[Path, str]]) -> Iterator[JsonObject]:
    with unchanged:
        yield from rows_of(files)


def rows_of(files: Sequence[tuple[Path, str]]) -> Iterator[JsonObject]:
    """Yield the rows of files, each of which has a name for messages.

    Raises:
        InputError: a file is damaged, or holds something that is no valid row.
    """
    for path, name in files:
        for stored in read_rows(path, name):
            if stored.problem is not None or not schemas.is_valid("pair", stored.row):
                raise InputError(f"{name}:{stored.line}: not a valid row; see botcoin-dpo validate")
            count_in_integers(stored.row)
            yield stored.row
