"""`newsletter preview`: the message of one customer, in the browser."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from html import escape
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_output, with_project, with_today
from newsletter.model.command_line import quoted

if RUNS:
    from newsletter.commands.find_person import the_customer
    from newsletter.commands.inputs import read_customers
    from newsletter.commands.screen import Screen
    from newsletter.export.pages.index import preview_html, with_carried
    from newsletter.mailing.words import MergedWords
    from newsletter.model.artifact import Artifact
    from newsletter.model.practice import ISSUE
    from newsletter.resident import Resident
    from newsletter.write import write_into

_PLAIN = """<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<body style="max-width: 38em; margin: 0 auto; padding: 1.5em; font: 1.1em/1.5 serif">
<p style="font: .8em/1.4 sans-serif; opacity: .7">{note}</p>
{words}
"""
_PAGE = "private/preview.html"
"""One file, written anew each time."""


@click.command("preview")
@click.argument("name", nargs=-1, required=True)
@click.option("--practice", metavar="NAME", help="A practice's message (default: the issue).")
@click.option("--issue", metavar="NAME", help="Another issue than the one that waits.")
@click.option("--open/--no-open", "opens", default=None, help="Open it in the browser, or not.")
@with_output
@with_project
@with_today
def command(
    *,
    name: tuple[str, ...],
    practice: str | None,
    issue: str | None,
    opens: bool | None,
    output: Path | None,
    root: Path,
    today: dt.date,
) -> None:
    """Show the message that NAME gets: any part of a name, an email address or an id."""
    output = output or root / "output"
    config, people = read_customers(root, today)
    customer = the_customer(people.customers, " ".join(name))
    resident = Resident(root, today=today)
    words = resident.message(customer, practice=practice or ISSUE, issue=issue)
    carried = resident.carried_pictures()
    words = replace(words, html=with_carried(words.html, lambda cid: carried[cid].as_uri()))
    screen, is_email = Screen(config.language), "<html" in words.html
    note = "" if is_email else screen("preview_words", folder=f"{output}/private/print")
    page = write_preview(words, output, website=config.business.website, note=note)
    subject = f": {words.subject}" if words.subject else ""
    click.echo("\n".join(filter(None, (f"{customer}{subject}", note, screen("wrote", file=page)))))
    if opens if opens is not None else sys.stdout.isatty():
        click.launch(str(page))
    click.echo(f"\n{screen('next', command=f'newsletter explain {quoted(customer)}')}")


def write_preview(words: MergedWords, output: Path, *, website: str, note: str = "") -> Path:
    """
    Write the page with a message, its pictures those of the built site; return its path.

    With a *note* above it, the words of a letter, a card or a call, which are no page yet.
    """
    html = words.html
    if note:
        html = _PLAIN.format(title=escape(words.subject), note=escape(note), words=html)
    if (output / "site").is_dir():
        html = preview_html(html, website=website, to_site="../site")
    write_into(output, [Artifact(_PAGE, html.encode())])
    return output / _PAGE
