"""What an attempt has read and the document bears out.

The document may state a value in words from which the reader would not take it by itself: the
`Lifted Product` of a code is clearly its construction once somebody says so.
"""

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.from_document import DocumentReading, Known, reading_of
from botcoin_dpo.auditing.expected_texts.from_trace import Expected, expected_texts
from botcoin_dpo.auditing.verdict import Place
from botcoin_dpo.constraints.constraint import Answer, Constraint, Need, Term


def borne_out_text(subject: AuditedAttempt, index: int, constraint: Constraint) -> Known | None:
    """Return the only text of the attempt's own reading that the document bears out."""
    reading = reading_of(subject.document, subject.questions)
    found: dict[str, Known] = {}
    for expected in expected_texts(subject, index):
        place = _place(reading, constraint.needs, expected) if expected.is_close else None
        if place is not None:
            found[expected.text] = Known(expected.text, "document", place)
    return next(iter(found.values())) if len(found) == 1 else None


def _place(reading: DocumentReading, needs: tuple[Need, ...], expected: Expected) -> Place | None:
    """Return where the last value is stated, None unless all are."""
    place = None
    for need, read in zip(needs, expected.readings, strict=True):
        if isinstance(need, Answer):
            continue
        reference = need.reference if isinstance(need, Term) else need
        stated = reading.states(read.entity, reference.attribute, read.value)
        if stated is None:
            return None
        place = Place(stated.paragraph, stated.start, stated.end)
    return place
