"""Patterns match as a shell's do, which the standard library's `glob` is held against."""

import fnmatch
import glob
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from botcoin_dpo.files.glob_patterns import compiled, fixed_folder, is_pattern

NAMES = [
    "a.jsonl", "b.jsonl", ".a.jsonl", "a]b", "a-b", "a^b", "a*b", "ä.jsonl", "new\nline",
    "d/a.jsonl", "d/.h/a.jsonl", "d/e/a.jsonl", "d/e/f/b.jsonl.gz", "d.x/a.jsonl", ".g/a.jsonl",
]  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    [
        "*", "*.jsonl", "?.jsonl", "[ab].jsonl", "[!a].jsonl", "[a-b].jsonl", "a[]]b", "a[!x]b",
        "a[*]b", "a[^-]b", "**", "**/*.jsonl", "**/*", "d/**", "d/**/*.jsonl", "d/**/f/*", "*/*",
        "d*/a.jsonl", ".*", ".g/*", "d/.h/*", "**/.h/*", "new*", "[", "a[b", "d/*/a.jsonl",
        "**/e/**", "**/**", "**/e/**/*.gz", "[z-a].jsonl", "[!z-a].jsonl", "[z-ab].jsonl", "a[+-]b",
    ],
)  # fmt: skip
def test_patterns_match_as_those_of_a_shell(tmp_path: Path, pattern: str) -> None:
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    expected = {
        name
        for name in glob.glob(pattern, root_dir=tmp_path, recursive=True)  # noqa: PTH207
        if (tmp_path / name).is_file()
    }
    fits = compiled(pattern)
    assert {name for name in NAMES if fits.fullmatch(name)} == expected


@given(st.text("ab-z]![*?\\^&", max_size=12), st.text("ab-z]![\\^&", max_size=8))
@example("[--a]*", "-b")
@example("*ab*ab", "abab")
def test_a_part_matches_as_the_standard_library_has_it(pattern: str, name: str) -> None:
    expected = fnmatch.fnmatchcase(name, pattern)
    assert (compiled(pattern).fullmatch(name) is not None) == expected


def test_a_range_of_characters_has_no_slash() -> None:
    assert compiled("a[+-9]b").fullmatch("a/b") is None


def test_no_name_takes_longer_than_it_is_long() -> None:
    # Where all ways to match are tried, each of these takes longer than a test may.
    assert compiled("*a" * 30 + "*.jsonl").fullmatch("a" * 1000 + ".json") is None
    assert compiled("**/a/" * 30 + "*.jsonl").fullmatch("a/" * 400 + "x.json") is None
    assert compiled("**/" * 30 + "*.jsonl").fullmatch("a/" * 400 + "x.json") is None


def test_the_folder_before_anything_wild_is_what_must_be_listed() -> None:
    assert fixed_folder("logs/2026/**/*.jsonl") == "logs/2026"
    assert fixed_folder("logs/x-?/a.jsonl") == "logs"
    assert fixed_folder("*.jsonl") == ""
    assert [is_pattern(name) for name in ("a/b", "a/*", "a?", "[a]", "a]")] == [
        False, True, True, True, False,
    ]  # fmt: skip
