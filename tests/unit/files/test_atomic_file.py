"""A file is there whole or not at all."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.files import atomic_file


def test_a_file_in_the_making_is_removed_by_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_and_interrupt(*arguments: Any, **options: Any) -> tuple[int, str]:
        made = tempfile.mkstemp(*arguments, **options)
        signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(atomic_file, "mkstemp", make_and_interrupt)
    with pytest.raises(KeyboardInterrupt), atomic_file.new_file(tmp_path, ".made."):
        pytest.fail("it was made")
    assert list(tmp_path.iterdir()) == []
