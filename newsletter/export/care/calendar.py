"""calendar/<member>.ics: each team member's calls and visits, and the days of their customers."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import polars as pl

from newsletter.model.artifact import Artifact
from newsletter.model.care import Touch
from newsletter.model.project import Project
from newsletter.render.view import by_name

_APPOINTMENTS = ("call", "visit")
_LONGEST = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
"""RFC 5545, 3.3.11."""
_CONTROL = dict.fromkeys(code for code in (*range(32), 127) if code not in (9, 10))


def calendars(
    project: Project, touches: Sequence[Touch], *, upcoming: pl.DataFrame, day: dt.date
) -> Iterator[Artifact]:
    """
    Yield private/care/calendar/<member>.ics for every member who has something in it (RFC 5545).

    Calls and visits of *touches* stand on their day with phone, agenda and words; the rows of
    *upcoming* (UPCOMING) on theirs. All are events of a whole day that keep no one busy. *day* is
    that of the plan: the time stamp. The same event has the same UID in every build, so importing
    a calendar again changes what is there instead of doubling it.
    """
    appointments = [touch for touch in touches if touch.channel in _APPOINTMENTS]
    ahead = upcoming.sort("day", "name", "customer", "what").rows(named=True)
    for member in project.config.team:
        events = [
            *(_appointment(project, t) for t in appointments if t.member == member.id),
            *(_upcoming(project, row) for row in ahead if row["member"] == member.id),
        ]
        if events:
            title = f"{project.config.business.name}: {member.name}"
            text = _calendar(events, title=title, stamp=day)
            yield Artifact(f"private/care/calendar/{member.id}.ics", text)


Lines = list[tuple[str, str]]
"""Name (with parameters) and value, as they are written."""


def _calendar(events: Sequence[Lines], *, title: str, stamp: dt.date) -> bytes:
    """Return the calendar: lines folded, each ended by CRLF."""
    head: Lines = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//newsletter//care plan//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", _text(title)),
    ]
    # The plan's day, not the clock's: a second build writes the same bytes.
    stamped: Lines = [("DTSTAMP", f"{stamp:%Y%m%d}T000000Z")]
    bodies = ([("BEGIN", "VEVENT"), *stamped, *event, ("END", "VEVENT")] for event in events)
    lines = chain(head, *bodies, [("END", "VCALENDAR")])
    return b"".join(_folded(f"{name}:{value}") for name, value in lines)


def _appointment(project: Project, touch: Touch) -> Lines:
    phrases = by_name(project.theme.words, project.config.language, "en")
    kind = phrases[f"calendar_{touch.channel}"]
    where = ", ".join(touch.address[1:]) if touch.channel == "visit" else ""
    return [
        ("UID", _uid(project, touch.channel, touch.customer, touch.practice, touch.key)),
        *_whole_day(touch.date),
        ("SUMMARY", _text(f"{kind}: {touch.name} ({touch.title})")),
        ("DESCRIPTION", _text(_description(touch, why=phrases["calendar_why"]))),
        *([("LOCATION", _text(where))] if where else []),
        ("CATEGORIES", _text(kind)),
    ]


def _description(touch: Touch, *, why: str) -> str:
    """Return what one needs at hand; the agenda says first what is not to be mentioned."""
    agenda = "\n".join(f"- {item}" for item in touch.agenda)
    parts = [touch.phone, agenda, touch.text, f"{why}: {touch.because}"]
    return "\n\n".join(part for part in parts if part)


def _upcoming(project: Project, row: Mapping[str, object]) -> Lines:
    day, name, what = row["day"], row["name"] or row["customer"], row["what"]
    assert isinstance(day, dt.date)
    return [
        ("UID", _uid(project, "day", str(row["customer"]), str(what), day.isoformat())),
        *_whole_day(day),
        ("SUMMARY", _text(f"{name}: {what}")),
        ("CATEGORIES", "Occasion"),
    ]


def _whole_day(day: dt.date) -> Lines:
    """Return an event of one day, which ends before the next begins (RFC 5545, 3.6.1)."""
    return [
        ("DTSTART;VALUE=DATE", f"{day:%Y%m%d}"),
        ("DTEND;VALUE=DATE", f"{day + dt.timedelta(days=1):%Y%m%d}"),
        ("TRANSP", "TRANSPARENT"),
    ]


def _uid(project: Project, *of: str) -> str:
    """Return a keyed hash: the same in every build, and nobody learns from it who it is."""
    digest = hmac.digest(project.secret, "\0".join(("calendar", *of)).encode(), "sha256")
    return f"{digest[:16].hex()}@{project.config.sender.email.rpartition('@')[2]}"


def _text(value: str) -> str:
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
