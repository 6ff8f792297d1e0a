"""Notes a conversation with a customer, what was promised in it, or that a promise was kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from newsletter.commands.finding import the_customer
from newsletter.commands.notes import Notes, open_notes
from newsletter.errors import NewsletterError, did_you_mean
from newsletter.facts.contact import promises
from newsletter.model.channels import CHANNELS
from newsletter.model.tables import CONVERSATIONS, HISTORY

PROMISE = "promise"
"""The practice of a row of the history that says that a promise was kept."""


def jot(  # noqa: PLR0913 - one parameter for each option
    root: Path,
    who: str,
    text: str,
    *,
    promise: dt.date | None = None,
    member: str = "",
    channel: str = "",
    today: dt.date,
    kept: bool = False,
) -> str:
    """
    Note *text* as said today with the customer whom *who* means, and return what to print.

    *promise* is the day by which *text* was promised. With *kept* the customer's open promise is
    kept; of several the one by *promise*, and *text* may be empty. Raises NewsletterError if
    nobody or several are meant; nothing is written then.
    """
    _check(text, promise=promise, channel=channel, today=today, kept=kept)
    with open_notes(root) as notes:
        key = the_customer(notes.people.customers, who)
        by = _member(notes, member)
        said = {"customer": key, "date": today, "member": by, "channel": channel or None}
        lines, files = [f"noted for {_name(notes, key)} ({key})"], []
        if kept:
            done = _open_promise(notes, key, promise)
            lines.append(f"kept: {done['promise']}")
            files += _keep(notes, done, said=said)
        if text.strip():
            given = {} if kept or not promise else {"promise": text, "promised_by": promise}
            row = dict(said) | {"text": text} | given
            files.append(notes.add_conversations(_row(row, CONVERSATIONS), year=today.year))
            lines += [f"promised by {promise}"] * bool(given)
    lines += [f"wrote {file}" for file in dict.fromkeys(files)]
    return "\n".join([*lines, "", f"next: newsletter who {key}"])


def _check(
    text: str, *, promise: dt.date | None, channel: str, today: dt.date, kept: bool
) -> None:
    if not text.strip() and not kept:
        hint = "say in a sentence what was said: newsletter jot CUSTOMER 'Asked for blue ink'"
        raise NewsletterError.at("there is nothing to note", hint=hint)
    if promise and promise < today and not kept:
        hint = "name the day by which it was promised, or say --kept if it is done"
        raise NewsletterError.at(f"{promise} is over", hint=hint)
    if channel and channel not in CHANNELS:
        hint = did_you_mean(channel, CHANNELS) or f"the channels are {', '.join(CHANNELS)}"
        raise NewsletterError.at(f"'{channel}' is no channel", hint=hint)


def _member(notes: Notes, member: str) -> str | None:
    """Return the id of the team member, whom people call by id or name; None: nobody is named."""
    if not member:
        return None
    ids = {word.casefold(): m.id for m in notes.config.team for word in (m.name, m.id)}
    if found := ids.get(member.casefold()):
        return found
    known = [m.id for m in notes.config.team]
    hint = did_you_mean(member, known) or f"the team in newsletter.yml: {', '.join(known)}"
    raise NewsletterError.at(f"'{member}' is not in the team", hint=hint)


def _name(notes: Notes, key: str) -> str:
    found = notes.people.customers.filter(pl.col("id") == key)
    return str(found.select(pl.coalesce("name", "company", "email", "id")).item())


def _open_promise(notes: Notes, key: str, day: dt.date | None) -> Mapping[str, object]:
    """Return the one promise to this customer that is open; of several, the one by that day."""
    tables = notes.people.tables
    mine = [tables[n].filter(pl.col("customer") == key) for n in ("conversations", "history")]
    still_open = promises(*mine).filter(~pl.col("kept")).to_dicts()
    meant = [one for one in still_open if day in (None, one["promised_by"])]
    if len(meant) == 1:
        return meant[0]
    listed = "".join(
        f"\n  {one['promised_by'] or 'no day'}  {one['promise']}" for one in still_open
    )
    if still_open:
        hint = "say which one: --kept --promise and its day"
        raise NewsletterError.at(f"these promises are open:{listed}", hint=hint)
    hint = f"newsletter who {key} shows what was said"
    raise NewsletterError.at("no promise to this customer is open", hint=hint)


def _keep(notes: Notes, done: Mapping[str, object], *, said: Mapping[str, object]) -> list[str]:
    """Note a promise as kept: in the history by its day, else beside it in the conversations."""
    today = said["date"]
    assert isinstance(today, dt.date)
    if done["key"]:
        row = dict(said) | {"practice": PROMISE, "key": done["key"], "outcome": "done"}
        return [notes.add_history(_row(row, HISTORY), name=f"{today}-promise")]
    row = {name: done[name] for name in ("customer", "date", "text", "promise")}
    again = _row(row | {"kept": True}, CONVERSATIONS)
    return [notes.add_conversations(again, year=today.year)]


def _row(row: Mapping[str, object], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)
