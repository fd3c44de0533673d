"""What is in a dataset's folder beside what belongs there is found: links out of it, pipes."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from botcoin_dpo import build, stats, validate
from botcoin_dpo.exporting.exporter import export
from tests.builders import SPECIAL_FILES, at_once, make_device, make_folder, recovery, write_log


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build and an export."""
    folder = tmp_path_factory.mktemp("made")
    build(write_log(folder / "a.jsonl", recovery()), folder / "out")
    export(folder / "out", folder / "hub", format="jsonl")
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture(params=["out", "hub"])
def dataset(here: Path, request: pytest.FixtureRequest) -> Path:
    return here / str(request.param)


def _some_file(dataset: Path) -> Path:
    return next(path for path in sorted(dataset.glob("*/*.jsonl")))


def test_a_file_that_is_a_link_out_of_the_dataset_is_found_and_read(
    dataset: Path, tmp_path: Path
) -> None:
    path = _some_file(dataset)
    outside = path.rename(tmp_path / "elsewhere.jsonl")
    path.symlink_to(outside)
    result = validate(dataset)
    assert result.counts == {"outside_link": 1}
    (finding,) = result.findings
    assert finding.file == path.relative_to(dataset).as_posix()
    assert finding.message == f"leads to {outside}"
    assert result.rows


def test_a_folder_that_is_a_link_out_of_the_dataset_is_found_and_read(
    dataset: Path, tmp_path: Path
) -> None:
    folder = _some_file(dataset).parent
    folder.symlink_to(folder.rename(tmp_path / "elsewhere"))
    result = validate(dataset)
    assert result.counts == {"outside_link": 1}
    assert result.findings[0].file == folder.name


def test_a_link_out_of_a_build_is_followed_by_others(here: Path, tmp_path: Path) -> None:
    path = _some_file(here / "out")
    path.symlink_to(path.rename(tmp_path / "elsewhere.jsonl"))
    assert stats(here / "out").as_json()["rows"] == 1


def test_links_that_stay_in_the_dataset_are_no_such_finding(dataset: Path) -> None:
    path = _some_file(dataset)
    path.symlink_to(path.rename(path.with_name("kept")).name)
    assert validate(dataset).counts == {"unlisted_file": 1}


def test_a_dataset_that_is_named_by_a_link_is_whole(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(dataset)
    assert validate(tmp_path / "link").is_valid


@pytest.mark.parametrize("inside", ["", "sub"])
def test_the_links_of_a_hub_cache_are_how_it_looks(
    dataset: Path, tmp_path: Path, inside: str
) -> None:
    home = tmp_path / "datasets--me--pairs"
    snapshot = home / "snapshots" / ("a" * 40) / inside
    (home / "blobs").mkdir(parents=True)
    for number, path in enumerate(sorted(p for p in dataset.rglob("*") if p.is_file())):
        link = snapshot / path.relative_to(dataset)
        link.parent.mkdir(parents=True, exist_ok=True)
        blob = path.rename(home / "blobs" / f"{number:040x}")
        link.symlink_to(os.path.relpath(blob, link.parent))
    assert validate(snapshot).is_valid
    link = _some_file(snapshot)
    blob = link.resolve()
    blob.symlink_to(blob.rename(tmp_path / "elsewhere"))  # a blob is a file, not a link on
    assert validate(snapshot).counts == {"outside_link": 1}


@pytest.mark.parametrize("make", SPECIAL_FILES)
@pytest.mark.parametrize(
    "name", ["README.md", "quarantine.jsonl", "index/part-00000.bin", "sequential"]
)
def test_what_is_no_file_in_a_build_is_a_finding(
    here: Path, name: str, make: Callable[[Path], None]
) -> None:
    path = here / "out" / name
    path = next(path.iterdir()) if name == "sequential" else path
    path.unlink()
    make(path)
    with at_once():
        counts = validate(here / "out").counts
    assert counts.pop("funnel", 0) == (name == "sequential")
    assert counts.pop("outside_link", 0) == (make is make_device)
    assert counts == {"missing_file": 1}


@pytest.mark.parametrize("make", SPECIAL_FILES)
def test_what_is_no_file_in_an_export_is_a_finding(
    here: Path, make: Callable[[Path], None]
) -> None:
    path = next((here / "hub").glob("sft_reasoning/*"))
    path.unlink()
    make(path)
    with at_once():
        counts = validate(here / "hub").counts
    assert counts["missing_file"] == 1
    assert counts["unlisted_file"] == (make is not make_folder)
