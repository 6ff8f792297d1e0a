"""Changes of the customer file, the tables beside it, and the secret."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from edits.project import ELSEWHERE, TABLE_FILES, Change, Edits, ImpossibleError

_CELLS: dict[str, tuple[str, ...]] = {
    "email": ("new{0}@example.com", "", "no address", "zoe@example.com"),
    "language": ("en", "de", "fr", ""),
    "formality": ("formal", "informal", ""),
    "birthday": ("1980-11-{1:02d}", "11-26", "", "never"),
    "points": ("{0}", "1290", "", "many"),
    "amount": ("{0}.50", "-10", ""),
    "date": ("2026-11-{1:02d}", "2026-11-22", "2024-02-29", "03/04/2026", "31.31.2026"),
    "promised_by": ("2026-11-2{1}", ""),
    "customer": ("c1", "c3", "c4", "c99", "zoe@example.com"),
    "score": ("{1}", "3", "99"),
    "account_manager": ("maya", "tomas", "nobody", ""),
    "practice": ("call", "birthday", "thank-you", "issue"),
    "channel": ("email", "letter", "call", "handwritten", "text", ""),
    "consent_post": ("yes", "no", ""),
    "consent_phone": ("yes", "no", ""),
    "kept": ("yes", "no", ""),
    "moved_to": ("2026-11-2{1}", ""),
    "answers": ("f{0}", "f12", ""),
    "outcome": ("done", "not reached", "message left", "visit announced", "not wanted"),
    "every": ("4 weeks", "at most 3 months", "usual", "often", ""),
    "again": ("2026-11-1{1}", "2026-11-20", ""),
    "issue": ("2026-11", "2026-08", ""),
    "id": ("c{0}", "c1", "f12", "f{0}"),
    "may_be_named": ("yes", "no", ""),
    "closed": ("yes", "no"),
    "referred_by": ("c1", "Ida Moor", ""),
    "account": ("a1", "a2", ""),
    "unsubscribed": ("NULL", "yes", "by phone", ""),
    "Newsletter erlaubt": ("ja", "nein", ""),
    "status": ("paid", "cancelled", "odd", ""),
    "refunded": ("1", "{0}", ""),
}
"""Column → cells, in which {0} is a number and {1} a small one; others get any text."""
_HEADERS = (
    "favourite",
    "Other thing",
    "account",
    "company",
    "referred_by",
    "closed",
    "channel",
    "may_be_named",
)
"""What columns are renamed to."""
_FURTHER = ("favourite", "status", "refunded", "unsubscribed", "Newsletter erlaubt")
"""What columns are added."""


def _edit(name: str) -> Change:
    """Return a change of a table: of a cell, a row, a column, or the file format."""

    def edit(edits: Edits) -> str:
        file = edits.pick(_files_of(edits, name))
        rows = _read(file)
        how = edits.pick(("cell", "cell", "cell", "row", "no row", "header", "column", "order"))
        if how == "cell":
            row, column = edits.chance.randrange(1, len(rows)), edits.pick(range(len(rows[0])))
            value = edits.text(edits.pick(_CELLS.get(rows[0][column], ("Text {0}", ""))))
            rows[row][column] = value
            how = f"{rows[0][column]} = {value}"
        elif how == "row":
            rows.append(_another(edits, rows))
        elif how == "no row":
            del rows[edits.chance.randrange(1, len(rows))]
        elif how == "header":
            rows[0][edits.pick(range(len(rows[0])))] = edits.pick(_HEADERS)
        elif how == "column":
            rows[0].append(edits.pick((*_FURTHER, f"further_{edits.number}")))
            for row_cells in rows[1:]:
                row_cells.append(edits.pick(_CELLS.get(rows[0][-1], ("blue", "7", ""))))
        else:
            rows[1:] = rows[:0:-1]
        _write(file, rows)
        return f"{file.name}: {how}"

    return edit


def _another(edits: Edits, rows: list[list[str]]) -> list[str]:
    """Return a row like a random one of the table."""
    cells = list(edits.pick(rows[1:]))
    for column in ("id", "email", "first_name", "date"):
        if column in rows[0]:
            value = edits.pick(_CELLS.get(column, ("Name {0}",)))
            cells[rows[0].index(column)] = edits.text(value)
    return cells


def _add(edits: Edits) -> str:
    """Add a missing table, or another file of a table that may have several."""
    missing = [name for name in TABLE_FILES if not _files_of(edits, name)]
    if missing and edits.chance.random() < 0.7:
        name = edits.pick(missing)
        (edits.customers / f"{name}.csv").write_text(TABLE_FILES[name])
        return name
    name = edits.pick(("history", "conversations"))
    folder = edits.customers / name
    folder.mkdir(exist_ok=True)
    day = f"2026-11-{1 + edits.number % 20:02d}"
    text = TABLE_FILES[name].replace("2026-11-1", f"{day[:-1]}")
    (folder / f"{day}.csv").write_text(text)
    return f"{name}/{day}"


def _remove(edits: Edits) -> str:
    file = edits.pick([file for name in TABLE_FILES for file in _files_of(edits, name)])
    file.unlink()
    return file.name


def _rename(edits: Edits) -> str:
    """Rename a table to another file format, or to an unknown name."""
    file = edits.pick([f for name in ("customers", *TABLE_FILES) for f in _files_of(edits, name)])
    suffix = edits.pick([s for s in (".csv", ".tsv", ".txt", ".parquet") if s != file.suffix])
    if suffix == ".parquet":
        if edits.chance.random() < 0.7:
            raise ImpossibleError
        file.rename(file.with_name(f"{file.stem}-old{file.suffix}"))
        return f"{file.name} is old"
    rows = _read(file)
    file.unlink()
    _write(file.with_suffix(suffix), rows)
    return f"{file.name} to {suffix}"


def _move_folder(edits: Edits) -> str:
    """Move the customers out of the project, or back."""
    old = edits.customers
    inside = old.is_relative_to(edits.root)
    new = edits.root.parent / ELSEWHERE if inside else edits.content / "customers"
    if not old.is_dir() or new.exists():
        raise ImpossibleError
    old.rename(new)
    place = f"../../{ELSEWHERE}" if inside else "customers"
    edits.settings |= {"customers": place}
    return place


def _files_of(edits: Edits, name: str) -> list[Path]:
    folder = edits.customers
    return sorted([*folder.glob(f"{name}.*"), *(folder / name).glob("*.*")])


def _read(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text()), delimiter=_separator(file)))


def _write(file: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=_separator(file), lineterminator="\n").writerows(rows)
    file.write_text(text.getvalue())


def _separator(file: Path) -> str:
    return {".tsv": "\t", ".txt": ";"}.get(file.suffix, ",")


def _secret(edits: Edits) -> str:
    """Change, break or remove secret.txt."""
    file = edits.customers / "secret.txt"
    secret = edits.pick((f"only-for-tests-number-{edits.number}", "short", ""))
    file.unlink(missing_ok=True)
    if secret:
        file.write_text(secret)
    return secret


CHANGES: dict[str, Change] = {
    f"{name}: edit": _edit(name) for name in ("customers", *TABLE_FILES)
} | {
    "tables: add": _add,
    "tables: remove": _remove,
    "tables: rename": _rename,
    "customers: move the folder": _move_folder,
    "secret": _secret,
}
