"""What came in since the last look, and which customer each message is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.model.project import Project
from newsletter.plan.personal_links import tokens
from newsletter.sending.delivery_ledger import read_customers_of
from newsletter.sending.incoming import Incoming, Kind, read_incoming
from newsletter.sending.mailbox import Mailbox
from newsletter.sending.session import sending_folder
from newsletter.write.journal import Journal, open_journal

_FIRST_DAYS = 60
"""How far back the first look goes."""
SOFT_DAYS, SOFT_TIMES = 30, 3
"""A mailbox that is full so often within so many days gets nothing more."""


@dataclass(frozen=True)
class Arrival:
    """A message that came in, and the customer it is about."""

    place: str
    """Its number in the mailbox: UIDVALIDITY and UID (RFC 9051, 2.3.1.1)."""
    message: Incoming
    customer: str
    """Empty: nobody knows."""
    soft_bounces: int = 0
    """Of this customer within SOFT_DAYS, this one included."""

    @property
    def suppresses(self) -> bool:
        """Whether nothing may be sent to the customer any more."""
        if self.message.kind is Kind.SOFT:
            return self.soft_bounces >= SOFT_TIMES
        return self.message.kind in (Kind.DEAD, Kind.COMPLAINT, Kind.LEAVE)


class Inbox:
    """What was looked at before, and whose each message is."""

    def __init__(self, project: Project, journal: Journal, folder: Path) -> None:
        self._journal = journal
        self._seen: dict[str, int] = {}
        """UIDVALIDITY → the last UID that was looked at."""
        self._soft: list[tuple[dt.date, str]] = []
        for line in journal.lines():
            self._take(*line.split("\t"))
        customers = project.people.customers
        ids = customers["id"]
        self._by_id = read_customers_of(folder)
        self._by_token = dict(zip(tokens(ids, secret=project.secret), ids, strict=True))
        addresses = customers.select("email", "id").drop_nulls()
        self._by_address = {email.lower(): key for email, key in addresses.iter_rows()}

    def arrivals(self, mailbox: Mailbox, *, today: dt.date) -> Iterator[Arrival]:
        """Yield what came in since the last look, oldest first; `done` must follow each."""
        validity = mailbox.validity("INBOX")
        last, since = self._seen.get(validity, 0), today - dt.timedelta(days=_FIRST_DAYS)
        for uid, content in mailbox.contents("INBOX", after=last, since=since):
            message = read_incoming(content)
            customer = self._customer(message)
            soft = self._soft_bounces(message, customer, today)
            yield Arrival(f"{validity} {uid}", message, customer, soft)

    def done(self, arrival: Arrival, *, today: dt.date) -> None:
        """Write down that a message was dealt with."""
        kind = arrival.message.kind.name
        cells = (arrival.place, f"{today}", kind, arrival.customer)
        self._journal.add("\t".join(cells))
        self._take(*cells)

    def _take(self, place: str, day: str, kind: str, customer: str) -> None:
        validity, uid = place.split()
        self._seen[validity] = max(int(uid), self._seen.get(validity, 0))
        if kind == Kind.SOFT.name and customer:
            self._soft.append((dt.date.fromisoformat(day), customer))

    def _soft_bounces(self, message: Incoming, customer: str, today: dt.date) -> int:
        if message.kind is not Kind.SOFT:
            return 0
        first = today - dt.timedelta(days=SOFT_DAYS)
        return 1 + sum(whose == customer and day > first for day, whose in self._soft)

    def _customer(self, message: Incoming) -> str:
        """Return whose a message is: by our Message-ID, a token, or an address."""
        senders = {message.sender} if message.kind in _FROM_CUSTOMERS else set()
        named: list[tuple[Mapping[str, str], object]] = [
            (self._by_id, message.ids),
            (self._by_token, message.tokens),
            (self._by_address, message.addresses | senders),
        ]
        for table, keys in named:
            for key in keys:  # type: ignore[attr-defined]
                if customer := table.get(key):
                    return customer
        return ""


_FROM_CUSTOMERS = (Kind.REPLY, Kind.MAYBE_LEAVE)


@contextmanager
def open_inbox(project: Project) -> Iterator[Inbox]:
    """Open what is known of the inbox; raises NewsletterError if another process holds it."""
    folder = sending_folder(project)
    busy = "another process is reading the mailbox just now"
    with open_journal(folder / "inbox.log", busy=busy) as journal:
        yield Inbox(project, journal, folder)
