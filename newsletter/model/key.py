"""The key of what something is made from: a hash that changes whenever any of it does."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from pydantic import BaseModel


class Keyed:
    """A value that knows its own key."""

    key: str


def key_of(*values: object) -> str:
    """
    Return the SHA-256 of values: texts, numbers, days, paths, models, and containers of them.

    Raises TypeError for what has no such form, lest a change of it go unseen.
    """
    digest = hashlib.sha256()
    for piece in _pieces(values):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(value: object) -> Iterator[bytes]:
    """Yield the value so that two that differ in type, content or order never read the same."""
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        yield b"s%d:" % len(data)
        yield data
    elif value is None or isinstance(value, bool | int | float | dt.date | dt.time | Path):
        yield f"{type(value).__name__} {value!r};".encode()
    elif isinstance(value, bytes):
        yield b"b%d:" % len(value)
        yield value
    elif isinstance(value, Keyed):
        yield f"{type(value).__name__} {value.key};".encode()
    elif isinstance(value, Mapping):
        yield from _container("{", [part for pair in value.items() for part in pair])
    elif isinstance(value, list | tuple):
        yield from _container("[", value)
    elif isinstance(value, BaseModel):
        yield from _container(type(value).__name__, list(value.__dict__.items()))
    elif is_dataclass(value):
        named = [(field.name, getattr(value, field.name)) for field in fields(value)]
        yield from _container(type(value).__name__, named)
    else:
        raise TypeError(f"a {type(value).__name__} has no key")


def _container(name: str, values: Iterable[object]) -> Iterator[bytes]:
    yield f"{name}(".encode()
    for value in values:
        yield from _pieces(value)
    yield b")"
