"""A rhythm reaches every customer who can be reached, whatever else is planned."""

from __future__ import annotations

import datetime as dt
import itertools

import polars as pl
import pytest
from plan.caring import BIRTHDAY, PROMISE, START, THANKS, WELCOME, caring, practice

from newsletter.model.practice import Rhythm, Span
from newsletter.model.project import Project
from newsletter.plan.planning import plan_days

MONTHLY = practice(
    "follow-up", every=(Rhythm("", Span(1, "month")),), priority=30, channels=("call", "email")
)
LONGEST = dt.timedelta(days=31 + 14 + 6)
"""A month, a cap that is full, and days on which nobody acts or nobody has time."""
LAST = START + dt.timedelta(days=110)


def _project(make) -> Project:
    people = [
        {
            "id": f"c{n:02}",
            "birthday": f"1980-{(START.month + n % 4 - 1) % 12 + 1:02}-{n % 28 + 1:02}",
            "phone": "1" if n % 3 == 0 else None,
            "consent_phone": n % 2 == 0,
            "consent_email": n % 5 > 0,
            "closed": n == 7,
            "channel": "call" if n % 4 == 0 else None,
        }
        for n in range(40)
    ]
    orders = [
        {"customer": f"c{n:02}", "date": START + dt.timedelta(days=n * step), "product": "Ink"}
        for n, step in itertools.product(range(40), (1, 5))
    ]
    project = make.project(people, orders=orders, suppressed=[{"email": "c08@example.com"}])
    return caring(project, MONTHLY, BIRTHDAY, PROMISE, THANKS, WELCOME, capacity={"call": 2})


@pytest.mark.slow
def test_everybody_is_reached_within_the_rhythm(make) -> None:
    """From the start on, no customer goes without contact for longer than the rhythm."""
    project = _project(make)
    planned = pl.concat(p.planned for p in plan_days(project, first=START, last=LAST))
    people = project.people.customers.rows(named=True)
    suppressed = set(project.people.tables["suppressed"]["email"])
    eligible = [row["id"] for row in people if not row["closed"] and _reachable(row, suppressed)]
    for key in eligible:
        days = planned.filter(pl.col("customer") == key)["date"].to_list()
        gaps = [after - before for before, after in itertools.pairwise([START, *days, LAST])]
        assert max(gaps) <= LONGEST, key
    assert 20 < len(eligible) < len(people) - 2
    assert set(planned["customer"]) == set(eligible)
    assert planned.filter(pl.col("practice") == "follow-up").height > len(eligible)


def _reachable(row: dict[str, object], suppressed: set[str]) -> bool:
    by_email = row["email"] and row["consent_email"] and row["email"] not in suppressed
    return bool(by_email or (row["phone"] and row["consent_phone"]))
