"""Countries and languages, by code or by name."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from newsletter.read.tables.reading import Column, Findings, Reading
from newsletter.read.tables.values.words import replace_words

_TONGUES = ("en", "de", "fr")
"""Languages whose names of countries and languages are understood."""

_OWN_NAMES = ("es", "it", "nl", "pl", "pt", "sv", "da", "nb", "fi", "cs", "tr", "ar", "he", "uk")
"""Languages that are also understood by the name they call themselves."""

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
    return replace_words(column, findings, ours=_countries(), words="country")


def read_language(column: Column, findings: Findings) -> Reading:
    """Read languages to the primary subtag of BCP 47: de-CH → de, German → de."""
    text = column.text.str.replace(r"^([A-Za-z]{2,3})[-_].*$", "${1}")
    plain = Column(column.header, text, column.rows)
    return replace_words(plain, findings, ours=_languages(), words="language")


@cache
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for tongue in _TONGUES:
        for code, name in Locale(tongue).territories.items():
            if (
                len(code) == 2
                and code.isalpha()
                and code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ"}
            ):
                names |= {name.lower(): code, code.lower(): code}
    for old, new in get_global("territory_aliases").items():
        if len(old) == 3 and old.isalpha() and len(new) == 1:  # DEU → DE
            names.setdefault(old.lower(), new[0])
    return names | _USUAL


@cache
def _languages() -> dict[str, str]:
    names: dict[str, str] = {}
    for tongue in _TONGUES:
        for code, name in Locale(tongue).languages.items():
            if code.isalpha():
                names |= {name.lower(): code, code.lower(): code}
    for code in _OWN_NAMES:
        try:
            own = Locale.parse(code).get_language_name()
        except UnknownLocaleError:
            continue
        if own:
            names[own.lower()] = code
    return names
