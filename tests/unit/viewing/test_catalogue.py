"""The catalogue of a dataset: rows by number and name, lists, and what a cache keeps of them."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import InputError, build
from botcoin_dpo.auditing import signals
from botcoin_dpo.contract import schemas
from botcoin_dpo.dataset import folding
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.files import segments
from botcoin_dpo.viewing import catalogue, kept_files
from botcoin_dpo.viewing.catalogue import Catalogue, Filters, open_catalogue
from tests.builders import read_rows, recovery, write_log
from tests.hostile import hostile_rows

Row = dict[str, Any]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Row:
    """One row, to make others of."""
    folder = tmp_path_factory.mktemp("base")
    build(write_log(folder / "a.jsonl", recovery()), folder / "out")
    [row] = read_rows(folder / "out")
    return row


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of two strategies in several shards."""
    folder = tmp_path_factory.mktemp("built")
    records = [record for n in range(1, 31) for record in recovery(f"0x{n:02x}", number=n)]
    write_log(folder / "a.jsonl", records)
    build(folder / "a.jsonl", folder / "out", pairs=("sequential", "bookend"), shard_mb=0.05)
    return folder / "out"


@pytest.fixture
def is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dataset is large enough for a cache."""
    monkeypatch.setattr(catalogue, "_SMALL", 0)


def rows_of(out: Path) -> list[Row]:
    """All rows, in the order of the manifest."""
    return [
        json.loads(line)
        for shard in read_manifest(out)["shards"]
        for line in (out / shard["path"]).read_bytes().splitlines()
    ]


def made(
    base: Row,
    challenge: str = "0x01",
    *,
    ids: tuple[str, str] = ("r1", "r2"),
    flipped: tuple[int, ...] = (1,),
    gain: int = 1,
    time: int | None = 1000,
    domain: str | None = "ships",
    model: str | None = "small-model",
    **changes: Any,
) -> Row:
    row: Row = json.loads(json.dumps(base))
    notes = row["pair_annotations"]
    row |= {"challenge_id": challenge, "challenge_domain": domain} | changes
    row["metadata"]["model"] = model
    notes |= {"constraint_pass_delta": gain, "revision_time_ms": time}
    notes["constraint_flips"]["flipped_to_pass"] = list(flipped)
    for side, name in zip(("rejected", "chosen"), ids, strict=True):
        row[f"{side}_metadata"]["record_id"] = name
    assert schemas.is_valid("pair", row)
    return row


def write_rows(path: Path, rows: list[Row]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def numbers(found: Any) -> list[int]:
    return [each.number for each in found]


def contents(path: Path, **options: Any) -> list[Any]:
    with open_catalogue(path, **options) as pairs:
        count, listed = pairs.select(Filters(), None, 10**6)
        assert count == len(listed) == len(pairs)
        return [*listed, *(pairs.row(each.number) for each in listed)]


class TestRows:
    def test_numbers_follow_the_rows_of_all_shards(self, built: Path) -> None:
        rows = rows_of(built)
        shards = read_manifest(built)["shards"]
        assert len(shards) > 4
        assert len({shard["path"].split("/")[0] for shard in shards}) == 2
        with open_catalogue(built) as pairs:
            assert len(pairs) == len(rows) == 60
            assert [pairs.row(number) for number in range(1, 61)] == rows
            _, listed = pairs.select(Filters(), None, 100)
        assert numbers(listed) == list(range(1, 61))
        for (_, facts), row in zip(listed, rows, strict=True):
            assert facts.challenge_id == row["challenge_id"]
            assert facts.chosen_id == row["chosen_metadata"]["record_id"]
            assert facts.rejected_id == row["rejected_metadata"]["record_id"]
            assert facts.pair_type == row["pair_annotations"]["pair_type"]
            assert facts.split == row["split"]
            assert facts.gain == row["pair_annotations"]["constraint_pass_delta"]
            assert facts.repaired == "include"

    @pytest.mark.parametrize("block", [1000, 4096, 100_000])
    def test_files_of_several_segments_give_the_same(
        self, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
    ) -> None:
        one = write_rows(tmp_path / "rows.jsonl", rows_of(built))
        expected = contents(built), contents(one)
        monkeypatch.setattr(segments, "BLOCK", block)
        assert (contents(built), contents(one)) == expected

    @pytest.mark.parametrize("layout", ["array", "indented", "one after the other"])
    def test_a_json_file_of_rows_has_the_same_rows(
        self, built: Path, tmp_path: Path, layout: str
    ) -> None:
        rows, path = rows_of(built), tmp_path / "rows.json"
        if layout == "one after the other":
            write_rows(path, rows)
        else:
            text = json.dumps(rows, ensure_ascii=False, indent=2 if layout == "indented" else None)
            path.write_text("\ufeff" + text)
        assert contents(path) == contents(built)

    def test_blank_lines_and_other_line_ends_do_not_count(self, base: Row, tmp_path: Path) -> None:
        rows = [made(base, f"0x{n} –") for n in range(4)]
        lines = b"\r\n\r\n".join(map(orjson.dumps, rows))
        (tmp_path / "rows.jsonl").write_bytes(b"\xef\xbb\xbf\n" + lines)  # the last has no end
        with open_catalogue(tmp_path / "rows.jsonl") as pairs:
            assert [pairs.row(number) for number in range(1, 5)] == rows

    def test_two_workers_make_the_same_catalogue(
        self, built: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(segments, "BLOCK", 4096)
        assert contents(built, workers=2) == contents(built, workers=1)

    def test_an_empty_file_has_no_pairs(self, tmp_path: Path) -> None:
        (tmp_path / "rows.jsonl").touch()
        with open_catalogue(tmp_path / "rows.jsonl") as pairs:
            assert len(pairs) == 0
            assert pairs.find("1", 5) == (0, [])
            assert pairs.select(Filters(), "gain", 5) == (0, [])

    def test_a_row_that_changed_since_is_not_shown(self, base: Row, tmp_path: Path) -> None:
        path = write_rows(tmp_path / "rows.jsonl", [made(base), made(base)])
        with (
            pytest.raises(InputError, match="changed while it was read"),
            open_catalogue(path) as pairs,
        ):
            path.write_bytes(b" " * 100 + path.read_bytes())
            with pytest.raises(InputError) as caught:
                pairs.row(2)
            assert str(caught.value) == f"{path}: changed while it was read; try again"
            path.unlink()
            with pytest.raises(InputError, match="changed while it was read"):
                pairs.row(1)


class TestFinding:
    @pytest.fixture
    def pairs(self, base: Row, tmp_path: Path) -> Any:
        rows = [
            made(base, "0xabc", ids=("one", "two")),
            made(base, "0xabd", ids=("2-one", "2-two")),
            made(base, "3", ids=("one-more", "20")),
            made(base, "0xAB", ids=("50%", "_x")),
        ]
        with open_catalogue(write_rows(tmp_path / "rows.jsonl", rows)) as pairs:
            yield pairs

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ("1", [1]),
            ("4", [4]),
            ("003", [3]),
            ("0xabc", [1]),
            ("0xab", [1, 2]),
            ("0x", [1, 2, 4]),
            ("one", [1, 3]),
            ("one-", [3]),
            ("two", [1]),
            ("2-t", [2]),
            ("20", [3]),
            ("0xabcd", []),
            ("xab", []),
            ("5", [4]),
            ("9", []),
            ("-1", []),
            ("9" * 40, []),
            ("²", []),
            ("%", []),
            ("_", [4]),
            ("' OR 1=1 --", []),
        ],
    )
    def test_a_pair_is_found_by_number_or_by_how_an_id_starts(
        self, pairs: Catalogue, wanted: str, found: list[int]
    ) -> None:
        assert numbers(pairs.find(wanted, 10)[1]) == found

    def test_a_number_wins_over_a_prefix(self, pairs: Catalogue) -> None:
        assert numbers(pairs.named("2", 10)[1]) == [2, 3]
        assert numbers(pairs.find("2", 10)[1]) == [2]
        assert numbers(pairs.find("2-", 10)[1]) == [2]

    def test_only_so_many_are_found(self, pairs: Catalogue) -> None:
        assert numbers(pairs.find("0x", 2)[1]) == [1, 2]

    def test_a_number_that_is_not_there_is_none(self, pairs: Catalogue) -> None:
        assert pairs.numbered(5) is None
        assert pairs.numbered(0) is None
        listed = pairs.numbered(2)
        assert listed is not None
        assert (listed.number, listed.facts.challenge_id) == (2, "0xabd")

    def test_what_is_no_text_names_nothing(self, pairs: Catalogue) -> None:
        assert pairs.find("\udcff", 10) == (0, [])
        assert pairs.select(Filters(domain="\udcff"), None, 10) == (0, [])


class TestLists:
    @pytest.fixture
    def pairs(self, base: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setattr(signals, "_MOST_WORK", 10_000)
        two: dict[str, Any] = {"rejected_text": "a b c d", "chosen_text": "a b x y"}
        rows = [
            made(base, "0x1", time=5000, gain=2, flipped=(1, 0), **two),
            made(base, "0x2", time=None, gain=-1, domain="Birds", flipped=(2,)),
            made(
                base, "0x3", time=0, gain=5, domain=None, model="Large", rejected_text="a " * 9999
            ),
            made(base, "0x4", time=700, gain=2, model=None, chosen_text=base["rejected_text"]),
            made(base, "0x5", time=None, gain=0, domain="birds", flipped=(3, 99), **two),
        ]
        with open_catalogue(write_rows(tmp_path / "rows.jsonl", rows)) as pairs:
            yield pairs

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            (Filters(), [1, 2, 3, 4, 5]),
            (Filters(domain="ships"), [1, 4]),
            (Filters(domain="BIRDS"), [2, 5]),
            (Filters(domain="bird"), []),
            (Filters(domain=""), []),
            (Filters(model="large"), [3]),
            (Filters(model="SMALL-model"), [1, 2, 5]),
            (Filters(flipped="include"), [1, 3, 4]),
            (Filters(flipped="word_count"), [1]),
            (Filters(flipped="forbidden_letter"), [2]),
            (Filters(flipped="tip"), [5]),
            (Filters(flipped="letter"), []),
            (Filters("birds", "small-model", "tip"), [5]),
            (Filters("ships", "large"), []),
        ],
    )
    def test_filters_choose_pairs(
        self, pairs: Catalogue, filters: Filters, found: list[int]
    ) -> None:
        count, listed = pairs.select(filters, None, 10)
        assert (count, numbers(listed)) == (len(found), found)

    @pytest.mark.parametrize(
        ("order", "found"),
        [
            (None, [1, 2, 3, 4, 5]),
            ("revision-time", [3, 4, 1, 2, 5]),
            ("gain", [3, 1, 4, 5, 2]),
            ("similarity", [4, 2, 1, 5, 3]),
        ],
    )
    def test_orders_put_what_is_not_known_last(
        self, pairs: Catalogue, order: Any, found: list[int]
    ) -> None:
        count, listed = pairs.select(Filters(), order, 10)
        assert (count, numbers(listed)) == (5, found)
        count, listed = pairs.select(Filters(), order, 2)
        assert (count, numbers(listed)) == (5, found[:2])

    def test_facts_are_those_of_the_row(self, pairs: Catalogue) -> None:
        _, listed = pairs.select(Filters(), None, 10)
        assert [each.facts.similarity for each in listed][:4:3] == [0.5, 1]
        assert listed[2].facts.similarity is None
        assert listed[0].facts.repaired == "word_count include"
        assert listed[4].facts.repaired == "tip"
        assert [each.facts.revision_time_ms for each in listed] == [5000, None, 0, 700, None]
        assert [each.facts.domain for each in listed] == ["ships", "Birds", None, "ships", "birds"]

    def test_hostile_names_are_only_ever_text(self, base: Row, tmp_path: Path) -> None:
        name = "'; DROP TABLE pairs; --\x00\x1b\u202e"
        rows = [made(base, name, domain=name, model=name, ids=(name, name)), made(base)]
        with open_catalogue(write_rows(tmp_path / "rows.jsonl", rows)) as pairs:
            assert numbers(pairs.find(name, 5)[1]) == [1]
            assert pairs.select(Filters(name, name), None, 5)[0] == 1
            assert pairs.find(name, 5)[1][0].facts.domain == name
            assert len(pairs) == 2


GOLDEN = {
    "format": 6,
    "rows": "d98f608cfb850d4a2d614be669b18435cd8606d819981a4a3eb8becf486abcc0",
    "catalogue": "741565d3f928bd2418b7a26e541eecde703516422193e6f95f8f5a5a57d6b394",
}
"""The FORMAT of a catalogue, and digests of some rows and of what it holds of them."""


@pytest.mark.usefixtures("is_large")
class TestFormat:
    def test_a_change_of_what_a_catalogue_holds_raises_its_format(
        self, base: Row, tmp_path: Path
    ) -> None:
        rows = [row for row in hostile_rows(base) if len(row["challenge_id"]) < 1000]
        rows += [
            made(base, time=None, gain=-1, domain=None, flipped=(0, 1, 2, 3)),
            made(base, model=None, flipped=(), rejected_text="a b c", chosen_text="a b d"),
            made(base, rejected_text="a " * 99_999),
            base,
        ]
        path = write_rows(tmp_path / "rows.jsonl", rows)
        with open_catalogue(path, cache=tmp_path / "cache"):
            [kept] = (tmp_path / "cache").iterdir()
        with closing(sqlite3.connect(kept)) as database:
            held = [
                *database.execute("SELECT sql FROM sqlite_master ORDER BY name"),
                *database.execute("SELECT * FROM pairs ORDER BY number"),
                *database.execute("SELECT * FROM choices ORDER BY rowid"),
            ]
        now = {
            "format": catalogue.FORMAT,
            "rows": sha256(path.read_bytes()).hexdigest(),
            "catalogue": sha256(repr(held).encode()).hexdigest(),
        }
        assert now["rows"] == GOLDEN["rows"], (
            "the rows of this test are others; if nothing else differs, put what follows into "
            f"GOLDEN and leave FORMAT as it is: {now}"
        )
        assert now == GOLDEN, (
            "a catalogue holds something else than it did: raise FORMAT in "
            "botcoin_dpo/viewing/catalogue.py, or old ones are used as if they were new; "
            f"then put this into GOLDEN: {now}"
        )

    def test_a_catalogue_of_another_format_is_not_used(
        self, base: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = write_rows(tmp_path / "rows.jsonl", [base])
        contents(rows, cache=tmp_path / "cache")
        monkeypatch.setattr(folding, "_fold_segment", refuse)
        contents(rows, cache=tmp_path / "cache")
        monkeypatch.setattr(catalogue, "FORMAT", catalogue.FORMAT + 1)
        with pytest.raises(AssertionError, match="read again"):
            contents(rows, cache=tmp_path / "cache")


def refuse(*_: Any) -> Any:
    raise AssertionError("rows were read again")


@pytest.mark.usefixtures("is_large")
class TestCache:
    @pytest.fixture
    def rows(self, base: Row, tmp_path: Path) -> Path:
        return write_rows(tmp_path / "rows.jsonl", [made(base, f"0x{n}") for n in range(5)])

    def test_a_large_dataset_is_read_once(
        self, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = contents(built, cache=tmp_path / "a/cache")
        [kept] = (tmp_path / "a/cache").iterdir()
        monkeypatch.setattr(folding, "_fold_segment", refuse)
        assert contents(built, cache=tmp_path / "a/cache") == first
        assert list((tmp_path / "a/cache").iterdir()) == [kept]
        with pytest.raises(AssertionError, match="read again"):
            contents(built, cache=tmp_path / "other")

    @pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "other"])
    def test_a_damaged_catalogue_is_made_anew(
        self, rows: Path, tmp_path: Path, damage: str
    ) -> None:
        cache = tmp_path / "cache"
        first = contents(rows, cache=cache)
        [kept] = cache.iterdir()
        content = kept.read_bytes()
        if damage == "other":
            kept.unlink()
            with closing(sqlite3.connect(kept)) as database:
                database.execute("CREATE TABLE other (number)")
                database.commit()
        else:
            bad = {"cut": content[: len(content) // 2], "empty": b"", "garbage": b"garbage\n"}
            kept.write_bytes(bad[damage])
        assert contents(rows, cache=cache) == first

    @given(where=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255), cut=st.booleans())
    def test_any_damage_makes_no_difference(
        self,
        base: Row,
        tmp_path_factory: pytest.TempPathFactory,
        where: float,
        change: int,
        cut: bool,
    ) -> None:
        folder = tmp_path_factory.mktemp("damage")
        rows = write_rows(folder / "rows.jsonl", [made(base, f"0x{n}") for n in range(5)])
        first = contents(rows, cache=folder / "cache")
        [kept] = (folder / "cache").iterdir()
        content = bytearray(kept.read_bytes())
        at = int(where * len(content))
        if cut:
            del content[at : at + change]
        else:
            content[at] ^= change
        kept.write_bytes(content)
        assert contents(rows, cache=folder / "cache") == first
        [kept] = (folder / "cache").iterdir()
        assert kept.read_bytes() != content
        shutil.rmtree(folder)

    def test_a_catalogue_with_a_bad_page_is_removed(
        self, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cache = tmp_path / "cache"
        first = contents(rows, cache=cache)

        def malformed(*_: object) -> None:
            raise sqlite3.DatabaseError("database disk image is malformed")

        with monkeypatch.context() as broken:
            broken.setattr(Catalogue, "row", malformed)
            with pytest.raises(InputError, match="is malformed; it is removed, try again"):
                contents(rows, cache=cache)
        assert not list(cache.iterdir())
        assert contents(rows, cache=cache) == first

    def test_a_missing_file_of_rows_says_so(self, built: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        shutil.copytree(built, copy)
        next(iter(copy.glob("*/*.jsonl"))).unlink()
        with pytest.raises(InputError, match="no such file or directory; see botcoin-dpo validate"):
            contents(copy, cache=tmp_path / "cache")

    def test_a_compressed_file_of_rows_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "rows.jsonl.gz").write_bytes(b"")
        with pytest.raises(InputError, match="rows are read as they are; unpack it first"):
            contents(tmp_path / "rows.jsonl.gz")

    def test_a_small_dataset_leaves_nothing_behind(
        self, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "_SMALL", rows.stat().st_size)
        assert len(contents(rows, cache=tmp_path / "cache")) == 10
        assert not (tmp_path / "cache").exists()

    @pytest.mark.parametrize("change", ["size", "time", "place"])
    def test_a_changed_file_of_rows_is_read_again(
        self, base: Row, rows: Path, tmp_path: Path, change: str
    ) -> None:
        cache = tmp_path / "cache"
        contents(rows, cache=cache)
        status = rows.stat()
        if change == "size":
            write_rows(rows, [made(base, "0xnew")])
            os.utime(rows, ns=(status.st_atime_ns, status.st_mtime_ns))
        elif change == "time":
            rows.write_bytes(rows.read_bytes().replace(b'"0x0"', b'"0x9"'))
            os.utime(rows, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
        else:
            rows = rows.rename(tmp_path / "moved.jsonl")
        with open_catalogue(rows, cache=cache) as pairs:
            assert [pairs.row(each.number) for each in pairs.find("0x", 9)[1]] == [
                json.loads(line) for line in rows.read_bytes().splitlines()
            ]
        assert len(list(cache.iterdir())) == 2

    def test_those_used_last_are_kept(
        self, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(kept_files, "_MOST_KEPT", 2)
        cache = tmp_path / "cache"
        names: list[str] = []
        copies = [rows.rename(tmp_path / "0.jsonl")]
        copies += [tmp_path / f"{number}.jsonl" for number in (1, 2)]
        for copy in copies:
            copy.write_bytes(copies[0].read_bytes())
        for age, copy in ((300, copies[0]), (200, copies[1])):
            contents(copy, cache=cache)
            [new] = {path.name for path in cache.iterdir()} - set(names)
            names.append(new)
            os.utime(cache / new, (age, age))
        (cache / "other.txt").touch()
        os.utime(cache / names[1], (100, 100))
        contents(copies[1], cache=cache)  # the older one is used again
        contents(copies[2], cache=cache)
        left = {path.name for path in cache.iterdir()}
        assert len(left) == 3
        assert {names[1], "other.txt"} <= left
        assert names[0] not in left

    def test_the_cache_is_that_of_the_user(
        self, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "odd ?#% é"))
        assert len(contents(rows)) == 10
        assert len(list((tmp_path / "odd ?#% é/botcoin-dpo").iterdir())) == 1
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        assert len(contents(rows)) == 10
        assert len(list((tmp_path / "home/.cache/botcoin-dpo").iterdir())) == 1

    def test_without_a_home_a_cache_must_be_named(
        self, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: object) -> None:
            raise KeyError

        monkeypatch.setattr("pwd.getpwuid", fail)
        monkeypatch.delenv("HOME")
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        with pytest.raises(InputError, match="no home folder for the cache; set XDG_CACHE_HOME"):
            contents(rows)

    def test_a_relative_cache_is_passed_over(
        self, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv("XDG_CACHE_HOME", "cache")
        assert len(contents(rows)) == 10
        assert len(list((tmp_path / "home/.cache/botcoin-dpo").iterdir())) == 1
        assert not (tmp_path / "cache").exists()

    def test_a_cache_that_cannot_be_made_says_so(self, rows: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(InputError) as caught:
            contents(rows, cache=tmp_path / "file/cache")
        advice = "not a directory; set XDG_CACHE_HOME to a folder that can be written"
        assert str(caught.value).startswith(str(tmp_path / "file/cache/pairs-"))
        assert str(caught.value).endswith(advice)

    @pytest.mark.skipif(os.geteuid() == 0, reason="runs as root, who may write anywhere")
    def test_a_cache_that_is_not_permitted_says_so(self, rows: Path, tmp_path: Path) -> None:
        (tmp_path / "cache").mkdir(mode=0o500)
        with pytest.raises(InputError, match="permission denied; set XDG_CACHE_HOME to a folder"):
            contents(rows, cache=tmp_path / "cache")

    @pytest.mark.parametrize("trouble", [KeyboardInterrupt, InputError, OSError])
    def test_an_indexing_that_failed_leaves_nothing_behind(
        self, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
    ) -> None:
        def fail(*_: Any) -> Any:
            raise trouble("stopped")

        cache = tmp_path / "cache"
        with monkeypatch.context() as patched:
            patched.setattr(catalogue, "pair_facts", fail)
            with pytest.raises(InputError if trouble is OSError else trouble):
                contents(rows, cache=cache)
        assert list(cache.iterdir()) == []
        assert len(contents(rows, cache=cache)) == 10

    def test_invalid_rows_leave_no_catalogue(self, rows: Path, tmp_path: Path) -> None:
        rows.write_bytes(rows.read_bytes() + b"{}\n")
        with pytest.raises(InputError):
            contents(rows, cache=tmp_path / "cache")
        assert list((tmp_path / "cache").iterdir()) == []


class TestWhatIsNoDataset:
    @pytest.mark.parametrize("bad", [b"{}", b"[]", b"{", b'{"a": "\xff"}'])
    @pytest.mark.parametrize("block", [None, 3000])
    def test_an_invalid_row_is_named_by_file_and_line(
        self, base: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: bytes, block: Any
    ) -> None:
        if block is not None:
            monkeypatch.setattr(segments, "BLOCK", block)
        lines = [orjson.dumps(made(base, f"0x{n}")) for n in range(6)]
        lines[3] = b"\n" + bad
        (tmp_path / "rows.jsonl").write_bytes(b"\n".join(lines))
        with pytest.raises(InputError) as caught:
            contents(tmp_path / "rows.jsonl")
        assert str(caught.value).endswith(
            "/rows.jsonl:5: not a valid row; see botcoin-dpo validate"
        )

    def test_an_invalid_row_of_a_build_is_named_by_its_shard(self, tmp_path: Path) -> None:
        build(write_log(tmp_path / "a.jsonl", recovery()), tmp_path / "out")
        [shard] = (tmp_path / "out").glob("*/*.jsonl")
        shard.write_bytes(shard.read_bytes() + b"{}\n")
        with pytest.raises(InputError) as caught:
            contents(tmp_path / "out")
        name = shard.relative_to(tmp_path / "out").as_posix()
        assert str(caught.value).endswith(f"/{name}:2: not a valid row; see botcoin-dpo validate")

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda path: None, "no such file or folder; build first, or name a built folder"),
            (Path.mkdir, "not a built folder; build the logs first, or name a file of rows"),
        ],
    )
    def test_what_cannot_be_looked_at_is_one_line(
        self, tmp_path: Path, make: Callable[[Path], None], message: str
    ) -> None:
        make(tmp_path / "it")
        with pytest.raises(InputError) as caught:
            contents(tmp_path / "it")
        assert str(caught.value) == f"{tmp_path / 'it'}: {message}"


@pytest.mark.usefixtures("is_large")
def test_paths_that_are_no_text_have_catalogues_of_their_own(built: Path, tmp_path: Path) -> None:
    cache = tmp_path / os.fsdecode(b"cache-\xe9")
    for name in (b"caf\xe9", b"caf\\xe9"):  # both are shown as caf\xe9
        out = tmp_path / os.fsdecode(name)
        shutil.copytree(built, out, copy_function=shutil.copy2)
        with open_catalogue(out, cache=cache) as pairs:
            assert pairs.row(1) == rows_of(built)[0]
    assert len(list(cache.iterdir())) == 2
