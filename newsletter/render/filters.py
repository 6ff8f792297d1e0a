"""The filters that texts and themes may use besides Jinja's own: dates, numbers and money in the reader's language."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal


def language_filters(language: str, *, currency: str) -> dict[str, Callable[..., Any]]:
    """
    Return the filters for one language (BCP 47), by CLDR's data.

    `date(style)`: full, long (default), medium, short or a CLDR pattern such as `d MMMM`; `time`; `number`; `money(currency)`.
    """
    locale = _locale(language)

    @functools.lru_cache(maxsize=10_000)
    def date(value: Any, style: str = "long") -> str:
        day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return format_date(day, format=style, locale=locale)

    @functools.lru_cache(maxsize=10_000)
    def time(value: dt.datetime) -> str:
        return format_time(value, format="short", locale=locale)

    @functools.lru_cache(maxsize=10_000)
    def number(value: float) -> str:
        return format_decimal(value, locale=locale)

    @functools.lru_cache(maxsize=10_000)
    def money(value: float, code: str = currency) -> str:
        return format_currency(value, code, locale=locale)

    return {"date": date, "time": time, "number": number, "money": money, "as_date": _as_date}


def _as_date(text: str) -> dt.date:
    """Return the day (or moment) that binding wrote into a template as text."""
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
