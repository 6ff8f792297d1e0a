"""What was done before, what is over, and what must wait for another practice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from newsletter.model.entry import Entry
from newsletter.model.tables import NOT_REACHED
from newsletter.plan.etiquette.evidence import Basis


def expired(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows about an entry that is over, or that the customer has had."""
    about = basis.of(rows.filter(pl.col("slug").is_not_null()), "had")
    kinds = {name: practice.event for name, practice in basis.practices.items()}
    kind = pl.col("practice").cast(pl.String).replace_strict(kinds, return_dtype=pl.String)
    table = about.with_columns(_kind=kind).join(
        _over(basis.entries, basis.day), on=["_kind", "slug"], how="left", maintain_order="left"
    )
    has_had = pl.col("had").list.contains(pl.col("slug"))
    words = pl.coalesce(
        pl.format("'{}' was over on {}", "slug", "_over"),
        pl.when(has_had).then(pl.format("has had '{}' already", "slug")),
    )
    return table.with_columns(skipped_because=words).drop_nulls("skipped_because")


def _over(entries: Iterable[Entry], day: dt.date) -> pl.DataFrame:
    """Return kind, slug and last day of the entries that are over."""
    rows = [
        (entry.kind, entry.slug, str(last))
        for entry in entries
        if (last := _last_day(entry)) and last < day
    ]
    schema = ["_kind", "slug", "_over"]
    table = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String()), orient="row")
    return table.unique(["_kind", "slug"], keep="first", maintain_order=True)  # translations


def _last_day(entry: Entry) -> dt.date | None:
    moment = (entry.ends or entry.starts) if entry.kind == "event" else None
    return moment.date() if moment else entry.expires


def had(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows that the history holds as done."""
    done = _done(basis)
    own = ["idx", "practice", "key"]
    keyed = (
        done.drop_nulls("key")
        .group_by(own)
        .agg(pl.col("date", "channel").sort_by("date", "channel").last())
    )
    whole = (
        done.filter(pl.col("key").is_null())
        .group_by("idx", "practice")
        .agg(pl.col("date", "channel").sort_by("date", "channel").last())
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
    """Hold the rows whose last day has passed."""
    held = rows.filter(pl.col("last_day") < basis.day)
    return held.with_columns(skipped_because=pl.format("its time was over on {}", "last_day"))


def after(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows of practices that wait for another one that has not been done."""
    before = {name: p.after for name, p in basis.practices.items() if p.after}
    waiting = rows.filter(pl.col("practice").is_in(list(before))).with_columns(
        _first=pl.col("practice").cast(pl.String).replace_strict(before, return_dtype=pl.String)
    )
    done = _done(basis).select("idx", pl.col("practice").cast(pl.String))
    held = waiting.join(done, left_on=["idx", "_first"], right_on=["idx", "practice"], how="anti")
    words = pl.format("comes after {}, which has not been done yet", "_first")
    return held.with_columns(skipped_because=words)
