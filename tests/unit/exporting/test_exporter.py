import gc
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from botcoin_dpo import build, validate
from botcoin_dpo.contract.hidden_text import hidden_characters
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.contract.trace_text import trace_text
from botcoin_dpo.errors import InputError, OutputError, UsageError
from botcoin_dpo.exporting import tables
from botcoin_dpo.exporting.columns import Scalar, StructType
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import attempt, compute, extract, published, recovery, write_log

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    simulate(folder / "logs", challenges=16, miners=6, seed=3)
    return folder / "logs"


@pytest.fixture(scope="module")
def built(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    build(logs, out, pairs=PAIR_TYPES, splits=(0.5, 0.3, 0.2))
    return out


@pytest.fixture(scope="module")
def hub(built: Path, tmp_path_factory: pytest.TempPathFactory) -> ExportResult:
    return export(built, tmp_path_factory.mktemp("hub") / "hub", format="jsonl")


def rows_of(result: ExportResult, config: str) -> Rows:
    each = next(each for each in result.configs if each.config.name == config)
    return [
        orjson.loads(line)
        for file in each.files
        for line in (published(result) / file.path).read_bytes().splitlines()
    ]


def built_rows(out: Path, pair_type: str = "*") -> Rows:
    return [
        orjson.loads(line)
        for path in sorted(out.glob(f"{pair_type}/*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def small(tmp_path: Path, *records: Any) -> Path:
    write_log(tmp_path / "logs/a.jsonl", [record for some in records for record in some])
    build(tmp_path / "logs", tmp_path / "out", splits=(1, 0, 0))
    return tmp_path / "out"


@pytest.mark.parametrize(
    ("config", "columns"),
    [
        ("dpo_reasoning_sequential", "challenge_id challenge_domain prompt chosen rejected"),
        ("dpo_reasoning_bookend", "challenge_id challenge_domain prompt chosen rejected"),
        ("grpo_reasoning", "challenge_id challenge_domain prompt response reward"),
    ],
)
def test_published_configs_have_the_published_columns(
    built: Path, tmp_path: Path, config: str, columns: str
) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason="pyarrow is not installed (the extra parquet)"
    )
    export(built, tmp_path / "hub", configs=[config])
    [path, *_] = sorted((tmp_path / "hub" / config).iterdir())
    schema = parquet.read_schema(path)
    assert schema.names == columns.split()
    types = ["double" if name == "reward" else "string" for name in schema.names]
    assert [str(of) for of in schema.types] == types


def test_parquet_holds_what_json_lines_hold(
    built: Path, hub: ExportResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason="pyarrow is not installed (the extra parquet)"
    )
    monkeypatch.setattr(tables, "_GROUP_BYTES", 60_000)
    monkeypatch.setattr(tables, "_FILE_BYTES", 150_000)
    result = export(built, tmp_path / "hub")
    assert [each.config.name for each in result.configs] == [
        each.config.name for each in hub.configs
    ]
    most_files: list[int] = []
    for each in result.configs:
        found = [
            row
            for file in each.files
            for row in parquet.read_table(published(result) / file.path).to_pylist()
        ]
        assert found == rows_of(hub, each.config.name)
        assert len(each.files) > 1
        numbers = Counter(file.split for file in each.files)
        most_files.append(max(numbers.values()))
        assert {file.path for file in each.files} == {
            f"{each.config.name}/{split}-{number:05d}-of-{count:05d}.parquet"
            for split, count in numbers.items()
            for number in range(count)
        }
    assert max(most_files) > 1
    groups = parquet.ParquetFile(
        published(result) / result.configs[-1].files[0].path
    ).num_row_groups
    assert groups > 1
    assert validate(published(result)).is_valid


def test_parquet_has_a_page_index_and_pages_that_end_where_the_content_says(
    tmp_path: Path,
) -> None:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra parquet)")
    from pyarrow import parquet

    draw = random.Random(5)
    texts = [f"{draw.getrandbits(8_000):x}" for _ in range(1_000)]

    def written(name: str, texts: list[str]) -> Path:
        columns = StructType({"prompt": Scalar("string")})
        with tables.TableWriter(tmp_path / name, "config", "train", columns, "parquet") as writer:
            for text in texts:
                writer.add({"prompt": text}, len(text))
            [file] = writer.finish()
        return tmp_path / name / file.path

    path = written("one", texts)
    assert parquet.read_table(path).to_pylist() == [{"prompt": text} for text in texts]
    column = parquet.ParquetFile(path).metadata.row_group(0).column(0)
    assert column.has_offset_index
    assert path.read_bytes() == written("again", texts).read_bytes()
    if int(pa.__version__.split(".")[0]) < 21:
        return
    # A text more at the front: pages of a fixed size would all differ.
    more = written("more", ["a new text", *texts])
    end = path.read_bytes()[: column.data_page_offset + column.total_compressed_size]
    assert end[len(end) // 2 : len(end) // 2 + 10_000] in more.read_bytes()


@pytest.mark.parametrize(
    ("version", "has_chunks"),
    [("17.0.0", False), ("20.0.0", False), ("21.0.0", True), ("22.0.0.dev1", True), ("100", True)],
)
def test_content_defined_chunking_is_asked_of_a_pyarrow_that_has_it(
    version: str, has_chunks: bool
) -> None:
    assert bool(tables._chunking(version)) is has_chunks


def test_the_split_is_that_of_the_build(built: Path, hub: ExportResult) -> None:
    expected = {row["prompt"]: row["split"] for row in built_rows(built)}
    assert set(expected.values()) == {"train", "validation", "test"}
    for each in hub.configs:
        for file in each.files:
            for line in (published(hub) / file.path).read_bytes().splitlines():
                row = orjson.loads(line)
                prompt = next(row[name] for name in ("prompt", "messages", "chosen") if name in row)
                text = prompt if isinstance(prompt, str) else prompt[0]["content"]
                assert expected[text] == file.split


def test_clean_texts_are_what_miners_wrote(logs: Path, built: Path, hub: ExportResult) -> None:
    traces = {}
    for path in logs.iterdir():
        for line in path.read_bytes().splitlines():
            record = orjson.loads(line)
            steps = [
                {key: value for key, value in step.items() if key != "coordinator_provenance"}
                for step in record["submission"]["reasoning_trace"]
                if step["action"] != "revision"
            ]
            traces[record["record_id"]] = trace_text(steps), record["submission"]["artifact"]
    exported = rows_of(hub, "dpo_reasoning_exhaustive")
    rows = built_rows(built, "exhaustive")
    for split in ("test", "train", "validation"):  # as files sort
        assert split
    by_texts = {(row["prompt"], row["chosen"], row["rejected"]) for row in exported}
    for row in rows:
        sides = []
        for side in ("chosen", "rejected"):
            think, artifact = traces[row[f"{side}_metadata"]["record_id"]]
            sides.append(f'<think>\n{think}\n</think>\nArtifact: "{artifact}"')
        assert (row["prompt"], *sides) in by_texts
    assert len(exported) == len(rows) > 10


def test_no_annotation_and_no_revision_is_left(hub: ExportResult) -> None:
    seen = 0
    for each in hub.configs:
        name = each.config.name
        if each.config.is_archive:
            continue
        for row in rows_of(hub, name):
            for column in ("chosen", "rejected", "completion", "response"):
                value = row.get(column, "")
                text = value if isinstance(value, str) else value[0]["content"]
                assert "zone:" not in text
                assert "| exact" not in text
                assert name == "sft_revision" or "> revision" not in text
                seen += bool(text)
    assert seen > 100
    assert any(
        "> revision" in row["completion"][0]["content"] for row in rows_of(hub, "sft_revision")
    )


def test_canonical_texts_are_those_of_the_rows(built: Path, tmp_path: Path) -> None:
    configs = ["dpo_reasoning_sequential", "sft_revision"]
    result = export(built, tmp_path / "hub", format="jsonl", text="canonical", configs=configs)
    expected = {
        (row["chosen_text"], row["rejected_text"]) for row in built_rows(built, "sequential")
    }
    found = rows_of(result, "dpo_reasoning_sequential")
    assert {(row["chosen"], row["rejected"]) for row in found} == expected
    turns = rows_of(result, "sft_revision")
    said = {(row["completion"][0]["content"], row["prompt"][1]["content"]) for row in turns}
    assert said == {
        tuple(text.replace("</think>\n", "</think>\n\n") for text in sides) for sides in expected
    }


def test_each_attempt_and_each_pair_counts_once(built: Path, hub: ExportResult) -> None:
    rows = built_rows(built)
    attempts = {
        (row["challenge_id"], row[f"{side}_metadata"]["record_id"], side)
        for row in rows
        for side in ("chosen", "rejected")
    }
    chosen = {key for key in attempts if key[2] == "chosen"}
    kto, grpo = rows_of(hub, "kto_reasoning"), rows_of(hub, "grpo_reasoning")
    assert len(kto) == len(grpo) == len(attempts)
    assert sum(row["label"] for row in kto) == len(rows_of(hub, "sft_reasoning")) == len(chosen)
    pairs = {
        tuple(row[f"{side}_metadata"]["record_id"] for side in ("chosen", "rejected"))
        for row in rows
    }
    assert len(rows_of(hub, "reward_reasoning")) == len(pairs) < len(rows)


def test_the_reward_is_the_share_of_constraints_that_hold(built: Path, hub: ExportResult) -> None:
    expected = Counter[Any]()
    for row in {
        row[f"{side}_metadata"]["record_id"]: row[f"{side}_metadata"]
        for row in built_rows(built)
        for side in ("chosen", "rejected")
    }.values():
        passed, failed = row["constraint_pass_count"], row["constraint_fail_count"]
        expected[passed / (passed + failed)] += 1
    assert Counter(row["reward"] for row in rows_of(hub, "grpo_reasoning")) == expected


def test_the_margin_is_the_share_of_constraints_gained(built: Path, hub: ExportResult) -> None:
    gained = Counter[float]()
    seen = set()
    for row in built_rows(built):
        sides = [row[f"{side}_metadata"] for side in ("chosen", "rejected")]
        pair = tuple((side["record_id"], side["attempt_index"]) for side in sides)
        if pair not in seen:
            seen.add(pair)
            shares = [
                side["constraint_pass_count"]
                / (side["constraint_pass_count"] + side["constraint_fail_count"])
                for side in sides
            ]
            gained[round(shares[0] - shares[1], 9)] += 1
    told = Counter(round(row["margin"], 9) for row in rows_of(hub, "reward_reasoning"))
    assert told == gained
    assert len(gained) > 2


def test_a_revision_shows_what_came_before(tmp_path: Path) -> None:
    first, second = recovery()
    first["submission"]["reasoning_trace"].append({"action": "revision", "note": "before"})
    second["submission"]["reasoning_trace"].append({"action": "revision", "note": "5 of 8 held"})
    second["feedback_shown"] = {"constraints_passed_shown": 2, "constraints_total_shown": 3}
    result = export(small(tmp_path, [first, second]), tmp_path / "hub", format="jsonl")
    [row] = rows_of(result, "sft_revision")
    assert [said["role"] for said in row["prompt"]] == ["user", "assistant", "user"]
    assert [said["role"] for said in row["completion"]] == ["assistant"]
    assert "> revision" not in row["prompt"][1]["content"]
    assert "2 of 3 constraints hold" in row["prompt"][2]["content"]
    assert "> revision: 5 of 8 held" in row["completion"][0]["content"]


def test_what_is_dropped_is_counted(tmp_path: Path) -> None:
    told = {"constraints_passed_shown": 2, "constraints_total_shown": 3}
    same = recovery("0x01")
    for record in same:  # but for what cleaning takes away
        record["submission"]["artifact"] = "the same"
        record["submission"]["reasoning_trace"] = [extract(), compute()]
    same[1]["submission"]["reasoning_trace"].append({"action": "revision", "note": "again"})
    same[1]["feedback_shown"] = told
    other = recovery("0x02")
    other[1]["feedback_shown"] = told
    long = recovery("0x03")
    long[1]["feedback_shown"] = told
    long[1]["submission"]["reasoning_trace"].append({"action": "verify", "note": "long " * 900})
    silent = recovery("0x04")
    out = small(tmp_path, same, other, long, silent)
    result = export(out, tmp_path / "hub", format="jsonl", max_tokens=1000)
    dropped = {each.config.name: dict(each.dropped) for each in result.configs}
    assert dropped["dpo_reasoning_sequential"] == {"identical_sides": 1, "too_long": 1}
    assert dropped["sft_revision"] == {"identical_sides": 1, "too_long": 1, "no_feedback": 1}
    assert dropped["kto_reasoning"] == {"both_labels": 2, "too_long": 1}
    assert dropped["pairs_sequential"] == {}
    rows = {each.config.name: each.rows() for each in result.configs}
    assert (rows["dpo_reasoning_sequential"], rows["sft_revision"]) == (2, 1)
    assert (rows["pairs_sequential"], rows["kto_reasoning"]) == (4, 5)
    card = (published(result) / "README.md").read_text()
    assert "1 identical_sides, 1 too_long" in card
    assert "Examples over 1,000 tokens are dropped." in card
    assert validate(published(result)).is_valid


def test_a_text_with_both_labels_keeps_one(tmp_path: Path) -> None:
    records = [*recovery("0x01", "0xaa"), *recovery("0x01", "0xbb")]
    records[2]["submission"] = records[1]["submission"]  # one fails with what the other passes with
    records[3]["submission"] = records[3]["submission"] | {"artifact": "Alma sails on to Nara"}
    result = export(small(tmp_path, records), tmp_path / "hub", format="jsonl")
    kto = rows_of(result, "kto_reasoning")
    assert len({row["completion"] for row in kto}) == len(kto) == 3
    [each] = [each for each in result.configs if each.config.name == "kto_reasoning"]
    assert each.dropped["both_labels"] == 1


def test_a_failure_while_row_groups_are_written_is_one_message(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra parquet)")
    monkeypatch.setattr(tables, "_GROUP_BYTES", 10_000)

    def refuse(self: Any, examples: Any) -> None:
        if self.rows:
            raise OutputError("the disk is full")
        write(self, examples)

    write = tables._ParquetFile.write
    monkeypatch.setattr(tables._ParquetFile, "write", refuse)
    with pytest.raises(OutputError, match="the disk is full"):
        export(built, tmp_path / "hub")
    gc.collect()
    assert capfd.readouterr().err == ""
    assert list(tmp_path.iterdir()) == []


def test_recommended_lengths_hold_what_they_say(hub: ExportResult) -> None:
    for each in hub.configs:
        if each.lengths is None:
            assert each.config.is_archive
            continue
        wholes = sorted(
            each.lengths.measure(row)["whole"] for row in rows_of(hub, each.config.name)
        )
        everything, most = each.lengths.max_length(1.0), each.lengths.max_length(0.99)
        assert wholes[-1] < everything <= wholes[-1] + 64
        assert sum(length < most for length in wholes) >= 0.99 * len(wholes)
        assert each.lengths.quantile("whole", 0.5) == wholes[(len(wholes) - 1) // 2]
    card = (published(hub) / "README.md").read_text()
    assert "**estimated**" in card
    default = hub.configs[0].lengths
    assert default is not None
    assert f"max_length={default.max_length(1.0)}," in card


def test_miners_are_digests_that_only_a_key_makes(built: Path, tmp_path: Path) -> None:
    exported = []
    for number, key in enumerate(["0123456789abcdef", "0123456789abcdef\n", "fedcba9876543210"]):
        (tmp_path / "key").write_text(key)
        result = export(
            built, tmp_path / f"hub{number}", format="jsonl", anonymize_miners=tmp_path / "key"
        )
        exported.append(
            [row["metadata"]["miner_id"] for row in rows_of(result, "pairs_sequential")]
        )
        content = b"".join(
            path.read_bytes() for path in published(result).rglob("*") if path.is_file()
        )
        assert not any(row["metadata"]["miner_id"].encode() in content for row in built_rows(built))
        assert validate(published(result)).is_valid
    miners = [row["metadata"]["miner_id"] for row in built_rows(built, "sequential")]
    assert exported[0] == exported[1] != exported[2]
    assert len(set(exported[0])) == len(set(miners)) > 1


@pytest.mark.parametrize("key", [b"", b"short\n", None])
def test_a_key_that_can_be_guessed_is_refused(
    built: Path, tmp_path: Path, key: bytes | None
) -> None:
    if key is not None:
        (tmp_path / "key").write_bytes(key)
    with pytest.raises(InputError, match="key"):
        export(built, tmp_path / "hub", anonymize_miners=tmp_path / "key")
    assert not (tmp_path / "hub").exists()


@pytest.mark.parametrize("table_format", ["parquet", "jsonl"])
def test_the_same_rows_give_the_same_bytes(built: Path, tmp_path: Path, table_format: Any) -> None:
    found = []
    for name in ("one", "other"):
        result = export(built, tmp_path / name, format=table_format)
        found.append(
            {
                str(path.relative_to(published(result))): path.read_bytes()
                for path in published(result).rglob("*")
                if path.is_file()
            }
        )
    assert found[0] == found[1]
    assert len(found[0]) > 30


def test_an_export_replaces_nothing_but_an_export(built: Path, tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    configs = ["sft_reasoning"]
    export(built, hub, configs=configs, format="jsonl")
    with pytest.raises(OutputError, match="previous export; replace it with overwrite=True"):
        export(built, hub, configs=configs)
    (hub / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="not part of the previous export"):
        export(built, hub, configs=configs, overwrite=True)
    (hub / "mine.txt").unlink()
    export(built, hub, configs=["kto_reasoning"], format="jsonl", overwrite=True)
    assert not (hub / "sft_reasoning").exists()
    mine = hub / "kto_reasoning/train-mine.jsonl"  # the card's pattern fits it
    mine.write_text("keep")
    with pytest.raises(OutputError, match="not part of the previous export"):
        export(built, hub, configs=configs, overwrite=True)
    mine.unlink()
    with pytest.raises(OutputError, match="not a previous export"):
        export(built, built, overwrite=True)
    assert validate(built).is_valid


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"configs": ["dpo"]}, "no such config; choose from dpo_chat_bookend, "),
        ({"format": "csv"}, "format csv: unknown; choose from parquet, jsonl"),
        ({"text": "raw"}, "text raw: unknown; choose from clean, canonical"),
        ({"license": "All rights\nreserved"}, "no identifier of the Hub"),
        ({"name": "two\nlines"}, "name: must be one line"),
        ({"name": "\udcff"}, "name: must be one line"),
        ({"license": "1e5"}, "no identifier of the Hub"),
        ({"max_tokens": 0}, "max_tokens: must be at least 1"),
        ({"tokenizer": "no/such/folder/at/all"}, "tokenizer"),
    ],
)
def test_options_that_make_no_sense_are_named(
    built: Path, tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        export(built, tmp_path / "hub", **options)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_is_named_with_its_extra(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(
        UsageError, match=r"needs pyarrow; run pip install '\.\[parquet\]' in /.*, or"
    ):
        export(built, tmp_path / "hub")
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(
        UsageError, match=r"needs transformers; run pip install '\.\[tokenizer\]' in"
    ):
        export(built, tmp_path / "hub", format="jsonl", tokenizer="any")
    assert export(built, tmp_path / "hub", format="jsonl").configs


def test_a_build_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file; name a built folder"):
        export(tmp_path / "nothing", tmp_path / "hub")
    write_log(tmp_path / "logs/a.jsonl", [attempt()])
    build(tmp_path / "logs", tmp_path / "empty")
    with pytest.raises(InputError, match="has no rows to export"):
        export(tmp_path / "empty", tmp_path / "hub")
    out = small(tmp_path, recovery())
    with pytest.raises(InputError, match="nothing is left to export: dropped are"):
        export(
            out, tmp_path / "hub", max_tokens=1, configs=["sft_reasoning"], format="jsonl",
            allow_empty=True,
        )  # fmt: skip
    [shard] = out.glob("sequential/*.jsonl")
    content = shard.read_bytes()
    for old, new, message in (
        (b'"split":"train"', b'"split":"trajn"', "jsonl:1: no row of a build; see botcoin-dpo"),
        (b'"split":"train","', b'"split":"test" ,"', "jsonl:1: a row that does not belong here"),
        (b"}\n", b"}}\n", "is not as large as the manifest says"),
        (b'"example_type"', b"\n             ", "no row of a build"),
    ):
        shard.write_bytes(content.replace(old, new, 1))
        with pytest.raises(InputError, match=message):
            export(out, tmp_path / "hub", format="jsonl")
    shard.unlink()
    with pytest.raises(InputError, match="the manifest lists it, but it is not there"):
        export(out, tmp_path / "hub", format="jsonl")
    assert not (tmp_path / "hub").exists()


def test_rows_out_of_order_or_not_counted_are_refused(tmp_path: Path) -> None:
    out = small(tmp_path, recovery("0x01"), recovery("0x02"))
    [shard] = out.glob("sequential/*.jsonl")
    content = shard.read_bytes()
    first, second = content.splitlines(keepends=True)
    shard.write_bytes(second + first)
    with pytest.raises(InputError, match=r"jsonl:2: a row that does not belong here"):
        export(out, tmp_path / "hub", format="jsonl")
    shard.write_bytes(content)
    manifest = (out / "manifest.json").read_text()
    (out / "manifest.json").write_text(manifest.replace('"rows": 2,', '"rows": 3,'))
    with pytest.raises(InputError, match="has 2 rows, the manifest says 3"):
        export(out, tmp_path / "hub", format="jsonl")


def test_hostile_names_stay_inert_in_the_card(tmp_path: Path) -> None:
    out = small(tmp_path, recovery())
    name = "x: [y] # `z`\"'<script>"
    result = export(out, tmp_path / "hub", name=name, format="jsonl")
    assert validate(published(result)).is_valid
    card = (published(result) / "README.md").read_text()
    assert "<script>" not in card.split("---\n", 2)[2]
    from botcoin_dpo.dataset.front_matter import read_front_matter

    assert read_front_matter(published(result))["pretty_name"] == name


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u3164", "\u034f", "\U000e0041"])
def test_a_name_hides_nothing(tmp_path: Path, hidden: str) -> None:
    out = small(tmp_path, recovery())
    with pytest.raises(UsageError, match="name: must be one line of text, without hidden"):
        export(out, tmp_path / "hub", name=f"a{hidden}b", format="jsonl")
    assert not (tmp_path / "hub").exists()


def test_the_card_quotes_a_manifest_as_text(tmp_path: Path) -> None:
    out = small(tmp_path, recovery())
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["tool"]["version"] = "1\n\n<script>\u202e\U000e0041"
    (out / "manifest.json").write_text(json.dumps(manifest))
    card = (published(export(out, tmp_path / "hub", format="jsonl")) / "README.md").read_text()
    assert r"\n\\n\<script\>\\u202e\\U000e0041" in card
    assert not list(hidden_characters(card))
