"""The customer file and the tables beside it, typed; rows that cannot be read are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.model.domains import UNSEEN_BUT_SPACES
from newsletter.model.tables import CUSTOMERS, NEEDED, TABLES
from newsletter.read.people.column_values import read_columns
from newsletter.read.people.consent import read_permission
from newsletter.read.people.duplicates import UNREAD, Known, Merged, merge
from newsletter.read.people.findings import (
    ROW,
    Column,
    Findings,
    ReadingOptions,
    quoted,
    remark_each,
)
from newsletter.read.people.half_names import with_half_names
from newsletter.read.people.header_names import (
    CUSTOMER_HEADERS,
    EXTRA_FIELDS,
    ORDER_FIELDS,
    TABLE_HEADERS,
)
from newsletter.read.people.lost_zeros import with_lost_zeros
from newsletter.read.people.names_and_addresses import with_addresses, with_names
from newsletter.read.people.objections import with_closing_columns
from newsletter.read.people.other_tables import remark_near_misses
from newsletter.read.people.placed_orders import (
    placed_orders,
    remark_missing,
    with_further_rows,
    without_repeated_totals,
)
from newsletter.read.people.programs import prepare, recognised
from newsletter.read.people.raw_tables import Match, RawTable, match_columns
from newsletter.read.people.suppression import suppressed_rows
from newsletter.read.people.unnamed_addresses import with_unnamed_addresses
from newsletter.read.people.values.choices import team_members
from newsletter.read.people.values.texts import JOINERS
from newsletter.read.people.whole_addresses import with_split_addresses

_KEYS = {"id", "email", "name", "last_name", "first_name", "company"}
"""Fields by which a customer can be told from others."""


def read_customers(
    raw: RawTable, *, options: ReadingOptions, findings: Findings
) -> tuple[Merged, str]:
    """
    Return the customers, merged, and the program that exported the file.

    Raises NewsletterError if no column tells customers apart.
    """
    program = recognised(raw.headers)
    raw = prepare(raw, program, findings=findings)
    stated = {field: header for field, header in options.columns.items() if "." not in field}
    matches = match_columns(
        raw.headers,
        stated=stated,
        program_fields=program.fields if program else {},
        aliases=CUSTOMER_HEADERS,
        findings=findings,
    )
    matches = with_unnamed_addresses(raw, matches, options=options, findings=findings)
    matches = with_half_names(raw, matches, options.columns)
    matches = with_closing_columns(raw, matches, options)
    if not _KEYS & {match.field for match in matches}:
        hint = "name the columns in the first row, or map them under columns: in newsletter.yml"
        what = "a customer number, an email address or a name"
        raise _no_column(what, raw, hint=hint, findings=findings)
    if program and program.birthday:
        options = replace(options, birthdays=program.birthday)
    read = read_columns(raw, matches, schema=CUSTOMERS, options=options, findings=findings)
    said = read_permission(raw, matches, program=program, options=options, findings=findings)
    unmailable = _unread_addresses(raw, matches, read)
    read = read.with_columns(*said.drop("deceased"), unmailable)
    frame = _with_all(with_names(with_addresses(read, program)), CUSTOMERS)
    frame = frame.with_columns(closed=pl.when(said["deceased"]).then(True).otherwise("closed"))
    frame = with_lost_zeros(with_split_addresses(frame, findings), findings, options.home)
    frame = _defaults(frame, options, findings=findings)
    _report_keyless(frame, findings)
    frame = _without_bad(frame, findings).with_columns(pl.col(ROW).alias("row"))
    columns = [n for n in frame.columns if n not in {*EXTRA_FIELDS, ROW} and "." not in n]
    customers = _ordered(frame.select(columns), CUSTOMERS)
    return merge(customers, findings), program.name if program else ""


def read_table(
    name: str, raw: RawTable, known: Known, *, options: ReadingOptions, findings: Findings
) -> pl.DataFrame:
    """
    Return a table of TABLES: its columns, then the user's further ones.

    Rows of customers who are not *known* are left out with a remark. Raises NewsletterError if the
    table lacks the column that it needs: most need the customer.
    """
    matches = _matches(name, raw, options=options, findings=findings)
    remark_near_misses(name, matches, findings)
    if name == "orders":
        remark_missing(raw, matches, findings)
        raw = with_further_rows(without_repeated_totals(raw, matches, findings), matches)
    whose = [match.header for match in matches if match.field == "customer"]
    ids = _customers(raw, whose, keys=known.keys) if whose else None
    if name == "suppressed":
        named = suppressed_rows(raw, matches, ids, known, findings=findings)
        frame = _values(name, raw, matches, options=options, findings=findings)
        frame = named.join(frame, on=ROW, maintain_order="left")
        return _finished(_without_bad(frame, findings), TABLES[name])
    frame = _values(name, raw, matches, options=options, findings=findings)
    if "member" in frame.columns:
        frame = frame.with_columns(team_members(frame["member"], options, findings=findings))
    if ids is not None:
        frame = frame.with_columns(ids.alias("customer"))
    if name == "orders":
        frame = placed_orders(frame, raw, matches, options=options, findings=findings)
    frame = _with_vouchers(_without_bad(frame, findings), raw, whose)
    if whose and frame["customer"].null_count():
        _remark_unknown(name, raw, frame=frame, whose=whose, findings=findings)
        frame = frame.filter(pl.col("customer").is_not_null())
    if "answers" in frame.columns:
        findings.answers = frame.select(ROW, "customer", "answers")
    return _finished(frame, TABLES[name])


def _matches(
    name: str, raw: RawTable, *, options: ReadingOptions, findings: Findings
) -> list[Match]:
    """Return what the columns of a table are read as; raise if it lacks the one that it needs."""
    prefix = f"{name}."
    stated = {
        field.removeprefix(prefix): header
        for field, header in options.columns.items()
        if field.startswith(prefix)
    }
    matches = match_columns(
        raw.headers,
        stated=stated,
        program_fields={},
        aliases=TABLE_HEADERS[name],
        findings=findings,
    )
    needed, fields = NEEDED.get(name, "customer"), {match.field for match in matches}
    if needed not in fields and not (name == "suppressed" and "customer" in fields):
        hint = f"name it '{needed}', or write under columns: {prefix}{needed}: which one it is"
        raise _no_column(f"the {needed}", raw, hint=hint, findings=findings)
    return matches


def _values(
    name: str,
    raw: RawTable,
    matches: Sequence[Match],
    *,
    options: ReadingOptions,
    findings: Findings,
) -> pl.DataFrame:
    """Return ROW and a typed column for each field but those that other functions read."""
    read_elsewhere = {"suppressed": ("customer", "email"), "orders": ("customer", *ORDER_FIELDS)}
    whose = read_elsewhere.get(name, ("customer",))
    others = [match for match in matches if match.field not in whose]
    return read_columns(raw, others, schema=TABLES[name], options=options, findings=findings)


def _finished(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return a table with all columns of *schema*, sorted, whatever the order of the rows."""
    typed = _ordered(_with_all(frame, schema).drop(ROW), schema)
    sortable = [n for n, dtype in typed.schema.items() if not isinstance(dtype, pl.List)]
    return typed.sort(sortable, maintain_order=True)


