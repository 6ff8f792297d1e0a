"""At most so many touchpoints in so many days, for each customer, account and channel."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.channels import CHANNELS
from newsletter.model.config import Cap
from newsletter.model.reasons import Reasons
from newsletter.plan.etiquette.evidence import Basis

NOBODY = pl.DataFrame(
    schema={"row": pl.UInt32(), "idx": pl.UInt32(), "skipped_because": pl.String()}
)
"""No row is held."""


def cap(rows: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Hold rows that would exceed a cap, given what went out; owed rows do not count."""
    due = basis.subject_to("cap", rows).filter(~pl.col("owed"))
    table = basis.of(due, "account").with_columns(_place=pl.lit(1))
    caps = basis.config.etiquette.caps
    return _first([_over(table, basis.touches, limit, basis) for limit in caps])


def crowded(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Hold rows that would exceed their account's cap, after *touches* and the rows before them.

    *rows* are in the order of precedence, one for each customer. Each has room by itself.
    """
    table = basis.of(basis.subject_to("cap", rows).filter(~pl.col("owed")), "account")
    table = table.filter(pl.col("account").is_not_null())
    if table.is_empty():
        return NOBODY
    table = table.with_columns(_place=pl.int_range(1, pl.len() + 1).over("account"))
    caps = [limit for limit in basis.config.etiquette.caps if limit.per == "account"]
    return _first([_over(table, touches, limit, basis) for limit in caps])


def free_on(rows: pl.DataFrame, touches: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return *rows* with `free`: the first day on which no cap is full; null: today."""
    if rows.is_empty():
        return rows.with_columns(free=pl.lit(None, dtype=pl.Date()))
    table = basis.of(rows, "account")
    days = []
    for number, limit in enumerate(basis.config.etiquette.caps):
        full = full_until(touched(touches, basis, limit), limit, name=f"_free{number}")
        if full.is_empty():
            continue
        table = table.join(full, on=whose(limit), how="left", maintain_order="left")
        days.append(pl.when(concerns(limit) & ~pl.col("owed")).then(f"_free{number}"))
    free = pl.max_horizontal(*days) if days else pl.lit(None, dtype=pl.Date())
    return table.with_columns(free=free).select(*rows.columns, "free")


def _first(held: list[pl.DataFrame]) -> pl.DataFrame:
    """Return each held row once, with the reason of the first cap."""
    some = [rows for rows in held if rows.height]
    if not some:
        return NOBODY
    return pl.concat(some).unique("row", keep="first", maintain_order=True)


def whose(limit: Cap) -> str:
    """Return the column by which the touches of a cap are counted."""
    return "account" if limit.per == "account" else "idx"


def concerns(limit: Cap) -> pl.Expr:
    """Return whether a cap counts the row (with `account` and `channel`)."""
    if limit.per == "customer":
        return pl.lit(value=True)
    if limit.per == "account":
        return pl.col("account").is_not_null()
    return (pl.col("channel") == limit.per).fill_null(value=False)


def touched(touches: pl.DataFrame, basis: Basis, limit: Cap) -> pl.DataFrame:
    """Return the touches that count for a cap today."""
    since = basis.day - dt.timedelta(days=limit.days - 1)
    return basis.of(touches.filter(pl.col("date") >= since), "account").filter(concerns(limit))


def _left(past: pl.DataFrame, limit: Cap) -> pl.DataFrame:
    """Return `_left`: how many more each may get. Leaves out those without touches."""
    left = limit.most - pl.len().cast(pl.Int64)
    return past.group_by(whose(limit)).agg(left.alias("_left"))


def full_until(past: pl.DataFrame, limit: Cap, *, name: str) -> pl.DataFrame:
    """Return, as column *name*, when those without room after *past* touches have room again."""
    # A cap stays full until its `most`-th latest touch leaves the window.
    last = pl.col("date").sort(descending=True).get(limit.most - 1, null_on_oob=True)
    ends = past.group_by(whose(limit)).agg((last + pl.duration(days=limit.days)).alias(name))
    return ends.drop_nulls(name)


def _over(rows: pl.DataFrame, touches: pl.DataFrame, limit: Cap, basis: Basis) -> pl.DataFrame:
    """Hold rows whose `_place` among those of the day exceeds what is left of the cap."""
    by, past = whose(limit), touched(touches, basis, limit)
    table = rows.filter(concerns(limit)).join(
        _left(past, limit), on=by, how="left", maintain_order="left"
    )
    left = pl.col("_left").fill_null(limit.most)
    held = table.filter(pl.col("_place") > left)
    if held.is_empty():
        return NOBODY
    earlier = _touch_list(past.join(held, on=by, how="semi"), limit, basis)
    held = held.join(earlier, on=by, how="left", maintain_order="left")
    today = pl.when(left > 0).then(basis.told("others_first"))
    why = pl.concat_str("_touches", today, separator=", ", ignore_nulls=True)
    rule = pl.lit(cap_in_words(limit, basis.reasons))
    reason = basis.told("detailed", what=rule, detail=why)
    return held.select("row", "idx", skipped_because=reason)


def cap_in_words(limit: Cap, reasons: Reasons) -> str:
    """Return the cap as reasons tell it: at most 2 in 14 days."""
    text = reasons.etiquette.get(f"cap_{limit.per}", reasons.etiquette["cap_channel"])
    kind = CHANNELS.get(limit.per)
    noun = reasons.of_channel(kind.noun if limit.most == 1 else kind.plural) if kind else ""
    text = text.replace("{number}", str(limit.most)).replace("{channel}", noun)
    return text.replace("{days}", reasons.etiquette_times("days", limit.days))


def _touch_list(past: pl.DataFrame, limit: Cap, basis: Basis) -> pl.DataFrame:
    """Return `_touches`, what fills the cap: 2026-10-28 (birthday), 2026-11-01 (call)."""
    whom = pl.format(", {}", "name") if limit.per == "account" else pl.lit("")
    each = pl.format("{} ({}{})", basis.day_in_words("date"), basis.title(), whom)
    ordered = basis.of(past, "name").sort("date", "practice", "idx")
    return (
        ordered.group_by(whose(limit), maintain_order=True)
        .agg(each.alias("_touches"))
        .with_columns(pl.col("_touches").list.join(", "))
    )
