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
_WEB = "check the address and the network, and run again"


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


_OF_SETTINGS = {
    "Missing AccessKeyId": Refused(
        "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not", "set both or neither"
    ),
    "Missing SecretAccessKey": Refused(
        "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not", "set both or neither"
    ),
}
"""What the library says of settings that it cannot use, as far as we know it."""


def unusable_settings(error: BaseException) -> Refused:
    """Return why no store can be made of the variables in the environment."""
    text = str(error)
    for said, reason in _OF_SETTINGS.items():
        if said in text:
            return reason
    return Refused(
        "the store's settings in the environment cannot be used",
        "check the variables that begin with AWS_, GOOGLE_ or AZURE_",
    )


def refused(error: BaseException, *, is_web: bool = False) -> Refused:
    """Return what an exception of the library says, in words of ours.

    Args:
        error: what was raised.
        is_web: whether a web server was asked, which no setting of a store is about.
    """
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
    return _of_connection(text, _WEB if is_web else _NETWORK)


def _of_connection(text: str, network: str) -> Refused:
    if "BadScheme" in text:
        return Refused("http is not encrypted", "set AWS_ALLOW_HTTP=true if you trust the network")
    if "TimedOut" in text or "timed out" in text:
        return Refused("no answer in time", network)
    if "dns error" in text:
        return Refused("its host is not known", network)
    if "certificate" in text.lower():
        return Refused("its certificate is not trusted", "add its authority to the system's")
    if "kind: Connect" in text:
        return Refused("cannot be reached", network)
    if "does not support range" in text or "NotSupported" in text:
        return Refused("the server gives no parts of files", "download it and name the copy")
    if "Body" in text or "Decode" in text or "IncompleteMessage" in text or "Interrupted" in text:
        return Refused("the connection broke in the middle", network)
    return Refused("the store gave no answer that can be understood", network)
