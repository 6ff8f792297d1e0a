"""Reads the plan that a build wrote."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from newsletter.errors import NewsletterError, Place
from newsletter.model.care import PLAN

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
