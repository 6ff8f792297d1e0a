"""Reads all customer data: the customer file and the tables beside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, attempt, raise_all
from newsletter.model.config import Config
from newsletter.model.project import People, Strangers
from newsletter.model.tables import CUSTOMERS, TABLES
from newsletter.read.people.answered_feedback import unknown_answers
from newsletter.read.people.customer_tables import read_customers, read_table
from newsletter.read.people.duplicates import Known
from newsletter.read.people.excel import SheetChoice
from newsletter.read.people.findings import Findings, ReadingOptions
from newsletter.read.people.header_names import (
    CUSTOMER_HEADERS,
    TABLE_HEADERS,
    is_suppression_list,
)
from newsletter.read.people.raw_tables import RawTable
from newsletter.read.people.table_files import TableFile, find_tables, parse_raw, read_table_bytes
from newsletter.read.people.unnamed_addresses import ADDRESS
from newsletter.read.project_files import READ_ONCE, ParsedFiles, ProjectFiles

_MOST_SHOWN = 20
"""Bad rows that are shown when the build stops because of them."""


@dataclass(frozen=True, kw_only=True)
class _Run:
    """Values shared by all files of one reading."""

    options: ReadingOptions
    most_bad: float
    """The share of bad rows beyond which the build stops."""
    parsed: ParsedFiles
    problems: list[Problem]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Reading:
    """
    The result of one file.

    Two readings are never equal, so one can be part of another's key.
    """

    table: pl.DataFrame
    rows: int
    """In the file, bad ones included."""
    findings: Findings
    strangers: int = 0
    """Rows that name no customer."""
    known: Known | None = None
    """Of the customer file."""
    lists: tuple[str, ...] = ()
    """Sheets of the customer file that list who must get no email."""
    program: str = ""


def read_people(config: Config, files: ProjectFiles, *, year: int) -> People:
    """
    Return the customers and the tables beside them; *year* is this one.

    `customers:` of newsletter.yml names the customer file itself, or the folder of
    `customers.csv`. After problems the People may be empty.
    """
    run = _Run(
        options=_options(config, year),
        most_bad=config.etiquette.most_bad_rows,
        parsed=files.parsed,
        problems=files.problems,
    )
    remarks: list[Problem] = []
    folder = files.root / "content" / config.customers
    tables = find_tables(folder, files.shown(folder), problems=files.problems, remarks=remarks)
    within = folder if folder.is_dir() else folder.parent
    tables = {
        name: [file for file in tables[name] if files.holds(file.path, within=within)]
        for name in tables
    }
    people = _read(tables, run)
    return replace(people, remarks=(*remarks, *people.remarks))


def _options(config: Config, year: int) -> ReadingOptions:
    return ReadingOptions(
        year=year,
        sheet=config.sheet,
        columns=config.columns,
        dates=config.dates,
        timezone=config.timezone,
        consent=config.consent,
        team=config.team,
        order_status=config.order_status,
        home=config.business.country,
    )


def read_look(file: Path, *, shown: str, year: int) -> People:
    """
    Return the customers of a file without a project; *year* is this one.

    Ambiguous values are guessed, with a remark. Raises NewsletterError only if the file cannot be
    read as a table, or lists by its name who must get no email.
    """
    if is_suppression_list(file.stem):
        hint = (
            "put it beside your customers, as content/customers/suppressed.csv; "
            "if these are your customers, give the file another name"
        )
        message = "by its name, this file lists who must get no email"
        raise NewsletterError.at(message, Place(path=shown), hint=hint)
    run = _Run(
        options=ReadingOptions(year=year, ask=False), most_bad=1, parsed=READ_ONCE, problems=[]
    )
    people = _read({"customers": [TableFile(file, shown)]}, run)
    raise_all(run.problems)
    return people


def read_customer_file(file: Path, *, shown: str, config: Config, year: int) -> pl.DataFrame:
    """
    Return the CUSTOMERS of a file, read with the settings of the project; *year* is this one.

    Raises NewsletterError if it cannot be read as a table.
    """
    options = replace(_options(config, year), team=(), ask=False)
    run = _Run(options=options, most_bad=1, parsed=READ_ONCE, problems=[])
    people = _read({"customers": [TableFile(file, shown)]}, run)
    raise_all(run.problems)
    return people.customers


def _read(files: Mapping[str, Sequence[TableFile]], run: _Run) -> People:
    if not files["customers"]:
        return _nobody()
    file = files["customers"][0]
    customers = _reading(file, partial(_parse_customers, run), run)
    if customers is None:
        return _nobody(source=file.shown)
    lists = [TableFile(file.path, f"{file.shown} ({name})", name) for name in customers.lists]
    files = {**files, "suppressed": [*files.get("suppressed", ()), *lists]}
    tables = {name: _table(name, files.get(name, ()), customers, run) for name in TABLES}
    readings = [customers, *(reading for several in tables.values() for reading in several)]
    whole = {name: _together(name, several) for name, several in tables.items()}
    findings = [reading.findings for reading in readings]
    answers = [(each.shown, each.answers) for each in findings if each.answers is not None]
    return People(
        customers=customers.table,
        tables=whole,
        source=file.shown,
        program=customers.program,
        columns=tuple(customers.findings.readings),
        rows=customers.rows,
        bad_rows=tuple(row for reading in readings for row in reading.findings.bad_rows()),
        remarks=(
            *(remark for reading in readings for remark in reading.findings.remarks),
            *unknown_answers(answers, whole["feedback"]),
        ),
        strangers=tuple(
            Strangers(
                table=name,
                path=several[0].findings.shown,
                rows=sum(reading.strangers for reading in several),
                of=sum(reading.rows for reading in several),
            )
            for name, several in tables.items()
            if any(reading.strangers for reading in several)
        ),
    )


def _table(
    name: str, files: Sequence[TableFile], customers: _Reading, run: _Run
) -> list[_Reading]:
    """Return the result of each file of a table; unreadable files are left out."""
    readings = []
    for file in files:
        choice = SheetChoice(name, file.sheet, ask=run.options.ask)
        parse = partial(_parse_table, choice, customers, run)
        readings.append(_reading(file, parse, run, choice, customers))
    return [reading for reading in readings if reading]


def _reading(
    file: TableFile, parse: Callable[[bytes, Findings], _Reading], run: _Run, *key: Hashable
) -> _Reading | None:
    """Return the result of *file*, None if it cannot be read; *key* has all else it depends on."""
    data = attempt(partial(read_table_bytes, file.path, file.shown), run.problems)
    if data is None:
        return None

    def read(errors: list[Problem]) -> _Reading | None:
        findings = Findings(shown=file.shown)
        reading = attempt(partial(parse, data, findings), errors)
        errors += findings.problems if reading else ()
        return reading

    settings = repr(run.options), run.most_bad
    whole_key = (_reading, file.shown, run.parsed.digest(data), settings, *key)
    return run.parsed.result(whole_key, read, problems=run.problems)


def _parse_customers(run: _Run, data: bytes, findings: Findings) -> _Reading:
    choice = SheetChoice("customers", run.options.sheet, ask=run.options.ask)
    raw = parse_raw(data, CUSTOMER_HEADERS, choice, findings=findings)
    rows = _rows(raw, findings)
    merged, program = read_customers(raw, options=run.options, findings=findings)
    findings.problems += _too_many_bad(findings, rows=rows, most_bad=run.most_bad)
    if not rows:
        findings.problem(
            "the file has no customers", hint="add one row per customer below the header"
        )
    unread = merged.customers["email"].null_count() == merged.customers.height
    if unread and (column := _column_of_addresses(raw)):
        findings.remark(
            "no column was read as email addresses, so nobody gets an email",
            hint=f"name it in content/newsletter.yml: columns: {{email: {column}}}",
        )
    return _Reading(
        table=merged.customers,
        rows=rows,
        findings=findings,
        known=merged.known,
        lists=raw.suppression_sheets,
        program=program,
    )


def _column_of_addresses(raw: RawTable) -> str:
    """Return the header of the column with most email addresses; empty if there is none."""
    counts = raw.cells.select(pl.col(raw.headers).str.contains(ADDRESS).sum()).row(0, named=True)
    return max((name for name in counts if counts[name]), key=lambda n: counts[n], default="")


def _parse_table(
    choice: SheetChoice, customers: _Reading, run: _Run, data: bytes, findings: Findings
) -> _Reading:
    name = choice.table
    raw = parse_raw(data, TABLE_HEADERS[name], choice, findings=findings)
    rows = _rows(raw, findings)
    assert customers.known
    table = read_table(name, raw, customers.known, options=run.options, findings=findings)
    # A suppressed address that cannot be read would still get mail.
    most_bad = 0.0 if name == "suppressed" else run.most_bad
    findings.problems += _too_many_bad(findings, rows=rows, most_bad=most_bad)
    left = rows - len(findings.bad_rows()) - findings.no_orders - table.height
    # Those who unsubscribed need not be customers, and an address may be that of several.
    strangers = 0 if name == "suppressed" else left
    return _Reading(table=table, rows=rows, findings=findings, strangers=strangers)


def _rows(raw: RawTable, findings: Findings) -> int:
    """Return the number of rows in the file, including those of the wrong width."""
    return raw.cells.height + len({fault.row for fault in findings.faults})


def _together(name: str, readings: Sequence[_Reading]) -> pl.DataFrame:
    if len(readings) == 1:
        return readings[0].table
    frames = [pl.DataFrame(schema=TABLES[name]), *(reading.table for reading in readings)]
    whole = pl.concat(frames, how="diagonal_relaxed")
    sortable = [n for n, dtype in whole.schema.items() if not isinstance(dtype, pl.List)]
    return whole.sort(sortable, maintain_order=True)


def _too_many_bad(findings: Findings, *, rows: int, most_bad: float) -> list[Problem]:
    """Return why the build stops, with the first bad rows, if there are too many."""
    bad = findings.bad_rows()
    if not bad or len(bad) <= most_bad * rows:
        return []
    limit = f"; at most {most_bad * 100:g}% may" if most_bad else ""
    raise_it = ", or raise most_bad_rows under etiquette: in newsletter.yml" if most_bad else ""
    message = f"{len(bad):,} of {rows:,} rows cannot be read{limit}"
    hint = f"correct these rows{raise_it}"
    return [Problem(message, Place(path=findings.shown), hint=hint), *bad[:_MOST_SHOWN]]


def _nobody(source: str = "") -> People:
    return People(
        customers=pl.DataFrame(schema=CUSTOMERS),
        tables={name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()},
        source=source,
    )
