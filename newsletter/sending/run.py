"""Sends the messages of a mailing one by one; whatever happens, none twice."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from newsletter.model.report import Step
from newsletter.sending.answers import Meaning, meaning
from newsletter.sending.delivery_ledger import BODY, DONE, LATER, REFUSED, SENT, Ledger
from newsletter.sending.pace import Pace
from newsletter.sending.smtp import Answer, Broken, Connection, Unknown

_TRIES = 5
"""Connections that may break one after another before a run gives up."""
_MOST_REFUSED = 0.25
"""Share of refused addresses at which providers lock an account (variomedia.de)."""
_LEAST_REFUSED = 10
"""Refused addresses below which their share says nothing."""


@dataclass(frozen=True)
class Letter:
    """A finished message to one customer."""

    customer: str
    address: str
    message_id: str
    content: bytes
    """As built: ASCII, LF line ends."""


@dataclass
class Outcome:
    """What a run did."""

    sent: list[str] = field(default_factory=list)
    """Customers, in order."""
    refused: dict[str, str] = field(default_factory=dict)
    """Customer → what the server said."""
    unknown: list[str] = field(default_factory=list)
    """Customers whose message may have gone out: the connection broke at its very end."""
    held_back: list[str] = field(default_factory=list)
    """Customers who must not be written to any more."""
    stopped: str = ""
    """Why the run ended before its time; empty: it did not."""
    again: dt.datetime | None = None
    """From when on it can go on; None: once somebody has mended what stopped it."""
    in_a_day: int = 0
    """Messages of the 24 hours after which the server took no more; 0: it did not say so."""


@dataclass(kw_only=True)
class Sender:
    """Sends letters over one connection, which it opens again if it breaks."""

    ledger: Ledger
    connect: Callable[[], Connection]
    sender: str
    """The address in MAIL FROM, to which bounces go."""
    may_get: Callable[[str], bool]
    """Asked for each customer at the moment of sending."""
    pace: Pace = field(default_factory=Pace)
    most: int = 0
    """Messages of this run; 0: all."""
    clock: Callable[[], dt.datetime]
    sleep: Callable[[float], None] = time.sleep
    outcome: Outcome = field(default_factory=Outcome)
    _connection: Connection | None = None
    _broken: int = 0

    def send(self, letters: Iterable[Letter], step: Step) -> Outcome:
        """
        Send the letters that the ledger does not know; *step* advances by one for each.

        A letter whose end is not known is not sent again, but named. Raises LoginRefused and, if
        the first connection fails, Broken.
        """
        try:
            for letter in letters:
                if self._is_over():
                    break
                if not self._is_due(letter):
                    step.advance()
                    continue
                self._wait()
                self._deliver(letter)
                step.advance()
        finally:
            if self._connection:
                self._connection.close()
        return self.outcome

    def _is_due(self, letter: Letter) -> bool:
        state = self.ledger.state(letter.message_id)
        if state == BODY:
            self.outcome.unknown.append(letter.customer)
        elif state not in DONE and not self.may_get(letter.customer):
            self.outcome.held_back.append(letter.customer)
        else:
            return state not in DONE
        return False

    def _deliver(self, letter: Letter) -> None:
        note = partial(self.ledger.note, letter.message_id, letter.customer)
        while not self.outcome.stopped:
            try:
                self._connection = self._connection or self.connect()
                answer = self._connection.send(
                    letter.content,
                    sender=self.sender,
                    recipient=letter.address,
                    commit=partial(note, BODY),
                )
            except Unknown:
                self.outcome.unknown.append(letter.customer)
                self._connection = None
                return
            except Broken as error:
                self._try_again(error)
            else:
                self._broken = 0
                self._take(letter, answer, note)
                return

    def _take(self, letter: Letter, answer: Answer, note: Callable[[str, str], object]) -> None:
        outcome = self.outcome
        match meaning(answer):
            case Meaning.SENT:
                note(SENT, str(answer))
                self.pace.note(self.clock())
                outcome.sent.append(letter.customer)
            case Meaning.REFUSED:
                note(REFUSED, str(answer))
                outcome.refused[letter.customer] = str(answer)
                count = len(outcome.refused)
                if count >= _LEAST_REFUSED and count > _MOST_REFUSED * len(outcome.sent):
                    outcome.stopped = f"the server refused {count} addresses, the last: {answer}"
            case Meaning.TOMORROW:
                note(LATER, str(answer))
                now = self.clock()
                outcome.stopped = f"the server says: {answer}"
                outcome.again = now + dt.timedelta(days=1)
                outcome.in_a_day = self.pace.in_a_day(now)
            case Meaning.STOP:
                note(LATER, str(answer))
                outcome.stopped = f"the server does not take what we send: {answer}"

    def _try_again(self, error: Exception) -> None:
        """Wait longer with each connection that breaks before the end of a letter."""
        if self._connection is None and not self._broken and not self.outcome.sent:
            raise error
        if self._connection:
            self._connection.close()
        self._connection = None
        self._broken += 1
        if self._broken > _TRIES:
            self.outcome.stopped = f"the connection broke {self._broken} times: {error}"
            return
        self.sleep(2.0**self._broken)

    def _is_over(self) -> bool:
        outcome = self.outcome
        if self.most and len(outcome.sent) >= self.most:
            return True
        if limit := self.pace.full(self.clock()):
            outcome.stopped, outcome.again = limit
        return bool(outcome.stopped)

    def _wait(self) -> None:
        """Keep to the messages of a minute."""
        if seconds := self.pace.seconds(self.clock()):
            self.sleep(seconds)
