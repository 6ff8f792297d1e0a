"""The tables of providers of mailboxes."""

from __future__ import annotations

from collections import Counter

import pytest

from newsletter.model.account import MailAccount, Server
from newsletter.model.language import TEAM_LANGUAGES
from newsletter.read.mail_providers import provider_of, provider_with, providers
from newsletter.read.yaml import packaged_yaml


@pytest.mark.parametrize(
    ("domain", "smtp"),
    [
        ("gmx.de", "smtps://mail.gmx.net:465"),
        ("GMX.at", "smtps://mail.gmx.net:465"),
        ("web.de", "smtps://smtp.web.de:465"),
        ("t-online.de", "smtps://securesmtp.t-online.de:465"),
        ("freenet.de", "smtps://mx.freenet.de:465"),
        ("posteo.de", "smtps://posteo.de:465"),
        ("mailbox.org", "smtps://smtp.mailbox.org:465"),
        ("gmail.com", "smtps://smtp.gmail.com:465"),
        ("yahoo.fr", "smtps://smtp.mail.yahoo.com:465"),
        ("icloud.com", "smtp://smtp.mail.me.com:587"),
        ("aol.com", "smtps://smtp.aol.com:465"),
        ("orange.fr", "smtps://smtp.orange.fr:465"),
        ("wanadoo.fr", "smtps://smtp.orange.fr:465"),
        ("free.fr", "smtps://smtp.free.fr:465"),
        ("sfr.fr", "smtps://smtp.sfr.fr:465"),
        ("laposte.net", "smtps://smtp.laposte.net:465"),
        ("bluewin.ch", "smtps://smtpauths.bluewin.ch:465"),
        ("a1.net", "smtp://securemail.a1.net:587"),
        ("btinternet.com", "smtps://mail.btinternet.com:465"),
        ("fastmail.com", "smtps://smtp.fastmail.com:465"),
        ("zoho.eu", "smtps://smtp.zoho.eu:465"),
        ("proton.me", "smtp://127.0.0.1:1025"),
        # mail exchangers
        ("aspmx.l.google.com", "smtps://smtp.gmail.com:465"),
        ("mx00.kundenserver.de", "smtps://smtp.1und1.de:465"),
        ("mx01.ionos.de.", "smtps://smtp.1und1.de:465"),
        ("smtpin.rzone.de", "smtps://smtp.strato.de:465"),
        ("mx1.mail.ovh.net", "smtps://ssl0.ovh.net:465"),
        ("mta-gw.infomaniak.ch", "smtps://mail.infomaniak.com:465"),
        ("in1-smtp.messagingengine.com", "smtps://smtp.fastmail.com:465"),
    ],
)
def test_the_server_of_a_domain(domain: str, smtp: str) -> None:
    """Of addresses, and of the mail exchangers of customers' own domains."""
    provider = provider_of(domain)
    assert provider
    assert provider.smtp == smtp
    assert provider.is_open


@pytest.mark.parametrize(
    "domain", ["hotmail.fr", "outlook.com", "a-de.mail.protection.outlook.com"]
)
def test_microsoft_lets_no_program_in(domain: str) -> None:
    """The table has its servers, but no password opens them."""
    provider = provider_of(domain)
    assert provider
    assert not provider.is_open


@pytest.mark.parametrize("domain", ["example.com", "com", "", "notgmx.de", "gmx.de.example.com"])
def test_other_domains_are_not_known(domain: str) -> None:
    """Only a whole label counts."""
    assert provider_of(domain) is None


def test_each_row_can_be_used() -> None:
    """Servers as newsletter.yml takes them, over TLS, and phrases in each language."""
    phrases = [packaged_yaml(f"screens/{tag}.yml").data for tag in TEAM_LANGUAGES]
    assert len(providers()) > 100
    for provider in providers():
        if provider.smtp:
            MailAccount(user="x", smtp=provider.smtp, imap=provider.imap)
            is_bridge = "bridge" in provider.needs
            for address in (provider.smtp, provider.imap):
                assert (Server.at(address).security != "none") is not is_bridge, provider.name
        else:
            assert not provider.is_open
        for need in provider.needs:
            assert all(f"account_need_{need}" in texts for texts in phrases), need


def test_each_limit_has_its_source() -> None:
    """The page that states it, and the day on which it was read."""
    limited = [p for p in providers() if p.per_day or p.per_hour or p.per_minute]
    assert len(limited) > 4
    assert all(p.limits.startswith("https://") and p.read for p in limited)


def test_no_domain_has_two_providers() -> None:
    """Else the order of the tables would decide."""
    counts = Counter(domain for provider in providers() for domain in provider.domains)
    assert [domain for domain, count in counts.items() if count > 1] == []
    assert all(domain == domain.lower() for domain in counts)


def test_a_server_has_its_provider() -> None:
    """At any port; on this machine, where Bridge runs, at its own alone."""
    gmx, bridge = provider_with("smtp://mail.gmx.net:587"), provider_with("smtp://127.0.0.1:1025")
    assert gmx
    assert bridge
    assert (gmx.name, bridge.name) == ("GMX", "Proton Mail")
    assert provider_with("smtp://127.0.0.1:2525") is None


def test_the_table_of_servers_names_its_licence() -> None:
    """It is not ours."""
    text = packaged_yaml("mail_servers.yml").text.whole
    assert "Mozilla Public License, v. 2.0" in text
    assert "github.com/thunderbird/autoconfig" in text
