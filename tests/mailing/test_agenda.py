"""The agenda of a call: first what not to mention, then facts about the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from caring import planned, practice, project

from newsletter.mailing.agenda import agendas
from newsletter.mailing.phrases import phrases_in
from newsletter.read.content.customs_yml import packaged_customs


def day(text: str) -> dt.date:
    """Return a date of 2026."""
    return dt.date.fromisoformat(f"2026-{text}")


def agenda(
    customer: Mapping[str, object] | None = None,
    *,
    language: str = "en",
    **tables: list[dict[str, object]],
) -> tuple[str, ...]:
    """Return the agenda for c1."""
    shop = project([{"id": "c1", **(customer or {})}], language=language, **tables)
    plan = planned(shop)
    shop = replace(shop, customs=packaged_customs())
    return agendas(plan, shop, customers=["c1"], phrases=phrases_in(shop, language))["c1"]


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
    """Each item has its day; what not to mention comes first."""
    silent = {"not_to_mention": "the dog", "mention_family": True}
    tables = {"conversations": [TALK], "feedback": [FEEDBACK], "orders": [ORDER]}
    assert agenda(silent, occasions=[WEDDING], **tables) == (
        "Do not mention: the dog",
        "Last contact 1 August 2026 (by phone, Nora Feltes): The ink was late",
        "Unanswered feedback of 1 October 2026, 4 of 10: “Too slow”",
        "Making good could be: the same again (Ink), or €9.00 back. Ask which they would like.",
        "Promised by 1 September 2026, overdue: A bottle for free",
        "Last order 1 July 2026: Ink",
        "17 June 2026: wedding (garden)",
    )


def test_a_death_comes_first_for_as_long_as_people_grieve() -> None:
    """Whoever rings must know of it, even if the family is else not to be mentioned."""
    death = {"customer": "c1", "occasion": "death of his wife", "remark": "in Diekirch"}
    tables = {"orders": [ORDER], "conversations": [TALK | {"promise": None}]}
    items = agenda(occasions=[WEDDING, death | {"date": day("10-31")}], **tables)
    assert items[0] == "31 October 2026: death of his wife (in Diekirch)"
    assert len(items) == 3
    # The wedding is not mentioned, and neither is a death of long ago.
    assert len(agenda(occasions=[WEDDING, death | {"date": day("03-10")}], **tables)) == 2


def test_a_new_customer_has_an_agenda_of_one_line() -> None:
    """It says that we have not spoken before."""
    assert agenda() == ("We have not spoken before",)


def test_the_agenda_is_in_the_language_of_the_team() -> None:
    """Here German."""
    items = agenda({"language": "fr"}, language="de", conversations=[TALK])
    assert items == (
        "Letzter Kontakt 1. August 2026 (am Telefon, Nora Feltes): The ink was late",
        "Versprochen bis 1. September 2026, überfällig: A bottle for free",
    )


def test_the_last_contact_is_a_personal_one() -> None:
    """A card counts; an issue and a call that reached nobody do not."""
    history = [
        {"customer": "c1", "date": day("09-01"), "practice": "birthday", "channel": "handwritten"},
        {"customer": "c1", "date": day("10-01"), "practice": "issue", "channel": "email"},
        {"customer": "c1", "date": day("10-02"), "practice": "call", "outcome": "not reached"},
    ]
    assert agenda(history=history) == (
        "Last contact 1 September 2026 (by a handwritten note): birthday",
    )


def test_what_was_sent_is_called_by_its_title() -> None:
    """Not by the name of its file."""
    shop = project(
        [{"id": "c1"}], replace(practice("win-back"), title="Long not seen"), history=[SENT]
    )
    (item,) = agendas(planned(shop), shop, customers=["c1"], phrases=phrases_in(shop, "en"))["c1"]
    assert item == "Last contact 1 September 2026 (by letter): Long not seen"


SENT = {"customer": "c1", "date": day("09-01"), "practice": "win-back", "channel": "letter"}


def test_all_open_promises_are_listed() -> None:
    """The most urgent first, those without a day last; fulfilled ones are not listed."""
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
    """A later conversation that names it is the answer; any other is not."""
    later = {"customer": "c1", "date": day("10-02"), "channel": "visit", "text": "Explained"}
    assert agenda(feedback=[FEEDBACK], conversations=[later])[1:] == (
        "Unanswered feedback of 1 October 2026, 4 of 10: “Too slow”",
        "Ask what would make it good, and write the answer down in their words.",
    )
    answer = {**later, "answers": ["F"]}
    assert agenda(feedback=[FEEDBACK], conversations=[answer]) == (
        "Last contact 2 October 2026 (in person): Explained",
    )


def test_the_family_is_left_out_where_it_must_not_be_mentioned() -> None:
    """An occasion of the family is then no item."""
    assert agenda({"mention_family": False}, occasions=[WEDDING]) == ("We have not spoken before",)
