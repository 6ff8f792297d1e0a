"""`newsletter look`: shows the content of a customer file, before there is a project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from newsletter.commands.options import RUNS, TABLE, with_today
from newsletter.commands.terminal import columns, counted
from newsletter.errors import Problem
from newsletter.model.command_line import quoted

if RUNS:
    import polars as pl

    from newsletter.facts import add_facts
    from newsletter.model.config import Business, Config, Links, Sender
    from newsletter.model.project import People
    from newsletter.model.team import TeamMember
    from newsletter.read.people.consent import MAYBE
    from newsletter.read.people.findings import MOST_ALIKE
    from newsletter.read.people.other_tables import other_table
    from newsletter.read.people.people_files import read_look
    from newsletter.read.returned.work_lists import is_work_list

_MOST = 5
"""Names shown of each finding, below their number."""
_OVERDUE = 1.5
"""Usual intervals without an order after which somebody should ask why."""
_LONG_AGO = 180
"""The same in days, for customers with too few orders for a usual interval."""


@click.command("look")
@click.argument("file", type=TABLE)
@with_today
def command(file: Path, today: dt.date) -> None:
    """Show what a customer file holds, before there is a project."""
    click.echo(look_text(file, today=today))


def look_text(file: Path, *, today: dt.date) -> str:
    """
    Return how each column was read, findings about the rows, and what to do next.

    Of another table than customers, returns only what it is. Raises NewsletterError.
    """
    people = read_look(file, shown=str(file), year=today.year)
    if told := other_table_text(people):
        return f"{people.source}: {counted(people.rows, 'row')}\n\n{told}"
    following = f"next: newsletter init DIR --customers {quoted(str(file))}"
    return f"{reading_text(people)}\n\n{_findings(people, today)}\n\n{following}"


def other_table_text(people: People) -> str:
    """Return what a file is that seems to be no list of customers, and its place; else nothing."""
    headers = [column.header for column in people.columns]
    if is_work_list(headers):
        file = quoted(people.source)
        return (
            "This is a list of tasks that a build wrote, not a list of customers.\n"
            f"  hint: record what was done of it, in the project: newsletter record --plan {file}"
        )
    table, program = other_table(headers)
    if not table:
        return ""
    what = f"an export of {table} of {program}" if program else f"a table of {table}"
    name = f"{table}{Path(people.source).suffix}"
    return (
        f"This seems to be {what}, not a list of customers.\n"
        f"  hint: export the customers, too, and put this file beside them as {name}"
    )


def reading_text(people: People) -> str:
    """Return the program that exported the file, and header, field, reading and samples."""
    program = f", an export of {people.program}" if people.program else ""
    head = f"{people.source}: {counted(people.rows, 'row')}{program}"
    rows = [["column", "read as", "how", "for example"]]
    for column in people.columns:
        samples = " · ".join(_short(sample) for sample in column.samples)
        rows.append([_short(column.header), column.field, column.reading, samples])
    return f"{head}\n\n{columns(rows)}"


def consent_text(people: People) -> str:
    """Return how many customers may be emailed, and how more can be."""
    total = counted(people.customers.height, "customer")
    proposals = "".join(
        f"\n  hint: if the column '{header}' says who agreed to email, write in newsletter.yml:\n"
        f"        consent: {{column: '{header}'}}"
        for header in proposed_consent(people)
    )
    if may := may_be_emailed(people):
        return f"{may:,} of {total} may be emailed{proposals}"
    asked = [column.header for column in people.columns if column.reading.startswith("consent:")]
    columns_asked = " and ".join(f"'{header}'" for header in asked)
    why = f"by {columns_asked} nobody agreed" if asked else "no column says that they agreed"
    return f"none of {total} may be emailed: {why}{proposals or _CURE}"


_CURE = """
  hint: in newsletter.yml, write under 'consent:' which column and values mean yes;
        or 'everyone: yes' with the basis of their consent and since when you have it"""


def proposed_consent(people: People) -> list[str]:
    """Return the headers of columns that may be consent to email but are not asked."""
    return [column.header for column in people.columns if column.reading.startswith(MAYBE)]


def may_be_emailed(people: People) -> int:
    """Return how many customers agreed to email, have an address and are still customers."""
    agreed = pl.col("consent_email") & pl.col("email").is_not_null()
    left = pl.col("closed").fill_null(value=False)
    return people.customers.filter(agreed & ~left).height


def _findings(people: People, today: dt.date) -> str:
    facts = add_facts(people, _neutral(), today=today, since=today)
    overdue = (pl.col("overdue") > _OVERDUE) | (
        pl.col("overdue").is_null() & (pl.col("days_since_last_order") > _LONG_AGO)
    )
    soon = facts.filter(pl.col("days_to_birthday") < 7).sort("days_to_birthday", "id")
    late, new = facts.filter(overdue), _untouched(facts)
    parts = [
        consent_text(people),
        _named(
            counted(soon.height, "birthday this week", "birthdays this week"),
            soon,
            "days_to_birthday",
        ),
        _named(f"{late.height:,} overdue for an order", late, "days_since_last_order"),
        _named(f"{new.height:,} with neither an order nor a contact in this file", new, ""),
        _listed("bad row, left out", "bad rows, left out", people.bad_rows),
        _listed("remark", "remarks", people.remarks),
    ]
    return "\n".join(parts)


def _untouched(facts: pl.DataFrame) -> pl.DataFrame:
    no_order = pl.col("days_since_last_order").is_null() & (
        pl.col("orders_count").fill_null(0) == 0
    )
    return facts.filter(pl.col("days_since_last_contact").is_null() & no_order)


def _named(title: str, rows: pl.DataFrame, days: str) -> str:
    """Return *title*, which has the number of rows, and the first few names."""
    first = rows.head(_MOST)
    names = first.select(pl.coalesce("name", "company", "email", "id"))[:, 0].to_list()
    numbers = first[days].to_list() if days else [None] * len(names)
    lines = [
        f"    {name}" + (f" ({_when(days, number)})" if number is not None else "")
        for name, number in zip(names, numbers, strict=True)
    ]
    return "\n".join([title, *lines, *_and_more(rows.height)])


def _when(days: str, number: int) -> str:
    if days == "days_to_birthday":
        return "today" if number == 0 else f"in {counted(number, 'day')}"
    return f"last order {counted(number, 'day')} ago"


def _listed(singular: str, plural: str, problems: Sequence[Problem]) -> str:
    first = [f"    {str(problem).splitlines()[0]}" for problem in problems[:MOST_ALIKE]]
    more = _and_more(len(problems), MOST_ALIKE)
    return "\n".join([counted(len(problems), singular, plural), *first, *more])


def _and_more(total: int, most: int = _MOST) -> list[str]:
    return [f"    … and {total - most:,} more"] if total > most else []


def _short(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"


def _neutral() -> Config:
    """Return settings for the facts of a file without a project."""
    return Config(
        business=Business(
            name="-", postal_address="-", website="https://example.com", email="a@example.com"
        ),
        sender=Sender(name="-", email="a@example.com"),
        links=Links(unsubscribe="mailto:a@example.com"),
        team=(TeamMember(id="me", name="-"),),
    )
