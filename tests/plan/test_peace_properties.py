"""Nobody is asked while unhappy, celebrated while bereaved, or missed twice a year."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import source
from plan.caring import caring, practice
from support import examples

from newsletter.model.customs import Customs
from newsletter.model.practice import Span
from newsletter.plan.planning import plan_days
from newsletter.read.content.customs_yml import packaged_customs

FIRST, DAYS = dt.date(2026, 10, 20), 30
PEACE = (
    practice(
        "review-request",
        event="order",
        offset=Span(2, "day"),
        until=Span(10, "day"),
        once_per="customer",
        does="ask",
    ),
    practice("birthday", event="birthday", until=Span(3, "day"), does="celebrate"),
    practice("thank-you", event="order", until=Span(5, "day")),
    practice(
        "win-back",
        when=source("days_since_last_order > 300", "content/practices/win-back.md"),
        once_in=Span(365, "day"),
        most=2,
        peace_after=Span(60, "day"),
        does="ask",
    ),
)
_IDS = [f"c{number}" for number in range(5)]
_customers = st.sampled_from(_IDS)
_days = st.integers(-120, DAYS).map(lambda n: FIRST + dt.timedelta(days=n))
_feedback = st.fixed_dictionaries(
    {"customer": _customers, "date": _days, "score": st.sampled_from([None, 3, 6, 7, 10])}
)
_occasion = st.fixed_dictionaries(
    {
        "customer": _customers,
        "date": _days,
        "occasion": st.sampled_from(["Tod", "death", "wedding", "décès"]),
    }
)
_order = st.fixed_dictionaries({"customer": _customers, "date": _days, "amount": st.just(5.0)})
_old = st.integers(320, 700).map(lambda n: FIRST - dt.timedelta(days=n))
_old_order = st.fixed_dictionaries({"customer": _customers, "date": _old, "amount": st.just(5.0)})
_missed = st.fixed_dictionaries(
    {
        "customer": _customers,
        "date": st.integers(1, 800).map(lambda n: FIRST - dt.timedelta(days=n)),
        "practice": st.just("win-back"),
    }
)


@pytest.mark.slow
def test_the_unhappy_the_bereaved_and_the_missed_are_left_in_peace(make) -> None:
    """Day after day, with random complaints, deaths, orders and earlier win-backs."""

    @examples(12)
    @given(
        feedback=st.lists(_feedback, max_size=6),
        occasions=st.lists(_occasion, max_size=5),
        orders=st.lists(_order, max_size=8),
        old=st.lists(_old_order, max_size=5),
        missed=st.lists(_missed, max_size=4),
    )
    def run(feedback, occasions, orders, old, missed) -> None:
        people = [{"id": key, "birthday": f"--11-{n + 3:02}"} for n, key in enumerate(_IDS)]
        made = make.project(
            people,
            feedback=feedback,
            occasions=occasions,
            orders=[*orders, *old],
            history=missed,
        )
        project = replace(
            caring(made, *PEACE), customs=Customs(occasions=packaged_customs().occasions)
        )
        last = FIRST + dt.timedelta(days=DAYS)
        planned = pl.concat([plan.planned for plan in plan_days(project, first=FIRST, last=last)])
        rows = planned.select("customer", "date", "practice").rows()
        _zeros(rows, feedback, occasions, missed)

    run()


def _zeros(rows, feedback, occasions, missed) -> None:
    asked = [(who, day) for who, day, name in rows if name in ("review-request", "win-back")]
    wished = [(who, day) for who, day, name in rows if name == "birthday"]
    complained = [
        (row["customer"], row["date"])
        for row in feedback
        if row["score"] is None or row["score"] <= 6
    ]
    lost = [(row["customer"], row["date"]) for row in occasions if row["occasion"] != "wedding"]
    assert _pairs(complained, asked, days=60) == []
    assert _pairs(lost, [*wished, *asked], days=90) == []
    before = [(row["customer"], row["date"]) for row in missed]
    again = [(who, day) for who, day, name in rows if name == "win-back"]
    assert _pairs([*before, *again], again, days=364, same_day=False) == []
    requests = [(who, day) for who, day, name in rows if name == "review-request"]
    assert _pairs([*before, *again], requests, days=60) == []


def _pairs(first, second, *, days: int, same_day: bool = True) -> list[tuple[object, ...]]:
    """Return the pairs of one customer at most so many days after each other."""
    return [
        (who, day, then)
        for who, day in first
        for other, then in second
        if who == other and (0 if same_day else 1) <= (then - day).days <= days
    ]
