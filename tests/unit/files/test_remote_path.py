"""URLs are parsed once, and shown without what may be a secret."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from botcoin_dpo import UsageError
from botcoin_dpo.files.remote_path import RemotePath, Version, remote_path, shown_url

SIGNED = "https://example.invalid/a%20b/c%C3%A9.jsonl.gz?X-Amz-Signature=SECRET#part"


@pytest.mark.parametrize(
    ("text", "root", "key"),
    [
        ("s3://bucket", "s3://bucket", ""),
        ("s3://bucket/", "s3://bucket", ""),
        ("S3://my.bucket-1/a/b c/", "s3://my.bucket-1", "a/b c"),
        ("gs://bucket/a%20b", "gs://bucket", "a%20b"),  # keys are not quoted
        ("az://container/a?*", "az://container", "a?*"),
        ("s3://bucket/...", "s3://bucket", "..."),
    ],
)
def test_a_url_names_a_bucket_and_a_key(text: str, root: str, key: str) -> None:
    path = remote_path(text, "LOGS")
    assert path == RemotePath(root, key)
    assert str(path) == (f"{root}/{key}" if key else root)


def test_what_lies_in_a_folder_is_named_with_a_slash() -> None:
    assert RemotePath("s3://b", "") / "x" == RemotePath("s3://b", "x")
    assert RemotePath("s3://b", "a") / "x/y" == RemotePath("s3://b", "a/x/y")
    assert (RemotePath("s3://b", "a") / "x/y").name == "y"


def test_the_query_of_a_web_address_is_kept_and_never_shown() -> None:
    path = remote_path(SIGNED, "LOGS")
    assert path is not None and path.is_web
    assert path.root.endswith("?X-Amz-Signature=SECRET")
    assert path.name == "cé.jsonl.gz"
    assert str(path) == shown_url(SIGNED) == "https://example.invalid/a%20b/c%C3%A9.jsonl.gz"
    version = Version(1, None, datetime(2026, 1, 1, tzinfo=UTC))
    for text in (repr(path), repr(path.at(version)), f"{path}"):
        assert "SECRET" not in text
    assert pickle.loads(pickle.dumps(path.at(version))) == path.at(version)


def test_versions_are_told_apart_by_what_both_sides_say() -> None:
    listed = Version(5, "x", datetime(2026, 1, 1, 0, 0, 0, 123_000, tzinfo=UTC))
    read = Version(5, "x", datetime(2026, 1, 1, tzinfo=UTC), "7")  # the header has no fractions
    assert listed.is_same(read) and read.is_same(listed)
    assert not listed.is_same(replace(read, etag="y"))
    assert not listed.is_same(replace(read, size=6))
    without = replace(read, etag=None)
    assert listed.is_same(without)
    assert not listed.is_same(replace(without, modified=datetime(2026, 1, 2, tzinfo=UTC)))
    assert not listed.is_same(replace(without, size=6))


@pytest.mark.parametrize(
    "text", ["logs", "./s3://b", "c:/x", "hf://a/b", "s3:/b", "http://example.invalid"]
)
def test_all_else_is_not_ours_to_say(text: str) -> None:
    assert remote_path(text, "LOGS") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("s3://", "names no bucket"),
        ("s3:///key", "names no bucket"),
        ("s3://key:SECRET@bucket/x", "names no bucket"),
        ("s3://bucket/a//b", "a part of its name is empty"),
        ("s3://bucket/a/../b", "a part of its name is empty"),
        ("https:" + "//name:SECRET@example.invalid/x?SECRET", "has a name or password in it"),
        ("https:///x?SECRET", "names no host"),
        ("https://[bad/x.jsonl?SECRET", "has a host or port that none can have"),
        ("https://[::1/x.jsonl", "has a host or port that none can have"),
        ("https://example.invalid:99999/x", "has a host or port that none can have"),
        ("https://example.invalid:port/x", "has a host or port that none can have"),
    ],
)
def test_a_url_that_names_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        remote_path(text, "LOGS")
    assert str(refused.value).startswith(f"LOGS {shown_url(text)}: ")
    assert "SECRET" not in str(refused.value)
