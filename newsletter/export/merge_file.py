"""The merge file: a table of every recipient's fields and the template for it, in two profiles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import polars as pl

from newsletter.export.columns import Column, Columns, Condition, Piece, cells_of, copied_field
from newsletter.export.plain_text import text_for_people
from newsletter.export.senders import FROM, REPLY_TO, MessageSender
from newsletter.export.table import excel_csv, machine_csv
from newsletter.merge.rows import slices
from newsletter.model.artifact import Artifact
from newsletter.model.template import MessageTemplate

_MACHINE = ("email", "name", FROM, REPLY_TO)
_WORD = (
    "email", "via", "name", "title", "first_name", "last_name", "company",
    "street", "postcode", "city", "region", "country",
)  # fmt: skip
"""Fields of the customer table that every merge file has, whether the text prints them or not."""


def merge_files(  # noqa: PLR0913  # each is a value of its own
    template: MessageTemplate,
    recipients: pl.DataFrame,
    *,
    key: str,
    folder: str,
    sender: MessageSender,
    filters: Mapping[str, Any],
    country: str,
) -> Iterator[Artifact]:
    """
    Yield both profiles of an edition's merge file, each a table and a template, below *folder*.

    `machine/` is for the mailmerge program: UTF-8 without BOM, every cell quoted, conditions as
    flags. It holds only recipients by email. `word/` is for Word, LibreOffice and Excel: cells
    that could be formulas are disarmed, conditions are worked out. It also holds recipients by
    letter, without their email addresses. *country* is the one whose Excel opens the table. *key*
    is the key of all other arguments.
    """
    machine = _profile(template, _MACHINE, flags=True)
    by_email = recipients.filter(pl.col("via") == "email")
    by_email = by_email.with_columns(sender.columns(by_email))
    yield from _profile_files(
        f"{folder}/machine",
        key,
        text=lambda: _mailmerge(machine()[1]).encode(),
        table=lambda: machine_csv(_tables(machine()[0], template, by_email, filters=filters)),
    )
    word = _profile(template, _WORD, flags=False)
    address = pl.when(pl.col("via") == "email").then(pl.col("email"))
    people = recipients.with_columns(email=address)
    yield from _profile_files(
        f"{folder}/word",
        key,
        text=lambda: text_for_people(_word(word()[1])),
        table=lambda: excel_csv(
            _tables(word()[0], template, people, filters=filters), country=country
        ),
    )


def _profile_files(
    folder: str, key: str, *, text: Callable[[], bytes], table: Callable[[], Iterable[bytes]]
) -> Iterator[Artifact]:
    """Yield template and table of a profile; both are computed when written."""
    yield Artifact(f"{folder}/template.txt", lambda: [text()], key)
    yield Artifact(f"{folder}/recipients.csv", table, key)


def _profile(
    template: MessageTemplate, fields: tuple[str, ...], *, flags: bool
) -> Callable[[], tuple[Columns, tuple[Piece, ...]]]:
    """Return a function that computes, once, the columns and the text that names them."""

    @cache
    def profile() -> tuple[Columns, tuple[Piece, ...]]:
        columns = Columns(fixed=(*fields, "subject"))
        return columns, columns.pieces(template.text, keep_conditions=flags)

    return profile


def _tables(
    columns: Columns,
    template: MessageTemplate,
    recipients: pl.DataFrame,
    *,
    filters: Mapping[str, Any],
) -> Iterator[pl.DataFrame]:
    """Yield the table in slices: the fixed columns, the subject, and each column of the text."""
    fixed = [name for name in columns.fixed if name != "subject"]
    cells = {"subject": template.subject, **columns.cells}
    copied = {
        name: pl.col(field).cast(pl.String).fill_null("").alias(name)
        for name, cell in cells.items()
        if (field := copied_field(cell, recipients.schema))
    }
    others = {name: cell for name, cell in cells.items() if name not in copied}
    for part in slices(recipients) if recipients.height else [recipients]:
        texts = cells_of(others, part, filters=filters)
        table = pl.concat([part.select(*fixed, *copied.values()), texts], how="horizontal")
        yield table.select(*fixed, *cells)


def _mailmerge(pieces: Iterable[Piece]) -> str:
    """Return the template in the mailmerge program's dialect: headers, an empty line, Jinja."""
    body = "".join(map(jinja, pieces))
    columns = {"TO": "email", "SUBJECT": "subject", "FROM": FROM, "REPLY-TO": REPLY_TO}
    header = "".join(f"{name}: {{{{ {column} }}}}\n" for name, column in columns.items())
    return f"{header}\n" + body + "\n"  # Jinja drops one newline at the end of a template


def jinja(piece: Piece) -> str:
    """Return a piece in Jinja, with the columns as its names."""
    if isinstance(piece, str):
        return _literal(piece)
    if isinstance(piece, Column):
        return f"{{{{ {piece.name} }}}}"
    assert isinstance(piece, Condition)  # no tags are left to the program
    tests = ["if", *["elif"] * (len(piece.branches) - 1)]
    branches = "".join(
        f"{{% {test} {flag} %}}{''.join(map(jinja, then))}"
        for test, (flag, then) in zip(tests, piece.branches, strict=True)
    )
    otherwise = "".join(map(jinja, piece.otherwise))
    return f"{branches}{f'{{% else %}}{otherwise}' if otherwise else ''}{{% endif %}}"


def _literal(text: str) -> str:
    """Return Jinja source that prints *text* as it is."""
    return re.sub(r"\{(?=[{%#]|$)", "{{ '{' }}", text)


def _word(pieces: Iterable[Piece]) -> str:
    """Return the text with «column» where a merge field goes, as Word shows it."""
    return "".join(
        f"«{piece.name}»" if isinstance(piece, Column) else str(piece) for piece in pieces
    )
