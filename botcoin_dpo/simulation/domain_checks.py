"""Checks what the types of a domain cannot say: placeholders, facts, and enough to ask about."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from string import Formatter

from botcoin_dpo.constraints.kinds import constraint_kind
from botcoin_dpo.simulation.domain import QUARTERS, Domain, Number, Series, Text
from botcoin_dpo.simulation.names import NAME_MAKERS

_Values = Mapping[str, str | int | float]
"""What may stand in a template: an example of the value by the name of the placeholder."""


def find_problem(domain: Domain) -> str | None:
    """Return the first thing that is wrong with a domain, its key first; None if it is sound."""
    found = chain(
        _keys(domain), _texts(domain), _numbers(domain), _series(domain), _sheets(domain),
        _prose(domain), _supply(domain),
    )  # fmt: skip
    return next(found, None)


def _keys(domain: Domain) -> Iterator[str]:
    low, high = domain.entities
    if low > high:
        yield "entities: the fewest are more than the most"
    for key, count in Counter(attribute.key for attribute in domain.attributes).items():
        if count > 1:
            yield f"{key}: is the key of {count} attributes"
    if "name" in domain.by_key:
        yield "name: is the placeholder of the entity; give the attribute another key"


def _texts(domain: Domain) -> Iterator[str]:
    for number, text in enumerate(domain.texts):
        at = f"texts[{number}]"
        if isinstance(text.draw, str) and text.draw not in NAME_MAKERS:
            yield f"{at}.draw: {text.draw!r}: unknown; choose from {', '.join(NAME_MAKERS)}"
        if text.include and constraint_kind(_asking_for(text.include)) != "include":
            yield f"{at}.include: {text.include!r} cannot be read in a constraint"
        if text.filter:
            yield from _template(f"{at}.filter", text.filter, {"": "word"})


def _asking_for(phrase: str) -> str:
    return f"Must include the {phrase} that answers Question 1."


def _numbers(domain: Domain) -> Iterator[str]:
    for number, each in enumerate(domain.numbers):
        at = f"numbers[{number}]"
        value = 1234 if each.digits == 0 else 1234.5
        yield from _range(at, each)
        yield from _templates(f"{at}.forms", each.forms, {"0": value, "1": 1.2345}, {"0"})
        if each.above:
            yield from _template(f"{at}.above", each.above, {"": 1234})
        if each.term:
            yield from _template(f"{at}.term", each.term, {})
            if each.digits:
                yield f"{at}.term: constraints compute with whole numbers only"
        values: _Values = {"a": "one", "b": "other", "d": value}
        yield from _templates(f"{at}.more_than", each.more_than, values)
        yield from _templates(f"{at}.less_than", each.less_than, values)


def _series(domain: Domain) -> Iterator[str]:
    for number, each in enumerate(domain.series):
        at = f"series[{number}]"
        values: _Values = {"0": 1234, "1": 1.234}
        yield from _range(at, each)
        yield from _templates(f"{at}.forms", each.forms, values, {"0"})
        yield from _templates(f"{at}.negative_forms", each.negative_forms, values, {"0"})
        if each.low < 0 and not each.negative_forms:
            yield f"{at}.negative_forms: is missing; values may be below 0"
        if each.term:
            yield from _template(f"{at}.term", each.term, {"": 1})
        values = {"a": "one", "b": "other", "d": 1234, "q": "Q1"}
        yield from _templates(f"{at}.more_than", each.more_than, values)
        yield from _templates(f"{at}.less_than", each.less_than, values)


def _range(at: str, attribute: Number | Series) -> Iterator[str]:
    if attribute.low > attribute.high:
        yield f"{at}.low: is above `high`"
    if attribute.term and attribute.low < 0:
        yield f"{at}.term: constraints do not compute with values below 0"


def _sheets(domain: Domain) -> Iterator[str]:
    told = Counter(key for sheet in domain.sheets for key in sheet.keys)
    for number, sheet in enumerate(domain.sheets):
        at = f"sheets[{number}]"
        for key in sheet.keys:
            if key not in domain.by_key:
                yield f"{at}.keys: {key!r}: no such attribute"
        facts = {name for name, (key, _) in domain.facts.items() if key in sheet.keys}
        yield from _templates(
            f"{at}.templates", sheet.templates, dict.fromkeys(facts | {"name"}, "")
        )
        compared = Counter(name for group in sheet.compared for name in group)
        if compared and compared != Counter(facts):
            odd = sorted((compared - Counter(facts)) or (Counter(facts) - compared))
            yield f"{at}.compared: {odd[0]!r}: must be told once, as all facts of the sheet"
        for key in sheet.keys if compared else ():
            attribute = domain.by_key[key]
            if isinstance(attribute, Text) or not (attribute.more_than and attribute.less_than):
                yield f"{at}.compared: {key!r}: has no `more_than` and `less_than`"
    for key in domain.by_key:
        if told[key] != 1:
            yield f"sheets: {key!r}: must stand in the keys of one sheet, stands in {told[key]}"


def _prose(domain: Domain) -> Iterator[str]:
    prose = domain.prose
    about: _Values = dict.fromkeys(("name", *domain.facts), "")
    yield from _templates("prose.asides", prose.asides, about, set())
    pair: _Values = {"name": "", "other": "", "alias": ""}
    yield from _templates("prose.gossip", prose.gossip, pair, set())
    trap: _Values = {"name": "", "label": "", "value": ""}
    yield from _templates("prose.superseded", prose.superseded, trap)
    yield from _templates("prose.confirmed", prose.confirmed, trap)
    for key in ("headings", "flourishes", "fillers"):
        yield from _templates(f"prose.{key}", getattr(prose, key), {})


def _supply(domain: Domain) -> Iterator[str]:
    """Yield what questions and constraints need and the domain has too little of."""
    terms = [*filter(None, (number.term for number in domain.numbers))]
    quarterly = [*filter(None, (series.term for series in domain.series))]
    for where, count, least in (
        ("texts: with `include`", sum(text.include is not None for text in domain.texts), 3),
        ("texts: with `filter`", sum(text.filter is not None for text in domain.texts), 1),
        ("texts: with `same`", sum(text.same is not None for text in domain.texts), 1),
        ("numbers", len(domain.numbers), 2),
        ("numbers: with `above`", sum(each.above is not None for each in domain.numbers), 1),
        ("numbers: with `term`", len(terms), 1),
        ("series: above 0", sum(series.low > 0 for series in domain.series), 1),
        ("numbers and series: with `term`", len(terms) + len(QUARTERS) * len(quarterly), 3),
    ):
        if count < least:
            yield f"{where}: {count}, and {least} are needed"


def _templates(
    at: str, templates: Iterable[str], values: _Values, required: set[str] | None = None
) -> Iterator[str]:
    for number, template in enumerate(templates):
        yield from _template(f"{at}[{number}]", template, values, required)


def _template(
    at: str, template: str, values: _Values, required: set[str] | None = None
) -> Iterator[str]:
    """Yield what is wrong with a template; without `required`, it must have all placeholders."""
    found: set[str] = set()
    try:
        for _, name, form, conversion in Formatter().parse(template):
            if name is None:
                continue
            if name not in values:
                yield f"{at}: {{{name}}}: no such placeholder here"
                return
            value = values[name]
            if conversion or (form and isinstance(value, str)):
                yield f"{at}: {{{name}}}: is printed as it is, without a format"
            format(value, form or "")
            found.add(name)
    except ValueError as error:
        yield f"{at}: {str(error)[:1].lower()}{str(error)[1:]}"
    for name in sorted((set(values) if required is None else required) - found):
        yield f"{at}: lacks {{{name}}}"
