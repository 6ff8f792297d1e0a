"""Pages that list messages to look at before they are sent: those of an issue and of practices."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import polars as pl

from newsletter.export.pages import Pages, link, sheets_named
from newsletter.mailing.words import Stopped
from newsletter.model.artifact import Artifact
from newsletter.model.care import EditionPlan, IssuePlan
from newsletter.model.channels import AT_LENGTH
from newsletter.model.entry import Issue
from newsletter.model.picture import CID_DOMAIN
from newsletter.model.project import Project

MOST_LISTED = 5000
"""Longer lists are only counted, because browsers open such a page slowly."""


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
"""The source before the address of a picture."""


_CID = re.compile(rf"cid:([0-9a-f]{{32}}@{CID_DOMAIN})")


def preview_html(html: str, *, website: str, to_site: str) -> str:
    """
    Return a message with the pictures of *website* taken from output/site/ on this disk.

    *to_site* is the relative path from the preview's folder to site/, without a slash at the end.
    Only what is shown changes (`src`, `background`, `url(…)`); links keep leading to the web.
    """
    if not website:
        return html
    for begin in _SHOWN:  # a regular expression takes ten times as long
        html = html.replace(f"{begin}{escape(website)}/", f"{begin}{to_site}/")
    return html


def with_carried(html: str, address: Callable[[str], str]) -> str:
    """Return a message with *address* of each Content-ID instead of `cid:…`."""
    return _CID.sub(lambda match: escape(address(match[1])), html)


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


_PATH = "private/index.html"


def index_page(  # noqa: PLR0913  # each is a value of its own
    project: Project,
    plan: IssuePlan,
    previews: Sequence[Preview],
    *,
    mbox: str = "",
    printed: Sequence[str] = (),
    lapsed: bool = False,
) -> Artifact:
    """
    Return the page, made by the theme's care/issue.html in the language of the firm.

    First the numbers by edition and channel; then every recipient with links to the message as a
    page and as .eml; then everybody left out, by reason, with another channel to use. *mbox* is
    the path of the .mbox; empty if there is none. *printed* are the paths of letters and labels.
    Long lists are only counted. *lapsed*: the care plan lists what lapsed in a time away.
    """
    pages = Pages(project)
    by_edition = [(edition.issue, _by_channel(edition)) for edition in plan.editions]
    total = sum((numbers for _, numbers in by_edition), Counter[str]())
    issue = _in_language(plan, project.config.language)
    names: dict[str, Any] = {
        "issue": issue,
        "day": issue.date,
        "links": _links(pages.words, mbox=mbox, care=bool(project.practices), lapsed=lapsed),
        "counts": [(via, total[via]) for via in AT_LENGTH if total[via] or via == AT_LENGTH[0]],
        "editions": by_edition,
        "messages": linked(previews, page=_PATH),
        "letters": _letters(plan),
        "printed": [(sheets_named(path, pages.words), link(path, page=_PATH)) for path in printed],
        **_left_out(plan.left_out),
    }
    return pages.artifact(_PATH, "issue.html", names)


def _by_channel(edition: EditionPlan) -> Counter[str]:
    return Counter(edition.recipients["via"].to_list())


def _in_language(plan: IssuePlan, language: str) -> Issue:
    """Return the edition that the team reads, else the first."""
    issues = [edition.issue for edition in plan.editions]
    return next((issue for issue in issues if issue.language == language), issues[0])


def _links(
    words: Mapping[str, str], *, mbox: str, care: bool, lapsed: bool
) -> list[tuple[str, str]]:
    """Return the files beside the page; *care*: the build makes the pages of the care plan."""
    links = [
        (words["care_away"], "private/care/index.html" if lapsed else ""),
        (words["care_all_messages"], mbox),
        (words["care_all_left_out"], "private/left-out.csv"),
        (words["care_public_site"], "site/index.html"),
        (words["care_title"], "private/care/index.html" if care else ""),
    ]
    return [(text, link(path, page=_PATH)) for text, path in links if path]


def _letters(plan: IssuePlan) -> list[str]:
    """Return the names of customers reached on paper."""
    people = pl.concat(
        edition.recipients.filter(pl.col("via") != "email").select("name", "id")
        for edition in plan.editions
    )
    if people.height > MOST_LISTED:
        return []
    return [name or key or "?" for name, key in people.iter_rows()]


def _left_out(left_out: pl.DataFrame) -> dict[str, Any]:
    """Return the number of customers left out for each reason, and all of them with it."""
    counts = left_out["reason"].value_counts().sort("count", "reason", descending=[True, False])
    return {
        "left_out_count": left_out.height,
        "reasons": counts.head(8).rows() if counts.height < left_out.height else [],
        "left_out": left_out.to_dicts() if left_out.height <= MOST_LISTED else [],
    }
