"""A mailing by email as the files that a program imports: its template and its contacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import polars as pl

from newsletter.errors import raise_all
from newsletter.export.columns import Columns, Piece
from newsletter.export.plain_text import text_for_people
from newsletter.export.programs.alike import Alike, compared, kinds_of, simplified
from newsletter.export.programs.contact_rows import ContactRows
from newsletter.export.programs.export_problems import export_problems
from newsletter.export.programs.field_names import named
from newsletter.export.programs.fitted import Fitted, Fitter, has_conditions, names_in
from newsletter.export.programs.print_template import TemplatePrinter, openings, without_tags
from newsletter.export.programs.profile import EMAIL, NAMES, UNSEEN, Contacts, Program
from newsletter.export.programs.read_me import ReadMe
from newsletter.mailing import Mailing
from newsletter.merge.compile import compile_texts
from newsletter.merge.escape import in_header, in_text
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.rows import written_for
from newsletter.model.artifact import Artifact
from newsletter.model.key import key_of
from newsletter.model.template import Tree
from newsletter.render.language_filters import LanguageFilters

PARTS = frozenset({"subject", "preheader", "text", "html"})


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
    spoken: str = "en"
    """The language of the firm, in which README.txt is."""

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
        raise_all(export_problems(self.program, self.fitted, self.also, self._customers))
        files = []
        for artifact in self._artifacts():
            files.append(artifact.path.rpartition("/")[2])
            yield artifact
        yield Artifact(f"{self.folder}/README.txt", text_for_people(self._read_me(files)))

    def _artifacts(self) -> Iterator[Artifact]:
        texts, folder = self.texts, self.folder
        key = key_of(
            "export", self.program.name, self.mailing.key, self.also, self.people.select("id")
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
        for part in texts:
            file = self.program.files[part]
            bom = file.endswith(".txt")
            yield Artifact(
                f"{folder}/{file}", text_for_people(texts[part]) if bom else texts[part].encode()
            )

    def _read_me(self, files: Sequence[str]) -> str:
        html = self._simplified.get("html", ())
        return ReadMe(
            program=self.program,
            name=self.name,
            is_issue=self.mailing.practice.is_issue,
            language=self.mailing.language,
            spoken=self.spoken,
            contacts=self.people.height,
            files=files,
            columns=self.columns,
            fitted=self.fitted,
            headers=self.headers,
            also=self.also,
            html_conditions=[name for name in names_in(html) if name in self.columns.flags],
        ).text()

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The parts of the template in the program's dialect."""
        printer = TemplatePrinter(
            program=self.program,
            names=self.in_template,
            codes=self.fitted.codes,
            fallbacks=self._fallbacks,
        )
        return {
            part: printer.html(pieces) if part == "html" else printer.text(pieces)
            for part, pieces in self.fitted.pieces.items()
        }

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """Our column → its header in the contact file."""
        return named((EMAIL, *NAMES, *self.fitted.columns, *self.also), self.program.fields)

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
        for frame in self._guarded():
            whole = self.fitted.frame(frame).select(list(self.headers))
            yield whole.with_columns(self._filled) if self.program.keeps else whole

    @property
    def _filled(self) -> Iterator[pl.Expr]:
        """Cells of ours that are not empty, for a program that keeps the old value of those."""
        for name in self.fitted.columns:
            nothing = "0" if name in self.columns.flags else UNSEEN
            zero = f"0{UNSEEN}" if self.program.plain_cells else "0"  # to phpList, 0 is empty
            yield pl.col(name).replace({"0": zero, "": nothing})

    # ---- columns

    @cached_property
    def columns(self) -> Columns:
        """All columns besides the address, the names and what was asked for."""
        return self._columns_and_pieces[0]

    @cached_property
    def _simplified(self) -> Mapping[str, Sequence[Piece]]:
        """The texts, with what is the same for all."""
        columns, pieces = self._columns_and_pieces
        kinds = kinds_of(columns, few=self.program.limits is not None)
        alike = compared(self._rows.of(columns, columns.cells), kinds)
        if self.people.height == 1:
            alike = Alike({}, alike.first)  # the template stays one for more than one customer
        as_html = escape if self.program.plain_cells else str
        return {
            part: simplified(each, alike, as_html if part == "html" else str)
            for part, each in pieces.items()
        }

    @cached_property
    def fitted(self) -> Fitted:
        """The texts, and those of the columns that they need."""
        columns, pieces = self.columns, self._simplified
        if self.program.dialect.conditions is None and has_conditions(pieces.get("html", ())):
            pieces = {part: each for part, each in pieces.items() if part != "html"}
        if self.program.limits:
            fitter = Fitter(
                limits=self.program.limits,
                fixed=(EMAIL, *NAMES),
                flags=columns.flags,
                also=len(self.also),
                people=self.people.height,
                frames=self._guarded,
            )
            return fitter.fitted(pieces)
        used = dict.fromkeys(name for each in pieces.values() for name in names_in(each))
        return Fitted(pieces, tuple(name for name in used if name in columns.cells))

    @cached_property
    def _rows(self) -> ContactRows:
        return ContactRows(
            program=self.program, people=self.people, filters=self.filters, also=self.also
        )

    @cached_property
    def _columns_and_pieces(self) -> tuple[Columns, Mapping[str, Sequence[Piece]]]:
        program, conditions = self.program, self.program.dialect.conditions
        columns = Columns(
            fixed=(EMAIL, *NAMES),
            same_in_html=frozenset(NAMES)
            - self._written_otherwise(str if program.plain_cells else in_text),
            spaced=self._written_otherwise(in_header),
            tags=frozenset(program.tags),
            pages={"page_url": self.page_url} if self._has_its_page else {},
            exclusive=conditions is not None and not conditions.is_chain,
            longest=self._rows.most_items if program.plain_cells else None,
            words=program.plain_cells and conditions is None,
        )
        where = program.limits.conditions_in if program.limits else PARTS
        if conditions is None:
            where = frozenset({"html"} if program.plain_cells else ())
        pieces = {
            part: (self._for_nobody(part),)
            if part in program.same_for_all
            else columns.pieces(self._tree(part), keep_conditions=part in where)
            for part in program.files
        }
        return columns, pieces

    def _for_nobody(self, part: str) -> str:
        """Return a part of the template for an unknown reader."""
        (compiled,) = compile_texts([self._tree(part)], MergeEnvironment(self.filters), cells=True)
        return str(written_for(compiled, self.nobody.get))

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

    def _guarded(self) -> Iterator[pl.DataFrame]:
        """Yield the rows with cells in which the program finds no tag."""
        letters, opens = list(self.program.dialect.opens), openings(self.program)
        names = self.columns.cells if self.program.limits else self.fitted.columns
        for frame in self._rows.of(self.columns, names):
            yield frame.with_columns(
                self._without_tags(frame[name], opens)
                for name in frame.columns
                if name != EMAIL and frame[name].str.contains_any(letters).any()
            )

    def _without_tags(self, cells: pl.Series, opens: re.Pattern[str]) -> pl.Series:
        in_html = cells.name in self._in_html
        return cells.map_elements(
            lambda cell: without_tags(cell, opens, in_html=in_html), return_dtype=pl.String
        )

    def _customers(self) -> Iterator[tuple[Sequence[str], pl.DataFrame]]:
        """Yield the customers' numbers with their cells."""
        ids, start = self.people["id"].cast(pl.String), 0
        for frame in self._guarded():
            yield ids[start : start + frame.height].to_list(), frame
            start += frame.height

    @cached_property
    def _in_html(self) -> frozenset[str]:
        """The columns that only HTML prints."""
        if self.program.plain_cells:
            return frozenset()
        pieces = self.fitted.pieces
        html = set(names_in(pieces.get("html", ())))
        others = (each for part, each in pieces.items() if part != "html")
        return frozenset(html.difference(*map(names_in, others)))

    @cached_property
    def _fallbacks(self) -> Mapping[str, str]:
        """Our column → words for an unknown reader, if no recipient has an empty cell."""
        if not self.program.dialect.fallback:
            return {}
        return self._rows.words_for_nobody(self.columns, self.fitted.columns, self.nobody)
