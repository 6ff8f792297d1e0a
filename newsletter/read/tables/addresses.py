"""Postal addresses that a file keeps in parts, or several of: made one per customer."""

from __future__ import annotations

import polars as pl

from newsletter.read.tables.programs import ADDRESS, Program


def settle_addresses(frame: pl.DataFrame, program: Program | None) -> pl.DataFrame:
    """
    Return the frame with one address per row: one of several is taken whole, never mixed from two.
    """
    if program and program.addresses:
        frame = _choose(frame, program.addresses)
    parts = {"street", "house_number"} <= set(frame.columns)
    if parts:
        joined = pl.concat_str("street", "house_number", separator=" ", ignore_nulls=True)
        frame = frame.with_columns(
            pl.when(pl.col("street").is_not_null()).then(joined).alias("street")
        )
    if {"street", "street_2"} <= set(frame.columns):
        joined = pl.concat_str("street", "street_2", separator=", ", ignore_nulls=True)
        filled = pl.when(joined.str.len_bytes() > 0).then(joined)
        frame = frame.with_columns(filled.alias("street"))
    return frame


def _choose(frame: pl.DataFrame, places: tuple[str, ...]) -> pl.DataFrame:
    """Take the first place (home, business, other) that has a street, postcode or city."""
    used = [place for place in places if any(c.startswith(f"{place}.") for c in frame.columns)]
    chosen: dict[str, pl.Expr] = {part: pl.lit(None, pl.String()) for part in ADDRESS}
    for place in reversed(used):
        parts = {part: f"{place}.{part}" for part in ADDRESS if f"{place}.{part}" in frame.columns}
        there = pl.any_horizontal(pl.col(list(parts.values())).is_not_null())
        for part in ADDRESS:
            here = pl.col(parts[part]) if part in parts else pl.lit(None, pl.String())
            chosen[part] = pl.when(there).then(here).otherwise(chosen[part])
    return frame.with_columns(**chosen) if used else frame
