"""`newsletter explain`: one customer's story, with every practice that is due or not, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import RUNS, with_project, with_today, with_verbose
from newsletter.commands.terminal import Bars, columns
from newsletter.model.command_line import quoted

if RUNS:
    import polars as pl

    from newsletter.commands.explain_facts import facts, segments, wrapped_lines
    from newsletter.commands.explain_practice import Case, why
    from newsletter.commands.find_person import headline, only, the_customer
    from newsletter.commands.inputs import read_practising
    from newsletter.commands.screen import Screen
    from newsletter.model.channels import CHANNELS
    from newsletter.model.config import Cap
    from newsletter.model.practice import Practice, practice_called
    from newsletter.model.project import Project
    from newsletter.plan.etiquette.evidence import counted_by_caps
    from newsletter.plan.planning import as_recorded, plan_day, plan_days, with_history
    from newsletter.plan.reach import owed_ways, ways

_MOST_ROWS = 10
"""Rows of history, and of conversations."""
_WIDTH = 100
"""Cells of a line of facts."""


@click.command("explain")
@click.argument("customer", nargs=-1, required=True)
@click.option("--practice", metavar="NAME", help="Explain this practice alone, in detail.")
@click.option(
    "--ahead",
    type=click.IntRange(0, 400),
    default=14,
    show_default=True,
    help="Days to look ahead, as if every task were done. Each takes a moment.",
)
@with_verbose
@with_project
@with_today
def command(
    *,
    customer: tuple[str, ...],
    practice: str | None,
    ahead: int,
    verbose: bool,
    root: Path,
    today: dt.date,
) -> None:
    """Explain what is due for CUSTOMER (id, email, part of a name), and what is not and why."""
    bars = Bars()
    with bars.step("Reading files", 0):
        project = read_practising(root, today=today)
    chosen = _practices(project, practice)
    key = the_customer(project.people.customers, " ".join(customer))
    with bars.step("Planning the day", 0):
        plan = plan_day(project, today=today)
    unfold = practice is not None
    case = Case(project=project, customer=key, plan=plan, unfold=unfold, verbose=verbose)
    screen = case.screen
    if practice:
        click.echo(f"{headline(case.row, screen)}\n\n{_practice_text(chosen, case)}")
        click.echo(f"\n{screen('next', command=f'newsletter explain {quoted(key)}')}")
        return
    click.echo("\n\n".join(story(case)))
    if ahead:
        click.echo(f"\n{screen.counted('explain_ahead', ahead)}")
        for line in _ahead(case, days=ahead):
            click.echo(line)
    click.echo(f"\n{screen('next', command=f'newsletter who {quoted(key)}')}")


def story(case: Case) -> Iterator[str]:
    """Yield the paragraphs about the customer on the day of the plan."""
    screen = case.screen
    yield headline(case.row, screen)
    yield _section("explain_facts", facts(case), screen)
    yield _section("explain_segments", segments(case), screen)
    practices = _practice_text(case.project.practices, case)
    yield f"{screen('explain_practices', day=case.plan.day)}\n{practices}"
    yield _section("explain_etiquette", _etiquette(case), screen)
    yield _section("explain_history", _history(case), screen)
    yield _section("explain_conversations", _conversations(case), screen)


def _practices(project: Project, name: str | None) -> Sequence[Practice]:
    """Return the practice of that name or title, or all of them."""
    practices = project.practices
    return practices if name is None else [practice_called(practices, name)]


def _practice_text(practices: Sequence[Practice], case: Case) -> str:
    rows = [
        ["", practice.title, "\n".join(wrapped_lines(why(practice, case)))]
        for practice in practices
    ]
    return columns(rows) or f"  {case.screen('none')}"


def _section(title: str, rows: Iterable[tuple[str, str]], screen: Screen) -> str:
    table = columns([["", name, text] for name, text in rows])
    return f"{screen(title)}\n{table or '  ' + screen('none')}"


def _etiquette(case: Case) -> Iterator[tuple[str, str]]:
    """Yield whether each channel is possible, and how much of each cap is used."""
    project, screen = case.project, case.screen
    possible = ways(
        case.facts,
        suppressed=project.people.tables["suppressed"],
        config=project.config,
        customs=project.customs,
    ).row(0, named=True)
    if case.row["closed"]:
        yield screen("explain_closed"), screen("explain_nothing_goes_out")
    for channel in CHANNELS:
        preferred = possible["channel"] == channel
        way = screen("explain_preferred" if preferred else "explain_possible")
        why_not = possible[f"no_{channel}"]
        yield screen.channel(channel), project.reasons.of_channel(why_not) if why_not else way
    yield screen("explain_owed"), _owed_ways(case)
    for cap in project.config.etiquette.caps:
        yield from _cap(cap, case)


def _owed_ways(case: Case) -> str:
    """Return by which channels an answer or a promise may go; *verbose*: the law, too."""
    project = case.project
    row = owed_ways(
        case.facts,
        suppressed=project.people.tables["suppressed"],
        config=project.config,
        customs=project.customs,
    ).row(0, named=True)
    named = [case.screen.channel(name) for name in CHANNELS if row[f"no_{name}"] is None]
    country = project.customs.of(case.row["country"] or project.config.business.country)
    listed = ", ".join(named) or case.screen("explain_no_channel")
    shown = case.screen("explain_owed_ways", channels=listed)
    return f"{shown}\n  {country.owed_law}" if case.verbose else shown


def _cap(cap: Cap, case: Case) -> Iterator[tuple[str, str]]:
    """Yield how much of a cap was used before the day's own tasks."""
    history, facts = case.project.people.tables["history"], case.plan.everybody
    account = case.row["account"]
    if cap.per == "account" and not account:
        return
    same = pl.col("account") == account if cap.per == "account" else pl.col("id") == case.customer
    past = history.filter(
        pl.col("customer").is_in(facts.filter(same)["id"].implode()),
        pl.col("date") <= case.plan.day,
    )
    first = case.plan.day - dt.timedelta(days=cap.days - 1)
    touches = counted_by_caps(past, case.project.practices, first=first)
    if cap.per in CHANNELS:
        touches = touches.filter(pl.col("channel") == cap.per)
    screen = case.screen
    name = screen("explain_cap_channel", channel=screen.channel(cap.per))
    if cap.per in ("customer", "account"):
        name = screen("explain_cap" if cap.per == "customer" else "explain_cap_account")
    used = {"used": touches.height, "most": cap.most}
    yield name, screen.counted("explain_cap_used", cap.days, **used)


