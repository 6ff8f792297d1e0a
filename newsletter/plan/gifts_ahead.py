"""Gifts that will be needed on the days to come, while there is time to buy them."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.facts.basis import Tables
from newsletter.model.care import GIFTS_AHEAD, CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.events import EVENTS
from newsletter.plan.fitting_gifts import fitting
from newsletter.plan.planning import event_basis
from newsletter.plan.proposals import proposals


def gifts_ahead(project: Project, plan: CarePlan) -> pl.DataFrame:
    """
    Return GIFTS_AHEAD: the things to have in the next days (`gift_days` of etiquette), by day.

    Only practices whose day can be foreseen, such as birthdays, need gifts that are known before.
    """
    nothing = pl.DataFrame(schema=GIFTS_AHEAD)
    practices = [practice for practice in project.practices if _foreseen(practice)]
    days = project.config.etiquette.gift_days
    if not practices or not days:
        return nothing
    people = plan.everybody.filter(~pl.col("closed").fill_null(value=False))
    tables = Tables(project.people.tables.__getitem__, people["id"], today=plan.day)
    basis = event_basis(project, people, tables)
    proposed = proposals(practices, basis, day=plan.day, ahead=days).rows
    rows = proposed.filter(
        pl.col("arrives") > plan.day, pl.col("arrives") <= plan.day + dt.timedelta(days=days)
    ).select(pl.col("practice").cast(pl.String), "key", "arrives", _row="customer")
    named = people.select("id", name=pl.coalesce("name", "company", "id"))[rows["_row"]]
    due = rows.drop("_row").hstack(named.rename({"id": "customer"}))
    history = project.people.tables["history"].select("customer", "practice", "key")
    done = history.with_columns(pl.col("practice").cast(pl.String))
    due = due.join(done, on=["customer", "practice", "key"], how="anti")
    parts = [nothing]
    for practice in practices:
        mine = due.filter(pl.col("practice") == practice.name)
        chosen = fitting(practice, mine, facts=people, details=None)
        things = [n for n, gift in enumerate(practice.all_gifts) if gift.kind == "item"]
        given = chosen.filter(pl.col("gift").is_in(things))
        parts.append(given.select(pl.col(n).cast(t) for n, t in GIFTS_AHEAD.items()))
    return pl.concat(parts).sort("arrives", "practice", "name", "customer")


def _foreseen(practice: Practice) -> bool:
    """Return whether a practice gives things on days that are known before."""
    kinds = {gift.kind for gift in practice.all_gifts}
    return "item" in kinds and practice.event in EVENTS and EVENTS[practice.event].foreseen
