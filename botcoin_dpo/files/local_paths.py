"""Every path that a user names becomes a `Path` here, and only here.

An empty text (an unset variable of a shell) would be the current folder, and a URL a local folder
called `s3:`; both are refused while the text is still what the user wrote.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from botcoin_dpo.errors import UsageError

# RFC 3986, and `one::two://` as fsspec chains them. `Path` makes `s3:/` of `s3://`. A single letter
# is no scheme: storage has none that short, and `c:/x` is a drive elsewhere and a folder here.
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*::)*([a-z][a-z0-9+.-]+):/", re.IGNORECASE)

_FETCH = "download it and name the copy"
_UPLOAD = "name a local folder or file and upload that"


def input_path(given: str | Path, name: str) -> Path:
    """Return the path of something to read.

    Args:
        given: what the user wrote.
        name: what messages call it: an option or argument.

    Raises:
        UsageError: it is empty, no path, or a URL.
    """
    return _local_path(given, name, _FETCH)


def output_path(given: str | Path, name: str) -> Path:
    """Return the path of something to write.

    Args:
        given: what the user wrote.
        name: what messages call it: an option or argument.

    Raises:
        UsageError: it is empty, no path, or a URL.
    """
    return _local_path(given, name, _UPLOAD)


def log_arguments(logs: Sequence[str | Path] | str | Path) -> list[str | Path]:
    """Return log arguments as a list; they stay as written, since `-` and `./-` are not the same.

    Raises:
        UsageError: there are none, or one is empty, no path, or a URL.
    """
    arguments = [logs] if isinstance(logs, str | Path) else list(logs)
    if not arguments:
        raise UsageError("LOGS: none given; name log files or folders")
    for argument in arguments:
        input_path(argument, "LOGS")
    return arguments


def _local_path(given: str | Path, name: str, advice: str) -> Path:
    text = str(given)
    if not text:
        raise UsageError(f"{name}: the path is empty; name one, or see if a variable is unset")
    if "\0" in text:
        raise UsageError(f"{name}: the path has a null character, which no path can have")
    url = _URL.match(text)
    if url is not None:
        if url[1].lower() == "file":
            advice = "name the path itself, without file://"
        raise UsageError(
            f"{text}: URLs and object storage are not supported; {advice} "
            f"(if it is the name of a local file: ./{text})"
        )
    return Path(given)
