"""`newsletter rekey`: writes new customer ids into all tables, after showing what changes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter.commands.options import FILE, RUNS, with_project, with_today
from newsletter.commands.terminal import columns, counted
from newsletter.errors import NewsletterError

if RUNS:
    import polars as pl

    from newsletter.model.config import Config
    from newsletter.model.tables import CUSTOMERS, TABLES
    from newsletter.read.content.folders import find_content
    from newsletter.read.content.practice_files import read_practices
    from newsletter.read.content.settings_files import read_settings
    from newsletter.read.people.new_ids import OF_NOBODY, Rekeyed, new_ids, rekeyed
    from newsletter.read.people.people_files import read_customer_file
    from newsletter.read.people.table_files import TableFile, find_tables, read_table_bytes
    from newsletter.read.project_files import ProjectFiles
    from newsletter.write import only_writer, replace_files

RECOMMENDATION = "recommendation"
"""The event whose key is the id of a customer, and its usual practice."""
_LOG = "rekeyed"
"""Folder beside the tables, with a file of old and new ids for each run."""
_NAME_IT = "name it: rekey OLD.csv NEW.csv"
_SHOWN = 10
"""Changes and customers without a match that are listed."""


@click.command("rekey")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE, required=False)
@click.option("--by", multiple=True, metavar="COLUMN", help="What to match by (default: email).")
@click.option("--write", is_flag=True, help="Write the new ids; without it, they are only shown.")
@with_project
@with_today
def command(
    *, old: Path, new: Path | None, by: tuple[str, ...], write: bool, root: Path, today: dt.date
) -> None:
    """Write new customer ids into all tables. OLD is the customer file from before."""
    click.echo(rekey(root, old, new, by=by or ("email",), write=write, today=today))


def rekey(
    root: Path, old: Path, new: Path | None, *, by: Sequence[str], write: bool, today: dt.date
) -> str:
    """
    Return which ids change in which files; with *write*, change them all in one step.

    *new* is the customer file with the new ids; None: that of the project. Rows of customers
    without a match stay as they are. Raises NewsletterError if nothing matches, if the same ids
    were written before, or if a file cannot be changed.
    """
    config = read_settings(root)
    place = (root / "content" / config.customers).resolve()
    folder = place.parent if place.is_file() else place
    with only_writer(folder):
        tables = find_tables(place, config.customers, problems=[], remarks=[])
        change = _change(root, config, tables, old, new, by=by, year=today.year)
        changed = {file: table for file, table in change.files.items() if table.rows}
        if write and changed:
            _refuse_twice(folder, change.ids)
            files = {_below(file.path, folder): table.data for file, table in changed.items()}
            files[_log_name(folder, today)] = _log(change.ids)
            replace_files(folder, files)
    again = f"rekey {old}{f' {new}' if new else ''}{''.join(f' --by {name}' for name in by)}"
    following = "build" if write or not changed else f"{again} --write"
    return "\n".join([*_told(change, changed, wrote=write), "", f"next: newsletter {following}"])


@dataclass(frozen=True)
class _Change:
    """What changes."""

    ids: Mapping[str, str]
    """Old id → new id."""
    unmatched: Sequence[str]
    """Old ids of customers that the new file does not have."""
    files: Mapping[TableFile, Rekeyed]


def _change(
    root: Path,
    config: Config,
    tables: Mapping[str, Sequence[TableFile]],
    old: Path,
    new: Path | None,
    *,
    by: Sequence[str],
    year: int,
) -> _Change:
    if new is None and not tables["customers"]:
        raise NewsletterError.at("there is no customer file", hint=_NAME_IT)
    now = new or tables["customers"][0].path
    before = read_customer_file(old, shown=str(old), config=config, year=year)
    after = read_customer_file(now, shown=str(now), config=config, year=year)
    _check_columns(by, before, after)
    ids = new_ids(before, after, by)
    identifiers = {*before["id"], *after["id"], *after["email"].drop_nulls().str.to_lowercase()}
    if not ids:
        message = f"no customer has another id in {now}"
        hint = "check the two files, or match by something else: --by name"
        raise NewsletterError.at(message, hint=hint)
    naming = _naming(root, config)
    files = {
        file: rekeyed(
            read_table_bytes(file.path, file.shown),
            name,
            ids,
            known=identifiers,
            columns=config.columns,
            naming=naming,
            shown=file.shown,
        )
        for name in TABLES
        if "customer" in TABLES[name]
        for file in tables[name]
    }
    gone = sorted({*before["id"]} - ids.keys() - {*after["id"]})
    return _Change(ids, gone, files)


def _check_columns(by: Sequence[str], before: pl.DataFrame, after: pl.DataFrame) -> None:
    """Raise NewsletterError if one of the files lacks a column to match by."""
    for name in by:
        for customers, which in ((before, "old"), (after, "new")):
            if name not in customers.columns or name == "id":
                hint = "name a column that both files have, such as email, name or phone"
                raise NewsletterError.at(f"the {which} file has no column '{name}'", hint=hint)
            if name in CUSTOMERS and not customers[name].count():
                hint = "match by something else: --by name"
                raise NewsletterError.at(f"'{name}' is empty in the {which} file", hint=hint)


def _naming(root: Path, config: Config) -> set[str]:
    """Return the practices whose key in the history is the id of a customer."""
    files = ProjectFiles(root)
    content = find_content(files)
    practices = read_practices(content, config, files, language=config.language)
    named = {practice.name for practice in practices if practice.event == RECOMMENDATION}
    return {RECOMMENDATION, *named}


def _below(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file.resolve(), folder)).as_posix()


def _log(ids: Mapping[str, str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("old", "new"), *ids.items()])
    return text.getvalue().encode()


def _log_name(folder: Path, today: dt.date) -> str:
    names = (f"{_LOG}/{today}{f'-{n}' if n > 1 else ''}.csv" for n in range(1, 1000))
    return next(name for name in names if not (folder / name).exists())


def _refuse_twice(folder: Path, ids: Mapping[str, str]) -> None:
    """Raise NewsletterError if these ids were written before: overlapping ids would mix."""
    for file in sorted((folder / _LOG).glob("*.csv")):
        if read_table_bytes(file, file.name) == _log(ids):
            message = f"these ids were written before, on {file.stem[:10]}"
            hint = f"delete {_LOG}/{file.name} if the tables have the old ids again"
            raise NewsletterError.at(message, hint=hint)


def _told(change: _Change, changed: Mapping[TableFile, Rekeyed], *, wrote: bool) -> list[str]:
    """Return what changes, in lines."""
    verb = "wrote" if wrote else "would write"
    lines = [f"{counted(len(change.ids), 'customer')} with another id:"]
    shown = list(change.ids.items())[:_SHOWN]
    lines.append(columns([[f"  {old}", "→", new] for old, new in shown]))
    lines += [f"  … and {len(change.ids) - _SHOWN:,} more"] * (len(change.ids) > _SHOWN)
    without_match = sum(new.startswith(OF_NOBODY) for new in change.ids.values())
    reused = (
        f"{without_match:,} of them without a match: their number belongs to somebody else now"
    )
    lines += [reused] * bool(without_match)
    if change.unmatched:
        some = ", ".join(change.unmatched[:_SHOWN])
        more = " …" if len(change.unmatched) > _SHOWN else ""
        lines.append(f"{len(change.unmatched):,} without a match, left as they are: {some}{more}")
    rows = [[f"  {file.shown}", counted(table.rows, "row")] for file, table in changed.items()]
    lines += [f"{verb} new ids:", columns(rows)] if rows else ["no table has an old id"]
    unknown = sum(table.unknown for table in change.files.values())
    lines += [f"{unknown:,} rows name nobody in either file: left as they are"] * bool(unknown)
    return lines
