"""Commands on consoles that know few letters, and commands to copy from any console."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.commands.console import similar_letters
from newsletter.model.command_line import quoted


def on_console(root: Path, encoding: str, *arguments: str) -> str:
    """Return what `python -m newsletter` prints on a console with that encoding."""
    done = subprocess.run(
        [sys.executable, "-m", "newsletter", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode(encoding)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_a_name_that_the_console_does_not_know_stops_no_command(encoding: str, root: Path) -> None:
    """A similar letter is shown; JSON loses none."""
    customers = root / "content/customers/customers.csv"
    text = customers.read_text(encoding="utf-8")
    name = text.splitlines()[1].split(",")[2]
    customers.write_text(text.replace(name, "Ayşe Łukasz 😀", 1), encoding="utf-8")
    assert "Ayse Lukasz ?" in on_console(root, encoding, "who", "1")
    table = on_console(root, encoding, "segments", "regulars", "--json")
    assert "Ay\\u015fe \\u0141ukasz" in table


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Ayşe Żółty", "Ayse Zolty"), ("…–→", "...-->"), ("é", "e"), ("東", "?"), ("\u200e", "")],
)
def test_letters_become_similar_ones(written: str, shown: str) -> None:
    """A letter without a similar one is a question mark."""
    error = UnicodeEncodeError("cp850", f"a{written}b", 1, 1 + len(written), "")
    assert similar_letters(error) == (shown, 1 + len(written))


@pytest.mark.parametrize(
    ("argument", "word"),
    [
        ("shop", "shop"),
        ("C:/Läden/shop", "C:/Läden/shop"),
        ("my shop", '"my shop"'),
        ("Jörg & Söhne", '"Jörg & Söhne"'),
        (r"C:\My Shop\x", r'"C:\My Shop\x"'),
        ("it's", '"it\'s"'),
        ("$HOME", "'$HOME'"),
        ("", '""'),
    ],
)
def test_arguments_are_quoted_for_every_shell(argument: str, word: str) -> None:
    """With double quotes, which cmd.exe knows, unless they would change the argument."""
    assert quoted(argument) == word
