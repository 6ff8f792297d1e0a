"""Contact files in the forms that programs import."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import polars as pl

from newsletter.export.programs.profile import EMAIL, ContactFiles, Contacts
from newsletter.export.table import csv_bytes
from newsletter.model.artifact import Artifact

Requests = Callable[[Sequence[Mapping[str, str]], Contacts], object]
"""Turns some contacts, by field, into one request of an API."""


def csv_file(
    file: str = "contacts.csv", *, separator: str = ",", bom: bool = False
) -> ContactFiles:
    """Return what writes one table (RFC 4180) in UTF-8, every cell quoted."""

    def write(contacts: Contacts) -> Iterator[Artifact]:
        def rows() -> Iterator[bytes]:
            yield codecs.BOM_UTF8 if bom else b""
            for n, frame in enumerate(contacts.frames()):
                named = frame.select(_called(contacts.headers))
                yield csv_bytes(named, separator=separator, header=n == 0)

        yield Artifact(f"{contacts.folder}/{file}", rows, contacts.key)

    return write


def csv_with_json(
    columns: Mapping[str, str], *, into: str, file: str = "contacts.csv"
) -> ContactFiles:
    """
    Return what writes a table with fixed columns and one, *into*, for all others as JSON.

    *columns* are the headers and what they hold: one of our columns, or several with spaces
    between them.
    """

    def write(contacts: Contacts) -> Iterator[Artifact]:
        others = {name: header for name, header in contacts.headers.items() if name != EMAIL}

        def rows() -> Iterator[bytes]:
            for n, frame in enumerate(contacts.frames()):
                cells = frame.select(_called(others)).rows(named=True)
                texts = [json.dumps(row, ensure_ascii=False) for row in cells]
                fixed = [_together(header, ours.split()) for header, ours in columns.items()]
                whole = frame.select(fixed).with_columns(pl.Series(into, texts, pl.String()))
                yield csv_bytes(whole, separator=",", header=n == 0)

        yield Artifact(f"{contacts.folder}/{file}", rows, contacts.key)

    return write


def _called(headers: Mapping[str, str]) -> list[pl.Expr]:
    return [pl.col(name).alias(header) for name, header in headers.items()]


def _together(header: str, columns: Sequence[str]) -> pl.Expr:
    filled = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in columns]
    return pl.concat_str(filled, separator=" ", ignore_nulls=True).fill_null("").alias(header)


def json_lines(request: Requests, *, most: int, file: str = "requests.jsonl") -> ContactFiles:
    """Return what writes a request of the program's API in each line, for *most* contacts."""

    def write(contacts: Contacts) -> Iterator[Artifact]:
        def lines() -> Iterator[bytes]:
            for frame in contacts.frames():
                named = frame.select(_called(contacts.headers))
                for part in named.iter_slices(most):
                    whole = request(part.rows(named=True), contacts)
                    yield json.dumps(whole, ensure_ascii=False).encode() + b"\n"

        yield Artifact(f"{contacts.folder}/{file}", lines, contacts.key)

    return write


def with_template(
    contacts_of: ContactFiles, template: Callable[[Contacts], object]
) -> ContactFiles:
    """Return what writes the template for the program's API, too: template.json."""

    def write(contacts: Contacts) -> Iterator[Artifact]:
        whole = json.dumps(template(contacts), ensure_ascii=False, indent=1)
        yield Artifact(f"{contacts.folder}/template.json", f"{whole}\n".encode())
        yield from contacts_of(contacts)

    return write


def json_rows(file: str = "contacts.jsonl") -> ContactFiles:
    """Return what writes an object for each contact, in a line each."""

    def write(contacts: Contacts) -> Iterator[Artifact]:
        def lines() -> Iterator[bytes]:
            for frame in contacts.frames():
                yield frame.select(_called(contacts.headers)).write_ndjson().encode()

        yield Artifact(f"{contacts.folder}/{file}", lines, contacts.key)

    return write


def parquet_file(file: str = "contacts.parquet") -> ContactFiles:
    """Return what writes a table in Parquet."""

    def write(contacts: Contacts) -> Iterator[Artifact]:
        def table() -> Iterator[bytes]:
            buffer = io.BytesIO()
            rows = pl.concat(contacts.frames()).select(_called(contacts.headers))
            rows.write_parquet(buffer)
            yield buffer.getvalue()

        yield Artifact(f"{contacts.folder}/{file}", table, contacts.key)

    return write


def addresses_file(header: str, *, file: str = "blocklist.csv") -> ContactFiles:
    """Return what writes the addresses alone, below a *header*."""

    def write(contacts: Contacts) -> Iterator[Artifact]:
        def rows() -> Iterable[bytes]:
            for n, frame in enumerate(contacts.frames()):
                addresses = frame.select(pl.col(EMAIL).alias(header))
                yield csv_bytes(addresses, separator=",", header=n == 0)

        yield Artifact(f"{contacts.folder}/{file}", rows, contacts.key)

    return write
