"""Who is to be left in peace: owed, unhappy, bereaved and paused customers; the seasonal ones."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from made import people_of, settings

from newsletter.facts import add_facts
from newsletter.read.content.customs_yml import packaged_customs

D = dt.date
TODAY = D(2026, 11, 4)
CUSTOMS = packaged_customs()


def facts(
    today: D = TODAY, *, etiquette=None, customer=None, start: D | None = None, **tables
) -> dict[str, object]:
    """Return the facts of customer `a`, whose tables are given by rows without a customer."""
    rows = {name: [{"customer": "a", **row} for row in given] for name, given in tables.items()}
    people = people_of([{"id": "a", **(customer or {})}], **rows)
    config = settings(etiquette=etiquette or {}).model_copy(update={"start": start})
    return add_facts(people, config, today=today, since=today, customs=CUSTOMS).row(0, named=True)


def test_nothing_is_owed_from_before_the_start_of_the_plan() -> None:
    """Old feedback and promises, which no task will ever settle, hold no wish back for ever."""
    day = D(2026, 10, 1)
    told = {
        "feedback": [{"date": day, "score": 2}],
        "conversations": [{"date": day, "promise": "ink", "promised_by": D(2026, 10, 3)}],
    }
    assert [facts(start=start, **told)["owed"] for start in (day, D(2026, 10, 9))] == [True, False]
    assert facts(start=D(2026, 10, 3), conversations=told["conversations"])["owed"]


@pytest.mark.parametrize(
    ("feedback", "until"),
    [
        ([{"date": D(2026, 11, 1), "score": 6}], D(2026, 12, 31)),
        ([{"date": D(2026, 11, 1), "score": 7}], None),
        ([{"date": D(2026, 11, 1), "score": None}], D(2026, 12, 31)),
        ([{"date": D(2026, 9, 5), "score": 2}], TODAY),
        ([{"date": D(2026, 9, 4), "score": 2}], None),
        ([{"date": D(2026, 11, 5), "score": 2}], None),
        (
            [{"date": D(2026, 10, 1), "score": 1}, {"date": D(2026, 10, 9), "score": 10}],
            D(2026, 11, 30),
        ),
    ],
)
def test_a_complaint_leaves_customers_unhappy_for_60_days(feedback, until: D | None) -> None:
    """A score of 6 or less, or feedback without a score; later praise does not shorten it."""
    known = facts(feedback=feedback)
    assert (known["unhappy"], known["unhappy_until"]) == (until is not None, until)


def test_scores_and_days_are_settings() -> None:
    """Another score, other days, and praise without scores."""
    peace = {"unhappy": {"score": 3, "days": 7, "without_score": False}}
    told = [{"date": D(2026, 11, 1), "score": 4}, {"date": D(2026, 11, 1), "score": None}]
    assert not facts(feedback=told, etiquette={"peace": peace})["unhappy"]
    low = [{"date": D(2026, 11, 1), "score": 3}]
    assert facts(feedback=low, etiquette={"peace": peace})["unhappy_until"] == D(2026, 11, 8)


@pytest.mark.parametrize(
    ("occasion", "date", "until"),
    [
        ("death of her mother", D(2026, 10, 1), D(2026, 12, 30)),
        ("Tod seiner Frau", D(2026, 8, 6), TODAY),
        ("décès", D(2026, 8, 5), None),
        ("Funeral", D(2026, 11, 6), D(2027, 2, 4)),
        ("Funeral", D(2027, 3, 6), None),
        ("divorce", D(2026, 11, 1), None),
        ("wedding", D(2026, 11, 1), None),
    ],
)
def test_a_death_leaves_customers_bereaved_for_90_days(
    occasion: str, date: D, until: D | None
) -> None:
    """A funeral of the next days is known already."""
    known = facts(occasions=[{"date": date, "occasion": occasion}])
    assert (known["bereaved"], known["bereaved_until"]) == (until is not None, until)


@pytest.mark.parametrize(
    ("file", "talk", "until"),
    [
        (D(2026, 12, 1), None, D(2026, 12, 1)),
        (D(2026, 12, 1), D(2027, 1, 1), D(2027, 1, 1)),
        (D(2027, 2, 1), D(2027, 1, 1), D(2027, 2, 1)),
        (None, TODAY, TODAY),
        (D(2026, 11, 3), D(2026, 11, 2), None),
        (None, None, None),
    ],
)
def test_the_later_day_of_peace_counts(file: D | None, talk: D | None, until: D | None) -> None:
    """Of the customer file and of conversations, as long as it is not over."""
    talks = [{"date": D(2026, 10, 1), "text": "Wants peace", "pause_until": talk}]
    known = facts(customer={"pause_until": file}, conversations=talks)
    assert known["pause_until"] == until


@pytest.mark.parametrize(("second", "until"), [(D(2026, 11, 6), D(2026, 11, 6)), (TODAY, TODAY)])
def test_a_pause_may_be_made_shorter(second: D, until: D) -> None:
    """Of several notes the last one counts."""
    talks = [
        {"date": D(2026, 10, 1), "pause_until": D(2026, 12, 24)},
        {"date": D(2026, 11, 3), "pause_until": second},
    ]
    assert facts(conversations=talks)["pause_until"] == until
    assert facts(until + dt.timedelta(days=1), conversations=talks)["pause_until"] is None


def test_feedback_and_promises_are_owed() -> None:
    """Until they are answered and kept."""
    promise = {"date": D(2026, 10, 1), "promise": "a pen", "promised_by": D(2026, 12, 1)}
    assert facts(feedback=[{"id": "F1", "date": TODAY, "score": 9}])["owed"]
    assert facts(conversations=[promise])["owed"]
    assert not facts(conversations=[{**promise, "kept": True}])["owed"]
    assert not facts()["owed"]


def test_an_order_a_conversation_and_feedback_are_heard() -> None:
    """The latest of them counts."""
    order, talk, told = D(2026, 9, 1), D(2026, 9, 3), D(2026, 9, 2)
    known = facts(
        orders=[{"date": order, "amount": 1.0}],
        conversations=[{"date": talk, "text": "Hello"}],
        feedback=[{"date": told, "score": 9}],
    )
    assert known["last_heard"] == talk
    assert facts(orders=[{"date": order, "amount": 1.0}])["last_heard"] == order
    assert facts()["last_heard"] is None


@pytest.mark.parametrize(
    ("days", "month"),
    [
        (["2023-12-10", "2024-12-20", "2025-12-05"], 12),
        (["2023-11-28", "2025-01-03", "2025-12-05"], 12),
        (["2024-06-20", "2025-06-18"], 6),
        (["2024-12-10", "2025-06-20", "2025-12-05"], None),
        (["2022-12-10", "2024-12-20", "2025-12-05"], None),
        (["2025-12-05", "2025-12-20"], None),
        (["2025-12-05"], None),
        ([], None),
    ],
)
def test_seasonal_customers_come_in_one_month_of_every_year(
    days: list[str], month: int | None
) -> None:
    """A month beside it belongs to the same season; a year without an order does not."""
    orders = [{"date": D.fromisoformat(day), "amount": 1.0} for day in days]
    assert facts(orders=orders)["usual_month"] == month


@pytest.mark.parametrize(
    ("today", "missed"), [(D(2026, 11, 4), False), (D(2027, 1, 31), False), (D(2027, 2, 1), True)]
)
def test_a_season_is_missed_when_the_month_after_it_is_over(today: D, missed: bool) -> None:
    """Somebody who comes every December is not lost in November."""
    days = (D(2024, 12, 10), D(2025, 12, 5))
    known = facts(today, orders=[{"date": day, "amount": 1.0} for day in days])
    assert (known["usual_month"], known["season_missed"]) == (12, missed)


def test_the_months_of_many_customers_equal_a_plain_calculation() -> None:
    """Orders around one month, on its first and last days and those of the months beside it."""
    known = random.Random(1)
    days = {f"c{number:03}": _around_a_month(known) for number in range(600)}
    rows = [{"customer": id_, "date": day, "amount": 1.0} for id_ in days for day in days[id_]]
    people = people_of([{"id": id_} for id_ in days], orders=rows)
    table = add_facts(people, settings(), today=TODAY, since=TODAY, customs=CUSTOMS)
    months = dict(table.select("id", "usual_month").iter_rows())
    assert months == {id_: _plain_month(days[id_]) for id_ in days}
    assert 100 < sum(month is not None for month in months.values()) < 500


def _around_a_month(known: random.Random) -> list[D]:
    month, years = known.randint(1, 12), known.randint(1, 4)
    days = []
    for year in range(2026 - years, 2026):
        for _ in range(known.choice([1, 1, 1, 2, 0] if known.random() < 0.2 else [1, 2])):
            beside = known.choice([-2, 2] if known.random() < 0.05 else [-1, 0, 1])
            moved = year * 12 + month - 1 + beside
            first = D(moved // 12, moved % 12 + 1, 1)
            last = D((moved + 1) // 12, (moved + 1) % 12 + 1, 1) - dt.timedelta(days=1)
            days.append(known.choice([first, first + dt.timedelta(days=14), last]))
    return days


def _plain_month(days: list[D]) -> int | None:
    if not days:
        return None
    last = max(days)
    ago = [(last.year - day.year) * 12 + last.month - day.month for day in days]
    seasons = {round(months / 12) for months in ago}
    together = all(abs(months - 12 * round(months / 12)) <= 1 for months in ago)
    every_year = seasons == set(range(max(seasons) + 1))
    return last.month if together and every_year and len(seasons) >= 2 else None
