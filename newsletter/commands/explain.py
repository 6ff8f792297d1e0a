"""`newsletter explain`: one customer's story, with every practice that is due or not, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_project, with_today, with_verbose
from newsletter.commands.terminal import Bars, by_channel, columns, counted, wrapped
from newsletter.errors import NewsletterError, did_you_mean
from newsletter.model.command_line import quoted

if RUNS:
    import polars as pl

    from newsletter.commands.explain_practice import Case, why
    from newsletter.commands.find_person import headline, only, the_customer
    from newsletter.commands.inputs import read_practising
    from newsletter.facts import FACTS, SOURCES
    from newsletter.model.channels import CHANNELS
    from newsletter.model.config import Cap
    from newsletter.model.practice import Practice
    from newsletter.model.project import Project
    from newsletter.model.tables import CUSTOMERS
    from newsletter.plan.etiquette.evidence import counted_by_caps
    from newsletter.plan.planning import as_recorded, plan_day, plan_days, with_history
    from newsletter.plan.reach import owed_ways, ways
    from newsletter.rules.explain import explain_rule, shown_value
    from newsletter.rules.in_words import explained_in_words

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
    if practice:
        click.echo(f"{headline(case.row)}\n\n{_practice_text(chosen, case)}")
        click.echo(f"\nnext: newsletter explain {quoted(key)}")
        return
    click.echo("\n\n".join(story(case)))
    if ahead:
        click.echo(f"\nthe next {counted(ahead, 'day')}, as far as is known")
        for line in _ahead(case, days=ahead):
            click.echo(line)
    click.echo(f"\nnext: newsletter who {quoted(key)}")


def story(case: Case) -> Iterator[str]:
    """Yield the paragraphs about the customer on the day of the plan."""
    yield headline(case.row)
    yield _section("facts", _facts(case))
    yield _section("segments", _segments(case))
    yield f"practices on {case.plan.day}\n{_practice_text(case.project.practices, case)}"
    yield _section("etiquette", _etiquette(case))
    yield _section("history", _history(case))
    yield _section("conversations", _conversations(case))


def _practices(project: Project, name: str | None) -> Sequence[Practice]:
    """Return the practice of that name, or all of them."""
    names = [practice.name for practice in project.practices]
    if name is None or name in names:
        return [practice for practice in project.practices if name in (None, practice.name)]
    hint = did_you_mean(name, names) or f"the practices are {', '.join(names)}"
    raise NewsletterError.at(f"there is no practice '{name}'", hint=hint)


def _practice_text(practices: Sequence[Practice], case: Case) -> str:
    rows = [["", practice.name, "\n".join(why(practice, case))] for practice in practices]
    return columns(rows) or "  none"


def _section(title: str, rows: Iterable[tuple[str, str]]) -> str:
    return f"{title}\n{columns([['', name, text] for name, text in rows]) or '  none'}"


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the facts by source, the columns of the customer file first."""
    segments = {segment.name for segment in case.project.segments}
    file = case.project.people.customers.columns
    groups = {"file": [name for name in file if name not in (*FACTS, *segments, "row")]}
    for source in SOURCES:
        groups.setdefault(source.name, []).extend(source.facts)
    for group, names in groups.items():
        values = {name: case.row[name] for name in names if case.row[name] not in (None, [])}
        if values:
            text = " · ".join(f"{name} {_value(value)}" for name, value in values.items())
            yield group, "\n".join(wrapped(text, _WIDTH))


def _value(value: object) -> str:
    """Return a value as a rule would write it; records of services in words."""
    if isinstance(value, list) and isinstance(value[0], dict):
        return "; ".join(map(_record, value))
    return shown_value(value)


def _record(record: Mapping[str, object]) -> str:
    """Return the values of a record; numbers with their names."""
    filled = {name: value for name, value in record.items() if value}
    return ", ".join(
        f"{name} {value}" if isinstance(value, int) else str(value)
        for name, value in filled.items()
    )


