"""Postal addresses, line by line, in the form that the post of each country asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsletter.model.language import locale_of

_TOWN = {
    **dict.fromkeys(("US", "PR"), "{city}, {region} {postcode}"),
    **dict.fromkeys(("CA", "AU", "IN"), "{city} {region} {postcode}"),
    **dict.fromkeys(("NZ", "SG", "SA", "TH", "PK", "BD"), "{city} {postcode}"),
    **dict.fromkeys(("GB", "GG", "IM", "JE", "ZA"), "{city}\n{postcode}"),
    **dict.fromkeys(("IE", "HK", "AE"), "{city}\n{region}\n{postcode}"),
    **dict.fromkeys(("IT", "MX"), "{postcode} {city}, {region}"),
    "BR": "{city} - {region}\n{postcode}",
    **dict.fromkeys(("JP", "KR", "TW"), "{city}, {region} {postcode}"),
    **dict.fromkeys(("CN", "VN"), "{postcode} {city}, {region}"),
}
"""The lines of the town (Universal Postal Union, S42); elsewhere it is `10115 Berlin`."""
_ELSEWHERE = "{postcode} {city}"


def address_lines(
    customer: Mapping[str, object], *, business_country: str, language: str
) -> tuple[str, ...]:
    """
    Return name, company, street, town and, from another country, its name in capitals.

    *customer* has the columns of CUSTOMERS. The country's name is in *language*, because the post
    of the sender's country reads it. Empty if street or city is unknown.
    """
    value = {name: str(customer[name] or "").strip() for name in _PARTS}
    if not value["street"] or not value["city"]:
        return ()
    country = value["country"] or business_country
    town = _tidy(_TOWN.get(country, _ELSEWHERE).format(**value))
    street = [line.strip() for line in value["street"].splitlines()]
    abroad = _country(country, language) if country != business_country else ""
    company = value["company"] if value["company"] != value["name"] else ""
    return tuple(filter(None, [_name(value), company, *street, *town, abroad]))


_PARTS = ("title", "name", "company", "street", "postcode", "city", "region", "country")


def _name(value: Mapping[str, str]) -> str:
    title, name = value["title"], value["name"]
    return name if not title or not name or name.startswith(title) else f"{title} {name}"


def _tidy(text: str) -> list[str]:
    """Return the lines without the gaps that a missing region or postcode leaves."""
    joined = [re.sub(r",?\s{2,}", " ", line) for line in text.splitlines()]
    return [line.strip(" ,-") for line in joined]


def _country(code: str, language: str) -> str:
    name = locale_of(language).territories.get(code, code)
    return str(name).upper()
