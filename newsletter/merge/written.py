"""Fields as written in a message, a whole column at once for simple values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from newsletter.merge.escape import BadValue
from newsletter.merge.quoted_printable import encode
from newsletter.model.template import Output, Position

_MARKS = r"!#$%()*+,/:;?@\[\]^`{|}~-"
_TEXT = rf"^[0-9A-Za-z_{_MARKS}](?:[0-9A-Za-z_. {_MARKS}]*[0-9A-Za-z_.{_MARKS}])?$"
_SIMPLE = {
    "text": _TEXT,
    "url": r"^https?://[a-z0-9.-]+(?:/[0-9A-Za-z_./~-]*)?(?:\?[0-9A-Za-z_.=~-]*)?$",
    "url_part": r"^[0-9A-Za-z_~-][0-9A-Za-z_.~-]*$",
    "line": r"^[!-~\p{L}]+(?: [!-~\p{L}]+)*$",
}
MOST_REMEMBERED = 2_000
"""Values of an open part: names, cities and dates recur; addresses do not, and would fill the
memory."""
_AT_ONCE = re.compile(
    rf"(?!From )[0-9A-Za-z_{_MARKS}](?:[0-9A-Za-z_. {_MARKS}]{{0,70}}[0-9A-Za-z_.{_MARKS}])?"
)
"""A short text that neither escaping nor quoted-printable changes."""
KINDS: Mapping[Position, str] = {
    "plain": "text",
    "text": "text",
    "attribute": "text",
    "url": "url",
    "url_part": "url_part",
    "header": "line",
}
"""Position → the kind of text that escape.py leaves unchanged there (a key of `_SIMPLE`)."""


def written_at_once(column: pl.Series, kind: str) -> pl.Series:
    """
    Return a column's values as written in a message: bytes in quoted-printable.

    A `line`, which is not encoded, is str. A value that needs more care is null; escape.py and
    quoted_printable.py write it one by one, in ten times the time.
    """
    expression = _written(column.name, kind, column.dtype).alias(column.name)
    return column.to_frame().with_columns(expression).to_series()


def _written(field: str, kind: str, dtype: pl.DataType) -> pl.Expr:
    if not (dtype == pl.String or dtype.is_integer()):
        return pl.lit(None, dtype=pl.Binary)
    text = pl.col(field).cast(pl.String)
    if kind == "line":
        return pl.when(text.str.contains(_SIMPLE[kind])).then(text)
    encoded = text.str.replace_all("=", "=3D", literal=True) if kind == "url" else text
    simple = (
        text.str.contains(_SIMPLE[kind])
        & (encoded.str.len_bytes() <= 75)  # a line of quoted-printable, with its soft break
        & ~text.str.starts_with("From ")
    )
    return pl.when(simple).then(encoded + "=\n").cast(pl.Binary)


class Writer(dict[object, Any]):
    """Values → the output of one open part. Caches only texts, because 1 equals True."""

    def __init__(self, write: Callable[[object], str], part: Output, *, encoded: bool) -> None:
        super().__init__()
        self._write, self._slot, self._encoded = write, part.slot, encoded
        self._at_once = encoded and KINDS.get(part.position) == "text"

    def __missing__(self, value: object) -> Any:
        written: Any
        if self._at_once and type(value) is str and _AT_ONCE.fullmatch(value):
            written = f"{value}=\n".encode("ascii")
        else:
            written = self._carefully(value)
        if type(value) is str and len(self) < MOST_REMEMBERED:
            self[value] = written
        return written

    def _carefully(self, value: object) -> Any:
        try:
            text = self._write(value)
        except BadValue as error:
            error.slot = self._slot
            raise
        return encode(text).encode("ascii") if self._encoded else text
