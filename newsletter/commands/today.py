"""`newsletter today`: each team member's tasks of the day, with their texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import (
    RUNS,
    with_output,
    with_project,
    with_today,
    with_verbose,
)
from newsletter.commands.terminal import Bars, by_channel, columns, counted, reason_not, wrapped

if RUNS:
    import polars as pl

    from newsletter.commands.find_person import the_member
    from newsletter.commands.inputs import read_practising
    from newsletter.commands.plan_table import rules_text, weekday
    from newsletter.errors import raise_all
    from newsletter.export.lists import in_order
    from newsletter.export.pages.day import care_pages, drafts_of, owed_otherwise
    from newsletter.export.pages.gifts import gifts_to_buy
    from newsletter.export.pages.while_away import MOST_LAPSED
    from newsletter.mailing.mailings import practice_mailings
    from newsletter.mailing.touches import tasks_of
    from newsletter.mailing.words import Stopped
    from newsletter.model.artifact import Artifact
    from newsletter.model.care import CarePlan, Touch
    from newsletter.model.channels import BY_HAND, CHANNELS
    from newsletter.model.duty import team_on
    from newsletter.model.practice import PERSONAL
    from newsletter.model.project import Project
    from newsletter.model.team import TeamMember
    from newsletter.plan.missed import Missed, missed
    from newsletter.plan.planning import plan_day
    from newsletter.write import write_into

FOLDER = "private/care"
"""Below the output folder, where a build writes the same pages."""
_WIDTH, _INDENT = 80, " " * 4


@click.command("today")
@click.option("--member", metavar="ID", help="The page of one team member (default: everybody).")
@with_verbose
@with_output
@with_project
@with_today
def command(
    *, root: Path, output: Path | None, member: str | None, today: dt.date, verbose: bool
) -> None:
    """Show what each team member has to do today, with the words, and write it as pages."""
    output = output or root / "output"
    click.echo(
        today_text(
            root, output=output, member=member, today=today, progress=Bars(), verbose=verbose
        )
    )


def today_text(
    root: Path,
    *,
    output: Path,
    member: str | None,
    today: dt.date,
    progress: Bars,
    verbose: bool = False,
) -> str:
    """
    Return each team member's page of the day as text, and write the pages for the browser.

    *member* is an id or name; None: everybody. Raises NewsletterError if there is no such member,
    or with all problems of the texts.
    """
    with progress.step("Reading files", 0):
        project = read_practising(root, today=today)
    everybody = team_on(project.config, today)
    team = everybody if member is None else [the_member(project.config, member)]
    with progress.step("Planning the day", 0):
        plan = plan_day(project, today=today)
    with progress.step("Finding the words", 0):
        mailings, wrong = practice_mailings(project, plan, channels=BY_HAND)
        tasks = tasks_of(project, plan, mailings)
        raise_all((*wrong, *tasks.problems))
    write_into(output, _pages(project, plan, tasks.touches, output))
    drafts, lapsed = drafts_of(project), missed(project, plan)
    parts = [_while_away(project, lapsed, team)] if lapsed else []
    parts += [_page(person, tasks.touches, plan, drafts) for person in team]
    parts += [_without_words(tasks.stopped)] * bool(tasks.stopped)
    parts += [rules_text(project.practices, plan.table["practice"])] * verbose
    wrote = "\n".join(f"wrote {output}/{FOLDER}/{person.id}.html" for person in team)
    return "\n\n".join([*parts, wrote, "next: newsletter jot CUSTOMER TEXT, as you go along"])


def _pages(
    project: Project, plan: CarePlan, tasks: Sequence[Touch], output: Path
) -> list[Artifact]:
    """Return the pages for the browser, with links to the files of a build beside them."""
    pages = {page.path for page in care_pages(project, plan, tasks)}
    to_buy = gifts_to_buy(project, plan)
    files = {path.relative_to(output).as_posix() for path in (output / FOLDER).rglob("*.*")}
    return list(care_pages(project, plan, tasks, files=files - pages, to_buy=to_buy))


def _while_away(project: Project, lapsed: Missed, team: Sequence[TeamMember]) -> str:
    """Return what lapsed of the tasks of *team* while nothing was recorded."""
    titles = {practice.name: practice.title for practice in project.practices}
    parts = [
        _HEADING,
        f"Nothing was recorded from {lapsed.away.first} to {lapsed.away.last}.",
    ]
    for table, told in ((lapsed.late, _LATE), (lapsed.owed, _OWED), (lapsed.over, _OVER)):
        rows = table.filter(pl.col("member").is_in([member.id for member in team]))
        lines = [
            ["", row["name"] or row["customer"], titles[row["practice"]], _day_of(row)]
            for row in rows.head(MOST_LAPSED).iter_rows(named=True)
        ]
        more = [f"  and {rows.height - MOST_LAPSED:,} more"] * (rows.height > MOST_LAPSED)
        parts += ["\n".join([*wrapped(told, _WIDTH), columns(lines), *more])] * bool(lines)
    return "\n\n".join(parts)


_HEADING = "While you were away\n==================="
_LATE = (
    "Can still be done, late, in words that say so or name the day (below). Tick it in the work "
    "list, also if it was done and only not recorded."
)
_OWED = "Still owed: ring, and say that it is late before they have to ask."
_OVER = "Over, and better left. Let these rest, and be in time for the next occasion."


def _day_of(row: Mapping[str, Any]) -> str:
    """Return for which day a lapsed task was, and from when on or how it can be done."""
    if row["possible_on"]:
        return f"for {row['arrives']}, possible on {row['possible_on']}"
    now = row["skipped_because"] is None
    return f"for {row['arrives']}" + (f", {by_channel(row['channel'])}" if now else "")


def _page(
    member: TeamMember, tasks: Sequence[Touch], plan: CarePlan, drafts: Sequence[str]
) -> str:
    """Return the page of one team member: owed tasks first, then channel by channel."""
    tasks = in_order([task for task in tasks if task.member == member.id])
    head = f"{member.name}, {weekday(plan.day)}: {counted(len(tasks), 'task')}"
    emails = plan.planned.filter(
        pl.col("member") == member.id,
        pl.col("channel") == "email",
        PERSONAL,
        ~pl.col("practice").is_in(drafts),
    ).height
    if emails:
        head += f", and {counted(emails, 'email')} that newsletter build writes"
    rows = plan.table.filter(pl.col("member") == member.id)
    parts = ["\n".join(_owed_otherwise(row)) for row in owed_otherwise(rows, drafts)]
    parts += ["\n".join(_task(task)) for task in tasks]
    return "\n\n".join([f"{head}\n{'=' * min(len(head), _WIDTH)}", *parts])


def _owed_otherwise(row: dict[str, Any]) -> Iterator[str]:
    """Yield what is owed but is no task: an email of a build, or why nothing goes out."""
    way = f"{row['channel']} · " if row["skipped_because"] is None else ""
    yield f"OWED · {way.upper()}{row['name'] or row['customer']} ({row['customer']})"
    yield from _indented(f"{row['practice']}: {row['because']}")
    if row["skipped_because"]:
        yield from _indented(f"Not today, because {reason_not(row)}")


def _without_words(stopped: Sequence[Stopped]) -> str:
    """Return the tasks without a text because of a value in the customer's row."""
    rows = [["", task.customer, task.practice, task.channel, task.reason] for task in stopped]
    count = counted(len(stopped), "task")
    return f"{count} left out, because a value cannot be printed\n{columns(rows)}"


