"""What CLDR, the Unicode database that Babel packages, knows of countries (ISO 3166-1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies


@cache
def zones_of() -> Mapping[str, tuple[str, ...]]:
    """Return country → its time zones (IANA)."""
    zones: dict[str, list[str]] = {}
    for zone, country in sorted(get_global("zone_territories").items()):
        zones.setdefault(country, []).append(zone)
    return {country: tuple(names) for country, names in zones.items()}


def currency_of(country: str) -> str:
    """Return the currency of a country (ISO 4217); empty if it is unknown."""
    return next(iter(get_territory_currencies(country)), "") if country else ""


def official_languages(country: str) -> frozenset[str]:
    """Return the official languages of a country, also those of regions (ISO 639)."""
    return frozenset(get_official_languages(country, regional=True, de_facto=True))
