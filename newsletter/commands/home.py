"""Where a new firm is: country, currency and time zone, from its customers and the computer."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from babel.core import get_global

from newsletter.commands.firm_language import country_name, language_name
from newsletter.commands.screen import Screen
from newsletter.model.countries import currency_of, official_languages, zones_of

_ZONE = re.compile(r"zoneinfo/(.+)$")
_LARGEST: Mapping[str, str] = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CL": "America/Santiago", "DE": "Europe/Berlin", "ES": "Europe/Madrid",
    "MX": "America/Mexico_City", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon",
    "US": "America/New_York",
}  # fmt: skip
"""Countries with several time zones → that of most people."""


@dataclass(frozen=True)
class Home:
    """The country of a firm and what follows from it."""

    country: str
    """ISO 3166-1, two letters."""
    currency: str
    """ISO 4217."""
    timezone: str
    """Of the IANA time zone database."""
    why: str
    """From what it was guessed: `init_why_<why>` of screens/*.yml; empty: it was said."""
    language: str = ""
    """The one that most speak there, if that is why."""

    def told(self, screen: Screen) -> str:
        """Return what was written into newsletter.yml, and why."""
        country = f"{country_name(self.country, screen)} ({self.country})"
        places = {"country": country, "currency": self.currency, "zone": self.timezone}
        values = screen("init_home", **places)
        if not self.why:
            return values
        name = language_name(self.language, screen) if self.language else ""
        why = screen(f"init_why_{self.why}", name=name)
        return screen("init_because", what=values, why=why)

    def written(self, config: str) -> str:
        """Return newsletter.yml with this country, currency and time zone."""
        values = {
            "  country": self.country, "  currency": self.currency, "timezone": self.timezone,
        }  # fmt: skip
        for name, value in values.items():
            config = re.sub(
                rf"^{name}: .*$", f"{name}: {value}", config, count=1, flags=re.MULTILINE
            )
        return config


def home_of(customers: pl.DataFrame | None, *, language: str, zone: str) -> Home | None:
    """
    Return where a firm is whose customers and computer these are; None if nothing tells.

    The country of most customers counts first. That of the computer's time zone (*zone*, may be
    empty) counts only if the *language* of the project is an official one there.
    """
    country, why = country_of(customers), "addresses"
    if not country:
        here = next((c for c in zones_of() if zone in zones_of()[c]), "")
        country = here if language in official_languages(here) else ""
        why = "zone"
    return home_in(country, zone=zone, why=why)


def usual_home(language: str, *, zone: str) -> Home | None:
    """Return the country in which most people speak a language; None for English."""
    likely = str(get_global("likely_subtags").get(language.partition("-")[0], ""))
    home = home_in(likely.rpartition("_")[2], zone=zone, why="most") if language != "en" else None
    return replace(home, language=language) if home else None


def home_in(country: str, *, zone: str, why: str = "") -> Home | None:
    """Return the home of a firm in a country; None if there is no such country."""
    zones, currency = zones_of().get(country, ()), currency_of(country)
    if not zones or not currency:
        return None
    usual = _LARGEST.get(country, zones[0])
    return Home(country, currency, zone if zone in zones else usual, why)


def country_of(customers: pl.DataFrame | None) -> str:
    """Return the country of more than half of those who have one; empty if there is none."""
    if customers is None:
        return ""
    known = customers["country"].drop_nulls()
    counts = known.value_counts(sort=True)
    if not counts.height or counts["count"][0] * 2 <= len(known):
        return ""
    return str(counts["country"][0])


def zone_of_computer() -> str:
    """Return the time zone of the computer; empty if the system does not name it."""
    if named := os.environ.get("TZ", "").lstrip(":"):
        return named
    try:
        found = _ZONE.search(str(Path("/etc/localtime").readlink()))
    except OSError:  # no link, or another system
        return ""
    return found[1] if found else ""
