"""`newsletter look`: shows the content of a customer file, before there is a project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from newsletter.commands.options import RUNS, TABLE, with_today
from newsletter.commands.terminal import Bars, columns
from newsletter.errors import Problem
from newsletter.model.command_line import quoted

if RUNS:
    import polars as pl

    from newsletter.commands.firm_language import guessed_language
    from newsletter.commands.home import country_of
    from newsletter.commands.screen import Screen
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
    with Bars().step("Reading files", 0):
        people = read_look(file, shown=str(file), year=today.year)
    screen = Screen(guessed_language(people, country=country_of(people.customers)).tag)
    if other := other_table_text(people, screen):
        rows = screen.counted("rows", people.rows)
        return f"{screen('look_rows', file=people.source, rows=rows)}\n\n{other}"
    following = screen("next", command=screen("look_next", file=quoted(str(file))))
    parts = reading_text(people, screen), _findings(people, screen, today=today), following
    return "\n\n".join(parts)


def other_table_text(people: People, screen: Screen) -> str:
    """Return what a file is that seems to be no list of customers, and its place; else nothing."""
    headers = [column.header for column in people.columns]
    if is_work_list(headers):
        cure = screen("look_tasks_cure", file=quoted(people.source))
        return f"{screen('look_tasks')}\n  {cure}"
    table, program = other_table(headers)
    if not table:
        return ""
    phrase, word = "look_export" if program else "look_table", screen(f"look_table_{table}")
    cure = screen("look_table_cure", name=f"{table}{Path(people.source).suffix}")
    return f"{screen(phrase, table=word, program=program)}\n  {cure}"


def reading_text(people: People, screen: Screen) -> str:
    """Return the program that exported the file, and header, field, reading and samples."""
    head = screen(
        "look_rows_of" if people.program else "look_rows",
        file=people.source,
        rows=screen.counted("rows", people.rows),
        program=people.program,
    )
    rows = [[screen(f"look_{name}") for name in ("column", "field", "how", "samples")]]
    for column in people.columns:
        samples = " · ".join(_short(sample) for sample in column.samples)
        reading = screen.reading(column.reading)
        rows.append([_short(column.header), column.field, reading, samples])
    return f"{head}\n\n{columns(rows)}"


def consent_text(people: People, screen: Screen) -> str:
    """Return how many customers may be emailed, and how more can be."""
    customers = screen.counted("customers", people.customers.height)
    proposals = "".join(
        f"\n  {screen('look_proposal', header=header)}\n        consent: {{column: '{header}'}}"
        for header in proposed_consent(people)
    )
    if may := may_be_emailed(people):
        lacking = _may(people, pl.col("email").is_null())
        without = f" ({screen.counted('look_no_address', lacking)})" if lacking else ""
        return screen("look_may", n=may, customers=customers) + without + proposals
    asked = [column.header for column in people.columns if column.reading.startswith("consent:")]
    columns_asked = screen("look_and").join(f"'{header}'" for header in asked)
    why = "look_nobody_agreed" if asked else "look_nobody_asked"
    cure = f"\n  {screen('look_cure')}\n        {screen('look_cure_more')}"
    return screen(why, customers=customers, columns=columns_asked) + (proposals or cure)


def remarks_text(people: People, screen: Screen) -> str:
    """Return the remarks on the file, the first of them if they are many."""
    return _listed("look_remarks", people.remarks, screen)


def proposed_consent(people: People) -> list[str]:
    """Return the headers of columns that may be consent to email but are not asked."""
    return [column.header for column in people.columns if column.reading.startswith(MAYBE)]


def may_be_emailed(people: People) -> int:
    """Return how many customers agreed to email, have an address and are still customers."""
    return _may(people, pl.col("email").is_not_null())


def _may(people: People, has: pl.Expr) -> int:
    """Return how many customers of a kind agreed to email and are still customers."""
    left = pl.col("closed").fill_null(value=False)
    return people.customers.filter(pl.col("consent_email") & has & ~left).height


def _findings(people: People, screen: Screen, *, today: dt.date) -> str:
    facts = add_facts(people, _neutral(), today=today, since=today)
    overdue = (pl.col("overdue") > _OVERDUE) | (
        pl.col("overdue").is_null() & (pl.col("days_since_last_order") > _LONG_AGO)
    )
    soon = facts.filter(pl.col("days_to_birthday") < 7).sort("days_to_birthday", "id")
    late, new = facts.filter(overdue), _untouched(facts)
    parts = [
        consent_text(people, screen),
        _named("look_birthdays", soon, "days_to_birthday", screen),
        _named("look_overdue", late, "days_since_last_order", screen),
        _named("look_new", new, "", screen),
        _listed("look_bad_rows", people.bad_rows, screen),
        remarks_text(people, screen),
    ]
    return "\n".join(parts)


def _untouched(facts: pl.DataFrame) -> pl.DataFrame:
    no_order = pl.col("days_since_last_order").is_null() & (
        pl.col("orders_count").fill_null(0) == 0
    )
    return facts.filter(pl.col("days_since_last_contact").is_null() & no_order)


def _named(phrase: str, rows: pl.DataFrame, days: str, screen: Screen) -> str:
    """Return the *phrase* with the number of rows, and the first few names."""
    first = rows.head(_MOST)
    names = first.select(pl.coalesce("name", "company", "email", "id"))[:, 0].to_list()
    numbers = first[days].to_list() if days else [None] * len(names)
    lines = [
        f"    {name}" + (f" ({_when(days, number, screen)})" if number is not None else "")
        for name, number in zip(names, numbers, strict=True)
    ]
    return "\n".join(
        [screen.counted(phrase, rows.height), *lines, *_and_more(rows.height, _MOST, screen)]
    )


def _when(days: str, number: int, screen: Screen) -> str:
    if days == "days_to_birthday":
        return screen.counted("look_in", number) if number else screen("look_today")
    return screen.counted("look_ago", number)


def _listed(phrase: str, problems: Sequence[Problem], screen: Screen) -> str:
    first = [f"    {str(problem).splitlines()[0]}" for problem in problems[:MOST_ALIKE]]
    more = _and_more(len(problems), MOST_ALIKE, screen)
    return "\n".join([screen.counted(phrase, len(problems)), *first, *more])


def _and_more(total: int, most: int, screen: Screen) -> list[str]:
    return [f"    {screen('more', n=total - most)}"] if total > most else []


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
