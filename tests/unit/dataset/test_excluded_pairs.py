"""Files of pair ids: what they may hold, and what a manifest says of them."""

from hashlib import sha256
from pathlib import Path

import pytest

from botcoin_dpo.dataset.excluded_pairs import read_excluded
from botcoin_dpo.errors import InputError, UsageError

ONE, TWO = "0123456789abcdef", "fedcba9876543210"


def test_blank_lines_comments_and_repeats_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "ids"
    path.write_bytes(
        f"\ufeff# déjà vu\r\n\r\n  {TWO}  # looks wrong\r\n{ONE}\n{TWO.upper()}\n#".encode()
        + b"\xff\x00 any bytes"
    )
    excluded = read_excluded(path)
    assert excluded.ids == {ONE, TWO}
    told = sha256(f"{ONE}\n{TWO}\n".encode()).hexdigest()
    assert excluded.as_json() == {"ids": 2, "sha256": told}
    assert excluded


def test_no_file_and_one_without_ids_exclude_nothing(tmp_path: Path) -> None:
    (tmp_path / "ids").write_text("# none yet\n\n")
    assert not read_excluded(tmp_path / "ids")
    assert not read_excluded(None)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"12", "'12'"),
        (f"{ONE} {TWO}".encode(), f"'{ONE} {TWO}'"),
        (b"\xff\x1b[2J", r"'\ufffd\x1b[2J'"),
        (b"x" * 100_000, f"'{'x' * 40}'"),
        (f"\ufeff{ONE}".encode(), rf"'\ufeff{ONE}'"),
    ],
    ids=range(5),
)
def test_a_line_that_is_no_id_is_named(tmp_path: Path, line: bytes, shown: str) -> None:
    path = tmp_path / "ids"
    path.write_bytes(f"# head\n{ONE}\n".encode() + line + b"\n")
    with pytest.raises(UsageError) as caught:
        read_excluded(path)
    told = f"exclude {path}:3: {shown} is not a pair id; write 16"
    assert str(caught.value).startswith(told)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name a file of pair ids"):
        read_excluded(tmp_path / "none")
