"""`newsletter jot`: notes a conversation, what was promised in it, or that a promise is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import RUNS, day, with_project, with_today
from newsletter.errors import NewsletterError

if RUNS:
    import polars as pl

    from newsletter.commands.find_person import name_of, the_customer, the_member
    from newsletter.commands.inputs import Notes, check_channel, open_notes
    from newsletter.facts.contact import promises
    from newsletter.read.people.values.rhythms_of_customers import rhythm_examples, rhythm_text

PROMISE = "promise"
"""The practice of rows in the history that record a promise as kept."""


@click.command("jot")
@click.argument("customer")
@click.argument("text", nargs=-1)
@click.option("--promise", type=day, metavar="DATE", help="The day by which TEXT was promised.")
@click.option("--every", default="", metavar="SPAN", help="How often they want to hear from us.")
@click.option("--kept", is_flag=True, help="The open promise was kept (--promise says which).")
@click.option("--member", metavar="ID", default="", help="The team member who spoke with them.")
@click.option("--channel", default="", help="email, letter, call, handwritten, text or visit.")
@with_project
@with_today
def command(root: Path, customer: str, text: tuple[str, ...], **options: Any) -> None:
    """Note TEXT from a talk with CUSTOMER (id, email address or part of a name)."""
    click.echo(jot(root, customer, " ".join(text), **options))


def jot(
    root: Path,
    who: str,
    text: str,
    *,
    promise: dt.date | None = None,
    member: str = "",
    channel: str = "",
    today: dt.date,
    kept: bool = False,
    every: str = "",
) -> str:
    """
    Note *text* from a talk today with the customer that *who* names; return what to print.

    *promise* is the day by which *text* was promised. *kept* closes the customer's open promise,
    or of several the one due on *promise*. *every* is the rhythm that they asked for. With these,
    *text* may be empty. Raises NewsletterError, and writes nothing, if *who* or the promise is
    unknown or ambiguous.
    """
    rhythm = _rhythm(every)
    _check(text, promise=promise, channel=channel, today=today, kept=kept, rhythm=rhythm)
    with open_notes(root) as notes:
        customer = the_customer(notes.people.customers, who)
        by = the_member(notes.config, member).id if member else None
        talk = {"customer": customer, "date": today, "member": by, "channel": channel or None}
        lines, files = [f"noted for {name_of(notes.people, customer)} ({customer})"], []
        if kept:
            closed = _open_promise(notes, customer, promise)
            lines.append(f"kept: {closed['promise']}")
            files.append(_close(notes, closed, talk=talk, today=today))
        if text.strip() or rhythm:
            given = {"promise": text, "promised_by": promise} if promise and not kept else {}
            row = {**talk, "text": text or None, "every": rhythm, **given}
            files.append(notes.add_conversations(row, year=today.year))
            lines += [f"promised by {promise}"] * bool(given)
            lines += [f"own rhythm: {rhythm}"] * bool(rhythm)
    lines += [f"wrote {file}" for file in dict.fromkeys(files)]
    return "\n".join([*lines, "", f"next: newsletter who {customer}"])


def _check(
    text: str,
    *,
    promise: dt.date | None,
    channel: str,
    today: dt.date,
    kept: bool,
    rhythm: str | None,
) -> None:
    if not (text.strip() or kept or rhythm):
        hint = "write what was said: newsletter jot CUSTOMER 'Asked for blue ink'"
        raise NewsletterError.at("there is nothing to note", hint=hint)
    if promise and promise < today and not kept:
        hint = "give the day by which it was promised, or --kept if it is done"
        raise NewsletterError.at(f"{promise} is over", hint=hint)
    check_channel(channel)


def _rhythm(every: str) -> str | None:
    """Return a rhythm as the conversations hold it; None for no text."""
    if not every.strip():
        return None
    if rhythm := rhythm_text(every):
        return rhythm
    hint = f"write one like {rhythm_examples()}; or usual: as the practices have it"
    raise NewsletterError.at(f"'{every}' is not a rhythm", hint=hint)


def _open_promise(notes: Notes, customer: str, due: dt.date | None) -> Mapping[str, object]:
    """Return the open promise to this customer; of several, the one that is due by that day."""
    given = promises(
        *(
            notes.people.tables[name].filter(pl.col("customer") == customer)
            for name in ("conversations", "history")
        )
    )
    still_open = given.filter(~pl.col("kept")).to_dicts()
    meant = [promise for promise in still_open if due in (None, promise["promised_by"])]
    if len(meant) == 1:
        return meant[0]
    if still_open:
        listed = "".join(f"\n  {p['promised_by'] or 'no day'}  {p['promise']}" for p in still_open)
        hint = "say which one: --kept --promise DAY"
        raise NewsletterError.at(f"these promises are open:{listed}", hint=hint)
    hint = f"newsletter who {customer} shows what was said"
    raise NewsletterError.at("no promise to this customer is open", hint=hint)


def _close(
    notes: Notes, promise: Mapping[str, object], *, talk: Mapping[str, object], today: dt.date
) -> str:
    """
    Note that a promise is kept, and return the file.

    The history names a promise by its key. A promise without a day has no key, so its row is added
    to the conversations again, marked as kept.
    """
    if promise["key"]:
        row = {**talk, "practice": PROMISE, "key": promise["key"], "outcome": "done"}
        return notes.add_history(row, name=f"{today}-promise")
    again = {name: promise[name] for name in ("customer", "date", "text", "promise")}
    return notes.add_conversations({**again, "kept": True}, year=today.year)
