"""Everything the user keeps about customers: the customer file and the tables beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, did_you_mean, raise_all
from newsletter.model.config import Config
from newsletter.model.people import People
from newsletter.model.tables import CUSTOMERS, TABLES
from newsletter.read.people.customer_file import read_customers
from newsletter.read.people.findings import Findings, Wishes
from newsletter.read.people.header_names import CUSTOMER_HEADERS, TABLE_HEADERS
from newsletter.read.people.other_tables import read_table
from newsletter.read.people.table_files import SUFFIXES, read_raw

_FOLDERS = ("history", "conversations")
"""Tables that may also be a folder of many files, as programs append to them."""
_MOST_SHOWN = 20
"""So many bad rows are shown when the build stops because of them."""


@dataclass(frozen=True)
class _File:
    path: Path
    shown: str


@dataclass(kw_only=True)
class _Found:
    """What all files together gave."""

    problems: list[Problem]
    most_bad: float
    """The share of bad rows beyond which the build stops."""
    bad_rows: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def read_people(folder: Path, config: Config, *, shown: str, problems: list[Problem]) -> People:
    """
    Return the customers and the tables beside them.

    *folder* is the folder of `customers.csv` and its like, or the customer file itself; *shown* is
    how the user would type it. What stops the build is appended to *problems*; then the People may
    be empty.
    """
    wishes = Wishes(
        columns=config.columns,
        dates=config.dates,
        timezone=config.timezone,
        consent=config.consent,
        team=config.team,
    )
    found = _Found(problems=problems, most_bad=config.etiquette.most_bad_rows)
    return _read(_files(folder, shown, found=found), wishes, found=found)


def read_look(file: Path, *, shown: str) -> People:
    """
    Return the customers of a file for which there is no project yet.

    Nothing is configured: what can be read in two ways is guessed, and a remark says so. Raises
    NewsletterError only if the file cannot be read as a table.
    """
    found = _Found(problems=[], most_bad=1)
    files = {"customers": [_File(file, shown)]}
    people = _read(files, Wishes(ask=False), found=found)
    raise_all(found.problems)
    return people


def _files(folder: Path, shown: str, *, found: _Found) -> Mapping[str, Sequence[_File]]:
    """Return the files of each table; `customers` is missing if there is none."""
    customers: list[_File] = []
    if folder.is_file():
        customers = [_File(folder, shown)]
        folder, shown = folder.parent, shown.rpartition("/")[0]
    beside = sorted(folder.iterdir()) if folder.is_dir() else []
    tables = [_File(p, f"{shown}/{p.name}".lstrip("/")) for p in beside if _is_table(p)]
    files = {name: [f for f in tables if f.path.stem == name] for name in ("customers", *TABLES)}
    for name in _FOLDERS:
        files[name] += _inside(folder / name, f"{shown}/{name}".lstrip("/"))
    if customers:
        return files | {"customers": customers}
    _remark_unused(tables, files, found=found)
    _check_single(files["customers"], tables, folder=folder, shown=shown, found=found)
    return files


def _is_table(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and path.name != "secret.txt"


def _inside(folder: Path, shown: str) -> list[_File]:
    if not folder.is_dir():
        return []
    return [
        _File(path, f"{shown}/{path.name}") for path in sorted(folder.iterdir()) if _is_table(path)
    ]


def _remark_unused(
    tables: Sequence[_File], files: Mapping[str, Sequence[_File]], *, found: _Found
) -> None:
    known = ("customers", *TABLES)
    for file in tables:
        if file.path.stem in files:
            continue
        near = did_you_mean(file.path.stem, known)
        hint = near or f"tables are called {', '.join(known)}"
        place = Place(path=file.shown)
        found.remarks.append(Problem(message="the file is not read", at=place, hint=hint))


def _check_single(
    customers: list[_File], tables: Sequence[_File], *, folder: Path, shown: str, found: _Found
) -> None:
    if len(customers) > 1:
        names = " and ".join(file.path.name for file in customers)
        message = f"there are several customer files: {names}"
        hint = "keep one, or name it under customers: in newsletter.yml"
        found.problems.append(Problem(message=message, at=Place(path=shown), hint=hint))
        del customers[1:]
    if customers:
        return
    near = [file.path.name for file in tables if file.path.stem not in TABLES]
    rename = f"rename {near[0]} to customers{Path(near[0]).suffix}, or " if near else ""
    save = "" if near else "save the customers there as customers.csv or customers.xlsx, or "
    message = "there is no customer file" if folder.is_dir() else "there is no such folder or file"
    hint = f"{rename}{save}name the file under customers: in newsletter.yml"
    found.problems.append(Problem(message=message, at=Place(path=shown), hint=hint))


def _read(files: Mapping[str, Sequence[_File]], wishes: Wishes, *, found: _Found) -> People:
    if not files["customers"]:
        return _nobody(found)
    file = files["customers"][0]
    findings = Findings(shown=file.shown)
    try:
        raw = read_raw(file.path, CUSTOMER_HEADERS, findings=findings)
        rows = raw.cells.height + len({fault.row for fault in findings.faults})
        merged, program = read_customers(raw, wishes=wishes, findings=findings)
    except NewsletterError as error:
        found.problems += error.problems
        return _nobody(found, source=file.shown)
    _collect(findings, found, rows=rows, most_bad=found.most_bad)
    if not rows:
        place = Place(path=file.shown)
        hint = "add one row per customer below the header"
        found.problems.append(Problem(message="the file has no customers", at=place, hint=hint))
    tables = {
        name: _table(name, files.get(name, ()), keys=merged.keys, wishes=wishes, found=found)
        for name in TABLES
    }
    return People(
        customers=merged.customers,
        tables=tables,
        source=file.shown,
        program=program,
        columns=tuple(findings.readings),
        rows=rows,
        bad_rows=tuple(found.bad_rows),
        remarks=tuple(found.remarks),
    )


def _table(
    name: str,
    files: Sequence[_File],
    *,
    keys: pl.DataFrame,
    wishes: Wishes,
    found: _Found,
) -> pl.DataFrame:
    """Return one table, of all its files."""
    frames = [pl.DataFrame(schema=TABLES[name])]
    for file in files:
        findings = Findings(shown=file.shown)
        try:
            raw = read_raw(file.path, TABLE_HEADERS[name], findings=findings)
            rows = raw.cells.height + len({fault.row for fault in findings.faults})
            frames.append(read_table(name, raw, keys=keys, wishes=wishes, findings=findings))
        except NewsletterError as error:
            found.problems += error.problems
            continue
        # An address that cannot be read here would get mail it must not get.
        most = 0.0 if name == "suppressed" else found.most_bad
        _collect(findings, found, rows=rows, most_bad=most)
    return _together(frames)


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    if len(frames) < 3:
        return frames[-1]
    whole = pl.concat(frames, how="diagonal_relaxed")
    sortable = [n for n, dtype in whole.schema.items() if not isinstance(dtype, pl.List)]
    return whole.sort(sortable, maintain_order=True)


def _collect(findings: Findings, found: _Found, *, rows: int, most_bad: float) -> None:
    bad = findings.bad_rows()
    found.problems += findings.problems
    found.remarks += findings.remarks
    found.bad_rows += bad
    if bad and len(bad) > most_bad * rows:
        share = f"{len(bad):,} of {rows:,} rows cannot be read"
        limit = f"; at most {most_bad * 100:g}% may" if most_bad else ""
        raise_it = (
            ", or raise most_bad_rows under etiquette: in newsletter.yml" if most_bad else ""
        )
        hint = f"correct these rows{raise_it}"
        place = Place(path=findings.shown)
        found.problems.append(Problem(message=share + limit, at=place, hint=hint))
        found.problems += bad[:_MOST_SHOWN]


def _nobody(found: _Found, source: str = "") -> People:
    return People(
        customers=pl.DataFrame(schema=CUSTOMERS),
        tables={name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()},
        source=source,
        remarks=tuple(found.remarks),
    )
