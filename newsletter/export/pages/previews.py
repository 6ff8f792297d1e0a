"""private/care/messages/DAY/index.html: who gets which letter by email that day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date

from newsletter.export.pages.index_look import SEARCH, STYLE
from newsletter.merge.words import Stopped
from newsletter.model.language import text_direction

MOST_LISTED = 5000
"""More people than this are counted, not listed: no browser shows such a page gladly."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A message that can be looked at; paths as those of artifacts."""

    name: str
    email: str | None
    language: str
    via: str
    subject: str
    html_path: str
    eml_path: str


def preview_html(html: str, *, website: str, to_site: str) -> str:
    """
    Return a message in which the pictures of *website* are those of output/site/ on this disk.

    *to_site* is the relative path from the preview's folder to site/, without a slash at the end.
    Only what is shown changes (`src`, `background`, `url(…)`); links keep leading to the web.
    """
    shown = rf"""((?:\bsrc|\bbackground)=["']|url\(["']?){re.escape(escape(website))}/"""
    return re.sub(shown, lambda found: f"{found[1]}{to_site}/", html)


def message_index(
    previews: Mapping[str, Sequence[Preview]],
    *,
    stopped: Sequence[Stopped],
    business: str,
    day: dt.date,
) -> bytes:
    """
    Return a page of one file that opens from disk: no scripts needed, nothing loaded from afar.

    *previews*: title of a practice → its messages. Then what could not be written, and why.
    """
    date = format_date(day, "full", locale="en_GB")
    sections = "".join(_practice(title, own) for title, own in previews.items())
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>Letters by email, {date}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<header><p class="business">{_text(business)}</p>\n<h1>Letters by email</h1>\n'
        f"<p>{date}. This page is private: it names customers.</p></header>\n"
        f'<main>\n<div id="search"></div>\n{sections}{_stopped(stopped)}</main>\n'
        f"<script>{SEARCH}</script>\n</body>\n</html>\n"
    ).encode()


def _practice(title: str, previews: Sequence[Preview]) -> str:
    heading = f"<h2>{_text(title)} <span>{len(previews)}</span></h2>\n"
    if not previews or len(previews) > MOST_LISTED:
        return f"<section>\n{heading}</section>\n"
    rows = "".join(map(_message, previews))
    return (
        f'<section>\n{heading}<table class="people">\n<thead><tr><th scope="col">Name</th>'
        '<th scope="col">Subject</th><th scope="col">Language</th><th scope="col">File</th></tr>'
        f"</thead>\n<tbody>\n{rows}</tbody></table>\n</section>\n"
    )


def _message(preview: Preview) -> str:
    name = _text(preview.name or preview.email or "?")
    email = f"<small>{_text(preview.email)}</small>" if preview.email and preview.name else ""
    locale = Locale.parse(preview.language, sep="-")
    return (
        f'<tr><th scope="row"><a href="{_link(preview.html_path)}">{name}</a>{email}</th>'
        f'<td class="subject" lang="{preview.language}" dir="{text_direction(preview.language)}">'
        f'{escape(preview.subject)}</td><td class="edition">'
        f"{escape(locale.get_display_name('en') or preview.language)}</td>"
        f'<td class="file"><a href="{_link(preview.eml_path)}" '
        f'aria-label="Message to {escape(preview.name)} as .eml">.eml</a></td></tr>\n'
    )


def _stopped(stopped: Sequence[Stopped]) -> str:
    if not stopped:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{_text(stop.customer)}</th><td>{_text(stop.practice)}</td>'
        f'<td class="subject">{_text(stop.reason)}</td></tr>\n'
        for stop in stopped
    )
    return (
        f"<section>\n<h2>Could not be written <span>{len(stopped)}</span></h2>\n"
        '<table class="people">\n<thead><tr><th scope="col">Customer</th>'
        '<th scope="col">Practice</th><th scope="col">Why</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>\n</section>\n"
    )


def _text(text: str) -> str:
    """Return what a person wrote, its direction kept to itself."""
    return f"<bdi>{escape(text)}</bdi>"


def _link(path: str) -> str:
    """Return the path of an artifact as seen from the page: PRACTICE/LANGUAGE/FILE."""
    return quote("/".join(path.split("/")[-3:]))
