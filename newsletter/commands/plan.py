"""`newsletter plan`: whom to thank, call or write to on the coming days, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from newsletter.commands.options import (
    RUNS,
    day,
    with_json,
    with_output,
    with_project,
    with_today,
    with_verbose,
)
from newsletter.commands.terminal import Bars, terminal_size
from newsletter.errors import NewsletterError

if RUNS:
    import polars as pl

    from newsletter.commands.explain_practice import Case, why
    from newsletter.commands.inputs import read_practising
    from newsletter.commands.plan_difference import diff_text
    from newsletter.commands.plan_table import EVERYTHING, Room, Row, plan_text
    from newsletter.commands.screen import Screen
    from newsletter.export.lists import plan_file
    from newsletter.model.care import CarePlan
    from newsletter.model.project import Project
    from newsletter.plan.planning import plan_days
    from newsletter.read.returned.earlier_output import read_plan
    from newsletter.write import write_into

_DAYS = 7
"""Days that are planned without --to."""
_MOST_DAYS = 400
"""Days that can be planned at once: slightly more than a year."""


@click.command("plan")
@click.option("--from", "first", type=day, metavar="DATE", help="First day (default: today).")
@click.option("--to", "last", type=day, metavar="DATE", help="Last day (default: 7 days in all).")
@click.option(
    "--by",
    type=click.Choice(["day", "member", "channel"]),
    default="day",
    help="What the table is grouped by.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Name everybody, list what is left out, and print more than fits the terminal.",
)
@click.option("--diff", is_flag=True, help="Show what has changed since the last build.")
@with_verbose
@with_json
@with_output
@with_project
@with_today
def command(
    *,
    root: Path,
    output: Path | None,
    first: dt.date | None,
    last: dt.date | None,
    by: str,
    everything: bool,
    diff: bool,
    verbose: bool,
    as_json: bool,
    today: dt.date,
) -> None:
    """Show whom to thank, call or write to, who does it, by which channel, and why."""
    if diff and as_json:
        raise click.UsageError("--diff has no JSON form: leave out --json.")
    output = output or root / "output"
    planned = plan_of(root, first=first, last=last, today=today, progress=Bars(quiet=as_json))
    path = write_plan(planned, output)
    if as_json:
        click.echo(plan_json(planned))
        return
    file, screen = (
        f"{click.format_filename(output)}/{path}",
        Screen(planned.project.config.language),
    )
    if diff:
        click.echo(plan_diff(planned, output, everything=everything))
    else:
        room = EVERYTHING if everything else _room(file)
        show = partial(plan_text, by=by, room=room, verbose=verbose)
        click.echo(show(planned.project, planned.table, days=planned.days))
    click.echo(f"\n{screen('wrote', file=file)}")
    click.echo(f"\n{screen('next', command=screen('plan_next'))}")


_BELOW = 5
"""Lines below the plan: the file, the next step, and the prompt of the shell."""


def _room(file: str) -> Room:
    """Return the room of the terminal; any room if the output goes elsewhere."""
    width, lines = terminal_size()
    return Room(lines=max(lines - _BELOW, 1) if lines else 0, width=width, file=file)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The plans of several days."""

    project: Project
    first: dt.date
    last: dt.date
    today: CarePlan
    """The plan of the first planned day."""
    table: pl.DataFrame
    """PLAN of the days asked for."""
    gifts: pl.DataFrame
    """GIFTS of these days."""

    @property
    def days(self) -> list[dt.date]:
        """Every day, including days without tasks."""
        return [
            self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)
        ]


def plan_of(
    root: Path, *, first: dt.date | None, last: dt.date | None, today: dt.date, progress: Bars
) -> Planned:
    """
    Return the plans from *first* (default: today) to *last* (default: seven days in all).

    Plans each day as if everything planned before it, from today on, had been carried out.
    """
    first = first or today
    last = last or max(first, today) + dt.timedelta(days=_DAYS - 1)
    _check(first, last, today=today)
    with progress.step("Reading files", 0):
        project = read_practising(root, today=today)
    begin = min(first, today)
    with progress.step("Planning", (last - begin).days + 1) as step:
        plans: list[CarePlan] = []
        none = pl.DataFrame()
        for plan in plan_days(project, first=begin, last=last):
            # Only the first day needs its facts; those of a year would fill the memory.
            plans.append(
                replace(plan, facts_of=pl.DataFrame, everybody=none, events={}) if plans else plan
            )
            step.advance()
    table = pl.concat(plan.table for plan in plans).filter(pl.col("date") >= first)
    gifts = pl.concat(plan.gifts for plan in plans)
    return Planned(
        project=project, first=first, last=last, today=plans[0], table=table, gifts=gifts
    )


def write_plan(planned: Planned, output: Path) -> str:
    """Write the whole plan, with its skipped rows, below *output*; return its path there."""
    artifact = plan_file(planned.table, "private/plan.csv", planned.project.config, planned.gifts)
    write_into(output, [artifact])
    return artifact.path


def plan_json(planned: Planned) -> str:
    """Return a list of objects with the columns of PLAN, one on each line; days as 2026-11-03."""
    lines = planned.table.write_ndjson().splitlines()
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def plan_diff(planned: Planned, output: Path, *, everything: bool) -> str:
    """Return the differences from the last build's plan; raises NewsletterError without one."""
    path = "private/care/plan.csv"
    old = read_plan(output / path, shown=f"{output}/{path}")
    why_gone = partial(_why_gone, planned)
    show = partial(diff_text, project=planned.project, everything=everything)
    return show(old, planned.table, why_gone=why_gone)


def _why_gone(planned: Planned, row: Row) -> str:
    """Return why a row of the last build's plan is no longer due."""
    project, customer = planned.project, row["customer"]
    screen = Screen(project.config.language)
    practices = {practice.name: practice for practice in project.planned_practices}
    if row["practice"] not in practices:
        return screen("plan_no_practice")
    if not planned.today.everybody.filter(pl.col("id") == customer).height:
        return screen("plan_no_customer")
    later = pl.col("date") > planned.today.day
    case = Case(
        project=project,
        customer=customer,
        plan=planned.today,
        coming=planned.table.filter(later, pl.col("customer") == customer),
    )
    return "; ".join(line.strip() for line in why(practices[row["practice"]], case))


def _check(first: dt.date, last: dt.date, *, today: dt.date) -> None:
    if last < first:
        hint = "write --from FIRST --to LAST"
        raise NewsletterError.at(f"{last} is before {first}", hint=hint)
    if (last - min(first, today)).days >= _MOST_DAYS:
        hint = f"choose at most {_MOST_DAYS} days with --from and --to"
        raise NewsletterError.at(f"{first} to {last} is too long", hint=hint)
