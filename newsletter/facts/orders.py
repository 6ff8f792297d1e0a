"""Days and sums of orders, from the table or else the file; contacts of a firm share orders."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, days_before

_SPENT: dict[str, pl.DataType] = {
    "total_spent": pl.Float64(),
}

_DAYS: dict[str, pl.DataType] = {
    "orders_count": pl.Int64(),
    "first_order_date": pl.Date(),
    "last_order": pl.Date(),
    "days_since_first_order": pl.Int64(),
    "days_since_last_order": pl.Int64(),
    "back_after_days": pl.Int64(),
    "usual_month": pl.Int64(),
    "season_missed": pl.Boolean(),
}

_INTERVALS: dict[str, pl.DataType] = {
    "usual_interval_days": pl.Float64(),
    "overdue": pl.Float64(),
}

OWNER = "_owner"
"""Number of the owner of orders: the firm, else the customer."""

DAYS = 1 << 18
"""More than the number of possible days: the years 1611 to 2328."""


def _add_spent(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Set total_spent to the sum of all orders, else to the value of the file."""
    keys, orders = owners(customers), basis.tables["orders"]
    owned = pl.DataFrame([keys.gather(orders["customer"]), orders["amount"]])
    sums = owned.group_by(OWNER).agg(pl.col("amount").sum().round(2).alias("_spent"))
    spent = _of_owners(keys, sums)["_spent"]
    # Without an orders table the sum is unknown, not zero.
    nothing = 0.0 if basis.tables.has_orders else None
    total = pl.coalesce(spent, "total_spent", pl.lit(nothing, dtype=pl.Float64))
    return customers.with_columns(total_spent=total)


