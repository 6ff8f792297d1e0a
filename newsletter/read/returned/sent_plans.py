"""Plans and records that an earlier build wrote into output/."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from newsletter.errors import NewsletterError, Place, did_you_mean, raise_all
from newsletter.model.care import PLAN
from newsletter.read.people.customer_tables import read_table
from newsletter.read.people.findings import Findings, ReadingOptions
from newsletter.read.people.header_names import TABLE_HEADERS
from newsletter.read.people.table_files import read_raw

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
        built = sorted(path.stem for path in folder.glob("*.csv")) if folder.is_dir() else []
        hint = did_you_mean(name, built) or f"build it first: newsletter build --issue {name}"
        raise NewsletterError.at(f"no issue '{name}' was built in {shown}", hint=hint)
    findings = Findings(shown=f"{shown}/{RECORDS}/{file.name}")
    raw = read_raw(file, TABLE_HEADERS["history"], findings=findings)
    keys = pl.DataFrame({"key": ids, "id": ids})
    rows = read_table(
        "history", raw, keys=keys, options=ReadingOptions(dates="DMY"), findings=findings
    )
    raise_all((*findings.problems, *findings.bad_rows()))
    return rows


DISARMED = r"^'([=+\-@＝＋－＠])"
"""What export/table.py put before what could be a formula."""


def read_plan(file: Path, *, shown: str) -> pl.DataFrame:
    """
    Return the plan in a file as written by a build: a frame with the columns of PLAN.

    Raises NewsletterError if there is none, or somebody changed its columns.
    """
    place = Place(path=shown)
    if not file.exists():
        hint = "run: newsletter build"
        raise NewsletterError.at("there is no plan of a build yet", place, hint=hint)
    try:
        text = file.read_text(encoding="utf-8-sig")
        separator = ";" if '";"' in text.partition("\n")[0] else ","
        cells = pl.read_csv(text.encode(), separator=separator, infer_schema=False)
        return cells.select(_column(name, dtype) for name, dtype in PLAN.items())
    except (PolarsError, UnicodeDecodeError):
        hint = "run: newsletter build"
        raise NewsletterError.at("this is no plan of a build", place, hint=hint) from None


def _column(name: str, dtype: pl.DataType) -> pl.Expr:
    text = pl.when(pl.col(name) != "").then(pl.col(name).str.replace(DISARMED, "${1}"))
    if dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d").alias(name)
    if dtype == pl.Boolean:
        return text.is_not_null().alias(name)
    return text.cast(dtype).alias(name)
