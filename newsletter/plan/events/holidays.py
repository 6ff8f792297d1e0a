"""Holidays of the customers who celebrate them: by their own row, else by their country."""

from __future__ import annotations

from functools import partial

import polars as pl

from newsletter.model.config import Config
from newsletter.model.customs import Customs, Holiday
from newsletter.plan.events.basis import Cards, EventBasis, Window, row_columns, spoken


def holiday(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the holidays in the window; key: `christmas 2026`.

    A holiday of a lunar calendar may come twice in a year: `eid-al-fitr 2033 2`.
    """
    parts = [pl.DataFrame(schema=row_columns("holiday"))]
    for key, feast in sorted(basis.customs.holidays.items()):
        days = [day for day in feast.days if window.first <= day <= window.last]
        if not days:
            continue
        localised = spoken(_people(key, basis), partial(_card, feast, basis.config), basis.config)
        name = feast.name.in_language(basis.config.language, basis.config.language)
        for day in days:
            again = sum(other.year == day.year and other < day for other in feast.days)
            named = localised.with_columns(
                key=pl.lit(f"{key} {day.year}" + (f" {again + 1}" if again else "")),
                on=pl.lit(day),
                about=pl.lit(basis.reasons.event("dated", name=name, date=day)),
                holiday_date=pl.lit(day),
                days_late=pl.lit(0),
            )
            parts.append(named.select(*row_columns("holiday")))
    return pl.concat(parts, how="vertical_relaxed")


def holiday_cards(customs: Customs, config: Config) -> Cards:
    """Return what gives the details of a holiday: by its key, in a language."""
    return lambda key, tag: _card(customs.holidays[key], config, tag)


def _people(holiday: str, basis: EventBasis) -> pl.DataFrame:
    """Return customer and language of the customers who celebrate *holiday*."""
    country = pl.col("country").fill_null(basis.config.business.country)
    countries = basis.facts.select(country.unique())["country"]
    there = [code for code in countries if holiday in basis.customs.of(code).celebrates]
    celebrates = pl.coalesce(pl.col("celebrates").list.contains(holiday), country.is_in(there))
    chosen = basis.people("language", celebrates.alias("_celebrates"))
    return chosen.filter("_celebrates").drop("_celebrates")


def _card(holiday: Holiday, config: Config, tag: str) -> dict[str, object]:
    return {
        "holiday": holiday.key,
        "holiday_name": holiday.name.in_language(tag, config.language),
        "holiday_greeting": holiday.greeting.in_language(tag, config.language),
    }
