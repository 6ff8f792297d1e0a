"""`newsletter jot`: notes a conversation, a promise, or which feedback was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import RUNS, day, with_project, with_today
from newsletter.errors import NewsletterError

if RUNS:
    from newsletter.commands.find_person import name_of, the_customer, the_member
    from newsletter.commands.inputs import Notes, check_channel, open_notes
    from newsletter.commands.jot_owed import following, settle, waiting
    from newsletter.commands.screen import Screen
    from newsletter.read.people.values.rhythms_of_customers import rhythm_examples, rhythm_text


def _day_or_words(text: str) -> dt.date | str:
    """Return the day that an option names, else its text."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return text
    return day(text)


@click.command("jot")
@click.argument("customer")
@click.argument("text", nargs=-1)
@click.option(
    "--promise",
    type=_day_or_words,
    metavar="DATE",
    help="The day by which TEXT was promised; with --kept or --moved: day or words of a promise.",
)
@click.option("--every", default="", metavar="SPAN", help="How often they want to hear from us.")
@click.option("--pause", type=day, metavar="DATE", help="They want peace until that day.")
@click.option("--kept", is_flag=True, help="The open promise was kept (--promise: which).")
@click.option(
    "--moved",
    type=day,
    metavar="DATE",
    help="The new day agreed for the open promise (--promise: which).",
)
@click.option(
    "--answers",
    multiple=True,
    metavar="KEY",
    help="The feedback that was answered: its id or day.",
)
@click.option("--met", is_flag=True, help="You met in person: at an event, in the street.")
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
    promise: dt.date | str | None = None,
    member: str = "",
    channel: str = "",
    today: dt.date,
    kept: bool = False,
    every: str = "",
    pause: dt.date | None = None,
    moved: dt.date | None = None,
    answers: tuple[str, ...] = (),
    met: bool = False,
) -> str:
    """
    Note *text* from a talk today with the customer that *who* names; return what to print.

    *promise* is the day of a new promise, or the day or words of one that is *kept* or *moved*;
    *answers* are keys of feedback. If anything is ambiguous, raises NewsletterError.
    """
    asked = _asked(every, pause, today=today)
    _check(text, channel=channel, answers=answers, more=kept or bool(asked))
    by_when = _checked_days(promise, moved=moved, kept=kept, today=today)
    with open_notes(root, today) as notes:
        screen, customer = Screen(notes.config.language), the_customer(notes.people.customers, who)
        talk = {"customer": customer, "date": today, "met": met, **_by(notes, member, channel)}
        still_open = waiting(notes, customer, answers=answers)
        lines, files = list[str](), list[str]()
        if kept or moved:
            file, line = settle(notes, customer, promise, moved=moved, talk=talk)
            lines, files = [line], [file]
        if text.strip() or asked:
            cells = {**asked, **_cells(text, promise=by_when, answers=answers)}
            files.append(notes.add_conversations({**talk, **cells}, year=today.year))
            lines += _noted(by_when, answers, asked, screen)
    first = screen("jot_noted", name=name_of(notes.people, customer), id=customer)
    lines = [first, *lines, *(screen("wrote", file=file) for file in dict.fromkeys(files))]
    return "\n".join([*lines, *following(customer, still_open, answers, screen)])


def _by(notes: Notes, member: str, channel: str) -> dict[str, object]:
    """Return the cells for who spoke with the customer, and how."""
    by = the_member(notes.config, member).id if member else None
    return {"member": by, "channel": channel or None}


def _asked(every: str, pause: dt.date | None, *, today: dt.date) -> dict[str, object]:
    """Return the cells for what they asked for: a rhythm of their own, and peace."""
    if pause and pause < today:
        hint = "give the last day on which they want to be left in peace"
        raise NewsletterError.at(f"{pause} is over", hint=hint)
    rhythm = _rhythm(every)
    return ({"every": rhythm} if rhythm else {}) | ({"pause_until": pause} if pause else {})


def _cells(text: str, *, promise: dt.date | None, answers: tuple[str, ...]) -> dict[str, object]:
    """Return the cells for what was said, promised and answered."""
    given = {"promise": text, "promised_by": promise} if promise else {}
    return {"text": text or None, **given, "answers": list(answers) or None}


def _noted(
    promise: dt.date | None, answers: tuple[str, ...], asked: Mapping[str, object], screen: Screen
) -> Iterator[str]:
    if promise:
        yield screen("jot_promised", day=promise)
    for key in answers:
        yield screen("jot_answered_later" if promise else "jot_answered", key=key)
    if "every" in asked:
        yield screen("jot_every", every=asked["every"])
    if "pause_until" in asked:
        yield screen("jot_pause", day=asked["pause_until"])


def _check(text: str, *, channel: str, answers: tuple[str, ...], more: bool) -> None:
    """Raise NewsletterError without anything to note; *more*: there is something besides text."""
    if not (text.strip() or more):
        hint = "write what was said: newsletter jot CUSTOMER 'Asked for blue ink'"
        raise NewsletterError.at("there is nothing to note", hint=hint)
    if answers and not text.strip():
        hint = "write what you answered: newsletter jot CUSTOMER TEXT --answers F1"
        raise NewsletterError.at("an answer needs its words", hint=hint)
    check_channel(channel)


def _rhythm(every: str) -> str | None:
    """Return a rhythm as the conversations hold it; None for no text."""
    if not every.strip():
        return None
    if rhythm := rhythm_text(every):
        return rhythm
    hint = f"write one like {rhythm_examples()}; or usual: as the practices have it"
    raise NewsletterError.at(f"'{every}' is not a rhythm", hint=hint)


def _checked_days(
    promise: dt.date | str | None, *, moved: dt.date | None, kept: bool, today: dt.date
) -> dt.date | None:
    """Return the day of a new promise; None if there is none, or an open one is meant."""
    if moved and kept:
        hint = "a promise that is kept needs no new day: leave out one of the two"
        raise NewsletterError.at("--kept and --moved exclude each other", hint=hint)
    if moved and moved < today:
        raise NewsletterError.at(f"{moved} is over", hint="give the new day that you agreed on")
    if moved or kept or promise is None:
        return None
    if isinstance(promise, str):
        hint = "write year, month and day: 2026-11-05"
        raise NewsletterError.at(f"'{promise}' is not a day", hint=hint)
    if promise < today:
        hint = "give the day by which it was promised, or --kept if it is done"
        raise NewsletterError.at(f"{promise} is over", hint=hint)
    return promise
