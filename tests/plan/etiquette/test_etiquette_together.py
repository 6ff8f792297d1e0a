"""One touchpoint a day for each customer, and the capacity of the team."""

from __future__ import annotations

import datetime as dt

import pytest

from newsletter.model.config import Etiquette

PLANNED = (None, None, None)
TODAY = dt.date(2026, 11, 4)
TOMORROW = dt.date(2026, 11, 5)
FULL = ("capacity", "Nora has time for 2 calls a day, and all are taken", TOMORROW)


def _row(customer: str, practice: str = "thank-you", **more: object) -> dict[str, object]:
    return {"customer": customer, "practice": practice, **more}


def _people(make, names="abcd", **more):
    return make.basis([{"id": name} for name in names], caps=(), **more)


def test_the_more_important_comes_first(make) -> None:
    """Owed before priority, priority before age."""
    old = TODAY - dt.timedelta(days=3)
    rows = [
        _row("a", priority=90),
        _row("a", "promise", priority=10, owed=True),
        _row("b", "birthday", priority=60),
        _row("b", priority=50),
        _row("c", "birthday"),
        _row("c", arrives=old),
    ]
    second = "one contact a day is enough: {} (email) comes first"
    assert make.judged(_people(make), *rows) == [
        ("one_a_day", second.format("promise"), TOMORROW),
        PLANNED,
        PLANNED,
        ("one_a_day", second.format("birthday"), TOMORROW),
        ("one_a_day", second.format("thank-you"), TOMORROW),
        PLANNED,
    ]


def test_a_customer_contacted_today_gets_nothing_else(make) -> None:
    """Whatever the outcome: a second call on one day is too many."""
    attempt = {"customer": "a", "practice": "call", "channel": "call", "date": TODAY}
    basis = _people(make, history=[{**attempt, "outcome": "not reached"}])
    reason = "one contact a day is enough: call (call) went out today"
    assert make.judged(basis, _row("a", owed=True)) == [("one_a_day", reason, TOMORROW)]


def test_the_next_possible_day_counts_today_s_touchpoint(make) -> None:
    """If it fills a cap, the second one waits for the cap as well."""
    basis = make.basis([{"id": "a"}], caps=({"per": "customer", "most": 1, "days": 9},))
    rows = [_row("a", priority=60), _row("a", "birthday")]
    reason = "one contact a day is enough: thank-you (email) comes first"
    waiting = ("one_a_day", reason, dt.date(2026, 11, 13))
    assert make.judged(basis, *rows) == [PLANNED, waiting]


def test_each_team_member_has_a_daily_capacity(make) -> None:
    """Important tasks first; a task is the account manager's, and email takes no time."""
    people = [{"id": c} for c in "abcd"] + [{"id": "e", "member": "tomas"}]
    basis = make.basis(people, caps=())
    calls = [_row(c, channel="call", priority=n) for n, c in enumerate("abce")]
    assert make.judged(basis, *calls, _row("d")) == [FULL, PLANNED, PLANNED, PLANNED, PLANNED]


def test_a_day_has_twenty_letters_unless_the_project_says_more(make) -> None:
    """The first day of a shop is a day's work."""
    ids = [f"c{number:02}" for number in range(30)]
    usual = dict(Etiquette().capacity)
    basis = make.basis([{"id": id_} for id_ in ids], caps=(), capacity=usual)
    letters = [_row(id_, channel="letter") for id_ in ids]
    judged = make.judged(basis, *letters)
    assert judged.count(PLANNED) == 20
    assert (
        "capacity",
        "Nora has time for 20 letters a day, and all are taken",
        TOMORROW,
    ) in judged


def test_owed_tasks_exceed_the_capacity(make) -> None:
    """Three promises are planned with a capacity of two, and nothing else is then."""
    owed = [_row(c, "promise", channel="call", owed=True) for c in "abc"]
    rows = [*owed, _row("d", channel="call", priority=100)]
    assert make.judged(_people(make), *rows) == [PLANNED, PLANNED, PLANNED, FULL]


def test_tasks_done_today_take_time(make) -> None:
    """Also attempts, for the member who made them; an issue by email takes nobody's time."""
    done = {"customer": "a", "channel": "call", "date": TODAY}
    history = [
        {**done, "practice": "call", "outcome": "not reached"},
        {**done, "practice": "call", "member": "tomas"},
        {**done, "practice": "issue"},
    ]
    basis = _people(make, history=history)
    rows = [_row(c, channel="call") for c in "bc"]
    assert make.judged(basis, *rows) == [PLANNED, FULL]


HOME = {"street": "Marktstraße 1", "postcode": "54290", "city": "Trier", "language": "en"}


def _at_home(make, second, *, shared=True, history=()):
    """Return the basis of a and b, who live together, and of c, with time for one card a day."""
    people = [
        {"id": "a", "name": "Ann Alt", **HOME},
        {"id": "b", "name": "Ben Alt", **HOME, "street": "MARKTSTR. 1", **second},
        {"id": "c"},
    ]
    card = make.practice("invitation", household=shared, channels=("handwritten",))
    limit = {"capacity": {"handwritten": 1}, "caps": ()}
    return make.basis(people, practices=[card], history=history, **limit)


@pytest.mark.parametrize(
    ("second", "shared", "takes_time"),
    [
        ({}, True, False),
        ({}, False, True),
        ({"postcode": "54291"}, True, True),
        ({"language": "de"}, True, True),
        ({"formality": "formal"}, True, True),
        ({"named": False}, True, True),
        ({"name": "Ben Bach"}, True, True),
    ],
    ids=["one card", "personal", "address", "language", "form", "no name", "neighbour"],
)
def test_a_card_to_a_household_takes_its_time_once(make, second, shared, takes_time) -> None:
    """Today's row and that of the history count once, too; a card to others has no time left."""
    rows = [_row(c, "invitation", channel="handwritten") for c in "abc"]
    full = ("capacity", "Nora has time for 1 handwritten note a day, and it is taken", TOMORROW)
    basis = _at_home(make, second, shared=shared)
    assert make.judged(basis, *rows) == [PLANNED, full if takes_time else PLANNED, full]
    done = {"practice": "invitation", "key": "k", "channel": "handwritten", "date": TODAY}
    basis = _at_home(make, second, shared=shared, history=[{**done, "customer": "a"}])
    assert make.judged(basis, *rows[1:]) == [full if takes_time else PLANNED, full]


def test_a_task_over_capacity_leaves_the_day_to_the_next(make) -> None:
    """With no call left today, the customer's next touchpoint is planned."""
    calls = [_row(c, "call", channel="call", priority=80) for c in "abc"]
    assert make.judged(_people(make), *calls, _row("c")) == [PLANNED, PLANNED, FULL, PLANNED]


def test_the_reason_names_the_capacity(make) -> None:
    """Its grammar fits none, one and many."""
    rows = [
        _row(c, channel=how)
        for c, how in zip("abcd", ["visit", "visit", "text", "text"], strict=True)
    ]
    basis = _people(make, capacity={"visit": 1, "text": 0})
    assert [reason for _, reason, _ in make.judged(basis, *rows)] == [
        None,
        "Nora has time for 1 visit a day, and it is taken",
        "Nora has no time for text messages",
        "Nora has no time for text messages",
    ]


def test_the_order_of_rows_changes_nothing(make) -> None:
    """The same proposals in another order are judged the same."""
    rows = [_row(c, p, channel="call") for c in "abcd" for p in ("thank-you", "birthday")]
    basis = _people(make)
    backwards = make.judged(basis, *reversed(rows))
    assert make.judged(basis, *rows) == backwards[::-1]
