"""`newsletter voucher`: shows whose a voucher is and what it is worth, or redeems it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from newsletter.commands.options import RUNS, with_project, with_today
from newsletter.commands.terminal import columns
from newsletter.errors import NewsletterError

if RUNS:
    from newsletter.commands.find_person import name_of
    from newsletter.commands.inputs import open_notes
    from newsletter.commands.screen import Screen
    from newsletter.model.gift import Gift
    from newsletter.model.project import Project
    from newsletter.plan.vouchers import REDEEMED, Voucher, find_voucher
    from newsletter.read.assembly import read_project

_REDEEMABLE = ("valid", "not given out")
"""States. A genuine code may be redeemed even if nobody recorded that it was given out."""


@click.command("voucher")
@click.argument("code", nargs=-1, required=True)
@click.option("--redeem", is_flag=True, help="Redeem it: it is worth nothing afterwards.")
@with_project
@with_today
def command(*, code: tuple[str, ...], redeem: bool, root: Path, today: dt.date) -> None:
    """Show whose voucher CODE is, what it is worth and until when."""
    act = redeem_voucher if redeem else voucher_text
    click.echo(act(root, " ".join(code), today=today))


def voucher_text(root: Path, code: str, *, today: dt.date) -> str:
    """
    Return whose voucher it is and whether it is redeemed, with the next command.

    Raises NewsletterError if the code is none of this business.
    """
    project = read_project(root, today=today, other_ids=True)
    voucher = find_voucher(project, code, today=today)
    _check_genuine(voucher)
    redeem = f"voucher {voucher.code} --redeem"
    following = redeem if voucher.state in _REDEEMABLE else _about(project, voucher)
    screen = Screen(project.config.language)
    practice = project.titles.get(voucher.practice, voucher.practice)
    rows = [
        ["voucher", voucher.code],
        ["voucher_state", screen(f"voucher_is_{voucher.state.replace(' ', '_')}")],
        ["voucher_of", f"{name_of(project.people, voucher.customer)} ({voucher.customer})"],
        ["voucher_for", _for(voucher, screen)],
        ["voucher_conditions", voucher.gift.conditions if voucher.gift else ""],
        ["voucher_practice", f"{practice} {voucher.issue}".strip()],
        ["voucher_given", screen.day(voucher.given_on) if voucher.given_on else ""],
        ["voucher_until", screen.day(voucher.expires) if voucher.expires else ""],
        ["voucher_redeemed_on", screen.day(voucher.redeemed_on) if voucher.redeemed_on else ""],
    ]
    table = columns([[screen(label), text] for label, text in rows if text])
    return f"{table}\n\n{screen('next', command=f'newsletter {following}')}"


def redeem_voucher(root: Path, code: str, *, today: dt.date) -> str:
    """
    Add to the history that the voucher was redeemed today, and return what to print.

    Raises NewsletterError, and writes nothing, if the voucher cannot be redeemed.
    """
    with open_notes(root, today) as notes:
        project = read_project(root, today=today, other_ids=True)
        voucher = find_voucher(project, code, today=today)
        _check_genuine(voucher)
        _check_open(voucher)
        row = {
            "customer": voucher.customer,
            "date": today,
            "practice": REDEEMED,
            "key": voucher.code,
            "outcome": "done",
            "code": voucher.code,
        }
        file = notes.add_history(row, name=f"{today}-voucher")
    customer = name_of(project.people, voucher.customer)
    screen = Screen(project.config.language)
    done = screen("voucher_done", code=voucher.code, name=customer)
    lines = [", ".join(filter(None, [done, _for(voucher, screen)])), screen("wrote", file=file)]
    following = screen("next", command=f"newsletter {_about(project, voucher)}")
    return "\n".join([*lines, "", following])


def _about(project: Project, voucher: Voucher) -> str:
    """Return the command that tells of the customer, if they are still in the customer file."""
    known = voucher.customer in project.people.customers["id"]
    return f"who {voucher.customer}" if known else "plan"


def _check_genuine(voucher: Voucher) -> None:
    if voucher.state == "unknown":
        hint = "a code has 12 letters and digits, such as 04KD-8M2Z-Q9RT: check the spelling"
        raise NewsletterError.at(f"'{voucher.code}' is not one of your vouchers", hint=hint)


def _check_open(voucher: Voucher) -> None:
    if voucher.state in _REDEEMABLE:
        return
    if voucher.redeemed_on:
        raise NewsletterError.at(f"{voucher.code} was redeemed on {voucher.redeemed_on}")
    raise NewsletterError.at(f"{voucher.code} expired on {voucher.expires}")


def _for(voucher: Voucher, screen: Screen) -> str:
    """Return what the voucher is for; if nobody can tell, what it may be for."""
    if voucher.gift:
        return _worth(voucher.gift, screen)
    perhaps = dict.fromkeys(_worth(gift, screen) for gift in voucher.perhaps)
    return screen("voucher_or").join(perhaps)


def _worth(gift: Gift, screen: Screen) -> str:
    amount = f"{gift.worth:g} {gift.currency}"
    worth = screen("voucher_worth", amount=amount)
    if gift.percent:
        worth = screen("voucher_percent", n=f"{gift.percent:g}")
    return f"{gift.name + ', ' if gift.name else ''}{worth}"
