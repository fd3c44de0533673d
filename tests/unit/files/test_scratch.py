"""A scratch folder does not outlive the work."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from botcoin_dpo.files.scratch import scratch_folder


def test_a_scratch_folder_is_removed_by_an_interrupt_while_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt_and_remove(folder: TemporaryDirectory[str]) -> None:
        signal.raise_signal(signal.SIGINT)
        remove(folder)

    remove = TemporaryDirectory.cleanup
    monkeypatch.setattr(TemporaryDirectory, "cleanup", interrupt_and_remove)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt), scratch_folder() as scratch:
        (scratch / "a").touch()
    assert list(tmp_path.iterdir()) == []
