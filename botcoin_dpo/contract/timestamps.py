"""RFC 3339 timestamps and milliseconds since the epoch, in the proleptic Gregorian calendar."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_USUAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]\.[0-9]{3}Z")
_LONGEST_USUAL = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_milliseconds(text: str) -> int | None:
    """Return ms since the epoch of an RFC 3339 timestamp with an offset, None if it is not one.

    What is finer than a millisecond is cut off; a leap second counts as the second after it.
    """
    # A record's timestamp is checked, then read, then checked in its row; one that is as long as a
    # record is not kept.
    return _remembered(text) if len(text) <= _LONGEST_USUAL else _milliseconds(text)


def _milliseconds(text: str) -> int | None:
    if _USUAL.fullmatch(text):  # as coordinators write it; the standard library reads it faster
        try:
            return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND
        except ValueError:
            return None
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, east_hours, east_minutes = (
        match.groups()
    )
    if int(second) > 60 or int(east_hours or 0) > 23 or int(east_minutes or 0) > 59:
        return None
    try:
        start = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC)
    except ValueError:
        return None
    seconds = int((start - _EPOCH).total_seconds()) + int(second)
    east = int(east_hours or 0) * 3600 + int(east_minutes or 0) * 60
    seconds += east if sign == "-" else -east
    return seconds * 1000 + int((fraction or "0")[:3].ljust(3, "0"))


_remembered = lru_cache(maxsize=256)(_milliseconds)


def from_milliseconds(milliseconds: int) -> str:
    """Return `YYYY-MM-DDTHH:MM:SS.mmmZ`; takes 0 … 253402300799999 (the end of the year 9999)."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
