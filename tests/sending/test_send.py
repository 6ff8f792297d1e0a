"""`newsletter send`, from a build to a server for outgoing mail and into the history."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sinks import Clock, Sink, smtp_sink
from support import ROOT, run

from newsletter.commands import send
from newsletter.read.returned.mbox import read_mbox
from newsletter.sending.delivery_ledger import open_ledger

TODAY = ("--today", "2026-11-05")
ZOE, SAM = "zoe@example.com", "sam@example.com"


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Return a running server."""
    with smtp_sink() as server:
        yield server


@pytest.fixture
def sending(tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a built project with the server as its account."""
    root = Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    settings = root / "content/newsletter.yml"
    account = f"account: {{user: shop, smtp: 'smtp://127.0.0.1:{sink.server.port}'}}\n"
    settings.write_text(settings.read_text() + account)
    assert run("build", "--project", root, *TODAY).exit_code == 0
    return root


def _send(root: Path, *options: str, yes: bool = True) -> Result:
    return run("send", "2026-11", *options, *(["--yes"] if yes else []), "--project", root, *TODAY)


def test_each_reader_gets_the_built_message_and_the_history_holds_it(
    sending: Path, sink: Sink
) -> None:
    """Byte for byte, over one login; a second run sends nothing."""
    result = _send(sending)
    assert "2 messages of 2026-11 wait, over 127.0.0.1\n" in result.stdout
    assert "2 messages went out" in result.stdout
    assert [envelope.rcpt_tos for envelope in sink.messages] == [[ZOE], [SAM]]
    assert sink.logins == 1
    built = read_mbox(sending / "output/private/messages/2026-11.mbox")
    contents = {message.content.replace(b"\n", b"\r\n").rstrip() for message in built}
    assert {bytes(envelope.content or b"").rstrip() for envelope in sink.messages} == contents
    (history,) = (sending / "content/customers/history").glob("*.csv")
    assert history.read_text("utf-8-sig").count("2026-11-05") == 2

    again = _send(sending)
    assert "0 messages of 2026-11 wait, over 127.0.0.1\n2 went out before\n" in again.stdout
    assert len(sink.messages) == 2


def test_it_asks_first_and_without_a_person_sends_nothing(sending: Path, sink: Sink) -> None:
    """The names of the first are shown; --dry-run shows the same."""
    result = _send(sending, yes=False)
    assert (result.exit_code, "add --yes" in result.stderr) == (1, True)
    dry = _send(sending, "--dry-run")
    assert f"  Zoë Miller <{ZOE}>\n" in dry.stdout
    assert not sink.messages


def test_a_no_counts_until_the_last_moment(sending: Path, sink: Sink) -> None:
    """A suppression saved while the run goes on is heeded by the next message."""

    def fault(step: str, recipient: str) -> str:
        if step == "DATA" and recipient == ZOE:
            table = sending / "content/customers/suppressed.csv"
            table.write_text(f"email,reason\n{SAM},asked on the phone\n")
        return ""

    sink.fault = fault
    result = _send(sending)
    assert "1 message went out" in result.stdout
    assert [envelope.rcpt_tos for envelope in sink.messages] == [[ZOE]]
    assert "1 customer must not get it any more" in _send(sending).stdout


@pytest.mark.parametrize("answer", ["450 4.2.1 slow down", "421 too many", "550 5.4.5 limit"])
def test_a_limit_ends_the_day_and_the_next_run_goes_on(
    sending: Path, sink: Sink, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's words are shown, when the run can go on, and how it would stop before."""
    monkeypatch.setattr(send, "now", Clock(dt.datetime(2026, 11, 5, 9, tzinfo=dt.UTC)))
    sink.fault = lambda step, recipient: answer if recipient == SAM and step == "RCPT" else ""
    result = _send(sending)
    assert result.exit_code == 1
    assert f"stopped: the server says: {answer}" in result.stdout
    assert "1 message had gone out in 24 hours. With per_day: 1 under account:" in result.stdout
    assert "go on from 2026-11-06, 09:00 with the same command" in result.stdout
    sink.fault = lambda step, recipient: ""
    assert "1 message went out" in _send(sending).stdout
    assert [envelope.rcpt_tos for envelope in sink.messages] == [[ZOE], [SAM]]


def test_a_refused_address_is_named_and_the_others_get_theirs(sending: Path, sink: Sink) -> None:
    """It is not tried again."""
    sink.fault = lambda step, recipient: "550 5.1.1 nobody" if recipient == ZOE else ""
    assert "1: the server refused the address: 550 5.1.1 nobody" in _send(sending).stdout
    assert [envelope.rcpt_tos for envelope in sink.messages] == [[SAM]]
    again = _send(sending).stdout
    assert "the server refused 1 address before" in again
    assert len(sink.messages) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_policy_refusal_stops_the_run(sending: Path, sink: Sink, step: str) -> None:
    """It is about us, and the next would only make it worse."""
    sink.fault = lambda at, recipient: "554 5.7.1 spam" if at == step else ""
    result = _send(sending)
    assert "stopped: the server does not take what we send: 554 5.7.1 spam" in result.stdout
    assert not sink.messages


def test_a_connection_that_breaks_at_the_end_is_told_and_counts_as_gone(
    sending: Path, sink: Sink
) -> None:
    """The server took the message, but its answer never came: nobody gets two."""
    sink.fault = lambda step, recipient: "lost" if step == "DATA" and recipient == ZOE else ""
    result = _send(sending)
    assert "not known whether the message to 1 went out" in result.stdout
    _send(sending)
    assert [envelope.rcpt_tos for envelope in sink.messages] == [[ZOE], [SAM]]


def test_a_wrong_password_and_no_server_are_plain_errors(
    sending: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing went out; the cure is named."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "wrong")
    result = _send(sending)
    assert "does not accept the password of shop" in result.stderr
    settings = sending / "content/newsletter.yml"
    settings.write_text(settings.read_text().replace(str(sink.server.port), "9"))
    assert run("build", "--project", sending, *TODAY).exit_code == 0
    assert "127.0.0.1 cannot be reached" in _send(sending).stderr


@pytest.mark.parametrize("keyring", ["fail", "null"])
def test_a_password_that_is_kept_nowhere_is_a_plain_error(
    sending: Path, monkeypatch: pytest.MonkeyPatch, keyring: str
) -> None:
    """Whether the system has no keyring, or one without it."""
    monkeypatch.delenv("NEWSLETTER_PASSWORD")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"keyring.backends.{keyring}.Keyring")
    command = [sys.executable, "-m", "newsletter", "send", "2026-11", "--yes"]
    where = ["--project", str(sending), *TODAY]
    result = subprocess.run([*command, *where], check=False, capture_output=True, text=True)
    assert result.returncode == 1
    assert "newsletter account asks for it and keeps it; or set the environment" in result.stderr
    assert "Traceback" not in result.stderr


def test_two_at_once_the_second_refuses(sending: Path, sink: Sink) -> None:
    """The first holds the ledger."""
    ledger = sending / "content/customers/.sending/2026-11.tsv"
    with open_ledger(ledger, now=lambda: None):  # type: ignore[arg-type,return-value]
        result = _send(sending)
    assert "another process is sending 2026-11 just now" in result.stderr
    assert not sink.messages


def test_few_at_a_time_one_person_and_copies(sending: Path, sink: Sink) -> None:
    """A copy has a banner and no link to leave the list in its header; the ledger ignores it."""
    _send(sending, "--test-to", "me@example.com", "--limit", "1")
    (copy,) = sink.messages
    assert copy.rcpt_tos == ["me@example.com"]
    content = bytes(copy.content or b"")
    assert b"A test. The real message goes to: Zo" in content
    assert b"List-Unsubscribe" not in content
    assert "1 message went out" in _send(sending, "--only", "Sam").stdout
    assert "1 message went out" in _send(sending, "--limit", "1").stdout
    assert [envelope.rcpt_tos for envelope in sink.messages[1:]] == [[SAM], [ZOE]]


def test_the_ledger_is_private_and_git_ignores_it(sending: Path) -> None:
    """It names customers."""
    _send(sending)
    folder = sending / "content/customers/.sending"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "2026-11.tsv").stat().st_mode & 0o777 == 0o600
