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
        "|": ";",
    }
)
_ARROW = Pattern(r" ?(?:→|⇒|->|=>) ?")
_CONTRACTED = Pattern(r"\b(is|are|does|do|must|should|has|have|may|shall)n't\b")
_IS_CONTRACTED = Pattern(r"\b(that|it)'s\b")
_CAN_NOT = Pattern(r"\b(?:can't|can not)\b")
_NUMBERING = Pattern(
    r"(?:\(?(?:\d{1,2}|[a-z](?=\) ))[.)]|[-*•‣◦▪·]|\[\d{1,2}\]|#\d{1,2}[:.)]?|[cr]\d{1,2}[:.)]"
    r"|(?:constraint|rule|requirement|condition|restriction)(?: ?#?(?:\d{1,2}|[a-z]))?"
    r"(?:[:.)]| -)) +"
)
_BRACKETED = Pattern(r"\[(?P<label>[a-z][a-z _-]{1,30})\]:? +")
_POLITE = Pattern(r"(?:please|pls|kindly),? (?:do (?!not\b))?")
_PLEASE = Pattern(r",? (?:please|pls)$")

ARTIFACT = (
    r"(?:(?:artifact|one-liner|message|answer|output|response|line|string|text|sentence"
    r"|solution|submission|result"
    r"|reply)(?: (?:string|text|line))?)"
)
WHERE = (
    r"(?:(?:(?:the|your|this|an?) )?(?:(?:final|resulting|output|single|one|entire|whole|full"
    rf"|one-line|single-line) )*{ARTIFACT})"
)
"""The pattern of what a constraint calls the artifact."""

