"""`newsletter fetch` reads a real mailbox and closes the loop, without changing anything in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mailboxes import Dovecot, dovecot
from sinks import smtp_sink
from support import ROOT, run

from newsletter.sending.incoming import Kind, read_incoming

TODAY = ("--today", "2026-11-05")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """Return a running server."""
    with dovecot(tmp_path_factory.mktemp("dovecot")) as running:
        yield running


@pytest.fixture
def project(server: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a project whose issue has gone out to Zoë (1) and Sam (2), with an empty inbox."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    root = Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))
    settings = root / "content/newsletter.yml"
    with smtp_sink() as sink:
        settings.write_text(
            f"{settings.read_text()}account:\n  user: shop\n"
            f"  smtp: smtp://127.0.0.1:{sink.server.port}\n"
            f"  imap: imap://127.0.0.1:{server.server.port}\n"
        )
        run("build", "--project", root, *TODAY)
        assert run("send", "2026-11", "--yes", "--project", root, *TODAY).exit_code == 0
    yield root
    with server.open() as mailbox:
        mailbox._client.select_folder("INBOX")
        mailbox._client.delete_messages(mailbox._client.search())
        mailbox._client.expunge()


def _ids(root: Path) -> dict[str, str]:
    """Return customer → Message-ID of what went out."""
    lines = (root / "content/customers/.sending/2026-11.tsv").read_text().splitlines()
    return {line.split("\t")[2]: line.split("\t")[1] for line in lines}


def _arrives(server: Dovecot, *messages: str) -> None:
    with server.open() as mailbox:
        for message in messages:
            mailbox._client.append("INBOX", message.encode())


def _fetched(root: Path, *options: str) -> str:
    result = run("fetch", *options, "--project", root, *TODAY)
    assert result.exit_code == 0, result.output
    return result.stdout


def _table(root: Path, name: str) -> str:
    file = root / f"content/customers/{name}/2026.csv"
    return file.read_text("utf-8-sig") if file.exists() else ""


def bounce(message_id: str, status: str, action: str = "failed") -> str:
    """Return a DSN of Postfix about a message."""
    return f"""From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: news@example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; somebody@elsewhere.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status}

--b
Content-Type: text/rfc822-headers

From: news@example.com
Message-ID: {message_id}

--b--
"""


def reply(text: str, *, sender: str = "zoe@example.com", about: str = "", more: str = "") -> str:
    """Return what a person writes."""
    head = f"In-Reply-To: {about}\n" if about else ""
    return (
        f"From: Zoe <{sender}>\nTo: news@example.com\nSubject: Re: News\n{head}{more}"
        f"Message-ID: <{abs(hash((text, sender)))}@mail.example>\n"
        f'Content-Type: text/plain; charset="utf-8"\n\n{text}\n'
    )


def test_a_dead_address_is_suppressed_and_twice_is_once(project: Path, server: Dovecot) -> None:
    """By our Message-ID, though the bounce names another address after a forward."""
    _arrives(server, bounce(_ids(project)["1"], "5.1.1"))
    assert _fetched(project) == (
        "Zoë Miller: the address does not exist; suppressed\n1 new message was read\n"
    )
    assert _fetched(project) == "0 new messages were read\n"
    assert _table(project, "suppressed").count("zoe@example.com") == 1
    (project / "content/customers/.sending/inbox.log").unlink()
    assert _fetched(project) == "1 new message was read\n"
    assert _table(project, "suppressed").count("zoe@example.com") == 1


def test_nothing_in_the_mailbox_changes(project: Path, server: Dovecot) -> None:
    """No message is marked as read."""
    _arrives(server, reply("Hello"))
    _fetched(project)
    with server.open() as mailbox:
        mailbox._client.select_folder("INBOX", readonly=True)
        assert len(mailbox._client.search("UNSEEN")) == 1


def test_a_full_mailbox_is_suppressed_the_third_time(project: Path, server: Dovecot) -> None:
    """Within thirty days."""
    for number in (1, 2):
        _arrives(server, bounce(_ids(project)["2"], "4.2.2"))
        assert f"Sam O'Brien: not reached this time ({number})" in _fetched(project)
    assert not _table(project, "suppressed")
    _arrives(server, bounce(_ids(project)["2"], "5.2.2"))
    assert "Sam O'Brien: not reached three times in a month; suppressed" in _fetched(project)


def test_a_refusal_of_what_we_send_suppresses_nobody(project: Path, server: Dovecot) -> None:
    """It is our fault, and said."""
    _arrives(server, bounce(_ids(project)["1"], "5.7.26"))
    assert "a provider refuses what we send (5.7.26): nobody was suppressed" in _fetched(project)
    assert not _table(project, "suppressed")


def test_a_complaint_suppresses(project: Path, server: Dovecot) -> None:
    """ARF, RFC 5965."""
    _arrives(
        server,
        "From: fbl@isp.example\nTo: news@example.com\nSubject: complaint\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nspam\n\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {_ids(project)['1']}\n\nx\n--b--\n",
    )
    assert "Zoë Miller: marked us as spam; suppressed" in _fetched(project)


def test_words_that_ask_to_leave_are_shown_and_count(project: Path, server: Dovecot) -> None:
    """In a short reply; they are shown first."""
    _arrives(server, reply("Bitte keine Mails mehr, danke."))
    assert _fetched(project) == (
        "1 writes: Bitte keine Mails mehr, danke.\n"
        "Zoë Miller: wants no more letters; suppressed\n1 new message was read\n"
    )
    assert "zoe@example.com" in _table(project, "suppressed")


def test_a_reply_becomes_a_conversation_and_an_answer_waits(
    project: Path, server: Dovecot
) -> None:
    """Without what it quotes; from whatever address, if it answers our message."""
    quoted = "\n\nAm 5. November 2026 um 09:00 schrieb Shop <news@example.com>:\n> Hallo\n"
    about = _ids(project)["2"]
    _arrives(server, reply(f"Danke für den Brief!{quoted}", sender="x@home.example", about=about))
    assert "Sam O'Brien: has replied; an answer waits" in _fetched(project)
    assert "2026-11-05,,email,Danke für den Brief!," in _table(project, "conversations").replace(
        '"', ""
    )
    assert "has replied by email" in _table(project, "feedback")
    _fetched(project)
    assert _table(project, "conversations").count("Danke") == 1


def test_automatic_replies_and_strangers_are_ignored(project: Path, server: Dovecot) -> None:
    """Nothing is written."""
    _arrives(
        server,
        reply("I am away", more="Auto-Submitted: auto-replied\n"),
        reply("Buy gold", sender="x@spam.example"),
        'From: "" <@>\nTo: ;;;<<\nContent-Type: multipart/report; boundary=\n\n--\n\0\n',
        "Subject: =?utf-8?q?=\nContent-Type: text/html; charset=nonsense\n\n<p>\udcff".encode(
            "utf-8", "surrogateescape"
        ).decode("latin-1"),
    )
    assert _fetched(project) == "4 new messages were read\n"
    assert not any(_table(project, name) for name in ("conversations", "suppressed", "feedback"))


def test_a_token_leaves_and_a_score_is_taken() -> None:
    """A token is proof enough, whoever sends it."""
    token = "0123456789abcdef" * 2
    leave = read_incoming(f"To: leave+{token}@x.example\nSubject: unsubscribe\n\n".encode())
    score = read_incoming(f"To: a@x.example\nSubject: Score 9 ({token})\n\n\n".encode())
    assert (leave.kind, leave.tokens) == (Kind.LEAVE, (token,))
    assert (score.kind, score.score, score.tokens) == (Kind.SCORE, 9, (token,))
