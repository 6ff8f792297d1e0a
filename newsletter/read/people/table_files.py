"""Finds the customer file and the tables beside it, and reads any kind of file as a raw table."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError, Place, Problem, attempt, did_you_mean
from newsletter.model.tables import TABLES
from newsletter.read.people.delimited import read_delimited
from newsletter.read.people.excel import SheetChoice, read_excel
from newsletter.read.people.file_kinds import is_json, other_kind
from newsletter.read.people.findings import ROW, Findings
from newsletter.read.people.header_names import is_suppression_list, key
from newsletter.read.people.raw_tables import RawTable, headers_of, raw_table
from newsletter.read.pipes import is_pipe, pipe_problem

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet")
"""Endings of files that can hold a table. The first bytes tell the format."""

MOST_BYTES = 1 << 30
"""A larger file is refused: 1 GiB of CSV is about eight million customers."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_raw(
    file: Path, header_keys: Collection[str], choice: SheetChoice, *, findings: Findings
) -> RawTable:
    """Return the raw table in *file*, as `parse_raw` does."""
    data = read_table_bytes(file, findings.shown)
    return parse_raw(data, header_keys, choice, findings=findings)


def parse_raw(
    data: bytes, header_keys: Collection[str], choice: SheetChoice, *, findings: Findings
) -> RawTable:
    """
    Return the raw table in the bytes of a file; *choice* says which sheet of a workbook it is.

    *header_keys* (as by header_names.key) tell a header row from a title above it. Rows of the
    wrong width go to the findings. Raises NewsletterError if there is no table.
    """
    if data.startswith(_WORKBOOKS):
        return read_excel(data, header_keys, choice, findings=findings)
    if data.startswith(b"PAR1"):
        return read_parquet(data, findings)
    return read_delimited(data, header_keys, findings=findings)


def is_text(data: bytes) -> bool:
    """Return whether the bytes of a table are delimited text, and no workbook or Parquet file."""
    return not data.startswith((*_WORKBOOKS, b"PAR1"))


def read_table_bytes(file: Path, shown: str, *, or_json: bool = False) -> bytes:
    """Return the bytes of *file*. Raises NewsletterError if they cannot be a table (*or_json*)."""
    place = Place(path=shown)
    if file.is_dir():
        found = next((inner.path.name for inner in _tables_in(file, "")), "customers.xlsx")
        hint = f"name the file in it, such as {shown}/{found}"
        raise NewsletterError.at("this is a folder, not a file", place, hint=hint)
    if is_pipe(file):
        raise NewsletterError(pipe_problem(place))
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            hint = "split it, or remove columns that newsletters do not need"
            raise NewsletterError.at(f"the file has {size / 1e9:.1f} GB", place, hint=hint)
        data = file.read_bytes()
    except OSError as error:
        raise NewsletterError.at(
            f"the file cannot be opened: {error.strerror}",
            place,
            hint="check its name, and whether you may read it",
        ) from None
    if not data.strip():
        hint = "the first row must hold the names of the columns"
        raise NewsletterError.at("the file is empty", place, hint=hint)
    kind, hint = ("", "") if or_json and is_json(data) else other_kind(file.name, data)
    if kind:
        raise NewsletterError.at(f"the file is {kind}, not a table", place, hint=hint)
    return data


def read_parquet(data: bytes, findings: Findings) -> RawTable:
    """Return the raw table of a Parquet file. Raises NewsletterError if it is damaged."""
    place = Place(path=findings.shown)
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError):
        hint = "write the file again, or export the customers as .csv"
        raise NewsletterError.at("the Parquet file is damaged", place, hint=hint) from None
    headers = headers_of(frame.columns, shown=findings.shown)
    texts = [_text(frame[old]).alias(new) for old, new in zip(frame.columns, headers, strict=True)]
    lines = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True).alias(ROW)
    return raw_table(pl.DataFrame([*texts, lines]), findings)


def _text(values: pl.Series) -> pl.Series:
    """Return the values as a CSV would contain them."""
    match values.dtype:
        case pl.Boolean():
            return values.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
        case pl.Float32() | pl.Float64() | pl.Decimal():
            digits = values.cast(pl.Float64).cast(pl.String).str.replace(r"\.0$", "")
            # Three decimals get a fourth; otherwise 1.234 could be read as 1,234.
            return digits.str.replace(r"(\.\d{3})$", "${1}0")
        case pl.List():
            return values.cast(pl.List(pl.String())).list.join(", ")
        case pl.Datetime():
            zoned = getattr(values.dtype, "time_zone", None)
            return values.dt.strftime("%Y-%m-%d %H:%M:%S %z" if zoned else "%Y-%m-%d %H:%M:%S")
        case pl.Struct() | pl.Array() | pl.Object() | pl.Binary():
            return pl.Series([None] * len(values), dtype=pl.String)
    return values.cast(pl.String)


