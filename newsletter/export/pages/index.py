"""private/index.html: everybody whom an issue reaches, with their message; the others, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

import polars as pl
from babel import Locale
from babel.dates import format_date

from newsletter.export.pages.index_look import SEARCH, STYLE
from newsletter.export.pages.previews import MOST_LISTED, Preview
from newsletter.model.language import text_direction
from newsletter.model.plan import IssuePlan

_CHANNELS = {"email": "by email", "letter": "by letter"}


def index_page(
    plan: IssuePlan, previews: Sequence[Preview], *, business: str, mbox: str = ""
) -> bytes:
    """
    Return a page of one file that opens from disk: no scripts needed, nothing loaded from afar.

    On top the numbers by edition and channel; then every recipient with links to the message as
    a page and as .eml; then everybody left out, by reason, with what can be done instead. *mbox*
    is the artifact's path of all messages; empty: there is none.
    """
    issue = plan.editions[0].issue
    title = escape(issue.title)
    date = format_date(issue.date, "long", locale="en_GB")
    main = "".join(
        [
            _summary(plan),
            _files(mbox),
            '<div id="search"></div>\n',
            _recipients(previews),
            _letters(plan),
            _left_out(plan.left_out),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{title}: who gets it</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<header><p class="business">{_text(business)}</p>\n<h1>{_text(issue.title)}</h1>\n'
        f"<p>Arrives on {date}. This page is private: it names customers.</p></header>\n"
        f"<main>\n{main}</main>\n<script>{SEARCH}</script>\n</body>\n</html>\n"
    ).encode()


def _summary(plan: IssuePlan) -> str:
    """Return the numbers: one tile for each channel, and a table where there are editions."""
    by_edition = {
        edition.issue.language: Counter(edition.recipients["via"].to_list())
        for edition in plan.editions
    }
    total = sum(by_edition.values(), Counter[str]())
    tiles = [
        (total[via], words) for via, words in _CHANNELS.items() if total[via] or via == "email"
    ]
    tiles.append((plan.left_out.height, "left out"))
    shown = "".join(f"<li><strong>{count}</strong> {words}</li>" for count, words in tiles)
    return f'<ul class="tiles">{shown}</ul>\n{_editions(plan, by_edition)}'


def _editions(plan: IssuePlan, by_edition: dict[str, Counter[str]]) -> str:
    if len(plan.editions) < 2:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{_language(edition.issue.language)}</th>'
        f'<td lang="{edition.issue.language}">{_text(edition.issue.title)}</td>'
        + "".join(f"<td>{by_edition[edition.issue.language][via]}</td>" for via in _CHANNELS)
        + "</tr>\n"
        for edition in plan.editions
    )
    head = "".join(f'<th scope="col">{via.capitalize()}</th>' for via in _CHANNELS)
    return (
        '<table class="editions">\n<thead><tr><th scope="col">Edition</th>'
        f'<th scope="col">Title</th>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n'
    )


def _files(mbox: str) -> str:
    all_messages = f'<li><a href="{_link(mbox)}">All messages</a> (.mbox)</li>' if mbox else ""
    return (
        f'<ul class="files">{all_messages}<li><a href="left-out.csv">Everybody left out</a> (.csv)'
        '</li><li><a href="../site/index.html">The public site</a></li></ul>\n'
    )


def _recipients(previews: Sequence[Preview]) -> str:
    if not previews or len(previews) > MOST_LISTED:
        return ""
    several = len({preview.language for preview in previews}) > 1
    rows = "".join(_recipient(preview, several=several) for preview in previews)
    edition = '<th scope="col">Edition</th>' if several else ""
    return (
        f'<section>\n<h2 id="messages">Messages <span>{len(previews)}</span></h2>\n'
        '<table class="people" aria-labelledby="messages">\n<thead><tr><th scope="col">Name</th>'
        f'<th scope="col">Subject</th>{edition}<th scope="col">File</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>\n</section>\n"
    )


def _recipient(preview: Preview, *, several: bool) -> str:
    name = _text(preview.name or preview.email or "?")
    email = f"<small>{_text(preview.email)}</small>" if preview.email and preview.name else ""
    edition = f'<td class="edition">{_language(preview.language)}</td>' if several else ""
    return (
        f'<tr><th scope="row"><a href="{_link(preview.html_path)}">{name}</a>{email}</th>'
        f'<td class="subject" lang="{preview.language}" dir="{text_direction(preview.language)}">'
        f"{escape(preview.subject)}</td>{edition}"
        f'<td class="file"><a href="{_link(preview.eml_path)}" '
        f'aria-label="Message to {name} as .eml">.eml</a></td></tr>\n'
    )


def _letters(plan: IssuePlan) -> str:
    """Return those whom the issue reaches on paper: their letters come from the merge file."""
    people = pl.concat(
        edition.recipients.filter(pl.col("via") != "email").select("name", "id")
        for edition in plan.editions
    )
    if people.is_empty() or people.height > MOST_LISTED:
        return ""
    return (
        f"<section>\n<h2>Letters <span>{people.height}</span></h2>\n"
        "<p>Print them with the merge file: its template and table are in the folder merge.</p>\n"
        f'<ul class="names">{_names(people.iter_rows())}</ul>\n</section>\n'
    )


def _left_out(left_out: pl.DataFrame) -> str:
    """Return how many each reason keeps out, and each person with what can be done instead."""
    if left_out.is_empty():
        return ""
    head = f'<h2 id="left-out">Left out <span>{left_out.height}</span></h2>'
    counts = left_out["reason"].value_counts().sort("count", "reason", descending=[True, False])
    reasons = " · ".join(
        f"{count} {_text(reason)}" for reason, count in counts.head(8).iter_rows()
    )
    reasons = f"<p>{reasons}</p>\n" if counts.height < left_out.height else ""
    table = _left_out_table(left_out) if left_out.height <= MOST_LISTED else ""
    return f"<section>\n{head}\n{reasons}{table}</section>\n"


def _left_out_table(left_out: pl.DataFrame) -> str:
    people = left_out.select("name", "customer", "reason", "instead").iter_rows()
    rows = "".join(
        f'<tr><th scope="row">{_text(name or customer)}</th>'
        f'<td class="subject">{_text(reason)}</td>'
        f'<td class="instead">{_text(instead or "leave alone")}</td></tr>\n'
        for name, customer, reason, instead in people
    )
    return (
        '<table class="people" aria-labelledby="left-out">\n<thead><tr><th scope="col">Name</th>'
        '<th scope="col">Why</th><th scope="col">What you can do</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>\n"
    )


def _names(people: Iterable[Sequence[str | None]]) -> str:
    return "".join(f"<li>{_text(name or key or '?')}</li>" for name, key in people)


def _language(code: str) -> str:
    return escape(Locale.parse(code, sep="-").get_display_name("en") or code)


def _text(text: str) -> str:
    """Return what a person wrote, its direction kept to itself."""
    return f"<bdi>{escape(text)}</bdi>"


def _link(path: str) -> str:
    return quote(path.removeprefix("private/"))
