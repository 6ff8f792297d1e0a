"""Reads the tables of providers of mailboxes: mail_servers.yml and mail_providers.yml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from newsletter.model.account import LOOPBACK, Server
from newsletter.model.mail_provider import MailProvider
from newsletter.read.yaml import packaged_yaml


def provider_of(domain: str) -> MailProvider | None:
    """Return the provider of the addresses of a domain, or of a mail exchanger at or below it."""
    labels = domain.lower().rstrip(".").split(".")
    names = (".".join(labels[first:]) for first in range(len(labels) - 1))
    by_domain = _by_domain()
    return next((by_domain[name] for name in names if name in by_domain), None)


def provider_with(smtp: str) -> MailProvider | None:
    """Return the provider whose server for outgoing mail has that address."""
    server = Server.at(smtp)
    return next((p for p in providers() if p.smtp and _is_same(Server.at(p.smtp), server)), None)


def _is_same(server: Server, other: Server) -> bool:
    """Return whether it is the same server, perhaps at another port; on this machine, the same."""
    return server.host == other.host and (server.host not in LOOPBACK or server.port == other.port)


@cache
def providers() -> tuple[MailProvider, ...]:
    """Return all providers of the tables."""
    servers: Any = packaged_yaml("mail_servers.yml").data
    needs: Any = packaged_yaml("mail_providers.yml").data
    rows: dict[str, dict[str, str]] = {key: {**row} for key, row in servers.items()}
    for keys, row in needs.items():
        for key in keys.split():
            rows[key] = {**rows.get(key, {}), **row}
    return tuple(_provider(row) for row in rows.values())


@cache
def _by_domain() -> Mapping[str, MailProvider]:
    return {domain: provider for provider in providers() for domain in provider.domains}


def _provider(row: Mapping[str, str]) -> MailProvider:
    return MailProvider(
        name=row["name"],
        smtp=row.get("smtp", ""),
        imap=row.get("imap", ""),
        by_name=row.get("user") == "local",
        domains=tuple(f"{row.get('domains', '')} {row.get('mx', '')}".split()),
        needs=tuple(row.get("needs", "").split()),
        help=row.get("help", ""),
        per_minute=int(row.get("per_minute", 0)),
        per_hour=int(row.get("per_hour", 0)),
        per_day=int(row.get("per_day", 0)),
        limits=row.get("limits", ""),
        read=dt.date.fromisoformat(row["read"]) if "read" in row else None,
    )
