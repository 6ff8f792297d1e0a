"""`newsletter account --online` and `--check-dns` with a real name server on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.rcode
import dns.resolver
import keyring
import pytest
from click.testing import Result
from keyring.backends import null
from name_server import NameServer, name_server
from support import ROOT, run

from newsletter.commands import account

FULL = {
    ("example.com", "TXT"): ['"v=spf1 include:_spf.google.com ~all"', '"site=1"'],
    ("_spf.google.com", "TXT"): ['"v=spf1 ip4:192.0.2.1 -all"'],
    ("x._domainkey.example.com", "TXT"): ['"v=DKIM1; p=MIGf"'],
    ("_dmarc.example.com", "TXT"): ['"v=DMARC1; p=none; rua=mailto:a@example.com"'],
}
"""Records of a domain that lacks nothing."""


@pytest.fixture
def names() -> Iterator[NameServer]:
    """Return a running name server without records."""
    with name_server() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a project without a mailbox, on a computer without a password."""
    monkeypatch.delenv("NEWSLETTER_PASSWORD", raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    yield Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))
    keyring.set_keyring(before)


def _account(root: Path, *arguments: str) -> Result:
    return run("account", *arguments, "--project", root)


def _report(root: Path, *arguments: str) -> str:
    result = _account(root, *arguments, "--check-dns", "--today", "2026-11-05")
    assert result.exit_code == 0, result.output
    return result.stdout


def _add(
    names: NameServer, *, but: tuple[str, str] = ("", ""), instead: list[str] | None = None
) -> None:
    """Add the records of a domain that lacks nothing but one."""
    for (name, kind), texts in FULL.items():
        chosen = (instead or []) if (name, kind) == but else texts
        if chosen:
            names.add(name, kind, *chosen)


def test_without_online_dns_is_not_asked(project: Path, names: NameServer) -> None:
    """The hint names the option."""
    result = _account(project, "a@example.com")
    assert "newsletter account a@example.com --online asks DNS for them" in result.stderr
    assert names.asked == []


def test_the_mail_exchanger_leads_to_the_provider(project: Path, names: NameServer) -> None:
    """The preferred one; nothing more is asked for than that."""
    names.add("example.com", "MX", "20 mx.elsewhere.example.", "10 mx00.kundenserver.de.")
    result = _account(project, "a@example.com", "--online")
    assert "mx.elsewhere.example" not in result.stdout
    names.records.clear()
    names.add("example.com", "MX", "10 mx00.kundenserver.de.")
    names.asked.clear()
    result = _account(project, "a@example.com", "--online")
    assert "a@example.com: IONOS" in result.stdout
    assert "mx00.kundenserver.de takes the mail for example.com" in result.stdout
    assert "smtp.1und1.de:465" in result.stdout
    assert "takes at most 500 messages an hour" in result.stdout
    assert names.asked == ["MX example.com"]


def test_at_microsoft_a_domain_is_told_what_to_do(project: Path, names: NameServer) -> None:
    """The table says that no password helps."""
    names.add("example.com", "MX", "0 example-com.mail.protection.outlook.com.")
    result = _account(project, "a@example.com", "--online")
    assert result.exit_code == 1
    assert "account a@example.com --smtp smtp://smtp.office365.com:587" in result.stdout


def test_a_domain_names_its_own_servers(project: Path, names: NameServer) -> None:
    """RFC 6186: services that are not offered have no host."""
    names.add("example.com", "MX", "10 mx.example.com.")
    names.add("_submissions._tcp.example.com", "SRV", "0 1 0 .")
    names.add("_submission._tcp.example.com", "SRV", "0 1 587 mail.example.com.")
    names.add(
        "_imaps._tcp.example.com", "SRV", "9 1 993 far.example.com.", "1 1 994 mail.example.com."
    )
    result = _account(project, "a@example.com", "--online")
    assert "DNS names these servers for example.com" in result.stdout
    assert "mail.example.com:587" in result.stdout
    assert "mail.example.com:994" in result.stdout
    assert "nobody is there to type the password" in result.stderr


