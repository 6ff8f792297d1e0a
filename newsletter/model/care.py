"""The care plan: whom to thank, call or write to on a day, why, and why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from newsletter.model.entry import Entry, Issue
from newsletter.model.gift import Gift
from newsletter.model.tables import HISTORY

PLAN: dict[str, pl.DataType] = {
    "date": pl.Date(),  # the day on which somebody acts: calls, sends, takes it to the post
    "customer": pl.String(),
    "name": pl.String(),  # as shown to the team
    "member": pl.String(),  # id of the team member who carries it out
    "practice": pl.String(),
    "channel": pl.String(),  # null: there is none
    "arrives": pl.Date(),  # the day it is for
    "key": pl.String(),  # what it is for, so that it is done once: 2026, F-2604, paper-tape …
    "entry": pl.String(),  # slug of the article, answer or event that goes out with it; null: none
    "because": pl.String(),  # the event, and the rule of the practice
    "skipped_because": pl.String(),  # null: planned
    "rule": pl.String(),  # of etiquette, that skipped it: a name of ETIQUETTE; null: planned
    "possible_on": pl.Date(),  # waiting: the first day on which no rule prevents it
    "priority": pl.Int64(),
    "owed": pl.Boolean(),
}

OWED_TOGETHER = "owed_together"
"""The rule of etiquette for what is owed and goes with another task of the day."""

EVENT: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "key": pl.String(),
    "on": pl.Date(),  # the day of the event itself
    "about": pl.String(),  # for `because`: order of 2026-10-31 (Ink, oak gall)
}
"""The first columns of every table of events; the details of its kind follow."""

GIFTS: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "practice": pl.String(),
    "key": pl.String(),
    "arrives": pl.Date(),
    "gift": pl.UInt32(),  # its place in Practice.all_gifts
    "code": pl.String(),  # of a voucher; null: a thing
    "expires": pl.Date(),  # the last day on which the voucher is taken
}
"""The gifts of touchpoints, and the codes of vouchers."""

GIFTS_AHEAD: dict[str, pl.DataType] = {
    "arrives": pl.Date(),  # the day on which the gift is needed
    "customer": pl.String(),
    "name": pl.String(),
    "practice": pl.String(),
    "gift": pl.UInt32(),  # its place in Practice.all_gifts
}
"""The things that will be needed on the days to come."""

UPCOMING: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "name": pl.String(),
    "member": pl.String(),  # id of the team member
    "day": pl.Date(),
    "what": pl.String(),  # birthday on 18 Nov 2026 (turns 50)
    "key": pl.String(),  # the same in every language: birthday 2026
}
"""Upcoming days of customers, for calendars."""


@dataclass(frozen=True, kw_only=True)
class CarePlan:
    """The plan of one day, and of an issue that was asked for."""

    day: dt.date
    facts_of: Callable[[], pl.DataFrame]
    """Returns `facts`. It is a function because only finished messages read all of them."""
    everybody: pl.DataFrame
    """Facts and segments of all customers, as far as the plan reads them."""
    table: pl.DataFrame
    """PLAN."""
    events: Mapping[str, pl.DataFrame]
    """Practice → EVENT and details of its proposals, which its texts may name."""
    gifts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GIFTS))
    """GIFTS of planned touchpoints."""
    issues: Mapping[str, IssuePlan] = field(default_factory=dict)
    """Name → an issue with rows in the table: the issues of the day, and the one asked for."""

    @property
    def facts(self) -> pl.DataFrame:
        """All facts and segments of the customers in the table and of their firms, on that day."""
        return self.facts_of()

    @property
    def of_the_day(self) -> CarePlan:
        """The plan without issues of other days."""
        return replace(self, table=self.table.filter(pl.col("date") == self.day))

    @property
    def planned(self) -> pl.DataFrame:
        """The touchpoints to be carried out."""
        return self.table.filter(pl.col("skipped_because").is_null())

    @property
    def settled(self) -> pl.DataFrame:
        """What is done once the planned rows are: these, and what is owed and goes with them."""
        together = pl.col("rule") == OWED_TOGETHER
        return self.table.filter(pl.col("skipped_because").is_null() | together)


@dataclass(frozen=True)
class Prompt:
    """Something to mention in a handwritten note."""

    key: str
    """What it mentions, so that it is used only once: order 2026-10-31."""
    text: str


@dataclass(frozen=True)
class Note:
    """What a handwritten note may mention."""

    prompts: tuple[Prompt, ...] = ()
    about: str | None = None
    """What its words are about: conversation, order or years; None: nothing in particular."""


@dataclass(frozen=True)
class Also:
    """Something else that is owed to the customer of a task, settled by the same contact."""

    practice: str
    title: str
    key: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Touch:
    """A planned touchpoint with everything that the team member needs to carry it out."""

    date: dt.date
    customer: str
    name: str
    member: str
    """Id of a team member."""
    practice: str
    title: str
    """Of the practice, in the project's language."""
    channel: str
    arrives: dt.date
    key: str
    because: str
    priority: int
    owed: bool
    language: str
    email: str
    phone: str
    address: tuple[str, ...]
    """Lines of the postal address, the name first; empty: none is known."""
    country: str
    subject: str
    html: str
    """The customer's text for the channel as sanitised HTML, without the greeting line."""
    text: str
    """The same as plain text: paragraphs separated by an empty line."""
    greeting: str
    formality: str = ""
    """How the customer is addressed: formal or informal."""
    goes_with: str = ""
    """With whose letter or card this goes, as the team is told; empty: it is one of its own."""
    closing: str = ""
    """As the customer is addressed: Kind regards, or With kind regards,"""
    rule_text: str = ""
    """The rule of the practice as its file has it; empty: it is for everybody."""
    entry: str = ""
    """Slug of the article, answer or event that goes out with it; empty: none."""
    prompts: tuple[Prompt, ...] = ()
    """Of a handwritten note: two or three."""
    agenda: tuple[str, ...] = ()
    """Of a call or a visit: last contact, open feedback, promises …"""
    draft: bool = False
    """Whether a person finishes the text before it goes out."""
    also: tuple[Also, ...] = ()
    """What else is owed to this customer and goes with it."""
    not_to_mention: str = ""
    gift: str = ""
    """In words, with its conditions; empty: none."""
    code: str = ""
    """Of a voucher."""
    expires: dt.date | None = None
    """Of a voucher."""