def _segments(case: Case) -> Iterator[tuple[str, str]]:
    rules = {segment.name: segment.rule for segment in case.project.segments}
    facts = [*CUSTOMERS, *FACTS, *case.project.people.customers.columns]
    for name in [name for name in case.facts.columns if name not in facts]:
        holds = bool(case.row[name])
        explained = explain_rule(rules[name], case.facts) if name in rules else None
        by_hand = "set by hand in the customer file" if holds else "not set in the customer file"
        reason = by_hand
        if explained and explained.holds == holds:
            reason = explained_in_words(explained, case.project.reasons)
            reason += f"\n  rule: {' '.join(rules[name].text.split())}" if case.verbose else ""
        yield name, f"{'yes' if holds else 'no'}: {reason}"


def _etiquette(case: Case) -> Iterator[tuple[str, str]]:
    """Yield whether each channel is possible, and how much of each cap is used."""
    project = case.project
    possible = ways(
        case.facts,
        suppressed=project.people.tables["suppressed"],
        config=project.config,
        customs=project.customs,
    ).row(0, named=True)
    if case.row["closed"]:
        yield "closed", "the account is closed: nothing goes out"
    for channel in CHANNELS:
        preferred = " (preferred)" if possible["channel"] == channel else ""
        yield channel, possible[f"no_{channel}"] or f"possible{preferred}"
    yield "owed", _owed_ways(case)
    for cap in project.config.etiquette.caps:
        yield from _cap(cap, case)


def _owed_ways(case: Case) -> str:
    """Return by which channels an answer or a promise may go, and why consent is not asked."""
    project = case.project
    row = owed_ways(
        case.facts,
        suppressed=project.people.tables["suppressed"],
        config=project.config,
        customs=project.customs,
    ).row(0, named=True)
    named = [name for name in CHANNELS if row[f"no_{name}"] is None]
    country = project.customs.of(case.row["country"] or project.config.business.country)
    listed = ", ".join(named) or "no channel"
    return f"answers and promises may go by {listed}\n  {country.owed_law}"


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
    name = "cap" if cap.per == "customer" else f"cap, {cap.per}"
    yield name, f"{touches.height} of {cap.most} in {cap.days} days"


def _history(case: Case) -> Iterator[tuple[str, str]]:
    rows, more = _newest("history", case)
    for row in rows:
        what = [row["practice"], row["issue"], row["key"] if row["key"] != row["issue"] else None]
        how = [row["channel"], row["outcome"], row["member"], row["reason"], row["remark"]]
        parts = [" ".join(filter(None, what)), ", ".join(filter(None, how))]
        yield str(row["date"] or ""), ": ".join(filter(None, parts))
    yield from more


def _conversations(case: Case) -> Iterator[tuple[str, str]]:
    rows, more = _newest("conversations", case)
    for row in rows:
        how = ", ".join(filter(None, (row["channel"], row["member"])))
        mark = " (kept)" if row["kept"] else ""
        by = f" by {row['promised_by']}" if row["promised_by"] else ""
        promise = f"promised{by}{mark}: {row['promise']}" if row["promise"] else None
        parts = [f"{how}: {row['text']}" if row["text"] else how, promise]
        yield str(row["date"] or ""), "; ".join(filter(None, parts))
    yield from more


def _newest(table: str, case: Case) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Return the customer's newest rows in a table, and a line that counts the others."""
    rows = case.project.people.tables[table].filter(pl.col("customer") == case.customer)
    newest = rows.sort("date", descending=True, maintain_order=True).head(_MOST_ROWS)
    more = rows.height - _MOST_ROWS
    return newest.to_dicts(), [("", f"… and {more:,} more")] if more > 0 else []


def _ahead(case: Case, *, days: int) -> Iterator[str]:
    """Yield a line for each task of the days to come, as if all earlier ones were done."""
    people, day = only(case.project.people, case.customer), case.plan.day
    ids = people.customers["id"].implode()
    done = as_recorded(case.plan.settled.filter(pl.col("customer").is_in(ids)))
    alone = with_history(replace(case.project, people=people), done)
    tomorrow, last = day + dt.timedelta(days=1), day + dt.timedelta(days=days)
    plans = plan_days(alone, first=tomorrow, last=last)
    tasks = pl.concat(plan.planned for plan in plans).filter(pl.col("customer") == case.customer)
    for row in tasks.sort("date", "practice", "key").iter_rows(named=True):
        yield f"  {row['date']}  {row['practice']} {by_channel(row['channel'])}: {row['because']}"
    if tasks.is_empty():
        yield "  nothing"
