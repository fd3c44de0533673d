"""What stands in the file: the right numbers, nothing from the data that could act."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from botcoin_dpo import build
from botcoin_dpo.cli.app import app
from botcoin_dpo.constraints.kinds import constraint_kind
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.hidden_text import hidden_characters
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.contract.sanitize import sanitize
from botcoin_dpo.errors import InputError, OutputError, UsageError
from botcoin_dpo.html_report import reporter
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.statistics.stats import stats
from botcoin_dpo.viewing.catalogue import open_catalogue
from tests.builders import ROOT, read_rows
from tests.hostile import TEXTS, hostile_rows

VOID = {"meta", "br", "input", "path", "line", "rect", "image", "use", "stop"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    simulate(folder / "logs", challenges=8, miners=4, files=3, seed=5, noise=0.1)
    build(folder / "logs", folder / "out", pairs=["sequential", "cross_session"], audit=True)
    return folder / "out"


@pytest.fixture(scope="module")
def made(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "report.html"
    report(built, out)
    return out


class Page(HTMLParser):
    """A page with a script: what stands in noscript is text, and read as a page of its own."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_page_tells_the_numbers_of_the_dataset(built: Path, made: Path) -> None:
    text = made.read_text()
    numbers = stats(built).as_json()
    page = Page(text)
    assert not page.open
    told = "".join(page.texts)
    assert f"{numbers['rows']:,}" in told
    for rule, count in numbers["audit"]["flags"].items():
        assert re.search(rf"{rule} \(\w+\)</a></th><td><span>{count:,}</span>", text)
    manifest = json.loads((built / "manifest.json").read_bytes())
    funnel = manifest["funnel"]
    assert f"<span>records read</span></th><td><span>{funnel['records']:,}</span>" in text
    for reason, count in funnel["set_aside"].items():
        cell = f"<span>quarantined: {reason}</span></th><td><span>{count:,}</span>"
        assert (cell in text) == (len(set(funnel["set_aside"].values())) > 1)
    entries = manifest["quarantine"]["entries"]
    assert f"quarantine.jsonl has {entries:,} entries" in text
    assert f"{entries} records were quarantined" in (built / "README.md").read_text()


def test_each_pair_is_shown_with_its_id(built: Path, made: Path) -> None:
    shown = re.findall(r'<span class="ids">pair <a href="#([0-9a-f]{16})"', made.read_text())
    kinds = ("sequential", "cross_session")
    ids = [pair_id_of(row) for kind in kinds for row in read_rows(built, kind)]
    assert shown
    assert set(shown) <= set(ids)


def test_failure_rates_are_those_of_the_rows(built: Path, made: Path) -> None:
    rows = [
        json.loads(line)
        for shard in sorted(built.glob("*/*.jsonl"))
        for line in shard.read_text().splitlines()
    ]
    asked: Counter[tuple[str, str]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    for row in rows:
        notes, model = row["pair_annotations"], row["rejected_metadata"]["model"]
        kinds = [constraint_kind(text) for text in row["constraints"]]
        flips = notes["constraint_flips"]
        failing = {
            kinds[index]
            for index in (*flips["flipped_to_pass"], *flips["stayed_fail"])
            if index < notes["constraint_total"]
        }
        asked.update((kind, model) for kind in {*kinds[: notes["constraint_total"]]})
        failed.update((kind, model) for kind in failing)
    assert failed
    figure = made.read_text().partition("does each model fail?")[2].partition("</table>")[0]
    models = re.findall(r'<th scope="col">(.*?)</th>', figure)[1:]
    for line in re.findall(r"<tr><th scope=\"row\">.*?</tr>", figure):
        kind, *rates = re.findall(r"<span>(.*?)</span>", line)
        for model, rate in zip(models, rates, strict=False):
            if asked[kind, model]:
                assert rate == f"{failed[kind, model] / asked[kind, model]:.0%}"
    assert {*models} >= {model for _, model in asked}


def test_a_question_is_one_text_in_the_source(built: Path, made: Path) -> None:
    row = next(iter(read_rows(built)))
    report(built, made.with_name("all.html"), pairs=2000)
    text = made.with_name("all.html").read_text()
    for question in row["questions"]:
        assert f'<span class="question">{html.escape(question, quote=False)}</span>' in text


def test_only_our_script_and_style_can_act(made: Path) -> None:
    text = made.read_text()
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    policy = policy.replace("&#39;", "'")
    [script] = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    for kind, content in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Page(text)
    for tag, attributes in page.elements:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes)
        link = attributes.get("href")
        assert link is None or link.startswith("#"), (tag, link)
    assert "http" not in script


