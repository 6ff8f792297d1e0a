"""calendar/<member>.ics: a team member's calls and visits, and the days of their customers."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import polars as pl

from newsletter.model.artifact import Artifact
from newsletter.model.care import Touch
from newsletter.model.channels import CHANNELS, SPOKEN
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.render.icalendar import Lines, calendar, escaped, whole_day
from newsletter.render.view import by_name


def calendars(
    project: Project, touches: Sequence[Touch], *, upcoming: pl.DataFrame, day: dt.date
) -> Iterator[Artifact]:
    """
    Yield private/care/calendar/<member>.ics (RFC 5545), but no empty calendars.

    Calls and visits of *touches* show phone, agenda and text; rows of *upcoming* (UPCOMING) show
    the occasion. Events last a whole day and leave it free. *day*, the day of the plan, is the
    time stamp. An event has the same UID in every build, so importing a calendar again updates
    its events instead of doubling them.
    """
    appointments = [touch for touch in touches if touch.channel in SPOKEN]
    ahead = upcoming.sort("day", "name", "customer", "what").rows(named=True)
    for member in project.config.team:
        events = [
            *(_appointment(project, t) for t in appointments if t.member == member.id),
            *(_upcoming(project, row) for row in ahead if row["member"] == member.id),
        ]
        if events:
            title = f"{project.config.business.name}: {member.name}"
            make = partial(_ics, events, title=title, day=day)
            key = key_of("calendar", events, title, day)
            yield Artifact(f"private/care/calendar/{member.id}.ics", make, key)


def _ics(events: Sequence[Lines], *, title: str, day: dt.date) -> list[bytes]:
    return [calendar(events, title=title, stamp=day)]


def _appointment(project: Project, touch: Touch) -> Lines:
    phrases = by_name(project.theme.words, project.team_language, "en")
    channel = CHANNELS[touch.channel]
    kind = phrases.get(f"calendar_{touch.channel}", channel.noun.capitalize())
    where = ", ".join(touch.address[1:]) if "street" in channel.needs else ""
    return [
        ("UID", _uid(project, touch.channel, touch.customer, touch.practice, touch.key)),
        *whole_day(touch.date),
        ("SUMMARY", escaped(f"{kind}: {touch.name} ({touch.title})")),
        ("DESCRIPTION", escaped(_description(touch, why=phrases["calendar_why"]))),
        *([("LOCATION", escaped(where))] if where else []),
        ("CATEGORIES", escaped(kind)),
    ]


def _description(touch: Touch, *, why: str) -> str:
    """Return phone, agenda, text and reason; the agenda begins with what not to mention."""
    agenda = "\n".join(f"- {item}" for item in touch.agenda)
    parts = [touch.phone, agenda, touch.text, f"{why}: {touch.because}"]
    return "\n\n".join(part for part in parts if part)


def _upcoming(project: Project, row: Mapping[str, object]) -> Lines:
    day, name, what = row["day"], row["name"] or row["customer"], row["what"]
    assert isinstance(day, dt.date)
    return [
        ("UID", _uid(project, "day", str(row["customer"]), str(row["key"]))),
        *whole_day(day),
        ("SUMMARY", escaped(f"{name}: {what}")),
        ("CATEGORIES", "Occasion"),
    ]


def _uid(project: Project, *of: str) -> str:
    """Return a keyed hash: the same in every build, and it does not reveal the customer."""
    digest = hmac.digest(project.secret, "\0".join(("calendar", *of)).encode(), "sha256")
    return f"{digest[:16].hex()}@{project.config.sender.email.rpartition('@')[2]}"
