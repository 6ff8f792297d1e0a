"""The agenda of a call: first what not to mention, then what there is between us."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from caring import planned, project

from newsletter.mailing.agenda import agendas
from newsletter.mailing.phrases import phrases_in


def day(text: str) -> dt.date:
    """Return a date of 2026."""
    return dt.date.fromisoformat(f"2026-{text}")


def agenda(
    customer: Mapping[str, object] | None = None,
    *,
    language: str = "en",
    **tables: list[dict[str, object]],
) -> tuple[str, ...]:
    """Return the agenda of c1."""
    made = project([{"id": "c1", **(customer or {})}], language=language, **tables)
    plan = planned(made)
    return agendas(
        plan,
        made.people.tables,
        customers=["c1"],
        config=made.config,
        phrases=phrases_in(made, language),
    )["c1"]


TALK = {
    "customer": "c1",
    "date": day("08-01"),
    "member": "nora",
    "channel": "call",
    "text": "The ink was late",
    "promise": "A bottle for free",
    "promised_by": day("09-01"),
}
FEEDBACK = {"customer": "c1", "date": day("10-01"), "score": 4, "text": "Too slow", "id": "F"}
ORDER = {"customer": "c1", "date": day("07-01"), "amount": 9.0, "product": "Ink"}
WEDDING = {"customer": "c1", "date": day("06-17"), "occasion": "wedding", "remark": "garden"}


def test_the_whole_agenda() -> None:
    """Each item says when, and what to keep silent about comes first."""
    silent = {"not_to_mention": "the dog", "mention_family": True}
    tables = {"conversations": [TALK], "feedback": [FEEDBACK], "orders": [ORDER]}
    assert agenda(silent, occasions=[WEDDING], **tables) == (
        "Do not mention: the dog",
        "Last contact 1 August 2026 (by phone, Nora Feltes): The ink was late",
        "Unanswered feedback of 1 October 2026, 4 of 10: “Too slow”",
        "Promised by 1 September 2026, overdue: A bottle for free",
        "Last order 1 July 2026: Ink",
        "17 June 2026: wedding (garden)",
    )


def test_nothing_known_is_said_to_be_nothing() -> None:
    """Somebody new has an agenda of one line."""
    assert agenda() == ("We have not spoken before",)


def test_it_is_in_the_language_of_the_team() -> None:
    """Here in German."""
    items = agenda({"language": "fr"}, language="de", conversations=[TALK])
    assert items == (
        "Letzter Kontakt 1. August 2026 (am Telefon, Nora Feltes): The ink was late",
        "Versprochen bis 1. September 2026, überfällig: A bottle for free",
    )


def test_what_went_out_is_contact_but_not_the_newsletter() -> None:
    """A card counts; an issue and a call that nobody took do not."""
    history = [
        {"customer": "c1", "date": day("09-01"), "practice": "birthday", "channel": "handwritten"},
        {"customer": "c1", "date": day("10-01"), "practice": "issue", "channel": "email"},
        {"customer": "c1", "date": day("10-02"), "practice": "call", "outcome": "not reached"},
    ]
    assert agenda(history=history) == (
        "Last contact 1 September 2026 (by a handwritten note): birthday",
    )


def test_promises_are_all_there_until_they_are_kept() -> None:
    """The most urgent first, those without a day last, kept ones not at all."""
    promised = [
        {**TALK, "promise": "later", "promised_by": day("12-01")},
        {**TALK, "promise": "some day", "promised_by": None},
        {**TALK, "promise": "today", "promised_by": day("11-03")},
        {**TALK, "promise": "done", "kept": True},
    ]
    assert agenda(conversations=promised)[1:] == (
        "Promised by 3 November 2026: today",
        "Promised by 1 December 2026: later",
        "Promised: some day",
    )


def test_answered_feedback_is_not_open() -> None:
    """A conversation after it is the answer."""
    later = {"customer": "c1", "date": day("10-02"), "channel": "visit", "text": "Explained"}
    assert agenda(feedback=[FEEDBACK], conversations=[later]) == (
        "Last contact 2 October 2026 (in person): Explained",
    )


def test_family_is_left_out_without_leave() -> None:
    """An occasion is nothing to ask about where the family is not to be mentioned."""
    assert agenda({"mention_family": False}, occasions=[WEDDING]) == ("We have not spoken before",)
