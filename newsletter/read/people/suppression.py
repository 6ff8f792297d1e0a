"""The list of those who get no email: each row of it names somebody, or the build stops."""

from __future__ import annotations

import polars as pl

from newsletter.model.domains import ascii_domain, folded_address
from newsletter.read.people.duplicates import Known
from newsletter.read.people.findings import ROW, Column, Findings
from newsletter.read.people.raw_tables import Match, RawTable
from newsletter.read.people.values.texts import JOINERS

_LETTERS = r"[\p{Greek}\p{Cyrillic}]"
"""Letters of which many look like Latin ones."""
_HINT = "write one address such as name@example.com, or the customer's number"


def suppressed_rows(
    raw: RawTable,
    matches: list[Match],
    ids: pl.Series | None,
    known: Known,
    *,
    findings: Findings,
) -> pl.DataFrame:
    """
    Return ROW, email and customer of each row that names somebody; report all others.

    *ids* are the customers that the rows name by number; a number counts only without an address,
    because it may be another program's. Customers whose address was not read have none in their
    row, so their ids are added.
    """
    addresses = _addresses(raw, matches, findings)
    named = pl.DataFrame([raw.cells[ROW], addresses]).with_columns(
        customer=pl.lit(None, pl.String) if ids is None else ids
    )
    rows = named.with_columns(customer=pl.when(pl.col("email").is_null()).then("customer"))
    _report_nobody(rows, findings)
    folded = known.unread.select(_folded=folded_address("address"), _id="id")
    both = rows.with_columns(_folded=folded_address("email")).join(
        folded, on="_folded", how="left", maintain_order="left"
    )
    return both.select(ROW, "email", customer=pl.coalesce("customer", "_id"))


def _addresses(raw: RawTable, matches: list[Match], findings: Findings) -> pl.Series:
    """Return the address of each row, with its domain in A-labels, whatever its letters."""
    whole = pl.Series("email", [None] * raw.cells.height, dtype=pl.String)
    for match in sorted(matches, key=lambda match: match.rank):
        if match.field == "email":
            read = _read(raw.column(match.header), findings)
            whole = pl.select(pl.coalesce(whole, read).alias("email")).to_series()
    return whole


def _read(column: Column, findings: Findings) -> pl.Series:
    text = pl.col("text").str.replace_all(JOINERS, "").str.normalize("NFKC")
    bare = pl.coalesce(text.str.extract(r"<([^<>]*)>\s*$"), text)
    frame = pl.DataFrame({"text": column.text}).with_columns(
        bare.str.replace(r"(?i)^mailto:", "").str.strip_chars().alias("bare")
    )
    local = pl.col("bare").str.extract(r"^([^@\s,;<>]+)@[^@\s,;<>]+\.[^@\s,;<>]+$")
    parts = frame.select(local=local, domain=pl.col("bare").str.extract(r"@([^@]+)$"))
    unreadable = column.text.is_not_null() & parts["local"].is_null()
    findings.bad(column, unreadable, what="is not an email address", hint=_HINT)
    mixed = parts["local"].str.contains(_LETTERS) & parts["local"].str.contains("[A-Za-z]")
    findings.bad(
        column,
        mixed.fill_null(value=False),
        what="mixes Latin letters with letters that look like them",
        hint="type the address again",
    )
    domains = parts["domain"].drop_nulls().unique().to_list()
    plain = parts["domain"].replace(domains, [ascii_domain(domain) for domain in domains])
    return pl.select(pl.concat_str(parts["local"], pl.lit("@"), plain)).to_series()


def _report_nobody(rows: pl.DataFrame, findings: Findings) -> None:
    faulty = pl.col(ROW).is_in([fault.row for fault in findings.faults])
    nobody = pl.col("email").is_null() & pl.col("customer").is_null()
    for row in rows.filter(nobody & ~faulty)[ROW]:
        findings.bad_row(row, "the row names nobody who can be found", hint=_HINT)
