"""A user's project as read: configuration, content, theme files, people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from newsletter.errors import Place, Problem
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.entry import Entry, Issue, Segment
from newsletter.model.key import key_of
from newsletter.model.language import fallbacks, team_language
from newsletter.model.picture import Picture
from newsletter.model.practice import NEWSLETTER, Practice
from newsletter.model.reasons import Reasons
from newsletter.model.source import Source


@dataclass(frozen=True, kw_only=True)
class Theme:
    """The files of a theme: a project's own laid over the packaged one, file by file."""

    name: str
    texts: Mapping[str, str]
    """Path below the theme (`email/issue.mjml`) → text, of every text file."""
    places: Mapping[str, str]
    """Path below the theme → the file it came from, as the user would type it."""
    assets: Mapping[str, Path]
    """Path below the theme's site/assets/ → file to copy."""
    words: Mapping[str, Mapping[str, str]]
    """Language → the theme's own phrases (`unsubscribe`: Unsubscribe), from words/*.yml."""
    values: Mapping[str, str]
    """theme.yml with the business's `brand:` over it: colours, fonts, logo."""

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Path below the theme → text with its place."""
        return {
            path: Source(text, Place(path=self.places[path], line=1))
            for path, text in self.texts.items()
        }

    @cached_property
    def key(self) -> str:
        """The key of all texts of the theme."""
        return key_of(self.texts, self.values, self.words)


@dataclass(frozen=True, kw_only=True)
class ColumnReading:
    """How one column of the file was read."""

    header: str
    field: str
    """A field of CUSTOMERS, or the snake_case name of a further column."""
    reading: str
    """In words: text, number, date (DMY), yes/no, list, consent …"""
    samples: tuple[str, ...]
    """Up to three values as read."""


@dataclass(frozen=True, kw_only=True)
class Strangers:
    """The rows of a table that name no customer. They are left out."""

    table: str
    path: str
    """One of its files, as the user would type it."""
    rows: int
    """Rows that name nobody in the customer file."""
    of: int
    """Rows in all files of the table."""


@dataclass(frozen=True, kw_only=True)
class People:
    """All customer data. Frames have the columns of model/tables.py, sorted by key."""

    customers: pl.DataFrame
    """CUSTOMERS and the user's further columns; one row per customer, bad rows left out."""
    tables: Mapping[str, pl.DataFrame]
    """By name of TABLES; tables that the user does not have are empty."""
    source: str
    """The customer file, as the user would type it."""
    program: str = ""
    """The program that exported the file, if recognised."""
    columns: tuple[ColumnReading, ...] = ()
    rows: int = 0
    """Rows of the customer file, bad ones included."""
    bad_rows: tuple[Problem, ...] = ()
    """Rows left out; each names line, column, value and cure."""
    remarks: tuple[Problem, ...] = ()
    """Merged duplicates, conflicts and guesses: nothing was lost."""
    strangers: tuple[Strangers, ...] = ()
    """Tables in which rows name nobody in the customer file."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Header of a column of the file → the field that it was read as."""
        return {column.header: column.field for column in self.columns}


@dataclass(frozen=True, kw_only=True)
class PartOfProject:
    """What can be read of a project in which something besides the texts is wrong."""

    entries: tuple[Entry, ...]
    """Sorted by kind, date (newest first) and slug; translations beside each other."""
    issues: tuple[Issue, ...]
    """All editions, sorted by name and language."""
    practices: tuple[Practice, ...] = ()
    """Sorted by name."""
    segments: tuple[Segment, ...]
    maybe_segments: frozenset[str] | None = frozenset()
    """Words of a segments.yml with faults, which may be names of segments; None: any word may."""
    people: People | None
    """None: it is not known which columns the customers have."""
    config: Config | None = None
    """Without the settings that are wrong; None: they cannot be read."""
    theme: Theme | None = None
    """None: it is not known which files it has."""
    images: Mapping[str, Picture] = field(default_factory=dict)
    """Path below content/ → picture, of every picture that texts and settings name."""


@dataclass(frozen=True, kw_only=True)
class Project(PartOfProject):
    """Everything a build reads."""

    root: Path
    config: Config
    theme: Theme
    people: People
    secret: bytes
    """Key of the hashes that become ids and tokens."""
    customs: Customs = field(default_factory=Customs)
    reasons: Reasons
    """How reasons are told to the team, in the language of the project."""
    made_pictures: Path | None = None
    """Folder with the versions of pictures, by their keys; None: each is made when it is read."""

    @property
    def has_site(self) -> bool:
        """Whether there is a website, to which pages and links in messages belong."""
        return bool(self.config.business.website)

    @property
    def customers(self) -> Path:
        """The folder of the customer tables, or the customer file."""
        return self.root / "content" / self.config.customers

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that the configuration names, which may lie outside the project."""
        theme = self.config.theme
        return (self.customers, *([self.root / theme] if "/" in theme else []))

    @property
    def planned_practices(self) -> tuple[Practice, ...]:
        """The practices by name, with NEWSLETTER if there are issues and no practice for them."""
        if not self.issues or any(practice.is_issue for practice in self.practices):
            return self.practices
        return tuple(sorted((*self.practices, NEWSLETTER), key=lambda practice: practice.name))

    @property
    def team_language(self) -> str:
        """That of the team's pages: the project's, or English if the program does not speak it."""
        language = self.config.language
        spoken = team_language(language)
        return language if spoken in fallbacks(language) else spoken

    @property
    def titles(self) -> dict[str, str]:
        """Name of a practice → its title, in the language of the team."""
        newsletter = {NEWSLETTER.name: self.reasons.etiquette["issue"]}
        return newsletter | {practice.name: practice.title for practice in self.practices}
