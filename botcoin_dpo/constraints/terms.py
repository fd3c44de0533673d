"""Terms, `((ATTRIBUTE mod m) + k)`, in whatever words, and letters that stand for parts of them."""

import re

from botcoin_dpo.constraints.constraint import Term
from botcoin_dpo.constraints.number_words import NUMBER, number_of
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.references import reference_in

IS = (
    r"(?: ?:?= ?|: | (?:(?:is )?(?:equal to|computed as|calculated as|taken as|set to)"
    r"|is defined as|is given by|is|equals|denotes|means|being"
    r"|stands for|represents) )"
)
"""The pattern of what stands between a letter and what it stands for."""

_DEFINED = Pattern(
    r"(?:^|[\s,;.:(])(?:(?:(?:where|wherein|with|given(?: that)?|and|in which|here|such that"
    r"|so that|for"
    r"|if|take|let"
    r"|compute|calculate|define|set):? ){0,2}"
    rf"(?P<letter>[a-z]){IS}|(?:and )?let (?P<other>[a-z]) be "
    r"|(?:set|define|and|,) (?P<set>[a-z]) (?:to|as) )"
)
_BETWEEN_CLAUSES = Pattern(r"[.;,:] (?:and |then )*| (?:and|then) ")
_REDUCED = Pattern(
    r",? (?:and |then )*(?:reduce|take|compute|calculate) (?:(?:it|that|this)|(?:the"
    r"|its) remainder) (?:mod(?:ulo)?|when divided by|on division by) "
)

_NUMBER = Pattern(NUMBER)
_PLUS = Pattern(r"\+|(?<=[ )])plus(?=[ (])")
_ADDED = Pattern(
    rf",? (?:(?:and |then )*(?:increased by|raised by|add(?:ing)?) (?P<number>{NUMBER})"
    rf"(?: to (?:it|that|this|the result))?|with (?P<other>{NUMBER}) added)$"
)
_MORE_THAN = Pattern(
    rf"(?:(?P<sum>{NUMBER}) (?:more than|greater than|added to)"
    rf"|add (?P<number>{NUMBER}) to(?= \(| (?:the )?remainder\b)) (?P<rest>.+)"
)
_SUM_OF = Pattern(
    rf"(?:the )?sum of (?:(?P<number>{NUMBER}) and (?P<rest>.+)"
    rf"|(?P<first>.+) and (?P<last>{NUMBER}))"
)
_REMAINDERS = [
    Pattern(pattern)
    for pattern in (
        rf"(?P<of>.+?),? ?(?:\b(?:taken |reduced )?mod(?:ulo|ulus)?\b|%) ?(?P<by>\(?{NUMBER}\)?)",
        rf"mod(?:ulo)? ?\((?P<of>.+), ?(?P<by>{NUMBER})\)",
        rf"(?:the )?remainder(?: (?:of|when|after|left when|from|you get when))? (?P<of>.+?),? "
        rf"(?:(?:is |are |when )?divided by|on division by|after division by) (?P<by>{NUMBER})",
        rf"(?:divid(?:e|ing) )(?P<of>.+) by (?P<by>{NUMBER}),?(?: and)? (?:tak|keep)(?:e|ing) "
        r"(?:only )?the remainder",
        rf"(?:the )?remainder (?:of|after|from|when|on) (?:dividing|the division of|division of) "
        rf"(?P<of>.+) by (?P<by>{NUMBER})",
    )
]


def term_in(text: str) -> Term | None:
    """Return the term that a plain text says, None if it is another sum, or may be."""
    text = _without_parentheses(text)
    text = _REDUCED.sub(" modulo ", text)
    text = _ADDED.sub(lambda match: f" plus {match['number'] or match['other']}", text)
    for pattern in (_MORE_THAN, _SUM_OF):
        match = pattern.fullmatch(text)
        if match is not None:
            groups = match.groupdict()
            number = groups["number"] or groups.get("sum") or groups.get("last")
            text = f"({groups['rest'] or groups['first']}) plus {number}"
    signs = [match for match in _PLUS.finditer(text) if _is_outside(text, match.start())]
    if not signs:
        return _remainder(text, 0)
    if len(signs) > 1:
        return None
    [sign] = signs
    left, right = text[: sign.start()].strip(" ,"), text[sign.end() :].strip()
    number = _plain_number(right)
    if number is not None:
        return _remainder(left, number)
    number = _plain_number(left)
    # In "11 plus the crew mod 100" it is not said what is taken modulo 100.
    is_one_thing = right.startswith("(") or right.lower().startswith(("remainder", "the remainder"))
    return _remainder(right, number) if number is not None and is_one_thing else None


def divide_at_definitions(text: str, main: Pattern) -> tuple[str, dict[str, str]]:
    """Return a text without what letters stand for, and that by letter.

    Args:
        text: what a constraint says.
        main: what only the rest has, be it before the definitions or behind them.
    """
    found = [*_DEFINED.finditer(text)]
    if not found:
        return text, {}
    ends = [match.start() for match in found[1:]] + [len(text)]
    rest = text[: found[0].start()]
    values: dict[str, str] = {}
    for match, end in zip(found, ends, strict=True):
        value = text[match.end() : end]
        place = main.search(value)
        if place is not None:
            marks = [*_BETWEEN_CLAUSES.finditer(value, 0, place.start())]
            if not marks:
                return text, {}
            rest = f"{rest} {value[marks[-1].end() :]}"
            value = value[: marks[-1].start()]
        letter = match["letter"] or match["other"] or match["set"]
        if letter in values:
            return text, {}
        values[letter] = value.strip(" ,;.")
    return rest.strip(" ,;.:"), values


def with_values(text: str, values: dict[str, str]) -> str:
    """Return a text with what letters stand for in their places, in parentheses."""
    for letter, value in values.items():
        parts = re.split(rf"(?<![\w']){letter}(?![\w'])", text)
        text = f"({value})".join(parts)
    return text


def _remainder(text: str, offset: int) -> Term | None:
    text = _without_parentheses(text)
    for pattern in _REMAINDERS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        modulus = number_of(match["by"].strip("()"))
        reference = reference_in(_without_parentheses(match["of"]))
        if modulus > 0 and reference is not None:
            return Term(reference, modulus, offset)
    return None


def _plain_number(text: str) -> int | None:
    text = _without_parentheses(text)
    return number_of(text) if _NUMBER.fullmatch(text) else None


def _without_parentheses(text: str) -> str:
    """Return a text without those parentheses that are around all of it."""
    text = text.strip(" ,;.")
    while text.startswith("(") and text.endswith(")") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip(" ,;.")
    return text


def _closing(text: str) -> int:
    """Return where the first parenthesis of a text closes, -1 if it does not."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place
    return -1


def _is_outside(text: str, place: int) -> bool:
    return text.count("(", 0, place) == text.count(")", 0, place)
