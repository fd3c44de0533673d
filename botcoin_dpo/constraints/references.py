"""References: an attribute of the entity that answers a question, in whatever words.

A phrase is read from end to end. One that speaks of two questions, of two attributes, or of
something that is made from an attribute is not understood.
"""

import re

from botcoin_dpo.constraints.constraint import Reference
from botcoin_dpo.constraints.number_words import NUMBER_WORDS, ORDINAL, number_of
from botcoin_dpo.constraints.patterns import Match, Pattern

_COUNTED = Pattern(
    r"\b(?P<of>question|q|answer)(?: ?(?:no\.?|number|nr\.?|#))? ?#?"
    rf"(?P<number>\d{{1,4}}|(?<= ){NUMBER_WORDS})(?!\w)"
    rf"|(?:\bthe )?\b(?P<ordinal>{ORDINAL}) question\b"
)
_QUESTION = r"(?:(?:the )?question \d{1,4}|(?:the )?q ?\d{1,4})(?!\w)"
_ANSWER = r"(?:the |your )?(?:correct |right )?(?:answer|solution)"
_ANSWER_TO = rf"{_ANSWER} (?:to|of|for|from) {_QUESTION}"
_NUMBERED_ANSWER = r"(?:the )?answer \d{1,4}(?!\w)"
_ANY_ANSWER = rf"(?:{_ANSWER_TO}|{_NUMBERED_ANSWER}|{_QUESTION}(?:'s (?:answer|company|firm))?)"
_NO_ENTITY = (
    r"(?:ceo|chief|founder|president|director|manager|leader|researcher|captain|author|head"
    r"|headquarters|hq|city|country|competitor|rival|subsidiary|parent|supplier|owner|revenue"
    r"|employees|surname)"
)
"""What is rather an attribute of an entity than the entity."""

_NOUN = (
    r"(?:the|that|an?) (?!(?:(?! (?:that|which|who|whose|from|in|answering) )[\w' -]){0,40}"
    rf"\b{_NO_ENTITY}\b)"
    r"(?P<noun>(?:(?! (?:the|that|which|who|whose) )[\w' -]){1,60})"
)
_IS_ANSWER = (
    rf"(?: (?:that|which|who|whose name)(?: correctly)? (?:answers?|solves?) {_QUESTION}"
    rf"| (?:that|which|who|whose name) is {_ANSWER_TO}"
    rf"| (?:answering|solving) {_QUESTION}"
    rf"| (?:from|in) {_ANY_ANSWER}"
    rf"|(?: (?:(?:that |which )?you )?)(?:named|identified|given|gave|chose|picked|found"
    rf"|asked for|sought|chosen|selected) "
    rf"(?:in|by|for|as) {_ANY_ANSWER})"
)
_WHICHEVER = rf"(?:whichever [a-z]{{3,20}}|[a-z]{{3,20}} (?:that|which)) answers {_QUESTION}"
_ANSWERING = rf"[a-z]{{3,20}} answering {_QUESTION}"
_QUESTION_NOUN = (
    r"(?:(?:the )?(?:question|q) ?\d{1,4} (?:answer|company|firm|business|enterprise"
    r"|organi[sz]ation|entity|code)|the question \d{1,4} (?!(?:and|or|not|never|nor|unless"
    r"|except|about|than|other|without|either|if|only|mod|modulo|plus|minus|divided)\b)[a-z]{3,20})"
)
ENTITY = rf"(?:{_ANY_ANSWER}|{_QUESTION_NOUN}|{_WHICHEVER}|{_ANSWERING}|{_NOUN}{_IS_ANSWER})"
"""The pattern of what stands for the entity that answers a question; has a group `noun`."""

