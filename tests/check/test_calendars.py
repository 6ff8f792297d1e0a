"""Remarks warn before the calendar of movable holidays ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from plan.caring import BIRTHDAY, practice
from plan.conftest import project

from newsletter.check.remarks import ended_calendars
from newsletter.model.customs import Customs, DoNotWrite, Holiday
from newsletter.model.values import Localised

LAST = dt.date(2035, 3, 25)


def _ended(*practices, day: dt.date) -> list[tuple[str, str]]:
    easter = Holiday(key="easter", name=Localised(""), greeting=Localised(""), days=(LAST,))
    good_friday = DoNotWrite(name=Localised("Good Friday"), days=(LAST,))
    never = DoNotWrite(name=Localised("Stocktaking"), days=())
    customs = Customs(holidays={"easter": easter}, do_not_write=(good_friday, never))
    calendars = replace(project(), customs=customs, practices=practices)
    return [(p.message, p.hint) for p in ended_calendars(calendars, today=day)]


def test_no_remark_within_the_last_year_of_the_calendar() -> None:
    """In its last year the calendar may still hold holidays to come."""
    assert _ended(practice("holiday", event="holiday"), day=dt.date(2035, 12, 31)) == []


def test_holidays_without_dates_are_named_after_the_last_year() -> None:
    """Both holidays that a practice greets for and days on which people are left alone."""
    cure = "write the days into content/customs.yml under '{}', or install a newer version"
    message = "customs.yml has no day of this year or later for {}, so {}"
    friday = (
        message.format("Good Friday", "they count as ordinary days"),
        cure.format("do_not_write"),
    )
    easter = message.format("easter", "nobody is greeted on them"), cure.format("holidays")
    day = dt.date(2036, 1, 1)
    assert _ended(practice("holiday", event="holiday"), day=day) == [easter, friday]
    assert _ended(BIRTHDAY, day=day) == [friday]
    assert _ended(day=day) == []
