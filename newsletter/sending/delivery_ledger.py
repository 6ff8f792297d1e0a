"""The ledger of a mailing: what became of each of its messages, so that none goes out twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.write.journal import Journal, lines_of, open_journal

BODY = "body"
"""All but the end of the message went to the server. If nothing follows, it is not known whether
it went out: only the final dot makes a server take a message (RFC 5321, 4.1.1.4)."""
SENT, REFUSED, LATER = "sent", "refused", "later"
"""The server took it; it refused it; it asked to try again another day."""
SETTLED, NOT_SENT = "settled", "not sent"
"""Of a message with only its body, somebody found out whether it went out."""
DRAFT = "draft"
"""It lies in the drafts of the firm's mailbox, for a person to send."""
GONE = frozenset({SENT, SETTLED})
DONE = GONE | {REFUSED, DRAFT}
"""States after which nothing is sent."""


@dataclass(frozen=True)
class Step:
    """What became of a message last."""

    state: str
    customer: str
    time: dt.datetime
    answer: str = ""
    """Of the server."""


class Ledger:
    """The steps of all messages by their Message-ID; a new one is on the disk when noted."""

    def __init__(self, journal: Journal, *, now: Callable[[], dt.datetime]) -> None:
        self._journal, self.now = journal, now
        self._steps: dict[str, Step] = {}
        for line in journal.lines():
            self._take(*_parted(line))

    def note(self, message_id: str, customer: str, state: str, answer: str = "") -> None:
        """Write down a step; return once it is on the disk."""
        time = self.now()
        text = " ".join(answer.split())
        self._journal.add("\t".join((time.isoformat(), message_id, customer, state, text)))
        self._take(message_id, Step(state, customer, time, text))

    def state(self, message_id: str) -> str:
        """Return the last state of a message; empty: it was never begun."""
        step = self._steps.get(message_id)
        return step.state if step else ""

    def in_state(self, *states: str) -> dict[str, Step]:
        """Return Message-ID → step, of messages in one of these *states*."""
        return {key: step for key, step in self._steps.items() if step.state in states}

    def _take(self, message_id: str, step: Step) -> None:
        self._steps[message_id] = step


def _parted(line: str) -> tuple[str, Step]:
    time, message_id, customer, state, answer = line.split("\t", 4)
    return message_id, Step(state, customer, dt.datetime.fromisoformat(time), answer)


@contextmanager
def open_ledger(path: Path, *, now: Callable[[], dt.datetime]) -> Iterator[Ledger]:
    """
    Open the ledger in the file *path*, or begin it.

    Raises NewsletterError if another process is sending the same mailing.
    """
    with open_journal(path, busy=f"another process is sending {path.stem} just now") as journal:
        yield Ledger(journal, now=now)


def read_customers_of(folder: Path) -> dict[str, str]:
    """Return Message-ID → customer, of all ledgers in a folder, whoever holds them."""
    return {message_id: step.customer for message_id, step in _steps_in(folder)}


def read_sent_times(folder: Path) -> list[dt.datetime]:
    """Return when messages went out, of all ledgers in a folder, whoever holds them."""
    return [step.time for _, step in _steps_in(folder) if step.state == SENT]


def _steps_in(folder: Path) -> Iterator[tuple[str, Step]]:
    for path in sorted(folder.glob("*.tsv")):
        yield from (_parted(line) for line in lines_of(path) if line.count("\t") == 4)
