"""At most so many touchpoints in so many days, for each customer, account and channel."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.config import Cap
from newsletter.plan.etiquette.basis import Basis

NOUNS = {
    "email": "email",
    "letter": "letter",
    "call": "call",
    "handwritten": "handwritten note",
    "text": "text message",
    "visit": "visit",
}


def cap(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold what would be one too many with what went out; owed touchpoints are exempt."""
    return over_caps(rows, basis.touches(), basis, rank=pl.lit(1))


def over_caps(
    rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis, *, rank: pl.Expr | None = None
) -> pl.DataFrame:
    """
    Hold each row that no room is left for beside *touches* (TOUCHES) and the rows before it.

    *rows* stand in the order of precedence. *rank* replaces a row's place among those of its
    customer or account.
    """
    table = basis.of(rows.filter(~pl.col("owed")), "account")
    held = [_over(table, _touched(touches, basis, c), c, basis, rank) for c in _caps(basis)]
    nothing = table.clear().select("row", "idx", skipped_because=pl.lit(""))
    return pl.concat([nothing, *held]).unique("row", keep="first", maintain_order=True)


def free_on(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return *rows* with `free`: the first day on which no cap is in the way; null: today is."""
    table = basis.of(rows, "account")
    days = []
    for number, one in enumerate(_caps(basis)):
        day, by = f"_free{number}", _by(one)
        full = _room(_touched(touches, basis, one), one).filter(pl.col("_left") <= 0)
        ends = full.select(by, (pl.col("_ends")).alias(day))
        table = table.join(ends, on=by, how="left", maintain_order="left")
        days.append(pl.when(_concerns(one) & ~pl.col("owed")).then(day))
    free = pl.max_horizontal(*days) if days else pl.lit(None, dtype=pl.Date())
    return table.with_columns(free=free).select(*rows.columns, "free")


def _caps(basis: Basis) -> tuple[Cap, ...]:
    return basis.config.etiquette.caps


def _by(one: Cap) -> str:
    return "account" if one.per == "account" else "idx"


def _concerns(one: Cap) -> pl.Expr:
    if one.per == "customer":
        return pl.lit(value=True)
    if one.per == "account":
        return pl.col("account").is_not_null()
    return (pl.col("channel") == one.per).fill_null(value=False)


def _touched(touches: pl.DataFrame, basis: Basis, one: Cap) -> pl.DataFrame:
    """Return the touches that count for a cap today."""
    since = basis.day - dt.timedelta(days=one.days - 1)
    return basis.of(touches.filter(pl.col("date") >= since), "account", "name").filter(
        _concerns(one)
    )


def _room(touched: pl.DataFrame, one: Cap) -> pl.DataFrame:
    """Return what is left of a cap for whom it counts, and the day on which one is free again."""
    newest = pl.col("date").sort(descending=True)
    last = newest.get(one.most - 1, null_on_oob=True)  # while it is in the window, all is full
    return touched.group_by(_by(one)).agg(
        (one.most - pl.len().cast(pl.Int64)).alias("_left"),
        (last + pl.duration(days=one.days)).alias("_ends"),
    )


def _over(
    rows: pl.DataFrame, touched: pl.DataFrame, one: Cap, basis: Basis, rank: pl.Expr | None
) -> pl.DataFrame:
    by = _by(one)
    mine = rows.filter(_concerns(one))
    if rank is None:
        # Only here a customer or account that nothing went to may be full: by the rows themselves.
        place = pl.int_range(1, pl.len() + 1).over(by)
        mine = mine.with_columns(_place=place)
    else:
        mine = mine.with_columns(_place=rank)
    room = _room(touched, one).select(by, "_left")
    table = mine.join(room, on=by, how="left", maintain_order="left")
    held = table.filter(pl.col("_place") > pl.col("_left").fill_null(one.most))
    told = _told(touched.join(held, on=by, how="semi"), one)
    held = held.join(told, on=by, how="left", maintain_order="left")
    today = pl.when(pl.col("_left").fill_null(one.most) > 0).then(
        pl.lit("others come first today")
    )
    why = pl.concat_str("_told", today, separator=", ", ignore_nulls=True)
    words = pl.format("{}: {}", pl.lit(_limit(one)), why)
    return held.select("row", "idx", skipped_because=words)


def _limit(one: Cap) -> str:
    if one.per == "customer":
        return f"at most {one.most} in {one.days} days"
    if one.per == "account":
        return f"at most {one.most} in {one.days} days for the account"
    noun = NOUNS[one.per] if one.most == 1 else f"{NOUNS[one.per]}s"
    return f"at most {one.most} {noun} in {one.days} days"


def _told(touched: pl.DataFrame, one: Cap) -> pl.DataFrame:
    """Return what stands in the way, in words: 2026-10-28 (birthday), 2026-11-01 (call)."""
    whom = pl.format(", {}", "name") if one.per == "account" else pl.lit("")
    each = pl.format("{} ({}{})", "date", pl.col("practice").fill_null("contact"), whom)
    ordered = touched.sort("date", "practice", "idx")
    return (
        ordered.group_by(_by(one), maintain_order=True)
        .agg(each.alias("_told"))
        .with_columns(pl.col("_told").list.join(", "))
    )
