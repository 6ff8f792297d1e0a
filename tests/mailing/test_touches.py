"""Touchpoints have everything that a team member needs to carry them out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from caring import DAY, VOUCHER, planned, practice, project, tasks

from newsletter.errors import NewsletterError, Place
from newsletter.export.practice_emails import practice_emails
from newsletter.mailing.mailings import practice_mailings
from newsletter.mailing.postal import address_lines
from newsletter.mailing.touches import Tasks
from newsletter.mailing.words import Stopped
from newsletter.model.care import Prompt, Touch
from newsletter.model.source import Source
from newsletter.model.tables import CUSTOMERS
from newsletter.render.fragments import Fragments

ANNA = {
    "id": "c1", "title": "Frau", "first_name": "Anna", "last_name": "Blum", "name": "Anna Blum",
    "street": "Am Markt 1", "postcode": "54290", "city": "Trier", "country": "DE",
    "phone": "+49 1", "language": "de", "not_to_mention": "the dog",
}  # fmt: skip


def touchpoints_of(
    *customers: Mapping[str, object], bodies: Mapping[str, str], **more: object
) -> Tasks:
    """Return the touchpoints of a practice, each by the customer's first channel."""
    due_practice = practice(bodies=bodies, **more)
    shop = project(customers, due_practice)
    plan = planned(
        shop, *({"customer": c["id"], "channel": due_practice.channels[0]} for c in customers)
    )
    return tasks(shop, plan)


def test_a_letter_with_a_voucher() -> None:
    """It has everything for text, envelope and code."""
    (touch,) = touchpoints_of(
        ANNA, bodies={"letter": "Hi!", "letter.de": "Hallo!"}, gift=VOUCHER
    ).touches
    assert touch == Touch(
        date=DAY,
        customer="c1",
        name="Anna Blum",
        member="nora",
        practice="thank-you",
        title="Title of thank-you",
        channel="letter",
        arrives=DAY,
        key="k",
        because="an order",
        priority=50,
        owed=False,
        language="de",
        email="c1@example.com",
        phone="+49 1",
        address=("Frau Anna Blum", "Am Markt 1", "54290 Trier", "GERMANY"),
        country="DE",
        subject="",
        html="<p>Hallo!</p>",
        text="Hallo!",
        greeting="Hallo Anna",
        formality="informal",
        closing="Herzliche Grüße",
        not_to_mention="the dog",
        gift="ein Gutschein über 5\N{NO-BREAK SPACE}€",
        code="2M26-986B-C0CT",
        expires=dt.date(2026, 12, 3),
    )


def test_the_reason_has_the_customer_s_numbers() -> None:
    """The rule itself is there for the tooltip; nothing is told twice."""
    rule = "points >= 40 and orders_count == 3 and city"
    (touch,) = touchpoints_of(
        ANNA | {"points": 64, "orders_count": 3},
        bodies={"letter": "Hi!"},
        when=Source(rule, Place(path="x")),
    ).touches
    assert (touch.because, touch.rule_text) == (
        "an order (here: has 64 points; has ordered 3 times)",
        rule,
    )


def test_notes_have_prompts_and_calls_an_agenda() -> None:
    """Both are in the language of the team."""
    by_hand = practice(bodies={"handwritten": "x", "call": "y", "visit": "z", "text": "t"})
    orders = [{"customer": "c1", "date": dt.date(2026, 10, 1), "amount": 1.0, "product": "Ink"}]
    shop = project([{"id": "c1"}], by_hand, orders=orders)
    rows = [
        {"customer": "c1", "channel": channel}
        for channel in ("text", "visit", "call", "handwritten")
    ]
    by_channel = {touch.channel: touch for touch in tasks(shop, planned(shop, *rows)).touches}
    prompts = (Prompt("order 2026-10-01", "What they bought on 1 October 2026: Ink"),)
    agenda = ("We have not spoken before", "Last order 1 October 2026: Ink")
    assert {channel: (touch.prompts, touch.agenda) for channel, touch in by_channel.items()} == {
        "text": ((), ()),
        "visit": ((), agenda),
        "call": ((), agenda),
        "handwritten": (prompts, ()),
    }


def test_touchpoints_are_in_the_order_of_the_plan() -> None:
    """Whatever practice, channel and language; emails and issues are made elsewhere."""
    shop = project(
        [{"id": "c1"}, {"id": "c2"}],
        practice("b", bodies={"letter": "x", "email": "x", "call": "x"}),
        practice("a", bodies={"letter": "x"}),
    )
    rows = [
        ("c2", "a", "letter"), ("c1", "b", "email"), ("c2", "b", "letter"), ("c1", "a", "letter"),
        ("c1", "issue", "letter"), ("c1", "b", "call"),
    ]  # fmt: skip
    keys = ("customer", "practice", "channel")
    plan = planned(shop, *(dict(zip(keys, row, strict=True)) for row in rows))
    touchpoints = [
        (touch.customer, touch.practice, touch.channel) for touch in tasks(shop, plan).touches
    ]
    assert touchpoints == [rows[0], rows[2], rows[3], rows[5]]


