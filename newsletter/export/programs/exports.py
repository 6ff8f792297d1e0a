"""The mailings of an issue or a practice for a program, in each of their languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, did_you_mean, raise_all
from newsletter.export.messages import Messages, without
from newsletter.export.practice_emails import practice_emails
from newsletter.export.programs import PROGRAMS
from newsletter.export.programs.exported import Exported
from newsletter.export.programs.profile import EMAIL, Contacts, Program
from newsletter.export.senders import MessageSender
from newsletter.facts import nobody
from newsletter.mailing import Mailing
from newsletter.mailing.mailings import issue_mailings, practice_mailings
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan
from newsletter.model.domains import folded_address
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.plan.reach import on_list
from newsletter.render.fragments import Fragments
from newsletter.render.language_filters import language_filters
from newsletter.render.view import Addresses


def exported_mailings(  # noqa: PLR0913  # each is a value of its own
    project: Project,
    plan: CarePlan,
    program: Program,
    *,
    issue: str | None,
    practice: str | None = None,
    also: Sequence[str] = (),
) -> Iterator[Exported]:
    """
    Yield an *issue*, or else a *practice* on the day of the plan, for a program, by language.

    A customer whose message fails is in none. *also* are columns of the customer file that the
    program gets, too. Raises NewsletterError for wrong texts.
    """
    fragments = Fragments()
    for mailing in _mailings(project, plan, issue, practice, fragments):
        messages = Messages(project, mailing, within="private", results=fragments)
        page = _page(project, mailing, issue, plan.day)
        yield _exported(project, program, messages, page_url=page, also=also)


def issue_exports(
    project: Project, editions: Sequence[Messages], *, name: str, day: dt.date
) -> Iterator[Artifact]:
    """
    Yield the files of an issue for the programs of newsletter.yml.

    Raises:
        NewsletterError: if one of them would not take it.
    """
    for program in programs_of(project):
        for messages in editions:
            if messages.mailing.people.height:
                page = _page(project, messages.mailing, name, day)
                yield from _exported(project, program, messages, page_url=page).artifacts()
        yield from blocklist(project, program, name)


def programs_of(project: Project) -> Sequence[Program]:
    """
    Return the programs that newsletter.yml names under `exports`.

    Raises:
        NewsletterError: if it names another.
    """
    names = [name.lower() for name in project.config.exports]
    if unknown := [name for name in names if name not in PROGRAMS]:
        place = Place(path="content/newsletter.yml")
        every = ", ".join(PROGRAMS)
        raise NewsletterError(
            *(
                Problem(
                    f"'exports:' names the program '{name}', which is unknown",
                    place,
                    hint=did_you_mean(name, PROGRAMS) or f"the programs are {every}",
                )
                for name in unknown
            )
        )
    return [PROGRAMS[name] for name in dict.fromkeys(names)]


def _exported(
    project: Project,
    program: Program,
    messages: Messages,
    *,
    page_url: str,
    also: Sequence[str] = (),
) -> Exported:
    config, mailing = project.config, messages.mailing
    return Exported(
        program=program,
        mailing=mailing,
        people=without(mailing.people, messages.failures),
        filters=language_filters(mailing.language, business=config.business),
        nobody=nobody(config, language=mailing.language, photos={}),
        page_url=page_url,
        also=tuple(also),
        sender=MessageSender.of(config.sender).value,
        spoken=config.language,
    )


def _page(project: Project, mailing: Mailing, issue: str | None, day: dt.date) -> str:
    """Return the address of the issue's page; empty: there is none."""
    addresses = Addresses(project, language=mailing.language, today=day)
    return addresses.issue(issue, mailing.language) if issue else ""


def _mailings(
    project: Project,
    plan: CarePlan,
    issue: str | None,
    practice: str | None,
    fragments: Fragments,
) -> Iterator[Mailing]:
    """Yield the mailings by email, of a practice the rows of the day."""
    if issue:
        editions = issue_mailings(project, plan, issue, today=plan.day, fragments=fragments)
        yield from (edition.by_email for edition in editions if edition.by_email.people.height)
        return
    mailings, problems = practice_mailings(project, plan, channels=("email",), fragments=fragments)
    raise_all(problems)
    meant = [mailing for mailing in mailings if mailing.practice.name == practice]
    emails = practice_emails(project, meant, day=plan.day, results=fragments)
    yield from (messages.mailing for messages in emails.messages)


def blocklist(project: Project, program: Program, name: str) -> Iterator[Artifact]:
    """
    Yield the file of the addresses that a program must never mail, if it imports one.

    It lies beside the languages of the issue or practice *name*.
    """
    if not program.blocklist:
        return
    suppressed, people = project.people.tables["suppressed"], project.people.customers
    ids = people.filter(on_list(suppressed))
    addresses = pl.concat(rows.select(folded_address(EMAIL)) for rows in (suppressed, ids))
    frame = addresses.drop_nulls().unique().sort(EMAIL)
    contacts = Contacts(
        folder=f"private/exports/{program.name}/{name}",
        key=key_of("blocklist", program.name, frame),
        headers={EMAIL: EMAIL},
        frames=lambda: [frame],
        template={},
        sender="",
    )
    yield from program.blocklist(contacts)


def check_columns(project: Project, also: Sequence[str]) -> None:
    """Raise NewsletterError if the customer file lacks one of the columns *also*."""
    columns = project.people.customers.columns
    problems = [
        Problem(
            f"the customer file has no column '{name}'",
            hint=did_you_mean(name, columns) or f"its columns are {', '.join(columns)}",
        )
        for name in also
        if name not in columns
    ]
    if problems:
        raise NewsletterError(*problems)
