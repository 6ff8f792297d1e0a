"""What is kept of a build serves the next one, and what goes wrong with it harms nothing."""

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


def keep(output: Path, version: str = "1", **texts: str) -> None:
    """Keep texts as a build does."""
    with fragment_store(output, version=version) as store:
        for key, text in texts.items():
            store.put(key, text)


def kept(output: Path, *keys: str, version: str = "1") -> list[str | None]:
    """Return what a later build finds."""
    with fragment_store(output, version=version) as store:
        return [store.get(key) for key in keys]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return where an output would be."""
    return tmp_path / "output"


def test_what_is_kept_serves_the_next_build(output: Path) -> None:
    """Also of a build that failed; a later text of the same key takes its place."""
    with pytest.raises(ValueError, match="failed"), fragment_store(output, version="1") as store:
        store.put("a", "one")
        raise ValueError("failed")
    keep(output, b="zwei")

    assert kept(output, "a", "b", "c") == ["one", "zwei", None]
    keep(output, a="new")
    assert kept(output, "a") == ["new"]


def test_another_version_of_the_program_finds_nothing(output: Path) -> None:
    """What another one made may be made otherwise now."""
    keep(output, a="one")

    assert kept(output, "a", version="2") == [None]
    assert kept(output, "a") == [None]


def test_what_was_used_longest_ago_goes_first(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database does not grow without end."""
    monkeypatch.setattr(module, "_MOST", 2)
    keep(output, a="1", b="2")
    kept(output, "a")
    keep(output, c="3")

    assert kept(output, "a", "b", "c") == ["1", None, "3"]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_database_is_begun_anew(output: Path, content: bytes) -> None:
    """It holds nothing that cannot be made again."""
    cache_folder(output).mkdir()
    (cache_folder(output) / "fragments.sqlite").write_bytes(content)

    assert kept(output, "a") == [None]
    keep(output, a="one")
    assert kept(output, "a") == ["one"]


def test_two_processes_at_once_do_not_harm_each_other(output: Path) -> None:
    """One that finds the database taken does without."""
    keep(output, a="one")
    other = sqlite3.connect(cache_folder(output) / "fragments.sqlite")
    other.execute("BEGIN EXCLUSIVE")

    assert kept(output, "a") == [None]
    keep(output, b="two")
    other.rollback()
    other.close()

    assert kept(output, "a") == ["one"]


def test_where_nothing_can_be_written_nothing_is_kept(output: Path) -> None:
    """A build goes on without: a file stands where the folder would be."""
    cache_folder(output).write_text("in the way")

    keep(output, a="one")
    assert kept(output, "a") == [None]


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
def test_a_process_that_is_killed_while_it_saves_leaves_what_was_there(
    output: Path, steps: int
) -> None:
    """All of the new, or nothing of it."""
    keep(output, a="one")
    script = [sys.executable, "-c", _KILLED, str(output), str(steps)]

    done = subprocess.run(script, check=False, env={**os.environ})

    assert done.returncode == -signal.SIGKILL
    assert kept(output, "a", "k0", "k1999") == ["one", None, None]


def test_clean_forgets_it(output: Path) -> None:
    """As everything else that builds leave for each other."""
    keep(output, a="one")

    forget(output)

    assert kept(output, "a") == [None]


def test_git_and_others_leave_it_alone(output: Path) -> None:
    """The folder is the owner's, and says to Git that nothing in it belongs to the project."""
    keep(output, a="1")

    folder = cache_folder(output)
    assert (folder / ".gitignore").read_text() == "*\n"
    assert folder.stat().st_mode & 0o777 == 0o700
