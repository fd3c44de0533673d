"""What a store lists is a log only where it lies in the folder that was asked for."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from botcoin_dpo.files.remote_path import RemotePath, Version
from botcoin_dpo.logs import remote_discovery
from botcoin_dpo.logs.found_logs import FoundLogs

VERSION = Version(5, None, datetime(2026, 1, 2, tzinfo=UTC))


class WrongStore:
    """A store that lists more than was asked for, which real ones cannot be made to do."""

    def list(self, folder: RemotePath) -> Iterator[RemotePath]:
        for key in ("logs/", "logs/a.jsonl", "logs-of-others/b.jsonl", "c.jsonl", "logs"):
            yield RemotePath(folder.root, key, VERSION)


@pytest.mark.parametrize("argument", ["logs", "logs/*"])
def test_what_lies_outside_of_the_folder_is_none_of_its_logs(
    monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    monkeypatch.setattr(remote_discovery, "store_of", lambda root: WrongStore())
    found = FoundLogs([])
    remote_discovery.find_remote_logs(RemotePath("s3://bucket", argument), "", found, set())
    assert [str(file.path) for file in found.files] == ["s3://bucket/logs/a.jsonl"]
    assert not found.skipped