@pytest.mark.parametrize("kind", ["srv", "guess"])
def test_servers_elsewhere_get_no_password_before_a_person_agrees(
    project: Path, names: NameServer, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers of DNS can be forged: --yes is not enough."""
    if kind == "srv":
        names.add("_submissions._tcp.example.com", "SRV", "0 1 465 mail.host.example.")
    else:
        names.add("example.com", "MX", "10 mail.host.example.")
    monkeypatch.setenv("NEWSLETTER_PASSWORD", "secret")
    result = _account(project, "a@example.com", "--online", "--yes")
    assert "mail.host.example:465" in result.stdout
    assert (
        "if they are your provider's: newsletter account a@example.com --smtp smtps://mail."
        in (result.stderr)
    )
    assert result.stderr.endswith(":993\n" if kind == "guess" else ":465\n")
    monkeypatch.setattr(account, "on_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    result = _account(project, "a@example.com", "--online", "--yes")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "nothing was written" in result.stdout


def test_a_domain_without_mail_and_a_silent_dns_are_plain_errors(
    project: Path, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a cure each."""
    result = _account(project, "a@example.com", "--online")
    assert "DNS names no mail servers of example.com" in result.stderr
    names.add("example.com", "MX", "0 .")
    assert "DNS names no mail servers" in _account(project, "a@example.com", "--online").stderr
    label = "x" * 64
    result = _account(project, f"a@{label}.example.com", "--online")
    assert "DNS names no mail servers" in result.stderr
    nobody = dns.resolver.Resolver(configure=False)
    nobody.nameservers = []
    monkeypatch.setattr(dns.resolver, "default_resolver", nobody)
    result = _account(project, "a@example.com", "--online")
    assert "DNS does not answer for example.com" in result.stderr


def test_nothing_lacks(project: Path, names: NameServer) -> None:
    """Each is all right; who demands what is said, with the page and the number of customers."""
    _add(names)
    table = project / "content/customers/customers.csv"
    table.write_text(table.read_text().replace("zoe@example.com", "zoe@Gmail.com"))
    report = _report(project)
    assert report.count("all right") == 2
    assert "DKIM   there are keys." in report
    assert "1 customer: Gmail wants SPF or DKIM from everybody" in report
    assert "0 customers: Yahoo wants SPF" in report
    assert "https://support.google.com/a/answer/81126" in report


@pytest.mark.parametrize(
    ("name", "texts", "words"),
    [
        ("example.com", [], "no record says which servers may send for example.com"),
        ("example.com", ['"v=spf10 -all"'], "no record says which servers"),
        ("example.com", ['"v=spf1 -all"', '"v=spf1 ~all"'], "there are several records"),
        ("example.com", ['"v=spf1 mx +all"'], "lets every server in the world"),
        ("example.com", ['"v=spf1 a" " all"'], "lets every server in the world"),
        ("example.com", ['"v=spf1 include:_spf.google.com -all"'], "does not name GMX, over whom"),
        ("example.com", ['"v=spf1 include:gmx.net -all"'], "SPF    all right"),
        ("example.com", ['"v=spf1 include:_spf.google.com ip4:192.0.2.7 -all"'], "SPF    all"),
        ("example.com", ['"v=spf1 include:loop.example -all"'], "SPF    all right"),
        ("example.com", ['"v=spf1 redirect=deep1.example"'], "more than 10 questions"),
        ("example.com", ['"v=spf1 exists:%{i}.example include:%{d}.example -all"'], "SPF    all"),
        ("x._domainkey.example.com", [], "there is no key"),
        ("_dmarc.example.com", [], "Add a TXT record for _dmarc.example.com: v=DMARC1; p=none"),
        ("_dmarc.example.com", ['"v=DMARC1; rua=mailto:a@example.com"'], "does not count"),
        ("_dmarc.example.com", ['"v=DMARC1;p=none"', '"v=DMARC1;p=reject"'], "does not count"),
        ("_dmarc.example.com", ['"V=dmarc1 ; pct=50; p = Reject"'], "DMARC  all right"),
    ],
)
def test_what_lacks_is_said(
    project: Path, names: NameServer, name: str, texts: list[str], words: str
) -> None:
    """Of SPF, DKIM and DMARC, one at a time; the mailbox that sends is at GMX."""
    _add(names, but=(name, "TXT"), instead=texts)
    names.add("loop.example", "TXT", '"v=spf1 include:loop.example ~all"')
    for number in range(1, 12):
        names.add(f"deep{number}.example", "TXT", f'"v=spf1 include:deep{number + 1}.example"')
    with (project / "content/newsletter.yml").open("a") as settings:
        settings.write("account: {user: a, smtp: 'smtps://mail.gmx.net'}\n")
    assert words in _report(project)


def test_a_subdomain_has_the_dmarc_record_of_the_domain_above(
    project: Path, names: NameServer
) -> None:
    """RFC 7489, 6.6.3."""
    _add(names)
    names.add("news.example.com", "TXT", '"v=spf1 a -all"')
    report = _report(project, "shop@news.example.com")
    assert "DMARC  all right" in report
    assert "DKIM   there is no key" in report


def test_a_key_is_found_where_a_name_server_denies_the_name_above(
    project: Path, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some do, against RFC 8020: usual names of keys are tried."""
    _add(names, but=("x._domainkey.example.com", "TXT"))
    names.add("selector1._domainkey.example.com", "CNAME", "s.example.net.")
    answer = names._answer

    def denies(query: dns.message.Message) -> dns.message.Message:
        reply = answer(query)
        if query.question[0].name.to_text().startswith("_domainkey."):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply

    monkeypatch.setattr(names, "_answer", denies)
    assert "DKIM   there are keys" in _report(project)


def test_a_domain_of_a_provider_is_none_of_ours(project: Path, names: NameServer) -> None:
    """Nobody can change the DNS of gmail.com."""
    report = _report(project, "shop@gmail.com")
    assert report.startswith("gmail.com belongs to Gmail, who looks after its SPF")
    assert names.asked == []


@pytest.mark.parametrize(("language", "words"), [("de", "kein Eintrag"), ("fr", "aucun enreg")])
def test_it_speaks_the_language_of_the_firm(
    project: Path, names: NameServer, language: str, words: str
) -> None:
    """In German and French."""
    with (project / "content/newsletter.yml").open("a") as settings:
        settings.write(f"language: {language}\n")
    assert words in _report(project)
