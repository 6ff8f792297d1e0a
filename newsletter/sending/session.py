"""A mailing on its way: what waits, what went out, what is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.model.account import MailAccount
from newsletter.model.project import Project
from newsletter.model.report import Step
from newsletter.read.returned.mbox import BuiltMessage
from newsletter.sending.delivery_ledger import (
    BODY,
    DONE,
    DRAFT,
    GONE,
    NOT_SENT,
    REFUSED,
    SETTLED,
    Ledger,
    open_ledger,
    read_sent_times,
)
from newsletter.sending.may_get import MayGet
from newsletter.sending.outbox import Outgoing
from newsletter.sending.pace import Pace, limits_of
from newsletter.sending.run import Letter, Outcome, Sender
from newsletter.sending.smtp import Connection

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Waiting:
    """What would be sent now."""

    count: int
    first: tuple[str, ...]
    """The first three people, with their addresses."""
    subject: str
    """Of the first message."""
    gone: int
    refused: int
    drafts: int
    """In the drafts of the mailbox, where a person sends them."""
    held_back: int
    """Customers who must not be written to any more, or whose address is another one now."""
    unknown: tuple[str, ...]
    """Customers whose message may have gone out."""


class Session:
    """One mailing with its ledger, which no other process has."""

    def __init__(
        self,
        project: Project,
        outgoing: Outgoing,
        ledger: Ledger,
        *,
        folder: Path,
        only: str = "",
    ) -> None:
        self.project, self.outgoing, self.ledger, self._only = project, outgoing, ledger, only
        self._folder = folder
        """Of the ledgers of all mailings."""
        self._may_get = MayGet(project.root, outgoing, year=ledger.now().year)

    def waiting(self) -> Waiting:
        """Return what would be sent now, and what would not."""
        first: list[str] = []
        subject, count, held_back = "", 0, 0
        states = [self.ledger.state(message_id) for message_id in self.outgoing.customers]
        for customer, message in self._messages():
            if self.ledger.state(message.message_id) in (*DONE, BODY):
                continue
            if not self._may_go(customer, message):
                held_back += 1
                continue
            count, subject = count + 1, subject or message.subject
            if len(first) < 3:
                first.append(f"{message.name} <{message.address}>".strip())
        return Waiting(
            count=count,
            first=tuple(first),
            subject=subject,
            gone=sum(state in GONE for state in states),
            refused=states.count(REFUSED),
            drafts=states.count(DRAFT),
            held_back=held_back,
            unknown=tuple(step.customer for step in self.ledger.in_state(BODY).values()),
        )

    def send(
        self, account: MailAccount, connect: Callable[[], Connection], *, most: int, step: Step
    ) -> Outcome:
        """Send what waits; raises what `Sender.send` does."""
        sender = Sender(
            ledger=self.ledger,
            connect=connect,
            sender=self.project.config.sender.email,
            may_get=self._may_get,
            pace=Pace(limits_of(account), read_sent_times(self._folder)),
            most=most,
            clock=self.ledger.now,
        )
        return sender.send(self._letters(), step)

    def settle(self, went_out: Callable[[str], bool]) -> None:
        """Write down of each unknown message whether it went out, as *went_out* says."""
        for message_id, step in self.ledger.in_state(BODY).items():
            state = SETTLED if went_out(step.customer) else NOT_SENT
            self.ledger.note(message_id, step.customer, state)

    def gone(self) -> frozenset[str]:
        """Return the customers to whom it went out."""
        return frozenset(step.customer for step in self.ledger.in_state(*GONE).values())

    def due(self) -> Iterator[Letter]:
        """Yield the letters that may go out and of which the ledger knows nothing final."""
        for letter in self._letters():
            state = self.ledger.state(letter.message_id)
            if state not in (*DONE, BODY) and self._may_get(letter.customer):
                yield letter

    def built(self, wanted: Collection[str]) -> dict[str, BuiltMessage]:
        """Return Message-ID → message, of the *wanted* ones that the last build wrote."""
        messages = (message for _, message in self.outgoing.messages())
        return {m.message_id: m for m in messages if m.message_id in wanted}

    def _letters(self) -> Iterator[Letter]:
        for customer, message in self._messages():
            if self._is_same_address(customer, message):
                yield Letter(customer, message.address, message.message_id, message.content)

    def _messages(self) -> Iterator[tuple[str, BuiltMessage]]:
        for customer, message in self.outgoing.messages():
            if not self._only or customer == self._only:
                yield customer, message

    def _may_go(self, customer: str, message: BuiltMessage) -> bool:
        return self._may_get(customer) and self._is_same_address(customer, message)

    def _is_same_address(self, customer: str, message: BuiltMessage) -> bool:
        return self._may_get.addresses.get(customer) == message.address


@contextmanager
def open_session(
    project: Project, outgoing: Outgoing, *, now: Clock, only: str = ""
) -> Iterator[Session]:
    """Open a mailing; raises NewsletterError if another process is sending it."""
    name, folder = outgoing.name.replace("/", " "), sending_folder(project)
    with open_ledger(folder / f"{name}.tsv", now=now) as ledger:
        yield Session(project, outgoing, ledger, folder=folder, only=only)


def sending_folder(project: Project) -> Path:
    """Return the folder with the ledgers, beside the customers."""
    place = project.customers
    return (place.parent if place.is_file() else place) / ".sending"


def sent_from(project: Project) -> MailAccount:
    """Return the mailbox that sends; raises NewsletterError if newsletter.yml names none."""
    if project.config.account is None:
        hint = "newsletter account finds your servers and writes account: there"
        raise NewsletterError.at("content/newsletter.yml names no account to send from", hint=hint)
    return project.config.account
