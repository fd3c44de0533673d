"""The rows of a build, split by split, those of one challenge together."""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import chain
from pathlib import Path

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.identifiers import challenge_hash
from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import Split
from botcoin_dpo.dataset.reading import read_rows
from botcoin_dpo.errors import InputError

_ADVICE = "see botcoin-dpo validate"


class BuiltRows:
    """The rows of a build, read in order and checked; nothing is held."""

    def __init__(self, folder: Path, shards: Sequence[JsonObject]) -> None:
        """Read some shards of a build."""
        self._folder = folder
        self._shards = shards

    def of_split(self, split: Split) -> Iterator[tuple[bytes, PairType, JsonObject]]:
        """Yield rows, each with its challenge's hash and its pair type, by challenge.

        Raises:
            InputError: a shard cannot be read, or holds something that is no row.
        """
        pair_types = dict.fromkeys(shard["pair_type"] for shard in self._shards)
        streams = [self._of_pair_type(split, pair_type) for pair_type in pair_types]
        return merge(*streams, key=lambda item: item[0])

    def _of_pair_type(
        self, split: Split, pair_type: PairType
    ) -> Iterator[tuple[bytes, PairType, JsonObject]]:
        shards = [
            shard
            for shard in self._shards
            if (shard["split"], shard["pair_type"]) == (split, pair_type)
        ]
        for row in chain.from_iterable(map(self._of_shard, shards)):
            yield challenge_hash(row["challenge_id"]), pair_type, row

    def _of_shard(self, shard: JsonObject) -> Iterator[JsonObject]:
        path, name = self._folder / shard["path"], shard["path"]
        if not path.is_file():
            raise InputError(f"{path}: the manifest lists it, but it is not there; build again")
        if path.stat().st_size != shard["bytes"]:
            raise InputError(f"{path}: is not as large as the manifest says; {_ADVICE}")
        rows_read = 0
        before = b""
        for stored in read_rows(path, name):
            where = f"{path}:{stored.line}"
            if stored.problem is not None or not schemas.is_valid("pair", stored.row):
                raise InputError(f"{where}: no row of a build; {_ADVICE}")
            challenge = challenge_hash(stored.row["challenge_id"])
            if stored.row["split"] != shard["split"] or challenge < before:
                raise InputError(f"{where}: a row that does not belong here; {_ADVICE}")
            before = challenge
            rows_read += 1
            yield stored.row
        if rows_read != shard["rows"]:
            raise InputError(
                f"{path}: has {rows_read} rows, the manifest says {shard['rows']}; {_ADVICE}"
            )