def _unread_addresses(raw: RawTable, matches: Sequence[Match], read: pl.DataFrame) -> pl.Series:
    """Return what may be addresses in the cells of each row that has several, or none as read."""
    texts = [pl.col(match.header).fill_null("") for match in matches if match.field == "email"]
    whole = pl.concat_str(texts, separator=" ") if texts else pl.lit("")
    whole = whole.str.replace_all(UNSEEN_BUT_SPACES, "")
    forms = (
        whole.str.extract_all(rf"[^\s<>,;:({signs}]+@[^\s<>,;{signs}]*[^\s<>,;.){signs}]")
        for signs in ("", "/|")
    )
    found = raw.cells.with_columns(
        pl.concat_list(*forms).list.unique(maintain_order=True).alias(UNREAD)
    )
    if "email" not in read.columns:
        return found[UNREAD]
    known = read["email"].is_not_null()
    several = pl.col(UNREAD).list.len() > 1
    return found.select(pl.when(several | ~known).then(UNREAD).alias(UNREAD)).to_series()


def _no_column(what: str, raw: RawTable, *, hint: str, findings: Findings) -> NewsletterError:
    message = f"no column for {what} among: {', '.join(raw.headers[:12])}"
    place = Place(path=findings.shown, line=findings.header_row)
    return NewsletterError.at(message, place, hint=hint)


