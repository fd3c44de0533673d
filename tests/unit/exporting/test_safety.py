"""Whatever miners write, no text that is trained on holds a token that acts on a model."""

import json
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import build, validate
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.exporting.safety import unsafe_text_in
from botcoin_dpo.exporting.texts import TEXT_STYLES, TextStyle
from botcoin_dpo.rows.prompt import completion_text
from tests.builders import attempt, compute, extract, published, recovery, write_log

TORN = (
    "</think zone:X>done ; <|im_start zone:X|>system ; <|im_start | exact|> ; "
    "[INST zone:X] obey [/INST zone:X] ; <s zone:X>"
)
_TOKENS = re.compile(r"<\|[^ |]+\|>|</?think>|</?s>|\[/?INST\]|[\x00-\x08\x0b\x0c\x0e-\x1f]", re.I)
_FEEDBACK = {"constraints_passed_shown": 2, "constraints_total_shown": 3}


def with_trace(*steps: dict[str, Any], challenge: str = "0x01", number: int = 1) -> list[Any]:
    """Return a session in which both attempts have these steps, and tell them apart."""
    records = recovery(challenge, number=number, feedback_shown=_FEEDBACK)
    for record in records:
        record["submission"]["reasoning_trace"] += steps
    return records


def exported(
    tmp_path: Path, records: list[Any], style: TextStyle = "clean", **options: Any
) -> ExportResult:
    log = write_log(tmp_path / "a.jsonl", records)
    build(log, tmp_path / "out", splits=(1, 0, 0), overwrite=True, **options)
    return export(
        tmp_path / "out",
        tmp_path / "hub",
        format="jsonl",
        text=style,
        allow_empty=True,
        overwrite=True,
    )


def texts_of(result: ExportResult) -> list[str]:
    """Return every text of every trainable config, without the tags that a row adds."""
    assert published(result) is not None
    texts: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            own = re.fullmatch(r'<think>\n(.*)\n</think>\n{1,2}Artifact: "(.*)"', value, re.DOTALL)
            texts.extend(own.groups() if own else [value])
        elif isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for each in result.configs:
        if not each.config.is_archive:
            for file in each.files:
                for line in (published(result) / file.path).read_bytes().splitlines():
                    walk(orjson.loads(line))
    return texts


@pytest.mark.parametrize("style", TEXT_STYLES)
def test_cleaning_a_torn_token_does_not_mend_it(tmp_path: Path, style: TextStyle) -> None:
    steps = [{"action": "verify", "note": TORN}, extract(note=TORN), compute(note=TORN)]
    result = exported(tmp_path, with_trace(*steps), style)
    texts = texts_of(result)
    assert sum(text.count(TORN) for text in texts) > 3 * len(result.configs)
    assert not any(map(_TOKENS.search, texts))
    assert validate(published(result)).is_valid


_pieces = st.lists(
    st.sampled_from(
        ["<|im_start", "|>", "</think", ">", "[INST", "]", "<s", " zone:X", " | exact", " | ",
         " | unverified", "zone:A", "note: ", " ", "a", "paragraph_3", "\x00", "<|a|>", "INST"]
    ),
    max_size=5,
).map("".join)  # fmt: skip
_steps = st.one_of(
    st.builds(extract, _pieces, _pieces, attribute=_pieces, note=_pieces | st.none()),
    st.builds(compute, inputs=st.lists(_pieces, max_size=2), note=_pieces | st.none()),
    st.fixed_dictionaries({"action": st.sampled_from(["verify", "extract"]), "note": _pieces}),
    st.fixed_dictionaries({"action": _pieces}, optional={"claim": _pieces}),
)


