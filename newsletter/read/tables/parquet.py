"""Parquet, as databases write it: values become text, and are read like any other file's."""

from __future__ import annotations

import io

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.read.tables.reading import ROW, Findings
from newsletter.read.tables.rows import RawTable, headers_of, raw_table


def read_parquet(data: bytes, findings: Findings) -> RawTable:
    """
    Return the raw table of a Parquet file; `row` counts its records from 1. Raises NewsletterError
    if it is damaged.
    """
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
    """Return the values as they would stand in a CSV."""
    match values.dtype:
        case pl.Boolean():
            return values.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
        case pl.Float32() | pl.Float64() | pl.Decimal():
            digits = values.cast(pl.Float64).cast(pl.String).str.replace(r"\.0$", "")
            # Three decimals get a fourth: 1.234 could else be read as 1,234.
            return digits.str.replace(r"(\.\d{3})$", "${1}0")
        case pl.List():
            return values.cast(pl.List(pl.String())).list.join(", ")
        case pl.Datetime():
            zoned = getattr(values.dtype, "time_zone", None)
            return values.dt.strftime("%Y-%m-%d %H:%M:%S %z" if zoned else "%Y-%m-%d %H:%M:%S")
        case pl.Struct() | pl.Array() | pl.Object() | pl.Binary():
            return pl.Series([None] * len(values), dtype=pl.String)
    return values.cast(pl.String)
