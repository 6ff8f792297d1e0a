"""Days as a language writes them."""

from __future__ import annotations

import datetime as dt

import pytest

from newsletter.model.language import locale_in
from newsletter.model.written_days import written_day

FIRST = dt.date(2026, 11, 1)
LATER = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("language", "country", "texts"),
    [
        ("en", "GB", ["1 November", "21 November"]),
        ("en", "US", ["November 1", "November 21"]),
        ("de", "DE", ["1. November", "21. November"]),
        ("fr", "FR", ["1er novembre", "21 novembre"]),
        ("es", "ES", ["1 de noviembre", "21 de noviembre"]),
    ],
)
def test_day_and_month_have_the_order_and_signs_of_the_language(
    language: str, country: str, texts: list[str]
) -> None:
    """A skeleton says what to write, and the language how."""
    locale = locale_in(language, country)
    assert [written_day(day, "MMMMd", locale) for day in (FIRST, LATER)] == texts


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("full", "dimanche 1er novembre 2026"),
        ("long", "1er novembre 2026"),
        ("medium", "1er nov. 2026"),
        ("short", "01/11/2026"),
        ("d MMMM", "1er novembre"),
        ("EEEE d MMMM", "dimanche 1er novembre"),
        ("EEEE", "dimanche"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(style: str, text: str) -> None:
    """Where the month follows in letters."""
    assert written_day(FIRST, style, locale_in("fr", "FR")) == text
