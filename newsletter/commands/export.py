"""`newsletter export`: an issue or a practice as the files that another program imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_output, with_project, with_today
from newsletter.errors import NewsletterError, did_you_mean

if RUNS:
    from newsletter.commands.screen import Screen
    from newsletter.commands.terminal import Bars, columns
    from newsletter.export.merge_letters.letter_mailings import letter_mailings, merge_letters
    from newsletter.export.merge_letters.processors import PROCESSORS, Processor
    from newsletter.export.print.service import print_job
    from newsletter.export.print.typst import NOT_INSTALLED, open_press
    from newsletter.export.programs import PROGRAMS
    from newsletter.export.programs.exports import blocklist, check_columns, exported_mailings
    from newsletter.export.programs.profile import Program
    from newsletter.model.artifact import Artifact
    from newsletter.model.care import CarePlan
    from newsletter.model.project import Project
    from newsletter.plan.issues import newest_issue
    from newsletter.plan.planning import plan_day
    from newsletter.read.assembly import read_project
    from newsletter.write import write_into

PRINT_SERVICE = "print-service"


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
    titles = {name: each.title for name, each in PROGRAMS.items()}
    titles |= {name: each.title for name, each in PROCESSORS.items()}
    titles[PRINT_SERVICE] = "a print service"
    if program is None:
        click.echo(columns(sorted(titles.items())))
        return
    target = _target(program, titles)
    output = output or root / "output"
    with Bars().step("Reading files", 0):
        project = read_project(root, today=today)
    check_columns(project, also)
    issue, practice = _meant(project, name)
    plan = plan_day(project, today=today, issue=issue)
    wanted = _Wanted(project, plan, issue, practice, also)
    export = wanted.of(target)
    if not export.contacts:
        hint = "newsletter plan shows who is due by which channel, and newsletter explain why not"
        how = "by email" if target in PROGRAMS else "by letter"
        raise NewsletterError.at(f"nobody gets '{issue or practice}' {how} on {today}", hint=hint)
    write_into(output, export.artifacts)
    screen = Screen(project.config.language)
    click.echo(screen.counted("exported", export.contacts, program=titles[target]))
    for folder in dict.fromkeys(export.folders):
        click.echo(screen("wrote", file=output / folder))


@dataclass(frozen=True)
class _Export:
    """What is written of an issue or a practice."""

    artifacts: Iterable[Artifact]
    contacts: int
    folders: Sequence[str]


def _target(name: str, titles: Mapping[str, str]) -> str:
    if name.lower() in titles:
        return name.lower()
    hint = did_you_mean(name.lower(), titles) or f"the programs are {', '.join(sorted(titles))}"
    raise NewsletterError.at(f"there is no program '{name}'", hint=hint)


@dataclass(frozen=True)
class _Wanted:
    """An issue, or else a practice on a day, to be written for a program."""

    project: Project
    plan: CarePlan
    issue: str | None
    practice: str | None
    also: Sequence[str]

    def of(self, target: str) -> _Export:
        """Return what is written for a program."""
        if program := PROGRAMS.get(target):
            return self._for_service(program)
        if processor := PROCESSORS.get(target):
            return self._for_letters(processor)
        return self._to_print()

    def _for_service(self, program: Program) -> _Export:
        exported = list(
            exported_mailings(
                self.project,
                self.plan,
                program,
                issue=self.issue,
                practice=self.practice,
                also=self.also,
            )
        )
        artifacts = chain.from_iterable(each.artifacts() for each in exported)
        addresses = blocklist(self.project, program, exported[0].name) if exported else ()
        return _Export(
            chain(artifacts, addresses),
            sum(each.people.height for each in exported),
            [str(Path(each.folder).parent) for each in exported],
        )

    def _for_letters(self, processor: Processor) -> _Export:
        letters = list(
            merge_letters(
                self.project,
                self.plan,
                issue=self.issue,
                practice=self.practice,
                also=self.also,
            )
        )
        return _Export(
            processor.artifacts(letters),
            sum(letter.table.height for letter in letters),
            [str(Path(processor.folder(letter)).parent) for letter in letters],
        )

    def _to_print(self) -> _Export:
        press, folder = (
            open_press(),
            f"private/exports/{PRINT_SERVICE}/{self.issue or self.practice}",
        )
        if press is None:
            raise NewsletterError(NOT_INSTALLED)
        named = letter_mailings(self.project, self.plan, self.issue, self.practice)
        by_letter = [m for _, each in named for m in each if "email" not in m.people["via"]]
        job = print_job(self.project, self.plan, by_letter, press=press, folder=folder)
        return _Export(job.artifacts() if job else (), len(job.items) if job else 0, [folder])


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
