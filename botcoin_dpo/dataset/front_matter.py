"""The front matter of a dataset card: the YAML block at the head of `README.md`, for the Hub.

PyYAML is imported where a card is read or written, which most commands do not do.

Format: https://huggingface.co/docs/hub/datasets-cards and the `dataset_info` of `datasets`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from botcoin_dpo.errors import InputError
from botcoin_dpo.files.named_files import reading

CARD = "README.md"
_FENCE = "---\n"
_LARGEST_CARD = 10**6
_DEEPEST = 50
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
)


def size_category(rows: int) -> str:
    """Return the Hub's name for the size of a dataset."""
    return next((name for limit, name in _SIZES if rows < limit), "n>1B")


def data_files(name: str, paths: Mapping[str, str], *, is_default: bool) -> dict[str, Any]:
    """Return the entry of `configs` for one config; `paths` are patterns of files, by split."""
    return {
        "config_name": name,
        **({"default": True} if is_default else {}),
        "data_files": [{"split": split, "path": path} for split, path in paths.items()],
    }


def split_sizes(sizes: Iterable[tuple[str, int, int]]) -> list[dict[str, Any]]:
    """Return the `splits` of a `dataset_info`, from names, bytes and rows."""
    return [{"name": name, "num_bytes": size, "num_examples": rows} for name, size, rows in sizes]


def with_front_matter(values: Mapping[str, Any], text: str) -> str:
    """Return a card."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # of libyaml, where that is there
    block = yaml.dump(dict(values), Dumper=dumper, sort_keys=False, allow_unicode=True, width=100)
    return f"{_FENCE}{block}{_FENCE}\n{text}"


def read_front_matter(folder: Path) -> dict[str, Any]:
    """Return the front matter of the card of a folder.

    Raises:
        InputError: there is no card, or its head is no YAML mapping.
    """
    path = folder / CARD
    with reading(path, "name an exported folder") as file:
        text = file.read(_LARGEST_CARD).decode(errors="replace")
    _, fence, rest = text.partition(_FENCE)
    block, end, _ = rest.partition(f"\n{_FENCE}")
    try:
        values = _load(block) if fence and end else None
    except Exception as error:  # whatever a stranger's YAML leads to
        message = " ".join(str(error).split())
        raise InputError(f"{path}: its head is not YAML: {message}") from error
    if not isinstance(values, dict):
        raise InputError(f"{path}: has no YAML mapping between '---' lines at its head")
    return values


def _load(block: str) -> Any:
    """Return what YAML spells, without aliases, which let a small text stand for a huge value.

    Raises:
        ValueError: it has some, or nests too deep for the library.
    """
    import yaml

    # Without libyaml, which most installations have, a large card takes half a second.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    for event in yaml.parse(block, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases are not supported")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise ValueError(f"nested deeper than {_DEEPEST}")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return yaml.load(block, Loader=loader)