def _add_days(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the days of the orders up to today, else those of the file, and the season."""
    keys = owners(customers)
    days = _days(keys, basis.tables["orders"])
    turns, date = runs(days[OWNER]), days["date"]
    before = pl.when(pl.col("len") > 1).then(pl.col("last") - 1)
    ordered = turns.select(
        OWNER,
        pl.col("len").cast(pl.Int64).alias("_count"),
        date.gather(turns["first"]).alias("first_order_date"),
        date.gather(turns["last"]).alias("_last"),
        date.gather(turns.select(before).to_series()).alias("_before"),
    )
    added = customers.hstack(_of_owners(keys, ordered))
    completed = _with_file(added, basis).drop("_count", "_last", "_before")
    return _add_season(completed, keys, days, basis)


def _add_intervals(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the usual interval between orders. Needs days_since_last_order."""
    keys = owners(customers)
    days = _days(keys, basis.tables["orders"])
    gap = pl.col("date").diff().dt.total_days()
    same = pl.col(OWNER) == pl.col(OWNER).shift()
    gaps = days.select(OWNER, usual_interval_days=pl.when(same).then(gap)).drop_nulls()
    usual = gaps.group_by(OWNER).agg(pl.col("usual_interval_days").median())
    late = pl.col("days_since_last_order") / pl.col("usual_interval_days")
    return customers.hstack(_of_owners(keys, usual)).with_columns(overdue=late.round(2))


def _of_owners(keys: pl.Series, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the *facts* of each customer; *facts* has OWNER, *keys* the OWNER of each."""
    owned = pl.DataFrame([keys])
    return owned.join(facts, on=OWNER, how="left", maintain_order="left").drop(OWNER)


def _days(keys: pl.Series, orders: pl.DataFrame) -> pl.DataFrame:
    """Return OWNER and each day with an order, sorted; *keys* has the OWNER of each customer."""
    owned = pl.DataFrame([keys.gather(orders["customer"]), orders["date"], orders["amount"]])
    # A missing key is dropped. A filter would copy all columns of a long table first.
    return distinct(owned, pl.when(no_refund()).then(OWNER))


def owners(customers: pl.DataFrame) -> pl.Series:
    """Return the OWNER of each customer; contacts of an account share one."""
    firm, row = pl.col("account"), pl.col(OWNER).cast(pl.Int64)
    first = pl.when(firm.is_null()).then(row).otherwise(row.min().over(firm))
    return pl.DataFrame([customers["account"]]).with_row_index(OWNER).select(first)[OWNER]


def no_refund() -> pl.Expr:
    """Return whether a row is an order and no refund; refunds have negative amounts."""
    return ~(pl.col("amount") < 0).fill_null(value=False)


def kept(orders: pl.DataFrame) -> pl.DataFrame:
    """
    Return the orders without refunds, and without what was brought back.

    A refund takes back the last order of that customer with its product and amount that is not
    taken back yet. A refund of another amount, as of a part, takes back none.
    """
    refunds = orders.filter(~no_refund())
    if refunds.is_empty():
        return orders
    rows = orders.with_row_index("_row").with_columns(_price=pl.col("amount").abs())
    alike = ["customer", "product", "_price"]
    taken = refunds.select("customer", "product", _price=-pl.col("amount")).unique()
    concerned = rows.join(taken, on=alike, how="semi", nulls_equal=True)
    step = pl.when(no_refund()).then(1).otherwise(-1)
    # As with brackets: an order is taken back if its level is left again.
    level = step.cum_sum().over(alike)
    in_order = concerned.sort("date", step, descending=[False, True], maintain_order=True)
    levels = in_order.with_columns(_level=level).with_columns(
        _lowest=pl.col("_level").cum_min(reverse=True).over(alike)
    )
    gone = levels.filter(no_refund(), pl.col("_lowest") < pl.col("_level"))["_row"]
    return rows.filter(no_refund(), ~pl.col("_row").is_in(gone.implode())).select(orders.columns)


def distinct(orders: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    """
    Return the distinct pairs of *key*, a whole number, and date, sorted; null keys are dropped.

    Key and date are packed into one number, which sorts four times as fast as two columns.
    """
    packed = key * DAYS + pl.col("date").to_physical() + DAYS // 2
    number = pl.col("number")
    ordered = orders.select(number=packed.drop_nulls().sort())
    once = ordered.filter(number.ne_missing(number.shift()))
    day = (number % DAYS - DAYS // 2).cast(pl.Int32).cast(pl.Date)
    return once.select((number // DAYS).set_sorted().alias(OWNER), date=day)


def runs(keys: pl.Series) -> pl.DataFrame:
    """Return OWNER, len, and the first and last row of each run of the sorted *keys*."""
    counted = keys.rle().struct.unnest().rename({"value": OWNER})
    end = pl.col("len").cast(pl.Int64).cum_sum()
    return counted.with_columns(first=end - pl.col("len"), last=end - 1)


def _with_file(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Complete the facts of the orders table from the customer file."""
    today = basis.today
    # Without an orders table the count is unknown, not zero.
    zero = 0 if basis.tables.has_orders else None
    stated = pl.when(pl.col("last_order") <= pl.lit(today)).then("last_order")
    last = pl.coalesce("_last", stated)
    # An orders table begun only lately lacks earlier orders.
    earlier = (stated < pl.col("first_order_date")).fill_null(value=False)
    nothing = pl.when(last.is_null()).then(pl.lit(zero, dtype=pl.Int64))
    return customers.with_columns(
        pl.coalesce(pl.col("_count") + earlier, "orders_count", nothing).alias("orders_count"),
        last.alias("last_order"),
        days_since_first_order=days_before(today, pl.col("first_order_date")),
        days_since_last_order=days_before(today, last),
        back_after_days=(pl.col("_last") - pl.col("_before")).dt.total_days(),
    )


def _add_season(
    customers: pl.DataFrame, keys: pl.Series, days: pl.DataFrame, basis: FactsBasis
) -> pl.DataFrame:
    """
    Add the month in which they come each year, and whether they missed it. Needs last_order.

    All orders of such customers are in one month or the months beside it, in at least two years
    and in every year from the first to the last.
    """
    added = customers.hstack(_of_owners(keys, _seasonal(_with_long_pauses(days))))
    # Next year's month and the month after it.
    over = pl.col("last_order").dt.month_start().dt.offset_by("14mo") <= pl.lit(basis.today)
    comes = pl.col("_comes").fill_null(value=False)
    return added.with_columns(
        usual_month=pl.when(comes).then(pl.col("last_order").dt.month().cast(pl.Int64)),
        season_missed=comes & over.fill_null(value=False),
    ).drop("_comes")


def _seasonal(days: pl.DataFrame) -> pl.DataFrame:
    """Return OWNER and `_comes`, true, of those who come in the same season of each year."""
    turns, date = runs(days[OWNER]), pl.col("date")
    latest = turns["last"].repeat_by(turns["len"]).explode()
    months = days.select(OWNER, months=date.dt.year() * 12 + date.dt.month().cast(pl.Int32))
    ago = months["months"] - months["months"].gather(latest)
    # Half a year to either side of the last order's month belongs to the same season.
    season = (ago + 6) // 12
    placed = pl.DataFrame(
        [months[OWNER], season.alias("season"), (ago - season * 12).alias("off")]
    )
    year = pl.col("season")
    seasonal = placed.group_by(OWNER).agg(
        _together=(pl.col("off").abs() <= 1).all(),
        _every_year=(year.diff() != 0).sum().cast(pl.Int32) == -year.min(),
        _years=1 - year.min(),
    )
    comes = pl.col("_together") & pl.col("_every_year") & (pl.col("_years") >= 2)
    return seasonal.filter(comes).select(OWNER, _comes=pl.lit(value=True))


def _with_long_pauses(days: pl.DataFrame) -> pl.DataFrame:
    """
    Return the *days* of owners who ordered in two seasons at least, with a long pause between.

    Leaves out the others, who are most customers, by the gaps between their orders alone. Two
    days of three months in a row are at most 91 apart, those of two seasons at least 274.
    """
    turns = runs(days[OWNER])
    number = days["date"].to_physical()
    first, last = turns["first"], turns["last"]
    # The gap before an owner's first order is not between two of them.
    odd = number.diff().is_between(92, 273).fill_null(value=False).cast(pl.UInt32).cum_sum()
    length = number.gather(last) - number.gather(first)
    chosen = turns.filter((odd.gather(last) == odd.gather(first)) & (length >= 274))
    rows = pl.int_ranges(chosen["first"], chosen["last"] + 1, eager=True).explode()
    return days[rows]


SPENT = Source(name="orders", facts=_SPENT, add=_add_spent)
DAYS_ORDERED = Source(name="orders", facts=_DAYS, nobody={"season_missed": False}, add=_add_days)
INTERVALS = Source(
    name="orders", facts=_INTERVALS, add=_add_intervals, needs=("days_since_last_order",)
)
