"""The team's calendars, read back by two independent libraries."""

from __future__ import annotations

import datetime as dt

import icalendar
import polars as pl
import pytest
import vobject
from made import project_of, settings
from support import content_of

from newsletter.export.calendar import calendars
from newsletter.model.care import UPCOMING, Touch
from newsletter.model.project import Project, Theme

DAY = dt.date(2026, 11, 3)
LONG = "Zoë asked for paper that takes ink — 王小明 knows; she said: yes, 😀 soon. " * 6
WORDS = {"en": {"calendar_call": "Call", "calendar_visit": "Visit", "calendar_why": "Why"}}


def _project() -> Project:
    config = settings(
        business={
            "name": "Paper, Bean & Co.",
            "postal_address": "1 Road, Town",
            "website": "https://example.com",
            "email": "hello@example.com",
        },
        sender={"name": "Paper", "email": "hello@example.com"},
        team=({"id": "nora", "name": "Nora Feltes"}, {"id": "tomas", "name": "Tomás"}),
    )
    theme = Theme(name="default", texts={}, places={}, assets={}, words=WORDS, values={})
    return project_of(config=config, theme=theme)


def _touch(**more: object) -> Touch:
    values: dict[str, object] = {
        "date": DAY,
        "customer": "PB-1",
        "name": "Zoë Müller",
        "member": "nora",
        "practice": "call",
        "title": "A call; not a sales call",
        "channel": "call",
        "arrives": DAY,
        "key": "2026-11-01",
        "because": "last contact 1 Aug 2026, every quarter",
        "priority": 50,
        "owed": False,
        "language": "en",
        "email": "",
        "phone": "+352 621 000 101",
        "address": ("Zoë Müller", "12 Long Street", "L-1728 Luxembourg"),
        "country": "LU",
        "subject": "",
        "html": "",
        "text": "Ask how the pen writes.\n\nSay thank you.",
        "greeting": "Hello Zoë",
        "agenda": ("Last contact: 2026-08-01", "Promise: call back; soon, please"),
    }
    return Touch(**(values | more))


def _upcoming(*rows: tuple[str, str, str, dt.date, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=UPCOMING, orient="row")


BIRTHDAY = ("PB-2", "王小明", "tomas", dt.date(2026, 12, 31), "birthday, 40", "birthday 2026")


def _calendars(*touches: Touch, upcoming: pl.DataFrame | None = None) -> dict[str, bytes]:
    rows = _upcoming() if upcoming is None else upcoming
    files = {}
    for artifact in calendars(_project(), touches, upcoming=rows, day=DAY):
        files[artifact.path] = content_of(artifact)
    return files


def test_each_member_with_events_has_a_file() -> None:
    """Calls go to whoever makes them, birthdays to the account manager; no file is empty."""
    by_path = _calendars(_touch(), _touch(channel="letter"), upcoming=_upcoming(BIRTHDAY))

    assert {path: data.count(b"BEGIN:VEVENT") for path, data in by_path.items()} == {
        "private/care/calendar/nora.ics": 1,
        "private/care/calendar/tomas.ics": 1,
    }


def test_the_whole_calendar() -> None:
    """Each line ends in CRLF."""
    (data,) = _calendars(upcoming=_upcoming(BIRTHDAY)).values()

    assert data.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//newsletter//care plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Paper\\, Bean & Co.: Tomás",
        "BEGIN:VEVENT",
        "DTSTAMP:20261103T000000Z",
        "UID:ef6606c366dbb294b71c2be31c3c8fb6@example.com",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "TRANSP:TRANSPARENT",
        "SUMMARY:王小明: birthday\\, 40",
        "CATEGORIES:Occasion",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def _by_icalendar(data: bytes) -> dict[str, object]:
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    texts = {name: str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "UID")}
    return texts | {"start": event.decoded("DTSTART"), "end": event.decoded("DTEND")}


def _by_vobject(data: bytes) -> dict[str, object]:
    event = vobject.readOne(data.decode()).vevent
    texts = {
        "SUMMARY": event.summary.value,
        "DESCRIPTION": event.description.value,
        "LOCATION": event.location.value,
        "UID": event.uid.value,
    }
    return texts | {"start": event.dtstart.value, "end": event.dtend.value}


@pytest.mark.parametrize("read", [_by_icalendar, _by_vobject])
@pytest.mark.parametrize(
    "name", ["Zoë Müller", "王小明", "محمد علي", "😀 Zoë; O'Brien, \\ Co", LONG]
)
def test_events_read_back_unchanged(read: object, name: str) -> None:
    """Both libraries read the same texts, whatever their characters and length."""
    (data,) = _calendars(_touch(channel="visit", name=name, text=LONG)).values()
    event = read(data)

    assert len(str(event.pop("UID"))) == 44
    assert event == {
        "SUMMARY": f"Visit: {name} (A call; not a sales call)",
        "DESCRIPTION": "+352 621 000 101\n\n"
        "- Last contact: 2026-08-01\n- Promise: call back; soon, please\n\n"
        f"{LONG}\n\n"
        "Why: last contact 1 Aug 2026, every quarter",
        "LOCATION": "12 Long Street, L-1728 Luxembourg",
        "start": DAY,
        "end": dt.date(2026, 11, 4),
    }


def test_lines_are_folded_by_octets() -> None:
    """No line is longer than 75 octets, and no character is split."""
    (data,) = _calendars(_touch(name=LONG)).values()
    lines = data.removesuffix(b"\r\n").split(b"\r\n")

    assert max(map(len, lines)) == 75
    assert all(line.decode() for line in lines)
    assert b"\n" not in b"".join(lines)


def test_control_characters_are_removed() -> None:
    """A control character in a name neither begins a line nor appears in a value."""
    (data,) = _calendars(_touch(name="Zoë\r\nEND:VEVENT\x07")).values()

    assert data.count(b"\r\nEND:VEVENT") == 1
    assert b"SUMMARY:Call: Zo\xc3\xab\\nEND:VEVENT (A call\\; not a sales call)\r\n" in data


def test_an_event_has_the_same_uid_every_day() -> None:
    """The same event of another customer has another UID."""
    (first,) = _calendars(_touch()).values()
    (later,) = _calendars(_touch(date=DAY + dt.timedelta(days=1), text="More.")).values()
    (other_customer,) = _calendars(_touch(customer="PB-2")).values()
    uids = [_by_icalendar_uid(data) for data in (first, later, other_customer)]

    assert uids[0] == uids[1] != uids[2]
    assert "PB-1" not in uids[0]


def _by_icalendar_uid(data: bytes) -> str:
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return str(event["UID"])


def test_a_day_told_in_other_words_is_the_same_event() -> None:
    """Its UID is made from its key, so it is updated when the language changes."""
    german = (*BIRTHDAY[:4], "Geburtstag am 31.12.2026", BIRTHDAY[5])
    uids = {
        _by_icalendar_uid(data)
        for row in (BIRTHDAY, german)
        for data in _calendars(upcoming=_upcoming(row)).values()
    }
    assert len(uids) == 1


def test_order_of_rows_does_not_matter() -> None:
    """The same events in another order give the same file."""
    rows = [BIRTHDAY, ("PB-1", "Zoë", "tomas", DAY, "wedding", "occasion wedding")]

    assert _calendars(upcoming=_upcoming(*rows)) == _calendars(upcoming=_upcoming(*rows[::-1]))
