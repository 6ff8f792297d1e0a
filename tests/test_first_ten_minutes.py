"""docs/first-ten-minutes.md shows what the commands print."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import ROOT

from newsletter import commands

PAGE = ROOT / "docs/first-ten-minutes.md"
DAY = "2026-11-03"


def _steps() -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the page with the lines below it."""
    blocks = re.findall(r"^```\n(\$ .*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for step in re.split(r"^\$ ", "".join(blocks), flags=re.MULTILINE)[1:]:
        command, *shown = step.splitlines()
        yield command, shown


def _missing(shown: list[str], printed: list[str]) -> list[str]:
    """Return the lines that are not among the printed ones in this order; `…` is any lines."""
    left = iter(printed)
    return [line for line in shown if line not in ("", "…") and line not in left]


@pytest.mark.slow
def test_the_page_shows_what_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the page, each with the files that the ones before have written."""
    shutil.copy(ROOT / "docs/images/kunden.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    steps = list(_steps())
    for command, shown in steps:
        name, *arguments = shlex.split(command)
        if name == "cd":
            monkeypatch.chdir(tmp_path / arguments[0])
            continue
        result = CliRunner().invoke(commands.main, [*arguments, "--today", DAY], input="j\n")
        assert result.exit_code == 0, result.output
        assert _missing(shown, result.output.splitlines()) == [], command
    assert {arguments.split()[1] for arguments, _ in steps} >= {
        "look", "init", "build", "today", "birthdays", "who", "jot", "preview", "new",
    }  # fmt: skip
