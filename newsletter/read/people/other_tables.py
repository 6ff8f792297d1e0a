"""The tables beside the customers (orders, services …), each row with the id of its customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.model.tables import TABLES
from newsletter.read.people.column_values import read_columns
from newsletter.read.people.findings import ROW, Findings, ReadingOptions, quoted, remark_each
from newsletter.read.people.header_names import TABLE_HEADERS
from newsletter.read.people.matching import Match, match_columns
from newsletter.read.people.raw_tables import RawTable
from newsletter.read.people.values.choices import team_members


def read_table(
    name: str, raw: RawTable, *, keys: pl.DataFrame, options: ReadingOptions, findings: Findings
) -> pl.DataFrame:
    """
    Return a table of TABLES: its columns, then the user's further ones; rows of unknown customers
    are left out.

    *keys* is Merged.keys. Raises NewsletterError where the table has no column for the customer
    (for suppressed: email).
    """
    schema = TABLES[name]
    matches = _matches(name, raw, options=options, findings=findings)
    joined = "customer" in schema
    _need(name, "customer" if joined else "email", raw=raw, matches=matches, findings=findings)
    whose = [match for match in matches if match.field == "customer"]
    rest = [match for match in matches if match.field != "customer"]
    frame = read_columns(raw, rest, schema=schema, options=options, findings=findings)
    if "member" in frame.columns:
        frame = frame.with_columns(team_members(frame["member"], options, findings=findings))
    if joined:
        frame = frame.with_columns(_customers(raw, whose, keys=keys).alias("customer"))
    bad = {fault.row for fault in findings.faults}
    frame = frame.filter(~pl.col(ROW).is_in(list(bad)))
    if joined:
        _remark_unknown(name, raw, frame=frame, whose=whose, findings=findings)
        frame = frame.filter(pl.col("customer").is_not_null())
    return _ordered(frame, schema)


def _matches(
    name: str, raw: RawTable, *, options: ReadingOptions, findings: Findings
) -> list[Match]:
    stated = {
        field.removeprefix(f"{name}."): header
        for field, header in options.columns.items()
        if field.startswith(f"{name}.")
    }
    return match_columns(
        raw.headers,
        stated=stated,
        program_fields={},
        aliases=TABLE_HEADERS[name],
        findings=findings,
    )


def _need(
    name: str, field: str, *, raw: RawTable, matches: Sequence[Match], findings: Findings
) -> None:
    if any(match.field == field for match in matches):
        return
    raise NewsletterError.at(
        f"no column for the {field} among: {', '.join(raw.headers[:12])}",
        Place(path=findings.shown, line=1),
        hint=f"name it '{field}', or say under columns: {name}.{field}: which one it is",
    )


def _customers(raw: RawTable, whose: Sequence[Match], *, keys: pl.DataFrame) -> pl.Series:
    """
    Return the id of each row's customer, by the first column that names one by id or
    address.
    """
    ids = []
    for match in whose:
        text = raw.cells[match.header].str.replace(r"^'([+\d])", "${1}")
        for spelled in (text, text.str.to_lowercase()):
            left = pl.DataFrame({"key": spelled})
            ids.append(left.join(keys, on="key", how="left", maintain_order="left")["id"])
    return pl.select(pl.coalesce(ids)).to_series()


def _remark_unknown(
    name: str, raw: RawTable, *, frame: pl.DataFrame, whose: Sequence[Match], findings: Findings
) -> None:
    rows = frame.filter(pl.col("customer").is_null()).select(ROW)
    given = raw.cells.select(ROW, pl.coalesce([match.header for match in whose]).alias("key"))
    unknown = rows.join(given, on=ROW, how="left")
    remark_each(
        findings,
        (
            (row, f"{quoted(given)} is not a customer" if given else "no customer is named")
            for row, given in unknown.iter_rows()
        ),
        hint="the row was left out; write the customer's id or email as in the customer file",
        rest=f"rows of {name} without a known customer",
    )


def _ordered(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype).alias(n) for n, dtype in schema.items() if n not in frame.columns
    ]
    frame = frame.with_columns(missing)
    further = [name for name in frame.columns if name not in schema and name != ROW]
    typed = frame.select(*(pl.col(n).cast(d) for n, d in schema.items()), *further)
    sortable = [n for n, dtype in typed.schema.items() if not isinstance(dtype, pl.List)]
    return typed.sort(sortable, maintain_order=True)
