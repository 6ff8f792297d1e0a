"""Customs by country and culture: consent, holidays, and days on which nobody should write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.model.occasions import Occasion, Recogniser
from newsletter.model.values import Localised

EVERYWHERE = ""
"""Key of the customs for countries that have none of their own."""


@dataclass(frozen=True, kw_only=True)
class Country:
    """Customs of one country."""

    without_asking: frozenset[str] = frozenset()
    """Channels allowed until the customer objects. Email is never among them."""
    celebrates: tuple[str, ...] = ()
    """Keys of holidays of customers whose row names none."""
    owed: frozenset[str] = frozenset()
    """Channels for answers and promises that customers left us, until they object to them."""
    owed_law: str = ""
    """Why what is owed needs no consent to marketing, with the law."""
    mention_family: bool = False
    """Whether a family may be mentioned to customers whose row does not say."""


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A holiday to write for."""

    key: str
    """christmas, eid-al-fitr …: as in the customers' column `celebrates`."""
    name: Localised
    greeting: Localised
    """Its greeting: Merry Christmas."""
    days: tuple[dt.date, ...]
    """Its (first) day in each listed year, sorted."""


@dataclass(frozen=True, kw_only=True)
class DoNotWrite:
    """A day on which some people are left alone."""

    name: Localised
    """The reason in the plan."""
    days: tuple[dt.date, ...]
    countries: tuple[str, ...] = ()
    """Only customers there; empty: everywhere."""
    celebrates: tuple[str, ...] = ()
    """Only those who celebrate one of these holidays; empty: all."""


@dataclass(frozen=True, kw_only=True)
class Customs:
    """The packaged customs with the project's content/customs.yml over them."""

    countries: Mapping[str, Country] = field(default_factory=lambda: {EVERYWHERE: Country()})
    holidays: Mapping[str, Holiday] = field(default_factory=dict)
    do_not_write: tuple[DoNotWrite, ...] = ()
    bounces: tuple[str, ...] = ()
    """Words in the reason of a suppressed address that say it does not work."""
    occasions: Mapping[str, Occasion] = field(default_factory=dict)
    """In the order in which they are recognised."""

    def recogniser(self, language: str) -> Recogniser:
        """Return what recognises occasions in a project in *language*."""
        if language not in self._recognisers:
            self._recognisers[language] = Recogniser(self.occasions.values(), language)
        return self._recognisers[language]

    @cached_property
    def _recognisers(self) -> dict[str, Recogniser]:
        return {}

    def of(self, country: str | None) -> Country:
        """Return the customs of a country."""
        return self.countries.get(country or EVERYWHERE) or self.countries[EVERYWHERE]
