"""Takes streets apart: the name and the number of the house, in whatever order."""

from __future__ import annotations

import polars as pl

_NUMBER = r"\d+(?:\s?(?:bis|ter|[a-z]))?(?:\s?[-–/]\s?\d+\s?[a-z]?)?"
_ROOM = r"(?:apartment|apt|appartement|appt|flat|studio|suite|unit|whg|wohnung)\b\.?\s*\w+"
_DOOR = rf"^{_ROOM},?\s+|[\s,]+{_ROOM}$"
"""Its number would be taken for that of the house."""
_SIGN = r"\s(?:nr|no|n°)\.?\s?"
_PATTERNS = (
    rf"^(?P<number>{_NUMBER})\s*,?\s+(?P<name>[^\d,;]+)",
    rf"^(?P<name>.*?\p{{L}}.*?)[\s,.]+(?P<number>{_NUMBER})\s*$",
    rf"^(?P<name>[^\d,;]*\p{{L}}[^\d,;]*?)[\s,.]+(?P<number>{_NUMBER})\b",
)
"""`5, rue de Lyon`; `Straße des 17. Juni 135`; `Hauptstr. 5, 3. Stock`: the first that matches."""
_TYPE = (
    r"(?:stra(?:ß|ss)e|str\.?|platz|weg|gasse|allee|\p{L}{3}ring|damm|ufer|steig|pfad)(?:\s|$)"
    r"|\b(?:all[ée]e|avenue|ave?|boulevard|blvd|bd|calle|chemin|close|court|cours|crescent|ct|dr"
    r"|drive|impasse|lane|ln|place|plaza|quai|rd|road|rue|sq|square|st|street|terrace|via|way)\b"
)


def with_parts(streets: pl.DataFrame) -> pl.DataFrame:
    """
    Return the frame, which has a column `street`, with `name`, `number`, `ahead` and `typed`.

    `number` is `5`, `12a` or `8-7`. `ahead`: the number stands before the name. `typed`: the name
    says that it is a street. Without a number the name is missing.
    """
    plain = pl.col("street").str.to_lowercase().str.normalize("NFKC").str.strip_chars()
    plain = plain.str.replace_all(_DOOR, "").str.replace_all(_SIGN, " ")
    ahead = pl.col("plain").str.contains("^[0-9]")
    first, *others = (pl.col("plain").str.extract_groups(pattern) for pattern in _PATTERNS)
    parts = pl.when(ahead).then(first).otherwise(pl.coalesce(map(_matching, others)))
    split = streets.with_columns(plain=plain).with_columns(parts=parts, ahead=ahead)
    name, number = (pl.col("parts").struct.field(field) for field in ("name", "number"))
    named = split.with_columns(
        name=name.str.strip_chars(" ,."),
        number=number.str.replace_all(r"\s", "").str.replace_all("[–/]", "-"),
    )
    return named.with_columns(typed=pl.col("name").str.contains(_TYPE)).drop("plain", "parts")


def _matching(groups: pl.Expr) -> pl.Expr:
    """Return the groups of a pattern, or null where it does not match."""
    return pl.when(groups.struct.field("name").is_not_null()).then(groups)
