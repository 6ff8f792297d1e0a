"""What is known of a mailbox before its first login: from the tables, or from DNS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.commands.screen import Screen
from newsletter.commands.terminal import columns
from newsletter.errors import NewsletterError
from newsletter.model.account import MailAccount, Server
from newsletter.model.mail_provider import MailProvider
from newsletter.read.mail_providers import provider_of, provider_with
from newsletter.sending.mail_dns import exchangers, servers

SMTP_LIKE, IMAP_LIKE = "smtps://mail.example.com:465", "imaps://mail.example.com:993"


@dataclass(frozen=True)
class Setup:
    """What is known of a mailbox."""

    address: str
    provider: MailProvider | None
    account: MailAccount | None
    """None if its provider lets no program in with a password."""
    source: str = ""
    """Phrase that says how DNS led to it: mx, srv, guess."""
    host: str = ""
    """The host that DNS named."""

    @property
    def is_doubtful(self) -> bool:
        """
        Return whether a person must say that the servers are the right ones.

        Answers of DNS can be forged, and the password goes to these servers (RFC 6186, 6).
        """
        domain = self.address.rpartition("@")[2]
        is_below = f".{self.host}".endswith(f".{domain}")
        return self.source == "guess" or (self.source == "srv" and not is_below)

    def told(self, screen: Screen) -> str:
        """Return whose servers they are, and what their provider needs."""
        name = self.provider.name if self.provider else screen("account_own")
        lines = [screen("titled", what=self.address, text=name)]
        if self.source:
            domain = self.address.rpartition("@")[2]
            lines.append(screen(f"account_by_{self.source}", domain=domain, host=self.host))
        if self.account:
            none = screen("account_no_incoming")
            rows = [
                [f"  {screen('account_outgoing')}", shown(self.account.smtp)],
                [f"  {screen('account_incoming')}", shown(self.account.imap) or none],
            ]
            lines.append(columns(rows))
        return "\n".join([*lines, *self._conditions(screen)])

    def _conditions(self, screen: Screen) -> Iterator[str]:
        """Yield what the provider takes and needs, and what to do where it lets nobody in."""
        if not self.provider:
            return
        yield from _limits(self.provider, screen)
        for need in self.provider.needs:
            yield screen(f"account_need_{need}", address=self.address)
        if self.provider.help:
            yield screen("account_help", page=self.provider.help)
        if not self.account:
            yield screen("account_instead", address=self.address)


def shown(server: str) -> str:
    """Return host and port of a server's address."""
    if not server:
        return ""
    at = Server.at(server)
    return f"{at.host}:{at.port}"


def setup_named(address: str, *, smtp: str, imap: str, user: str) -> Setup:
    """Return the mailbox with the servers that its owner names."""
    account = MailAccount(user=user or address, smtp=smtp, imap=imap)
    return Setup(address, provider_with(smtp), account)


def setup_of(address: str, *, user: str, online: bool) -> Setup:
    """Return what tables, and DNS if *online*, know of a mailbox; else raise NewsletterError."""
    domain = address.rpartition("@")[2]
    if provider := provider_of(domain):
        return _at_provider(address, provider, user or provider.user(address))
    hint = (
        "name the servers that your provider's help page tells: newsletter account "
        f"{address} --smtp {SMTP_LIKE} --imap {IMAP_LIKE}"
    )
    if not online:
        hint = f"newsletter account {address} --online asks DNS for them; or {hint}"
        raise NewsletterError.at(f"the servers of {domain} are not known", hint=hint)
    if setup := _from_dns(address, domain, user or address):
        return setup
    raise NewsletterError.at(f"DNS names no mail servers of {domain}", hint=hint)


def _at_provider(
    address: str, provider: MailProvider, user: str, *, source: str = "", host: str = ""
) -> Setup:
    account = None
    if provider.is_open:
        account = MailAccount(user=user, smtp=provider.smtp, imap=provider.imap)
    return Setup(address, provider, account, source, host)


def _from_dns(address: str, domain: str, user: str) -> Setup | None:
    """Return the servers of the provider that takes its mail, else those that DNS names."""
    hosts = exchangers(domain)
    for host in hosts:
        if provider := provider_of(host):
            return _at_provider(address, provider, user, source="mx", host=host)
    smtp, imap = servers(domain)
    if smtp:
        account = MailAccount(user=user, smtp=smtp, imap=imap)
        return Setup(address, None, account, "srv", Server.at(smtp).host)
    if hosts:
        smtp, imap = f"smtps://{hosts[0]}:465", f"imaps://{hosts[0]}:993"
        account = MailAccount(user=user, smtp=smtp, imap=imap)
        return Setup(address, None, account, "guess", hosts[0])
    return None


def _limits(provider: MailProvider, screen: Screen) -> list[str]:
    """Return how many messages the provider takes, and who says so."""
    limits = {
        "account_per_minute": provider.per_minute,
        "account_per_hour": provider.per_hour,
        "account_per_day": provider.per_day,
    }
    texts = [screen.counted(phrase, number) for phrase, number in limits.items() if number]
    source = {"page": provider.limits, "day": provider.read}
    return [f"  {screen('account_limit', limit=text, **source)}" for text in texts]
