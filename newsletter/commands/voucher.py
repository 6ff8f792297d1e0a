"""Whose a voucher is and what it is worth; and its end, when it is taken."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from newsletter.commands.notes import open_notes
from newsletter.commands.show import columns
from newsletter.errors import NewsletterError
from newsletter.model.project import Project
from newsletter.model.tables import HISTORY
from newsletter.plan.vouchers import REDEEMED, Voucher, find_voucher
from newsletter.read.assembly import read_project

_TAKEN = ("valid", "not given out")
"""States in which it can be taken. What was not recorded as given out is genuine all the same."""


def voucher_text(root: Path, code: str, *, today: dt.date) -> str:
    """
    Return whose voucher it is and whether it is taken, with the next command.

    Raises NewsletterError if the code is none of this business.
    """
    project = read_project(root, today=today)
    voucher = find_voucher(project, code, today=today)
    _check_known(voucher)
    redeem, who = f"voucher {voucher.code} --redeem", f"who {voucher.customer}"
    command = redeem if voucher.state in _TAKEN else who
    rows = [
        ["voucher", voucher.code],
        ["state", _STATES.get(voucher.state, voucher.state)],
        ["of", f"{_name(project, voucher.customer)} ({voucher.customer})"],
        ["for", _worth(voucher)],
        ["conditions", voucher.gift.conditions if voucher.gift else ""],
        ["practice", voucher.practice],
        ["given out", f"{voucher.given_on or ''}"],
        ["valid until", f"{voucher.expires or ''}"],
        ["taken", f"{voucher.redeemed_on or ''}"],
    ]
    return f"{columns([row for row in rows if row[1]])}\n\nnext: newsletter {command}"


def redeem_voucher(root: Path, code: str, *, today: dt.date) -> str:
    """
    Add to the history that the voucher was taken today, and return what to print.

    Raises NewsletterError if it cannot be taken; nothing is written then.
    """
    with open_notes(root) as notes:
        project = read_project(root, today=today)
        voucher = find_voucher(project, code, today=today)
        _check_known(voucher)
        if voucher.state not in _TAKEN:
            day = voucher.redeemed_on or voucher.expires
            happened = "was redeemed" if voucher.redeemed_on else "expired"
            raise NewsletterError.at(f"{voucher.code} {happened} on {day}")
        row = {
            "customer": voucher.customer,
            "date": today,
            "practice": REDEEMED,
            "key": voucher.code,
            "outcome": "done",
            "code": voucher.code,
        }
        rows = pl.DataFrame([{name: row.get(name) for name in HISTORY}], schema=HISTORY)
        file = notes.add_history(rows, name=f"{today}-voucher")
    who = _name(project, voucher.customer)
    taken = f"taken: {voucher.code} of {who}, {_worth(voucher)}"
    return f"{taken}\nwrote {file}\n\nnext: newsletter who {voucher.customer}"


_STATES = {"not given out": "genuine, but the history does not say that it was given out"}


def _check_known(voucher: Voucher) -> None:
    if voucher.state == "unknown":
        hint = "a code has 12 letters and digits, such as 04KD-8M2Z-Q9RT: look for a slip"
        raise NewsletterError.at(f"'{voucher.code}' is no voucher of ours", hint=hint)


def _worth(voucher: Voucher) -> str:
    gift = voucher.gift
    if gift is None:
        return ""
    return f"{gift.name + ', ' if gift.name else ''}worth {gift.worth:g} {gift.currency}"


def _name(project: Project, key: str) -> str:
    found = project.people.customers.filter(pl.col("id") == key)
    return str(found.select(pl.coalesce("name", "company", "email", "id")).item())
