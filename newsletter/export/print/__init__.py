"""Letters, greeting cards, address labels and vouchers as PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from newsletter.errors import Problem
from newsletter.export.print.cards import CARDS
from newsletter.export.print.labels import labels
from newsletter.export.print.leaves import leaves
from newsletter.export.print.letters import letters
from newsletter.export.print.post import PostItem
from newsletter.export.print.scripts import glyph_remarks
from newsletter.export.print.slips import SLIPS
from newsletter.export.print.typst import NOT_INSTALLED, Press
from newsletter.model.artifact import Artifact
from newsletter.model.channels import PENNED
from newsletter.model.project import Project


def printed(
    project: Project,
    items: Sequence[PostItem],
    *,
    press: Press | None,
    day: dt.date,
    folder: str,
) -> Iterator[Artifact]:
    """
    Yield letters.pdf, cards.pdf, labels-<sheet>.pdf and slips.pdf below *folder*.

    *day*, the day of the build, is the time stamp of the files. Yields nothing if typst is not
    installed, and no file without pages. A PDF is set when it is written.
    """
    if items and press:
        to_print = [item for item in items if item.channel not in PENNED]
        to_write = [item for item in items if item.channel in PENNED]
        coded = [item for item in items if item.code]
        yield from letters(project, to_print, press=press, day=day, folder=folder)
        yield from leaves(project, to_write, CARDS, press=press, day=day, folder=folder)
        yield from labels(project, items, press=press, day=day, folder=folder)
        yield from leaves(project, coded, SLIPS, press=press, day=day, folder=folder)


def print_remarks(items: Sequence[PostItem], press: Press | None) -> Iterator[Problem]:
    """Yield remarks to read before printing: no typst, or a character without a font."""
    if items:
        yield from glyph_remarks(items, press) if press else (NOT_INSTALLED,)
