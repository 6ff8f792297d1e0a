"""Calendar files (RFC 5545): lines of name and value, folded and ended as the RFC asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain

Lines = list[tuple[str, str]]
"""Name (with parameters) and value of the lines of one event, as they are written."""

_LONGEST = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
"""RFC 5545, 3.3.11."""
_CONTROL = dict.fromkeys(code for code in (*range(32), 127) if code not in (9, 10))


def calendar(events: Sequence[Lines], *, title: str = "", stamp: dt.date) -> bytes:
    """
    Return a calendar to import: its name, if it has a *title*, and *events*.

    *stamp* is the day of what is said in it, not of the clock: two builds write the same bytes.
    """
    head: Lines = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//newsletter//care plan//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        *([("X-WR-CALNAME", escaped(title))] if title else []),
    ]
    stamped: Lines = [("DTSTAMP", f"{stamp:%Y%m%d}T000000Z")]
    bodies = ([("BEGIN", "VEVENT"), *stamped, *event, ("END", "VEVENT")] for event in events)
    lines = chain(head, *bodies, [("END", "VCALENDAR")])
    return b"".join(_folded(f"{name}:{value}") for name, value in lines)


def whole_day(day: dt.date) -> Lines:
    """Return the time of an event of one day, which ends before the next begins (3.6.1)."""
    return [
        ("DTSTART;VALUE=DATE", f"{day:%Y%m%d}"),
        ("DTEND;VALUE=DATE", f"{day + dt.timedelta(days=1):%Y%m%d}"),
        ("TRANSP", "TRANSPARENT"),
    ]


def moment(local: dt.datetime) -> str:
    """Return a moment that knows its zone, in UTC: no rules of any zone are needed to read it."""
    return f"{local.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(value: str) -> str:
    """Return a text as the value of a line."""
    return value.replace("\r\n", "\n").translate(_CONTROL).translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Return a line of at most 75 octets, the rest on lines that begin with a space."""
    data, pieces, room = line.encode(), [], _LONGEST
    while len(data) > room:
        end = room
        while data[end] & 0xC0 == 0x80:  # not within the octets of one character
            end -= 1
        pieces.append(data[:end])
        data, room = data[end:], _LONGEST - 1
    return b"\r\n ".join([*pieces, data]) + b"\r\n"
