"""The day on which customers of somebody who has left get another account manager."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.facts.basis import numbers
from newsletter.facts.manager import account_managers
from newsletter.model.duty import managers_on
from newsletter.model.team import TeamMember
from newsletter.plan.events.basis import EventBasis, Window, about, row_columns

_DAY = dt.timedelta(days=1)


def new_manager(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the customers of each member who has left, on the day after; key: the member and day.

    They are those whom the customer file gives to that member, and those with whom that member
    was the last to talk or act, because the file may name the new one already. Customers who came
    later never knew that member.
    """
    parts = [
        _customers_of(member, left, basis)
        for member in basis.config.team
        if (left := member.left) and window.first <= left + _DAY <= window.last
    ]
    if not parts:
        return pl.DataFrame(schema=row_columns("new manager"))
    return pl.concat(parts).with_columns(
        about(basis.reasons, "new manager", name="manager_before", date="manager_since")
    )


def _customers_of(member: TeamMember, left: dt.date, basis: EventBasis) -> pl.DataFrame:
    """Return customer, key, on and the details of those who lose *member*."""
    config, facts = basis.config, basis.facts
    since = left + _DAY
    given = account_managers(facts, config)
    now = given.replace_strict(managers_on(config, since))
    theirs = (given == member.id) | _last_by(member, left, basis)
    began = pl.coalesce("customer_since", "first_order_date")
    came = facts.select((began <= left).fill_null(value=True)).to_series()
    return (
        pl.DataFrame([numbers(facts)])
        .filter(theirs & came & (now != member.id))
        .with_columns(
            key=pl.lit(f"{member.id} {left}"),
            on=pl.lit(since),
            manager_before=pl.lit(member.name),
            manager_since=pl.lit(since),
        )
    )


def _last_by(member: TeamMember, left: dt.date, basis: EventBasis) -> pl.Series:
    """Return for each customer whether *member* was the last to talk or act until then."""
    rows = [
        basis.tables[name].select("customer", "date", pl.col("member").cast(pl.String))
        for name in ("conversations", "history")
    ]
    named = pl.concat(rows).drop_nulls().filter(pl.col("date") <= left).sort("date", "member")
    last = named.unique("customer", keep="last", maintain_order=True)
    theirs = last.filter(pl.col("member") == member.id)["customer"]
    return numbers(basis.facts).is_in(theirs.implode())
