"""Names and addresses of customers, put together from their parts."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from newsletter.read.people.programs import ADDRESS, Program

# Han, Kana and Hangul names are written family name first and without a space.
_EAST_ASIAN = r"^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+$"


def with_names(frame: pl.DataFrame) -> pl.DataFrame:
    """
    Add a name: the full name as written, else first and last. A full name is never split.

    What stands between the two (`van der`) becomes part of the last name.
    """
    fields = set(frame.columns)
    if {"last_name", "name_infix"} <= fields:
        whole_last = pl.concat_str("name_infix", "last_name", separator=" ", ignore_nulls=True)
        filled = pl.col("last_name").is_not_null()
        frame = frame.with_columns(last_name=pl.when(filled).then(whole_last))
    if not fields & {"first_name", "last_name"}:
        return frame
    parts = [n for n in ("first_name", "last_name") if n in fields]
    joined = pl.concat_str(parts, separator=" ", ignore_nulls=True)
    if len(parts) == 2:
        eastern = pl.all_horizontal(pl.col(parts).str.contains(_EAST_ASIAN).fill_null(False))
        joined = pl.when(eastern).then(pl.concat_str("last_name", "first_name")).otherwise(joined)
    joined = pl.when(joined.str.len_bytes() > 0).then(joined)
    whole = [pl.col("name")] if "name" in fields else []
    return frame.with_columns(pl.coalesce(*whole, joined).alias("name"))


def with_addresses(frame: pl.DataFrame, program: Program | None) -> pl.DataFrame:
    """Return the frame with one address per row, taken whole from one of several."""
    if program and program.addresses:
        frame = _choose(frame, program.addresses)
    if {"street", "house_number"} <= set(frame.columns):
        joined = pl.concat_str("street", "house_number", separator=" ", ignore_nulls=True)
        frame = frame.with_columns(
            pl.when(pl.col("street").is_not_null()).then(joined).alias("street")
        )
    if {"street", "street_2"} <= set(frame.columns):
        joined = pl.concat_str("street", "street_2", separator=", ", ignore_nulls=True)
        filled = pl.when(joined.str.len_bytes() > 0).then(joined)
        frame = frame.with_columns(filled.alias("street"))
    return frame


def _choose(frame: pl.DataFrame, places: Sequence[str]) -> pl.DataFrame:
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
