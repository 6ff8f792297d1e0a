"""Asks the customers' tables, at the moment of sending, whether a message may still go out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import raise_all
from newsletter.model.project import People
from newsletter.plan.reach import emailable
from newsletter.read.content.settings_files import SETTINGS, read_settings
from newsletter.read.people.people_files import read_people
from newsletter.read.project_files import ProjectFiles
from newsletter.read.returned.earlier_output import unrecorded
from newsletter.sending.outbox import Outgoing


class MayGet:
    """
    Says of a customer whether a mailing may go to them: consent, suppression list, history.

    The tables are read again whenever one of them was saved, so that a no counts from the next
    message on. Raises NewsletterError if they cannot be read: then nothing may go out.
    """

    def __init__(self, root: Path, outgoing: Outgoing, *, year: int) -> None:
        self._root, self._outgoing, self._year = root, outgoing, year
        self._seen: dict[Path, tuple[int, int]] = {}
        self._allowed: frozenset[str] = frozenset()
        self.addresses: dict[str, str] = {}
        """Customer → their address now."""
        self._look()

    def __call__(self, customer: str) -> bool:
        """Return whether the customer may get it, by the tables as they are now."""
        if any(_state(path) != state for path, state in self._seen.items()):
            self._look()
        return customer in self._allowed

    def _look(self) -> None:
        config, files = read_settings(self._root), ProjectFiles(self._root)
        # Before reading, so that a later save is seen.
        self._seen = {path: _state(path) for path in self._watched()}
        people = read_people(config, files, year=self._year)
        raise_all(files.problems)
        self._allowed = frozenset(self._due(people)) & frozenset(
            emailable(people, owed=self._outgoing.owed)
        )
        table = people.customers.select("id", "email").drop_nulls()
        self.addresses = dict(table.iter_rows())

    def _due(self, people: People) -> Iterator[str]:
        """Yield the customers whose history does not hold the mailing."""
        yield from unrecorded(self._outgoing.rows, people.tables["history"])["customer"]

    def _watched(self) -> Iterator[Path]:
        """Yield the settings, the tables and their folders; a new table changes its folder."""
        yield self._root / SETTINGS
        place = self._root / "content" / read_settings(self._root).customers
        folders = [place.parent] if place.is_file() else [place, *place.glob("[!.]*/")]
        for folder in folders:
            yield folder
            yield from (path for path in folder.glob("[!.]*") if path.is_file())


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except FileNotFoundError:
        return 0, 0
    return state.st_mtime_ns, state.st_size
