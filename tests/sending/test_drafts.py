"""`newsletter drafts` and a real mailbox: each message once, and what was sent is noted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import Result
from mailboxes import Dovecot, dovecot
from support import ROOT, run

from newsletter.read.returned.mbox import read_mbox

TODAY = ("--today", "2026-11-05")


@pytest.fixture(scope="module", params=[True, False], ids=["says", "named"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dovecot]:
    """Return a server that says what its folders are for, and one that does not."""
    with dovecot(tmp_path_factory.mktemp("dovecot"), says_its_folders=request.param) as running:
        yield running


@pytest.fixture
def project(server: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a built project with an empty mailbox."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    root = Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))
    settings = root / "content/newsletter.yml"
    address = f"imap://127.0.0.1:{server.server.port}"
    account = f"account: {{user: shop, smtp: 'smtp://127.0.0.1:25', imap: '{address}'}}\n"
    settings.write_text(settings.read_text() + account)
    assert run("build", "--project", root, *TODAY).exit_code == 0
    yield root
    with server.open() as mailbox:
        for name in ("Entwürfe", "Gesendet"):
            mailbox._client.select_folder(name)
            mailbox._client.delete_messages(mailbox._client.search())
            mailbox._client.expunge()


def _drafts(root: Path, *options: str) -> Result:
    return run("drafts", "2026-11", *options, "--project", root, *TODAY)


def _in(server: Dovecot, folder: str) -> list[bytes]:
    with server.open() as mailbox:
        mailbox._client.select_folder(folder, readonly=True)
        found = mailbox._client.fetch(mailbox._client.search(), ["BODY.PEEK[]", "FLAGS"])
        assert all(b"\\Draft" in data[b"FLAGS"] for data in found.values() if folder != "Gesendet")
        return [data[b"BODY[]"] for data in found.values()]


def test_each_message_is_there_once(project: Path, server: Dovecot) -> None:
    """As it was built; a second run adds nothing, nor do some after others."""
    assert "1 message of 2026-11 is now in “Entwürfe”" in _drafts(project, "--limit", "1").stdout
    assert "1 message of 2026-11 is now in “Entwürfe”" in _drafts(project).stdout
    assert "0 messages of 2026-11 are now in “Entwürfe”" in _drafts(project).stdout
    built = read_mbox(project / "output/private/messages/2026-11.mbox")
    contents = {message.content.replace(b"\n", b"\r\n") for message in built}
    assert set(_in(server, "Entwürfe")) == contents
    assert not list((project / "content/customers").glob("history/*"))


def test_a_draft_that_a_killed_run_left_is_not_added_again(project: Path, server: Dovecot) -> None:
    """The ledger does not know it, but the folder does."""
    _drafts(project)
    (project / "content/customers/.sending/2026-11.tsv").unlink()
    assert "0 messages" in _drafts(project).stdout
    assert len(_in(server, "Entwürfe")) == 2


def test_what_was_edited_and_sent_by_hand_is_recorded(project: Path, server: Dovecot) -> None:
    """By its Message-ID, or, if the mail program gave it another one, by recipient and subject."""
    _drafts(project)
    for number, content in enumerate(_in(server, "Entwürfe")):
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.SMTP)
        if number:
            message.replace_header("Message-ID", "<other@mail.example>")
            message.clear_content()
            message.set_content("Another word.")
        with server.open() as mailbox:
            mailbox._client.append("Gesendet", message.as_bytes())
    result = _drafts(project)
    assert "2 drafts of 2026-11 have been sent" in result.stdout
    (history,) = (project / "content/customers/history").glob("*.csv")
    assert history.read_text("utf-8-sig").count("2026-11-05") == 2
    assert "have been sent" not in _drafts(project).stdout


def test_sending_leaves_drafts_alone(project: Path) -> None:
    """They are in a person's hands."""
    _drafts(project)
    result = run("send", "2026-11", "--dry-run", "--project", project, *TODAY)
    assert "0 messages of 2026-11 wait" in result.stdout
    assert "2 lie in your drafts" in result.stdout


def test_a_wrong_password_is_a_plain_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the server and the user."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "wrong")
    assert "127.0.0.1 does not accept the password of shop" in _drafts(project).stderr
