"""The day's tasks go to the team by email, and the replies come back into the history."""

from __future__ import annotations

import datetime as dt
import email
import shutil
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from mailboxes import Dovecot, dovecot
from sinks import Sink, smtp_sink
from support import ROOT, run

from newsletter.read.assembly import read_project
from newsletter.read.returned.list_replies import Said, read_reply
from newsletter.sending.team_mail import answered

TODAY = ("--today", "2026-11-03")
NORA, TOMAS = "nora@example.com", "tomas@example.com"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """Return a running server for incoming mail."""
    with dovecot(tmp_path_factory.mktemp("dovecot")) as running:
        yield running


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Return a server for outgoing mail."""
    with smtp_sink() as running:
        yield running


@pytest.fixture
def shop(
    server: Dovecot, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Return the example, built, with a mailbox."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    root = tmp_path / "shop"
    for folder in ("content", "themes"):
        shutil.copytree(ROOT / folder, root / folder)
    with (root / "content/newsletter.yml").open("a", encoding="utf-8") as settings:
        settings.write(
            f"account: {{user: shop, smtp: 'smtp://127.0.0.1:{sink.server.port}', "
            f"imap: 'imap://127.0.0.1:{server.server.port}'}}\n"
        )
    assert run("build", "--project", root, *TODAY).exit_code == 0
    yield root
    with server.open() as mailbox:
        mailbox._client.select_folder("INBOX")
        mailbox._client.delete_messages(mailbox._client.search())
        mailbox._client.expunge()


def _sent(root: Path, *options: str) -> str:
    result = run("send", "--team", *options, "--project", root, *TODAY)
    assert result.exit_code == 0, result.output
    return result.stdout


def _messages(sink: Sink) -> dict[str, email.message.EmailMessage]:
    read = (
        email.message_from_bytes(bytes(each.content or b""), policy=policy.default)
        for each in sink.messages
    )
    return {str(message["To"].addresses[0].addr_spec): message for message in read}


def _answered(root: Path, server: Dovecot, sink: Sink, text: str, sender: str = NORA) -> str:
    """Return what `fetch` says after *sender* has answered the message to Nora."""
    about = _messages(sink)[NORA]["Message-ID"]
    message = (
        f"From: Nora <{sender}>\nTo: hello@example.com\nSubject: Re: tasks\n"
        f"In-Reply-To: {about}\n"
        f"Message-ID: <{abs(hash((text, sender)))}@mail.example>\n"
        f'Content-Type: text/plain; charset="utf-8"\n\n{text}\n'
    )
    with server.open() as mailbox:
        mailbox._client.append("INBOX", message.encode())
    result = run("fetch", "--project", root, *TODAY)
    assert result.exit_code == 0, result.output
    return result.stdout


def _noted(root: Path) -> list[tuple[str, str, str, str]]:
    """Return customer, outcome, remark and member of what the history has of the day."""
    project = read_project(root, today=dt.date(2026, 11, 3))
    history = project.people.tables["history"]
    rows = history.filter(history["date"] == dt.date(2026, 11, 3))
    names = project.people.customers.select(customer="id", name="name")
    named = rows.join(names, on="customer").sort("name")
    return [
        tuple(map(str, row)) for row in named.select("name", "outcome", "remark", "member").rows()
    ]  # type: ignore[misc]


def test_each_member_gets_the_tasks_once(shop: Path, sink: Sink) -> None:
    """Numbered, with what to know, and how to answer."""
    assert _sent(shop, "--dry-run") == (
        f"Nora Feltes <{NORA}>: 2 tasks\nTomás Almeida <{TOMAS}>: 2 tasks\n"
    )
    assert not sink.messages
    assert "2 messages went out" in _sent(shop, "--yes")
    messages = _messages(sink)
    text = messages[NORA].get_content().replace("\r\n", "\n")
    assert messages[NORA]["Subject"] == "Paper & Bean: your tasks of 2026-11-03"
    assert "1. Frédéric Lamesch · call: A promise is due\n   +352 621 000 110\n" in text
    assert "2. Hildegard Thommes · letter: A promise is due\n" in text
    assert "1 x, 2 not reached" in text
    assert "no tasks to send, or they have gone out" in _sent(shop, "--yes")
    assert len(sink.messages) == 2


def test_a_reply_is_read_back(shop: Path, sink: Sink, server: Dovecot) -> None:
    """Into the history, with the outcome and the remark; twice is once."""
    _sent(shop, "--yes")
    text = "Hi,\n\n1 not reached, 2 x she was glad\n\nNora\n\nOn 3 Nov, Paper wrote:\n> 1 x\n"
    assert _answered(shop, server, sink, text) == (
        "Nora Feltes: 2 tasks noted\n1 new message was read\n"
    )
    noted = [
        ("Frédéric Lamesch", "not reached", "None", "nora"),
        ("Hildegard Thommes", "done", "she was glad", "nora"),
    ]
    assert _noted(shop) == noted
    assert "Nora Feltes: 0 tasks noted" in _answered(shop, server, sink, "2 x")
    assert _noted(shop) == noted


def test_what_nobody_understands_is_said(shop: Path, sink: Sink, server: Dovecot) -> None:
    """And notes nothing."""
    _sent(shop, "--yes")
    told = _answered(shop, server, sink, "1 klingon, 7 x")
    assert "Nora Feltes: not understood, nothing noted: 1 klingon\n" in told
    assert "Nora Feltes: not understood, nothing noted: 7 x\n" in told
    assert _noted(shop) == []


def test_only_the_member_answers(shop: Path, sink: Sink, server: Dovecot) -> None:
    """Not whoever has seen the message."""
    _sent(shop, "--yes")
    assert "noted" not in _answered(shop, server, sink, "1 x", sender="eve@example.org")
    assert _noted(shop) == []


def test_a_forged_message_id_is_no_answer(shop: Path, sink: Sink, server: Dovecot) -> None:
    """Whatever it looks like."""
    _sent(shop, "--yes")
    project = read_project(shop, today=dt.date(2026, 11, 3))
    digits = "0123456789abcdef01234567"
    for forged in (f"<team.2026-99-99.nora.{digits}@x>", f"<team.2026-11-03.nora.{digits}@ü>"):
        assert answered(project, frozenset({forged}), NORA) is None
    result = run("send", "--team", "--test-to", "me@example.com", "--project", shop, *TODAY)
    assert (result.exit_code, len(sink.messages)) == (2, 2)


def test_members_without_an_address_and_days_without_a_build(shop: Path, sink: Sink) -> None:
    """Both are said."""
    settings = shop / "content/newsletter.yml"
    settings.write_text(settings.read_text("utf-8").replace(f"    email: {NORA}\n", ""), "utf-8")
    assert "Nora Feltes has no email address" in _sent(shop, "--yes")
    assert list(_messages(sink)) == [TOMAS]
    shutil.rmtree(shop / "output")
    result = run("send", "--team", "--project", shop, *TODAY)
    assert (result.exit_code, "run: newsletter build" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("text", "said", "odd"),
    [
        ("1 x, 2 not reached", [(1, "x", ""), (2, "not reached", "")], []),
        ("1, 2 erledigt\n4x", [(1, "erledigt", ""), (2, "erledigt", ""), (4, "x", "")], []),
        ("1 und 3 fait", [(1, "fait", ""), (3, "fait", "")], []),
        ("2) done - nice chat", [(2, "done", "nice chat")], []),
        ("alle erledigt", [(n, "erledigt", "") for n in (1, 2, 3, 4)], []),
        ("3: message laissé; 4 pas joint", [(3, "message laissé", ""), (4, "pas joint", "")], []),
        ("1 x\n1 not reached", [(1, "not reached", "")], []),
        ("All the best, Nora\n1 x", [(1, "x", "")], []),
        ("Thank you!\n5 x, 2 hm, 3", [], ["5 x", "2 hm", "3"]),
        ("", [], []),
    ],
)  # fmt: skip
def test_replies(text: str, said: list[tuple[int, str, str]], odd: list[str]) -> None:
    """As people write them, in three languages."""
    assert read_reply(text, tasks=4) == ([Said(*each) for each in said], odd)
