"""Every path that a user names becomes a `Path` here, or a `RemotePath`, and only here.

An empty text (an unset variable of a shell) would be the current folder, and a URL a local folder
called `s3:`; both are seen while the text is still what the user wrote.
"""

from collections.abc import Sequence
from pathlib import Path

from botcoin_dpo.errors import UsageError
from botcoin_dpo.files.glob_patterns import is_pattern
from botcoin_dpo.files.remote_path import RemotePath, remote_path, scheme_of, shown_url

_FETCH = "download it and name the copy"
_UPLOAD = "name a local folder or file and upload that"
_OTHER_OUTPUT = "name s3://, gs:// or az://, or a local folder and upload that"
_OTHER_SCHEME = "name s3://, gs://, az:// or https://, or download it and name the copy"


def input_path(given: str | Path, name: str) -> Path:
    """Return the path of something to read, which must be local.

    Args:
        given: what the user wrote.
        name: what messages call it: an option or argument.

    Raises:
        UsageError: it is empty, no path, or a URL.
    """
    return _local_path(given, name, f"URLs and object storage are not supported; {_FETCH}")


def output_path(given: str | Path, name: str) -> Path:
    """Return the path of something to write, which must be local.

    Args:
        given: what the user wrote.
        name: what messages call it: an option or argument.

    Raises:
        UsageError: it is empty, no path, or a URL.
    """
    return _local_path(given, name, f"URLs and object storage are not supported; {_UPLOAD}")


def input_place(given: str | Path, name: str) -> Path | RemotePath:
    """Return the place of something to read, local or remote.

    Args:
        given: what the user wrote; a URL is a text.
        name: what messages call it: an option or argument.

    Raises:
        UsageError: it is empty, no path, or a URL of a scheme that cannot be read.
    """
    remote = remote_path(given, name) if isinstance(given, str) else None
    if remote is not None:
        return remote
    return _local_path(given, name, f"nothing is read from such a URL; {_OTHER_SCHEME}")


def output_place(given: str | Path, name: str) -> Path | RemotePath:
    """Return the place of a folder to write, local or in a store.

    Args:
        given: what the user wrote; a URL is a text.
        name: what messages call it: an option or argument.

    Raises:
        UsageError: it is empty, no path, a pattern, or a URL of a scheme that cannot be written to.
    """
    remote = remote_path(given, name) if isinstance(given, str) else None
    if remote is not None and not remote.is_web:
        if is_pattern(remote.key):  # where it is named as an input, it would be one
            raise UsageError(f"{name} {remote}: is a pattern; name one folder, without *, ? and [")
        return remote
    return _local_path(given, name, f"nothing is written to such a URL; {_OTHER_OUTPUT}")


def log_arguments(
    logs: Sequence[str | Path] | str | Path,
) -> list[str | Path | RemotePath]:
    """Return log arguments as a list, in which URLs are remote paths.

    Others stay as written, since `-` and `./-` are not the same.

    Raises:
        UsageError: there are none, or one is empty, no path, or a URL that cannot be read.
    """
    arguments = [logs] if isinstance(logs, str | Path) else list(logs)
    if not arguments:
        raise UsageError("LOGS: none given; name log files or folders")
    places = [input_place(argument, "LOGS") for argument in arguments]
    return [
        place if isinstance(place, RemotePath) else argument
        for place, argument in zip(places, arguments, strict=True)
    ]


def _local_path(given: str | Path, name: str, of_urls: str) -> Path:
    text = str(given)
    if not text:
        raise UsageError(f"{name}: the path is empty; name one, or see if a variable is unset")
    if "\0" in text:
        raise UsageError(f"{name}: the path has a null character, which no path can have")
    scheme = scheme_of(text)
    if scheme is not None:
        what, _, advice = of_urls.partition("; ")
        if scheme == "file":
            advice = "name the path itself, without file://"
        shown = shown_url(text)
        raise UsageError(
            f"{shown}: {what}; {advice} (if it is the name of a local file: ./{shown})"
        )
    return Path(given)
