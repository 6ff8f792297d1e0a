"""`newsletter today`: each team member's tasks of the day, with their texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
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
from newsletter.commands.terminal import Bars, columns, terminal_size, width_of, wrapped

if RUNS:
    import polars as pl

    from newsletter.commands.day_page import WIDTH, DayPage
    from newsletter.commands.find_person import the_member
    from newsletter.commands.inputs import read_practising
    from newsletter.commands.plan_table import rules_text
    from newsletter.commands.screen import Screen
    from newsletter.errors import raise_all
    from newsletter.export.pages.day import care_pages
    from newsletter.export.pages.gifts import gifts_to_buy
    from newsletter.export.pages.while_away import MOST_LAPSED
    from newsletter.mailing.mailings import practice_mailings
    from newsletter.mailing.touches import tasks_of
    from newsletter.mailing.words import Stopped
    from newsletter.model.artifact import Artifact
    from newsletter.model.care import CarePlan, Touch
    from newsletter.model.channels import BY_HAND
    from newsletter.model.duty import team_on
    from newsletter.model.project import Project
    from newsletter.model.team import TeamMember
    from newsletter.plan.missed import Missed, missed
    from newsletter.plan.planning import plan_day
    from newsletter.write import write_into

FOLDER = "private/care"
"""Below the output folder, where a build writes the same pages."""
_BELOW = 5
"""Lines below the tasks: where their texts are, the next step, and the prompt of the shell."""
_FEWEST = 3
"""Tasks of each team member that a terminal shows, however low it is."""


@click.command("today")
@click.option("--member", metavar="ID", help="The page of one team member (default: everybody).")
@click.option(
    "--all", "everything", is_flag=True, help="With all texts, even if the terminal is too small."
)
@with_verbose
@with_output
@with_project
@with_today
def command(
    *,
    root: Path,
    output: Path | None,
    member: str | None,
    everything: bool,
    today: dt.date,
    verbose: bool,
) -> None:
    """Show what each team member has to do today, with the words, and write it as pages."""
    show = partial(today_text, root, output=output or root / "output", member=member, today=today)
    _, lines = terminal_size()
    text = show(progress=Bars(), verbose=verbose, lines=0 if everything or verbose else lines)
    click.echo(text)


def today_text(
    root: Path,
    *,
    output: Path,
    member: str | None,
    today: dt.date,
    progress: Bars,
    verbose: bool = False,
    lines: int = 0,
) -> str:
    """
    Return each team member's page of the day as text, and write the pages for the browser.

    *member* is an id or name; None: everybody. What does not fit *lines* (0: any number) is a
    list of tasks without their texts. Raises NewsletterError if there is no such member, or with
    all problems of the texts.
    """
    with progress.step("Reading files", 0):
        project = read_practising(root, today=today)
    team = [the_member(project.config, member)] if member else team_on(project.config, today)
    with progress.step("Planning the day", 0):
        plan = plan_day(project, today=today)
    with progress.step("Finding the words", 0):
        mailings, wrong = practice_mailings(project, plan, channels=BY_HAND)
        tasks = tasks_of(project, plan, mailings)
        raise_all((*wrong, *tasks.problems))
    write_into(output, _pages(project, plan, tasks.touches, output))
    screen, lapsed = Screen(project.config.language), missed(project, plan)
    pages = [DayPage(project, plan, person, tasks.touches, screen) for person in team]
    above = [while_away(project, lapsed, team, screen)] if lapsed else []
    below = [_without_words(tasks.stopped, project, screen)] if tasks.stopped else []
    below += [rules_text(project.practices, plan.table["practice"], screen)] * verbose
    whole = [*above, *(page.whole() for page in pages), *below]
    path = _page_path(team, output)
    written = screen("today_page" if len(team) == 1 else "today_pages", file=path)
    if lines and _height(whole) > lines - _BELOW:
        most = (lines - _BELOW - _height([*above, *below])) // len(team) - _HEAD
        whole = [*above, *(page.short(max(most, _FEWEST)) for page in pages), *below]
        written = screen("today_all", file=path)
    return "\n\n".join([*whole, written, screen("next", command=screen("today_next"))])


_HEAD = 3
"""Lines of a member's heading, with the empty line below."""


def _height(parts: Sequence[str]) -> int:
    """Return the lines of paragraphs, with the empty line below each."""
    return sum(part.count("\n") + 2 for part in parts)


def _page_path(team: Sequence[TeamMember], output: Path) -> str:
    """Return the page of the only member, or the overview of several."""
    return f"{output}/{FOLDER}/{team[0].id if len(team) == 1 else 'index'}.html"


def _pages(
    project: Project, plan: CarePlan, tasks: Sequence[Touch], output: Path
) -> list[Artifact]:
    """Return the pages for the browser, with links to the files of a build beside them."""
    pages = {page.path for page in care_pages(project, plan, tasks)}
    to_buy = gifts_to_buy(project, plan)
    files = {path.relative_to(output).as_posix() for path in (output / FOLDER).rglob("*.*")}
    return list(care_pages(project, plan, tasks, files=files - pages, to_buy=to_buy))


def while_away(
    project: Project, lapsed: Missed, team: Sequence[TeamMember], screen: Screen
) -> str:
    """Return what lapsed of the tasks of *team* while nothing was recorded."""
    head = screen("today_away")
    days = screen("today_away_days", first=lapsed.away.first, last=lapsed.away.last)
    parts = [f"{head}\n{'=' * width_of(head)}", days]
    for table, phrase in ((lapsed.late, "late"), (lapsed.owed, "owed"), (lapsed.over, "over")):
        rows = table.filter(pl.col("member").is_in([member.id for member in team]))
        lines = [
            [
                "",
                row["name"] or row["customer"],
                project.titles[row["practice"]],
                _day_of(row, screen),
            ]
            for row in rows.head(MOST_LAPSED).iter_rows(named=True)
        ]
        more = rows.height - MOST_LAPSED
        rest = [f"  {screen('more', n=more)}"] * (more > 0)
        explanation = wrapped(screen(f"today_away_{phrase}"), WIDTH)
        parts += ["\n".join([*explanation, columns(lines), *rest])] * bool(lines)
    return "\n\n".join(parts)


def _day_of(row: Mapping[str, Any], screen: Screen) -> str:
    """Return for which day a lapsed task was, and from when on or how it can be done."""
    if row["possible_on"]:
        return screen("today_away_possible", day=row["arrives"], possible=row["possible_on"])
    day = screen("today_away_for", day=row["arrives"])
    return f"{day}, {screen.channel(row['channel'])}" if row["skipped_because"] is None else day


def _without_words(stopped: Sequence[Stopped], project: Project, screen: Screen) -> str:
    """Return the tasks without a text because of a value in the customer's row."""
    rows = [
        [
            "",
            task.customer,
            project.titles[task.practice],
            screen.channel(task.channel),
            task.reason,
        ]
        for task in stopped
    ]
    head = screen("today_stopped", tasks=screen.counted("tasks", len(stopped)))
    return f"{head}\n{columns(rows)}"