_MENTION = Pattern(r"\b(?:question |answer |q ?)(\d{1,4})(?!\w)")
_ATTRIBUTE = r"[^()\";:?=+*<>,]{1,120}?(?:\([^()]{1,20}\))?"
_UNIT = re.compile(r" in [^ /]{1,12}(?:/[^ /]{1,12}){1,3}$")
_OF_OWNER = Pattern(
    rf"(?P<attribute>{_ATTRIBUTE})(?: \w+ed(?= by\b)| (?:belonging|(?:that"
    rf"|which) belongs)(?= to\b)| (?:associated"
    rf"|connected)(?= with\b))?"
    rf"(?: (?:of|for|on|by|in|at|from|with|behind|to))+ (?P<entity>{ENTITY})"
)
_OWNERS = Pattern(rf"(?P<entity>{ENTITY})'s (?P<attribute>{_ATTRIBUTE})")
_OF_OWNED = Pattern(
    rf"(?P<attribute>{_ATTRIBUTE} of) (?P<entity>{ENTITY})'s (?P<owned>[\w ]{{1,40}})"
)
_IN_PARENTHESES = Pattern(
    rf" (?:\((?:of |for )?(?P<owner>{ENTITY})\)"
    rf"|- (?P<after>{ENTITY.replace('?P<noun>', '?P<second>')}))$"
)
_SEAT = r"(?:headquarters|hq|head office)"
_FOUNDED = Pattern(
    rf"(?:the |which |what )(?P<attribute>year)(?: in which| when"
    rf"| that)? (?P<entity>{ENTITY}) was founded"
    r"(?: in)?"
)
_WHERE_SEATED = Pattern(
    rf"where (?P<entity>{ENTITY}) (?:is headquartered|has its {_SEAT}) \((?P<attribute>city"
    rf"|country)\)"
)
_HOW_MANY = Pattern(rf"how many (?P<attribute>[\w -]{{2,30}}?) (?P<entity>{ENTITY}) has")
_ONLY = Pattern(r"\(([a-z]+(?: [a-z]+)?) only\)")
_PERSON = Pattern(r"\b(?:the (?:person|man|woman) who|whoever) is (?:the )?")
_CITY = r"(?:the |which |what )?(?P<attribute>city|country)"
_HEADQUARTERS = Pattern(
    rf"(?:(?:the )?name of )?(?:{_CITY} (?:where|in which) (?P<entity>{ENTITY}) "
    rf"(?:is headquartered|has its {_SEAT}|is {_SEAT}ed))"
)
_HEADQUARTERED = Pattern(
    rf"(?:in )?{_CITY} (?:that )?(?P<entity>{ENTITY}) (?:is headquartered|has its {_SEAT})"
    r"(?P<in> in)?"
)
_ARTICLE = re.compile(r"^(?:the|its)\s+(?:(?:exact|correct)\s+)?", re.IGNORECASE)
_NAME_OF = Pattern(r"^(?:name|value) of (?:the )?(?=.*\b(?:city|country|revenue)\b)")

