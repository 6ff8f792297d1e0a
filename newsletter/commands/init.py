"""`newsletter init`: creates a project with settings that suit the customer file."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from newsletter.commands.look import (
    consent_text,
    may_be_emailed,
    other_table_text,
    proposed_consent,
    reading_text,
)
from newsletter.commands.look_question import LOOKS, chosen_look
from newsletter.commands.options import FOLDER, RUNS, TABLE, with_today
from newsletter.model.command_line import quoted

if RUNS:
    from newsletter.commands.home import Home, home_in, home_of, zone_of_computer
    from newsletter.model.project import People
    from newsletter.model.tables import CUSTOMERS
    from newsletter.read.people.people_files import read_look
    from newsletter.read.starter import read_starter
    from newsletter.read.yaml import packaged_yaml
    from newsletter.write.new_project import refuse_filled, write_project

_INVENTED = re.compile(r"^# [^\n]*\nexample: true\n\n", re.MULTILINE)
_READ = re.compile(r"^# [^\n]*\nconsent:\n.*", re.MULTILINE | re.DOTALL)
"""What the starter's newsletter.yml says of the invented customers; how their file is read."""
_HEADERS = {"vorname": "de", "nachname": "de", "prénom": "fr", "prenom": "fr"}
"""Headers that tell the language of a customer file."""
_CONFIG = "content/newsletter.yml"
_ANSWERS = {"y": True, "yes": True, "n": False, "no": False}
_ORDER = re.compile(r"\b(DMY|MDY|YMD)\b")


@click.command("init")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--customers", type=TABLE, help="Your customer file: CSV, Excel or Parquet.")
@click.option(
    "--language",
    type=click.Choice(["en", "de", "fr"]),
    help="Language of the texts to begin with (default: that of the headers of your customer "
    "file, else English).",
)
@click.option(
    "--country",
    metavar="CODE",
    help="Your country, such as DE (default: that of most customers, else of this computer).",
)
@click.option(
    "--theme",
    type=click.Choice(list(LOOKS)),
    help="How messages and website look: awning for shops, margin for practices and studios, "
    "programme for clubs and communities (default: what you answer, else awning).",
)
@click.option("--yes", is_flag=True, help="Ask nothing: the file was read correctly.")
@with_today
def command(
    *,
    folder: Path,
    customers: Path | None,
    language: str | None,
    country: str | None,
    theme: str | None,
    yes: bool,
    today: dt.date,
) -> None:
    """Begin a project in the folder DIR."""
    refuse_filled(folder)
    reading = read_customers(customers, today) if customers else None
    if reading:
        click.echo(reading.text)
        if not yes:
            _confirm()
    language = language or (reading.language if reading else "en")
    home = _home(reading, language=language, country=country)
    theme = theme or (next(iter(LOOKS)) if yes else chosen_look())
    start = read_starter(today, customers=customers, language=language, theme=theme)
    paths = begin(folder, start, customers=reading, language=language, home=home)
    click.echo(f"\nwrote {len(paths)} files to {click.format_filename(folder)}:")
    for path in paths:
        click.echo(f"  {path}")
    if home:
        click.echo(f"\n{home.told}")
    yours = "your names and addresses" if home else "your names, addresses, country and language"
    if reading and not reading.reachable:
        yours += ", and who agreed to email,"
    click.echo(f"\nnext: put {yours} into content/newsletter.yml, then")
    click.echo(f"  newsletter build --project {quoted(str(folder))}")


def _confirm() -> None:
    """Ask whether the customer file was read correctly; end the program if not."""
    answer = _asked("\nIs that right? [y/n]")
    while answer not in _ANSWERS:
        click.echo("Please answer y for yes, or n for no.")
        answer = _asked("Is that right? [y/n]")
    if not _ANSWERS[answer]:
        click.echo(
            "Nothing was written. Rename the headers in your file and run this again. Or answer\n"
            "y, and write under 'columns:' in content/newsletter.yml which column is which.",
            err=True,
        )
        raise click.exceptions.Exit(1)


