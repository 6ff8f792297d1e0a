"""Additional filters for Jinja: dates, numbers and money in the reader's language."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import Any

from babel.dates import format_time
from babel.numbers import format_currency, format_decimal, format_percent

from newsletter.model.config import Business
from newsletter.model.language import locale_in
from newsletter.model.written_days import written_day
from newsletter.render.number_words import number_in_words


class LanguageFilters(dict[str, Callable[..., Any]]):
    """Filters by name."""

    key: str
    """Key of what the filters depend on."""


def language_filters(language: str, *, business: Business) -> LanguageFilters:
    """
    Return the filters for one language (BCP 47), by CLDR's data.

    `date(style)`: full, long (default), medium, short, a CLDR skeleton (`MMMMd`) or pattern
    (`d MMMM`); `time`; `number`; `in_words`: a number up to twelve in words; `money(currency)`.
    """
    return _filters(language, business.country, business.currency)


def worth(amount: float, currency: str, *, language: str, country: str) -> str:
    """Return an amount for a voucher, with cents only if there are any: €5."""
    locale = locale_in(language, country)
    if amount != int(amount):
        return format_currency(amount, currency, locale=locale)
    pattern = re.sub(r"\.0+", "", locale.currency_formats["standard"].pattern)
    return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)


def percent(share: float, *, language: str, country: str) -> str:
    """Return a share as the language writes it: 10 is 10%, 12.5 is 12.5%."""
    digits = "#,##0" if share == int(share) else "#,##0.0"
    locale = locale_in(language, country)
    shown = locale.percent_formats[None].pattern
    pattern = re.sub(r"#,##0(\.#+)?", digits, shown)
    return format_percent(share / 100, format=pattern, locale=locale)


@functools.lru_cache(maxsize=100)
def _filters(language: str, country: str, currency: str) -> LanguageFilters:
    locale = locale_in(language, country)

    @functools.lru_cache(maxsize=10_000)
    def date(value: Any, style: str = "long") -> str:
        day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return written_day(day, style, locale)

    @functools.lru_cache(maxsize=10_000)
    def time(value: dt.datetime) -> str:
        return format_time(value, format="short", locale=locale)

    @functools.lru_cache(maxsize=10_000)
    def number(value: float) -> str:
        return format_decimal(value, locale=locale)

    @functools.lru_cache(maxsize=10_000)
    def money(value: float, code: str = currency) -> str:
        return format_currency(value, code, locale=locale)

    def in_words(value: float) -> str:
        return number_in_words(value, language) or number(value)

    filters = LanguageFilters(
        date=date, time=time, number=number, in_words=in_words, money=money, as_date=_as_date
    )
    filters.key = f"{language} {country} {currency}"
    return filters


def _as_date(text: str) -> dt.date:
    """Return the day or moment that binding wrote into a template as text."""
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
