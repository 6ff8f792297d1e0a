"""The key of values: a hash that changes whenever any of them changes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any

import polars as pl
from pydantic import BaseModel

_PLAIN = (NoneType, bool, int, float, dt.date, dt.time, Path)
"""Types whose `repr` says everything."""
_LISTS = (list, tuple)


class Keyed:
    """A value with a key of its own."""

    key: str


def key_of(*values: object) -> str:
    """
    Return the SHA-256 of texts, numbers, days, paths, models, tables and containers of them.

    Different values have different keys. Equal tables have equal keys if they were made in the
    same way. Raises TypeError for other types, whose changes would go unnoticed.
    """
    pieces: list[bytes] = []
    _add(pieces, values)
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def _add(pieces: list[bytes], value: object) -> None:
    """Add the value in a form that differs by type, content and order."""
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        pieces += (b"s%d:" % len(data), data)
    elif isinstance(value, _PLAIN):
        pieces.append(f"{type(value).__name__} {value!r};".encode())
    elif isinstance(value, bytes):
        pieces += (b"b%d:" % len(value), value)
    elif isinstance(value, pl.DataFrame):
        buffer = io.BytesIO()
        oldest = pl.CompatLevel.oldest()  # newer formats encode equal texts in several ways
        # The numbers behind repeated texts differ from process to process.
        value = value.with_columns(pl.col(pl.Categorical).cast(pl.String))
        value.rechunk().write_ipc(buffer, compression="uncompressed", compat_level=oldest)
        _add(pieces, buffer.getvalue())
    elif isinstance(value, Keyed):
        pieces.append(f"{type(value).__name__} {value.key};".encode())
    else:
        name, parts = _parts_of(value)
        pieces.append(f"{name}(".encode())
        for part in parts:
            _add(pieces, part)
        pieces.append(b")")


def _parts_of(value: object) -> tuple[str, Iterable[object]]:
    """Return the name of a container's type, and what it contains."""
    if isinstance(value, _LISTS):
        return "[", value
    if isinstance(value, Mapping):
        return "{", [part for pair in value.items() for part in pair]
    if isinstance(value, frozenset):
        return "#", sorted(map(key_of, value))
    if isinstance(value, BaseModel):
        return type(value).__name__, list(value.__dict__.items())
    if is_dataclass(value) and not isinstance(value, type):
        form, names = _form_of(type(value))
        return form, [getattr(value, name) for name in names]
    raise TypeError(f"a {type(value).__name__} has no key")


@cache
def _form_of(kind: type[Any]) -> tuple[str, tuple[str, ...]]:
    """Return the name of a dataclass with its fields, and the names of the fields."""
    names = tuple(field.name for field in fields(kind))
    return f"{kind.__name__} {','.join(names)}", names