def _asked(question: str) -> str:
    """Return the answer in small letters; empty if only Enter was pressed."""
    answer: str = click.prompt(question, default="", show_default=False)
    return answer.strip().lower()


@dataclass(frozen=True)
class Customers:
    """A customer file as it was read, before the user has confirmed it."""

    file: Path
    text: str
    """How it was read, for the user to judge."""
    language: str
    """The language of its headers, of those in which there is a starter project."""
    reachable: bool
    """Whether anybody may be emailed."""
    people: People


def read_customers(file: Path, today: dt.date) -> Customers:
    """Return the customer file as read. Raises NewsletterError if it cannot be read."""
    people = read_look(file, shown=str(file), year=today.year)
    parts = (reading_text(people), consent_text(people), other_table_text(people))
    text = "\n\n".join(part for part in parts if part)
    return Customers(
        file=file,
        text=text,
        language=_language(people),
        reachable=may_be_emailed(people) > 0,
        people=people,
    )


def _language(people: People) -> str:
    headers = {column.header.strip().casefold() for column in people.columns}
    return next((code for word, code in _HEADERS.items() if word in headers), "en")


def _home(reading: Customers | None, *, language: str, country: str | None) -> Home | None:
    """Return where the firm is: in the country that the option names, else as guessed."""
    if country is None:
        customers = reading.people.customers if reading else None
        return home_of(customers, language=language, zone=zone_of_computer())
    if home := home_in(country.upper(), zone=zone_of_computer()):
        return home
    message = f"'{country}' is no country. Write its code of two letters: DE, CH, LU"
    raise click.BadParameter(message, param_hint="--country")


def begin(
    folder: Path,
    starter: Mapping[str, bytes],
    *,
    customers: Customers | None,
    language: str = "en",
    home: Home | None = None,
) -> list[str]:
    """Write the project and return the paths of its files below *folder*, sorted."""
    files = dict(starter)
    config = files[_CONFIG].decode()
    if home:
        config = home.written(config)
    if customers:
        config = _configured(config, customers.people, language)
    files[_CONFIG] = config.encode()
    files["content/customers/secret.txt"] = f"{secrets.token_hex(32)}\n".encode()
    write_project(folder, files, private="content/customers/")
    return sorted(files)


def _configured(config: str, people: People, language: str) -> str:
    """Return newsletter.yml for real customers instead of the invented ones."""
    texts: Any = packaged_yaml("starter/settings.yml").data
    remarks = texts[language]
    parts = (_columns(people), _dates(people), _consent(people, remarks))
    return _READ.sub("", _INVENTED.sub("", config)) + "\n".join(part for part in parts if part)


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
    orders = {order for column in people.columns for order in _ORDER.findall(column.reading)}
    return f"dates: {orders.pop()}\n" if len(orders) == 1 else ""


def _consent(people: People, remarks: Mapping[str, str]) -> str:
    """Return the section on consent to email, as the file was read."""
    asked = [column for column in people.columns if column.reading.startswith("consent:")]
    values = [
        _quoted(value) for column in asked for value in re.findall("'(.+?)'", column.reading)
    ]
    any_value = "any value" in "".join(column.reading for column in asked)
    if len(asked) == 1 and not any_value:
        stated = f"  values: [{', '.join(values)}]\n" if values else ""
        return f"consent:\n  column: {_quoted(asked[0].header)}\n{stated}"
    if len(asked) == 1:
        one = remarks["one"]
        return f"# {one.format(column=_quoted(asked[0].header), reading=asked[0].reading)}\n"
    if asked:
        return f"# {remarks['several']}\n"
    proposed = [_quoted(header) for header in proposed_consent(people)]
    told = remarks["proposed"].format(column=proposed[0]) if proposed else remarks["nobody"]
    return "".join(f"# {line}\n" for line in told.splitlines())


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
