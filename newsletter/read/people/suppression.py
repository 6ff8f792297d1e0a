"""The list of those who get no email: each row of it names somebody, or the build stops."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from newsletter.model.domains import UNSEEN_BUT_SPACES, ascii_domain, folded_address
from newsletter.read.people.duplicates import Known
from newsletter.read.people.findings import ROW, Column, Findings
from newsletter.read.people.raw_tables import Match, RawTable

_LETTERS = r"[\p{Greek}\p{Cyrillic}]"
"""Letters of which many look like Latin ones."""
_LOCAL = r"[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~.-]+"
_DOMAIN = r"(?:[\p{L}\p{N}\p{M}-]+\.)+[\p{L}\p{N}\p{M}-]+"
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
    Return ROW, email and customer of whom each row names, several if need be; report all others.

    Each address counts, in whatever column. *ids* are the customers that the rows name by number;
    beside an address, a number counts only below our own header `customer`: others may be those
    of another program. Customers whose address was not read have none in their row, so their ids
    are added.
    """
    rows = raw.cells.select(ROW)
    addresses = [
        rows.with_columns(each.alias("email")) for each in _addresses(raw, matches, findings)
    ]
    nobody = pl.lit(None, pl.String)
    by_number = rows.with_columns(customer=nobody if ids is None else ids)
    if not any(match.header.strip().lower() == "customer" for match in matches):
        for each in addresses:
            by_number = by_number.join(each.drop_nulls(), on=ROW, how="anti")
    named = pl.concat(
        [
            *(each.with_columns(customer=nobody) for each in addresses),
            by_number.select(ROW, nobody.alias("email"), "customer"),
        ]
    ).filter(~pl.all_horizontal(pl.col("email", "customer").is_null()))
    _report_nobody(rows.join(named, on=ROW, how="anti"), findings)
    folded = known.unread.select(_folded=folded_address("address"), _id="id")
    both = named.with_columns(_folded=folded_address("email")).join(
        folded, on="_folded", how="left", maintain_order="left"
    )
    whole = both.select(ROW, "email", customer=pl.coalesce("customer", "_id"))
    return whole.sort(ROW, maintain_order=True)


def _addresses(raw: RawTable, matches: list[Match], findings: Findings) -> Iterator[pl.Series]:
    """
    Yield each column's addresses, with the domains in A-labels, whatever their letters.

    In a column that is called something else, a cell counts if it is an address.
    """
    fields = {match.header: match.field for match in matches}
    for header in raw.headers:
        column = raw.column(header)
        if fields.get(header) == "email":
            yield read_addresses(column, findings)
        elif column.text.str.contains("@", literal=True).any():
            yield read_addresses(column, None)


def read_addresses(column: Column, findings: Findings | None) -> pl.Series:
    """Return the addresses of a column; *findings*: what is none, whatever it looks like."""
    visible = pl.col("text").str.normalize("NFKC").str.replace_all(UNSEEN_BUT_SPACES, "")
    bare = pl.coalesce(visible.str.extract(r"<([^<>]*)>\s*$"), visible)
    for pattern in (r"(?i)^\s*mailto:", r"^[^\p{L}\p{N}_]+", r"[?].*$", r"[^\p{L}\p{N}]+$"):
        bare = bare.str.replace(pattern, "")
    frame = pl.DataFrame({"text": column.text}).with_columns(bare.alias("bare"))
    parts = frame.select(
        local=pl.col("bare").str.extract(rf"^({_LOCAL})@{_DOMAIN}$"),
        domain=pl.col("bare").str.extract(r"@([^@]+)$"),
    )
    if findings:
        _report_unreadable(column, parts["local"], findings)
    domains = parts["domain"].drop_nulls().unique().to_list()
    plain = parts["domain"].replace(domains, [ascii_domain(domain) for domain in domains])
    return pl.select(pl.concat_str(parts["local"], pl.lit("@"), plain)).to_series()


def _report_unreadable(column: Column, local: pl.Series, findings: Findings) -> None:
    unreadable = column.text.is_not_null() & local.is_null()
    findings.bad(column, unreadable, what="is not an email address", hint=_HINT)
    mixed = local.str.contains(_LETTERS) & local.str.contains("[A-Za-z]")
    findings.bad(
        column,
        mixed.fill_null(value=False),
        what="mixes Latin letters with letters that look like them",
        hint="type the address again",
    )


def _report_nobody(nobody: pl.DataFrame, findings: Findings) -> None:
    faulty = pl.col(ROW).is_in([fault.row for fault in findings.faults])
    for row in nobody.filter(~faulty)[ROW]:
        findings.bad_row(row, "the row names nobody who can be found", hint=_HINT)