def _task(task: Touch) -> Iterator[str]:
    """Yield the lines of one task: for whom, why, what not to say, and the text."""
    owed = "OWED · " if task.owed else ""
    channel, address = CHANNELS[task.channel], ", ".join(task.address)
    where = task.phone if "phone" in channel.needs else address if channel.spoken else ""
    head = [task.channel.upper(), f"{task.name} ({task.customer})", where]
    yield owed + " · ".join(part for part in head if part)
    arrival = f", for {task.arrives}" if task.arrives != task.date else ""
    yield from _indented(f"{task.title}{arrival}: {task.because}")
    if task.goes_with:
        yield from _indented(task.goes_with)
        return
    if task.not_to_mention and not task.agenda:  # an agenda contains what not to mention
        yield from _indented(f"Do not mention: {task.not_to_mention}")
    for item in task.agenda:
        yield from _indented(f"· {item}")
    for other in task.also:
        yield from _indented(f"With it: {other.title}: {other.because}")
    if task.draft:
        yield from _indented("A draft: finish it before it goes out.")
    if channel.posted or task.draft:
        yield from _indented(f"To: {address if channel.posted else task.email}")
        if task.draft and task.subject:
            yield from _indented(f"Subject: {task.subject}")
        yield from _indented(f"{task.greeting},")
    for paragraph in task.text.split("\n"):
        yield from _indented(paragraph) if paragraph.strip() else [""]
    for prompt in task.prompts:
        yield from _indented(f"You may mention: {prompt.text}")
    yield from _gift(task)


def _gift(task: Touch) -> Iterator[str]:
    if task.gift:
        yield from _indented(f"With it: {task.gift}")
    if task.code:
        until = f", until {task.expires}" if task.expires else ""
        yield from _indented(f"Voucher: {task.code}{until}")


def _indented(text: str) -> list[str]:
    return [f"{_INDENT}{line}" for line in wrapped(text, _WIDTH - len(_INDENT))]
