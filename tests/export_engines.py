"""Real engines that read exported templates, and how each program hands them a contact."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import django.template
import liquid

Row = Mapping[str, Any]
"""A contact of the file, as the program knows it."""
Files = Mapping[str, bytes]
"""The contact files by name."""
Rows = Callable[[Files], Sequence[Row]]
Reader = Callable[[str, Sequence[Row]], Sequence[str]]
"""Takes a template and contacts; returns the finished text of each."""


def csv_rows(files: Files, *, separator: str = ",") -> Sequence[Row]:
    """Return the rows of contacts.csv by header."""
    text = files["contacts.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def one_by_one(read: Callable[[str, Row], str]) -> Reader:
    """Return what reads with *read* for each contact."""
    return lambda template, rows: [read(template, row) for row in rows]


def brevo(template: str, row: Row) -> str:
    """Return a text as Django prints it, with the attributes in `contact`."""
    return _django_text(template, {"contact": row})


def buttondown(template: str, row: Row) -> str:
    """Return a text as Django prints it, with `metadata` of the `subscriber`."""
    return _django_text(template, {"subscriber": {"email": row["email"], "metadata": row}})


def customer_io(template: str, row: Row) -> str:
    """Return a text as Liquid prints it, with the contact as `customer`."""
    return _liquid(template).render(customer=row)


def keila(template: str, row: Row) -> str:
    """Return a text as Liquid prints it, with the cell of JSON as `data` of the `contact`."""
    names = {"first_name": row["First name"], "last_name": row["Last name"]}
    contact = {"email": row["Email"], **names, "data": json.loads(row["Data"])}
    return _liquid(template).render(contact=contact)


def klaviyo(template: str, row: Row) -> str:
    """Return a text as Django prints it, with the properties in `person`."""
    known = {"first_name": row["First Name"], "last_name": row["Last Name"]}
    return _django_text(template, {**known, "email": row["Email"], "person": row})


@cache
def _liquid(template: str) -> liquid.BoundTemplate:
    return liquid.Environment().from_string(template)


def _django_text(template: str, values: Mapping[str, Any]) -> str:
    return str(_django(template).render(django.template.Context(values)))


@cache
def _django(template: str) -> django.template.Template:
    engine = django.template.Engine()
    engine.template_builtins.append(_LOOKUP)
    return engine.from_string(template)


_LOOKUP = django.template.Library()
_LOOKUP.filter("lookup", lambda person, name: person.get(name, ""))

READERS: Mapping[str, tuple[Rows, Reader]] = {
    "brevo": (lambda files: csv_rows(files, separator=";"), one_by_one(brevo)),
    "buttondown": (csv_rows, one_by_one(buttondown)),
    "customer-io": (csv_rows, one_by_one(customer_io)),
    "keila": (csv_rows, one_by_one(keila)),
    "klaviyo": (csv_rows, one_by_one(klaviyo)),
}
"""By program: what reads its contact files, and what reads its templates."""
