"""Chat templates that lose, repeat or misplace a trace, and how messages carry one."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from botcoin_dpo import UsageError, build, validate
from botcoin_dpo.cli.app import app
from botcoin_dpo.exporting.chat_templates import ChatTemplate
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.exporting.reward import artifact_of
from botcoin_dpo.exporting.safety import unsafe_text_in
from botcoin_dpo.exporting.template_check import TemplateCheck
from botcoin_dpo.exporting.thinking import THINKING_STYLES
from tests.builders import published, recovery, write_log

Messages = list[dict[str, Any]]

CHATS = ("dpo_chat_sequential", "sft_revision")


class ToyTokenizer:
    """Has a token for each character, and a function for a chat template."""

    eos_token = "\x02"
    chat_template = "message.thinking"

    def __init__(self, template: Callable[[Messages], str]) -> None:
        self._template = template

    def __call__(self, text: str, **options: Any) -> dict[str, list[int]]:
        return {"input_ids": [ord(character) for character in text]}

    def apply_chat_template(
        self, messages: Messages, *, add_generation_prompt: bool, return_dict: bool
    ) -> dict[str, list[int]]:
        assert return_dict
        text = self._template([*messages, {"role": "open"}] if add_generation_prompt else messages)
        return self(text)

    def decode(self, tokens: list[int], **options: Any) -> str:
        return "".join(map(chr, tokens))


def _inline(message: dict[str, Any], *, is_last: bool) -> str:
    if message["role"] == "open":
        return "[assistant]"
    return f"[{message['role']}]{message['content'].strip()}[end]"


def _with(write: Callable[..., str]) -> Callable[[Messages], str]:
    def template(messages: Messages) -> str:
        last = messages[-1]
        return "".join(write(message, is_last=message is last) for message in messages)

    return template


def _drops(message: dict[str, Any], *, is_last: bool) -> str:
    if message["role"] == "assistant":
        message = {**message, "content": message["content"].rpartition("</think>")[2]}
    return _inline(message, is_last=is_last)


def _drops_earlier(message: dict[str, Any], *, is_last: bool) -> str:
    return (_inline if is_last else _drops)(message, is_last=is_last)


def _has_field(message: dict[str, Any], *, is_last: bool) -> str:
    trace = message.get("thinking")
    before = f"[assistant][trace]{trace}[end]" if trace else ""
    return before + _inline(message, is_last=is_last)


def _has_field_at_the_end(message: dict[str, Any], *, is_last: bool) -> str:
    return (_has_field if is_last else _inline)(message, is_last=is_last)


def _repeats(message: dict[str, Any], *, is_last: bool) -> str:
    tags = "<think></think>" if message["role"] == "assistant" else ""
    return tags + _inline(message, is_last=is_last)


def _opens_otherwise(message: dict[str, Any], *, is_last: bool) -> str:
    if message["role"] == "open":
        return "[assistant]<think></think>"
    return _inline(message, is_last=is_last)


def _swallows_prompts(message: dict[str, Any], *, is_last: bool) -> str:
    if message["role"] == "user":
        return "[user][end]"
    return _inline(message, is_last=is_last)


def _joins_lines(message: dict[str, Any], *, is_last: bool) -> str:
    if message["role"] == "assistant":
        message = {**message, "content": message["content"].replace("\n", " ")}
    return _inline(message, is_last=is_last)


def _refuses_many(messages: Messages) -> str:
    if len(messages) > 2:
        raise ValueError("roles must alternate\nand more")
    return _with(_inline)(messages)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    first, second = recovery()
    for step, record in enumerate((first, second)):
        note = f"line {step} of a trace\nthat goes on"
        record["submission"]["reasoning_trace"].append({"action": "other", "note": note})
    second["feedback_shown"] = {"constraints_passed_shown": 2, "constraints_total_shown": 3}
    write_log(folder / "a.jsonl", [first, second])
    build(folder / "a.jsonl", folder / "out", splits=(1, 0, 0))
    return folder / "out"


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Messages], str]], None]:
    def install(template: Callable[[Messages], str]) -> None:
        loader = SimpleNamespace(from_pretrained=lambda name: ToyTokenizer(template))
        monkeypatch.setitem(sys.modules, "transformers", SimpleNamespace(AutoTokenizer=loader))

    return install


def problems(result: ExportResult) -> dict[str, list[str]]:
    """Return what is wrong, by config."""
    return {
        each.config.name: list(each.template.problems)
        for each in result.configs
        if each.template is not None
    }


@pytest.mark.parametrize(
    ("write", "chat", "revision", "advice"),
    [
        (_inline, [], [], None),
        (_drops, ["trace_lost"], ["trace_lost", "earlier_trace_lost"], "no --thinking cures it"),
        (_joins_lines, ["trace_lost"], ["trace_lost", "earlier_trace_lost"], "no --thinking cures"),
        (_drops_earlier, [], ["earlier_trace_lost"], "no --thinking keeps it: take a tokenizer"),
        (_has_field, ["trace_misplaced"], ["trace_misplaced"], "export with --thinking thinking"),
        (
            _has_field_at_the_end,
            ["trace_misplaced"],
            ["trace_misplaced"],
            "export with --thinking thinking; even then it drops the trace of the attempt before",
        ),
        (_repeats, ["not_a_prefix", "trace_repeated"], ["not_a_prefix", "trace_repeated"], "take"),
        (_opens_otherwise, ["not_a_prefix"], ["not_a_prefix"], "no --thinking cures it"),
        (_swallows_prompts, ["prompt_lost"], ["prompt_lost"], "no --thinking cures it"),
    ],
)
def test_what_a_template_does_wrong_is_said_with_its_remedy(
    write: Any,
    chat: list[str],
    revision: list[str],
    advice: str | None,
    built: Path,
    use: Any,
    tmp_path: Path,
) -> None:
    use(_with(write))
    result = export(built, tmp_path / "hub", configs=CHATS, format="jsonl", tokenizer="toy/one")
    assert problems(result) == dict(zip(CHATS, (chat, revision), strict=True))
    card = (published(result) / "README.md").read_text()
    assert [warning.split(":")[0] for warning in result.warnings] == [
        name for name, found in problems(result).items() if found
    ]
    assert all("the chat template of toy/one " in warning for warning in result.warnings)
    assert advice is None or advice in result.warnings[-1]
    assert card.count("**wrong**") == len(result.warnings)
    assert card.count("right in the 1 examples that were rendered") == 2 - len(result.warnings)
    if "--thinking thinking" in (advice or ""):
        again = export(
            built,
            tmp_path / "again",
            configs=CHATS,
            format="jsonl",
            tokenizer="toy/one",
            thinking="thinking",
        )
        assert problems(again)["dpo_chat_sequential"] == []


def test_a_strict_export_publishes_nothing(built: Path, use: Any, tmp_path: Path) -> None:
    use(_with(_drops))
    words = ["export", str(built), "-o", str(tmp_path / "hub"), "--format", "jsonl"]
    words += ["--tokenizer", "toy/one", "--strict-template", "--allow-empty", "--json"]
    run = CliRunner().invoke(app, words)
    told = json.loads(run.stdout)
    assert (run.exit_code, told["published"], told["warnings"]) == (1, False, [])
    assert {refusal["gate"] for refusal in told["refusals"]} == {"chat_template"}
    assert run.stderr.splitlines()[0] == (
        "error: --strict-template: dpo_chat_sequential: the chat template of toy/one drops or "
        "changes the trace of the completion (1 of 1 examples); nothing is published: no "
        "--thinking cures it: take a tokenizer with another chat template, or name configs of "
        "strings with --config"
    )
    assert not (tmp_path / "hub").exists()
    use(_with(_inline))
    assert CliRunner().invoke(app, words).exit_code == 0
    assert (tmp_path / "hub").exists()


def test_options_that_make_no_sense_are_refused(built: Path, tmp_path: Path) -> None:
    wrong: Any = "aloud"
    with pytest.raises(UsageError, match="--thinking aloud: "):
        export(built, tmp_path / "hub", format="jsonl", thinking=wrong)
    with pytest.raises(UsageError, match="--strict-template: needs --tokenizer"):
        export(built, tmp_path / "hub", format="jsonl", strict_template=True)


def test_a_template_that_fails_on_one_config_spares_the_others(
    built: Path, use: Any, tmp_path: Path
) -> None:
    use(_refuses_many)
    result = export(built, tmp_path / "hub", format="jsonl", tokenizer="toy/one")
    [warning] = result.warnings
    assert warning.startswith("sft_revision: the chat template of toy/one fails ")
    assert "(it says: roles must alternate)" in warning
    lengths = {each.config.name: each.lengths for each in result.configs}
    assert lengths["sft_revision"] is None
    assert lengths["dpo_chat_sequential"] is not None
    assert validate(published(result)).is_valid
    with pytest.raises(UsageError, match="its chat template fails: roles must alternate; take"):
        export(built, tmp_path / "x", format="jsonl", tokenizer="toy/one", max_tokens=9000)


def test_a_template_that_fails_on_an_example_that_is_not_looked_at_is_warned_of(
    use: Any, tmp_path: Path
) -> None:
    records = [record for number in range(7) for record in recovery(f"0x{number}", number=number)]
    for number, record in enumerate(records):
        note = {"action": "other", "note": f"the trace number {number}"}
        record["submission"]["reasoning_trace"].append(note)
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out", splits=(1, 0, 0))
    plain = export(tmp_path / "out", tmp_path / "plain", format="jsonl", configs=CHATS[:1])
    fifth = _rows(published(plain), CHATS[0])[4]["chosen"]

    def template(messages: Messages) -> str:
        if fifth[0] in messages:
            raise ValueError
        return _with(_inline)(messages)

    use(template)
    result = export(
        tmp_path / "out", tmp_path / "hub", format="jsonl", configs=CHATS[:1], tokenizer="toy/one"
    )
    [warning] = result.warnings
    assert " fails (1 of 4 examples) (it says: ValueError); " in warning
    assert result.configs[0].rows() == 7


def test_examples_are_looked_at_less_and_less_often() -> None:
    looked = 0

    class Counting(TemplateCheck):
        def _render(self, *_: Any) -> Any:
            nonlocal looked
            looked += 1
            return super()._render(*_)

    check = Counting(ChatTemplate(ToyTokenizer(_with(_inline)), "toy"), "inline")
    for number in range(100):
        check.look_at({"prompt": [{"role": "user", "content": f"prompt {number}"}]})
    assert check.rendered == 4 + len([8, 16, 32, 64])
    assert looked == check.rendered * len(THINKING_STYLES)
    check.begin_split()
    check.look_at({"prompt": [{"role": "user", "content": "another"}]})
    assert check.rendered == 9


@pytest.mark.parametrize("table_format", ["jsonl", "parquet"])
@pytest.mark.parametrize("style", THINKING_STYLES)
def test_messages_carry_traces_as_asked_for_and_strings_stay(
    style: Any, table_format: Any, built: Path, tmp_path: Path
) -> None:
    result = export(built, tmp_path / "hub", format=table_format, thinking=style)
    hub = published(result)
    assert validate(hub).is_valid
    [revision] = _rows(hub, "sft_revision")
    [chat] = _rows(hub, "dpo_chat_sequential")
    [text] = _rows(hub, "dpo_reasoning_sequential")
    think, _, answer = text["chosen"].partition("\n</think>\n")
    trace = think.removeprefix("<think>\n")
    artifact = answer.removeprefix('Artifact: "')[:-1]
    [message] = chat["chosen"]
    if style == "inline":
        assert message == {"role": "assistant", "content": f"{think}\n</think>\n\n{answer}"}
    else:
        assert message == {"role": "assistant", "content": answer, style: trace}
        assert [each[style] is None for each in revision["prompt"]] == [True, False, True]
    assert artifact_of(chat["chosen"]) == artifact_of(text["chosen"]) == artifact
    assert artifact_of(revision["completion"]) == artifact


def _rows(hub: Path, config: str) -> list[dict[str, Any]]:
    [file] = (hub / config).iterdir()
    if file.suffix == ".jsonl":
        return [orjson.loads(line) for line in file.read_bytes().splitlines()]
    from pyarrow.parquet import read_table

    rows: list[dict[str, Any]] = read_table(file).to_pylist()
    return rows


def test_a_trace_in_a_field_holds_no_token() -> None:
    message = {"role": "assistant", "content": 'Artifact: "a"', "thinking": "b"}
    assert unsafe_text_in({"chosen": [message]}) is None
    assert unsafe_text_in({"chosen": [{**message, "thinking": "</think>"}]}) is not None
    inline = {"role": "assistant", "content": '<think>\nb\n</think>\n\nArtifact: "a"'}
    assert unsafe_text_in({"chosen": [inline]}) is None
    assert unsafe_text_in({"chosen": [{**inline, "content": "\n" + inline["content"]}]}) is not None