ISSUE, PRACTICE = "issue", "practice"
"""The layouts of the theme that an edition may have: email/<layout>.mjml, text/<layout>.txt."""

LEFT_OUT: dict[str, pl.DataType] = {
    "customer": pl.String(),
    "name": pl.String(),
    "reason": pl.String(),  # in words a shop owner understands: no consent to email …
    "instead": pl.String(),  # what can be done: write a letter, call …; null: leave alone
}


@dataclass(frozen=True, kw_only=True)
class EditionPlan:
    """An issue or emailed practice in one language, and the customers who get it."""

    issue: Issue
    entries: tuple[Entry, ...]
    """Candidates in editorial order, each in the edition's language or else the project's."""
    answers: tuple[Entry, ...]
    """Answers to feedback (`you said, we did`) that somebody among the recipients gave."""
    recipients: pl.DataFrame
    """The facts of each recipient, sorted by id, with further columns:
    `via` (email or letter), one boolean `show_…` per entry and answer (Entry.flag),
    `token` (opaque, 32 hex digits), `unsubscribe_url`, `feedback_url`."""
    layout: str = ISSUE
    gift: Gift | None = None
    """The gift of a practice or an issue. Its code is a column of the recipients."""

    @property
    def name(self) -> str:
        """A name unique within its language: 2026-11, or of a practice 2026-11-03/thank-you."""
        issue = self.issue
        return issue.name if self.layout == ISSUE else f"{issue.date}/{issue.name}"


@dataclass(frozen=True, kw_only=True)
class IssuePlan:
    """An issue in all its editions."""

    name: str
    editions: tuple[EditionPlan, ...]
    left_out: pl.DataFrame
    """LEFT_OUT, sorted by reason and customer: every customer that no edition reaches."""
    record: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HISTORY))
    """Rows for the history of all recipients, recorded when the issue has gone out."""
