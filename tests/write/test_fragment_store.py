"""The cache of bound texts helps the next build, and its faults do no harm."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.write import fragment_store as module
from newsletter.write.fragment_store import fragment_store
from newsletter.write.ledger import cache_folder, forget


def save(output: Path, version: str = "1", **texts: str) -> None:
    """Save texts as a build does."""
    with fragment_store(output, version=version) as store:
        for key, text in texts.items():
            store.put(key, text)


def load(output: Path, *keys: str, version: str = "1") -> list[str | None]:
    """Return the texts that a later build finds."""
    with fragment_store(output, version=version) as store:
        return [store.get(key) for key in keys]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return the path of an output."""
    return tmp_path / "output"


def test_saved_texts_are_found_by_the_next_build(output: Path) -> None:
    """Also those of a failed build; a later text of the same key replaces the earlier one."""
    with pytest.raises(ValueError, match="failed"), fragment_store(output, version="1") as store:
        store.put("a", "one")
        raise ValueError("failed")
    save(output, b="zwei")

    assert load(output, "a", "b", "c") == ["one", "zwei", None]
    save(output, a="new")
    assert load(output, "a") == ["new"]


def test_another_version_of_the_program_finds_nothing(output: Path) -> None:
    """It might bind texts differently."""
    save(output, a="one")

    assert load(output, "a", version="2") == [None]
    assert load(output, "a") == [None]


def test_the_least_recently_used_text_is_removed_first(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database does not grow without limit."""
    monkeypatch.setattr(module, "_MOST", 2)
    save(output, a="1", b="2")
    load(output, "a")
    save(output, c="3")

    assert load(output, "a", "b", "c") == ["1", None, "3"]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_database_is_replaced(output: Path, content: bytes) -> None:
    """Everything in it can be made again."""
    cache_folder(output).mkdir()
    (cache_folder(output) / "fragments.sqlite").write_bytes(content)

    assert load(output, "a") == [None]
    save(output, a="one")
    assert load(output, "a") == ["one"]


def test_two_processes_at_once_do_not_harm_each_other(output: Path) -> None:
    """A process that finds the database locked works without it."""
    save(output, a="one")
    connection = sqlite3.connect(cache_folder(output) / "fragments.sqlite")
    connection.execute("BEGIN EXCLUSIVE")

    assert load(output, "a") == [None]
    save(output, b="two")
    connection.rollback()
    connection.close()

    assert load(output, "a") == ["one"]


def test_a_build_works_without_a_writable_cache(output: Path) -> None:
    """Here a file is in the place of the folder."""
    cache_folder(output).write_text("in the way")

    save(output, a="one")
    assert load(output, "a") == [None]


_KILLED = """
import os, pathlib, signal, sys
from newsletter.write.fragment_store import fragment_store
with fragment_store(pathlib.Path(sys.argv[1]), version="1") as store:
    for number in range(2000):
        store.put(f"k{number}", "x" * 2000)
    database = store._database
    database.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), int(sys.argv[2]))
"""


@pytest.mark.parametrize("steps", [10, 1_000, 20_000])
def test_a_killed_process_saves_nothing(output: Path, steps: int) -> None:
    """Texts saved before it stay."""
    save(output, a="one")
    script = [sys.executable, "-c", _KILLED, str(output), str(steps)]

    done = subprocess.run(script, check=False, env={**os.environ})

    assert done.returncode == -signal.SIGKILL
    assert load(output, "a", "k0", "k1999") == ["one", None, None]


def test_clean_empties_the_cache(output: Path) -> None:
    """With everything else in its folder."""
    save(output, a="one")

    forget(output)

    assert load(output, "a") == [None]


def test_the_cache_is_private_and_ignored_by_git(output: Path) -> None:
    """Only its owner can read it, and it has a .gitignore."""
    save(output, a="1")

    folder = cache_folder(output)
    assert (folder / ".gitignore").read_text() == "*\n"
    assert folder.stat().st_mode & 0o777 == 0o700
