"""Writes calendar files (RFC 5545) from lines of names and values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain

Lines = list[tuple[str, str]]
"""The lines of an event: name (with parameters) and escaped value."""

_LONGEST = 75
"""Octets in a line, without the line end (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
"""RFC 5545, 3.3.11."""
_CONTROL = dict.fromkeys(code for code in (*range(32), 127) if code not in (9, 10))


def calendar(events: Sequence[Lines], *, title: str = "", stamp: dt.date) -> bytes:
    """
    Return a calendar file of *events*, named *title* unless that is empty.

    *stamp* is the day of the content, not of the clock, so that two builds write the same bytes.
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
    """Return the time of a whole-day event; its end is the next day, exclusive (3.6.1)."""
    return [
        ("DTSTART;VALUE=DATE", f"{day:%Y%m%d}"),
        ("DTEND;VALUE=DATE", f"{day + dt.timedelta(days=1):%Y%m%d}"),
        ("TRANSP", "TRANSPARENT"),
    ]


def moment(local: dt.datetime) -> str:
    """Return an aware moment in UTC, which needs no time zone rules to read."""
    return f"{local.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(value: str) -> str:
    """Return a text as the value of a line."""
    return value.replace("\r\n", "\n").translate(_CONTROL).translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Return a line folded after 75 octets; continuation lines begin with a space."""
    data, pieces, room = line.encode(), [], _LONGEST
    while len(data) > room:
        end = room
        while data[end] & 0xC0 == 0x80:  # do not split a character
            end -= 1
        pieces.append(data[:end])
        data, room = data[end:], _LONGEST - 1
    return b"\r\n ".join([*pieces, data]) + b"\r\n"
