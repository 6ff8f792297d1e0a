"""A run keeps to what the provider takes, counts all mailings, and says when it goes on."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sinks import Clock, Sink, smtp_sink
from support import ROOT, run

from newsletter.commands import send
from newsletter.model.account import MailAccount
from newsletter.model.mail_provider import MailProvider
from newsletter.sending import pace
from newsletter.sending.pace import Limits, Pace, limits_of

TODAY = ("--today", "2026-11-05")
NOW = dt.datetime(2026, 11, 5, 9, 0, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Return a running server."""
    with smtp_sink() as server:
        yield server


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock of the program."""
    clock = Clock(NOW)
    monkeypatch.setattr(send, "now", clock)
    return clock


@pytest.fixture
def project(tmp_path: Path, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a built project with two messages, in a time zone of its own."""
    root = Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    with (root / "content/newsletter.yml").open("a") as settings:
        address = f"smtp://127.0.0.1:{sink.server.port}"
        settings.write(f"timezone: Asia/Tokyo\naccount:\n  user: shop\n  smtp: {address}\n")
    assert run("build", "--project", root, *TODAY).exit_code == 0
    return root


def _limited(root: Path, limit: str) -> None:
    with (root / "content/newsletter.yml").open("a") as settings:
        settings.write(f"  {limit}\n")


def _send(root: Path) -> Result:
    return run("send", "2026-11", "--yes", "--project", root, *TODAY)


@pytest.mark.parametrize(
    ("limit", "words", "again"),
    [
        ("per_day: 1", "1 message in 24 hours", "2026-11-06, 18:01"),
        ("per_hour: 1", "1 message an hour", "2026-11-05, 19:01"),
    ],
)
def test_a_limit_of_newsletter_yml_ends_the_run_and_says_when_it_goes_on(
    project: Path, clock: Clock, limit: str, words: str, again: str
) -> None:
    """By the clock of the firm; not a minute before, and then without a further word."""
    _limited(project, limit)
    clock.time += dt.timedelta(seconds=1)
    result = _send(project)
    assert result.exit_code == 1
    assert f"your provider takes {words} (account: in newsletter.yml)" in result.stdout
    assert f"go on from {again} with the same command" in result.stdout
    clock.time += (24 * HOUR if limit == "per_day: 1" else HOUR) - MINUTE
    assert "0 messages went out" in _send(project).stdout
    clock.time += MINUTE
    assert "1 message went out" in _send(project).stdout


def test_other_mailings_count(project: Path, sink: Sink) -> None:
    """The provider counts all messages, whatever they belong to."""
    _limited(project, "per_day: 3")
    folder = project / "content/customers/.sending"
    folder.mkdir()
    ago = [(NOW - hours * HOUR).isoformat() for hours in (30, 23, 2)]
    lines = [f"{time}\t<{time}@x.example>\tc\tsent\t250 OK\n" for time in ago]
    (folder / "2026-10.tsv").write_text("".join(lines))
    result = _send(project)
    assert "1 message went out" in result.stdout
    assert "go on from 2026-11-05, 19:00" in result.stdout
    assert len(sink.messages) == 1


def test_what_the_provider_publishes_holds_unless_newsletter_yml_says_otherwise(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the page that says so."""
    provider = MailProvider(name="X", domains=(), per_day=1, limits="https://x.example/limits")
    monkeypatch.setattr(pace, "provider_with", lambda _: provider)
    assert "takes 1 message in 24 hours (https://x.example/limits)" in _send(project).stdout
    _limited(project, "per_day: 9")
    assert "1 message went out" in _send(project).stdout


def test_the_limits_of_gmail() -> None:
    """Its own, or those of newsletter.yml alone."""
    account = MailAccount(user="a@gmail.com", smtp="smtps://smtp.gmail.com")
    page = "https://support.google.com/a/answer/166852"
    assert limits_of(account) == Limits(per_day=500, source=page)
    faster = account.model_copy(update={"per_minute": 30})
    assert limits_of(faster) == Limits(per_minute=30)


def test_the_messages_of_a_minute_are_spread() -> None:
    """The third waits until the first is a minute old."""
    limited = Pace(Limits(per_minute=2), [NOW, NOW - HOUR])
    assert limited.seconds(NOW) == 0
    limited.note(NOW + dt.timedelta(seconds=10))
    assert limited.seconds(NOW + dt.timedelta(seconds=15)) == 45
    assert limited.seconds(NOW + dt.timedelta(seconds=61)) == 0
    assert limited.full(NOW) is None
    assert Pace().seconds(NOW) == 0