def test_texts_of_the_data_become_no_markup(built: Path, tmp_path: Path) -> None:
    row = orjson.loads(next(iter(built.glob("sequential/*.jsonl"))).read_bytes().splitlines()[0])
    rows = hostile_rows(row)
    assert all(schemas.is_valid("pair", each) for each in rows)
    plain, hostile = tmp_path / "plain.jsonl", tmp_path / "hostile.jsonl"
    plain.write_bytes(b"".join(orjson.dumps(row) + b"\n" for _ in rows))
    hostile.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in rows))
    report(hostile, tmp_path / "hostile.html")
    report(plain, tmp_path / "plain.html")
    pages = [Page((tmp_path / f"{name}.html").read_text()) for name in ("hostile", "plain")]
    assert not pages[0].open
    known = {tag for tag, _ in pages[1].elements}
    attributes = {name for _, found in pages[1].elements for name in found}
    for tag, found in pages[0].elements:
        assert tag in known, tag
        assert found.keys() <= attributes
        assert (found.get("href") or "#").startswith("#")
    run = CliRunner().invoke(app, ["report", str(hostile), "-o", str(tmp_path / "hostile.html")])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", run.output)
    assert not list(hidden_characters(run.output))
    told = "".join(pages[0].texts)
    for text in TEXTS[:-1]:
        assert sanitize(text) in told or sanitize(" ".join(text.splitlines())) in told
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", told)
    assert not list(hidden_characters((tmp_path / "hostile.html").read_text()))
    assert (tmp_path / "hostile.html").stat().st_size < 15e6


def test_the_same_pairs_are_shown_whatever_the_layout(built: Path, tmp_path: Path) -> None:
    shards = sorted(built.glob("*/*.jsonl"))
    whole = tmp_path / "whole.jsonl"
    whole.write_bytes(b"".join(shard.read_bytes() for shard in shards))
    lines = whole.read_bytes().splitlines(keepends=True)
    turned = tmp_path / "turned.jsonl"
    turned.write_bytes(b"".join(reversed(lines)))

    def shown(path: Path, workers: int = 1) -> set[str]:
        report(path, tmp_path / "report.html", pairs=4, workers=workers)
        text = (tmp_path / "report.html").read_text()
        return set(re.findall(r"challenge (0x[0-9a-f]+) ", text))

    assert len(lines) > 10
    assert shown(whole) == shown(turned) == shown(built, workers=2)


def test_a_pair_has_the_number_that_show_knows_it_by(built: Path, made: Path) -> None:
    numbers = re.findall(r'<article class="pair" id="pair-(\d+)".*?challenge (0x\w+) ',
                         made.read_text(), re.DOTALL)  # fmt: skip
    assert len(numbers) > 6
    with open_catalogue(built) as pairs:
        for number, challenge in numbers:
            _, [listed] = pairs.find(number, 1)
            assert listed.facts.challenge_id == challenge


def test_the_same_rows_give_the_same_bytes(built: Path, made: Path, tmp_path: Path) -> None:
    report(built, tmp_path / "again.html", workers=2)
    assert (tmp_path / "again.html").read_bytes() == made.read_bytes()


def test_what_is_too_large_for_a_page_is_left_out_evenly(built: Path, tmp_path: Path) -> None:
    row = orjson.loads(next(iter(built.glob("sequential/*.jsonl"))).read_bytes().splitlines()[0])
    large = "\n\n".join(f"[paragraph_{n}]\n{'word ' * 700}" for n in range(1, 60))
    many = tmp_path / "many.jsonl"
    with many.open("wb") as file:
        for number in range(300):
            split = "train" if number < 200 else "test"
            each = row | {"challenge_id": str(number), "document": large, "split": split}
            file.write(orjson.dumps(each) + b"\n")
    result = report(many, tmp_path / "report.html", pairs=300)
    assert 0 < result.pairs < 300
    assert result.left_out == 300 - result.pairs
    assert result.bytes < 15e6
    text = (tmp_path / "report.html").read_text()
    assert "more paragraphs are not shown" in text
    assert f"({result.left_out} more are too large for one page)" in text
    shown = [int(number) for number in re.findall(r'<article class="pair" id="pair-(\d+)"', text)]
    assert shown == sorted(shown)
    assert 0.15 < sum(number > 200 for number in shown) / len(shown) < 0.55


