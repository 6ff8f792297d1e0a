"""Reads the input of commands: the project, its customer tables, and the lock to add rows."""

from __future__ import annotations

import codecs
import datetime as dt
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError, Place, did_you_mean, raise_all
from newsletter.export.table import excel_separator
from newsletter.model.channels import CHANNELS
from newsletter.model.config import Config
from newsletter.model.project import People, Project
from newsletter.model.tables import HISTORY, TABLES
from newsletter.read.assembly import read_project
from newsletter.read.content.folders import find_content
from newsletter.read.content.practice_files import read_practices
from newsletter.read.content.settings_files import read_settings
from newsletter.read.people.people_files import read_people
from newsletter.read.project_files import ProjectFiles
from newsletter.write import add_lines, only_writer, write_beside

Row = Mapping[str, object]

_NO_PRACTICES_HINT = (
    'write one: newsletter new practice "Thank you"; or begin a project elsewhere '
    "(newsletter init DIR) and copy its content/practices/ here"
)


def read_customers(root: Path, today: dt.date) -> tuple[Config, People]:
    """Return settings and customer tables, without content and theme; raises NewsletterError."""
    config, files = read_settings(root), ProjectFiles(root)
    people = read_people(config, files, year=today.year)
    raise_all(files.problems)
    return config, people


def practice_titles(root: Path, config: Config) -> dict[str, str]:
    """Return the title of each practice by its name, as far as their files can be read."""
    files = ProjectFiles(root)
    practices = read_practices(find_content(files), config, files, language=config.language)
    return {practice.name: practice.title for practice in practices}


def read_practising(root: Path, *, today: dt.date) -> Project:
    """Return the project; raises NewsletterError if it has no practices, or problems."""
    project = read_project(root, today=today)
    if not project.practices:
        at = Place(path="content/practices")
        message = "there are no practices, so nothing is planned"
        raise NewsletterError.at(message, at, hint=_NO_PRACTICES_HINT)
    return project


@dataclass(frozen=True)
class Notes:
    """The customers and their tables, locked so that rows can be added."""

    root: Path
    folder: Path
    """Of the customer data."""
    config: Config
    people: People

    def add_history(self, rows: pl.DataFrame | Row, *, name: str) -> str:
        """Write rows of HISTORY to a new file; return its path as the user would type it."""
        content = self._begun(HISTORY) + self._lines(_frame(rows, HISTORY), HISTORY)
        return self._shown(write_beside(self.folder / "history", name, content))

    def add_conversations(self, rows: pl.DataFrame | Row, *, year: int) -> str:
        """Add rows of CONVERSATIONS to the file of the year; return its path likewise."""
        return self.add_rows("conversations", rows, year=year)

    def add_rows(self, table: str, rows: pl.DataFrame | Row, *, year: int) -> str:
        """Add rows to the file of the year in the folder of a table; return its path likewise."""
        schema = TABLES[table]
        file = add_lines(
            self.folder / table,
            str(year),
            header=self._begun(schema),
            lines=self._lines(_frame(rows, schema), schema),
        )
        return self._shown(file)

    def _begun(self, schema: dict[str, pl.DataType]) -> bytes:
        """Return how a table begins that Excel opens with a double click."""
        header = self._separator.join(schema)
        return codecs.BOM_UTF8 + f"{header}\n".encode()

    def _lines(self, rows: pl.DataFrame, schema: dict[str, pl.DataType]) -> bytes:
        """Return the rows as a person would write them into that table."""
        lists = [name for name, dtype in schema.items() if isinstance(dtype, pl.List)]
        booleans = [name for name, dtype in schema.items() if dtype == pl.Boolean]
        plain = rows.select(list(schema)).with_columns(
            *(pl.col(name).list.join("; ") for name in lists),
            *(pl.when(name).then(pl.lit("yes")).alias(name) for name in booleans),
        )
        return plain.write_csv(include_header=False, separator=self._separator).encode()

    @property
    def _separator(self) -> str:
        return excel_separator(self.config.business.country)

    def _shown(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.root)).as_posix()


@contextmanager
def open_notes(root: Path, today: dt.date) -> Iterator[Notes]:
    """Read the customers while holding the lock on their tables."""
    # newsletter.yml says where the customer data is, and so which folder to lock.
    place = root / "content" / read_settings(root).customers
    folder = place.parent if place.is_file() else place
    with only_writer(folder):
        config, people = read_customers(root, today)
        yield Notes(root, folder, config, people)


def check_channel(channel: str | None) -> None:
    """Raise NewsletterError if the channel does not exist."""
    if channel and channel not in CHANNELS:
        hint = did_you_mean(channel, CHANNELS) or f"the channels are {', '.join(CHANNELS)}"
        raise NewsletterError.at(f"'{channel}' is not a channel", hint=hint)


def _frame(rows: pl.DataFrame | Row, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Return the rows as a table; columns that a row lacks are null."""
    if isinstance(rows, pl.DataFrame):
        return rows
    return pl.DataFrame([{name: rows.get(name) for name in schema}], schema=schema)
