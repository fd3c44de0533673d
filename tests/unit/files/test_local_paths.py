"""What is a local path and what a URL, by its spelling."""

from pathlib import Path

import pytest

from botcoin_dpo import UsageError
from botcoin_dpo.files.local_paths import input_path, output_path

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
