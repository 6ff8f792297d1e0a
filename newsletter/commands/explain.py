"""One person's story: facts, segments, every practice due or not and why, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from newsletter.commands.bars import Bars
from newsletter.commands.card import head_of
from newsletter.commands.customers import only
from newsletter.commands.finding import the_customer
from newsletter.commands.practices import read_practising
from newsletter.commands.show import by_channel, columns, counted, wrapped
from newsletter.commands.standing import standing
from newsletter.commands.why import Case, why
from newsletter.errors import NewsletterError, did_you_mean
from newsletter.facts import FACTS, SOURCES
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.model.tables import CUSTOMERS
from newsletter.plan.table import as_recorded, plan_day, plan_days, with_history
from newsletter.rules.explain import explain_rule, shown_value

AHEAD = 14
"""Days that are looked ahead."""
_MOST = 10
"""Rows of history and conversations."""
_WIDTH = 100
"""Cells of a line of facts."""


def explain(  # noqa: PLR0913 - one parameter for each option
    root: Path,
    text: str,
    *,
    practice: str | None,
    ahead: int = AHEAD,
    today: dt.date,
    progress: Bars,
) -> Iterator[str]:
    """
    Yield the story of the customer that *text* means, line by line as it is found out.

    With *practice* it is about that one alone. *ahead*: so many days are looked ahead, one after
    the other. Raises NewsletterError with the candidates where several customers fit.
    """
    with progress.step("Reading files", 0):
        project = read_practising(root, today=today)
    chosen = _practices(project, practice)
    key = the_customer(project.people.customers, text)
    with progress.step("Planning the day", 0):
        plan = plan_day(project, today=today)
    case = Case(project=project, customer=key, plan=plan, unfold=practice is not None)
    if practice:
        yield f"{head_of(case.facts.row(0, named=True))}\n\n{_practice_text(chosen, case)}"
        yield f"\nnext: newsletter explain {key}"
        return
    yield "\n\n".join(story(case))
    if ahead:
        yield f"\nthe next {counted(ahead, 'day')}, as far as is known"
        yield from _ahead(case, days=ahead)
    yield f"\nnext: newsletter who {key}"


def _practices(project: Project, name: str | None) -> Sequence[Practice]:
    """Return the practice of that name, or all of them."""
    names = [practice.name for practice in project.practices]
    if name is None or name in names:
        return [practice for practice in project.practices if name in (None, practice.name)]
    hint = did_you_mean(name, names) or f"the practices are {', '.join(names)}"
    raise NewsletterError.at(f"there is no practice '{name}'", hint=hint)


def story(case: Case) -> Iterator[str]:
    """Yield what there is to say of the day, in paragraphs."""
    yield head_of(case.facts.row(0, named=True))
    yield _section("facts", _facts(case))
    yield _section("segments", _segments(case))
    yield f"practices on {case.plan.day}\n{_practice_text(case.project.practices, case)}"
    yield _section("etiquette", standing(case))
    yield _section("history", _history(case))
    yield _section("conversations", _conversations(case))


def _section(title: str, rows: Iterable[tuple[str, str]]) -> str:
    cells = [["", name, text] for name, text in rows]
    return f"{title}\n{columns(cells) or '  none'}"


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    """Yield what is known, grouped by where it comes from; the columns of the file first."""
    row = case.facts.row(0, named=True)
    segments = {segment.name for segment in case.project.segments}
    columns_ = [
        n for n in case.project.people.customers.columns if n not in (*FACTS, *segments, "row")
    ]
    groups = {"file": columns_}
    for source in SOURCES:
        groups.setdefault(source.name, []).extend(source.facts)
    for group, names in groups.items():
        known = [
            f"{name} {shown_value(row[name])}" for name in names if row[name] not in (None, [])
        ]
        for n, line in enumerate(wrapped(" · ".join(known), _WIDTH) if known else ()):
            yield ("" if n else group, line)


def _shown(value: object) -> str:
    """Return a value as in a rule; what we did for somebody in words."""
    if isinstance(value, list) and isinstance(value[0], dict):
        return "; ".join(" ".join(str(v) for v in each.values() if v) for each in value)
    return shown_value(value)


def _segments(case: Case) -> Iterator[tuple[str, str]]:
    rules = {segment.name: segment.rule for segment in case.project.segments}
    known = [*CUSTOMERS, *FACTS, *case.project.people.customers.columns]
    for name in [name for name in case.facts.columns if name not in known]:
        holds = bool(case.facts[name].item())
        found = explain_rule(rules[name], case.facts) if name in rules else None
        by_hand = "set by hand in the customer file" if holds else "not set in the customer file"
        said = str(found) if found and found.holds == holds else by_hand
        yield name, f"{'yes' if holds else 'no'}: {said}"


def _practice_text(practices: Sequence[Practice], case: Case) -> str:
    told = {practice.name: why(practice, case) for practice in practices}
    rows = [
        ["", "" if n else name, line]
        for name, lines in told.items()
        for n, line in enumerate(lines)
    ]
    return columns(rows) or "  none"


def _history(case: Case) -> Iterator[tuple[str, str]]:
    rows = case.project.people.tables["history"].filter(pl.col("customer") == case.customer)
    for row in rows.sort("date", descending=True, maintain_order=True).head(_MOST).to_dicts():
        what = [row["practice"], row["issue"], row["key"] if row["key"] != row["issue"] else None]
        how = [row["channel"], row["outcome"], row["member"], row["reason"], row["remark"]]
        told = [" ".join(part for part in what if part), ", ".join(part for part in how if part)]
        yield str(row["date"] or ""), ": ".join(part for part in told if part)
    if rows.height > _MOST:
        yield "", f"… and {rows.height - _MOST:,} more"


def _conversations(case: Case) -> Iterator[tuple[str, str]]:
    rows = case.project.people.tables["conversations"].filter(pl.col("customer") == case.customer)
    for row in rows.sort("date", descending=True, maintain_order=True).head(_MOST).to_dicts():
        how = ", ".join(part for part in (row["channel"], row["member"]) if part)
        kept = " (kept)" if row["kept"] else ""
        by = f" by {row['promised_by']}" if row["promised_by"] else ""
        promise = f"promised{by}{kept}: {row['promise']}" if row["promise"] else None
        told = [f"{how}: {row['text']}" if row["text"] else how, promise]
        yield str(row["date"] or ""), "; ".join(part for part in told if part)
    if rows.height > _MOST:
        yield "", f"… and {rows.height - _MOST:,} more"


def _ahead(case: Case, *, days: int) -> Iterator[str]:
    """Yield what is kept on the days to come, as if all before it were done; a line each."""
    people, day = only(case.project.people, case.customer), case.plan.day
    ids = people.customers["id"].implode()
    done = as_recorded(case.plan.kept.filter(pl.col("customer").is_in(ids)))
    alone = with_history(replace(case.project, people=people), done)
    tomorrow, last = day + dt.timedelta(days=1), day + dt.timedelta(days=days)
    found = False
    for plan in plan_days(alone, first=tomorrow, last=last):
        own = plan.kept.filter(pl.col("customer") == case.customer).sort("practice", "key")
        for row in own.iter_rows(named=True):
            found = True
            how = by_channel(row["channel"])
            yield f"  {row['date']}  {row['practice']} {how}: {row['because']}"
    if not found:
        yield "  nothing"
