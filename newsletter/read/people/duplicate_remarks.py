"""Remarks on customers with several rows, on shared addresses and on doubtful ids."""

from __future__ import annotations

import polars as pl

from newsletter.read.people.findings import Findings, quoted, remark_each

GROUP = "\0group"
"""Column with the number of each row's customer."""
_MOST_COLUMNS = 6
_MOST_VALUES = 3
"""Differing columns named for each customer, and values named for each column."""

_HINT = "correct the file if they are two people; the stricter consent counts"


def list_conflicts(named: pl.DataFrame, findings: Findings) -> None:
    """Remark on each customer with several rows: the lines and the values that differ."""
    double = named.filter(named[GROUP].is_duplicated()).sort("row")
    if double.is_empty():
        return
    lines = pl.col("row").cast(pl.String).str.join(" and ").alias("lines")
    merged = double.group_by(GROUP).agg(pl.col("row").min(), lines)
    listed = merged.join(_differing(double), on=GROUP, how="left").sort("row")
    for row, lines_, texts in listed.select("row", "lines", "texts").drop_nulls().iter_rows():
        message = f"lines {lines_} are one customer: {'; '.join(texts[:_MOST_COLUMNS])}"
        findings.remark(message, hint=_HINT, row=row)
    alike = listed.filter(pl.col("texts").is_null()).select("row", "lines")
    remark_each(
        findings,
        ((row, f"lines {lines_} are one customer") for row, lines_ in alike.iter_rows()),
        hint=_HINT,
        others="customers with several rows that do not contradict each other",
    )


def _differing(double: pl.DataFrame) -> pl.DataFrame:
    """Return for each group the `texts` of its differing columns: `city is 'Bonn' in line 9 …`."""
    columns = [
        name
        for name, dtype in double.schema.items()
        if name != "row" and not name.startswith("\0") and not isinstance(dtype, pl.List)
    ]
    texts = [_texts(double, name) for name in columns]
    return pl.concat(texts).group_by(GROUP, maintain_order=True).agg(pl.col("text").alias("texts"))


def _texts(double: pl.DataFrame, name: str) -> pl.DataFrame:
    cells = double.select(GROUP, "row", _shown(double.schema[name], name).alias("value"))
    values = (
        cells.drop_nulls().group_by(GROUP, "value").agg(pl.col("row").min()).sort(GROUP, "row")
    )
    each = pl.format("'{}' in line {}", "value", "row").head(_MOST_VALUES).str.join(" and ")
    joined = values.group_by(GROUP, maintain_order=True).agg(each.alias("text"), pl.len())
    text = pl.lit(f"{name} is ") + pl.col("text")
    return joined.filter(pl.col("len") > 1).select(GROUP, text.alias("text"))


def _shown(dtype: pl.DataType, name: str) -> pl.Expr:
    if dtype == pl.Boolean:
        return pl.col(name).replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    text = pl.col(name).cast(pl.String)
    return text.str.replace_all(r"\s", " ").str.slice(0, 60)


def list_shared_addresses(customers: pl.DataFrame, findings: Findings) -> None:
    """Remark on each address of several customers: they stay separate and get one email."""
    shared = customers.filter(pl.col("email").is_not_null())
    mailbox = pl.col("email").str.to_lowercase()
    shared = shared.filter(mailbox.is_duplicated()).sort("row")
    together = shared.group_by(mailbox.alias("mailbox")).agg(pl.col("row")).sort("mailbox")
    remark_each(
        findings,
        ((rows[0], _shared(address, rows)) for address, rows in together.iter_rows()),
        hint="they get one email together; if they share a mailbox, there is nothing to do",
        others="addresses that several customers share",
    )


def _shared(address: str, rows: list[int]) -> str:
    lines = " and ".join(str(row) for row in rows)
    return f"the address {quoted(address)} belongs to {len(rows)} customers, in lines {lines}"


def list_doubtful_ids(customers: pl.DataFrame, findings: Findings) -> None:
    """Report ids that equal the derived key of a customer without id."""
    for key, row in customers.filter(pl.col("id").is_duplicated()).select("id", "row").iter_rows():
        hint = "give both of them a customer number"
        message = f"{quoted(key)} is the id of one customer and the address or name of another"
        findings.problem(message, hint=hint, row=row)
