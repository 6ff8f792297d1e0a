"""Who a customer is, on one screen, while they stand in the door."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from newsletter.commands.card import card_lines
from newsletter.commands.customers import only, read_customers
from newsletter.commands.finding import candidates, find_customers, nobody
from newsletter.commands.show import counted, wrapped

_COLUMNS, _LABEL = 80, 14
"""Cells of the terminal, and of them before each value."""


def who(root: Path, text: str, *, today: dt.date) -> str:
    """
    Return the card of the customer meant, or the candidates where several fit.

    At most 24 lines of 80 columns. Raises NewsletterError if nobody fits.
    """
    config, people = read_customers(root)
    found = find_customers(people.customers, text)
    if not found.height:
        raise nobody(text)
    if found.height > 1:
        several = f"'{text}' may be {counted(found.height, 'customer')}:"
        return f"{several}\n\n{candidates(found)}\n\nnext: newsletter who ID"
    key = str(found["id"].item())
    head, *lines = card_lines(only(people, key), config, key, today=today)
    shown = wrapped(head.text, _COLUMNS, most=head.most)
    for line in lines:
        first, *rest = wrapped(line.text, _COLUMNS - _LABEL, most=line.most)
        shown.append(f"{line.label:<{_LABEL}}{first}")
        shown += [" " * _LABEL + text for text in rest]
    return "\n".join([*shown, "", f"next: newsletter explain {key}"])
