"""Builds several projects one after the other, and lists their results in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter.commands import WrongFiles, system_reason
from newsletter.commands.build import report_fields
from newsletter.commands.console import as_json as in_json
from newsletter.commands.screen import Screen
from newsletter.commands.terminal import columns
from newsletter.errors import NewsletterError, Problem
from newsletter.model.report import BuildReport

Build = Callable[[Path], tuple[BuildReport, bool]]
"""Builds the project of a folder; also returns whether nothing had changed."""

_HEAD = (
    "each_project", "build_issue", "build_recipients", "each_left_out", "each_tasks",
    "each_remarks", "each_result",
)  # fmt: skip
"""Phrases of the heading."""


@dataclass(frozen=True)
class _Result:
    project: str
    report: BuildReport | None = None
    """None: the project could not be built."""
    unchanged: bool = False
    problems: tuple[Problem, ...] = ()

    def row(self, screen: Screen) -> list[str]:
        """Return the line of the table."""
        if self.report is None:
            failed = screen.counted("each_not_built", len(self.problems))
            return [self.project, "", "", "", "", "", failed]
        editions, care = self.report.editions, self.report.care
        recipients = sum(sum(edition.recipients.values()) for edition in editions)
        left_out = sum(self.report.left_out.values()) if editions else 0
        tasks = sum(care.planned.values()) if care else 0
        numbers = (recipients, left_out, tasks, len(self.report.remarks))
        result = screen("each_unchanged" if self.unchanged else "each_built")
        return [self.project, self.report.issue or "–", *map(screen.number, numbers), result]

    def fields(self) -> dict[str, object]:
        """Return the result as values of JSON."""
        report = report_fields(self.report) if self.report else None
        problems = [str(problem) for problem in self.problems]
        return {"project": self.project, "report": report, "problems": problems}


def build_each(roots: Sequence[Path], build: Build, *, quiet: bool, as_json: bool) -> None:
    """
    Build each project, also after one that has problems, and print one table.

    Ends the program with exit code 1 if a project could not be built.
    """
    results = []
    for root in roots:
        results.append(result := _result(root, build))
        if result.problems:
            click.echo(f"{result.project}\n", err=True)
            WrongFiles(result.problems).show()
            click.echo(err=True)
    failed = [result.project for result in results if result.report is None]
    if as_json:
        click.echo(in_json([result.fields() for result in results]))
    elif failed or not quiet:
        click.echo(_table(results, failed))
    if failed:
        raise click.exceptions.Exit(1)


def _result(root: Path, build: Build) -> _Result:
    project = click.format_filename(root)
    try:
        report, unchanged = build(root)
    except NewsletterError as error:
        return _Result(project, problems=error.problems)
    except OSError as error:
        return _Result(project, problems=(Problem(system_reason(error)),))
    return _Result(project, report, unchanged)


def _table(results: Sequence[_Result], failed: Sequence[str]) -> str:
    """Return a line for each project, and the next step, in the language of them all."""
    languages = {result.report.language for result in results if result.report}
    screen = Screen(languages.pop() if len(languages) == 1 else "en")
    rows = [[screen(phrase) for phrase in _HEAD], *(result.row(screen) for result in results)]
    end = screen("each_failed", projects=", ".join(failed)) if failed else screen("each_open")
    return f"{columns(rows, right=[2, 3, 4, 5])}\n\n{end}"