_FOLDERS = ("history", "conversations", "feedback", "suppressed")
"""Tables that may also be a folder of many files, as programs append to them."""
_NAMES = {key(name): name for name in ("customers", *TABLES)}


@dataclass(frozen=True)
class TableFile:
    """A file with a table, which its name tells."""

    path: Path
    shown: str
    """As the user would type it."""
    sheet: str = ""
    """Of a workbook, if it is known."""


def find_tables(
    folder: Path, shown: str, *, problems: list[Problem], remarks: list[Problem]
) -> Mapping[str, Sequence[TableFile]]:
    """Return the files of each table; `customers` is missing if there is none."""
    customers: list[TableFile] = []
    if folder.exists() and not folder.is_dir():
        customers = [TableFile(folder, shown)]
        folder, shown = folder.parent, shown.rpartition("/")[0]
    tables = _tables_in(folder, shown)
    files = {name: [f for f in tables if _table(f.path) == name] for name in _NAMES.values()}
    for path in _seen(folder):
        if path.is_dir() and (name := _table(path)) in _FOLDERS:
            files[name] += _tables_in(path, f"{shown}/{path.name}".lstrip("/"))
    problems += _unread_lists(folder, shown)
    if not files["customers"]:  # customers.docx is named for what it is
        for path in _files_in(folder):
            if _table(path) == "customers":
                attempt(partial(read_table_bytes, path, f"{shown}/{path.name}"), problems)
    if customers:
        return files | {"customers": customers}
    remarks.extend(_unused(tables, files))
    _check_single(files["customers"], tables, folder=folder, shown=shown, problems=problems)
    return files


def _tables_in(folder: Path, shown: str) -> list[TableFile]:
    """Return the files of a folder that can be tables, sorted."""
    return [
        TableFile(path, f"{shown}/{path.name}".lstrip("/"))
        for path in _files_in(folder)
        if path.suffix.lower() in SUFFIXES and path.name != "secret.txt"
    ]


def _files_in(folder: Path) -> list[Path]:
    """Return the files of a folder, sorted; also pipes, which are named when they are read."""
    return [path for path in _seen(folder) if path.exists() and not path.is_dir()]


def _seen(folder: Path) -> list[Path]:
    """Return what is in a folder, sorted, without the files that open programs put there."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in paths if not path.name.startswith((".", "~$")))


def _table(file: Path) -> str:
    """Return the table that a file is named after, in any capitals; empty if there is none."""
    if name := _NAMES.get(key(file.stem)):
        return name
    return "suppressed" if is_suppression_list(file.stem) else ""


def _unread_lists(folder: Path, shown: str) -> Iterator[Problem]:
    """Yield a problem for each suppression list whose kind of file cannot be read."""
    read = {file.path for file in _tables_in(folder, shown)}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path in read or path.is_dir() or not is_suppression_list(path.name):
            continue
        is_hidden = path.name.startswith((".", "~$"))
        if is_hidden and (path.suffix.lower() not in SUFFIXES or path.name.startswith("~$")):
            continue  # a program put it there while it has the list open
        message = "the file seems to list who must get no email, but it cannot be read"
        hint = "save the list as suppressed.csv, or move the file elsewhere"
        yield Problem(message, Place(path=f"{shown}/{path.name}".lstrip("/")), hint=hint)


def _unused(
    tables: Sequence[TableFile], files: Mapping[str, Sequence[TableFile]]
) -> Iterator[Problem]:
    """Yield a remark for each file whose name belongs to no table."""
    names = ("customers", *TABLES)
    for file in tables:
        if _table(file.path):
            continue
        hint = did_you_mean(file.path.stem, names) or f"tables are called {', '.join(names)}"
        yield Problem("the file is not read", Place(path=file.shown), hint=hint)


def _check_single(
    customers: list[TableFile],
    tables: Sequence[TableFile],
    *,
    folder: Path,
    shown: str,
    problems: list[Problem],
) -> None:
    if len(customers) > 1:
        names = " and ".join(file.path.name for file in customers)
        message = f"there are several customer files: {names}"
        hint = "keep one, or name it under customers: in newsletter.yml"
        problems.append(Problem(message, Place(path=shown), hint=hint))
        del customers[1:]
    if customers:
        return
    near = [file.path.name for file in tables if not _table(file.path)]
    rename = f"rename {near[0]} to customers{Path(near[0]).suffix}, or " if near else ""
    save = "" if near else "save the customers there as customers.csv or customers.xlsx, or "
    message = "there is no customer file" if folder.is_dir() else "there is no such folder or file"
    hint = f"{rename}{save}name the file under customers: in newsletter.yml"
    problems.append(Problem(message, Place(path=shown), hint=hint))
