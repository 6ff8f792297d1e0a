"""The merge file: a table of every recipient's fields and the template for it, in two profiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from newsletter.export.columns import Column, Columns, Part, literal_text
from newsletter.export.table import excel_csv, machine_csv
from newsletter.merge.compiled import MergeEnvironment
from newsletter.merge.rows import rows
from newsletter.model.artifact import Artifact
from newsletter.model.template import MessageTemplate

_MACHINE = ("email", "name")
_WORD = (
    "email", "via", "name", "title", "first_name", "last_name", "company",
    "street", "postcode", "city", "region", "country",
)  # fmt: skip
"""Fields of the customer table that every merge file has, whether the text prints them or not."""


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
    columns = Columns()
    parts = columns.parts(template.text, keep_conditions=True)
    yield Artifact(f"{folder}/machine/template.txt", _mailmerge(parts, sender).encode())
    table = _table(columns, template, by_email, fields=_MACHINE, filters=filters)
    yield Artifact(f"{folder}/machine/recipients.csv", machine_csv(table))

    columns = Columns()
    parts = columns.parts(template.text, keep_conditions=False)
    yield Artifact(f"{folder}/word/template.txt", _word(parts).encode("utf-8-sig"))
    everybody = recipients.with_columns(
        email=pl.when(pl.col("via") == "email").then(pl.col("email"))
    )
    table = _table(columns, template, everybody, fields=_WORD, filters=filters)
    yield Artifact(f"{folder}/word/recipients.csv", excel_csv(table, country=country))


def _table(
    columns: Columns,
    template: MessageTemplate,
    recipients: pl.DataFrame,
    *,
    fields: Sequence[str],
    filters: Mapping[str, Any],
) -> pl.DataFrame:
    """Return a column for each fixed field, the subject, and each column of the text."""
    subject = MergeEnvironment(dict(filters), encoded=False).renderer(template.subject)
    own = [name for name in columns.sources if name not in (*fields, "subject")]
    position = [list(columns.sources).index(name) for name in own]
    needed = list(dict.fromkeys((*fields, *template.fields)))
    cells = columns.cells(recipients, needed, filters)
    table = [
        (*(getattr(row, name) for name in fields), subject(row), *(values[i] for i in position))
        for row, values in zip(rows(recipients, needed), cells, strict=True)
    ]
    schema = dict.fromkeys((*fields, "subject", *own), pl.String())
    return pl.DataFrame(table, schema=schema, orient="row")


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
