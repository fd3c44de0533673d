"""Phrases that constraints of several kinds have in common.

Who writes challenges words the same constraint in many ways, so kinds read phrases, not sentences:
here is what asks for something ("must include X", "X has to appear in the artifact"), and how
marks are written. `references.py` and `terms.py` read what X is made of.
"""

from botcoin_dpo.constraints.patterns import Pattern

_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂`", '"'),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("−–—‐‑", "-"),
        "≥": ">=",
        "＝": "=",
        "＋": "+",
    }
)
_NUMBERING = Pattern(
    r"(?:\(?\d{1,2}[.)]|[-*•]|(?:constraint|rule|requirement)(?: ?#?\d{1,2})?[:.)]) +"
)

ARTIFACT = (
    r"(?:(?:artifact|answer|output|response|line|string|text|sentence|solution|submission|result"
    r"|reply)(?: (?:string|text|line))?)"
)
WHERE = (
    r"(?:(?:(?:the|your|this|an?) )?(?:(?:final|resulting|output|single|one|entire|whole|full"
    rf"|one-line|single-line) )*{ARTIFACT})"
)
"""The pattern of what a constraint calls the artifact."""

MUST = (
    r"(?:must|should|shall|has to|have to|needs? to|is to|are to|(?:is|are) required to|ought to"
    r"|will)"
)
PLACE = (
    rf"(?:(?:somewhere|anywhere|verbatim|literally|explicitly) )?(?:(?:with)?in|on|into|inside) "
    rf"{WHERE}|somewhere"
)
_ENSURE = (
    r"(?:(?:please )?(?:make sure|be sure|ensure|remember|take care|see to it"
    r"|do not forget|don't forget)(?: that| to)? )"
)
_ENSURED = Pattern(_ENSURE)
_VERB = (
    r"(?:makes? mention of|includes?|contains?|mentions?|names?|states?|features?|has|have"
    r"|incorporates?|shows?|quotes?|cites?|references?|works? in|writes?|uses?|gives?|provides?"
    r"|carries|carry|adds?"
    r"|inserts?|embeds?|puts? in)"
)
VERBATIM = (
    r"(?:verbatim|word for word|literally|as a substring|(?:exactly )?(?:as|the way) (?:it is "
    r"|it )?"
    r"(?:written|spelled|given|stated|appears?|printed|shown)(?: (?:there|in the document))?"
    r"|by name"
    r"|spelled (?:exactly )?as in the document)"
)
AS_DIGITS = (
    r"(?:(?:written |expressed |given |spelled |all |only )?(?:in|as|using|with) "
    r"(?:arabic |decimal )?(?:digits|numerals|figures|a number|numbers)(?: only)?)"
)
_ASIDE = rf"(?:{PLACE}|{VERBATIM}|{AS_DIGITS})"
_ACTIVE = Pattern(
    rf"(?:(?:{PLACE}),? )?(?:please )?{_ENSURE}?(?:(?:{WHERE}|it|you) )?(?:{MUST} )?"
    rf"(?:also |always |somewhere |explicitly )?(?:{_VERB}|required(?=:))(?:(?:,? {_ASIDE}),?:?"
    rf"|:)? (?P<what>.+)"
)
_PASSIVE = Pattern(
    rf"{_ENSURE}?(?P<what>.+?) (?:{MUST} (?:also )?"
    r"(?:appear|occur|be (?:included|present|mentioned|contained|named|stated|found|written|used)"
    r"|be)|appears|occurs|is (?:included|present|mentioned|contained|required))"
    rf"(?P<place> (?:{PLACE}))?(?:,? {_ASIDE})*"
)
_INTO = Pattern(
    rf"(?:please )?(?:{MUST} )?(?:work|weave|fit|put|build) (?P<what>.+?) (?:in|into) {WHERE}"
)
_LAST_ASIDE = Pattern(rf",? ?(?:\({_ASIDE}\)|{_ASIDE})$")
_BARE_BE = Pattern(rf" {MUST} be$")


def plain(text: str) -> str:
    """Return a text with plain marks, and without a number or `make sure that` before it."""
    text = " ".join(text.translate(_MARKS).split())
    for before in (_NUMBERING, _ENSURED):
        if (match := before.match(text)) is not None:
            text = text[match.end() :]
    return text.rstrip(".!; ")


def required(text: str) -> str | None:
    """Return what a plain text says that an artifact must have, None if it says something else.

    What it says of where and how that is written (`in digits`, `verbatim`) is left out.
    """
    match = _ACTIVE.fullmatch(text) or _INTO.fullmatch(text)
    if match is None:
        match = _PASSIVE.fullmatch(text)
        if match is None or (not match["place"] and _BARE_BE.search(text)):
            return None
    what = match["what"].strip(" ,:")
    while (aside := _LAST_ASIDE.search(what)) is not None:
        what = what[: aside.start()].rstrip(" ,")
    return what
