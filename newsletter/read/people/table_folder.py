"""Finds the customer file and the tables beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.tables import TABLES
from newsletter.read.people.table_files import SUFFIXES

_FOLDERS = ("history", "conversations")
"""Tables that may also be a folder of many files, as programs append to them."""


@dataclass(frozen=True)
class TableFile:
    """A file that holds a table, by its name."""

    path: Path
    shown: str
    """As the user would type it."""


def find_tables(
    folder: Path, shown: str, *, problems: list[Problem], remarks: list[Problem]
) -> Mapping[str, Sequence[TableFile]]:
    """Return the files of each table; `customers` is missing if there is none."""
    customers: list[TableFile] = []
    if folder.is_file():
        customers = [TableFile(folder, shown)]
        folder, shown = folder.parent, shown.rpartition("/")[0]
    beside = sorted(folder.iterdir()) if folder.is_dir() else []
    tables = [TableFile(p, f"{shown}/{p.name}".lstrip("/")) for p in beside if _is_table(p)]
    files = {name: [f for f in tables if f.path.stem == name] for name in ("customers", *TABLES)}
    for name in _FOLDERS:
        files[name] += _inside(folder / name, f"{shown}/{name}".lstrip("/"))
    if customers:
        return files | {"customers": customers}
    remarks.extend(_unused(tables, files))
    _check_single(files["customers"], tables, folder=folder, shown=shown, problems=problems)
    return files


def _is_table(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and path.name != "secret.txt"


def _inside(folder: Path, shown: str) -> list[TableFile]:
    if not folder.is_dir():
        return []
    return [
        TableFile(path, f"{shown}/{path.name}")
        for path in sorted(folder.iterdir())
        if _is_table(path)
    ]


def _unused(
    tables: Sequence[TableFile], files: Mapping[str, Sequence[TableFile]]
) -> Iterator[Problem]:
    """Yield a remark for each file whose name is that of no table."""
    names = ("customers", *TABLES)
    for file in tables:
        if file.path.stem in files:
            continue
        near = did_you_mean(file.path.stem, names)
        hint = near or f"tables are called {', '.join(names)}"
        place = Place(path=file.shown)
        yield Problem(message="the file is not read", at=place, hint=hint)


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
        problems.append(Problem(message=message, at=Place(path=shown), hint=hint))
        del customers[1:]
    if customers:
        return
    near = [file.path.name for file in tables if file.path.stem not in TABLES]
    rename = f"rename {near[0]} to customers{Path(near[0]).suffix}, or " if near else ""
    save = "" if near else "save the customers there as customers.csv or customers.xlsx, or "
    message = "there is no customer file" if folder.is_dir() else "there is no such folder or file"
    hint = f"{rename}{save}name the file under customers: in newsletter.yml"
    problems.append(Problem(message=message, at=Place(path=shown), hint=hint))
