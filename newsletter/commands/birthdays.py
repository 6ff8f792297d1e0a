"""`newsletter birthdays`: whose birthday or anniversary it is in the days to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import RUNS, with_project, with_today
from newsletter.commands.terminal import columns

if RUNS:
    import polars as pl

    from newsletter.commands.screen import Screen
    from newsletter.facts import add_facts
    from newsletter.read.assembly import read_project


@click.command("birthdays")
@click.option(
    "--days", type=click.IntRange(1, 365), default=7, show_default=True, help="How many days."
)
@with_project
@with_today
def command(*, days: int, root: Path, today: dt.date) -> None:
    """Show whose birthday or anniversary it is this week, and how to reach them."""
    click.echo(birthdays_text(root, days=days, today=today))


def birthdays_text(root: Path, *, days: int, today: dt.date) -> str:
    """
    Return the birthdays and anniversaries of the days from *today*, each with the ways there.

    Leaves out closed accounts. Whoever mourns is listed, with a warning. Raises NewsletterError.
    """
    project = read_project(root, today=today)
    screen = Screen(project.config.language)
    facts = add_facts(
        project.people, project.config, today=today, since=today, customs=project.customs
    )
    open_ = facts.filter(~pl.col("closed").fill_null(value=False))
    found = sorted(
        (
            row[f"days_to_{what}"],
            row["name"] or row["company"] or row["id"],
            _line(row, what, screen),
        )
        for what in ("birthday", "anniversary")
        for row in open_.filter(pl.col(f"days_to_{what}") < days).iter_rows(named=True)
    )
    count, first = screen.counted("birthdays_count", len(found)), screen.weekday(today)
    head = screen.counted("birthdays_head", days, count=count, day=first)
    rows = [[screen.weekday(today + dt.timedelta(days=ahead)), *line] for ahead, _, line in found]
    following = screen("next", command=screen("birthdays_next"))
    return "\n\n".join([head, *([columns(rows)] if rows else []), following])


def _line(row: dict[str, Any], what: str, screen: Screen) -> list[str]:
    name = row["name"] or row["company"] or row["id"]
    return [name, _occasion(row, what, screen), " · ".join(_ways(row, screen))]


def _occasion(row: dict[str, Any], what: str, screen: Screen) -> str:
    """Return what the day is, with the years if they are known."""
    if what == "anniversary":
        return screen.counted("birthdays_years", row["anniversary_years"])
    if row["age"] is None:
        return screen("birthdays_birthday")
    return screen("birthdays_turns", age=row["age"] + (row["days_to_birthday"] > 0))


def _ways(row: dict[str, Any], screen: Screen) -> Iterator[str]:
    if row["bereaved"]:
        yield screen("birthdays_mourns", day=row["bereaved_until"])
    yield from (row[name] for name in ("phone", "email") if row[name])
