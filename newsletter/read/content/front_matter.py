"""The keys of front matter, one model per kind of file; docs/writing-content.md lists them."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from newsletter.model.config import Strict
from newsletter.model.values import Day, WebAddress


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise ValueError("a text is wanted here", "write it after the colon")
    return line


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    hint = "write day and time: 2026-11-05 18:30"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", value):
        raise ValueError(f"'{value}' is not a date and time", hint)
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"there is no {value}", hint) from error


def as_items(value: object) -> object:
    """Return `a, b` as two items: that is how people write a short list."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value


def _lower(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item.lower() for item in items)


Line = Annotated[str, AfterValidator(_line)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment)]
"""Local time of the business, to the minute."""
Items = Annotated[tuple[str, ...], BeforeValidator(as_items)]


class EntryKeys(Strict):
    """Keys of every kind of entry."""

    title: Line
    date: Day
    summary: Line
    image: str = ""
    image_alt: str = ""
    interests: Annotated[Items, AfterValidator(_lower)] = ()
    audience: str | None = None
    public: bool | None = None
    expires: Day | None = None
    template: bool = True


class ArticleKeys(EntryKeys):
    """An article, which may stand somewhere else."""

    url: WebAddress | None = None
    source: str = ""


class StoryKeys(EntryKeys):
    """A success story."""

    customer: str = ""
    consent: bool = False


class EventKeys(EntryKeys):
    """An event."""

    starts: Moment
    ends: Moment | None = None
    place: str = ""


class AnswerKeys(EntryKeys):
    """An answer to feedback: the title repeats the feedback, the body says what we did."""

    answers: Items = ()


class PageKeys(EntryKeys):
    """A page of the site, which needs no summary."""

    summary: str = ""


class IssueKeys(Strict):
    """One edition of an issue."""

    title: Line
    date: Day
    since: Day | None = None
    subject: Line
    preheader: Line
    entries: Items = ()
    most: Annotated[int, Field(ge=1, le=50)] = 5
    audience: str | None = None
    feedback: str = ""
    template: bool = True


ENTRY_KEYS: dict[str, type[EntryKeys]] = {
    "update": EntryKeys,
    "article": ArticleKeys,
    "story": StoryKeys,
    "offer": EntryKeys,
    "event": EventKeys,
    "answer": AnswerKeys,
    "page": PageKeys,
}
"""Kind of entry → its keys."""


@cache
def keys_elsewhere() -> dict[str, str]:
    """Return a hint for every key that only some kinds of file have."""
    hints = {
        key: f"only a file of the kind {kind} has '{key}'"
        for kind, model in ENTRY_KEYS.items()
        for key in model.model_fields
        if key not in EntryKeys.model_fields
    }
    issue = [key for key in IssueKeys.model_fields if key not in EntryKeys.model_fields]
    hints |= {key: f"only an issue has '{key}'" for key in issue}
    return hints | {
        "language": "the language stands in the file name: hours.de.md",
        "slug": "the slug is the file name without .md",
    }
