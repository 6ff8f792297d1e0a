"""What `newsletter jot` notes about promises and feedback: kept, moved, answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from newsletter.commands.options import RUNS
from newsletter.errors import NewsletterError
from newsletter.model.command_line import quoted

if RUNS:
    import polars as pl

    from newsletter.commands.inputs import Notes
    from newsletter.commands.screen import Screen
    from newsletter.facts.feedback import open_feedback
    from newsletter.facts.promises import promises

PROMISE = "promise"
"""The practice of rows in the history that record a promise as kept."""
Row = Mapping[str, object]


def settle(
    notes: Notes, customer: str, which: dt.date | str | None, *, moved: dt.date | None, talk: Row
) -> tuple[str, str]:
    """
    Note that the open promise is kept, or its new day; *which*: its day, or some of its words.

    *talk* has the cells of today's talk. Returns the file, and what was noted.
    """
    promise, today = _open_promise(notes, customer, which), talk["date"]
    screen, what = Screen(notes.config.language), promise["promise"]
    assert isinstance(today, dt.date)
    if moved:
        told = screen("jot_moved", day=moved, promise=what)
        return _move(notes, promise, moved, today=today), told
    return _close(notes, promise, talk=talk, today=today), screen("jot_kept", promise=what)


def _open_promise(notes: Notes, customer: str, which: dt.date | str | None) -> Row:
    """Return the open promise to this customer; of several, the one with that day or words."""
    given = promises(
        *(
            notes.people.tables[name].filter(pl.col("customer") == customer)
            for name in ("conversations", "history")
        )
    )
    still_open = given.filter(~pl.col("kept")).to_dicts()
    meant = [promise for promise in still_open if _is_meant(promise, which)]
    if len(meant) == 1:
        return meant[0]
    if still_open:
        listed = "".join(f"\n  {p['promised_by'] or 'no day'}  {p['promise']}" for p in still_open)
        hint = "say which one: add --promise and its day, or some of its words"
        raise NewsletterError.at(f"these promises are open:{listed}", hint=hint)
    hint = f"newsletter who {quoted(customer)} shows what was said"
    raise NewsletterError.at("no promise to this customer is open", hint=hint)


def _is_meant(promise: Row, which: dt.date | str | None) -> bool:
    if isinstance(which, str):
        return which.casefold() in str(promise["promise"]).casefold()
    return which in (None, promise["promised_by"])


def _close(notes: Notes, promise: Row, *, talk: Row, today: dt.date) -> str:
    """
    Note that a promise is kept, and return the file.

    The history names a promise by its key. An email there keeps none, so then its row is added to
    the conversations again, marked as kept.
    """
    if talk["channel"] != "email":
        row = {**talk, "practice": PROMISE, "key": promise["key"], "outcome": "done"}
        return notes.add_history(row, name=f"{today}-promise")
    return notes.add_conversations({**_again(promise), "kept": True}, year=today.year)


def _move(notes: Notes, promise: Row, to: dt.date, *, today: dt.date) -> str:
    """Note the new day agreed for a promise, once, and return the file."""
    if promise["moved_to"]:
        hint = (
            "keep it, and note that with --kept; or call, say what you cannot do, and note what "
            "you agree on as a new promise: --promise DATE"
        )
        message = f"this promise was moved to {promise['moved_to']} already: {promise['promise']}"
        raise NewsletterError.at(message, hint=hint)
    row = {**_again(promise), "moved_to": to}
    return notes.add_conversations(row, year=today.year)


def waiting(notes: Notes, customer: str, *, answers: tuple[str, ...]) -> Sequence[Row]:
    """
    Return the open feedback of this customer, the oldest first.

    Raises NewsletterError if *answers*, the keys of what was answered, name anything else.
    """
    mine = {
        name: notes.people.tables[name].filter(pl.col("customer") == customer)
        for name in ("feedback", "conversations", "history")
    }
    still_open = open_feedback(mine, notes.config).to_dicts()
    named = {str(row["key"]) for row in still_open}
    for key in answers:
        if key not in named:
            listed = "; ".join(map(_listed, still_open)) or "none of this customer waits"
            hint = f"open feedback: {listed}"
            raise NewsletterError.at(f"no feedback '{key}' waits for an answer", hint=hint)
    return still_open


def following(
    customer: str, still_open: Sequence[Row], answered: tuple[str, ...], screen: Screen
) -> list[str]:
    """Return a line for each open feedback that the note did not answer, and what to do next."""
    person = quoted(customer)
    command = f"newsletter jot {person} TEXT --answers"
    reminders = [
        f"{screen('jot_waits', feedback=_feedback(row, screen))}\n"
        f"  {screen('jot_if', command=' '.join([command, quoted(str(row['key']))]))}"
        for row in still_open
        if row["key"] not in answered
    ]
    return [*reminders, "", screen("next", command=f"newsletter who {person}")]


def _feedback(row: Row, screen: Screen) -> str:
    """Return the key of feedback, its day and its text."""
    dated = row["key"] != str(row["date"])
    phrase = "jot_feedback_of" if dated else "jot_feedback"
    named = screen(phrase, key=row["key"], day=row["date"])
    quote = screen("quoted", text=row["text"])
    return screen("titled", what=named, text=quote) if row["text"] else named


def _again(promise: Row) -> dict[str, object]:
    """Return the cells that say which promise a further row is about."""
    names = ("customer", "date", "text", "promise")
    return {**{name: promise[name] for name in names}, "promised_by": promise["first_by"]}


def _listed(row: Row) -> str:
    text = f": “{row['text']}”" if row["text"] else ""
    day = f" of {row['date']}" if row["key"] != str(row["date"]) else ""
    return f"feedback {row['key']}{day}{text}"
