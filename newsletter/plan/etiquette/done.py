"""Rules for rows that were done before, are over, or must wait for another practice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from newsletter.model.entry import Entry
from newsletter.model.tables import ATTEMPTS, REACHED
from newsletter.plan.due import shift
from newsletter.plan.etiquette.evidence import Basis
from newsletter.plan.joined import done_before
from newsletter.read.list_words import outcomes_in


def expired(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows about an entry that is over, or that the customer has had."""
    about = rows.filter(pl.col("slug").is_not_null())
    kinds = {name: practice.event for name, practice in basis.practices.items()}
    kind = pl.col("practice").cast(pl.String).replace_strict(kinds, return_dtype=pl.String)
    table = about.with_columns(_kind=kind).join(
        _over(basis.entries, basis.day), on=["_kind", "slug"], how="left", maintain_order="left"
    )
    table = table.join(
        basis.had.with_columns(_had=True), on=["idx", "slug"], how="left", maintain_order="left"
    )
    reason = pl.coalesce(
        pl.when(pl.col("_over").is_not_null()).then(
            basis.told("over", entry="slug", date="_over")
        ),
        pl.when("_had").then(basis.told("had", entry="slug")),
    )
    return table.with_columns(skipped_because=reason).drop_nulls("skipped_because")


def _over(entries: Iterable[Entry], day: dt.date) -> pl.DataFrame:
    """Return kind, slug and last day of the entries that are over."""
    rows = [
        (entry.kind, entry.slug, last)
        for entry in entries
        if (last := _last_day(entry)) and last < day
    ]
    schema = {"_kind": pl.String(), "slug": pl.String(), "_over": pl.Date()}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.unique(["_kind", "slug"], keep="first", maintain_order=True)  # translations


def _last_day(entry: Entry) -> dt.date | None:
    moment = (entry.ends or entry.starts) if entry.kind == "event" else None
    return moment.date() if moment else entry.expires


