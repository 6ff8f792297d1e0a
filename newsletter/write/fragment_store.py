"""Stores fragments beside the output for later builds, in a database that may be deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.write.ledger import ensured_cache_folder

_FILE = "fragments.sqlite"
_MOST = 50_000
"""Texts stored: those used last. A project of ten thousand entries has some 30,000."""
_WAIT = 0.2
"""Seconds to wait for another process; then this one does without."""


class FragmentStore:
    """Texts by key. A database that fails counts as an empty one."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._is_empty = False
        with suppress(sqlite3.Error):
            self._is_empty = not database.execute("SELECT 1 FROM fragments LIMIT 1").fetchall()
        self._used: set[str] = set()
        self._new: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """Return the text, or None if there is none."""
        if self._is_empty:  # as in a build from nothing
            return None
        with suppress(sqlite3.Error):
            row = self._database.execute(
                "SELECT text FROM fragments WHERE key = ?", (key,)
            ).fetchone()
            if row:
                self._used.add(key)
                return str(row[0])
        return None

    def put(self, key: str, text: str) -> None:
        """Hold a text until `save` writes it."""
        self._new[key] = text

    def save(self) -> None:
        """Write new texts in one transaction, and drop the least recently used ones."""
        with suppress(sqlite3.Error), self._database:
            (last,) = self._database.execute(
                "SELECT coalesce(max(used), 0) FROM fragments"
            ).fetchone()
            self._database.executemany(
                "INSERT OR REPLACE INTO fragments VALUES (?, ?, ?)",
                [(key, text, last + 1) for key, text in self._new.items()],
            )
            self._database.executemany(
                "UPDATE fragments SET used = ? WHERE key = ?",
                [(last + 1, key) for key in self._used],
            )
            self._database.execute(
                "DELETE FROM fragments WHERE key IN"
                " (SELECT key FROM fragments ORDER BY used DESC LIMIT -1 OFFSET ?)",
                (_MOST,),
            )


@contextmanager
def fragment_store(output: Path, *, version: str) -> Iterator[FragmentStore]:
    """
    Yield the store of *output*. Fragments of another *version* of the program are dropped.

    New texts are saved at the end, even if the build fails: errors are never stored. Killed and
    parallel processes do no harm.
    """
    database = _opened(output, version)
    store = FragmentStore(database)
    try:
        yield store
    finally:
        store.save()
        database.close()


def _opened(output: Path, version: str) -> sqlite3.Connection:
    """Return the database of *output*: a new one if damaged, one in memory if locked."""
    for _ in range(2):
        try:
            path = ensured_cache_folder(output) / _FILE
            path.touch(mode=0o600)
            database = sqlite3.connect(path, timeout=_WAIT)
        except (OSError, sqlite3.Error):
            break
        try:
            _prepare(database, version)
        except sqlite3.OperationalError:  # another process writes
            database.close()
            break
        except sqlite3.Error:
            database.close()
            with suppress(OSError):
                path.unlink()
        else:
            return database
    database = sqlite3.connect(":memory:")
    _prepare(database, version)
    return database


def _prepare(database: sqlite3.Connection, version: str) -> None:
    """Create the tables; drop what another version of the program stored."""
    with database:
        database.execute("CREATE TABLE IF NOT EXISTS program (version TEXT)")
        if database.execute("SELECT version FROM program").fetchall() != [(version,)]:
            database.execute("DROP TABLE IF EXISTS fragments")
            database.execute("DELETE FROM program")
            database.execute("INSERT INTO program VALUES (?)", (version,))
        database.execute(
            "CREATE TABLE IF NOT EXISTS fragments (key TEXT PRIMARY KEY, text TEXT, used INTEGER)"
        )
