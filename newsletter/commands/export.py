"""`newsletter export`: an issue or a practice as the files that another program imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_output, with_project, with_today
from newsletter.errors import NewsletterError, did_you_mean

if RUNS:
    from newsletter.commands.screen import Screen
    from newsletter.commands.terminal import Bars, columns
    from newsletter.export.programs import PROGRAMS
    from newsletter.export.programs.exported import Exported
    from newsletter.export.programs.exports import blocklist, exported_mailings
    from newsletter.export.programs.profile import Program
    from newsletter.model.project import Project
    from newsletter.plan.issues import newest_issue
    from newsletter.plan.planning import plan_day
    from newsletter.read.assembly import read_project
    from newsletter.write import write_into


@click.command("export")
@click.argument("program", required=False)
@click.argument("name", required=False)
@click.option(
    "--with",
    "also",
    multiple=True,
    metavar="COLUMN",
    help="A column of your customer file that the program gets, too; give it again for more.",
)
@with_output
@with_project
@with_today
def command(
    *,
    program: str | None,
    name: str | None,
    also: tuple[str, ...],
    output: Path | None,
    root: Path,
    today: dt.date,
) -> None:
    """
    Write an issue or a practice for PROGRAM, with the contacts who get it.

    NAME is an issue or a practice (default: the issue that waits). Without PROGRAM, list the
    programs.
    """
    if program is None:
        click.echo(columns([(each.name, each.title) for each in PROGRAMS.values()]))
        return
    target = _target(program)
    output = output or root / "output"
    with Bars().step("Reading files", 0):
        project = read_project(root, today=today)
    exported = _exported(project, target, name, also=also, today=today)
    artifacts = chain.from_iterable(each.artifacts() for each in exported)
    addresses = blocklist(project, target, exported[0].name)
    write_into(output, chain(artifacts, addresses))
    screen = Screen(project.config.language)
    contacts = sum(each.people.height for each in exported)
    click.echo(screen.counted("exported", contacts, program=target.title))
    for folder in dict.fromkeys(str(Path(each.folder).parent) for each in exported):
        click.echo(screen("wrote", file=output / folder))


def _target(name: str) -> Program:
    if target := PROGRAMS.get(name.lower()):
        return target
    hint = did_you_mean(name.lower(), PROGRAMS) or f"the programs are {', '.join(PROGRAMS)}"
    raise NewsletterError.at(f"there is no program '{name}'", hint=hint)


def _exported(
    project: Project, target: Program, name: str | None, *, also: Sequence[str], today: dt.date
) -> list[Exported]:
    """Return what is written of the issue or practice *name*; raises if nobody gets it."""
    issue, practice = _meant(project, name)
    plan = plan_day(project, today=today, issue=issue)
    exported = list(
        exported_mailings(project, plan, target, issue=issue, practice=practice, also=also)
    )
    if not any(each.people.height for each in exported):
        hint = "newsletter plan shows who is due by which channel, and newsletter explain why not"
        who = f"nobody gets '{issue or practice}' by email on {today}"
        raise NewsletterError.at(who, hint=hint)
    return exported


def _meant(project: Project, name: str | None) -> tuple[str | None, str | None]:
    """Return the issue, or the practice, that *name* means; None: the issue that waits."""
    issues = {issue.name for issue in project.issues}
    practices = {practice.title.casefold(): practice.name for practice in project.practices}
    practices |= {practice.name: practice.name for practice in project.practices}
    if name is None:
        issue = newest_issue(project)
        if issue is None:
            hint = f"name an issue or a practice: {', '.join(sorted(issues))}"
            raise NewsletterError.at("no issue waits to go out", hint=hint)
        return issue, None
    if name in issues:
        return name, None
    if practice := practices.get(name) or practices.get(name.casefold()):
        return None, practice
    both = [*issues, *practices]
    hint = did_you_mean(name, both) or "name an issue of content/issues/ or a practice"
    raise NewsletterError.at(f"there is no issue or practice '{name}'", hint=hint)
