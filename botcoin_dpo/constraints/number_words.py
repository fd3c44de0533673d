"""Numbers as constraints write them: in digits, or in words up to a thousand."""

_UNITS = str.split("zero one two three four five six seven eight nine")
_TEENS = str.split(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = str.split(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ROUND = {"hundred": 100, "thousand": 1000}

_NUMBER_BY_WORD = {
    **{word: number for number, word in enumerate([*_UNITS, *_TEENS])},
    **{word: 10 * tens for tens, word in enumerate(_TENS, start=2)},
    **_ROUND,
    **{f"{article} {word}": number for article in ("a", "one") for word, number in _ROUND.items()},
}
_ORDINAL_BY_WORD = {word: number for number, word in enumerate(_ORDINALS, start=1)}

NUMBER_WORDS = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[1:])}))?"
    rf"|(?:an? |one )?(?:{'|'.join(_ROUND)})|{'|'.join(reversed([*_UNITS, *_TEENS]))})"
)
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,9}}|{NUMBER_WORDS})"
"""The pattern of a number; for `re.IGNORECASE`, as those below are."""

ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))"


def number_of(text: str) -> int:
    """Return the number that a text spells which `NUMBER` or `ORDINAL` matches."""
    word = text.lower()
    if word[0].isdigit():
        return int(word.rstrip("stndrh").replace(",", ""))
    if word in _ORDINAL_BY_WORD:
        return _ORDINAL_BY_WORD[word]
    if word in _NUMBER_BY_WORD:
        return _NUMBER_BY_WORD[word]
    tens, unit = word.replace("-", " ").split()
    return _NUMBER_BY_WORD[tens] + _NUMBER_BY_WORD[unit]
