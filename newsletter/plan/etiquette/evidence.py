"""The rows that the rules of etiquette judge, and the data they judge by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from newsletter.facts.basis import gathered
from newsletter.model.channels import CHANNELS
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.entry import Entry
from newsletter.model.practice import Exemption, Practice
from newsletter.model.reasons import Reasons
from newsletter.model.tables import REACHED
from newsletter.plan.events.basis import filled_in, in_words
from newsletter.plan.windows import has_day

ROWS: dict[str, type[pl.DataType] | pl.DataType] = {
    "row": pl.UInt32(),  # number of the proposal
    "idx": pl.UInt32(),  # number of the customer: the row of Basis.customers
    "practice": pl.Enum,  # of the names of all practices
    "channel": pl.Enum,  # CHANNEL; null: none is possible
    "key": pl.String(),
    "slug": pl.String(),  # of the entry that it is about; null: it is about none
    "arrives": pl.Date(),
    "last_day": pl.Date(),  # null: there is none
    "priority": pl.Int64(),
    "owed": pl.Boolean(),
    "no_way": pl.String(),  # why there is no channel
}
"""The proposals that etiquette judges."""

COMING: dict[str, type[pl.DataType] | pl.DataType] = {**ROWS, "act_on": pl.Date()}
"""Proposals of the days to come, for which today's may have to wait, and when to act on them."""

TOUCHES: dict[str, type[pl.DataType] | pl.DataType] = {
    "idx": pl.UInt32(),
    "date": pl.Date(),
    "practice": pl.String(),
    "channel": pl.String(),
    "key": pl.String(),
}
"""Touchpoints that went out or are planned today."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Everything that the rules read besides the rows."""

    day: dt.date
    config: Config
    customs: Customs
    practices: Mapping[str, Practice]
    entries: tuple[Entry, ...]
    customers: pl.DataFrame
    """By `idx`: id, name, account, member, country, celebrates, email, phone, orders_count,
    closed, suppressed, the facts of left_in_peace, and what makes a letter theirs: named (whether
    a name is known), language, formality and the address. Country, closed and suppressed are
    never null."""
    history: pl.DataFrame
    """date, practice, channel, key, outcome, member, again and `idx` of known customers."""
    had: pl.DataFrame
    """`idx` and `slug`: which customers have had which of the proposed entries."""
    coming: pl.DataFrame
    """COMING of customers, and of their firms, to whom something is due today."""
    placed: pl.DataFrame
    """TOUCHES planned today by practices that come first, which are judged before the others."""
    reasons: Reasons
    """The words in which the team reads why a row is held."""

    def told(self, phrase: str, **gaps: str | pl.Expr) -> pl.Expr:
        """Return a phrase of etiquette, its gaps filled by columns; that of `date` is a day."""
        return filled_in(self.reasons.etiquette[phrase], self.reasons, **gaps)

    def day_in_words(self, day: str) -> pl.Expr:
        """Return the day in that column as the team writes it; null stays null."""
        return in_words(pl.col(day), self.reasons)

    def title(self, practice: str = "practice") -> pl.Expr:
        """Return the title of the practice named in that column; `a contact` if it is null."""
        phrases = self.reasons.etiquette
        titles = {
            p.name: phrases["issue"] if p.is_issue else self.reasons.text(p.title)
            for p in self.practices.values()
        }
        name = pl.col(practice).cast(pl.String)
        called = name.replace_strict(titles, default=name, return_dtype=pl.String)
        return called.fill_null(phrases["a_contact"])

    def channel_in_words(self, channel: str = "channel") -> pl.Expr:
        """Return the channel in that column in brackets, after a space; nothing if it is null."""
        names = {c: self.reasons.events.get(c, kind.noun) for c, kind in CHANNELS.items()}
        name = pl.col(channel).cast(pl.String)
        called = name.replace_strict(names, default=name, return_dtype=pl.String)
        return pl.format(" ({})", called).fill_null("")

    def of(self, rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """Return *rows* with those columns of their customers."""
        return rows.hstack(gathered(self.customers, rows["idx"], *columns))

    def subject_to(self, rule: Exemption, rows: pl.DataFrame) -> pl.DataFrame:
        """Return *rows* (with `practice`) without those whose practice is exempt from the rule."""
        return rows.filter(~self.is_exempt(rule)) if self._exempt(rule) else rows

    def is_exempt(self, rule: Exemption) -> pl.Expr:
        """Return whether the row's practice is exempt from the rule."""
        practice = pl.col("practice").cast(pl.String)
        return practice.is_in(self._exempt(rule)).fill_null(value=False)

    def _exempt(self, rule: Exemption) -> list[str]:
        return [name for name, practice in self.practices.items() if rule in practice.exempt]

    @cached_property
    def first(self) -> tuple[str, ...]:
        """Return the names of the practices that come before all else on their day."""
        return tuple(name for name, practice in self.practices.items() if practice.first)

    @cached_property
    def dated(self) -> tuple[str, ...]:
        """Return the names of the practices that have a day of their own."""
        return tuple(name for name, practice in self.practices.items() if has_day(practice))

    @cached_property
    def countries(self) -> list[str]:
        """Return the countries of all customers."""
        return self.customers["country"].unique().to_list()

    @cached_property
    def touches(self) -> pl.DataFrame:
        """Return the touches that caps and the gap count: recent history and *placed*."""
        past = self.history.filter(pl.col("date") <= self.day)
        first = self.day - dt.timedelta(days=looks_back(self.config) - 1)
        recent = counted_by_caps(past, self.practices.values(), first=first)
        return pl.concat([as_touches(recent), self.placed])


def looks_back(config: Config) -> int:
    """Return how many days, today included, caps and the gap look at."""
    etiquette = config.etiquette
    return max(1, etiquette.gap, *(cap.days for cap in etiquette.caps))


def as_touches(history: pl.DataFrame) -> pl.DataFrame:
    """Return TOUCHES of rows of the history."""
    return history.select(pl.col(name).cast(dtype) for name, dtype in TOUCHES.items())


def counted_by_caps(
    history: pl.DataFrame, practices: Iterable[Practice], *, first: dt.date
) -> pl.DataFrame:
    """Return the history since *first* without owed practices and failed attempts."""
    owed = [practice.name for practice in practices if practice.owed]
    return history.filter(
        pl.col("date") >= first,
        ~pl.col("practice").is_in(owed).fill_null(value=False),
        REACHED,
    )
