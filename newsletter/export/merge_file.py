"""The merge file: a table of every recipient's fields and the template for it, in two profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from newsletter.export.columns import Column, Columns, Part, cells_of, literal_text
from newsletter.export.table import excel_csv, machine_csv
from newsletter.model.artifact import Artifact
from newsletter.model.template import MessageTemplate

_MACHINE = ("email", "name")
_WORD = (
    "email", "via", "name", "title", "first_name", "last_name", "company",
    "street", "postcode", "city", "region", "country",
)  # fmt: skip
"""Fields of the customer table that every merge file has, whether the text prints them or not."""
_PIECE = 20_000
"""Rows worked out at once: a million would not fit into the memory of a small machine."""


def merge_files(  # noqa: PLR0913  # each is a value of its own
    template: MessageTemplate,
    recipients: pl.DataFrame,
    *,
    folder: str,
    sender: str,
    filters: Mapping[str, Any],
    country: str,
) -> Iterator[Artifact]:
    """
    Yield both profiles of an edition's merge file, each a table and a template, below *folder*.

    `machine/`: UTF-8 without BOM, every cell quoted, conditions as flags; the template is the
    mailmerge program's. Only recipients by email. `word/`: for Word, LibreOffice and Excel, cells
    that could be formulas disarmed, conditions worked out; recipients by letter are in it, too,
    without an email address. *sender* is the From line (RFC 5322), *country* the one
    whose Excel is to open the table.
    """
    by_email = recipients.filter(pl.col("via") == "email")
    machine = Columns(fixed=(*_MACHINE, "subject"))
    parts = machine.parts(template.text, keep_conditions=True)
    yield Artifact(f"{folder}/machine/template.txt", _mailmerge(parts, sender).encode())
    pieces = partial(_pieces, machine, template, by_email, filters=filters)
    yield Artifact(f"{folder}/machine/recipients.csv", _file(machine_csv, pieces))

    word = Columns(fixed=(*_WORD, "subject"))
    parts = word.parts(template.text, keep_conditions=False)
    yield Artifact(f"{folder}/word/template.txt", _word(parts).encode("utf-8-sig"))
    everybody = recipients.with_columns(
        email=pl.when(pl.col("via") == "email").then(pl.col("email"))
    )
    pieces = partial(_pieces, word, template, everybody, filters=filters)
    write = partial(excel_csv, country=country)
    yield Artifact(f"{folder}/word/recipients.csv", _file(write, pieces))


def _file(
    write: Callable[[Iterable[pl.DataFrame]], Iterator[bytes]],
    pieces: Callable[[], Iterable[pl.DataFrame]],
) -> Callable[[], Iterator[bytes]]:
    """Return the table as the content of an artifact, worked out when it is written."""
    return lambda: write(pieces())


def _pieces(
    columns: Columns,
    template: MessageTemplate,
    recipients: pl.DataFrame,
    *,
    filters: Mapping[str, Any],
) -> Iterator[pl.DataFrame]:
    """Yield the table in pieces: the fixed columns, the subject, and each column of the text."""
    fixed = [name for name in columns.fixed if name != "subject"]
    sources = {"subject": template.subject, **columns.sources}
    for piece in recipients.iter_slices(_PIECE) if recipients.height else [recipients]:
        cells = zip(
            *cells_of(sources, piece, fields=template.fields, filters=filters), strict=True
        )
        texts = (
            dict(zip(sources, cells, strict=True)) if piece.height else dict.fromkeys(sources, ())
        )
        yield pl.concat(
            [piece.select(fixed), pl.DataFrame(texts, schema=dict.fromkeys(sources, pl.String()))],
            how="horizontal",
        )


def _mailmerge(parts: Iterable[Part], sender: str) -> str:
    """Return the template in the mailmerge program's dialect: headers, an empty line, Jinja."""
    body = "".join(jinja(part) for part in parts)
    header = f"TO: {{{{ email }}}}\nSUBJECT: {{{{ subject }}}}\nFROM: {literal_text(sender)}\n\n"
    return header + body + "\n"  # Jinja drops one newline at the end of a template


def jinja(part: Part) -> str:
    """Return a part in Jinja, with the columns as its names."""
    if isinstance(part, str):
        return literal_text(part)
    if isinstance(part, Column):
        return f"{{{{ {part.name} }}}}"
    then = "".join(jinja(inner) for inner in part.then)
    otherwise = "".join(jinja(inner) for inner in part.otherwise)
    middle = f"{{% else %}}{otherwise}" if otherwise else ""
    return f"{{% if {part.flag} %}}{then}{middle}{{% endif %}}"


def _word(parts: Iterable[Part]) -> str:
    """Return the text with «column» where a merge field goes, as Word shows it."""
    return "".join(f"«{part.name}»" if isinstance(part, Column) else str(part) for part in parts)
