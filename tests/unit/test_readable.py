"""Results and errors in a Python session: by their facts, and by the names of arguments."""

import pickle
from pathlib import Path

import pytest

import botcoin_dpo
from botcoin_dpo.errors import UsageError, advice_of, in_python, place_of
from botcoin_dpo.readable import Readable
from tests.builders import recovery, write_log


@pytest.mark.parametrize(
    ("message", "in_words_of_python"),
    [
        ("--max-tokens: must be at least 1", "max_tokens: must be at least 1"),
        ("--config x: no; leave it out with --allow-empty", "configs x: no; leave it out with "
         "allow_empty=True"),
        ("BUILD: the path is empty; name one", "build: the path is empty; name one"),
        ("LOGS: none given; name log files", "logs: none given; name log files"),
        ("a list; leave PAIR out", "a list; leave pair out"),
        ("BUILD: no such folder; name it", "BUILD: no such folder; name it"),
        ("/tmp/--out: no such folder", "/tmp/--out: no such folder"),
        ("a--out.jsonl: no such file", "a--out.jsonl: no such file"),
    ],
)  # fmt: skip
def test_messages_speak_of_arguments_in_python(message: str, in_words_of_python: str) -> None:
    assert in_python(message) == in_words_of_python
    error = pickle.loads(pickle.dumps(UsageError(message)))
    assert (str(error), error.message) == (in_words_of_python, message)


def test_a_message_has_a_place_and_advice() -> None:
    assert place_of("a.jsonl:3: not a row; look; see validate") == "a.jsonl:3"
    assert advice_of("a.jsonl:3: not a row; look; see validate") == "see validate"
    assert place_of("report needs jinja2") is None
    assert advice_of("report needs jinja2") is None


def test_results_are_short_in_a_session_and_tables_in_a_notebook(tmp_path: Path) -> None:
    logs, out = write_log(tmp_path / "a.jsonl", recovery()), tmp_path / "out"
    built = botcoin_dpo.build(logs, out, pairs="sequential")
    assert repr(built) == f"BuildResult(out={out}, rows=1, attempts=2, quarantined=0)"
    assert "<th style='text-align: left'>rows</th><td" in built._repr_html_()
    for result in (
        botcoin_dpo.stats(out),
        botcoin_dpo.stats(logs),
        botcoin_dpo.audit(logs),
        botcoin_dpo.validate(out),
        botcoin_dpo.show(out),
        botcoin_dpo.show(out, 1),
        botcoin_dpo.simulate(tmp_path / "logs", challenges=1, files=1),
    ):
        assert isinstance(result, Readable)
        assert repr(result).startswith(f"{type(result).__name__}(")
        assert len(repr(result)) < 400
        assert "<table>" in result._repr_html_()


class Hostile(Readable):
    def key_facts(self) -> dict[str, object]:
        return {"name": "<script>\u202e\x1b[2J", "long": "x" * 999, "none": []}


def test_hostile_values_are_harmless() -> None:
    html = Hostile()._repr_html_()
    assert "&lt;script&gt;\\u202e\\x1b[2J" in html
    assert "none" not in html
    assert len(repr(Hostile())) < 300


def test_the_api_takes_one_strategy_and_shows_itself(tmp_path: Path) -> None:
    assert {"audit", "build", "export", "iter_rows", "report", "to_datasets"} <= set(
        dir(botcoin_dpo)
    )
    with pytest.raises(botcoin_dpo.UsageError, match=r"^pairs x: no such strategy"):
        botcoin_dpo.build(tmp_path, tmp_path / "out", pairs="x")