def _history(case: Case) -> Iterator[tuple[str, str]]:
    rows, more = _newest("history", case)
    screen, titles = case.screen, case.project.titles
    for row in rows:
        practice = titles.get(row["practice"], row["practice"])
        what = [practice, row["issue"], row["key"] if row["key"] != row["issue"] else None]
        how = [
            screen.channel(row["channel"] or ""), screen.outcome(row["outcome"] or ""),
            _member(row["member"], case), row["reason"], row["remark"],
        ]  # fmt: skip
        parts = [" ".join(filter(None, what)), ", ".join(filter(None, how))]
        yield _day(row["date"], screen), ": ".join(filter(None, parts))
    yield from more


def _member(key: str | None, case: Case) -> str | None:
    """Return the name of a team member; of one who has left, the id."""
    names = {member.id: member.name for member in case.project.config.team}
    return names.get(key, key) if key else None


def _day(day: dt.date | None, screen: Screen) -> str:
    return screen.day(day) if day else ""


def _conversations(case: Case) -> Iterator[tuple[str, str]]:
    rows, more = _newest("conversations", case)
    screen = case.screen
    for row in rows:
        channel = screen.channel(row["channel"] or "")
        how = ", ".join(filter(None, (channel, _member(row["member"], case))))
        parts = [": ".join(filter(None, (how, row["text"]))), _promise(row, screen)]
        yield _day(row["date"], screen), screen.joined(filter(None, parts))
    yield from more


def _promise(row: Mapping[str, Any], screen: Screen) -> str:
    """Return what was promised in a conversation, by when, and whether it was kept."""
    if not row["promise"]:
        return ""
    phrase = "explain_kept" if row["kept"] else "explain_promised"
    by, promise = row["promised_by"], row["promise"]
    return (
        screen(f"{phrase}_by", day=by, promise=promise) if by else screen(phrase, promise=promise)
    )


def _newest(table: str, case: Case) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Return the customer's newest rows in a table, and a line that counts the others."""
    rows = case.project.people.tables[table].filter(pl.col("customer") == case.customer)
    newest = rows.sort("date", descending=True, maintain_order=True).head(_MOST_ROWS)
    more = rows.height - _MOST_ROWS
    return newest.to_dicts(), [("", case.screen("more", n=more))] if more > 0 else []


def _ahead(case: Case, *, days: int) -> Iterator[str]:
    """Yield a line for each task of the days to come, as if all earlier ones were done."""
    people, day = only(case.project.people, case.customer), case.plan.day
    screen = case.screen
    ids = people.customers["id"].implode()
    done = as_recorded(case.plan.settled.filter(pl.col("customer").is_in(ids)))
    alone = with_history(replace(case.project, people=people), done)
    tomorrow, last = day + dt.timedelta(days=1), day + dt.timedelta(days=days)
    plans = plan_days(alone, first=tomorrow, last=last)
    tasks = pl.concat(plan.planned for plan in plans).filter(pl.col("customer") == case.customer)
    for row in tasks.sort("date", "practice", "key").iter_rows(named=True):
        what = f"{case.project.titles[row['practice']]} ({screen.channel(row['channel'])})"
        yield f"  {screen.day(row['date'])}  {screen('titled', what=what, text=row['because'])}"
    if tasks.is_empty():
        yield f"  {screen('explain_nothing')}"
