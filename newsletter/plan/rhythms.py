"""Practices without an event: due in a steady rhythm, or as long as their rule holds."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence

import polars as pl

from newsletter.model.channels import CHANNELS
from newsletter.model.config import Config
from newsletter.model.practice import Practice, Span
from newsletter.model.reasons import Reasons
from newsletter.model.spans import own_rhythm
from newsletter.model.tables import REACHED
from newsletter.plan.due import shift
from newsletter.plan.events.basis import filled

SPREAD_DAYS = 90
"""Customers for whom a rule holds at the start are spread over this many days."""
_ALWAYS = ("last_contact", "first_order_date", "every")
COUNTED = {
    "contact": (*_ALWAYS, "last_contact_channel"),
    "order": (*_ALWAYS, "last_order"),
    "practice": _ALWAYS,
}
"""What a rhythm is counted from → the facts that it reads."""
_PERIODS = {"year": ("1y", 90), "quarter": ("1q", 90), "month": ("1mo", 28)}
"""once_per → the length of a period, and over how many of its first days customers are spread."""


def rhythm(  # noqa: PLR0913  # each is a value of its own
    practice: Practice,
    facts: pl.DataFrame,
    *,
    history: pl.DataFrame,
    latest: dt.date,
    config: Config,
    reasons: Reasons,
) -> pl.DataFrame:
    """
    Return customer, key, on, about and arrives of customers due by *latest*.

    Counts from the last contact, for the span of the first segment that holds, or that of the
    customer's own rhythm. Customers never contacted, or due before the start, are spread over the
    first span after it; later customers, over the first span after their first day. A customer
    with a rhythm of their own is never due sooner than that after the last contact.
    *history* ends on the day of the facts, which have `customer` and `checksums`.
    """
    dated = _with_last(practice, facts, history).filter(pl.col("_step").is_not_null())
    own = _OwnRhythms(practice, dated, config)
    due = dated.with_columns(arrives=_arrival(dated, practice, own, config))
    return due.filter(pl.col("arrives") <= latest).select(
        "customer",
        pl.col("arrives").dt.to_string("%Y-%m-%d").alias("key"),
        pl.col("arrives").alias("on"),
        _about(practice, own, reasons),
        "arrives",
        pl.col("^_value$"),
    )


def state(
    practice: Practice,
    customers: pl.DataFrame,
    *,
    history: pl.DataFrame,
    day: dt.date,
    config: Config,
) -> pl.DataFrame:
    """
    Return *customers*, for whom the practice's rule holds, with key, on, about and arrives.

    They are due on a day of the first 90 after the start; with `once_per: year` (or quarter,
    month) after the beginning of the year, so that they are not all due again on 1 January. With
    a span such as `365 days`, they are due again a span after the last time in the *history*.
    """
    first, days = _start(config), SPREAD_DAYS
    if practice.once_per in _PERIODS:
        every, days = _PERIODS[practice.once_per]
        first = max(first, pl.select(pl.lit(day).dt.truncate(every)).item())
    arrives, key = _spread(customers, practice, first=pl.lit(first), days=days), pl.lit("once")
    if practice.once_in:
        last = _last_time(practice, history)
        customers = customers.join(last, on="customer", how="left", maintain_order="left")
        again = shift(pl.col("_last"), practice.once_in, config)
        arrives = pl.max_horizontal(arrives, again)
        key = arrives.dt.to_string("%Y-%m-%d")
    return customers.with_columns(key=key, on=arrives, about=pl.lit(""), arrives=arrives)


def since_start(customers: pl.DataFrame, practice: Practice, config: Config) -> pl.Expr:
    """Return a day of the first 90 after the start for each customer."""
    return _spread(customers, practice, first=pl.lit(_start(config)), days=SPREAD_DAYS)


def checksums(ids: pl.Series) -> pl.DataFrame:
    """Return the CRC-32 and the length in bytes of *ids*, which spread customers over days."""
    # CRC-32 is the same on every machine and in every version, unlike Polars' own hash.
    numbers = [zlib.crc32(key.encode()) for key in ids]
    crc = pl.Series("_crc", numbers, dtype=pl.UInt32)
    return pl.DataFrame([crc, ids.str.len_bytes().alias("_length")])


def _spread(
    customers: pl.DataFrame, practice: Practice, *, first: pl.Expr, days: pl.Expr | int
) -> pl.Expr:
    """
    Return for each of *customers* (with `checksums`) one of the *days* days from *first* on.

    The day follows from the CRC-32 of the practice's name and the id, so it never changes. A
    prefix flips the same bits in the CRC-32 of all ids of one length.
    """
    seed = zlib.crc32(practice.name.encode())
    changed = {
        length: zlib.crc32(bytes(length), seed) ^ zlib.crc32(bytes(length))
        for length in customers["_length"].unique()
    }
    mask = pl.col("_length").replace_strict(changed, return_dtype=pl.UInt32)
    return first + pl.duration(days=(pl.col("_crc") ^ mask).cast(pl.Int64) % days)


class _OwnRhythms:
    """The rhythms that *customers* chose (in `every`), and what they do to those of a practice."""

    def __init__(self, practice: Practice, customers: pl.DataFrame, config: Config) -> None:
        ignored = practice.own_rhythm == "ignore"
        texts = [] if ignored else customers["every"].drop_nulls().unique().sort().to_list()
        self._config, self._practice = config, practice
        self._rhythms = {text: own for text in texts if (own := own_rhythm(text))}
        follows = practice.own_rhythm == "follow"
        self._followed = [t for t, own in self._rhythms.items() if follows and not own.at_most]

    def __bool__(self) -> bool:
        """Return whether any customer has a rhythm of their own."""
        return bool(self._rhythms)

    def later(self, day: pl.Expr) -> pl.Expr:
        """Return *day* plus the span of the practice, or of the customer."""
        usual = self._usual(day)
        if not self._rhythms:
            return usual
        own = self.own(day)
        return pl.when(self._is_followed).then(own).otherwise(pl.max_horizontal(usual, own))

    def own(self, day: pl.Expr) -> pl.Expr:
        """Return *day* plus the customer's own span; null without one."""
        return self._by_text(
            {t: shift(day, o.span, self._config) for t, o in self._rhythms.items()}
        )

    def told(self, usual: pl.Expr, reasons: Reasons) -> pl.Expr:
        """Return the rhythm that counts in words; *usual* is that of the practice."""
        if not self._rhythms:
            return usual
        words = {
            text: pl.lit(reasons.event("own_rhythm", every=_in_words(own.span, reasons)))
            for text, own in self._rhythms.items()
        }
        start = pl.lit(_start(self._config))
        counts = self._is_followed | (self.own(start) > self._usual(start))
        return pl.when(counts.fill_null(value=False)).then(self._by_text(words)).otherwise(usual)

    @property
    def _is_followed(self) -> pl.Expr:
        return pl.col("every").is_in(self._followed).fill_null(value=False)

    def _usual(self, day: pl.Expr) -> pl.Expr:
        return _by_step([shift(day, step.span, self._config) for step in self._practice.every])

    def _by_text(self, values: Mapping[str, pl.Expr]) -> pl.Expr:
        chosen = (pl.when(pl.col("every") == text).then(value) for text, value in values.items())
        return pl.coalesce(*chosen, pl.lit(None))


