"""Messages to look at before they are sent, and private/care/messages/DAY/index.html."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from newsletter.export.pages import Pages, link
from newsletter.mailing.words import Stopped
from newsletter.model.artifact import Artifact
from newsletter.model.project import Project

MOST_LISTED = 5000
"""Longer lists are counted only: browsers open such a page slowly."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A message to look at; its paths are those of artifacts."""

    name: str
    email: str | None
    language: str
    subject: str
    html_path: str
    eml_path: str


_SHOWN = [
    *(f" {name}={quote}" for name in ("src", "background") for quote in "\"'"),
    *(f"url({quote}" for quote in ("", '"', "'", "&quot;", "&#34;")),
]
"""What stands before the address of a picture."""


def preview_html(html: str, *, website: str, to_site: str) -> str:
    """
    Return a message with the pictures of *website* taken from output/site/ on this disk.

    *to_site* is the relative path from the preview's folder to site/, without a slash at the end.
    Only what is shown changes (`src`, `background`, `url(…)`); links keep leading to the web.
    """
    for begin in _SHOWN:  # a regular expression takes ten times as long
        html = html.replace(f"{begin}{escape(website)}/", f"{begin}{to_site}/")
    return html


def linked(previews: Sequence[Preview], *, page: str) -> list[dict[str, str]]:
    """Return messages as templates list them on *page*; none if there are too many to list."""
    if len(previews) > MOST_LISTED:
        return []
    return [
        {
            "name": preview.name or preview.email or "?",
            "email": (preview.email or "") if preview.name else "",
            "language": preview.language,
            "subject": preview.subject,
            "page": link(preview.html_path, page=page),
            "file": link(preview.eml_path, page=page),
        }
        for preview in previews
    ]


def message_index(
    project: Project,
    previews: Mapping[str, Sequence[Preview]],
    *,
    stopped: Sequence[Stopped],
    day: dt.date,
) -> Artifact:
    """
    Return the page, made by the theme's care/messages.html in the language of the firm.

    *previews*: name of a practice → its messages. *stopped*: failed messages, and why.
    """
    page = f"private/care/messages/{day}/index.html"
    titles = {practice.name: practice.title for practice in project.practices}
    pages = Pages(project)
    names = {
        "day": day,
        "links": [(pages.words["care_title"], link("private/care/index.html", page=page))],
        "practices": [
            (titles[name], len(messages), linked(messages, page=page))
            for name, messages in previews.items()
        ],
        "stopped": [
            {"customer": stop.customer, "title": titles[stop.practice], "reason": stop.reason}
            for stop in stopped
        ],
    }
    return pages.artifact(page, "messages.html", names)
