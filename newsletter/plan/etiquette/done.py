"""What has been done before, what is over, and what must come first."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.entry import Entry
from newsletter.plan.etiquette.basis import NOT_REACHED, Basis

_ENTRY_EVENTS = ("answer", "article", "event")
"""Events whose key is the slug of an entry."""


def expired(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what is about an entry that is over, or that the customer has had."""
    names = [n for n, practice in basis.practices.items() if practice.event in _ENTRY_EVENTS]
    about = rows.filter(pl.col("practice").is_in(names))
    over = {entry.slug: day for entry in basis.entries if (day := _over(entry, basis.day))}
    words = pl.format("'{}' was over on {}", "key", pl.col("key").replace_strict(over, default=""))
    had = basis.of(about, "had")["had"].list.contains(about["key"]).fill_null(value=False)
    return (
        about.with_columns(_had=had)
        .select(
            "row",
            "idx",
            skipped_because=pl.when(pl.col("key").is_in(list(over)))
            .then(words)
            .when("_had")
            .then(pl.format("has had '{}' already", "key")),
        )
        .drop_nulls("skipped_because")
    )


def _over(entry: Entry, day: dt.date) -> str:
    """Return the last day of an entry that is over; empty: it is not."""
    moment = (entry.ends or entry.starts) if entry.kind == "event" else None
    last = moment.date() if moment else entry.expires
    return str(last) if last and last < day else ""


def had(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what the history holds: once is enough."""
    done = _done(basis)
    own = ["idx", "practice", "key"]
    keyed = (
        done.drop_nulls("key").group_by(own).agg(pl.col("date", "channel").sort_by("date").last())
    )
    whole = (
        done.filter(pl.col("key").is_null())
        .group_by("idx", "practice")
        .agg(pl.col("date", "channel").sort_by("date").last())
    )
    by_key = rows.join(keyed, on=own, suffix="_done")
    by_day = rows.join(whole, on=["idx", "practice"], suffix="_done").filter(
        pl.col("arrives") <= pl.col("date")
    )
    held = pl.concat([by_key, by_day.select(by_key.columns)]).unique(
        "row", keep="first", maintain_order=True
    )
    return held.with_columns(skipped_because=_done_on())


def _done(basis: Basis) -> pl.DataFrame:
    names = list(basis.practices)
    held = (pl.col("outcome") != NOT_REACHED).fill_null(value=True)
    done = basis.history.filter(held, pl.col("practice").is_in(names))
    return done.select("idx", pl.col("practice").cast(pl.Enum(names)), "key", "date", "channel")


def _done_on() -> pl.Expr:
    day = pl.format(" on {}", pl.col("date").cast(pl.String)).fill_null("")
    channel = pl.format(" ({})", "channel_done").fill_null("")
    return pl.format("done already{}{}", day, channel)


def too_late(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what its `until` has passed for."""
    held = rows.filter(pl.col("last_day") < basis.day)
    return held.with_columns(skipped_because=pl.format("its time was over on {}", "last_day"))


def after(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what comes after another practice that has not been done."""
    before = {name: p.after for name, p in basis.practices.items() if p.after}
    waiting = rows.filter(pl.col("practice").is_in(list(before))).with_columns(
        _first=pl.col("practice").cast(pl.String).replace_strict(before, return_dtype=pl.String)
    )
    done = _done(basis).select("idx", pl.col("practice").cast(pl.String))
    held = waiting.join(done, left_on=["idx", "_first"], right_on=["idx", "practice"], how="anti")
    words = pl.format("comes after {}, which has not been done yet", "_first")
    return held.with_columns(skipped_because=words)
