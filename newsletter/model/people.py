"""What reading the customer data gives: the tables, and a report of how they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.errors import Problem


@dataclass(frozen=True, kw_only=True)
class ColumnReading:
    """How one column of the file was read."""

    header: str
    field: str
    """A field of CUSTOMERS, or the snake_case name of a further column."""
    reading: str
    """In words: text, number, date (DMY), yes/no, list, consent …"""
    samples: tuple[str, ...]
    """Up to three values, as read."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Everything about customers. Frames have the columns of model/tables.py, sorted by key."""

    customers: pl.DataFrame
    """CUSTOMERS and the user's further columns; one row per customer, bad rows left out."""
    tables: Mapping[str, pl.DataFrame]
    """By name of TABLES; empty frames with the right columns for those the user does not keep."""
    source: str
    """The customer file, as the user would type it."""
    program: str = ""
    """The program whose export this is, where it was recognised."""
    columns: tuple[ColumnReading, ...] = ()
    rows: int = 0
    """Rows of the customer file, bad ones included."""
    bad_rows: tuple[Problem, ...] = ()
    """Rows left out; each names line, column, value and cure."""
    remarks: tuple[Problem, ...] = ()
    """Merged duplicates, conflicts, guesses: nothing was lost, but somebody should know."""
