"""Countries and languages, by code or by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from babel import Locale
from babel.core import get_global

from newsletter.read.people.findings import Column, Findings, Reading
from newsletter.read.people.values.choices import replace_words

_TONGUES = ("en", "de", "fr")
"""Languages whose names of countries and languages are understood."""

_OWN_NAMES = {
    "español": "es",
    "castellano": "es",
    "italiano": "it",
    "nederlands": "nl",
    "polski": "pl",
    "português": "pt",
    "svenska": "sv",
    "dansk": "da",
    "norsk": "nb",
    "suomi": "fi",
    "čeština": "cs",
    "türkçe": "tr",
    "українська": "uk",
    "العربية": "ar",
    "עברית": "he",
    "lëtzebuergesch": "lb",
}
"""Languages that are also understood by the name they call themselves."""

_NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ"}
_USUAL = {
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "holland": "NL",
    "the netherlands": "NL",
    "czech republic": "CZ",
    "d": "DE",  # as before postcodes: D-10115
    "a": "AT",
    "f": "FR",
    "i": "IT",
    "brd": "DE",
}


def read_country(column: Column, findings: Findings) -> Reading:
    """Read countries to ISO 3166 with two capitals."""
    names = _names_for(column, _countries)
    return replace_words(column, findings, ours=names, noun="country")


def read_language(column: Column, findings: Findings) -> Reading:
    """Read languages to the primary subtag of BCP 47: de-CH → de, German → de."""
    text = column.text.str.replace(r"^([A-Za-z]{2,3})[-_].*$", "${1}")
    plain = Column(column.header, text, column.rows)
    names = _names_for(plain, _languages)
    return replace_words(plain, findings, ours=names, noun="language")


def _names_for(column: Column, table: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """
    Return names in English, and in the other tongues where those do not say all: each takes time
    to load.
    """
    words = set(column.text.drop_nulls().str.to_lowercase().unique())
    names: dict[str, str] = {}
    for tongue in _TONGUES:
        names = table(tongue) | names
        if words <= names.keys():
            break
    return names


@cache
def _countries(tongue: str) -> dict[str, str]:
    names = {
        name.lower(): code
        for code, name in Locale(tongue).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    codes = {code.lower(): code for code in names.values()}
    three = {
        old.lower(): new[0]  # DEU → DE
        for old, new in get_global("territory_aliases").items()
        if len(old) == 3 and old.isalpha() and len(new) == 1
    }
    return three | codes | names | _USUAL


@cache
def _languages(tongue: str) -> dict[str, str]:
    tags = {code: name for code, name in Locale(tongue).languages.items() if code.isalpha()}
    names = {name.lower(): code for code, name in tags.items()}
    return _OWN_NAMES | names | {code: code for code in tags}
