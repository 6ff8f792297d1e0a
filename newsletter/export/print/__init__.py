"""Letters, greeting cards and address labels as PDF, for the touches that go by post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter.errors import Problem
from newsletter.export.print.cards import cards
from newsletter.export.print.labels import labels
from newsletter.export.print.letters import letters
from newsletter.export.print.scripts import glyph_remarks
from newsletter.export.print.typst import NOT_INSTALLED, open_press
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan, Touch
from newsletter.model.channels import PENNED, POSTED
from newsletter.model.project import Project


def printed(project: Project, plan: CarePlan, touches: Sequence[Touch]) -> Iterator[Artifact]:
    """
    Yield letters.pdf, cards.pdf and labels-<sheet>.pdf below private/care/print/.

    Nothing is yielded where typst is not installed, and no file that would have no pages. The
    PDFs are made when they are written.
    """
    by_post = [touch for touch in touches if touch.channel in POSTED]
    press = open_press() if by_post else None
    if press:
        on_paper = [touch for touch in by_post if touch.channel not in PENNED]
        by_hand = [touch for touch in by_post if touch.channel in PENNED]
        yield from letters(project, on_paper, press=press, day=plan.day)
        yield from cards(project, plan, by_hand, press=press)
        yield from labels(project, by_post, press=press, day=plan.day)


def print_remarks(touches: Sequence[Touch]) -> Iterator[Problem]:
    """Yield what somebody should know before printing: no typst, or a character without a font."""
    by_post = [touch for touch in touches if touch.channel in POSTED]
    if by_post:
        press = open_press()
        yield from glyph_remarks(by_post, press) if press else (NOT_INSTALLED,)