@given(st.lists(st.lists(_steps, max_size=2), min_size=1, max_size=3), st.sampled_from(TEXT_STYLES))
def test_no_text_of_a_trainable_config_holds_a_token(
    tmp_path_factory: pytest.TempPathFactory, traces: list[list[Any]], style: TextStyle
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    records = recovery("0xff", number=99)
    for number, steps in enumerate(traces):
        records += with_trace(*steps, challenge=f"0x{number}", number=number)
    result = exported(folder, records, style, allow_unsafe_text=True)
    assert not any(map(_TOKENS.search, texts_of(result)))
    found = validate(published(result))
    assert found.is_valid, found.findings
    for each in result.configs:
        if each.config.name.startswith("dpo"):
            assert each.rows() + each.dropped.total() == len(traces) + 1


def test_what_a_build_allowed_for_inspection_is_dropped_and_counted(tmp_path: Path) -> None:
    unsafe = with_trace({"action": "verify", "note": "<|im_start|>"}, challenge="0x02", number=2)
    result = exported(tmp_path, [*recovery(), *unsafe], allow_unsafe_text=True)
    dropped = {each.config.name: dict(each.dropped) for each in result.configs}
    assert dropped.pop("pairs_sequential") == {}
    assert dropped["kto_reasoning"] == {"unsafe_text": 2}
    assert dropped["dpo_chat_sequential"] == {"unsafe_text": 1}
    assert all(reasons.get("unsafe_text") for reasons in dropped.values())


@pytest.mark.parametrize(
    "context", [{"document": "[paragraph_1]\n<s>"}, {"questions": ["[INST]?"]}, {"questions": []}]
)
def test_a_prompt_that_a_build_allowed_is_dropped_as_well(
    tmp_path: Path, context: dict[str, Any]
) -> None:
    records = recovery("0x02", number=2)
    for record in records:
        record["challenge_context"] |= context
    result = exported(tmp_path, [*recovery(), *records], allow_unsafe_text=True)
    is_unsafe = bool(context.get("questions", True))
    assert all(
        bool(each.dropped["unsafe_text"]) == (is_unsafe and not each.config.is_archive)
        for each in result.configs
        if each.config.name != "sft_revision"
    )


def test_an_ambiguous_line_drops_the_examples_that_show_it(tmp_path: Path) -> None:
    passing = [attempt(1), attempt(2, passed=True)]
    passing[1]["submission"]["reasoning_trace"].append(extract(value="10 | 20"))
    result = exported(tmp_path, passing)
    kept = {each.config.name: each.rows() for each in result.configs}
    left_out = {each.config.name: dict(each.dropped) for each in result.left_out}
    assert kept == {"kto_reasoning": 1, "grpo_reasoning": 1, "pairs_sequential": 1}
    assert left_out["dpo_reasoning_sequential"] == {"ambiguous_trace": 1}
    assert left_out["sft_reasoning"] == {"ambiguous_trace": 1}
    assert not exported(tmp_path, passing, "canonical").configs[0].dropped


@pytest.mark.parametrize(
    ("values", "is_unsafe"),
    [
        ({"prompt": "a", "chosen": completion_text("b", "c")}, False),
        ({"prompt": completion_text("b", "c")}, True),
        ({"chosen": completion_text('b </think>\nArtifact: "', "c")}, True),
        ({"chosen": completion_text("b", "c") + "<s>"}, True),
        ({"response": completion_text("b", "<think>")}, True),
        ({"completion": "<think>\nb"}, True),
        ({"completion": "b"}, False),
        ({"questions": ["a", "[INST]"]}, True),
        ({"label": True, "reward": 1.0, "challenge_domain": None}, False),
        ({"prompt": [{"role": "user", "content": completion_text("b", "c")}]}, True),
        ({"prompt": [{"role": "assistant", "content": completion_text("b", "c")}]}, False),
        ({"chosen": [{"role": "assistant", "content": completion_text("<s>", "c")}]}, True),
    ],
)
def test_only_a_completion_has_tags_and_only_its_own(
    values: dict[str, Any], is_unsafe: bool
) -> None:
    assert (unsafe_text_in(values) is not None) == is_unsafe
    assert (unsafe_text_in(values | {"z": "x" * 2000}) is not None) == is_unsafe


@pytest.mark.parametrize("table_format", ["jsonl", "parquet"])
def test_validate_finds_a_token_in_an_export(tmp_path: Path, table_format: Any) -> None:
    log = write_log(tmp_path / "a.jsonl", recovery())
    build(log, tmp_path / "out", splits=(1, 0, 0))
    export(tmp_path / "out", tmp_path / "hub", format=table_format)
    for config, path in (
        ("sft_reasoning", "completion"),
        ("kto_reasoning", "prompt"),
        ("dpo_chat_sequential", "rejected"),
        ("pairs_sequential", "chosen_text"),
    ):
        [file] = (tmp_path / "hub" / config).iterdir()
        _plant(file, path, "<|im_start|>")
    found = validate(tmp_path / "hub")
    assert dict(found.counts) == {"unsafe_text": 3}
    assert {finding.message for finding in found.findings} == {
        f"'<|im_start|>' in {column}" for column in ("completion", "prompt", "rejected")
    }


def _plant(file: Path, column: str, token: str) -> None:
    """Write a token into a column of the first row of a file."""
    if file.suffix == ".jsonl":
        rows = [json.loads(line) for line in file.read_bytes().splitlines()]
        rows[0][column] = _with(rows[0][column], token)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return
    import pyarrow
    from pyarrow import parquet

    table = parquet.read_table(file)
    rows = table.to_pylist()
    rows[0][column] = _with(rows[0][column], token)
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=table.schema), file)


def _with(value: Any, token: str) -> Any:
    if isinstance(value, list):
        return [value[0] | {"content": value[0]["content"] + token}]
    return value + token


def test_texts_in_structs_are_looked_at() -> None:
    check = {"index": 0, "kind": "include", "expected": "Nara", "parameter": None}
    assert unsafe_text_in({"checks": [check]}) is None
    assert unsafe_text_in({"checks": [check, check | {"expected": "<s>"}]}) == "'<s>' in checks"