def test_skipped_rows_give_no_touchpoint() -> None:
    """Only planned rows are carried out."""
    shop = project([{"id": "c1"}], practice(bodies={"call": "x"}))
    row = {"customer": "c1", "channel": "call", "skipped_because": "quiet", "rule": "quiet"}
    assert tasks(shop, planned(shop, row)).touches == ()


def test_a_missing_value_is_an_error_of_the_text() -> None:
    """With file, line, an example customer and the cure."""
    with pytest.raises(NewsletterError) as error:
        touchpoints_of(ANNA, {"id": "c2"}, bodies={"call": "Hi\n\n{{ customer.first_name }}"})
    assert str(error.value) == (
        "content/practices/thank-you.md:11: customer.first_name is empty for 1 of 2 customers, "
        "for example c2, and the text gives no default\n"
        "    {{ customer.first_name }}\n"
        '  hint: write {{ customer.first_name | default("…") }} or put it under '
        "{% if customer.first_name %}"
    )


def test_a_bad_value_stops_one_touchpoint() -> None:
    """It is reported by customer; the other touchpoints are made."""
    bad = {"id": "c2", "first_name": "B\x00b", "language": "de"}
    result = touchpoints_of(ANNA, bad, bodies={"call": "{{ customer.first_name }}"})
    assert [touch.customer for touch in result.touches] == ["c1"]
    assert result.stopped == (
        Stopped(
            customer="c2",
            practice="thank-you",
            channel="call",
            reason="first name: holds a character that cannot be printed",
            message="customer.first_name contains a control character",
        ),
    )


def test_all_problems_are_reported_at_once() -> None:
    """Those of all practices, sorted by file."""
    shop = project(
        [{"id": "c1"}],
        practice("b", bodies={"call": "{{ customer.nothing }}"}),
        practice("a", bodies={"call": "{{ customer.first_name }}"}),
    )
    rows = [{"customer": "c1", "channel": "call", "practice": name} for name in ("a", "b")]
    with pytest.raises(NewsletterError) as error:
        tasks(shop, planned(shop, *rows))
    assert [str(problem.at) for problem in error.value.problems] == [
        "content/practices/a.md:9",
        "content/practices/b.md:9",
    ]


def test_a_text_message_has_300_characters_at_most() -> None:
    """A longer one is refused."""
    assert len(touchpoints_of(ANNA, bodies={"text": "x" * 300}).touches) == 1
    with pytest.raises(NewsletterError, match=r"thank-you.md:9: .* 301 characters, but"):
        touchpoints_of(ANNA, bodies={"text": "x" * 301})


USA = "UNITED STATES"


def lines(**customer: object) -> tuple[str, ...]:
    """Return the address lines of a letter from a firm in Luxembourg."""
    row = {**dict.fromkeys(CUSTOMERS), "name": "N", "street": "S 1", "city": "C", **customer}
    return address_lines(row, business_country="LU", language="en")


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        ({"country": "LU", "postcode": "L-1"}, ("N", "S 1", "L-1 C")),
        ({"postcode": "L-1"}, ("N", "S 1", "L-1 C")),
        ({"country": "DE", "postcode": "1", "region": "Hessen"}, ("N", "S 1", "1 C", "GERMANY")),
        ({"country": "FR", "postcode": "5", "company": "F"}, ("N", "F", "S 1", "5 C", "FRANCE")),
        ({"country": "US", "postcode": "0", "region": "NY"}, ("N", "S 1", "C, NY 0", USA)),
        ({"country": "US", "postcode": "0"}, ("N", "S 1", "C 0", USA)),
        ({"country": "GB", "postcode": "N1"}, ("N", "S 1", "C", "N1", "UNITED KINGDOM")),
        ({"country": "IE", "region": "Cork"}, ("N", "S 1", "C", "Cork", "IRELAND")),
        ({"title": "Dr", "postcode": "1"}, ("Dr N", "S 1", "1 C")),
        ({"name": None, "company": "F", "postcode": "1"}, ("F", "S 1", "1 C")),
        ({"street": None}, ()),
        ({"city": None}, ()),
    ],
)  # fmt: skip
def test_addresses_follow_the_rules_of_the_post(
    customer: dict[str, object], expected: tuple[str, ...]
) -> None:
    """Name, company, street, town; abroad also the country in capitals."""
    assert lines(**customer) == expected


def test_an_email_that_a_person_finishes_is_a_task_and_no_message() -> None:
    """It comes with what is known of the customer, and is in none of the files to send."""
    due_practice = practice(bodies={"email": "I am sorry."}, draft=True)
    shop = project([ANNA], due_practice)
    plan = planned(shop, {"customer": "c1", "channel": "email"})
    (touch,) = tasks(shop, plan).touches
    assert (touch.channel, touch.draft, touch.text) == ("email", True, "I am sorry.")
    assert touch.agenda == ("Do not mention: the dog", "We have not spoken before")
    mailings = practice_mailings(shop, plan).mailings
    assert practice_emails(shop, mailings, day=DAY, results=Fragments()).messages == ()
