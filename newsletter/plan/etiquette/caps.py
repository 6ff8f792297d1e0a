"""At most so many touchpoints in so many days, for each customer, account and channel."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.channels import CHANNELS
from newsletter.model.config import Cap
from newsletter.plan.etiquette.evidence import Basis


def cap(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold the rows that would exceed a cap with what went out; owed rows count for none."""
    due = basis.subject_to("cap", rows).filter(~pl.col("owed"))
    table = basis.of(due, "account").with_columns(_place=pl.lit(1))
    caps = basis.config.etiquette.caps
    return _first([_over(table, basis.touches, one, basis) for one in caps])


def crowded(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Hold the rows that would exceed the cap of their account with *touches* and earlier rows.

    *rows* stand in the order of precedence, one for each customer. Each alone has room.
    """
    table = basis.of(basis.subject_to("cap", rows).filter(~pl.col("owed")), "account")
    table = table.filter(pl.col("account").is_not_null())
    if table.is_empty():
        return _NOBODY
    table = table.with_columns(_place=pl.int_range(1, pl.len() + 1).over("account"))
    caps = [one for one in basis.config.etiquette.caps if one.per == "account"]
    return _first([_over(table, touches, one, basis) for one in caps])


def free_on(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return *rows* with `free`: the first day on which no cap is full; null: today."""
    if rows.is_empty():
        return rows.with_columns(free=pl.lit(None, dtype=pl.Date()))
    table = basis.of(rows, "account")
    days = []
    for number, one in enumerate(basis.config.etiquette.caps):
        full = _ends(_touched(touches, basis, one), one, name=f"_free{number}")
        if full.is_empty():
            continue
        table = table.join(full, on=_by(one), how="left", maintain_order="left")
        days.append(pl.when(_concerns(one) & ~pl.col("owed")).then(f"_free{number}"))
    free = pl.max_horizontal(*days) if days else pl.lit(None, dtype=pl.Date())
    return table.with_columns(free=free).select(*rows.columns, "free")


def _first(held: list[pl.DataFrame]) -> pl.DataFrame:
    """Return each row that a cap holds once, with the words of the first one."""
    some = [rows for rows in held if rows.height]
    if not some:
        return _NOBODY
    return pl.concat(some).unique("row", keep="first", maintain_order=True)


_NOBODY = pl.DataFrame(
    schema={"row": pl.UInt32(), "idx": pl.UInt32(), "skipped_because": pl.String()}
)


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
    return basis.of(touches.filter(pl.col("date") >= since), "account").filter(_concerns(one))


def _left(touched: pl.DataFrame, one: Cap) -> pl.DataFrame:
    """Return how many more there may be for whom something counts already."""
    left = one.most - pl.len().cast(pl.Int64)
    return touched.group_by(_by(one)).agg(left.alias("_left"))


def _ends(touched: pl.DataFrame, one: Cap, *, name: str) -> pl.DataFrame:
    """Return for whom there is no room the day, of that *name*, on which there will be."""
    # While the last of so many is in the window, nothing else may be.
    last = pl.col("date").sort(descending=True).get(one.most - 1, null_on_oob=True)
    ends = touched.group_by(_by(one)).agg((last + pl.duration(days=one.days)).alias(name))
    return ends.drop_nulls(name)


def _over(rows: pl.DataFrame, touches: pl.DataFrame, one: Cap, basis: Basis) -> pl.DataFrame:
    """Hold the rows whose `_place` among those of the day is beyond what is left of the cap."""
    by, touched = _by(one), _touched(touches, basis, one)
    table = rows.filter(_concerns(one)).join(
        _left(touched, one), on=by, how="left", maintain_order="left"
    )
    left = pl.col("_left").fill_null(one.most)
    held = table.filter(pl.col("_place") > left)
    if held.is_empty():
        return _NOBODY
    told = _told(touched.join(held, on=by, how="semi"), one, basis)
    held = held.join(told, on=by, how="left", maintain_order="left")
    today = pl.when(left > 0).then(pl.lit("others come first today"))
    why = pl.concat_str("_told", today, separator=", ", ignore_nulls=True)
    words = pl.format("{}: {}", pl.lit(_limit(one)), why)
    return held.select("row", "idx", skipped_because=words)


def _limit(one: Cap) -> str:
    if one.per == "customer":
        return f"at most {one.most} in {one.days} days"
    if one.per == "account":
        return f"at most {one.most} in {one.days} days for the account"
    kind = CHANNELS[one.per]
    noun = kind.noun if one.most == 1 else kind.plural
    return f"at most {one.most} {noun} in {one.days} days"


def _told(touched: pl.DataFrame, one: Cap, basis: Basis) -> pl.DataFrame:
    """Return what stands in the way, in words: 2026-10-28 (birthday), 2026-11-01 (call)."""
    whom = pl.format(", {}", "name") if one.per == "account" else pl.lit("")
    each = pl.format("{} ({}{})", "date", pl.col("practice").fill_null("contact"), whom)
    ordered = basis.of(touched, "name").sort("date", "practice", "idx")
    return (
        ordered.group_by(_by(one), maintain_order=True)
        .agg(each.alias("_told"))
        .with_columns(pl.col("_told").list.join(", "))
    )
