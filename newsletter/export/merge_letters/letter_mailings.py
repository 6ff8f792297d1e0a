"""The mailings of an issue or a practice as letters: those by letter, and those by email, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from newsletter.errors import raise_all
from newsletter.export.merge_letters.merge_letter import MergeLetter, merge_letter
from newsletter.export.practice_emails import practice_emails
from newsletter.mailing import Mailing
from newsletter.mailing.mailings import issue_mailings, practice_mailings
from newsletter.mailing.words import WordBinder
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.render.fragments import Fragments


def merge_letters(
    project: Project,
    plan: CarePlan,
    *,
    issue: str | None,
    practice: str | None = None,
    also: Sequence[str] = (),
) -> Iterator[MergeLetter]:
    """
    Yield the letters of an *issue*, or else of a *practice* on the day of the plan.

    *also* are columns of the customer file that the table has, too. Raises NewsletterError for
    wrong texts, and if a text needs too many columns.
    """
    for name, mailings in letter_mailings(project, plan, issue, practice):
        if letter := merge_letter(project, plan, mailings, name=name, also=also):
            yield letter


def letter_mailings(
    project: Project, plan: CarePlan, issue: str | None, practice: str | None
) -> Iterator[tuple[str, list[Mailing]]]:
    """
    Yield the mailings that are one document, with its name: 2026-11/en, thank-you/de-email.

    An issue has one text for all whom it reaches. A practice has a text for each channel, so
    letters and emails become two documents.
    """
    fragments = Fragments()
    if issue:
        for edition in issue_mailings(project, plan, issue, today=plan.day, fragments=fragments):
            letters = edition.by_letter
            emails = replace(edition.by_email, channel="letter", template=letters.template)
            yield f"{issue}/{letters.language}", [letters, emails]
        return
    channels = ("letter", "email")
    mailings, problems = practice_mailings(project, plan, channels=channels, fragments=fragments)
    raise_all(problems)
    meant = [m for m in mailings if m.practice.name == practice and not m.practice.draft]
    practice_emails(project, meant, day=plan.day, results=fragments)  # may all of them be emailed?
    binder = WordBinder(project, today=plan.day, fragments=fragments)
    for mailing in meant:
        name = f"{mailing.name.rpartition('/')[2]}/{mailing.language}"
        if mailing.channel == "letter":
            people = mailing.people.with_columns(via=pl.lit("letter"))
            yield name, [replace(mailing, people=people)]
        else:
            words, people = mailing.practice.words[mailing.language], mailing.people
            template = binder.bind(words, "email", schema=people.schema)
            yield f"{name}-email", [replace(mailing, channel="letter", template=template)]
