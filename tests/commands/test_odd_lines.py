"""Whatever is typed, a command answers with a sentence: no traceback, no hang."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import format_exception
from typing import Any

import dns.resolver
import pytest
from click.testing import CliRunner
from commands.odd_lines import odd_lines
from support import ROOT

from newsletter import commands
from newsletter.read.project_files import READ_ONCE

LINES = int(os.environ.get("ODD_LINES", "2000"))
"""For each command; more of them, with another seed, find what nobody thought of."""
SEED = int(os.environ.get("ODD_SEED", "1"))
PRACTICE = "---\ntitle: {}\n{}\nchannel: email\nsubject: Hi\n---\n\n# Email\n\nHello.\n"
CUSTOMERS = """\
id,email,first_name,last_name,birthday,city,last_contact,customer_since
1,ada@example.com,Ada,Lovelace,1900-01-01,Ulm,2026-10-31,1900-01-01
2,bob@example.com,Bob,Ross,2020-02-29,Bonn,,2024-02-29
"""
ACCOUNT = "account: {user: shop, smtp: 'smtp://127.0.0.1:9', imap: 'imap://127.0.0.1:9'}\n"
_AFTER_A_BUILD = ("export", "preview", "record", "send", "drafts", "fetch")
_WRITING = ("new", "jot", "record", "rekey", "voucher", "account", "send", "drafts", "fetch")
_DEEP = {"build": 4, "plan": 4, "explain": 20, "today": 20, "fetch": 30}
"""So many of 2,000 lines of a command are worked on, of others 60."""
_TYPED = (b"", None, b"y\n" * 9, b"\xff\xfe\x00\n", b"-1\n" * 9)
"""What is typed when a command asks."""
ORDERS = "customer,date,total,product\n1,2001-12-31,5,tea\n2,2026-11-02,100,ink\n"


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """Return the paths of a small project, and of files that are none of the kind meant."""
    root = Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))
    with (root / "content/newsletter.yml").open("a") as settings:
        settings.write(f"start: 2026-01-01\n{ACCOUNT}")
    practices = root / "content/practices"
    practices.mkdir()
    (practices / "birthday.md").write_text(PRACTICE.format("Birthday", "on: birthday"))
    (practices / "hello.md").write_text(PRACTICE.format("Hello", "every: 30 days"))
    (root / "content/customers/customers.csv").write_text(CUSTOMERS)
    (root / "content/customers/orders.csv").write_text(ORDERS)
    (tmp_path / "odd.bin").write_bytes(b"\xff\xfe\x00" * 30)
    (tmp_path / "empty.csv").touch()
    os.mkfifo(tmp_path / "pipe")
    names = ("project", "new", "output", "odd.bin", "empty.csv", "pipe", "no/where", "")
    devices = {"null": "/dev/null", "full": "/dev/full", "zero": "/dev/zero"}
    return {name: str(tmp_path / name) for name in names} | devices


@pytest.mark.slow
@pytest.mark.parametrize("name", commands.COMMANDS)
def test_no_line_ends_with_a_traceback(
    places: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some commands begin with a build; those that write get a new copy of the project."""
    here = Path(places[""], "a", "b", "c")
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    monkeypatch.setattr(READ_ONCE, "_remember", True)  # most lines read the same files
    monkeypatch.setattr(dns.resolver, "default_resolver", dns.resolver.Resolver(configure=False))
    project, kept = Path(places["project"]), Path(places[""], "kept")
    if name in _AFTER_A_BUILD:
        assert answer("build", "--project", str(project), "--today=2026-11-03")[0] == 0
    shutil.copytree(project, kept)
    lines = odd_lines(
        name, places, seed=SEED, number=LINES, deep=_DEEP.get(name, 60) * LINES // 2000
    )
    for number, line in enumerate(lines):
        code, traceback = answer(*line, typed=_TYPED[number % len(_TYPED)])
        assert not traceback, ([text[:80] for text in line], traceback)
        assert code in (0, 1, 2, 130), [text[:80] for text in line]
        if code != 2 and name in _WRITING:
            shutil.rmtree(project)
            shutil.copytree(kept, project)
        shutil.rmtree(places["new"], ignore_errors=True)
    assert number == LINES - 1


def answer(*line: str, typed: bytes | None = b"") -> tuple[int, str]:
    """Return the exit code of a line and the traceback, if any; *typed* None closes stdin."""
    result = _Runner().invoke(commands.main, line, input=typed)
    if result.exception is None or isinstance(result.exception, SystemExit):
        return result.exit_code, ""
    return result.exit_code, "".join(format_exception(result.exception))


class _Runner(CliRunner):
    """A runner whose standard input may be closed."""

    @contextmanager
    def isolation(self, input: Any = None, **options: Any) -> Iterator[Any]:
        with super().isolation(input or b"", **options) as streams:
            if input is None:
                sys.stdin = None  # type: ignore[assignment]
            yield streams


def test_odd_lines_are_different_and_few_are_taken(places: dict[str, str]) -> None:
    """A command that took none would be tested no deeper than its parser."""
    lines = [*odd_lines("who", places, seed=1, number=300, deep=10)]
    assert len({tuple(line) for line in lines}) == 300
    taken = [line for line in lines if answer(*line)[0] != 2]
    assert 5 <= len(taken) <= 20


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01"])
def test_days_at_the_ends_of_the_calendar_are_refused(places: dict[str, str], text: str) -> None:
    """Spans of days before and after them would leave the calendar."""
    result = CliRunner().invoke(
        commands.main, ["plan", "--project", places["project"], "--today", text]
    )
    assert result.exit_code == 2
    assert f"{text} is not between 1900-01-01 and 2199-12-31" in result.stderr


@pytest.mark.parametrize("place", ["pipe", "null", "zero"])
def test_devices_and_pipes_are_no_files(places: dict[str, str], place: str) -> None:
    """Reading them may never end."""
    result = CliRunner().invoke(commands.main, ["look", places[place]])
    assert result.exit_code == 2
    assert "is a device or a pipe, and no file" in result.stderr


def test_arguments_that_are_not_utf_8_are_refused() -> None:
    """They can be neither printed nor searched for."""
    result = CliRunner().invoke(commands.main, ["who", "caf\udce9"])
    assert result.exit_code == 2
    assert "'caf\\udce9' is not UTF-8" in result.stderr


@pytest.mark.parametrize(
    ("redirected", "codes"),
    [("<&-", {0}), (">&-", {0, 1}), ("2>&-", {0}), (">/dev/full", {1}), ("| head -c 1", {0, 1})],
)
@pytest.mark.slow
@pytest.mark.parametrize("command", ["segments", "plan"])
def test_closed_and_full_streams_end_with_a_sentence(
    places: dict[str, str], command: str, redirected: str, codes: set[int]
) -> None:
    """The shell closes them; the terminal may be of any kind."""
    line = f'"{sys.executable}" -m newsletter {command} --project "{places["project"]}"'
    environment = {**os.environ, "TERM": "dumb", "LANG": "C", "COLUMNS": "abc"}
    environment.pop("HOME", None)
    done = subprocess.run(
        f"{line} --today 2026-11-03 {redirected}",
        shell=True, capture_output=True, text=True, timeout=60, env=environment, check=False,
        cwd=ROOT,
    )  # fmt: skip
    assert done.returncode in codes, done.stderr
    assert "Traceback" not in done.stderr
