"""Drafts in the firm's own mailbox: each once, and noted when a person has sent it."""

from __future__ import annotations

import datetime as dt

from newsletter.model.report import Step
from newsletter.sending.delivery_ledger import DRAFT, SENT
from newsletter.sending.mailbox import Kept, Mailbox
from newsletter.sending.session import Session

_EARLIER = dt.timedelta(days=1)
"""The clocks and days of servers differ."""


def add_drafts(session: Session, mailbox: Mailbox, folder: str, *, most: int, step: Step) -> int:
    """
    Put what waits into the *folder* for drafts, at most *most* (0: all); return how many.

    The ledger says which are there or gone already. A draft that was appended just before a kill
    is found by its Message-ID.
    """
    there = {kept.message_id for kept in mailbox.messages(folder)}
    added = 0
    for letter in session.due():
        step.advance()
        if letter.message_id not in there:
            if most and added >= most:
                break
            mailbox.add_draft(folder, letter.content)
            added += 1
        session.ledger.note(letter.message_id, letter.customer, DRAFT)
    return added


def mark_sent(session: Session, mailbox: Mailbox, folder: str) -> int:
    """
    Note the drafts that are in the *folder* of sent messages; return how many are new there.

    Mail programs that edit a draft may give it another Message-ID: then its recipient and its
    subject count.
    """
    drafts = session.ledger.in_state(DRAFT)
    if not drafts:
        return 0
    since = min(step.time for step in drafts.values()) - _EARLIER
    sent = list(mailbox.messages(folder, since=since.date()))
    ids = {kept.message_id for kept in sent}
    count = 0
    for message_id, message in session.built(drafts).items():
        if message_id in ids or _is_among(sent, message.address, message.subject):
            session.ledger.note(message_id, drafts[message_id].customer, SENT, "by hand")
            count += 1
    return count


def _is_among(sent: list[Kept], address: str, subject: str) -> bool:
    wanted = " ".join(subject.split())
    return any(address.lower() in kept.to and kept.subject == wanted for kept in sent)
