"""Reads what a build wrote for the history: who got an issue, how, and with what in it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from newsletter.errors import NewsletterError, did_you_mean, raise_all
from newsletter.read.tables.joining import read_table
from newsletter.read.tables.raw import read_raw
from newsletter.read.tables.reading import Findings, Wishes
from newsletter.read.tables.table_aliases import TABLE_HEADERS

RECORDS = "private/record"
"""Where they stand below output/, one file for each issue that was built."""


def read_record(output: Path, name: str, *, shown: str, ids: pl.Series) -> pl.DataFrame:
    """
    Return the rows of HISTORY for the issue *name* that a build wrote into *output*.

    *shown* is that folder as the user would type it, *ids* are those of the customers. Raises
    NewsletterError if there is no such file, or it was changed to something that cannot be read.
    """
    folder = output / RECORDS
    file = folder / f"{name}.csv"
    if not file.is_file():
        known = sorted(path.stem for path in folder.glob("*.csv")) if folder.is_dir() else []
        hint = did_you_mean(name, known) or f"build it first: newsletter build --issue {name}"
        raise NewsletterError.at(f"no issue '{name}' was built in {shown}", hint=hint)
    findings = Findings(shown=f"{shown}/{RECORDS}/{file.name}")
    raw = read_raw(file, TABLE_HEADERS["history"], findings=findings)
    keys = pl.DataFrame({"key": ids, "id": ids})
    rows = read_table("history", raw, keys=keys, wishes=Wishes(dates="DMY"), findings=findings)
    raise_all((*findings.problems, *findings.bad_rows()))
    return rows
