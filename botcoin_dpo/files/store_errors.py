"""Why a store refused, in one line with what to do; nothing that a store says is shown as it is.

The library's messages hold whole requests, signatures included, and whatever a server answered.
"""

import re
from typing import NamedTuple

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>|<Error><Code>([A-Za-z]{1,60})")
_NO_CREDENTIALS = re.compile(
    r"169\.254\.169\.254|latest/api/token|metadata\.google|security-credentials"
)

_KEYS = "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
_LATER = "run again later, or with fewer --workers"
_NETWORK = "check the network and AWS_ENDPOINT_URL, and run again"


class Refused(NamedTuple):
    """What went wrong, and what to do."""

    reason: str
    advice: str


_OF_CODES = {
    "NoSuchBucket": Refused("no such bucket", "check its name and AWS_ENDPOINT_URL"),
    "InvalidBucketName": Refused("no bucket can have that name", "check it"),
    "InvalidAccessKeyId": Refused("the access key is not known there", _KEYS),
    "SignatureDoesNotMatch": Refused("the secret key is wrong", _KEYS),
    "ExpiredToken": Refused("the credentials have expired", "get new ones"),
    "InvalidToken": Refused("the session token is wrong", _KEYS),
    "RequestTimeTooSkewed": Refused("the clock of this machine is wrong", "set it"),
    "InvalidObjectState": Refused("it is archived", "restore it first"),
    "PermanentRedirect": Refused("the bucket is in another region", "set AWS_REGION"),
    "AuthorizationHeaderMalformed": Refused("the bucket is in another region", "set AWS_REGION"),
}


def refused(error: BaseException) -> Refused:
    """Return what an exception of the library says, in words of ours."""
    text = str(error)
    found = _CODE.search(text)
    code = (found[1] or found[2]) if found else ""
    status = (_STATUS.search(text) or ("", ""))[1]
    if code in _OF_CODES:
        return _OF_CODES[code]
    if _NO_CREDENTIALS.search(text):
        return Refused(
            "there are no credentials",
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
            "or AWS_SKIP_SIGNATURE=true for a public bucket",
        )
    if isinstance(error, FileNotFoundError) or status == "404":
        return Refused("no such file", "check its name")
    if status in ("401", "403"):
        return Refused("access denied", "ask for the right to it, or check the credentials")
    if status in ("429", "503") or code == "SlowDown":
        return Refused(f"the store is too busy (HTTP {status})", _LATER)
    if status:
        said = f"HTTP {status}, {code}" if code else f"HTTP {status}"
        return Refused(f"the store refused ({said})", "run again, or ask who runs it")
    return _of_connection(text)


def _of_connection(text: str) -> Refused:
    if "BadScheme" in text:
        return Refused("http is not encrypted", "set AWS_ALLOW_HTTP=true if you trust the network")
    if "TimedOut" in text or "timed out" in text:
        return Refused("no answer in time", _NETWORK)
    if "dns error" in text:
        return Refused("its host is not known", _NETWORK)
    if "certificate" in text.lower():
        return Refused("its certificate is not trusted", "add its authority to the system's")
    if "kind: Connect" in text:
        return Refused("cannot be reached", _NETWORK)
    if "does not support range" in text or "NotSupported" in text:
        return Refused("the server gives no parts of files", "download it and name the copy")
    if "Body" in text or "Decode" in text or "IncompleteMessage" in text or "Interrupted" in text:
        return Refused("the connection broke in the middle", _NETWORK)
    return Refused("the store gave no answer that can be understood", _NETWORK)
