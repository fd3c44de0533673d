"""The style and the script of a page, and the Content-Security-Policy that allows nothing else."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from botcoin_dpo.html_report.environment import TEMPLATES

_EMBEDDED = ("embedded.js", "pairs.js", "filters.js", "list.js", "marks.js", "keys.js")
"""Parts of the one script of a page that carries its pairs, in their order."""

_SERVED = ("served.js", "pairs.js", "filters.js", "served_list.js", "marks.js", "keys.js")
"""The same of a page that asks a server for them."""


class Assets(NamedTuple):
    """What a page runs and how it looks."""

    style: str
    script: str
    policy: str
    """Names both by their digests, so that nothing else can run, whatever the data says."""


@cache
def assets(*, is_served: bool) -> Assets:
    """Return the assets of a page; one that is served may ask the server that it comes from."""
    style = _text("report.css")
    script = "".join(map(_text, _SERVED if is_served else _EMBEDDED))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return Assets(style, script, policy + ("; connect-src 'self'" if is_served else ""))


def safe(ours: str) -> Any:
    """Return a text of our own making, or of a library that escapes, as it is."""
    from markupsafe import Markup

    return Markup(ours)


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
