"""A missing library is advised from where the program was installed, never by its own name."""

import json
import re
import subprocess
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from botcoin_dpo import extras
from botcoin_dpo.extras import advice, how_to_install
from tests.builders import ROOT


def installed(folder: Path, origin: dict[str, object] | None) -> Distribution:
    """Return a distribution as pip installs it: from a folder, a wheel, or an index (no origin)."""
    home = folder / "site-packages/botcoin_dpo-0.1.0.dist-info"
    home.mkdir(parents=True)
    (home / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: botcoin-dpo\nVersion: 0.1.0\n"
        "Requires-Dist: orjson>=3.10\n"
        "Requires-Dist: jinja2>=3.1; extra == 'report'\n"
        'Requires-Dist: vl-convert-python>=1.7; extra == "report"\n'
        "Requires-Dist: pyarrow>=17; extra == 'parquet'\n"
    )
    if origin is not None:
        (home / "direct_url.json").write_text(json.dumps(origin))
    return Distribution.at(home)


def checkout(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[project]\nname = "botcoin-dpo"\n')
    return folder


LIBRARIES = "run pip install 'jinja2>=3.1' 'vl-convert-python>=1.7'"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        {"url": "file:///tmp/botcoin_dpo-0.1.0-py3-none-any.whl", "archive_info": {}},
        {"url": "https://example.invalid/repo", "vcs_info": {"vcs": "git", "commit_id": "0"}},
        {"url": "file:///no/such/folder", "dir_info": {}},
    ],
)
def test_what_came_without_a_checkout_is_told_the_libraries(
    tmp_path: Path, origin: dict[str, object] | None
) -> None:
    distribution = installed(tmp_path, origin)
    package = tmp_path / "site-packages/botcoin_dpo"
    assert advice("report", package, distribution) == LIBRARIES
    assert advice("parquet", package, distribution) == "run pip install 'pyarrow>=17'"


@pytest.mark.parametrize("origin", [{}, {"editable": True}])
def test_what_was_installed_from_a_folder_is_told_that_folder(
    tmp_path: Path, origin: dict[str, object]
) -> None:
    source = checkout(tmp_path / "a checkout")
    distribution = installed(tmp_path, {"url": source.as_uri(), "dir_info": origin})
    package = tmp_path / "site-packages/botcoin_dpo"
    assert advice("report", package, distribution) == f"run pip install '.[report]' in {source}"
    (source / "pyproject.toml").write_text('[project]\nname = "another"\n')
    assert advice("report", package, distribution) == LIBRARIES


def test_what_runs_from_a_checkout_is_told_that_one(tmp_path: Path) -> None:
    source = checkout(tmp_path / "checkout")
    expected = f"run pip install '.[parquet]' in {source}"
    assert advice("parquet", source / "botcoin_dpo", None) == expected
    assert advice("parquet", source / "botcoin_dpo", installed(tmp_path, None)) == expected


def test_without_checkout_and_metadata_the_place_to_look_is_named(tmp_path: Path) -> None:
    said = advice("report", tmp_path / "site-packages/botcoin_dpo", None)
    assert said == "install what its pyproject.toml lists for report"


def test_here_the_checkout_is_advised() -> None:
    assert extras.__file__.startswith(str(ROOT))
    assert how_to_install("tokenizer") == f"run pip install '.[tokenizer]' in {ROOT}"


def test_nothing_advises_to_install_the_program_by_its_name() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--", "*.py", "*.md", "*.toml", ".ci", "*.html"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("this is no git checkout, and git lists the files to check")
    by_name = re.compile(r"install\b[^\n]*\s['\"]?botcoin[-_]dpo(?![\w/])")
    assert by_name.search("pip install 'botcoin-dpo[report]'")
    for name in listed.stdout.split():
        if name != "tests/unit/test_extras.py" and (ROOT / name).is_file():
            assert by_name.search((ROOT / name).read_text(encoding="utf-8")) is None, name
