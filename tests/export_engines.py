"""Real engines that read exported templates, and how each program hands them a contact."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import django.template
import jinja2
import liquid
import mailchimp_tags
import mautic_tokens
import phplist_placeholders
import polars as pl
from mustachio import mustachio

ENGINES = Path(__file__).parent / "export/engines"

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


def hubspot(template: str, row: Row) -> str:
    """Return a text as Jinja prints it, with the properties in `contact`."""
    names = {"email": row["Email"], "firstname": row["First Name"], "lastname": row["Last Name"]}
    contact = {**row, **names}

    def token(name: str, words: str) -> str:
        return contact[name.removeprefix("contact.")] or words

    return _jinja(template).render(contact=contact, personalization_token=token)


def table(template: str, row: Row) -> str:
    """Return a text as Jinja prints it."""
    return _jinja(template).render(row)


@cache
def _jinja(template: str) -> jinja2.Template:
    environment = jinja2.Environment(keep_trailing_newline=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(template)


def thunderbird(template: str, row: Row) -> str:
    """Return a text with the fields that the add-on's page names: addons.thunderbird.net."""
    return re.sub(r"\{\{([^{}|]+)\}\}", lambda field: row[field[1]], template)


def mailchimp_rows(files: Files) -> Sequence[Row]:
    """Return the contacts as Mailchimp keeps them."""
    return mailchimp_tags.checked([*csv_rows(files)])


def phplist_rows(files: Files) -> Sequence[Row]:
    """Return the subscribers as phpList keeps them."""
    return phplist_placeholders.imported(csv_rows(files, separator="\t"))


def mailerlite(template: str, row: Row) -> str:
    """
    Return a text with the variables that MailerLite's pages name.

    `{$unsubscribe}`: mailerlite.com/help/how-to-edit-the-plain-text-version-of-a-campaign; letters
    of a name: mailersend.com/help/how-to-use-variables.
    """
    return re.sub(r"\{\$([a-zA-Z]\w*)\}", lambda field: row[field[1]], template)


def handlebars(template: str, rows: Sequence[Row], *, escapes: bool) -> Sequence[str]:
    """Return texts as Handlebars prints them, all in one process of Node."""
    asked = {"template": template, "rows": rows, "escapes": escapes}
    return _answer(["node", str(ENGINES / "handlebars.js")], asked)


def listmonk(template: str, rows: Sequence[Row]) -> Sequence[str]:
    """Return texts as Go's html/template prints them, all in one process."""
    assert "@TrackLink" not in template  # listmonk would turn the address before it into a link
    people = [
        {"Email": row["email"], "Name": row["name"], "Attribs": json.loads(row["attributes"])}
        for row in rows
    ]
    return _answer([_listmonk_program()], {"Template": template, "Rows": people})


@cache
def _listmonk_program() -> str:
    """Return the path of a Go program, built once for all tests of a process."""
    program = str(Path(tempfile.mkdtemp(prefix="listmonk-")) / "listmonk")
    source = str(ENGINES / "listmonk.go")
    settings = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}  # where Debian's packages are
    subprocess.run(
        ["go", "build", "-o", program, source], check=True, env={**os.environ, **settings}
    )
    return program


def _answer(command: Sequence[str], asked: object) -> list[str]:
    text = json.dumps(asked)
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
    assert not done.returncode, done.stderr
    return list(json.loads(done.stdout))


def _requests(files: Files) -> Iterator[Any]:
    yield from map(json.loads, files["requests.jsonl"].splitlines())


def postmark_rows(files: Files) -> Sequence[Row]:
    """Return the models of the messages."""
    messages = [message for request in _requests(files) for message in request["Messages"]]
    assert all(message["To"] == message["TemplateModel"]["email"] for message in messages)
    return [message["TemplateModel"] for message in messages]


def sendgrid_rows(files: Files) -> Sequence[Row]:
    """Return the data of the personalizations."""
    parts = [part for request in _requests(files) for part in request["personalizations"]]
    assert all(part["to"] == [{"email": part["dynamic_template_data"]["email"]}] for part in parts)
    return [part["dynamic_template_data"] for part in parts]


def ses_rows(files: Files) -> Sequence[Row]:
    """Return the data of the destinations; each has all the variables."""
    rows = []
    for request in _requests(files):
        default = json.loads(request["DefaultContent"]["Template"]["TemplateData"])
        assert len(request["BulkEmailEntries"]) <= 50
        for entry in request["BulkEmailEntries"]:
            content = entry["ReplacementEmailContent"]["ReplacementTemplate"]
            row = json.loads(content["ReplacementTemplateData"])
            assert row.keys() == default.keys()
            assert entry["Destination"] == {"ToAddresses": [row["email"]]}
            rows.append(row)
    return rows


def jsonl_rows(files: Files) -> Sequence[Row]:
    """Return the objects of contacts.jsonl."""
    return list(map(json.loads, files["contacts.jsonl"].splitlines()))


def parquet_rows(files: Files) -> Sequence[Row]:
    """Return the rows of contacts.parquet."""
    return pl.read_parquet(io.BytesIO(files["contacts.parquet"])).rows(named=True)


READERS: Mapping[str, tuple[Rows, Reader]] = {
    "brevo": (partial(csv_rows, separator=";"), one_by_one(brevo)),
    "buttondown": (csv_rows, one_by_one(buttondown)),
    "customer-io": (csv_rows, one_by_one(customer_io)),
    "csv": (csv_rows, one_by_one(table)),
    "hubspot": (csv_rows, one_by_one(hubspot)),
    "jsonl": (jsonl_rows, one_by_one(table)),
    "keila": (csv_rows, one_by_one(keila)),
    "klaviyo": (csv_rows, one_by_one(klaviyo)),
    "listmonk": (csv_rows, listmonk),
    "mailchimp": (mailchimp_rows, one_by_one(mailchimp_tags.merged)),
    "mailerlite": (csv_rows, one_by_one(mailerlite)),
    "mautic": (
        lambda files: mautic_tokens.imported(files["contacts.csv"]),
        one_by_one(mautic_tokens.merged),
    ),
    "parquet": (parquet_rows, one_by_one(table)),
    "phplist": (phplist_rows, one_by_one(phplist_placeholders.merged)),
    "postmark": (postmark_rows, one_by_one(mustachio)),
    "sendgrid": (sendgrid_rows, partial(handlebars, escapes=True)),
    "ses": (ses_rows, partial(handlebars, escapes=False)),
    "thunderbird": (csv_rows, one_by_one(thunderbird)),
}
"""By program: what reads its contact files, and what reads its templates."""
