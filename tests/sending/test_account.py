"""`newsletter account` against real servers: it tries the login, notes it, and sends nothing."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from click.testing import CliRunner, Result
from keyring.backend import KeyringBackend
from keyring.backends import fail
from mailboxes import Dovecot, dovecot
from sinks import Sink, smtp_sink
from support import ROOT, run

from newsletter import commands
from newsletter.commands import account
from newsletter.read.content.settings_files import read_settings


class Memory(KeyringBackend):
    """A keyring for a test."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.passwords[service, username] = password


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """Return a running server for incoming mail."""
    with dovecot(tmp_path_factory.mktemp("dovecot")) as running:
        yield running


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Return a running server for outgoing mail."""
    with smtp_sink() as running:
        yield running


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    """Return a keyring that is empty, without a password in the environment."""
    monkeypatch.delenv("NEWSLETTER_PASSWORD", raising=False)
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def project(tmp_path: Path, ring: Memory) -> Path:
    """Return a project without a mailbox."""
    return Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))


@pytest.fixture
def servers(sink: Sink, mailbox: Dovecot) -> tuple[str, ...]:
    """Return the options that name the two servers."""
    smtp, imap = sink.server.port, mailbox.server.port
    return (
        *("news@example.com", "--user", "shop"),
        *("--smtp", f"smtp://127.0.0.1:{smtp}", "--imap", f"imap://127.0.0.1:{imap}"),
    )


def _account(root: Path, *arguments: str, typed: str = "") -> Result:
    line = ["account", *arguments, "--project", str(root)]
    return CliRunner().invoke(commands.main, line, input=typed)


def _files_with(root: Path, text: bytes) -> set[Path]:
    return {path for path in root.rglob("*") if path.is_file() and text in path.read_bytes()}


def _settings(root: Path) -> str:
    return (root / "content/newsletter.yml").read_text()


def test_it_tries_both_servers_and_writes_them(
    project: Path, servers: tuple[str, ...], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent, all else in the file stays, and other commands use it."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    before = _settings(project)
    result = _account(project, *servers, "--yes")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("the login works; nothing was sent") == 2
    assert "from the environment variable NEWSLETTER_PASSWORD" in result.stdout
    assert (sink.logins, sink.messages) == (1, [])
    smtp, imap = servers[4], servers[6]
    lines = f"\naccount:\n  user: shop\n  smtp: {smtp}\n  imap: {imap}\n"
    assert _settings(project) == before + lines
    today = ("--today", "2026-11-05")
    assert run("build", "--project", project, *today).exit_code == 0
    sent = run("send", "2026-11", "--yes", "--project", project, *today)
    assert "2 messages went out" in sent.stdout


def test_a_server_for_incoming_mail_may_lack(
    project: Path, servers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which commands need one, and writes none."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    result = _account(project, *servers[:5], "--yes")
    assert result.exit_code == 0, result.output
    assert "none; drafts and fetch need one" in result.stdout
    assert "imap" not in _settings(project)


def test_the_password_is_asked_for_and_kept_in_the_keyring_alone(
    project: Path, servers: tuple[str, ...], ring: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in no file and on no screen; the next time, Enter takes that of the keyring."""
    monkeypatch.setattr(account, "on_terminal", lambda: True)
    before = _files_with(project, b"secret")
    result = _account(project, *servers, typed="secret\ny\n")
    assert result.exit_code == 0, result.output
    assert "the password is in the keyring of this computer" in result.stdout
    assert ring.passwords == {("newsletter", "shop"): "secret"}
    assert "secret" not in result.output
    assert _files_with(project, b"secret") == before
    again = _account(project, *servers, typed="\ny\n")
    assert again.exit_code == 0, again.output
    assert "(Enter: the one in the keyring)" in again.stdout


def test_without_a_keyring_it_names_the_environment(
    project: Path, servers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account is written all the same."""
    keyring.set_keyring(fail.Keyring())
    monkeypatch.setattr(account, "on_terminal", lambda: True)
    result = _account(project, *servers, typed="secret\ny\n")
    assert result.exit_code == 0, result.output
    assert "set the environment variable NEWSLETTER_PASSWORD" in result.stdout
    assert read_settings(project).account


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_a_no_writes_nothing(
    project: Path,
    servers: tuple[str, ...],
    ring: Memory,
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither into the file, nor into the keyring."""
    monkeypatch.setattr(account, "on_terminal", lambda: True)
    before = _settings(project)
    assert _account(project, *servers, typed=f"secret\n{answer}").exit_code != 0
    assert (_settings(project), ring.passwords) == (before, {})


def test_nobody_there_needs_yes_and_a_password(
    project: Path, servers: tuple[str, ...], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hints name both."""
    before = _settings(project)
    result = _account(project, *servers)
    assert "hint: set the environment variable NEWSLETTER_PASSWORD" in result.stderr
    assert sink.connections == sink.logins == 0
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    assert "add --yes" in _account(project, *servers).stderr
    assert _settings(project) == before


def test_a_refused_login_writes_nothing(
    project: Path, servers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first server or the second, or if nobody answers; with what to do."""
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "wrong")
    before = _settings(project)
    result = _account(project, *servers, "--yes")
    assert "127.0.0.1 does not accept the password of shop" in result.stderr
    assert "look above at what your provider needs" in result.stderr
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    result = _account(project, *servers[:-1], "imap://127.0.0.1:9", "--yes")
    assert result.stdout.count("the login works") == 1
    assert "127.0.0.1 cannot be reached" in result.stderr
    assert _settings(project) == before


@pytest.mark.parametrize(
    ("language", "closed", "switch_on"),
    [
        ("en", ("no program may log in with a password", "What you can do: "), "switch on POP3"),
        (
            "de",
            ("kein Programm mehr mit einem Passwort", "Was stattdessen geht: "),
            "POP3 und IMAP",
        ),
        (
            "fr",
            ("aucun logiciel ne peut plus", "Ce que vous pouvez faire\N{NO-BREAK SPACE}: "),
            "POP3 et IMAP",
        ),
    ],
)
def test_it_says_what_a_provider_needs(
    project: Path,
    language: str,
    closed: tuple[str, str],
    switch_on: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the language of the firm, before the password is asked for; the network is not used."""

    def never(*_: object) -> None:
        raise AssertionError("the network is not used")

    monkeypatch.setattr(socket, "create_connection", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    with (project / "content/newsletter.yml").open("a") as settings:
        settings.write(f"language: {language}\n")
    microsoft = _account(project, "shop@hotmail.com")
    assert (microsoft.exit_code, microsoft.stderr) == (1, "")
    assert all(words in microsoft.stdout for words in closed)
    assert "sender:" not in microsoft.stdout
    gmx = _account(project, "shop@gmx.de")
    assert "mail.gmx.net:465" in gmx.stdout
    assert switch_on in gmx.stdout
    assert "https://hilfe.gmx.net/pop-imap/einschalten.html" in gmx.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shop@nowhere.example"], "the servers of nowhere.example are not known"),
        (["shop"], "'shop' is no email address"),
        (["shop@gmx.de", "--smtp", "mail.gmx.net"], "Write it as smtps://mail.example.com:465"),
        (["shop@gmx.de", "--smtp", "imap://mail.gmx.net"], "begins with no 'smtp'"),
        ([], "the servers of example.com are not known"),
    ],
)
def test_what_is_not_known_is_a_plain_error(
    project: Path, arguments: list[str], message: str
) -> None:
    """With what to write instead; without an address, it is that of the sender."""
    result = _account(project, *arguments)
    assert result.exit_code in (1, 2)
    assert message in result.stderr