_NOT_ONE_ATTRIBUTE = Pattern(
    r"\b(?:and|or|nor|not|no(?!\.)|never|either|neither|both|any|some|all|each|every|another"
    r"|combined"
    r"|unless|except|excluding|without|than|if|whether|instead|only"
    r"|letters?|characters?|digits?|vowels?|consonants?|syllables?|words?|initials?|spelled"
    r"|spelling"
    r"|abbreviat\w*|acronym|revers\w*|backwards?|anagram|translat\w*|rounded|upper-?cased?"
    r"|lower-?cased?|differences?|quotient|twice|doubled|squared|plus|minus|mod|modulo|remainder"
    r"|divided|primes?|nextprime|that|which|who|whose|where|when|is|are|was|has|approximately|about"
    r"|roughly|least|(?:sum|product|larger|smaller|greater|lower|higher|most|half) of"
    r"|(?:half|double) the|other|most|half(?!-)|(?:headquartered|based|located|founded) in"
    r"|(?:change|increase|decrease|rise|drop|fall|decline|growth) (?:in|of|from|over)|by an?"
    r"|of the (?:winner|company|firm|entity|answer)$"
    r"|(?:first|second|third|last) (?:the|headquarters|hq|city|country|ceo|employees|revenue))\b"
    r"|\b(?:first|second|third|last|closest|nearest|next|near)$"
    r"|(?:square|cube|root|synonym|plural|opposite|capital|average|length) of|^(?:nearest"
    r"|closest|farthest|furthest) |^an? |^(?:be|include|contain|mention|artifact|there|add"
    r"|subtract|divide|multiply|reduce|take|find|compute|calculate) |^(?:by|in"
    r"|on|of|at|to|for|from|with) |^(?:\d+|two|three"
    r"|four|five) |%|&"
)
_NOT_ONE_ENTITY = Pattern(
    r"\b(?:and|or|nor|not|no|either|neither|both|any|before|after|above|below|next|previous"
    r"|preceding|following|other|another|unless|except|than|if|never|about|without|reversed|twice"
    r"|minus|least|most|last|first|second|third|half|only|almost|nearly|possibly|would|largest"
    r"|smallest|every|each|all|some)\b"
)
_REFERS = Pattern(r"\bquestion ?\d|\banswers?\b|\bq ?(?:[5-9]|\d\d+)\b|\bq\d+'s")
_QUARTER_OR_QUESTION = Pattern(r"(?:.* (?:in|from) )?(?:the )?q ?[1-4]")
_QUARTERLY = Pattern(
    r"\b(?:revenues?|sales|profits?|income|earnings|turnover|growth|margins?|costs?|spending|cash"
    r"|ebitda|losses|loss|freight)\b"
)

_SEATS = (_HEADQUARTERS, _HEADQUARTERED, _WHERE_SEATED)
_PHRASES = (_OF_OWNER, _OWNERS, _OF_OWNED, *_SEATS, _HOW_MANY, _FOUNDED)


def question_in(entity: str) -> int | None:
    """Return the one question that a phrase mentions, None if it mentions none or several."""
    mentions = _MENTION.findall(with_plain_questions(entity))
    return int(mentions[0]) if len(mentions) == 1 else None


def with_plain_questions(text: str) -> str:
    """Return a text with `question 9` for `question no. nine`, `the ninth question` and so on."""
    return _COUNTED.sub(_plain_question, text)


def _plain_question(match: Match) -> str:
    of, number = match["of"] or "question", number_of(match["number"] or match["ordinal"])
    return f"{of}{number}" if of in "Qq" else f"{of} {number}"


def reference_in(phrase: str) -> Reference | None:
    """Return the attribute and the question of a plain phrase, None if it is unclear."""
    phrase = with_plain_questions(phrase.strip(" ,"))
    phrase = _IN_PARENTHESES.sub(lambda match: f" of {match['owner'] or match['after']}", phrase)
    phrase = _ONLY.sub(r"(\1)", _PERSON.sub("the ", phrase))
    for pattern in _PHRASES:
        match = pattern.fullmatch(phrase)
        if match is not None:
            break
    else:
        return None
    groups = match.groupdict()
    entity, noun = groups["entity"], groups["noun"]
    question = question_in(entity)
    name = " ".join(_NAME_OF.sub("", _ARTICLE.sub("", groups["attribute"].strip())).split())
    if pattern in _SEATS:
        name = f"headquarters {name}"
    elif pattern is _FOUNDED:
        name = "founding year"
    elif pattern is _HOW_MANY:
        name = f"number of {name}"
    elif pattern is _OF_OWNED:
        name = f"{name} {groups['owned']}"
    if not name or question is None or (noun and _NOT_ONE_ENTITY.search(noun)):
        return None
    if _NOT_ONE_ATTRIBUTE.search(name) or _REFERS.search(name):
        return None
    if "/" in _UNIT.sub("", name):
        return None  # a quotient of two, or one or the other
    if _QUARTER_OR_QUESTION.fullmatch(entity) and _QUARTERLY.search(name):
        return None  # "the revenue of Q4" may be a quarter's
    return Reference(name, question)
