"""What is known of a program that imports our texts and contacts; a file of this folder each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from newsletter.model.artifact import Artifact

EMAIL, FIRST, LAST = "email", "first_name", "last_name"
NAMES = (FIRST, LAST)
"""Columns of every contact file besides the address."""
UNSEEN = "\u2060"
"""WORD JOINER: parts letters that a program would read as a tag, and is not seen."""
FILES = {
    "subject": "subject.txt",
    "preheader": "preheader.txt",
    "text": "text.txt",
    "html": "html.html",
}
"""Part of a template → the file that holds it, for most programs."""
NAME, WORDS = "<name>", "<words>"
"""Stand in a pattern for the name of a field and for the words that replace an empty one."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Patterns of a condition with NAME, which is true if that field holds `1`."""

    begin: str
    end: str
    also: str = ""
    """Of a further branch; empty: there is none, and each branch becomes a condition."""
    outer: str = ""
    """Stands before a name once for each condition around it, if a condition opens a scope."""
    otherwise: str = ""
    """Of the last branch; empty: there is none."""
    holds: str = ""
    """True if the field holds WORDS."""
    holds_not: str = ""
    """True if the field holds anything but WORDS."""

    @property
    def is_chain(self) -> bool:
        """Whether branches after the first can follow without a flag of their own."""
        return bool(self.also and self.otherwise)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a program marks in a text what differs from customer to customer, by its documents."""

    cell: str
    """Pattern with NAME that prints the cell of a field as it is, without escaping it."""
    fallback: str = ""
    """The same with WORDS for an empty cell; empty: the program knows no such words."""
    not_in_words: str = "'\"\\{}|%\r\n"
    """Letters that words for an empty cell cannot hold in this pattern."""
    conditions: Conditions | None = None
    """None: a condition becomes a column that holds its finished words."""
    opens: Mapping[str, str]
    """Letter that may open a tag → regular expression of what then follows it."""
    literal: Mapping[str, str] = field(default_factory=dict)
    """What prints such a letter in a text; after others stands a sign that is not seen."""
    in_text: Mapping[str, str] = field(default_factory=dict)
    """Letter that the text part cannot hold → one that looks alike."""
    static: Callable[[str], str] = str
    """Turns static text, without tags, into what prints it."""
    finished: Callable[[str], str] = str
    """Turns a whole text into what the program prints as it stands."""


@dataclass(frozen=True, kw_only=True)
class Fields:
    """How fields are called in the program."""

    known: Mapping[str, str]
    """Our column → field that the program has or its documents name."""
    called: Callable[[str], str] = str
    """Turns the name of another column into a name that the program takes."""
    longest: int = 50
    """Characters of a name."""
    in_template: Callable[[str], str] = str
    """Turns a field's name in the contact file into that in the template."""
    known_in_template: Mapping[str, str] = field(default_factory=dict)
    """Our column → name in the template, where the rule above does not hold."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of a contact a program takes."""

    columns: int
    """Besides the address and the names."""
    cell: int
    """Bytes of a cell."""
    conditions_in: frozenset[str] = frozenset({"text", "html"})
    """Parts of the template with conditions; in others a condition becomes a column."""


ContactFiles = Callable[["Contacts"], Iterator[Artifact]]


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """The contacts of a mailing, ready to be written in the form of a program."""

    folder: str
    key: str
    headers: Mapping[str, str]
    """Our column → its header in the file, in this order; the address is the first."""
    frames: Callable[[], Iterable[pl.DataFrame]]
    """The rows in slices, with our columns, all of them text."""
    template: Mapping[str, str]
    """Part of the template → its text: subject, text, html."""
    sender: str
    """The value of the From field."""

    @property
    def template_name(self) -> str:
        """What the template is called in the program: newsletter-2026-11-en."""
        return "-".join(("newsletter", *self.folder.split("/")[-2:]))


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program that sends or prints, and the files that it imports."""

    name: str
    """As on the command line."""
    title: str
    dialect: Dialect
    fields: Fields
    contacts: ContactFiles
    files: Mapping[str, str] = field(default_factory=lambda: FILES)
    """Part of the template (subject, preheader, text, html) → the file that holds it."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Our address (`unsubscribe_url`, `page_url`) → the program's tag, printed in its place."""
    required: frozenset[str] = frozenset()
    """Those of them without which the program sends nothing."""
    dates: str = "%Y-%m-%d"
    """How dates of the customer file are written, by `strftime`."""
    birthdays: str = "%Y-%m-%d"
    keeps: bool = False
    """Whether a contact keeps its old value where the cell of a new file is empty."""
    same_for_all: frozenset[str] = frozenset()
    """Parts of the template without fields, which have the words for an unknown reader."""
    plain_cells: bool = False
    """Whether a cell is words without HTML: the program escapes or strips it, or does not say."""
    one_line_cells: bool = False
    """Whether its contact file holds no line breaks."""
    limits: Limits | None = None
    around: Callable[[str], str] = str
    """Adds to HTML what the program demands besides."""
    blocklist: ContactFiles | None = None
    """Writes the addresses that the program must never mail; None: it imports no such list."""
    clicks: Mapping[str, str] = field(default_factory=dict)
    """What is imported (contacts, html, text) → where the maker's pages say to click."""
    sources: Sequence[str] = ()
    """Pages of the maker that say so."""
