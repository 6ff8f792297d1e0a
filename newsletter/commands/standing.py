"""How a customer stands with etiquette: by what they can be reached, and what caps leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from newsletter.commands.why import Case
from newsletter.model.channels import CHANNELS
from newsletter.model.config import Cap
from newsletter.model.tables import NOT_REACHED
from newsletter.plan.reach import ways


def standing(case: Case) -> Iterator[tuple[str, str]]:
    """Yield a name and a text for each channel and each cap."""
    project = case.project
    by = ways(
        case.facts,
        suppressed=project.people.tables["suppressed"],
        config=project.config,
        customs=project.customs,
    ).row(0, named=True)
    if case.facts["closed"].item():
        yield "closed", "the account is closed: nothing goes out"
    for channel in CHANNELS:
        chosen = " (preferred)" if by["channel"] == channel else ""
        yield channel, by[f"no_{channel}"] or f"possible{chosen}"
    for cap in project.config.etiquette.caps:
        yield from _used(cap, case)


def _used(cap: Cap, case: Case) -> Iterator[tuple[str, str]]:
    """Yield how much of a cap is used on that day, before anything that is planned for it."""
    history, facts = case.project.people.tables["history"], case.plan.everybody
    account = case.facts["account"].item()
    if cap.per == "account" and not account:
        return
    same = pl.col("account") == account if cap.per == "account" else pl.col("id") == case.customer
    first = case.plan.day - dt.timedelta(days=cap.days - 1)
    owed = [practice.name for practice in case.project.practices if practice.owed]
    counted = history.filter(
        pl.col("customer").is_in(facts.filter(same)["id"].implode()),
        pl.col("date").is_between(first, case.plan.day),
        ~pl.col("practice").is_in(owed).fill_null(value=False),
        (pl.col("outcome") != NOT_REACHED).fill_null(value=True),
    )
    if cap.per in CHANNELS:
        counted = counted.filter(pl.col("channel") == cap.per)
    name = "cap" if cap.per == "customer" else f"cap, {cap.per}"
    yield name, f"{counted.height} of {cap.most} in {cap.days} days"