def _arrival(
    customers: pl.DataFrame, practice: Practice, own: _OwnRhythms, config: Config
) -> pl.Expr:
    """Return the day on which each is due: counted from `_last`, in the rhythm of `_step`."""
    due, start = own.later(pl.col("_last")), pl.lit(_start(config))
    since = pl.max_horizontal(start, "_began")
    days = (own.later(since) - since).dt.total_days()
    fresh = _spread(customers, practice, first=since, days=days)
    arrives = pl.when((due < start).fill_null(value=True)).then(fresh).otherwise(due)
    return pl.max_horizontal(arrives, own.own(pl.col("last_contact"))) if own else arrives


def _by_step(values: Sequence[pl.Expr]) -> pl.Expr:
    return pl.coalesce(pl.when(pl.col("_step") == n).then(value) for n, value in enumerate(values))


def _in_words(span: Span, reasons: Reasons) -> str:
    """Return `every quarter`, `every 6 weeks`."""
    if span == Span(3, "month"):
        return reasons.events["quarter"]
    return reasons.times(f"every_{span.unit}", span.count)


def _start(config: Config) -> dt.date:
    assert config.start  # reading rejects practices without it
    return config.start


def _with_last(practice: Practice, facts: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Return the customers with `_last` day and `_channel` of what the rhythm counts from."""
    days = {"contact": pl.col("last_contact"), "order": pl.col("last_order")}
    nothing = pl.lit(None, dtype=pl.String)
    channel = pl.col("last_contact_channel") if practice.counted_from == "contact" else nothing
    dated = facts.select(
        "customer",
        pl.coalesce("customer_since", "first_order_date").alias("_began"),
        days.get(practice.counted_from, pl.lit(None, dtype=pl.Date)).alias("_last"),
        channel.alias("_channel"),
        _step(practice),
        "every",
        "last_contact",
        pl.col("^_crc$|^_length$|^_value$"),
    )
    if practice.counted_from != "practice":
        return dated
    last = _last_time(practice, history)
    return dated.drop("_last").join(last, on="customer", how="left", maintain_order="left")


def _last_time(practice: Practice, history: pl.DataFrame) -> pl.DataFrame:
    """Return customer and `_last`: the day on which the practice was last done."""
    done = (pl.col("practice") == practice.name) & REACHED
    read = history.select("customer", "date", "practice", "outcome")
    return read.filter(done).group_by("customer").agg(pl.col("date").max().alias("_last"))


def _step(practice: Practice) -> pl.Expr:
    """Return the number of the first step of `every` whose segment holds; null: none does."""
    steps = list(enumerate(practice.every))
    chosen = [pl.when(step.segment).then(n) for n, step in steps if step.segment]
    otherwise = [pl.lit(n) for n, step in steps if not step.segment]
    return pl.coalesce(*chosen, *otherwise).alias("_step")


_COUNTED_FROM = {
    "contact": ("contact", "no_contact"),
    "order": ("rhythm_order", "no_order"),
    "practice": ("last_time", "never"),
}
"""What a rhythm is counted from → the phrases for its last day, and for none."""


def _about(practice: Practice, own: _OwnRhythms, reasons: Reasons) -> pl.Expr:
    """Return `last contact 1 Aug 2026 (call), every quarter`, or that there was none."""
    last, none = _COUNTED_FROM[practice.counted_from]
    names = {name: reasons.events[name] for name in CHANNELS}
    channel = pl.format(" ({})", pl.col("_channel").replace(names)).fill_null("")
    told = pl.when(pl.col("_last").is_not_null()).then(
        filled(reasons, last, date="_last") + channel
    )
    every = _by_step([pl.lit(_in_words(step.span, reasons)) for step in practice.every])
    known = told.otherwise(pl.lit(reasons.events[none]))
    return filled(reasons, "rhythm", last=known, every=own.told(every, reasons)).alias("about")
