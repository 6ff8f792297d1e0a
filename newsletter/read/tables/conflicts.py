"""What merging leaves to look at: rows made one, values that differ, shared addresses."""

from __future__ import annotations

import polars as pl

from newsletter.read.tables.reading import Findings, quoted, remark_each

_MOST_LISTED = 6
"""So many differing columns are named per customer."""


def list_conflicts(named: pl.DataFrame, group: str, findings: Findings) -> None:
    """
    Remark on each customer that has several rows, with the values that differ and the lines they
    stand in.
    """
    double = named.filter(named[group].is_duplicated())
    for part in double.sort("row").partition_by(group, maintain_order=True):
        lines = " and ".join(str(line) for line in part["row"])
        differing = [text for name in part.columns if (text := _differing(part, name))]
        listed = "; ".join(differing[:_MOST_LISTED]) or "they do not contradict each other"
        message = f"the lines {lines} are one customer: {listed}"
        hint = "correct the file if they are two; of consents the stricter counts"
        findings.remark(message, hint=hint, row=part["row"][0])


def _differing(part: pl.DataFrame, name: str) -> str:
    """
    Return `city is 'Berlin' in line 4 and 'Bonn' in line 9`, or nothing where the rows agree.
    """
    if name == "row" or name.startswith("\0") or isinstance(part.schema[name], pl.List):
        return ""
    said = (
        part.select("row", pl.col(name).alias("v")).drop_nulls().unique("v", maintain_order=True)
    )
    if said.height < 2:
        return ""
    values = [f"{quoted(_shown(value))} in line {row}" for row, value in said.head(3).iter_rows()]
    return f"{name} is {' and '.join(values)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def list_shared_addresses(customers: pl.DataFrame, findings: Findings) -> None:
    """Remark on each address that several customers have: they stay several, and get one email."""
    shared = customers.filter(pl.col("email").is_not_null())
    mailbox = pl.col("email").str.to_lowercase()
    shared = shared.filter(mailbox.is_duplicated()).sort("row")
    together = shared.group_by(mailbox.alias("mailbox")).agg(pl.col("row")).sort("mailbox")
    remark_each(
        findings,
        ((rows[0], _shared(address, rows)) for address, rows in together.iter_rows()),
        hint="they get one email together; nothing needs to be done if they share a mailbox",
        rest="addresses that several customers share",
    )


def _shared(address: str, rows: list[int]) -> str:
    lines = " and ".join(str(row) for row in rows)
    return f"the address {quoted(address)} belongs to {len(rows)} customers, in the lines {lines}"


def list_doubtful_ids(customers: pl.DataFrame, findings: Findings) -> None:
    """Stop where one customer's id is what another without id would be known by."""
    for key, row in customers.filter(pl.col("id").is_duplicated()).select("id", "row").iter_rows():
        hint = "give both of them a customer number"
        message = f"{quoted(key)} is the id of one customer and the address or name of another"
        findings.problem(message, hint=hint, row=row)