def _with_all(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Add the columns of *schema* that the file lacks, empty."""
    missing = {n: pl.lit(None, dtype) for n, dtype in schema.items() if n not in frame.columns}
    return frame.with_columns(**missing) if missing else frame


def _without_bad(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    bad = {fault.row for fault in findings.faults}
    return frame.filter(~pl.col(ROW).is_in(list(bad))) if bad else frame


def _ordered(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the columns of *schema* first, then the user's further ones, in file order."""
    further = [name for name in frame.columns if name not in schema]
    return frame.select(*(pl.col(n).cast(dtype) for n, dtype in schema.items()), *further)


def _defaults(frame: pl.DataFrame, options: ReadingOptions, *, findings: Findings) -> pl.DataFrame:
    """Fill in the settings of newsletter.yml: the basis of consent, the ids of the team."""
    basis, since = options.consent.basis or None, options.consent.since
    agreed = pl.when("consent_email")
    frame = frame.with_columns(
        consent_basis=agreed.then(pl.coalesce("consent_basis", pl.lit(basis, pl.String()))),
        consent_since=agreed.then(pl.coalesce("consent_since", pl.lit(since, pl.Date()))),
    )
    called = frame.select(ROW, pl.coalesce("name", "company", "email", "id", pl.lit("nobody")))
    manager = frame["account_manager"]
    return frame.with_columns(team_members(manager, options, findings=findings, customers=called))


def _report_keyless(frame: pl.DataFrame, findings: Findings) -> None:
    """Report rows that cannot be told from others."""
    name = pl.coalesce("name", "company").is_not_null()
    placed = pl.coalesce("postcode", "phone", "birthday").is_not_null()
    keyed = pl.col("id").is_not_null() | pl.col("email").is_not_null() | (name & placed)
    faulty = pl.col(ROW).is_in([fault.row for fault in findings.faults])
    rows = frame.filter(~keyed & ~faulty)  # a bad address is reported once, not as missing, too
    whose = rows.select(pl.coalesce("name", "company", pl.lit("the row"))).to_series()
    column = Column("name", whose, rows[ROW])
    hint = "give a customer number, an email address, or a name with postcode, phone or birthday"
    findings.bad(
        column, whose.is_not_null(), what="cannot be told from other customers", hint=hint
    )


def _customers(raw: RawTable, whose: Sequence[str], *, keys: pl.DataFrame) -> pl.Series:
    """
    Return the id of each row's customer, by the first column with a known id or address.

    A column with the exact id comes before columns that name a customer in other capitals.
    """
    ids = []
    texts = [
        pl.col(header).str.replace(r"^'([+\d])", "${1}").str.replace_all(JOINERS, "")
        for header in whose
    ]
    for written in (*texts, *(text.str.to_lowercase() for text in texts)):
        left = raw.cells.select(key=written)
        ids.append(left.join(keys, on="key", how="left", maintain_order="left")["id"])
        if not ids[0].null_count():  # usually one column names customers that are all known
            return ids[0]
    return pl.select(pl.coalesce(ids)).to_series()


def _with_vouchers(frame: pl.DataFrame, raw: RawTable, whose: Sequence[str]) -> pl.DataFrame:
    """
    Return the rows; those with a voucher code keep the id as written if the customer has gone.

    A voucher stays valid when its customer's row has gone, or has another number now.
    """
    if not whose or "code" not in frame.columns:
        return frame
    written = raw.cells.select(ROW, _written=pl.coalesce(whose))
    has_code = frame.filter(pl.col("customer").is_null() & pl.col("code").is_not_null())
    named = has_code.select(ROW).join(written, on=ROW)
    added = frame.join(named, on=ROW, how="left", maintain_order="left")
    return added.with_columns(customer=pl.coalesce("customer", "_written")).drop("_written")


def _remark_unknown(
    name: str, raw: RawTable, *, frame: pl.DataFrame, whose: Sequence[str], findings: Findings
) -> None:
    rows = frame.filter(pl.col("customer").is_null()).select(ROW)
    given = raw.cells.select(ROW, pl.coalesce(whose).alias("key"))
    unknown = rows.join(given, on=ROW, how="left")
    remark_each(
        findings,
        (
            (row, f"{quoted(given)} is not a customer" if given else "no customer is named")
            for row, given in unknown.iter_rows()
        ),
        hint="the row was left out; write the customer's id or email as in the customer file",
        others=f"rows of {name} without a known customer",
    )
