"""A work folder is where no build reads, replaces or removes what tasks leave."""

from pathlib import Path

import pytest

from botcoin_dpo import UsageError
from botcoin_dpo.files.local_paths import log_arguments, output_place
from botcoin_dpo.stages.places import check_apart


def check(work: str | Path, out: str | Path, logs: str | Path) -> None:
    check_apart(output_place(work, "--work"), output_place(out, "--out"), log_arguments(logs))


@pytest.mark.parametrize(
    ("work", "out"),
    [
        ("out", "out"),
        ("out/work", "out"),
        ("work", "work/out"),
        ("link/work", "out"),
        ("s3://bucket/out/", "s3://bucket/out"),
        ("s3://bucket", "s3://bucket/out"),
        ("s3://bucket/out/builds", "s3://bucket/out"),
    ],
)
def test_work_and_output_are_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str, out: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("link").symlink_to("out")
    with pytest.raises(UsageError, match="must be neither out, in it nor around it"):
        check(work, out, "logs")


@pytest.mark.parametrize(
    ("work", "logs"),
    [
        ("logs", "logs"),
        ("logs/a/work", "logs"),
        ("work", "."),
        ("s3://bucket/work", "s3://bucket"),
        ("s3://bucket/logs/work", "s3://bucket/logs"),
        ("s3://bucket/work", "s3://bucket/*/*.json"),
        ("s3://bucket/work", "s3://bucket/*/*/scan/*"),
        ("s3://bucket/work", "s3://bucket/**"),
    ],
)
def test_work_is_not_among_the_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str, logs: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"lies among the logs .*; name another folder"):
        check(work, "elsewhere/out", logs)


@pytest.mark.parametrize(
    ("work", "out", "logs"),
    [
        ("work", "work-2", "logs"),
        ("work", "out", "work/logs"),
        ("logs-work", "logs/out", "logs"),
        ("s3://bucket/work", "s3://bucket/work-2", "s3://bucket/logs"),
        ("s3://bucket/work", "s3://bucket/out", "s3://bucket/*/*.jsonl"),
        ("s3://bucket/work", "s3://bucket/out", "s3://other/**"),
        ("work", "out", "s3://bucket"),
        ("work", "out", "https://example.invalid/logs/a.jsonl"),
        ("s3://bucket/work", "out", "-"),
    ],
)
def test_all_other_places_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str, out: str, logs: str
) -> None:
    monkeypatch.chdir(tmp_path)
    check(work, out, logs)
