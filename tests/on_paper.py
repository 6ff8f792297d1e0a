"""Touchpoints on paper for the example's customers, and readers of the resulting PDFs."""

from __future__ import annotations

import datetime as dt
import subprocess
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from support import EXAMPLE_DAY

from newsletter.errors import Place
from newsletter.export.print.post import PostItem, post_items
from newsletter.model.care import PLAN, CarePlan, Touch
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.render.markdown import to_html

THANKS = Practice(
    name="thank-you",
    at=Place(path="content/practices/thank-you.md"),
    title="Thank you",
    event="order",
    channels=("letter", "handwritten"),
    words={},
)
MM = 25.4 / 72
"""Millimetres in a point of PDF."""


def in_country(project: Project, country: str, **output: object) -> Project:
    """Return the project with its business in that country and further keys of `output:`."""
    config = project.config
    business = config.business.model_copy(update={"country": country})
    changed = config.output.model_copy(update=output)
    return replace(
        project, config=config.model_copy(update={"business": business, "output": changed})
    )


def plan(events: Mapping[str, pl.DataFrame] | None = None) -> CarePlan:
    """Return the plan of the example's day; printing reads only its day and events."""
    empty = pl.DataFrame(schema=PLAN)
    return CarePlan(
        day=EXAMPLE_DAY, facts_of=pl.DataFrame, everybody=empty, table=empty, events=events or {}
    )


def touch(name: str = "Zoë Müller", **more: object) -> Touch:
    """Return a letter; its `text` is Markdown."""
    values: dict[str, object] = {
        "date": EXAMPLE_DAY,
        "customer": "PB-1",
        "name": name,
        "member": "nora",
        "practice": "thank-you",
        "title": "Thank you",
        "channel": "letter",
        "arrives": dt.date(2026, 11, 5),
        "key": "2026-10-31",
        "because": "order of 31 Oct 2026 (Ink)",
        "priority": 60,
        "owed": False,
        "language": "en",
        "email": "",
        "phone": "",
        "address": (name, "12 Long Street", "L-1728 Luxembourg"),
        "country": "LU",
        "subject": "Thank you for your order",
        "text": "Thank you.",
        "greeting": f"Dear {name}",
        "closing": "Kind regards,",
    }
    values |= {"html": to_html(str(more.get("text", values["text"])))}
    return Touch(**(values | more))


def items_of(
    project: Project, touches: Sequence[Touch], day: CarePlan | None = None
) -> list[PostItem]:
    """Return the touchpoints in their printed form."""
    return post_items(project, day or plan(), touches)


def touches_of(project: Project) -> list[Touch]:
    """Return a letter to every customer of the example."""
    columns = ["id", "name", "street", "postcode", "city", "country", "language"]
    rows = project.people.customers.select(columns).iter_rows()
    return [
        touch(
            name or key,
            customer=key,
            address=(name or key, street or "", f"{postcode or ''} {city or ''}".strip()),
            country=country or "LU",
            language=language or "en",
        )
        for key, name, street, postcode, city, country, language in rows
    ]


STRANGE = (
    "王小明",
    "山田 花子",
    "김민수",
    "محمد علي",
    "יוסי כהן",
    "😀 Zoë",
    "Łukasz Żółć",
    "Ελένη",
)
"""Names in scripts that the usual font lacks, from the right, and with a picture."""


@dataclass(frozen=True)
class Word:
    """A word on a page, in millimetres from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


Read = Callable[[bytes], list[Word]]


def words_of(pdf: bytes, tmp_path: Path) -> list[Word]:
    """Return the words of a PDF as pdftotext finds them."""
    file = tmp_path / "words.pdf"
    file.write_bytes(pdf)
    command = ["pdftotext", "-bbox", str(file), "-"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    pages = ET.fromstring(printed).iter("{http://www.w3.org/1999/xhtml}page")
    return [
        Word(
            page=number,
            left=float(word.attrib["xMin"]) * MM,
            top=float(word.attrib["yMin"]) * MM,
            right=float(word.attrib["xMax"]) * MM,
            bottom=float(word.attrib["yMax"]) * MM,
            text=logical(word.text or ""),
        )
        for number, page in enumerate(pages, 1)
        for word in page.iter("{http://www.w3.org/1999/xhtml}word")
    ]


def logical(text: str) -> str:
    """Return text as people type it, without direction marks and presentation forms."""
    marks = dict.fromkeys(
        map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    )
    return unicodedata.normalize("NFKC", text.translate(marks))


def lines_of(pdf: bytes, tmp_path: Path) -> list[str]:
    """Return the text of a PDF, line by line, in the order in which it was printed."""
    file = tmp_path / "lines.pdf"
    file.write_bytes(pdf)
    command = ["pdftotext", "-raw", str(file), "-"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [" ".join(logical(line).split()) for line in printed.replace("\f", "\n").splitlines()]


def has_name(name: str, lines: Sequence[str]) -> bool:
    """Return whether the name is in the words.

    Words of a name in a right-to-left script come as displayed, the first one last. If a picture
    stands between words, pdftotext sees no space.
    """
    words = logical(name).split()
    rtl = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    wanted = "".join(reversed(words) if rtl else words)
    return any(wanted in line.replace(" ", "") for line in lines)
