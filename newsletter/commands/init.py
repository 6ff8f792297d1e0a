"""`newsletter init`: creates a project with settings that suit the customer file."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import sys
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
    remarks_text,
)
from newsletter.commands.look_question import LOOKS, chosen_look
from newsletter.commands.options import FOLDER, RUNS, TABLE, with_today
from newsletter.commands.terminal import Bars, answer_to
from newsletter.model.command_line import quoted

if RUNS:
    from newsletter.commands.firm_language import (
        FirmLanguage,
        guessed_language,
        has_texts,
        to_translate,
    )
    from newsletter.commands.home import (
        Home,
        country_of,
        home_in,
        home_of,
        usual_home,
        zone_of_computer,
    )
    from newsletter.commands.screen import Screen
    from newsletter.model.language import is_language, language_hint, team_language
    from newsletter.model.project import People
    from newsletter.model.tables import CUSTOMERS
    from newsletter.read.people.people_files import read_look
    from newsletter.read.starter import read_starter
    from newsletter.read.yaml import packaged_yaml
    from newsletter.write.new_project import refuse_filled, write_project

_INVENTED = re.compile(r"^# [^\n]*\nexample: true\n\n", re.MULTILINE)
_READ = re.compile(r"^# [^\n]*\nconsent:\n.*", re.MULTILINE | re.DOTALL)
"""What the starter's newsletter.yml says of the invented customers; how their file is read."""
_LANGUAGE = re.compile(r"^language: .*$", re.MULTILINE)
_CONFIG = "content/newsletter.yml"
_ANSWERS = {
    **dict.fromkeys(("y", "yes", "j", "ja", "o", "oui"), True),
    **dict.fromkeys(("n", "no", "nein", "non"), False),
}
_ORDER = re.compile(r"\b(DMY|MDY|YMD)\b")


@click.command("init")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--customers", type=TABLE, help="Your customer file: CSV, Excel or Parquet.")
@click.option(
    "--language",
    metavar="CODE",
    help="Your language: de, en, fr, or another, whose texts you translate (default: that of "
    "your customer file, of the country of most customers, or of this computer).",
)
@click.option(
    "--country",
    metavar="CODE",
    help="Your country, such as DE (default: that of most customers, else of this computer).",
)
@click.option(
    "--theme",
    type=click.Choice(LOOKS),
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
    guess = _language(reading, language)
    screen = Screen(guess.tag)
    if reading:
        click.echo(_as_read(reading.people, screen))
        if not yes:
            _confirm(screen)
    asks = sys.stdin.isatty() and not yes
    spoken = _asked_language(guess, screen) if asks and not guess.certain else guess
    home = _home(reading, language=spoken.tag, country=country)
    if asks and not country and not (home and reading and reading.country):
        home = _asked_home(home, screen)
    theme = theme or (LOOKS[0] if yes else chosen_look(screen))
    texts = team_language(spoken.tag)
    start = read_starter(today, customers=customers, language=texts, theme=theme)
    paths = begin(folder, start, customers=reading, language=spoken.tag, home=home)
    files, shown = screen.counted("init_files", len(paths)), click.format_filename(folder)
    click.echo(f"\n{screen('init_wrote', files=files, folder=shown)}")
    where = home.told(screen) if home else screen("init_home_unknown")
    assumptions = screen.joined([spoken.told(screen), where])
    click.echo(f"\n{assumptions}\n  {screen('init_change')}")
    project = quoted(str(folder))
    if not has_texts(spoken.tag):
        click.echo(f"\n{to_translate(spoken.tag, project)}")
    yours = screen("init_names" if home else "init_names_country")
    if reading and not reading.reachable:
        yours = screen("init_names_consent", what=yours)
    click.echo(f"\n{screen('init_fill', what=yours)}\n  newsletter build --project {project}")


def _language(reading: Customers | None, said: str | None) -> FirmLanguage:
    """Return the language that was said, else the guessed one, else English."""
    if said is not None:
        if not is_language(said):
            message = f"'{said}' is no language: {language_hint(said)}"
            raise click.BadParameter(message, param_hint="--language")
        return FirmLanguage(said)
    country = reading.country if reading else ""
    guess = guessed_language(reading.people if reading else None, country=country)
    if has_texts(guess.tag):
        return guess
    return FirmLanguage("en", "no_texts", certain=False, missing=guess.tag)


def _asked_language(guess: FirmLanguage, screen: Screen) -> FirmLanguage:
    """Ask for the language; Enter accepts the guess."""
    tag = guess.missing or guess.tag
    answer = answer_to(f"\n{screen('init_ask_language', tag=tag)}") or tag
    while not is_language(answer):
        click.echo(f"{language_hint(answer)}.")
        answer = answer_to(screen("init_ask_language_again", tag=tag)) or tag
    return FirmLanguage(answer)


def _asked_home(guess: Home | None, screen: Screen) -> Home | None:
    """Ask for the country; Enter accepts the guess, or leaves it open."""
    shown = f"[{guess.country}]" if guess else screen("init_country_later")
    while answer := answer_to(screen("init_ask_country", guess=shown)):
        if home := home_in(answer.upper(), zone=zone_of_computer()):
            return home
        click.echo(screen("init_no_country"))
    return guess


def _confirm(screen: Screen) -> None:
    """Ask whether the customer file was read correctly; end the program if not."""
    answer = answer_to(f"\n{screen('init_right')}")
    while answer not in _ANSWERS:
        click.echo(screen("init_answer"))
        answer = answer_to(screen("init_right"))
    if not _ANSWERS[answer]:
        click.echo(screen("init_nothing"), err=True)
        raise click.exceptions.Exit(1)


@dataclass(frozen=True)
class Customers:
    """A customer file as it was read, before the user has confirmed it."""

    file: Path
    country: str
    """That of most customers; empty if there is none."""
    reachable: bool
    """Whether anybody may be emailed."""
    people: People


def read_customers(file: Path, today: dt.date) -> Customers:
    """Return the customer file as read. Raises NewsletterError if it cannot be read."""
    with Bars().step("Reading files", 0):
        people = read_look(file, shown=str(file), year=today.year)
    return Customers(
        file=file,
        country=country_of(people.customers),
        reachable=may_be_emailed(people) > 0,
        people=people,
    )


def _as_read(people: People, screen: Screen) -> str:
    """Return how the customer file was read, for the user to judge; refuse another table."""
    if other := other_table_text(people, screen):
        raise click.ClickException(other)
    remarks = remarks_text(people, screen) if people.remarks else ""
    consent = consent_text(people, screen)
    texts = reading_text(people, screen), consent, remarks
    return "\n\n".join(text for text in texts if text)


def _home(reading: Customers | None, *, language: str, country: str | None) -> Home | None:
    """Return where the firm is: in the country that the option names, else as guessed."""
    if country is None:
        customers = reading.people.customers if reading else None
        zone = zone_of_computer()
        guess = home_of(customers, language=language, zone=zone)
        return guess or usual_home(language, zone=zone)
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
    config = _LANGUAGE.sub(f"language: {language}", files[_CONFIG].decode(), count=1)
    if home:
        config = home.written(config)
    if customers:
        config = _configured(config, customers.people, team_language(language))
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
