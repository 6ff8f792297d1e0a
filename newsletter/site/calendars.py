"""Calendar files beside the pages of events: /events/evening/evening.ics."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from newsletter.model.artifact import Artifact
from newsletter.model.config import Config
from newsletter.model.permalink import calendar_file
from newsletter.render.icalendar import Lines, calendar, escaped, moment
from newsletter.site.catalogue import Catalogue
from newsletter.site.links import file_of
from newsletter.site.posts import Post


def event_calendars(catalogue: Catalogue, config: Config) -> Iterator[Artifact]:
    """Yield a text/calendar file (RFC 5545) for each event in each language, even past."""
    for post in catalogue.posts:
        if post.kind == "event":
            path = calendar_file(post.path)
            content = calendar([_event(post, config)], stamp=post.date)
            yield Artifact(f"site/{file_of(path)}", content)


def _event(post: Post, config: Config) -> Lines:
    """Return the event. Languages share the UID, so that importing two leaves one event."""
    assert post.starts
    zone = ZoneInfo(config.timezone)
    page = config.business.website + post.path
    domain = config.sender.email.rpartition("@")[2]
    ends = [("DTEND", moment(post.ends.replace(tzinfo=zone)))] if post.ends else []
    return [
        ("UID", f"{post.slug}@{domain}"),
        ("DTSTART", moment(post.starts.replace(tzinfo=zone))),
        *ends,
        ("SUMMARY", escaped(post.title)),
        ("DESCRIPTION", escaped(f"{post.summary}\n\n{page}")),
        *([("LOCATION", escaped(post.place))] if post.place else []),
        ("URL", page),
    ]