def had(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Hold rows done before, as `done_before` says.

    A promise is proposed until it is kept, so only an email about it is not sent twice.
    Holds rows of `once_per: 365 days` that were done within this span, and of `most: 2` that were
    done as often without an answer.
    """
    held = [_done_before(rows, basis), _done_lately(rows, basis), _unanswered(rows, basis)]
    return pl.concat(held).unique("row", keep="first", maintain_order=True)


def _done_before(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    done = rows.join(_done(basis), on=["idx", "practice"], suffix="_done")
    promises = [name for name, practice in basis.practices.items() if practice.event == "promise"]
    emailed = (pl.col("channel") == "email") & (pl.col("channel_done") == "email")
    is_promise = pl.col("practice").cast(pl.String).is_in(promises)
    done = done.filter(~is_promise | emailed.fill_null(value=False))
    same = done.filter(done_before(basis.practices.values()))
    last = same.sort(pl.col("key_done").is_not_null(), "date", "channel_done")
    held = last.unique("row", keep="last", maintain_order=True)
    return held.select("row", "idx", skipped_because=_done_on(basis))


def _done_lately(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows whose practice was done within the span of its `once_per`."""
    spans = {name: practice.once_in for name, practice in basis.practices.items()}
    parts = [_NOBODY]
    for name, span in spans.items():
        due = rows.filter(pl.col("practice") == name) if span else rows.clear()
        if not span or due.is_empty():
            continue
        done = _done(basis).filter(pl.col("practice") == name).sort("date", "channel")
        last = done.unique("idx", keep="last", maintain_order=True).select(
            "idx", "date", channel_done="channel", _again=shift(pl.col("date"), span, basis.config)
        )
        held = due.join(last, on="idx", maintain_order="left").filter(pl.col("_again") > basis.day)
        reason = basis.told("not_again", done=_done_on(basis), date="_again")
        parts.append(held.select("row", "idx", skipped_because=reason))
    return pl.concat(parts)


def _unanswered(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows whose practice was done as often as its `most` since we last heard of them."""
    limits = {name: practice.most for name, practice in basis.practices.items() if practice.most}
    due = rows.filter(pl.col("practice").is_in(list(limits)))
    if due.is_empty():
        return _NOBODY
    practice = pl.col("practice").cast(pl.String)
    done = basis.of(_done(basis), "last_heard").filter(
        (pl.col("date") > pl.col("last_heard")).fill_null(value=True)
    )
    times = done.group_by("idx", "practice").agg(_times=pl.len(), _last=pl.col("date").max())
    counted = due.join(times, on=["idx", "practice"], maintain_order="left").with_columns(
        _most=practice.replace_strict(limits, return_dtype=pl.Int64)
    )
    held = counted.filter(pl.col("_times") >= pl.col("_most"))
    reason = basis.told("unanswered", number="_times", date="_last")
    return held.select("row", "idx", skipped_because=reason)


_NOBODY = pl.DataFrame(
    schema={"row": pl.UInt32(), "idx": pl.UInt32(), "skipped_because": pl.String()}
)


def _done(basis: Basis) -> pl.DataFrame:
    names = list(basis.practices)
    done = basis.history.filter(REACHED, pl.col("practice").is_in(names))
    return done.select("idx", pl.col("practice").cast(pl.Enum(names)), "key", "date", "channel")


def _done_on(basis: Basis) -> pl.Expr:
    done, day = basis.told("done"), basis.day_in_words("date")
    dated = (
        pl.when(day.is_null()).then(done).otherwise(basis.told("detailed", what=done, detail=day))
    )
    return dated + basis.channel_in_words("channel_done")


def too_late(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows whose last day has passed."""
    held = rows.filter(pl.col("last_day") < basis.day)
    return held.with_columns(skipped_because=basis.told("too_late", date="last_day"))


def after(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows that come after another practice which has not been done yet."""
    before = {name: p.after for name, p in basis.practices.items() if p.after}
    waiting = rows.filter(pl.col("practice").is_in(list(before))).with_columns(
        _first=pl.col("practice").cast(pl.String).replace_strict(before, return_dtype=pl.String)
    )
    done = _done(basis).select("idx", pl.col("practice").cast(pl.String))
    held = waiting.join(done, left_on=["idx", "_first"], right_on=["idx", "practice"], how="anti")
    reason = basis.told("after", practice=basis.title("_first"))
    return held.with_columns(skipped_because=reason)


def try_again(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows that were tried without success, until the day to try again."""
    tried = next_attempts(rows, basis).filter(pl.col("earliest") > basis.day)
    outcome = pl.col("outcome").replace(outcomes_in(basis.reasons.language))
    again = basis.day_in_words("earliest")
    reason = basis.told("try_again", outcome=outcome, date="date", again=again)
    return rows.join(tried, on="row").with_columns(skipped_because=reason)


def next_attempts(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Return the row, date and outcome of its last attempt, and `earliest`, the day to try again.

    That is the day that was noted, else the wait of the settings later. An attempt recorded
    without a key is one for every row of its practice.
    """
    waits = [
        pl.when(pl.col("outcome") == outcome).then(basis.config.etiquette.try_again.days(outcome))
        for outcome in ATTEMPTS
    ]
    wait = pl.duration(days=pl.coalesce(waits))
    attempts = basis.history.filter(~REACHED).select(
        "idx",
        "date",
        pl.col("practice").cast(pl.String),
        pl.col("outcome").cast(pl.String),
        _key="key",
        earliest=pl.coalesce("again", pl.col("date") + wait),
    )
    named = rows.select("row", "idx", "key", pl.col("practice").cast(pl.String))
    same = (pl.col("key") == pl.col("_key")).fill_null(value=True)
    tried = named.join(attempts, on=["idx", "practice"]).filter(same)
    last = tried.sort("date", "earliest").unique("row", keep="last", maintain_order=True)
    return last.select("row", "date", "outcome", "earliest")
