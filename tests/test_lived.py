"""Seven weeks of the example's practices, lived by customers grown from invented orders."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from care_measures import (
    asking,
    celebrating,
    closed_wrongly,
    closer_than_the_gap,
    complaints,
    deaths,
    figures,
    is_named,
    late_for_another,
    promises,
    thanks,
    touches_each,
    within,
)
from grown import grown, invented
from living import Lived, lived

pytestmark = pytest.mark.slow

FIRST, LAST = dt.date(2026, 10, 12), dt.date(2026, 11, 27)


@pytest.fixture(scope="module")
def run() -> Lived:
    """Return the plans of each day, carried out as they are."""
    purchases = invented(40, first=FIRST - dt.timedelta(days=200), last=LAST)
    return lived(grown(purchases, first=FIRST, last=LAST), first=FIRST, last=LAST)


def test_some_days_lie_between_two_touchpoints(run: Lived) -> None:
    """No customer hears from us again before the gap is over."""
    assert sum(touches_each(run)) > 100
    assert closer_than_the_gap(run) == []


def test_no_thank_you_is_later_than_a_week(run: Lived) -> None:
    """Orders of a few days are thanked for together."""
    given = thanks(run)
    assert len(given.days) > 40
    assert given.days[-1] <= 7
    assert any(row["because"].startswith("orders from") for row in run.planned)


def test_nothing_with_a_day_is_late_for_what_has_none(run: Lived) -> None:
    """Birthdays, anniversaries, occasions, holidays and events; reasons name what came before."""
    capped = [row for row in run.waiting if row["rule"] == "cap"]
    before = {row["customer"]: row for row in run.planned if row["date"] < capped[-1]["date"]}
    assert any(
        is_named(before[row["customer"]], row, run) for row in capped if row["customer"] in before
    )
    assert late_for_another(run) == []


def test_unhappy_and_bereaved_customers_are_left_in_peace(run: Lived) -> None:
    """Nobody is asked within 60 days of a complaint, or congratulated within 90 of a death."""
    assert complaints(run) and deaths(run) and asking(run) and celebrating(run)
    assert within(run, asking(run), complaints(run), span=60) == []
    assert within(run, celebrating(run), deaths(run), span=90) == []


def test_only_keeping_closes_a_promise(run: Lived) -> None:
    """Not a failed call, a new day, an email that says that it is late, or anything else."""
    kept = [promise["kept"] for promise in promises(run).values()]
    assert any(kept)
    assert closed_wrongly(run) == []


def test_the_measures_find_what_they_look_for(run: Lived) -> None:
    """If the gap were longer, there would be closer pairs; a silent plan forgets promises."""
    etiquette = run.project.config.etiquette.model_copy(update={"gap": 14})
    config = run.project.config.model_copy(update={"etiquette": etiquette})
    stricter = replace(run, project=replace(run.project, config=config))
    assert closer_than_the_gap(stricter)
    assert within(run, ["complaint"], complaints(run), span=60)
    # As the day is known before, the card was posted before it.
    week_before = [(who, day - dt.timedelta(weeks=1)) for who, day in deaths(run)]
    assert within(run, ["condolence"], week_before, span=90)
    assert closed_wrongly(replace(run, planned=[], waiting=[]))
    assert [line.partition(":")[0] for line in figures(run)] == [
        "touchpoints of 40 customers",
        "pairs closer than the gap",
        f"thank-yous for {len(thanks(run).days)} orders",
        "late for what has no day",
        f"requests within 60 days of {len(complaints(run))} complaints",
        f"wishes within 90 days of {len(deaths(run))} deaths",
        "promises closed by anything but their keeping",
    ]
