"""A mailing by email as the files that a program imports: its template and its contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from newsletter.errors import Problem, raise_all
from newsletter.export.columns import Column, Columns, Condition, Piece, Tag, cells_of
from newsletter.export.plain_text import text_for_people
from newsletter.export.programs.print_template import TemplatePrinter, openings, without_tags
from newsletter.export.programs.profile import EMAIL, NAMES, UNSEEN, Contacts, Fields, Program
from newsletter.mailing import Mailing
from newsletter.merge.compile import compile_texts
from newsletter.merge.escape import in_header, in_text
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.rows import slices, written_for
from newsletter.model.artifact import Artifact
from newsletter.model.key import key_of
from newsletter.model.template import Tree
from newsletter.render.language_filters import LanguageFilters

PARTS = ("subject", "preheader", "text", "html")


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A mailing for one program, with the recipients that its files hold."""

    program: Program
    mailing: Mailing
    people: pl.DataFrame
    filters: LanguageFilters
    nobody: Mapping[str, object]
    """The values of an unknown reader, who gets the words for an empty cell."""
    page_url: str = ""
    """Of the issue on our website; empty: there is none."""
    also: tuple[str, ...] = ()
    """Further columns of the customer file that the contact file holds."""
    sender: str = ""
    """The value of the From field."""

    @property
    def name(self) -> str:
        """The issue or practice."""
        return self.mailing.name.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folder of its files: private/exports/klaviyo/2026-11/en."""
        return f"private/exports/{self.program.name}/{self.name}/{self.mailing.language}"

    def artifacts(self) -> Iterator[Artifact]:
        """
        Yield the template and the contact file.

        Raises:
            NewsletterError: if the program would send nothing.
        """
        raise_all(self._problems())
        texts, folder = self.texts, self.folder
        key = key_of(
            "export", self.program.name, self.mailing.key, self.also, self.people.select("id")
        )
        for part, file in self.program.files.items():
            bom = file.endswith(".txt")
            yield Artifact(
                f"{folder}/{file}", text_for_people(texts[part]) if bom else texts[part].encode()
            )
        contacts = Contacts(
            folder=folder,
            key=key,
            headers=self.headers,
            frames=self.frames,
            template=texts,
            sender=self.sender,
        )
        yield from self.program.contacts(contacts)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The parts of the template in the program's dialect."""
        printer = TemplatePrinter(
            program=self.program, names=self.in_template, fallbacks=self._fallbacks
        )
        return {
            part: printer.html(pieces) if part == "html" else printer.text(pieces)
            for part, pieces in self._pieces.items()
        }

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """Our column → its header in the contact file."""
        return _named((EMAIL, *NAMES, *self.columns.cells, *self.also), self.program.fields)

    @cached_property
    def in_template(self) -> Mapping[str, str]:
        """Our column → its name in the template."""
        fields = self.program.fields
        return {
            name: fields.known_in_template.get(name) or fields.in_template(header)
            for name, header in self.headers.items()
        }

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows of the contact file in slices, with our columns."""
        for frame in self._written():
            yield frame.with_columns(self._filled) if self.program.keeps else frame

    @property
    def _filled(self) -> Iterator[pl.Expr]:
        """Cells of ours that are not empty, for a program that keeps the old value of those."""
        for name in self.columns.cells:
            nothing = "0" if name in self.columns.flags else UNSEEN
            yield pl.col(name).replace("", nothing)

    def _written(self) -> Iterator[pl.DataFrame]:
        html = self._in_html
        for part in slices(self.people) if self.people.height else [self.people]:
            fixed = part.select(pl.col(EMAIL, *NAMES).fill_null(""), *map(self._also, self.also))
            cells = cells_of(self.columns.cells, part, filters=self.filters)
            whole = pl.concat([fixed, cells], how="horizontal").select(list(self.headers))
            yield whole.with_columns(
                self._guarded(whole[name], in_html=name in html)
                for name in whole.columns
                if name != EMAIL
            )

    # ---- columns

    @cached_property
    def columns(self) -> Columns:
        """The columns besides the address, the names and what was asked for."""
        return self._columns_and_pieces[0]

    @property
    def _pieces(self) -> Mapping[str, Sequence[Piece]]:
        return self._columns_and_pieces[1]

    @cached_property
    def _columns_and_pieces(self) -> tuple[Columns, Mapping[str, Sequence[Piece]]]:
        conditions = self.program.dialect.conditions
        columns = Columns(
            fixed=(EMAIL, *NAMES),
            same_in_html=frozenset(NAMES) - self._written_otherwise(in_text),
            spaced=self._written_otherwise(in_header),
            tags=frozenset(self.program.tags),
            pages={"page_url": self.page_url} if self._has_its_page else {},
            exclusive=conditions is not None and not conditions.is_chain,
        )
        pieces = {
            part: columns.pieces(self._tree(part), keep_conditions=conditions is not None)
            for part in self.program.files
        }
        return columns, pieces

    def _tree(self, part: str) -> Tree:
        template = self.mailing.template
        trees = {
            "subject": template.subject,
            "preheader": template.preheader,
            "text": template.text,
            "html": template.html,
        }
        return trees[part]

    @property
    def _has_its_page(self) -> bool:
        """Whether the program shows the message in a browser, where we have a page of it."""
        return bool(self.page_url) and "page_url" in self.program.tags

    def _written_otherwise(self, writer: Callable[[object], str]) -> frozenset[str]:
        """Return the names of which *writer* changes a customer's."""
        values = {name: self.people[name].drop_nulls().unique() for name in NAMES}
        return frozenset(
            name for name in NAMES if any(writer(value) != value for value in values[name])
        )

    @cached_property
    def _in_html(self) -> frozenset[str]:
        """The columns that only HTML prints."""
        html = set(_columns_of(self._pieces.get("html", ())))
        others = (pieces for part, pieces in self._pieces.items() if part != "html")
        return frozenset(html.difference(*map(_columns_of, others)))

    def _guarded(self, cells: pl.Series, *, in_html: bool) -> pl.Series:
        """Return cells in which the program finds no tag; nearly all are unchanged."""
        letters = list(self.program.dialect.opens)
        if not cells.str.contains_any(letters).any():
            return cells
        opens = openings(self.program)
        return cells.map_elements(
            lambda cell: without_tags(cell, opens, in_html=in_html), return_dtype=pl.String
        )

    def _also(self, name: str) -> pl.Expr:
        """Return a column of the customer file as the program reads it."""
        dtype, column = self.people.schema[name], pl.col(name)
        if name == "birthday":
            return column.map_elements(self._birthday, return_dtype=pl.String).fill_null("")
        if dtype == pl.Date:
            column = column.dt.to_string(self.program.dates)
        elif isinstance(dtype, pl.List):
            column = column.cast(pl.List(pl.String)).list.join(", ")
        return column.cast(pl.String).fill_null("")

    def _birthday(self, birthday: str) -> str:
        """Return a birthday; without its year if that is not known or not wanted."""
        year, month, day = birthday.rsplit("-", 2)
        known = year.isdigit()
        if not known and "%Y" in self.program.birthdays:
            return ""
        date = dt.date(int(year) if known else 2000, int(month), int(day))  # 2000: a leap year
        return date.strftime(self.program.birthdays)

    @cached_property
    def _fallbacks(self) -> Mapping[str, str]:
        """Our column → words for an unknown reader, if no recipient has an empty cell."""
        if not self.program.dialect.fallback:
            return {}
        trees, environment = self.columns.cells, MergeEnvironment(self.filters)
        compiled = compile_texts(list(trees.values()), environment)
        texts = {
            name: written_for(text, self.nobody.get)
            for name, text in zip(trees, compiled, strict=True)
        }
        words = {name: text for name, text in texts.items() if text and isinstance(text, str)}
        for part in slices(self.people):
            cells = cells_of({name: trees[name] for name in words}, part, filters=self.filters)
            words = {name: words[name] for name in words if not (cells[name] == "").any()}
        return words

    # ---- what is wrong

    def _problems(self) -> Iterator[Problem]:
        printed = {name for pieces in self._pieces.values() for name in _tags_of(pieces)}
        for name in sorted(self.program.required - printed):
            yield Problem(
                f"{self.program.title} sends nothing without its own link in place of "
                f"{{{{ customer.{name} }}}}, and no layout of the theme prints that",
                hint="print it in the footer of email/ and text/, as the packaged theme does",
            )


def _named(columns: Sequence[str], fields: Fields) -> dict[str, str]:
    """Return our column → its name, which no other column has, whatever their capitals."""
    names: dict[str, str] = {}
    taken = {name.casefold() for name in fields.known.values()}
    for column in columns:
        name = fields.known.get(column)
        if name is None:
            wanted = fields.called(column)
            name, number = wanted[: fields.longest], 1
            while name.casefold() in taken:
                number += 1
                name = f"{wanted[: fields.longest - len(str(number))]}{number}"
        taken.add(name.casefold())
        names[column] = name
    return names


def _columns_of(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Column):
            yield piece.name
        elif isinstance(piece, Condition):
            for flag, then in piece.branches:
                yield flag
                yield from _columns_of(then)
            yield from _columns_of(piece.otherwise)


def _tags_of(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, Tag):
            yield piece.name
        elif isinstance(piece, Condition):
            for _, then in piece.branches:
                yield from _tags_of(then)
            yield from _tags_of(piece.otherwise)
