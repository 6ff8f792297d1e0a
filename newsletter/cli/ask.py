"""Commands that answer a question and change nothing: who somebody is, why, how many."""

# ruff: noqa: PLC0415 - commands import what they need when they run
from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.options import with_json, with_project, with_today


@click.command(short_help="List the segments, or the members of one.")
@click.argument("name", required=False)
@with_json
@with_project
@with_today
def segments(*, name: str | None, as_json: bool, root: Path, today: dt.date) -> None:
    """List the segments with their share of the customers, or the members of segment NAME."""
    from newsletter.commands.segments import list_segments, members

    found = members(root, name, today=today) if name else list_segments(root, today=today)
    if as_json:
        click.echo(found.as_json())
        return
    click.echo(found.as_text())
    click.echo("\nnext: newsletter build" if name else "\nnext: newsletter segments NAME")


@click.command(short_help="Show the counter card of a customer.")
@click.argument("name", nargs=-1, required=True)
@with_project
@with_today
def who(*, name: tuple[str, ...], root: Path, today: dt.date) -> None:
    """Show on one screen who NAME is: any part of a name, an email address or an id."""
    from newsletter.commands.who import who as who_is

    click.echo(who_is(root, " ".join(name), today=today))


@click.command(short_help="Tell the story of a customer: what is due, and why not.")
@click.argument("customer", nargs=-1, required=True)
@click.option("--practice", metavar="NAME", help="Explain this practice alone, to the bottom.")
@click.option(
    "--ahead",
    type=click.IntRange(0, 400),
    default=14,
    show_default=True,
    help="Days to plan ahead, as if all were carried out; each takes a moment.",
)
@with_project
@with_today
def explain(
    *,
    customer: tuple[str, ...],
    practice: str | None,
    ahead: int,
    root: Path,
    today: dt.date,
) -> None:
    """Tell the story of CUSTOMER (id, email address, part of a name): what is due, and why not."""
    from newsletter.commands.bars import Bars
    from newsletter.commands.explain import explain as tell

    said = " ".join(customer)
    for line in tell(root, said, practice=practice, ahead=ahead, today=today, progress=Bars()):
        click.echo(line)


@click.command(short_help="Say whose a voucher is, or take it.")
@click.argument("code", nargs=-1, required=True)
@click.option("--redeem", is_flag=True, help="Take it: it is worth nothing afterwards.")
@with_project
@with_today
def voucher(*, code: tuple[str, ...], redeem: bool, root: Path, today: dt.date) -> None:
    """Say whose the voucher CODE is, what it is worth and until when."""
    from newsletter.commands.voucher import redeem_voucher, voucher_text

    act = redeem_voucher if redeem else voucher_text
    click.echo(act(root, " ".join(code), today=today))
