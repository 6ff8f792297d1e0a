"""Asks DNS about the mail of a domain: where it goes, its servers, who may send for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from newsletter.errors import NewsletterError

_SECONDS = 10.0
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_SERVICES = {
    "smtp": (("_submissions", "smtps"), ("_submission", "smtp")),
    "imap": (("_imaps", "imaps"), ("_imap", "imap")),
}
"""What a server is for → services in SRV records (RFC 6186, RFC 8314) and the scheme of each."""


class NameMissing(Exception):  # noqa: N818  # says what is known
    """There is no such name in DNS, nor any below it (RFC 8020)."""


def exchangers(domain: str) -> list[str]:
    """Return the hosts that take the mail of a domain, the preferred one first."""
    records = sorted(_records(domain, "MX"), key=lambda record: record.preference)
    hosts = [_host(record.exchange) for record in records]
    return [host for host in hosts if host]  # RFC 7505: one without a name takes no mail


def servers(domain: str) -> tuple[str, str]:
    """Return the addresses of the servers for outgoing and incoming mail that a domain names."""
    return _server(domain, "smtp"), _server(domain, "imap")


def texts(name: str, *, beginning: str) -> list[str]:
    """Return the TXT records of a name that begin with a word, in whatever case."""
    records = (
        b"".join(record.strings).decode("utf-8", "replace") for record in _records(name, "TXT")
    )
    return [text for text in records if text.lower().startswith(beginning)]


def has_names_below(name: str) -> bool:
    """Return whether a name, or any below it, is in DNS."""
    try:
        _asked(name, "TXT")
    except NameMissing:
        return False
    return True


def _server(domain: str, purpose: str) -> str:
    for service, scheme in _SERVICES[purpose]:
        records = _records(f"{service}._tcp.{domain}", "SRV")
        for record in sorted(records, key=lambda record: (record.priority, -record.weight)):
            if host := _host(record.target):  # none: the service is not offered
                return f"{scheme}://{host}:{record.port}"
    return ""


def _host(name: Any) -> str:
    """Return a host's name; empty if it is none."""
    text = str(name.to_text(omit_final_dot=True)).lower()
    return text if _HOST.fullmatch(text) else ""


def _records(name: str, kind: str) -> Iterator[Any]:
    try:
        yield from _asked(name, kind)
    except NameMissing:
        return


def _asked(name: str, kind: str) -> list[Any]:
    """Return the records of a name; raises NameMissing, and NewsletterError without an answer."""
    if not find_spec("dns"):
        hint = 'install it with the program: pip install "newsletter[send]"'
        raise NewsletterError.at("asking DNS needs the library dnspython", hint=hint)
    import dns.exception  # noqa: PLC0415 - an option
    import dns.resolver  # noqa: PLC0415

    try:
        return list(dns.resolver.resolve(name, kind, lifetime=_SECONDS))
    except dns.resolver.NXDOMAIN:
        raise NameMissing from None
    except dns.resolver.NoAnswer:
        return []
    except (
        dns.resolver.NoNameservers,
        dns.exception.Timeout,
        dns.resolver.NoResolverConfiguration,
    ):
        hint = "check the network, then run it again"
        raise NewsletterError.at(f"DNS does not answer for {name}", hint=hint) from None
    except dns.exception.DNSException as error:  # a name that DNS cannot have
        raise NameMissing from error
