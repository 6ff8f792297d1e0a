"""The keys of front matter, one model per kind of file; docs/writing-content.md lists them."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field

from newsletter.model.days import BEYOND, in_use
from newsletter.model.strict import Strict
from newsletter.model.values import Day, WebAddress
from newsletter.read.content.gift_keys import VoucherKeys
from newsletter.read.forms import of_text


def items(text: str) -> tuple[str, ...]:
    """Return the items of a short list such as `a, b` or `a; b`."""
    return tuple(item.strip() for item in re.split("[,;]", text) if item.strip())


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise ValueError("a text is missing here", "write it after the colon")
    return line


def _moment(text: str) -> dt.datetime:
    hint = "write day and time: 2026-11-05 18:30"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", text):
        raise ValueError(f"'{text}' is not a date and time", hint)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"there is no {text}", hint) from error
    if not in_use(moment.date()):
        raise ValueError(f"{text} {BEYOND}", "check the year")
    return moment


def _lower(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.lower() for text in texts)


Line = Annotated[str, AfterValidator(_line)]
Moment = Annotated[dt.datetime, of_text(_moment)]
"""Local time of the business, to the minute."""
Items = Annotated[tuple[str, ...], of_text(items)]


def _same_for_everybody(text: str) -> str:
    line = _line(text)
    if "{{" in line or "{%" in line:
        hint = "write it at the end of the text instead: [Book a table](https://…){.button}"
        raise ValueError("this button is the same for everybody", hint)
    return line


def _to(address: str) -> str:
    line = _same_for_everybody(address)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", line)
    if scheme and scheme[1].lower() not in ("https", "http", "mailto", "tel"):
        hint = "write an address that begins with https:, mailto: or tel:, or a file of content/"
        raise ValueError(f"'{line}' is no address that a button can lead to", hint)
    return line


class ButtonKeys(Strict):
    """A button below an entry."""

    text: Annotated[str, AfterValidator(_same_for_everybody)]
    to: Annotated[str, AfterValidator(_to)]


class EntryKeys(Strict):
    """Keys of every kind of entry."""

    title: Line
    date: Day
    summary: Line
    image: str = ""
    image_alt: str = ""
    button: ButtonKeys | None = None
    interests: Annotated[Items, AfterValidator(_lower)] = ()
    audience: str | None = None
    public: bool | None = None
    expires: Day | None = None
    template: bool = True


class ArticleKeys(EntryKeys):
    """An article, which may be published elsewhere."""

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
    voucher: VoucherKeys | None = None
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
    """Return a hint for every key that only some kinds of files have."""
    hints = {
        key: f"only a file of the kind {kind} has '{key}'"
        for kind, model in ENTRY_KEYS.items()
        for key in model.model_fields
        if key not in EntryKeys.model_fields
    }
    issue = [key for key in IssueKeys.model_fields if key not in EntryKeys.model_fields]
    hints |= {key: f"only an issue has '{key}'" for key in issue}
    picture = "the picture of a text is 'image: images/…', with 'image_alt: …'"
    return hints | {
        **dict.fromkeys(("picture", "photo", "img"), picture),
        "language": "the language is part of the file name: hours.de.md",
        "slug": "the slug is the file name without .md",
    }
