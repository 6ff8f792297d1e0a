"""Finds holidays and days to leave people alone that nobody knows the date of any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from newsletter.errors import Place, Problem
from newsletter.model.project import Project

_AT = Place(path="content/customs.yml")


def ended_calendars(project: Project, *, today: dt.date) -> Iterator[Problem]:
    """
    Yield a remark where customs end before the year of *today*.

    Holidays are looked at where a practice writes for them; days to leave people alone always.
    """
    if any(practice.event == "holiday" for practice in project.practices):
        holidays = project.customs.holidays.values()
        keys = [one.key for one in holidays if one.days and one.days[-1].year < today.year]
        if keys:
            yield _remark(", ".join(keys), "holidays", "nobody is greeted for them")
    left = {
        one.name
        for one in project.customs.do_not_write
        if one.days and one.days[-1].year < today.year
    }
    if left and project.practices:
        yield _remark(", ".join(sorted(left)), "do_not_write", "people are not left alone then")


def _remark(names: str, key: str, so: str) -> Problem:
    message = f"no day of this year or later is known of {names}, so {so}"
    hint = f"write the days into content/customs.yml under '{key}', or get a newer version"
    return Problem(message=message, at=_AT, hint=hint)
