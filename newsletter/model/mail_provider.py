"""Providers of mailboxes: their servers, what they need, how much they take."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

CLOSED = frozenset({"no_password", "no_password_365", "no_programs"})
"""Needs of providers who let no program in with a password."""


@dataclass(frozen=True, kw_only=True)
class MailProvider:
    """What is publicly known of a provider."""

    name: str
    smtp: str = ""
    """Address of the server for outgoing mail, as in `MailAccount`; empty: there is none."""
    imap: str = ""
    by_name: bool = False
    """Whether one logs in with what stands before the @, instead of the whole address."""
    domains: tuple[str, ...]
    """Of addresses, and of the mail exchangers of customers' own domains."""
    needs: tuple[str, ...] = ()
    """What to do first, as phrases of screens/*.yml name it: `app_password`."""
    help: str = ""
    """The provider's page about it."""
    per_minute: int = 0
    """Messages that it takes; 0: it does not say."""
    per_hour: int = 0
    per_day: int = 0
    limits: str = ""
    """The page that says so."""
    read: dt.date | None = None
    """The day on which we read that page."""

    @property
    def is_open(self) -> bool:
        """Whether a program may log in with a password."""
        return bool(self.smtp) and not CLOSED.intersection(self.needs)

    def user(self, address: str) -> str:
        """Return the name to log in with."""
        return address.partition("@")[0] if self.by_name else address
