"""Letters by the thousand for a print service: one PDF, and the table of its addresses."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import polars as pl
from pypdf import PdfWriter

from newsletter.errors import NewsletterError, Place
from newsletter.export.print.letters import MOST, letters_document
from newsletter.export.print.post import PostItem, post_items
from newsletter.export.print.typst import Press
from newsletter.export.table import machine_csv
from newsletter.mailing import Mailing
from newsletter.mailing.households import with_households
from newsletter.mailing.touches import merged_touches, parted
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan
from newsletter.model.project import Project

_TEMPLATE = "print/letter.typ"


@dataclass(frozen=True)
class PrintJob:
    """Letters in the order of their country and postcode, that of the business first."""

    project: Project
    press: Press
    items: Sequence[PostItem]
    postcodes: Mapping[str, str]
    """By customer."""
    folder: str

    def artifacts(self) -> Iterator[Artifact]:
        """Yield letters.pdf, and addresses.csv with a row for each letter in it."""
        yield Artifact(f"{self.folder}/letters.pdf", lambda: [self._pdf])
        yield Artifact(f"{self.folder}/addresses.csv", lambda: machine_csv([self.addresses]))

    @cached_property
    def _pdf(self) -> bytes:
        return self._printed[0]

    @cached_property
    def _printed(self) -> tuple[bytes, list[int]]:
        """
        Return the PDF, and the number of the first page of each letter and of that after all.

        They are set some at a time, because memory grows with a document, and then joined.

        Raises:
            NewsletterError: if the theme's layout does not say where each letter begins.
        """
        document, joined = letters_document(self.project, self.items[0].date), PdfWriter()
        pages = list[int]()
        for begin in range(0, len(self.items), MOST):
            items = self.items[begin : begin + MOST]
            data, before = document.data(items, 0), len(joined.pages)
            firsts = self.press.values(document, data, label="first-sheet")
            if len(firsts) != len(items):
                raise self._unknown_pages()
            pages += [before + first for first in firsts]
            joined.append(io.BytesIO(self.press.pdf(document, data)), import_outline=False)
        buffer = io.BytesIO()
        joined.write(buffer)
        return buffer.getvalue(), [*pages, len(joined.pages) + 1]

    @property
    def addresses(self) -> pl.DataFrame:
        """The letters with their pages in the PDF and the lines of their addresses."""
        most = max(len(item.lines) for item in self.items)
        rows = [
            {
                "letter": number,
                "page_from": first,
                "page_to": after - 1,
                "country": item.country,
                "postcode": self.postcodes[item.customer],
            }
            | {f"line_{n + 1}": line for n, line in enumerate(item.lines)}
            for number, (item, (first, after)) in enumerate(
                zip(self.items, pairwise(self._printed[1]), strict=True), 1
            )
        ]
        lines = {f"line_{n + 1}": pl.String() for n in range(most)}
        numbers = dict.fromkeys(("letter", "page_from", "page_to"), pl.Int64())
        places = dict.fromkeys(("country", "postcode"), pl.String())
        return pl.DataFrame(rows, schema={**numbers, **places, **lines})

    def _unknown_pages(self) -> NewsletterError:
        hint = (
            "write `#context [#metadata(here().page()) <first-sheet>]` where each letter begins, "
            "as the packaged layout does"
        )
        message = "the layout does not say on which page each letter begins"
        at = Place(path=self.project.theme.places[_TEMPLATE])
        return NewsletterError.at(message, at, hint=hint)


def print_job(
    project: Project,
    plan: CarePlan,
    mailings: Sequence[Mailing],
    *,
    press: Press,
    folder: str,
) -> PrintJob | None:
    """Return the letters of *mailings*; None if nobody gets one. A household gets one."""
    home = project.config.business.country
    touches, postcodes = [], dict[str, str]()
    for mailing in mailings:
        merged, _ = parted(merged_touches(project, mailing))
        touches += with_households(project, merged)
        codes = mailing.people["postcode"].fill_null("")
        postcodes |= dict(zip(mailing.people["id"], codes, strict=True))
    items = post_items(project, plan, touches)
    items.sort(
        key=lambda item: (
            item.country != home,
            item.country,
            postcodes[item.customer].casefold(),
            item.lines[1:],
            item.customer,
        )
    )
    return PrintJob(project, press, items, postcodes, folder) if items else None
