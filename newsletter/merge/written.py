"""Fields as they are written in a message, a whole column at once where that is simple."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_MARKS = r"!#$%()*+,/:;?@\[\]^`{|}~-"
_TEXT = rf"^[0-9A-Za-z_{_MARKS}](?:[0-9A-Za-z_. {_MARKS}]*[0-9A-Za-z_.{_MARKS}])?$"
_SIMPLE = {
    "text": _TEXT,
    "url": r"^https?://[a-z0-9.-]+(?:/[0-9A-Za-z_./~-]*)?(?:\?[0-9A-Za-z_.=~-]*)?$",
    "url_part": r"^[0-9A-Za-z_~-][0-9A-Za-z_.~-]*$",
}
KINDS = {
    "in_plain": "text",
    "in_text": "text",
    "in_attribute": "text",
    "in_url": "url",
    "in_url_part": "url_part",
}
"""Place → kind of text of which escape.py changes no letter there (a key of the above)."""


def add_written(recipients: pl.DataFrame, wanted: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    """
    Add the columns *wanted* (name → field and kind): values escaped and in quoted-printable.

    A value that takes more care is null there; escape.py and quoted_printable.py write it, one by
    one, in ten times the time.
    """
    return recipients.with_columns(
        _written(field, kind, recipients.schema[field]).alias(name)
        for name, (field, kind) in wanted.items()
    )


def _written(field: str, kind: str, dtype: pl.DataType) -> pl.Expr:
    if not (dtype == pl.String or dtype.is_integer()):
        return pl.lit(None, dtype=pl.String)
    text = pl.col(field).cast(pl.String)
    encoded = text.str.replace_all("=", "=3D", literal=True) if kind == "url" else text
    simple = (
        text.str.contains(_SIMPLE[kind])
        & (encoded.str.len_bytes() <= 75)  # a line of quoted-printable, with its soft break
        & ~text.str.starts_with("From ")
    )
    return pl.when(simple).then(encoded + "=\n")
