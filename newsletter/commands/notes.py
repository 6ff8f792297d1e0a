"""Where the history and the conversations of a project are kept, and how rows are added."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from newsletter.commands.customers import read_customers
from newsletter.errors import Problem, raise_all
from newsletter.model.config import Config
from newsletter.model.project import People
from newsletter.model.tables import CONVERSATIONS, HISTORY
from newsletter.read.content.newsletter_yml import read_config
from newsletter.write import add_lines, only_writer, write_beside


@dataclass(frozen=True)
class Notes:
    """The customers and their tables, with the right to add to them."""

    root: Path
    folder: Path
    """Of the customer data."""
    config: Config
    people: People

    def add_history(self, rows: pl.DataFrame, *, name: str) -> str:
        """Write rows of HISTORY as a file of their own; return it as the user would type it."""
        content = _csv(rows, HISTORY, header=True)
        return self._shown(write_beside(self.folder / "history", name, content))

    def add_conversations(self, rows: pl.DataFrame, *, year: int) -> str:
        """Add rows of CONVERSATIONS to the file of the year; return it likewise."""
        file = add_lines(
            self.folder / "conversations",
            str(year),
            header=_csv(rows.clear(), CONVERSATIONS, header=True),
            lines=_csv(rows, CONVERSATIONS, header=False),
        )
        return self._shown(file)

    def _shown(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.root)).as_posix()


@contextmanager
def open_notes(root: Path) -> Iterator[Notes]:
    """Read the customers while nobody else may add to their tables."""
    folder = _folder(root)
    with only_writer(folder):
        config, people = read_customers(root)
        yield Notes(root, folder, config, people)


def _folder(root: Path) -> Path:
    """Return the folder of the customer data, where newsletter.yml says it is."""
    shown = "content/newsletter.yml"
    problems: list[Problem] = []
    found = read_config(root / shown, shown=shown, problems=problems)
    raise_all(problems)
    assert found  # had it not been read, there were a problem
    place = root / "content" / found.config.customers
    return place.parent if place.is_file() else place


def _csv(rows: pl.DataFrame, schema: dict[str, pl.DataType], *, header: bool) -> bytes:
    """Return the rows as a person would have written them into that table."""
    lists = [name for name, dtype in schema.items() if isinstance(dtype, pl.List)]
    yes = [name for name, dtype in schema.items() if dtype == pl.Boolean]
    plain = rows.select(list(schema)).with_columns(
        *(pl.col(name).list.join("; ") for name in lists),
        *(pl.when(name).then(pl.lit("yes")).alias(name) for name in yes),
    )
    return plain.write_csv(include_header=header).encode()
