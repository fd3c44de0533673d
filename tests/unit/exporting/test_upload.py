"""The command that uploads an export can be pasted into a shell, and does what it says."""

import shlex

import pytest

from botcoin_dpo.exporting.upload import upload_command


@pytest.mark.parametrize(
    ("folder", "named"),
    [
        ("hub", "hub"),
        ("a b/it's; $(here)", "a b/it's; $(here)"),
        ("-hub", "./-hub"),
        ("Ünïcode", "Ünïcode"),
        ("a\nb", "FOLDER"),
        ("a\x1b[31mb", "FOLDER"),
        ("a\u202eb", "FOLDER"),
        ("a\udcffb", "FOLDER"),
        ("v*", "FOLDER"),
        ("v[1]", "FOLDER"),
    ],
)
def test_a_folder_is_named_if_a_shell_and_the_command_take_it(folder: str, named: str) -> None:
    command = upload_command(folder)
    assert shlex.split(command) == [*("hf", "upload", "USER/NAME", named, "--repo-type", "dataset")]
    assert "\n" not in command
