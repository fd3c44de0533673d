"""What a card states of its license, and of the people in it."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from botcoin_dpo import UsageError, build, validate
from botcoin_dpo.cli.app import app
from botcoin_dpo.dataset.front_matter import read_front_matter
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.licenses import HUB_LICENSES, check_license
from tests.builders import recovery, write_log

WALLETS = "which are wallet addresses"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    write_log(folder / "a.jsonl", recovery())
    build(folder / "a.jsonl", folder / "out")
    return folder / "out"


def exported(built: Path, hub: Path, **options: Any) -> str:
    """Return the card of an export."""
    result = export(built, hub, format="jsonl", **options)
    assert result.warnings == []
    assert validate(hub).is_valid
    return (hub / "README.md").read_text(encoding="utf-8")


def test_no_license_is_chosen_for_the_user(built: Path, tmp_path: Path) -> None:
    exported(built, tmp_path / "hub")
    assert read_front_matter(tmp_path / "hub")["license"] == "other"
    run = CliRunner().invoke(
        app, ["export", str(built), "-o", str(tmp_path / "cli"), "--format", "jsonl"]
    )
    assert (run.exit_code, run.stderr) == (0, "")
    assert read_front_matter(tmp_path / "cli")["license"] == "other"
    exported(built, tmp_path / "cc", license="cc-by-4.0")
    assert read_front_matter(tmp_path / "cc")["license"] == "cc-by-4.0"


def test_a_license_that_the_hub_does_not_know_is_taken_with_a_warning(
    built: Path, tmp_path: Path
) -> None:
    words = ["export", str(built), "-o", str(tmp_path / "hub"), "--format", "jsonl"]
    run = CliRunner().invoke(app, [*words, "--license", "apache2"])
    assert run.exit_code == 0
    assert run.stderr == (
        "warning: --license apache2: the Hub has no license of this identifier and may not show "
        "it; take one that it has, or other\n"
    )
    assert read_front_matter(tmp_path / "hub")["license"] == "apache2"
    assert validate(tmp_path / "hub").is_valid
    run = CliRunner().invoke(app, [*words, "--license", "apache2", "--overwrite", "--quiet"])
    assert (run.exit_code, run.stdout, run.stderr) == (0, "", "")
    run = CliRunner().invoke(app, [*words, "--license", "Apache 2"])
    assert (run.exit_code, run.stderr.count("\n")) == (2, 1)


def test_every_license_of_the_hub_is_spelled_as_one() -> None:
    assert {"apache-2.0", "cc-by-4.0", "mit", "openrail++", "other"} <= HUB_LICENSES
    for name in HUB_LICENSES:
        assert check_license(name) == []
    with pytest.raises(UsageError, match="no identifier of the Hub"):
        check_license("MIT")


def test_the_card_says_where_wallet_addresses_are(built: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("0123456789abcdef")
    assert WALLETS in exported(built, tmp_path / "all")
    assert WALLETS in exported(built, tmp_path / "pairs", configs=["pairs_sequential"])
    assert WALLETS not in exported(built, tmp_path / "sft", configs=["sft_reasoning"])
    card = exported(built, tmp_path / "anonymous", anonymize_miners=tmp_path / "key")
    assert WALLETS not in card
    assert "Miner ids are keyed digests" in card
    assert "`metadata.miner_id` is a wallet address" in (built / "README.md").read_text()


def test_the_card_ends_with_the_way_to_the_hub(built: Path, tmp_path: Path) -> None:
    end = exported(built, tmp_path / "hub").split("\n## ")[-1]
    assert end.startswith("Uploading\n")
    assert "\nhf upload USER/NAME path/to/this/folder --repo-type dataset\n" in end
    assert '--delete "*.jsonl"' in end
