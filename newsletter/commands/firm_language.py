"""Which language a new project is in: guessed from its customers and the computer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale

from newsletter.commands.screen import Screen
from newsletter.model.countries import official_languages
from newsletter.model.language import is_language, team_language
from newsletter.model.project import People

_HEADERS: Mapping[str, str] = {
    "vorname": "de", "nachname": "de", "anrede": "de", "straße": "de", "strasse": "de",
    "plz": "de", "kundennummer": "de", "geburtsdatum": "de", "prénom": "fr", "prenom": "fr",
    "civilité": "fr", "code postal": "fr", "courriel": "fr", "cognome": "it",
    "nombre": "es", "apellido": "es", "apellidos": "es", "voornaam": "nl", "achternaam": "nl",
    "sobrenome": "pt", "apelido": "pt", "imię": "pl", "nazwisko": "pl",
}  # fmt: skip
"""Headers that tell the language of a customer file."""


@dataclass(frozen=True)
class FirmLanguage:
    """A language, and what tells that it is the one of the firm."""

    tag: str
    why: str = ""
    """The phrase `init_why_<why>` of screens/*.yml; empty: it was said."""
    certain: bool = True
    missing: str = ""
    """The language that was guessed, if there are no texts in it."""

    def told(self, screen: Screen) -> str:
        """Return the language, and why."""
        what = screen("init_language", tag=f"{language_name(self.tag, screen)} ({self.tag})")
        if not self.why:
            return what
        why = screen(
            f"init_why_{self.why}", tag=self.missing, name=language_name(self.missing, screen)
        )
        return screen("init_because", what=what, why=why)


def guessed_language(people: People | None, *, country: str) -> FirmLanguage:
    """
    Return the language of the headers of a customer file, of the *country*, or of the computer.

    *country* is that of most customers, or empty; it tells if it has one official language.
    """
    headers = {column.header.strip().casefold() for column in people.columns} if people else set()
    for header, tag in _HEADERS.items():
        if header in headers:
            return FirmLanguage(tag, "headers")
    languages = official_languages(country) if country else ()
    if len(languages) == 1:
        (tag,) = languages
        return FirmLanguage(tag, "addresses", certain=False)
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    tag = named.partition("_")[0].lower()
    if "_" in named and is_language(tag):
        return FirmLanguage(tag, "computer", certain=False)
    return FirmLanguage("en", "nothing", certain=False)


def has_texts(tag: str) -> bool:
    """Return whether the program has texts to begin with in a language."""
    return team_language(tag) == tag.partition("-")[0]


def language_name(tag: str, screen: Screen) -> str:
    """Return the name of a language in that of the screen: Italian, Italienisch."""
    return str(Locale(screen.language).languages.get(tag.partition("-")[0], tag))


def country_name(code: str, screen: Screen) -> str:
    """Return the name of a country in the language of the screen: Germany, Deutschland."""
    return str(Locale(screen.language).territories.get(code, code))


def to_translate(tag: str, project: str) -> str:
    """Return what a project lacks in a language without texts to begin with, and how to add it."""
    name = language_name(tag, Screen("en"))
    return (
        f"The program has no texts in {name} ({tag}) yet. This project begins with English ones:\n"
        f"  - below content/, translate what you keep: updates, pages, issues and practices\n"
        f"  - newsletter new language {tag} --project {project}\n"
        f"    begins a file with the phrases of messages and website, such as 'Unsubscribe'\n"
        f"  - what only your team reads (its pages, lists, reasons and screens) is in English"
    )
