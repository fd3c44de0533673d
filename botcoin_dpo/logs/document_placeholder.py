"""Replaces the document of a record by a placeholder.

The document is more than half of a record, and grouping asks nothing of it but its digest. So a
record is decoded with a stand-in, which no log can hold: its one byte occurs nowhere in UTF-8.
"""

STAND_IN = b'"\xff"'
"""What stands where the document stood; a string to a decoder that does not look into it."""

_OPENINGS = (b'"challenge_context":{"document":"', b'"challenge_context": {"document": "')
"""What a document follows in most logs: JavaScript's and Python's spelling."""

_BACKSLASH = ord("\\")


def take_out_document(raw: bytes) -> tuple[bytes, bytes]:
    """Return a record with the stand-in, and the JSON of what it stands for.

    Takes valid JSON. That this is the document is a guess; it is right if the stand-in is found in
    the document's place. Where none can be made the record comes back as it is, with no bytes.
    """
    for opening in _OPENINGS:
        start = raw.find(opening)
        if start >= 0:
            start += len(opening) - 1
            end = _string_end(raw, start)
            return b"".join((raw[:start], STAND_IN, raw[end:])), raw[start:end]
    return raw, b""


def without_document(raw: bytes, document: bytes) -> bytes:
    """Return a record with the stand-in for a document that is known to lie in it."""
    start = raw.find(document[:64])  # searching for 20 KB would cost more than parsing them
    if not raw.startswith(document, start):
        start = raw.find(document)
    return b"".join((raw[:start], STAND_IN, raw[start + len(document) :]))


def _string_end(raw: bytes, start: int) -> int:
    """Return where the string ends whose opening quote is there."""
    quote = raw.find(b'"', start + 1)
    while raw[quote - 1] == _BACKSLASH:
        before = quote - 1
        while raw[before - 1] == _BACKSLASH:
            before -= 1
        if (quote - before) % 2 == 0:  # they escape each other
            break
        quote = raw.find(b'"', quote + 1)
    return quote + 1
