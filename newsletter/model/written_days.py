"""Days as a language writes them, by CLDR's data."""

from __future__ import annotations

import datetime as dt
import re

from babel import Locale
from babel.dates import format_date

_DAY_BEFORE_MONTH = re.compile(r"\bd(?= ?M{3,4}\b)")


def written_day(day: dt.date, style: str, locale: Locale) -> str:
    """
    Return a day as *locale* writes it: 3 November 2026, 1er novembre 2026.

    *style* is full, long, medium or short, a CLDR skeleton (`MMMMd`: day and month in the order
    and with the signs of the language) or a CLDR pattern (`d MMMM`). French writes the first of a
    month as an ordinal, which CLDR's patterns do not.
    """
    pattern = _pattern(style, locale)
    if locale.language == "fr" and day.day == 1:
        pattern = _DAY_BEFORE_MONTH.sub("d'er'", pattern)
    return format_date(day, format=pattern, locale=locale)


def _pattern(style: str, locale: Locale) -> str:
    if style in locale.date_formats:
        return str(locale.date_formats[style].pattern)
    if style in locale.datetime_skeletons:
        return str(locale.datetime_skeletons[style].pattern)
    return style
