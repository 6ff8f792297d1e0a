"""Caps: at most so many touchpoints in so many days."""

from __future__ import annotations

import datetime as dt

PLANNED = (None, None, None)
TODAY, TOMORROW = dt.date(2026, 11, 4), dt.date(2026, 11, 5)
TWO_IN_TEN = {"per": "customer", "most": 2, "days": 10}


def _ago(days: int, customer: str = "a", **more: object) -> dict[str, object]:
    date = TODAY - dt.timedelta(days=days)
    return {"customer": customer, "practice": "call", "date": date, "channel": "call", **more}


def _judged(make, history, *rows, caps=(TWO_IN_TEN,), **more):
    people = [{"id": "a", "account": "x"}, {"id": "b", "account": "x"}, {"id": "c"}]
    basis = make.basis(people, history=history, caps=caps, quiet_days=(), **more)
    return make.judged(basis, *({"customer": "a", "practice": "thank-you"} | row for row in rows))


def test_the_window_of_a_cap_ends_today(make) -> None:
    """With 10 days, a touchpoint of 10 days ago is outside; one inside leaves room for another."""
    assert _judged(make, [_ago(10), _ago(9)], {}) == [PLANNED]


def test_the_day_is_when_the_window_has_room_again(make) -> None:
    """With three of two in the window, the second newest must leave it first."""
    history = [_ago(9, practice="birthday"), _ago(5), _ago(2, practice=None)]
    reason = (
        "at most 2 in 10 days: 26 Oct 2026 (birthday), 30 Oct 2026 (call), 2 Nov 2026 (a contact)"
    )
    assert _judged(make, history, {}) == [("cap", reason, dt.date(2026, 11, 9))]


def test_owed_touchpoints_neither_count_nor_wait(make) -> None:
    """An answer or a promise is not capped, and uses up no room of others."""
    promise = make.practice("promise", owed=True)
    history = [_ago(1), _ago(2), _ago(3, practice="promise")]
    rows = [{"owed": True, "practice": "promise"}, {"customer": "b"}]
    assert _judged(make, history, *rows, practices=[promise]) == [PLANNED, PLANNED]
    assert _judged(make, history[1:], {}, practices=[promise]) == [PLANNED]


def test_attempts_that_reached_nobody_do_not_count(make) -> None:
    """ "not reached" leaves room in the window."""
    assert _judged(make, [_ago(1), _ago(2, outcome="not reached")], {}) == [PLANNED]


def test_a_cap_of_a_channel_counts_that_channel(make) -> None:
    """One call a month leaves room for an email."""
    caps = ({"per": "call", "most": 1, "days": 30},)
    reason = "at most 1 call in 30 days: 15 Oct 2026 (call)"
    over_cap = ("cap", reason, dt.date(2026, 11, 14))
    assert _judged(make, [_ago(20)], {"channel": "call"}, caps=caps) == [over_cap]
    assert _judged(make, [_ago(20)], {"channel": "email"}, caps=caps) == [PLANNED]


def test_the_contacts_of_an_account_share_its_cap(make) -> None:
    """Both history and today's plan count; customers without an account share no cap."""
    caps = ({"per": "account", "most": 2, "days": 10},)
    rows = [{"customer": c, "priority": n} for n, c in enumerate("abc")]
    reason = "at most 2 in 10 days for the account: 2 Nov 2026 (call, B), others come first today"
    over_cap = ("cap", reason, dt.date(2026, 11, 12))
    assert _judged(make, [_ago(2, "b")], *rows, caps=caps) == [over_cap, PLANNED, PLANNED]


def test_the_longest_cap_decides_the_day(make) -> None:
    """The reason is that of the first cap, the day that of all."""
    caps = ({"per": "customer", "most": 1, "days": 7}, {"per": "account", "most": 1, "days": 30})
    reason = "at most 1 in 7 days: 3 Nov 2026 (call)"
    assert _judged(make, [_ago(1)], {}, caps=caps) == [("cap", reason, dt.date(2026, 12, 3))]


def test_the_issue_of_today_counts(make) -> None:
    """It is placed before everything else, even owed tasks, and takes the customer's day."""
    issue = {"practice": "issue", "key": "2026-11", "priority": 0}
    owed = {"practice": "promise", "owed": True, "priority": 100}
    reason = "at most 2 in 10 days: 1 Nov 2026 (call), 4 Nov 2026 (issue)"
    full = ("cap", reason, dt.date(2026, 11, 11))
    reason = "one contact a day is enough: issue 2026-11 (email) went out today"
    day = ("one_a_day", reason, TOMORROW)
    assert _judged(make, [_ago(3)], {}, issue) == [full, PLANNED]
    assert _judged(make, [], {}, issue) == [day, PLANNED]
    assert _judged(make, [], owed, issue) == [day, PLANNED]


def test_exempt_practices_pass_a_full_cap(make) -> None:
    """Issues are exempt, other practices if their file says so; all count towards caps."""
    recall = make.practice("call", exempt=("cap",))
    history = [_ago(1, practice="birthday"), _ago(2, practice="birthday")]
    assert _judged(make, history, {"practice": "issue"}) == [PLANNED]
    rows = [{"practice": "call"}, {"customer": "b", "practice": "call"}]
    caps = (TWO_IN_TEN, {"per": "account", "most": 2, "days": 10})
    assert _judged(make, history, *rows, practices=[recall], caps=caps) == [PLANNED, PLANNED]
