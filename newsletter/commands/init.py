"""Begins a project: the starter's files, a secret, and what a customer file says of itself."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from newsletter.commands.look import consent_text, may_be_emailed, reading_text
from newsletter.errors import NewsletterError
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS
from newsletter.read.people.people_files import read_look
from newsletter.read.starter import read_starter
from newsletter.write import write_new

_MARK = "# How the customer file is read\n"
"""The line of the starter's newsletter.yml below which everything depends on that file."""


@dataclass(frozen=True)
class Customers:
    """A customer file as read, waiting for the user's yes."""

    file: Path
    text: str
    """How it was read, for the user to judge."""
    reachable: bool
    """Whether anybody may be emailed."""
    settings: str
    """The end of newsletter.yml: `columns:`, `dates:` and `consent:`."""


def check_empty(folder: Path) -> None:
    """Raise NewsletterError if the folder holds anything."""
    if folder.is_dir() and any(folder.iterdir()):
        hint = "choose a new folder; a project that is there already needs no init"
        raise NewsletterError.at(f"{folder} is not empty", hint=hint)


def read_customers(file: Path) -> Customers:
    """Return how the customer file is read. Raises NewsletterError if it cannot be."""
    people = read_look(file, shown=str(file))
    text = f"{reading_text(people)}\n\n{consent_text(people)}"
    return Customers(
        file=file, text=text, reachable=may_be_emailed(people) > 0, settings=_settings(people)
    )


def begin(folder: Path, *, customers: Customers | None, today: dt.date) -> list[str]:
    """Write the project and return the paths of its files below *folder*, sorted."""
    files = read_starter(today, customers=customers.file if customers else None)
    if customers:
        config = files["content/newsletter.yml"].decode()
        files["content/newsletter.yml"] = _configured(config, customers.settings).encode()
    files["content/customers/secret.txt"] = f"{secrets.token_hex(32)}\n".encode()
    for path in sorted(files):
        private = path.startswith("content/customers/")
        write_new(folder / path, files[path], private=private)
    return sorted(files)


def _configured(config: str, settings: str) -> str:
    """Return newsletter.yml for the user's own customers instead of the invented ones."""
    head, mark, _ = config.partition(_MARK)
    own = re.sub(r"# The people in .*\nexample: true\n\n", "", head)
    return own + mark + settings


def _settings(people: People) -> str:
    return "\n".join(part for part in (_columns(people), _dates(people), _consent(people)) if part)


def _columns(people: People) -> str:
    fields = [column.field for column in people.columns]
    lines = [
        f"  {column.field}: {_quoted(column.header)}"
        for column in people.columns
        if column.field in CUSTOMERS
        and column.field not in ("consent_email", "row")
        and fields.count(column.field) == 1
        and column.header != column.field
    ]
    return "columns:\n" + "\n".join(lines) + "\n" if lines else ""


def _dates(people: People) -> str:
    orders = {found for column in people.columns for found in _ORDER.findall(column.reading)}
    return f"dates: {orders.pop()}\n" if len(orders) == 1 else ""


_ORDER = re.compile(r"\b(DMY|MDY|YMD)\b")


def _consent(people: People) -> str:
    """Return the section that says who may be emailed, as the file was read."""
    asked = [column for column in people.columns if column.reading.startswith("consent:")]
    values = [
        _quoted(value) for column in asked for value in re.findall("'(.+?)'", column.reading)
    ]
    any_value = "any value" in "".join(column.reading for column in asked)
    if len(asked) == 1 and not any_value:
        stated = f"  values: [{', '.join(values)}]\n" if values else ""
        return f"consent:\n  column: {_quoted(asked[0].header)}\n{stated}"
    if len(asked) == 1:
        return f"# {_quoted(asked[0].header)} says who may be emailed ({asked[0].reading}).\n"
    if asked:
        return "# Several columns say who may be emailed; all of them must say yes.\n"
    return (
        "# Nobody may be emailed yet. Say which column means consent, and which of its values:\n"
        "# consent:\n#   column: Newsletter\n#   values: [yes]\n"
        "# or that all agreed, how, and since when:\n"
        "# consent:\n#   everyone: yes\n#   basis: asked at the counter\n#   since: 2024-05-01\n"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
