"""What is a local path and what a URL, by its spelling."""

from pathlib import Path

import pytest

from botcoin_dpo import UsageError
from botcoin_dpo.files.local_paths import (
    input_path,
    input_place,
    log_arguments,
    output_path,
    output_place,
)
from botcoin_dpo.files.remote_path import RemotePath

URLS = [
    "s3://bucket/x",
    "s3:/bucket/x",  # what `Path` makes of it
    "hf://datasets/a/b",
    "HTTPS://host/x.jsonl",
    "file:///data/x.jsonl",
    "git+ssh://host/x",
    "simplecache::s3://bucket/x",
]
LEGAL = [
    "a:b",
    "2024-01-01T00:00:00.jsonl",
    "c:/x",
    "C:/x",
    "./s3:/x",
    "x/s3://y",
    "1s3:/x",
    "é:/x",
    "-",
]


@pytest.mark.parametrize("path", URLS)
def test_what_is_a_url_is_said_with_what_to_do(path: str) -> None:
    for function, advice in ((input_path, "download it"), (output_path, "upload that")):
        with pytest.raises(UsageError) as caught:
            function(path, "--out")
        message = str(caught.value)
        assert message.startswith(f"{path}: URLs and object storage are not supported; ")
        assert ("without file://" if path.startswith("file:") else advice) in message
        assert message.endswith(f"(if it is the name of a local file: ./{path})")


@pytest.mark.parametrize("path", LEGAL)
def test_what_only_looks_like_a_url_is_a_local_name(path: str) -> None:
    assert input_path(path, "PATH") == output_path(path, "PATH") == Path(path)


def test_what_may_be_remote_is_local_or_a_url_of_a_known_scheme() -> None:
    assert input_place("s3://bucket/x", "PATH") == RemotePath("s3://bucket", "x")
    assert input_place("./s3://bucket/x", "PATH") == Path("./s3://bucket/x")
    assert log_arguments(["-", "./-", "s3://b"]) == ["-", "./-", RemotePath("s3://b", "")]
    for url in (
        "hf://a/b",
        "http://example.invalid/x.jsonl?SECRET",
        "ftp://host/x",
        Path("s3://bucket/x"),
    ):
        with pytest.raises(UsageError, match="nothing is read from such a URL; name s3://") as said:
            input_place(url, "PATH")
        assert "SECRET" not in str(said.value)
    with pytest.raises(UsageError, match="without file://"):
        input_place("file:///x", "PATH")


@pytest.mark.parametrize("key", ["o*", "a/b?", "out[1]", "**"])
def test_a_pattern_is_no_output(key: str) -> None:
    with pytest.raises(UsageError, match="is a pattern; name one folder") as said:
        output_place(f"s3://bucket/{key}", "--out")
    assert str(said.value).startswith(f"out s3://bucket/{key}: ")
    assert output_place(key, "--out") == Path(key)  # the user's shell decides
