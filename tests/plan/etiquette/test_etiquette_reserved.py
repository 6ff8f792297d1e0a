"""What has a day of its own is not late because of what has none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from newsletter.plan.etiquette.evidence import COMING
from newsletter.plan.reach import CHANNEL

PLANNED = (None, None, None)
TODAY = dt.date(2026, 11, 4)
TWO_IN_TEN = {"per": "customer", "most": 2, "days": 10}


def _in(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def _birthday(days: int, **more: object) -> dict[str, object]:
    return {"idx": 0, "practice": "birthday", "key": "2026", "act_on": _in(days), **more}


def _judged(make, coming, *rows, gap=3, caps=(), **more):
    people = [{"id": "a", "account": "x"}, {"id": "b", "account": "x"}]
    birthday = make.practice("birthday", event="birthday")
    practices = (birthday, *more.pop("practices", ()))
    basis = make.basis(people, gap=gap, caps=caps, quiet_days=(), practices=practices, **more)
    defaults = {"channel": "email", "priority": 90, "owed": False}
    schema = {**COMING, "practice": pl.Enum(list(basis.practices)), "channel": CHANNEL}
    full = [
        dict.fromkeys(COMING) | defaults | {"row": n, "arrives": row["act_on"]} | row
        for n, row in enumerate(coming)
    ]
    basis = replace(basis, coming=pl.DataFrame(full, schema=schema))
    return make.judged(basis, *({"customer": "a", "practice": "thank-you"} | row for row in rows))


def _held(on: int, rule: str, days: int) -> tuple[str, str, dt.date]:
    return ("reserved", f"keeps room for birthday: {_in(on).day} Nov 2026 ({rule})", _in(days))


@pytest.mark.parametrize("days", [1, 2, 3])
def test_a_letter_waits_for_the_birthday_after_it(make, days) -> None:
    """If less than the gap lies between them; it is possible after the birthday's own gap."""
    held = _held(days, "3 days between two contacts", days + 3)
    assert _judged(make, [_birthday(days)], {}) == [held if days < 3 else PLANNED]
    assert _judged(make, [_birthday(days)], {}, gap=0) == [PLANNED]


def test_the_last_room_in_a_cap_is_kept(make) -> None:
    """With one of two used, the birthday in a week needs the other."""
    history = [{"customer": "a", "practice": "call", "date": _in(-1), "channel": "call"}]
    week = [_birthday(7)]
    held = _held(7, "at most 2 in 10 days", 9)
    caps = (TWO_IN_TEN,)
    assert _judged(make, week, {}, caps=caps, gap=0, history=history) == [held]
    # By then the call has left the window.
    ten = [_birthday(9)]
    assert _judged(make, ten, {}, caps=caps, gap=0, history=history) == [PLANNED]
    assert _judged(make, week, {}, caps=caps, gap=0) == [PLANNED]


def test_the_cap_of_a_firm_is_kept_for_its_contacts(make) -> None:
    """B's letter would make A's birthday late."""
    caps = ({"per": "account", "most": 1, "days": 10},)
    held = _held(2, "at most 1 in 10 days for the account", 1)
    assert _judged(make, [_birthday(2)], {"customer": "b"}, caps=caps)[0][:2] == held[:2]


def test_two_of_a_firm_do_not_share_one_room(make) -> None:
    """Beside A's birthday there is room for one letter of today: the more important one."""
    caps = ({"per": "account", "most": 2, "days": 10},)
    rows = [{"priority": 10}, {"customer": "b", "priority": 20}]
    verdicts = _judged(make, [_birthday(7)], *rows, caps=caps, gap=0)
    held = "keeps room for birthday: 11 Nov 2026 (at most 2 in 10 days for the account)"
    assert [verdict[:2] for verdict in verdicts] == [("reserved", held), (None, None)]


def test_what_is_owed_or_exempt_does_not_wait(make) -> None:
    """A promise, the newsletter, and practices that neither cap nor gap concerns."""
    promise = make.practice("promise", owed=True)
    invitation = make.practice("invitation", exempt=("gap", "cap"), event="order")
    for row in (
        {"practice": "promise", "owed": True},
        {"practice": "issue"},
        {"practice": "invitation"},
    ):
        practices = (promise, invitation)
        assert _judged(make, [_birthday(1)], row, practices=practices) == [PLANNED]


@pytest.mark.parametrize(
    ("row", "waits"),
    [
        ({"priority": 60}, True),
        ({"priority": 60, "last_day": _in(4)}, True),
        ({"priority": 60, "last_day": _in(3)}, False),
        ({"priority": 95}, False),
    ],
    ids=["less important", "until just then", "too late by then", "more important"],
)
def test_of_two_with_days_the_less_important_waits(make, row, waits) -> None:
    """An invitation before a birthday, if it can still go out after it."""
    verdict = _judged(make, [_birthday(1)], {"practice": "invitation"} | row)
    assert verdict[0][0] == ("reserved" if waits else None)


def test_requests_wait_for_a_thank_you(make) -> None:
    """It has no day of its own, so what is more important goes ahead, and what has a day."""
    coming = [_birthday(1, practice="thank-you", priority=60)]
    request = {"practice": "call", "priority": 22}
    assert _judged(make, coming, request)[0][:2] == (
        "reserved",
        "keeps room for thank-you: 5 Nov 2026 (3 days between two contacts)",
    )
    assert _judged(make, coming, request | {"priority": 80}) == [PLANNED]
    assert _judged(make, coming, {"practice": "birthday", "priority": 10}) == [PLANNED]


def test_what_has_its_day_goes_first(make) -> None:
    """Whatever the priority of the other is."""
    rows = [{"priority": 99}, {"practice": "birthday", "priority": 1}]
    assert [rule for rule, *_ in _judged(make, [], *rows)] == ["one_a_day", None]


def test_a_card_without_time_today_keeps_tomorrow(make) -> None:
    """An email today would put the birthday call off by the whole gap."""
    rows = [
        {"practice": "birthday", "channel": "call", "priority": 90},
        {"practice": "thank-you", "priority": 60},
    ]
    done = [
        {"customer": "b", "practice": "call", "channel": "call", "date": TODAY, "key": str(n)}
        for n in range(2)
    ]
    verdicts = _judged(make, [], *rows, history=done)
    assert [verdict[:2] for verdict in verdicts] == [
        ("capacity", "Nora has time for 2 calls a day, and all are taken"),
        ("reserved", "keeps the day after for birthday"),
    ]
