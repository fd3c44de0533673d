"""Only what a store names by URL and ETag is kept of a log."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.input_versions import InputVersion, version_of, versions_content
from botcoin_dpo.files.remote_path import RemotePath, Version

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STORED = RemotePath("s3://bucket", "logs/a.jsonl", Version(7, "abc", NOW, "number"))


def test_the_version_of_an_object_is_its_url_size_and_etag() -> None:
    assert version_of(LogFile(STORED, "a.jsonl")) == InputVersion(
        "s3://bucket/logs/a.jsonl", 7, "abc"
    )


@pytest.mark.parametrize(
    "path",
    [
        None,
        Path("a.jsonl"),
        STORED.at(Version(7, None, NOW)),
        RemotePath("s3://bucket", "a.jsonl"),
        RemotePath("https://example.invalid/a.jsonl?signature=secret", "", Version(7, "abc", NOW)),
    ],
)
def test_of_other_logs_nothing_is_kept(path: Path | RemotePath | None) -> None:
    file = LogFile(path, "a.jsonl")
    assert version_of(file) is None
    assert versions_content([file]) is None
    kept = versions_content([file, LogFile(STORED, "b.jsonl")])
    assert kept is not None and b'"b.jsonl"' in kept and b'a.jsonl":' not in kept
