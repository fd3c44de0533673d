"""Datasets in a bucket are checked, counted, shown and exported as local ones are.

Needs the extra `stores`; see `test_object_storage.py`.
"""

import json
from pathlib import Path

import pytest

from botcoin_dpo import InputError, OutputError, build, stats, validate
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.files.current import read_current
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.html_report.served_dataset import open_dataset
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing.show import show
from tests.builders import all_bytes
from tests.object_server import run_program
from tests.stored import current_files, place_of, upload

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "logs"
    simulate(folder, challenges=12, miners=3, seed=5)
    return folder


@pytest.fixture
def both(logs: Path, bucket: str, tmp_path: Path) -> tuple[Path, str]:
    """The same build in a folder, and published in a bucket."""
    (tmp_path / "logs").symlink_to(logs)
    build(logs, tmp_path / "out", attempts=True, audit=True)
    build(logs, f"{bucket}/data/out", attempts=True, audit=True)
    return tmp_path / "out", f"{bucket}/data/out"


def published_folder(url: str) -> RemotePath:
    current = read_current(place_of(url))
    assert current is not None
    return current.folder


def test_numbers_and_findings_are_those_of_a_local_build(both: tuple[Path, str]) -> None:
    here, there = both
    assert stats(there).as_json() == stats(here).as_json()
    assert audit(there).as_json() == audit(here).as_json()
    assert validate(there).as_json() == validate(here).as_json()
    assert validate(str(published_folder(there))).is_valid
    for command in ("stats", "audit", "validate"):
        said = [
            json.loads(run_program(command, str(place), "--json", "--workers", "2").stdout)
            for place in both
        ]
        for each in said:
            each.pop("timing", None)
        assert said[0] == said[1]


def test_what_is_wrong_with_a_build_is_found(both: tuple[Path, str]) -> None:
    here, there = both
    folder = published_folder(there)
    (shard,) = (here / "sequential").glob("train*")
    for name, content in (
        (f"sequential/{shard.name}", shard.read_bytes()[:-20] + b"\n"),
        ("notes.txt", b"mine"),
    ):
        (here / name).write_bytes(content)
        store_of(folder.root).put(folder / name, content)
    store_of(folder.root).delete([folder / "quarantine.jsonl"])
    (here / "quarantine.jsonl").unlink()
    found = validate(there)
    assert {"missing_file", "unlisted_file", "file_content"} <= found.counts.keys()
    assert found.as_json() == validate(here).as_json()


def test_a_file_of_rows_is_known_by_its_content(both: tuple[Path, str], bucket: str) -> None:
    here, _ = both
    (shard,) = (here / "sequential").glob("train*")
    upload(shard, f"{bucket}/rows.jsonl")
    url = f"{bucket}/rows.jsonl"
    assert stats(url).as_json() == stats(shard).as_json()
    assert validate(url).as_json() == validate(shard).as_json()
    store_of(bucket).put(RemotePath(bucket, "bad.jsonl"), b"{}\n" + shard.read_bytes())
    (finding, *_) = validate(f"{bucket}/bad.jsonl").findings
    assert finding.file == f"{bucket}/bad.jsonl"


def test_exports_from_and_to_a_bucket_have_the_bytes_of_local_ones(
    both: tuple[Path, str], bucket: str, tmp_path: Path
) -> None:
    here, there = both
    export(here, tmp_path / "hub", format="jsonl")
    export(there, tmp_path / "from", format="jsonl")
    assert all_bytes(tmp_path / "from") == all_bytes(tmp_path / "hub")
    to = f"{bucket}/hub"
    result = export(there, to, format="jsonl")
    assert str(result.out) == to
    assert current_files(to) == all_bytes(tmp_path / "hub")
    assert validate(to).as_json() == validate(tmp_path / "hub").as_json()
    with pytest.raises(OutputError, match="holds a previous export; replace it with overwrite"):
        export(there, to, format="jsonl")
    with pytest.raises(OutputError, match="exists and is not a previous build"):
        build(here.parent / "logs", to, overwrite=True)
    with pytest.raises(OutputError, match="exists and is not a previous export"):
        export(there, there, overwrite=True)


def test_pairs_and_pages_are_those_of_a_local_build(both: tuple[Path, str], tmp_path: Path) -> None:
    here, there = both
    assert show(there, 1).as_json() == show(here, 1).as_json()
    assert show(there).as_json() == show(here).as_json()
    report(here, tmp_path / "here.html")
    report(there, tmp_path / "there.html")
    assert (tmp_path / "there.html").read_bytes() == (tmp_path / "here.html").read_bytes()
    with open_dataset(there) as dataset:
        assert len(dataset.catalogue) == stats(here).as_json()["rows"]
    done = run_program("show", there, "1", "--json")
    assert json.loads(done.stdout)["number"] == 1
    page = tmp_path / "page.html"
    done = run_program("report", there, "-o", str(page), "--workers", "2")
    assert page.read_bytes() == (tmp_path / "here.html").read_bytes()
    done = run_program("show", there, "999")
    assert done.stderr.startswith(f"error: {there}: has no pair 999")


def test_what_is_no_dataset_is_not_copied(logs: Path, bucket: str) -> None:
    upload(logs, f"{bucket}/logs")
    for url, said in (
        (f"{bucket}/logs", "neither a built nor an exported folder"),
        (f"{bucket}/nothing", "neither a built nor an exported folder"),
    ):
        for use in (validate, show, report):
            with pytest.raises(InputError, match=said):
                use(url)
        with pytest.raises(InputError, match=r"manifest\.json: no such file"):
            export(url)


def test_messages_name_the_url_and_not_the_copy(both: tuple[Path, str]) -> None:
    _, there = both
    folder = published_folder(there)
    store_of(folder.root).put(folder / "manifest.json", b'"botcoin-dpo/manifest/v1" {')
    for use in (validate, stats, show):
        with pytest.raises(InputError) as refused:
            use(there)
        assert str(refused.value).startswith(there)
        assert "/botcoin-dpo-" not in str(refused.value)


def test_a_bucket_that_is_not_there_is_said_by_all(bucket: str, logs: Path) -> None:
    url = "s3://no-such-bucket-here/out"
    for use in (validate, show, report, export, stats, audit):
        with pytest.raises(InputError, match="no such bucket; check its name"):
            use(url)
    with pytest.raises(InputError, match="no such bucket"):
        build(logs, url)


def test_a_pattern_of_rows_is_refused_as_such(both: tuple[Path, str]) -> None:
    folder = published_folder(both[1])
    upload(both[0] / "sequential", f"{folder.root}/rows")
    with pytest.raises(InputError, match="a pattern names logs; of rows, name the built folder"):
        stats(f"{folder.root}/rows/trai*.jsonl")
