"""Every count of years completes a year on the same day: facts, events and spans."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from made import people_of, settings

from newsletter.facts import add_facts
from newsletter.facts.basis import Tables
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.practice import Span
from newsletter.model.project import People
from newsletter.plan.due import shift
from newsletter.plan.events import EventBasis, events_of
from newsletter.read.content.reason_phrases import read_reasons

STARTS = [dt.date(2024, 1, 1) + dt.timedelta(n) for n in range(366)]
LEAP_DAYS = ("02-28", "03-01")


def _complete(start: dt.date, years: int, leap_day: str) -> dt.date:
    """Return the day on which so many years since *start* are complete."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return dt.date.fromisoformat(f"{start.year + years}-{leap_day}")


def _people(orders: list[dict[str, object]]) -> People:
    rows = [
        {"id": f"{day}", "customer_since": day, "birthday": f"{day}", "first_name": "A"}
        for day in STARTS
    ]
    occasions = [{"customer": f"{day}", "date": day, "occasion": "wedding"} for day in STARTS]
    return people_of(rows, orders=orders, occasions=occasions)


def _facts(people: People, config: Config, today: dt.date) -> pl.DataFrame:
    return add_facts(people, config, today=today, since=today).sort("id")


@pytest.mark.parametrize("leap_day", LEAP_DAYS)
@pytest.mark.parametrize("years", [1, 2, 4, 5])
def test_facts_agree(leap_day: str, years: int) -> None:
    """Around the end of February and of the year, each fact counts the years completed."""
    config, people = settings(leap_day=leap_day), _people([])
    for month, first in ((2, 26), (12, 29)):
        for number in range(6):
            today = dt.date(2024 + years, month, first) + dt.timedelta(number)
            complete = [
                sum(_complete(day, n, leap_day) <= today for n in range(1, 9)) for day in STARTS
            ]
            facts = _facts(people, config, today)
            assert facts["years_as_customer"].to_list() == complete, today
            assert facts["age"].to_list() == complete, today
            assert facts["returning"].to_list() == [count >= 1 for count in complete], today


@pytest.mark.parametrize("leap_day", LEAP_DAYS)
@pytest.mark.parametrize("late", [-1, 0])
def test_a_year_before_the_first_known_order(leap_day: str, late: int) -> None:
    """It makes a returning customer from the day on which the year is complete."""
    ordered = [_complete(day, 1, leap_day) + dt.timedelta(late) for day in STARTS]
    orders = [{"customer": f"{day}", "date": on} for day, on in zip(STARTS, ordered, strict=True)]
    facts = _facts(_people(orders), settings(leap_day=leap_day), dt.date(2025, 12, 31))
    assert set(facts["returning"]) == {late == 0}


@pytest.mark.parametrize("leap_day", LEAP_DAYS)
def test_events_and_spans_agree(leap_day: str) -> None:
    """Anniversaries, birthdays, returns of occasions and `1 year after` fall on one day."""
    config = settings(leap_day=leap_day)
    people = _people([])
    today = dt.date(2024, 12, 31)
    facts = _facts(people, config, today)
    tables = Tables(people.tables.__getitem__, facts["id"], today=today)
    basis = EventBasis(
        facts=facts,
        tables=tables,
        config=config,
        entries=(),
        customs=Customs(),
        reasons=read_reasons(config, ()),
    )
    expected = [_complete(day, 1, leap_day) for day in STARTS]
    for kind in ("birthday", "anniversary", "occasion anniversary"):
        events = events_of(kind, basis, first=dt.date(2025, 1, 1), last=dt.date(2025, 12, 31))
        assert events.sort("customer")["on"].to_list() == expected, kind
    days = pl.DataFrame({"day": STARTS})
    for span in (Span(1, "year"), Span(12, "month")):
        assert days.select(shift(pl.col("day"), span, config))["day"].to_list() == expected
    back = days.select(shift(pl.col("day"), Span(-1, "year"), config))["day"].to_list()
    assert back == [_complete(day, -1, leap_day) for day in STARTS]
