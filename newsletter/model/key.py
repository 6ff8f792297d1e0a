"""The key of what something is made from: a hash that changes whenever any of it does."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel


class Keyed:
    """A value that knows its own key."""

    key: str


def key_of(*values: object) -> str:
    """
    Return the SHA-256 of values: texts, numbers, days, paths, models, tables, containers of them.

    Values that differ have different keys. Equal tables have the same
    one if they were made in the same way.

    Raises TypeError for what has no such form, lest a change of it go unseen.
    """
    pieces: list[bytes] = []
    _add(pieces, values)
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def _add(pieces: list[bytes], value: object) -> None:
    """Add the value so that two that differ in type, content or order never read the same."""
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        pieces += (b"s%d:" % len(data), data)
    elif value is None or isinstance(value, bool | int | float | dt.date | dt.time | Path):
        pieces.append(f"{type(value).__name__} {value!r};".encode())
    elif isinstance(value, bytes):
        pieces += (b"b%d:" % len(value), value)
    elif isinstance(value, pl.DataFrame):
        buffer = io.BytesIO()
        oldest = pl.CompatLevel.oldest()  # newer forms hold equal texts in more than one way
        value.rechunk().write_ipc(buffer, compression="uncompressed", compat_level=oldest)
        _add(pieces, buffer.getvalue())
    elif isinstance(value, Keyed):
        pieces.append(f"{type(value).__name__} {value.key};".encode())
    elif isinstance(value, Mapping):
        _add_container(pieces, "{", [part for pair in value.items() for part in pair])
    elif isinstance(value, list | tuple):
        _add_container(pieces, "[", value)
    elif isinstance(value, BaseModel):
        _add_container(pieces, type(value).__name__, list(value.__dict__.items()))
    elif is_dataclass(value) and not isinstance(value, type):
        form, names = _form_of(type(value))
        _add_container(pieces, form, [getattr(value, name) for name in names])
    else:
        raise TypeError(f"a {type(value).__name__} has no key")


@cache
def _form_of(kind: type[Any]) -> tuple[str, tuple[str, ...]]:
    """Return what tells a dataclass from others, and the names of its fields."""
    names = tuple(field.name for field in fields(kind))
    return f"{kind.__name__} {','.join(names)}", names


def _add_container(pieces: list[bytes], name: str, values: Iterable[object]) -> None:
    pieces.append(f"{name}(".encode())
    for value in values:
        _add(pieces, value)
    pieces.append(b")")
