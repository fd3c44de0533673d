"""What a path is to a local file, a `RemotePath` is to an object in a store, or a file on the web.

It is a plain value: what lies there is looked up in `object_store.py`. As text it never shows the
query of an `https://` URL, which may be a signature.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from botcoin_dpo.errors import UsageError

Scheme = Literal["s3", "gs", "az", "https"]
_STORES = frozenset({"s3", "gs", "az"})
"""Schemes of stores, which can be listed and written to; `https` names one file."""

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*::)*([a-z][a-z0-9+.-]+):/", re.IGNORECASE)
"""RFC 3986, and `one::two://` as fsspec chains them. `Path` makes `s3:/` of `s3://`. A single
letter is no scheme: storage has none that short, and `c:/x` is a drive elsewhere, and a folder
here."""


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one state of an object from another."""

    size: int
    etag: str | None
    """Without quotes, and None for a weak one; some web servers give none."""
    modified: datetime
    """Listings may say it more exactly than answers to reads."""
    number: str | None = None
    """What some stores, not all, want to know of the version that a write replaces."""

    def is_same(self, other: "Version") -> bool:
        """Return whether both are of one state, as far as a store tells."""
        if self.etag is not None and other.etag is not None:
            return (self.etag, self.size) == (other.etag, other.size)
        seconds = [each.modified.replace(microsecond=0) for each in (self, other)]
        return self.size == other.size and seconds[0] == seconds[1]


@dataclass(frozen=True, slots=True, repr=False)
class RemotePath:
    """An object in a store, or what would be a folder there."""

    root: str
    """`s3://bucket`, or all of an `https://` URL."""
    key: str
    """Without a slash at either end; empty for the bucket itself, and for `https://`."""
    version: Version | None = None
    """The state to read; None if any will do."""

    def __str__(self) -> str:
        """Return the URL as messages show it."""
        if self.is_web:
            return self.root.partition("?")[0]
        return f"{self.root}/{self.key}" if self.key else self.root

    def __repr__(self) -> str:
        """Return what `str` shows, for the same reason."""
        return f"RemotePath({str(self)!r})"

    def __truediv__(self, name: str) -> "RemotePath":
        """Return what lies there by a relative name."""
        return RemotePath(self.root, f"{self.key}/{name}" if self.key else name)

    @property
    def is_web(self) -> bool:
        """Whether it is one file on a web server: nothing can be listed or written there."""
        return self.root.startswith("https:")

    @property
    def name(self) -> str:
        """The last part of the name."""
        if self.is_web:
            from urllib.parse import unquote, urlsplit

            return unquote(urlsplit(self.root).path).rpartition("/")[2]
        return self.key.rpartition("/")[2]

    def at(self, version: Version) -> "RemotePath":
        """Return the same object in one state."""
        return replace(self, version=version)


def scheme_of(text: str) -> str | None:
    """Return the scheme of what looks like a URL, in small letters; None for a local path."""
    match = _URL.match(text)
    return match and match[1].lower()


def shown_url(text: str) -> str:
    """Return a URL as messages may show it: without a query, and without credentials."""
    start, colon, rest = text.partition("://")
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    host, slash, path = rest.partition("/")
    return f"{start}{colon}{host.rpartition('@')[2]}{slash}{path}" if colon else text


def remote_path(text: str, name: str) -> RemotePath | None:
    """Return what a URL names, None for a local path or a scheme that none of ours is.

    Args:
        text: what the user wrote.
        name: what messages call it: an option or argument.

    Raises:
        UsageError: it is no URL of such a scheme.
    """
    scheme, separator, rest = text.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in get_args(Scheme):
        return None
    shown = shown_url(text)
    host, _, key = rest.partition("/")
    if scheme not in _STORES:
        if "@" in host:
            raise UsageError(f"{name} {shown}: has a name or password in it; use a signed URL")
        if not host.partition("?")[0].partition(":")[0]:
            raise UsageError(f"{name} {shown}: names no host; write https://HOST/FILE")
        url = f"{scheme}://{rest.partition('#')[0]}"
        if not _is_web_address(url):
            raise UsageError(f"{name} {shown}: has a host or port that none can have; correct it")
        return RemotePath(url, "")
    if not _BUCKET.fullmatch(host):
        raise UsageError(f"{name} {shown}: names no bucket; write {scheme}://BUCKET/NAME")
    key = key.strip("/")
    if any(part in ("", ".", "..") for part in key.split("/")) and key:
        raise UsageError(f"{name} {shown}: a part of its name is empty, . or ..; name it in full")
    return RemotePath(f"{scheme}://{host}", key)


def _is_web_address(url: str) -> bool:
    """Return whether host and port can be told apart and are such."""
    from urllib.parse import urlsplit

    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
