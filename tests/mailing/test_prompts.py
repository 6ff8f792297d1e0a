"""Prompts for handwritten notes use known facts, and none is given twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise

import polars as pl
import pytest
from caring import DAY, planned, practice, project

from newsletter.mailing.phrases import phrases_in
from newsletter.mailing.prompts import notes_to


def day(text: str) -> dt.date:
    """Return a date of 2026."""
    return dt.date.fromisoformat(f"2026-{text}")


TABLES = {
    "orders": [
        {"customer": "c1", "date": day("10-30"), "amount": 4.0, "product": "Ink"},
        {"customer": "c1", "date": day("10-30"), "amount": 9.0, "product": "A pen"},
        {"customer": "c1", "date": day("09-01"), "amount": 4.0, "product": "Paper"},
    ],
    "conversations": [{"customer": "c1", "date": day("10-01"), "text": "Her choir sings in May"}],
    "services": [{"customer": "c1", "date": day("08-01"), "title": "Nib straightened"}],
    "occasions": [
        {"customer": "c1", "date": day("06-17"), "occasion": "wedding", "remark": "in the garden"}
    ],
    "feedback": [
        {"id": "F1", "customer": "c1", "date": day("05-01"), "score": 9, "text": "Lovely"}
    ],
}
CUSTOMER = {"id": "c1", "customer_since": dt.date(2022, 1, 1), "mention_family": True}


def prompts_for(
    *history: Mapping[str, object],
    customer: Mapping[str, object] = CUSTOMER,
    language: str = "en",
    **tables: list[dict[str, object]],
) -> list[tuple[str, str]]:
    """Return keys and texts of the prompts for c1."""
    shop = project([customer], language=language, history=history, **{**TABLES, **tables})
    plan = planned(shop)
    phrases = phrases_in(shop, language)
    given = notes_to(plan, shop.people.tables, customers=["c1"], phrases=phrases)
    return [(prompt.key, prompt.text) for prompt in given["c1"].prompts]


def keys(*history: Mapping[str, object], **more: object) -> list[str]:
    """Return the keys alone."""
    return [key for key, _ in prompts_for(*history, **more)]


def note_with(*given_before: str) -> dict[str, object]:
    """Return the history row of a note that had these prompts."""
    return {"customer": "c1", "date": day("10-31"), "prompts": list(given_before)}


def test_three_prompts_each_of_another_kind() -> None:
    """The last conversation, the last order, the years; each says when."""
    assert prompts_for() == [
        (
            "conversation 2026-10-01",
            "What you talked about on 1 October 2026: Her choir sings in May",
        ),
        ("order 2026-10-30", "What they bought on 30 October 2026: A pen, Ink"),
        ("years 4", "A customer for 4 years now"),
    ]


def test_never_the_same_prompt_twice() -> None:
    """Prompts in the history are not given again: note after note until none is left."""
    notes: list[list[str]] = []
    while new_keys := keys(*(note_with(*note) for note in notes)):
        notes.append(new_keys)
    assert notes == [
        ["conversation 2026-10-01", "order 2026-10-30", "years 4"],
        ["service 2026-08-01", "occasion wedding 2026-06-17", "feedback 2026-05-01"],
        ["order 2026-09-01"],
    ]


def test_another_customer_s_history_does_not_count() -> None:
    """A prompt used for somebody else is still new to this customer."""
    other_customer = {"customer": "c2", "date": DAY, "prompts": ["order 2026-10-30"]}
    assert "order 2026-10-30" in keys(other_customer)


def test_prompts_are_in_the_language_of_the_team() -> None:
    """The project's language, whatever the customer's."""
    texts = [text for _, text in prompts_for(language="de")]
    assert texts[1:] == ["Gekauft am 30. Oktober 2026: A pen, Ink", "Seit 4 Jahren bei uns"]


def test_a_family_is_mentioned_only_where_it_may_be() -> None:
    """Occasions belong to the family; without permission none is a prompt."""
    before = note_with(*keys())
    assert "occasion wedding 2026-06-17" in keys(before)
    for leave in (False, None):
        silent = CUSTOMER | {"mention_family": leave}
        assert "occasion wedding 2026-06-17" not in keys(before, customer=silent)


def test_a_prompt_must_not_name_what_is_not_to_be_mentioned() -> None:
    """A prompt that shares a word with it is skipped for the next."""
    silent = CUSTOMER | {"not_to_mention": "the choir"}
    assert keys(customer=silent) == ["order 2026-10-30", "years 4", "service 2026-08-01"]


@pytest.mark.parametrize("score", [3, None])
def test_refunds_complaints_and_days_to_come_are_no_prompts(score: int | None) -> None:
    """Prompts neither recall what went wrong nor foretell what has not happened yet."""
    found_keys = keys(
        customer={"id": "c1"},
        orders=[
            {"customer": "c1", "date": day("10-28"), "amount": 4.0, "product": "Ink"},
            {"customer": "c1", "date": day("10-30"), "amount": -4.0, "product": "Ink"},
            {"customer": "c1", "date": day("11-04"), "amount": 4.0, "product": "Paper"},
        ],
        conversations=[],
        services=[{"customer": "c1", "date": day("12-01"), "title": "To come"}],
        feedback=[
            {"id": "F", "customer": "c1", "date": day("05-01"), "score": score, "text": "No"}
        ],
    )
    assert found_keys == []


def test_the_first_anniversary_is_one_year() -> None:
    """ "A customer for a year now"; before that there is no prompt about years."""
    young = {"id": "c1", "customer_since": dt.date(2025, 6, 1)}
    assert ("years 1", "A customer for a year now") in prompts_for(customer=young)
    assert "years 0" not in keys(customer={"id": "c1", "customer_since": day("06-01")})


def test_years_are_counted_on_the_day_of_arrival() -> None:
    """A card for the fourth anniversary does not say three, though it is written earlier."""
    note = practice(bodies={"handwritten": "Well done."})
    shop = project([{"id": "c1", "customer_since": dt.date(2022, 11, 5)}], note)
    for arrives, years in ((day("11-04"), 3), (day("11-05"), 4), (day("11-06"), 4)):
        plan = planned(shop, {"customer": "c1", "channel": "handwritten", "arrives": arrives})
        given = notes_to(
            plan, shop.people.tables, customers=["c1"], phrases=phrases_in(shop, "en")
        )
        assert [prompt.key for prompt in given["c1"].prompts] == [f"years {years}"]


def test_the_order_of_rows_does_not_matter() -> None:
    """Reversed tables give the same prompts."""
    shop = project([CUSTOMER, {"id": "c0"}], **TABLES)
    turned = {name: table.reverse() for name, table in shop.people.tables.items()}
    phrases, plan = phrases_in(shop, "en"), planned(shop)
    customers = ["c1", "c0"]
    straight = notes_to(plan, shop.people.tables, customers=customers, phrases=phrases)
    assert notes_to(plan, turned, customers=customers, phrases=phrases) == straight
    assert isinstance(turned["orders"], pl.DataFrame)


def note_without_prompts(on: str, **more: object) -> dict[str, object]:
    """Return the history row of a note whose prompts nobody recorded."""
    return {"customer": "c1", "date": day(on), "channel": "handwritten", "practice": "x"} | more


def test_a_note_without_recorded_prompts_mentioned_what_it_was_offered() -> None:
    """However it was recorded: typed into a table, from a plan, or noted as a conversation."""
    later = ["service 2026-08-01", "occasion wedding 2026-06-17", "feedback 2026-05-01"]
    assert keys(note_without_prompts("10-31")) == later
    talks = [
        *TABLES["conversations"],
        {"customer": "c1", "date": day("10-31"), "channel": "handwritten"},
    ]
    assert keys(conversations=talks) == later


def test_what_came_after_an_unrecorded_note_is_new() -> None:
    """The note of September could not mention the order of October."""
    assert keys(note_without_prompts("09-15")) == [
        "conversation 2026-10-01",
        "order 2026-10-30",
        "occasion wedding 2026-06-17",
    ]


def test_a_note_that_was_not_written_mentioned_nothing() -> None:
    """Its outcome says so."""
    missed = note_without_prompts("10-31", outcome="not reached")
    assert keys(missed) == keys()


def topics(count: int, customer: str = "c1") -> list[str | None]:
    """Return what the words of *count* notes to a customer are about, one after another."""
    orders = [
        {"customer": customer, "date": dt.date(2025, month, 1), "product": f"Ink {month}"}
        for month in range(1, 13)
    ]
    talks = [{"customer": customer, "date": o["date"], "text": "A talk"} for o in orders]
    shop_rows: list[dict[str, object]] = []
    about = []
    for number in range(count):
        shop = project(
            [{"id": customer, "customer_since": dt.date(2015, 1, 1)}],
            practice(bodies={"handwritten": "Hello."}),
            history=shop_rows,
            orders=orders,
            conversations=talks,
        )
        row = {"customer": customer, "channel": "handwritten", "key": f"{number}"}
        plan, phrases = planned(shop, row), phrases_in(shop, "en")
        given = notes_to(plan, shop.people.tables, customers=[customer], phrases=phrases)
        note = given[customer]
        about.append(note.about)
        shop_rows.append(
            {
                "customer": customer,
                "date": dt.date(2026, 1, 1) + dt.timedelta(days=number),
                "channel": "handwritten",
                "practice": "thank-you",
                "key": f"{number}",
                "prompts": [prompt.key for prompt in note.prompts],
            }
        )
    return about


@pytest.mark.slow
def test_the_words_are_never_about_the_same_twice_running() -> None:
    """Another topic each time, and customers differ."""
    about = topics(8)
    assert all(one != other for one, other in pairwise(about))
    assert {topics(1, customer=f"c{number}")[0] for number in range(12)} == {
        "order",
        "conversation",
        "years",
    }


def test_a_note_about_a_conversation_takes_it_up_first() -> None:
    """Even if it is not the last one."""
    note = practice("met", bodies={"handwritten": "Good to see you."})
    shop = project([CUSTOMER], note, **TABLES)
    event = {"customer": "c1", "key": "k", "conversation_date": day("10-01")}
    plan = planned(shop, {"customer": "c1", "channel": "handwritten"}, met=[event])
    given = notes_to(plan, shop.people.tables, customers=["c1"], phrases=phrases_in(shop, "en"))
    assert given["c1"].prompts[0].key == "conversation 2026-10-01"
    assert given["c1"].about == "conversation"
