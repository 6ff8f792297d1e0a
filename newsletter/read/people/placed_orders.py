"""Which rows of orders are orders: not those cancelled, refunded, returned or not yet paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from newsletter.read.people.findings import ROW, Findings, ReadingOptions
from newsletter.read.people.header_names import key
from newsletter.read.people.raw_tables import Match, RawTable
from newsletter.read.people.values.numbers import all_numbers, read_number
from newsletter.read.people.values.order_status import (
    NONE,
    REFUND,
    is_document_type,
    read_cancelled,
    read_meanings,
    read_unpaid,
    remark_partly_refunded,
    says_yes_or_no,
)

_STATUS = ("status", "payment_status", "document_type")
_ORDER, _FURTHER = "\0order", "\0further"


def with_further_rows(raw: RawTable, matches: Sequence[Match]) -> RawTable:
    """
    Return the table with customer, day and status in all rows of an order.

    Shopify writes them in the first of several rows only; the others have no amount either.
    """
    cells = _with_order(raw.cells, raw, matches)
    if not cells[_FURTHER].any():
        return raw
    shared = _headers(matches, "customer", "date", *_STATUS, "cancelled", "paid")
    filled = [
        pl.when(_FURTHER)
        .then(pl.coalesce(header, pl.col(header).drop_nulls().first().over(_ORDER)))
        .otherwise(header)
        .alias(header)
        for header in shared
    ]
    return replace(raw, cells=cells.with_columns(filled).drop(_ORDER, _FURTHER))


def without_repeated_totals(
    raw: RawTable, matches: Sequence[Match], findings: Findings
) -> RawTable:
    """
    Return the table with the total of an order in its first row only, with a remark.

    Exports with a row for each item, such as those of WooCommerce, repeat it in each of them.
    """
    totals = [header for header in _headers(matches, "amount") if _TOTAL.search(key(header))]
    if not totals or not _headers(matches, "order_number"):
        return raw
    amount = pl.col(totals[0])
    order = [_ORDER, *_headers(matches, "customer", "date")]
    is_one_total = pl.col(_ORDER).is_not_null() & (amount.n_unique().over(order) == 1)
    again = is_one_total & amount.is_not_null() & (pl.int_range(pl.len()).over(order) > 0)
    marked = _with_order(raw.cells, raw, matches).with_columns(again=again)
    if not (rows := marked["again"].sum()):
        return raw
    what = f"the total of an order stands in {rows:,} further rows of it and counts once"
    findings.of_columns(f"column '{totals[0]}': {what}")
    once = pl.when(~pl.col("again")).then(amount).alias(totals[0])
    return replace(raw, cells=marked.with_columns(once).drop("again", _ORDER, _FURTHER))


_TOTAL = re.compile(r"^(?!.*(?:item|line|unit|position|artikel|produ)).*(?:total|gesamt|summe)")
"""A header, as by `key`, of the amount of a whole order."""


def placed_orders(
    frame: pl.DataFrame,
    raw: RawTable,
    matches: Sequence[Match],
    *,
    options: ReadingOptions,
    findings: Findings,
) -> pl.DataFrame:
    """
    Return the rows of *frame*, read from *raw*, that are orders or refunds.

    The amount of an order is what was not paid back of it. A negative amount is a refund, whatever
    its status.
    """
    if not _headers(matches, *_STATUS, "cancelled", "paid", "refunded"):
        return frame
    said = _said(raw, matches, options=options, findings=findings)
    amount = frame["amount"] if "amount" in frame.columns else pl.lit(None, pl.Float64)
    judged = said.with_columns(amount=amount).with_columns(none=_is_none(), amount=_kept_amount())
    whole = _with_order(frame.with_columns(judged["none"], judged["amount"]), raw, matches)
    # The further rows of an order that was paid back go with it.
    with_it = pl.col(_FURTHER) & pl.col("none").any().over(_ORDER)
    whole = whole.with_columns(none=pl.col("none") | with_it)
    bad = [fault.row for fault in findings.faults]
    findings.no_orders = whole.filter("none", ~pl.col(ROW).is_in(bad)).height
    return whole.filter(~pl.col("none")).select(frame.columns)


def remark_missing(raw: RawTable, matches: Sequence[Match], findings: Findings) -> None:
    """Remark that no column has the days of orders, or that one has amounts but is not read so."""
    fields = {match.field for match in matches}
    if "date" not in fields:
        message = "no column was read as the day of the orders, so they count for nothing"
        findings.of_columns(message, hint=_NAME_IT.format("orders.date: HEADER"))
    further = [match.header for match in matches if not match.is_ours]
    money = next((h for h in further if _has_amounts(raw.column(h).text)), None)
    if money and "amount" not in fields:
        message = "no column was read as the amount, so no order is worth anything"
        findings.of_columns(message, hint=_NAME_IT.format(f"orders.amount: {money}"))


_NAME_IT = "name it in newsletter.yml: columns: {{{}}}"


def _has_amounts(text: pl.Series) -> bool:
    few = text.drop_nulls().head(200)
    return all_numbers(few) and bool(few.str.contains(r"[.,]\d\d\b|[€$£]").any())


def _said(
    raw: RawTable, matches: Sequence[Match], *, options: ReadingOptions, findings: Findings
) -> pl.DataFrame:
    """Return whether each row is said to be none, or a refund, and what was refunded of it."""
    none = refund = pl.repeat(False, raw.cells.height, dtype=pl.Boolean, eager=True)
    refunded = pl.zeros(raw.cells.height, eager=True)
    amounts_refunded = _headers(matches, "refunded")
    for match in matches:
        column = raw.column(match.header)
        if match.field == "document_type" and not is_document_type(column):
            continue
        if match.field in _STATUS:
            stated = options.order_status
            meanings = read_meanings(column, match.field, stated, findings=findings)
            none |= (meanings == NONE).fill_null(value=False)
            refund |= (meanings == REFUND).fill_null(value=False)
            if not amounts_refunded:
                remark_partly_refunded(column, meanings, findings)
        elif match.field == "paid":
            none |= read_unpaid(column, findings)
        elif match.field == "cancelled" or (match.field == "refunded" and says_yes_or_no(column)):
            none |= read_cancelled(column, findings)
        elif match.field == "refunded":
            refunded += read_number(column, findings).values.abs().fill_null(0)
    return pl.DataFrame({"none": none, "refund": refund, "refunded": refunded})


def _is_none() -> pl.Expr:
    """Return whether a row is no order, by amount and what is said of it."""
    amount, refunded = pl.col("amount"), pl.col("refunded")
    is_back = pl.col("refund") | (amount < 0).fill_null(value=False)
    paid_back = ((refunded > 0) & (refunded >= amount)).fill_null(value=False)
    return (pl.col("none") | paid_back) & ~is_back | (pl.col("refund") & amount.is_null())


def _kept_amount() -> pl.Expr:
    """Return the amount less what was refunded of it; that of a refund is negative."""
    amount, refunded = pl.col("amount"), pl.col("refunded")
    rest = pl.when((refunded > 0) & (amount > 0)).then((amount - refunded).round(2))
    return pl.when("refund").then(-amount.abs()).otherwise(pl.coalesce(rest, amount))


def _with_order(frame: pl.DataFrame, raw: RawTable, matches: Sequence[Match]) -> pl.DataFrame:
    """Add the number of the order, and whether only another row of it has the amount."""
    numbers = sorted(
        (match.rank, match.header) for match in matches if match.field == "order_number"
    )
    amounts = _headers(matches, "amount")
    if not numbers or not amounts:
        return frame.with_columns(pl.lit(None).alias(_ORDER), pl.lit(value=False).alias(_FURTHER))
    number = pl.col(numbers[0][1])
    order = pl.when(number.str.contains(r"\d")).then(number)  # else it is somebody's name
    further = pl.all_horizontal(order.is_not_null(), pl.col(amounts).is_null())
    return frame.hstack(raw.cells.select(order.alias(_ORDER), further.alias(_FURTHER)))


def _headers(matches: Sequence[Match], *fields: str) -> list[str]:
    return [match.header for match in matches if match.field in fields]
