"""`newsletter who`: the counter card, with the facts about one customer on one screen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_project, with_today
from newsletter.commands.terminal import columns
from newsletter.model.command_line import quoted

if RUNS:
    from newsletter.commands.counter_card import Shop, card_lines
    from newsletter.commands.find_person import candidates, find_customers, nobody, only
    from newsletter.commands.inputs import read_customers
    from newsletter.commands.screen import Screen

_COLUMNS, _LABEL = 80, 14
"""Cells of a line, and of the label in front of each value."""


@click.command("who")
@click.argument("name", nargs=-1, required=True)
@with_project
@with_today
def command(*, name: tuple[str, ...], root: Path, today: dt.date) -> None:
    """Show on one screen who NAME is: any part of a name, an email address or an id."""
    click.echo(card(root, " ".join(name), today=today))


def card(root: Path, text: str, *, today: dt.date) -> str:
    """
    Return the card of the customer meant, or the candidates if several fit.

    At most 24 lines of 80 columns. Raises NewsletterError if nobody fits.
    """
    config, people = read_customers(root, today)
    matches = find_customers(people.customers, text)
    if not matches.height:
        raise nobody(text)
    screen = Screen(config.language)
    if matches.height > 1:
        count = screen.counted("customers", matches.height)
        several = screen("candidates", text=text, customers=count)
        following = screen("next", command=screen("who_next"))
        return f"{several}\n\n{candidates(matches, screen)}\n\n{following}"
    customer = str(matches["id"].item())
    shop = Shop(root, config, screen, today)
    head, *lines = card_lines(only(people, customer), shop, customer)
    rows = [[f"{line.label:<{_LABEL - 2}}", line.wrapped(_COLUMNS - _LABEL)] for line in lines]
    parts = (
        head.wrapped(_COLUMNS),
        columns(rows),
        f"\n{screen('next', command=f'newsletter explain {quoted(customer)}')}",
    )
    return "\n".join(parts)