MUST = (
    r"(?:must|should|shall|has to|have to|needs? to|is to|are to|(?:is|are) required to|ought to"
    r"|will(?: (?:need|have) to)?|'ll (?:need|have) to)"
)
PLACE = (
    rf"(?:(?:somewhere|anywhere|verbatim|literally|explicitly) )?(?:(?:with)?in|on|into|inside) "
    rf"(?:{WHERE}|it\b|there\b)|somewhere(?: in (?:there|it))?"
)
REQUIRED = (
    r"(?:(?:strictly )?(?:required|mandatory|obligatory|compulsory|necessary|essential|needed)"
    r"|a must)"
)
_ENSURE = (
    r"(?:(?:please )?(?:make sure|make certain|be certain|be sure|ensure|remember|take care"
    r"|see to it"
    rf"|do not forget|it is (?:{REQUIRED}|imperative)"
    r"|you are (?:required|asked|expected|instructed)|(?:i|we)(?: (?:want|need|would like|ask"
    r"|require)|'d like) you)(?: that| to)? )"
)
_ENSURED = Pattern(_ENSURE)
_WANTED = Pattern(
    rf"(?:i|we)(?: (?:want|need|would like|require)|'d like) (?P<where>{WHERE}|it) to "
)
_VERB = (
    r"(?:(?:do not|never) (?:leave out|omit|skip|miss out)|not (?:leave out|omit|lack)"
    r"|name-checks?|writes? out"
    r"|makes? (?:mention of|(?:a )?reference to)|refers? to|includes?|contains?"
    r"|mentions?|names?|states?|says?|features?|has(?! to )"
    rf"|have(?! (?:{WHERE}|it|you|there)\b)|incorporates?|shows?|displays?|quotes?|cites?"
    r"|references?"
    r"|(?:works?|drops?|slips?|puts?|writes?|fits?|gets?|weaves?) in(?! (?:there|it)\b)|writes?"
    r"|uses?|gives?|provides?|carries|carry"
    r"|adds?|inserts?|embeds?|places?|needs?|requires?|bears?|holds?|reveals?|discloses?)"
)
VERBATIM = (
    r"(?:verbatim|word for word|literally|as a substring|(?:exactly )?(?:as|the way) (?:it is "
    r"|it )?"
    r"(?:written|spelled|given|stated|appears?|printed|shown)(?: (?:there|in the document))?"
    r"|by name"
    r"|spelled (?:exactly )?as in the document)"
)
AS_DIGITS = (
    r"(?:(?:written |expressed |given |spelled |all |only )?(?:in|as|using|with) (?:only )?"
    r"(?:arabic |decimal )?(?:digits|numerals|figures|a number|numbers)(?: only)?"
    r"|in numeric(?:al)? form|numerically)"
)
_ASIDE = rf"(?:{PLACE}|{VERBATIM}|{AS_DIGITS})"
_SUBJECT = rf"(?:{WHERE}|it|you|there)"
_LABEL = r"(?:required|mandatory|to include|must-have|needed)(?: (?:substring|text|value|content))?"
_ACTIVE = Pattern(
    rf"(?:(?:{PLACE}),? )?(?:please )?{_ENSURE}?"
    rf"(?:(?:(?:have|make|let) )?{_SUBJECT}(?: |(?='ll)))?(?:{MUST} )?"
    rf"(?:also |always |somewhere |explicitly )?(?:{_VERB}|{_LABEL}(?=:))"
    rf"(?:(?:,? {_ASIDE}| \({_ASIDE}\)),?:?|:)? (?P<what>.+)"
)
_IS_GIVEN = (
    r"(?:included|present|mentioned|contained|named|stated|found|written|used|given|quoted|cited"
    r"|referenced|featured|shown|displayed|incorporated|inserted|embedded|added|placed|put|worked"
    r"|woven|provided|part)"
)
_PASSIVE = Pattern(
    rf"(?:(?:{PLACE}), )?{_ENSURE}?(?P<what>.+?) (?:{MUST} (?:also )?"
    rf"(?:appear|occur|show up|turn up|feature|figure|not be (?:omitted|left out|missing"
    rf"|absent)|be {_IS_GIVEN}|be (?={REQUIRED}$)|be)|appears|occurs"
    rf"|(?:goes|belongs|is|{MUST} go)(?= (?:{PLACE}))|is (?:included|present|mentioned|contained))"
    rf"(?P<place> (?:{PLACE}|of {WHERE}|to {WHERE}))?(?:,? {_ASIDE})*"
)
_IS_REQUIRED = Pattern(
    r"(?:(?:the )?(?:inclusion|mention|mentioning|presence|appearance) of )?"
    rf"(?P<what>.+?)(?: (?:{PLACE}))? (?:is|{MUST} be) {REQUIRED}(?: (?:{PLACE}))?(?:,? {_ASIDE})*"
)
_INVERTED = Pattern(
    rf"(?:(?:{PLACE}),? (?:there )?{MUST} (?:also )?(?:appear|be {_IS_GIVEN}|be|figure|stand)"
    rf"|there {MUST} (?:also )?be|what {MUST} be {_IS_GIVEN}:|the following (?:(?:equation"
    rf"|prime|text|string"
    rf"|value) )?{MUST} (?:appear|be {_IS_GIVEN}|be)(?: (?:{PLACE}))?"
    rf"(?:,? {_ASIDE})* ?:) (?P<what>.+)"
)
_MADE_APPEAR = Pattern(rf"(?:make|have|let) (?P<what>.+?) appear(?: (?:{PLACE}))?")
_TO_INCLUDE = Pattern(
    r"the (?:equation|prime(?: number)?|value|text|string) (?:to include|to be included|required)"
    r"(?: (?:is|=)|:) (?P<what>.+)"
)
_ADDED_TO = Pattern(rf"(?:{MUST} )?add (?P<what>.+?) to (?:{WHERE}|it)")
_INTO = Pattern(
    rf"(?:{_SUBJECT} )?(?:{MUST} )?(?:also )?"
    r"(?:work|weave|fit|put|build|slip|drop|get|squeeze|sneak|blend|place|add|include|insert"
    r"|embed|incorporate|write|bring|(?:find|make) (?:a place|room|space) for)"
    rf" (?P<what>.+?) (?:somewhere )?(?:in|into|in to|to|inside) (?:{WHERE}|there|it)"
    r"(?: somewhere)?"
)
_FRAMES = (_MADE_APPEAR, _ADDED_TO, _TO_INCLUDE, _ACTIVE, _INTO, _INVERTED, _IS_REQUIRED, _PASSIVE)
_MENTION_OF = Pattern(r"^(?:a |the )?(?:mention|reference) (?:of|to) ")
_LAST_ASIDE = Pattern(rf",? ?(?:\({_ASIDE}\)|{_ASIDE})$")
_BARE_BE = Pattern(rf" {MUST} be$")


def plain(text: str) -> str:
    """Return a text with plain marks, and without a number or `make sure that` before it."""
    text = _BRACKETED.sub(r"\g<label>: ", text, count=1) if text.startswith("[") else text
    text = _ARROW.sub(": ", " ".join(text.translate(_MARKS).split()))
    text = _CAN_NOT.sub("cannot", _CONTRACTED.sub(r"\1 not", text))
    text = _IS_CONTRACTED.sub(r"\1 is", text)
    for before in (_NUMBERING, _NUMBERING, _POLITE, _ENSURED):
        if (match := before.match(text)) is not None:
            text = text[match.end() :]
    text = _WANTED.sub(r"\g<where> must ", text, count=1) if _WANTED.match(text) else text
    return _PLEASE.sub("", text.rstrip(".!; "))


def required(text: str) -> str | None:
    """Return what a plain text says that an artifact must have, None if it says something else.

    What it says of where and how that is written (`in digits`, `verbatim`) is left out.
    """
    for frame in _FRAMES:
        match = frame.fullmatch(text)
        if match is not None:
            break
    else:
        return None
    if frame is _PASSIVE and not match["place"] and _BARE_BE.search(text):
        return None
    what = _MENTION_OF.sub("", match["what"].strip(" ,:"))
    while (aside := _LAST_ASIDE.search(what)) is not None:
        what = what[: aside.start()].rstrip(" ,")
    return what
