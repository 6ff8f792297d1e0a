"""Says what SPF, DKIM and DMARC of the sender's domain lack, and for whom it matters."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from newsletter.commands.screen import Screen
from newsletter.commands.terminal import columns
from newsletter.model.account import MailAccount
from newsletter.read.mail_providers import provider_of, provider_with
from newsletter.sending.sender_proof import dmarc_of, has_dkim, spf_of

_RULES = {
    "gmail": ("gmail.com", "https://support.google.com/a/answer/81126"),
    "yahoo": ("yahoo.com", "https://senders.yahooinc.com/best-practices/"),
    "aol": ("aol.com", "https://senders.yahooinc.com/best-practices/"),
    "outlook": (
        "outlook.com",
        "https://sendersupport.olc.protection.outlook.com/pm/policies.aspx",
    ),
}
"""Providers who demand SPF, DKIM or DMARC: one of their domains, and the page that says so."""


def dns_report(
    sender: str, account: MailAccount | None, addresses: pl.Series, screen: Screen
) -> str:
    """
    Return what DNS lacks so that messages of *sender* are believed.

    *account* is the mailbox that sends, *addresses* are the customers'. Raises NewsletterError if
    DNS does not answer.
    """
    domain = sender.rpartition("@")[2]
    provider = provider_with(account.smtp) if account else None
    if owner := provider_of(domain):
        return screen("dns_of_provider", domain=domain, provider=owner.name)
    names = {"domain": domain, "provider": provider.name if provider else ""}
    rows = [
        ["SPF", _spf(domain, names["provider"])],
        ["DKIM", "dns_dkim" if has_dkim(domain) else "dns_dkim_none"],
        ["DMARC", _dmarc(domain)],
    ]
    table = columns([[f"  {name}", screen(phrase, **names)] for name, phrase in rows])
    lines = [screen("dns_of", domain=domain), table, *_matters(addresses, screen)]
    return "\n".join(lines)


def _spf(domain: str, provider: str) -> str:
    """Return the phrase for the SPF record of a domain over whose *provider* messages go."""
    spf = spf_of(domain)
    if spf.fault:
        return f"dns_spf_{spf.fault}"
    owners = [owner.name if (owner := provider_of(name)) else "" for name in spf.included]
    is_missing = provider and owners and all(owners) and provider not in owners
    return "dns_spf_other" if is_missing else "dns_fine"


def _dmarc(domain: str) -> str:
    records, is_right = dmarc_of(domain)
    if not records:
        return "dns_dmarc_none"
    return "dns_fine" if is_right else "dns_dmarc_wrong"


def _matters(addresses: pl.Series, screen: Screen) -> Iterator[str]:
    """Yield who demands what, and how many customers have their address there."""
    domains = addresses.drop_nulls().str.to_lowercase().str.extract("@(.+)$").drop_nulls()
    counts = dict(domains.value_counts().iter_rows())
    yield screen("dns_matters")
    for phrase, (example, page) in _RULES.items():
        provider = provider_of(example)
        count = sum(n for domain, n in counts.items() if provider_of(domain) == provider)
        rule = screen(f"dns_{phrase}", page=page)
        customers = screen.counted("customers", count)
        yield f"  {screen('titled', what=customers, text=rule)}"
