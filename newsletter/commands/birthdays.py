"""`newsletter birthdays`: whose birthday or anniversary it is in the days to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import RUNS, with_project, with_today
from newsletter.commands.terminal import columns, counted

if RUNS:
    import polars as pl

    from newsletter.commands.plan_table import weekday
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
    facts = add_facts(
        project.people, project.config, today=today, since=today, customs=project.customs
    )
    open_ = facts.filter(~pl.col("closed").fill_null(value=False))
    found = sorted(
        (row[f"days_to_{what}"], row["name"] or row["company"] or row["id"], _line(row, what))
        for what in ("birthday", "anniversary")
        for row in open_.filter(pl.col(f"days_to_{what}") < days).iter_rows(named=True)
    )
    head = f"{counted(len(found), 'birthday or anniversary', 'birthdays and anniversaries')}"
    head += f" in {counted(days, 'day')} from {weekday(today)}"
    rows = [[weekday(today + dt.timedelta(days=ahead)), *line] for ahead, _, line in found]
    following = "next: newsletter plan, which says who writes or calls"
    return "\n\n".join([head, *([columns(rows)] if rows else []), following])


def _line(row: dict[str, Any], what: str) -> list[str]:
    name = row["name"] or row["company"] or row["id"]
    return [name, _occasion(row, what), " · ".join(_ways(row))]


def _occasion(row: dict[str, Any], what: str) -> str:
    """Return what the day is, with the years if they are known."""
    if what == "anniversary":
        return f"customer for {counted(row['anniversary_years'], 'year')}"
    if row["age"] is None:
        return "birthday"
    return f"turns {row['age'] + (row['days_to_birthday'] > 0)}"


def _ways(row: dict[str, Any]) -> Iterator[str]:
    if row["bereaved"]:
        yield f"mourns: no good wishes until {row['bereaved_until']}"
    yield from (row[name] for name in ("phone", "email") if row[name])