def test_one_huge_pair_keeps_no_other_out(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter, "_MOST_BYTES", 500_000)
    row = orjson.loads(next(iter(built.glob("sequential/*.jsonl"))).read_bytes().splitlines()[0])
    huge = "\n".join(f"> note: {n} {'a b ' * 900}" for n in range(300))
    rows = [row | {"challenge_id": str(number)} for number in range(8)]
    rows[0] = rows[0] | {"chosen": row["chosen"] | {"think": huge}}
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in rows))
    result = report(path, tmp_path / "report.html")
    assert (result.pairs, result.left_out) == (7, 1)


def test_a_report_is_replaced_and_nothing_else(built: Path, made: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text(made.read_text())
    report(built, out, pairs=1)
    assert out.stat().st_size < made.stat().st_size
    mine = tmp_path / "mine.html"
    mine.write_text("<p>my own page</p>")
    with pytest.raises(OutputError, match="exists and is not a report; name another file"):
        report(built, mine)
    assert mine.read_text() == "<p>my own page</p>"
    with pytest.raises(OutputError, match="exists and is not a report"):
        report(built, tmp_path)
    with pytest.raises(OutputError, match="lies in a build"):
        report(built, built / "report.html")
    with pytest.raises(UsageError, match="a report is a file; name one"):
        report(built, "-")
    link = tmp_path / "link.html"
    link.symlink_to("report.html")
    report(built, link, pairs=2)
    assert link.is_symlink()
    link.unlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.html", "report.html"]


def test_what_cannot_be_reported_says_so(built: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        report(tmp_path / "nothing", tmp_path / "report.html")
    with pytest.raises(InputError, match="not a built folder"):
        report(tmp_path, tmp_path / "report.html")
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    with pytest.raises(InputError, match="has no rows"):
        report(empty, tmp_path / "report.html")
    with pytest.raises(UsageError, match="pairs"):
        report(built, tmp_path / "report.html", pairs=-1)
    assert not (tmp_path / "report.html").exists()


def test_the_command_tells_what_it_wrote(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    run = CliRunner().invoke(app, ["report", str(built), "-o", str(out), "--pairs", "3"])
    assert run.exit_code == 0, run.output
    rows = stats(built).as_json()["rows"]
    first, *warnings = run.stdout.splitlines()
    assert first.startswith(f"{out}: {rows} rows, 3 pairs to look at, ")
    assert warnings
    assert all(warning.startswith("! ") for warning in warnings)
    run = CliRunner().invoke(app, ["report", str(built), "-o", str(out), "--json"])
    told = json.loads(run.stdout)
    assert told.keys() == {
        "out", "bytes", "rows", "pairs", "left_out", "contradicted", "suspicious", "max_length",
        "warnings", "timing",
    }  # fmt: skip
    numbers = stats(built).as_json()["audit"]["flags"]
    assert (told["suspicious"] > 0) == any(RULES[rule].level == "suspicious" for rule in numbers)
    assert told["bytes"] == out.stat().st_size


def test_the_command_shows_a_path_and_does_not_obey_it(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "re\u202eport\x1b.html"
    run = CliRunner().invoke(app, ["report", str(built), "-o", str(out), "--pairs", "0"])
    assert run.stdout.startswith(f"{tmp_path}/re\\u202eport\\x1b.html: ")
    assert out.exists()


def test_without_the_extra_one_line_says_so(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "jinja2", None)
    run = CliRunner().invoke(app, ["report", str(built), "-o", str(tmp_path / "report.html")])
    assert run.exit_code == 2
    assert run.stderr == (f"error: report needs jinja2; run pip install '.[report]' in {ROOT}\n")


def test_warnings_come_with_their_numbers(built: Path, tmp_path: Path) -> None:
    row = orjson.loads(next(iter(built.glob("sequential/*.jsonl"))).read_bytes().splitlines()[0])
    fast = tmp_path / "fast.jsonl"
    with fast.open("wb") as file:
        for number in range(10):
            elapsed = 3000 if number < 4 else 60_000
            notes = row["pair_annotations"] | {"revision_time_ms": elapsed}
            each = row | {"challenge_id": str(number), "pair_annotations": notes}
            file.write(orjson.dumps(each) + b"\n")
    result = report(fast, tmp_path / "report.html")
    assert "40% of revisions took under 10 s." in result.warnings
    assert "There are 10 pairs." in result.warnings
    assert any(warning.startswith("No pair is in ") for warning in result.warnings)
    assert "default of 1,024 would cut or drop 100%" in (tmp_path / "report.html").read_text()
