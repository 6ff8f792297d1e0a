"""An issue or a practice as letters of a mail merge: what the document says, and its table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from newsletter.export.merge_letters.letter_columns import LetterColumns
from newsletter.export.merge_letters.open_html import OpenHtml
from newsletter.export.merge_letters.paragraphs import Paragraph, Paragraphs, Run
from newsletter.export.print.blocks import blocks_of
from newsletter.export.print.letters import Pictures, letter_values, letterhead
from newsletter.export.print.paper import Window, window_of
from newsletter.export.print.post import PostItem, post_items
from newsletter.mailing import Mailing
from newsletter.mailing.households import with_households
from newsletter.mailing.touches import merged_touches
from newsletter.mailing.words import joined_lists
from newsletter.model.care import CarePlan, Touch
from newsletter.model.key import key_of
from newsletter.model.picture import Kind, Version
from newsletter.model.project import Project
from newsletter.render.language_filters import language_filters

FIXED = (
    "email", "via", "name", "title", "first_name", "last_name", "company",
    "street", "postcode", "city", "region", "country",
)  # fmt: skip
"""Columns that every table has, whether the text prints them or not."""
_SHOWN: Collection[Kind] = ("jpeg", "png", "gif")
"""Kinds of pictures that Word and Writer show alike."""
Line = tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class MergeLetter:
    """Letters in one language: the document, and a row of the table for each of them."""

    name: str
    """The issue or practice, and the language: 2026-11/en."""
    key: str
    day: dt.date
    language: str
    window: Window
    accent: str
    font: str
    business: str
    tagline: str
    sender: str
    """The line of the sender in the window."""
    imprint: Sequence[str]
    """Lines of address, telephone and email of the business."""
    address: Sequence[Line]
    contact: Sequence[Line]
    """Who writes, and how to reach them."""
    date: Line
    subject: Line
    greeting: Line
    body: Sequence[Paragraph]
    voucher: Sequence[Line]
    closing: Line
    signature: Sequence[Line]
    no_more_post: str
    pictures: Mapping[str, tuple[bytes, Version]]
    table: pl.DataFrame
    """All text; a row for each letter."""


def merge_letter(
    project: Project,
    plan: CarePlan,
    mailings: Sequence[Mailing],
    *,
    name: str,
    also: Sequence[str] = (),
) -> MergeLetter | None:
    """
    Return the letters of *mailings* with the same text; None if nobody gets one.

    A household gets one. *also* are further columns of the customer file.
    """
    items, people = _recipients(project, plan, mailings)
    if not items:
        return None
    values = [letter_values(project, item) for item in items]
    text = _Text(project, mailings[0], people, also)
    columns, head, body = text.laid_out(values)
    if columns.too_many:
        columns, head, body = text.laid_out(values, packed=True)
    config, business = project.config, letterhead(project.config.business)
    return MergeLetter(
        name=name,
        key=key_of("letter", name, [m.key for m in mailings], config, project.theme.key, also),
        day=mailings[0].day,
        language=mailings[0].language,
        window=window_of(config.output.letters, config.business.country),
        accent=project.theme.values["accent"],
        font=project.theme.values["font_print"].split(",")[0].strip(),
        business=config.business.name,
        tagline=values[0]["tagline"],
        sender=business["sender"],
        imprint=[*business["lines"], *business["ways"]],
        body=body,
        no_more_post=values[0]["no_more_post"],
        pictures=text.pictures,
        table=columns.table(),
        **head,
    )


class _Text:
    """The text of letters and what its customers are, in one language."""

    def __init__(
        self, project: Project, mailing: Mailing, people: pl.DataFrame, also: Sequence[str]
    ) -> None:
        business = project.config.business
        self._filters = language_filters(mailing.language, business=business)
        self._html, self._people = mailing.template.html, people
        self._fixed = _fixed(people, also, self._filters["date"])
        self._pictures = Pictures(project, kinds=_SHOWN)

    def laid_out(
        self, values: Sequence[Mapping[str, Any]], *, packed: bool = False
    ) -> tuple[LetterColumns, dict[str, Any], list[Paragraph]]:
        """Return the columns, the lines around the text and its paragraphs."""
        columns = LetterColumns(self._fixed)
        head = _Head(columns, values).lines()
        whole = OpenHtml(self._html, self._fixed.columns, packed=packed)
        html, cells = whole.filled(self._people, filters=self._filters)
        named = [columns.of_cells(each) for each in cells]
        paragraphs = Paragraphs(named.__getitem__, columns.spaced)
        blocks = blocks_of(joined_lists(html), picture=self._pictures.key)
        return columns, head, list(paragraphs.of(blocks))

    @property
    def pictures(self) -> Mapping[str, tuple[bytes, Version]]:
        """The pictures that the text shows."""
        shown = self._pictures
        return {key: (data, shown.versions[key]) for key, data in shown.data.items()}


@dataclass(frozen=True)
class _Head:
    """The lines around the text."""

    columns: LetterColumns
    values: Sequence[Mapping[str, Any]]
    """What `letter_values` returns, letter by letter."""

    def lines(self) -> dict[str, Any]:
        """Return the lines by their name in MergeLetter."""
        most = max(len(value["address"]) for value in self.values)
        address = [
            self.always(f"address_{number + 1}", partial(_address_line, number))
            for number in range(most)
        ]
        return {
            "address": address,
            "greeting": self.always("greeting", lambda value: value["greeting"]),
            "date": self.line("date", lambda value: value["date"]),
            "subject": self.line("subject", lambda value: value["subject"]),
            "contact": [
                self.line("contact", lambda v: f"{v['contact']['label']} {v['contact']['name']}"),
                self.line("contact_phone", lambda value: value["contact"]["phone"]),
                self.line("contact_email", lambda value: value["contact"]["email"]),
            ],
            "closing": self.line("closing", lambda value: value["closing"]),
            "signature": [
                self.line("contact_name", lambda value: value["contact"]["name"]),
                self.line("contact_role", lambda value: value["contact"]["role"]),
            ],
            "voucher": [
                self.line(f"voucher_{part}", partial(_of_voucher, part))
                for part in ("label", "gift", "code", "until")
            ],
        }

    def line(self, name: str, text: Callable[[Mapping[str, Any]], str]) -> Line:
        """Return a line that is a field if it differs."""
        return tuple(map(Run, self.columns.varying(name, list(map(text, self.values)))))

    def always(self, name: str, text: Callable[[Mapping[str, Any]], str]) -> Line:
        """Return a line that is a field in any case."""
        return tuple(map(Run, self.columns.fields(name, list(map(text, self.values)))))


def _address_line(number: int, value: Mapping[str, Any]) -> str:
    address = value["address"]
    return str(address[number]["text"]) if number < len(address) else ""


def _of_voucher(part: str, value: Mapping[str, Any]) -> str:
    return str((value["voucher"] or {}).get(part, ""))


def _recipients(
    project: Project, plan: CarePlan, mailings: Sequence[Mailing]
) -> tuple[list[PostItem], pl.DataFrame]:
    """Return the letters and the values of their customers, in the same order."""
    items, people = list[PostItem](), list[pl.DataFrame]()
    for mailing in mailings:
        touches = [t for t in merged_touches(project, mailing) if isinstance(t, Touch)]
        posted = mailing.people["via"].to_list() if "via" in mailing.people.columns else []
        if "email" not in posted:
            touches = with_households(project, touches)
        merged = post_items(project, plan, touches)
        rows = {customer: n for n, customer in enumerate(mailing.people["id"])}
        items += merged
        people.append(mailing.people[[rows[item.customer] for item in merged]])
    return items, pl.concat(people, how="diagonal_relaxed")


def _fixed(people: pl.DataFrame, also: Sequence[str], date: Callable[[Any], str]) -> pl.DataFrame:
    """Return the columns of the customer file as texts; those reached by letter show no email."""
    address = pl.when(pl.col("via") == "email").then(pl.col("email")).alias("email")
    names = [name for name in (*FIXED[1:], *also) if name != "email"]
    texts = (_text(name, people.schema[name], date) for name in names)
    return people.select(address, *texts).fill_null("")


def _text(name: str, dtype: pl.DataType, date: Callable[[Any], str]) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Date:
        return column.map_elements(date, return_dtype=pl.String)
    if isinstance(dtype, pl.List):
        return column.cast(pl.List(pl.String)).list.join(", ")
    return column.cast(pl.String)
