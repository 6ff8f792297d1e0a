"""A practice's words: bound once in each language, merged for each kept touchpoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest
from caring import DAY, VOUCHER, people_of, planned, practice, project
from trees import read

from newsletter.errors import NewsletterError
from newsletter.mailing.words import MergedWords, WordBinder, merge_words, wrong_words
from newsletter.model.practice import Gift

ANNA = {"id": "c1", "first_name": "Anna", "name": "Anna Blum", "city": "Trier"}


def said(
    text: str,
    *customers: Mapping[str, object],
    gift: Gift | None = None,
    subject: str = "",
    **details: object,
) -> list[MergedWords | None]:
    """Return a letter of that text to those customers, whose order has these details."""
    one = practice(bodies={"letter": text}, subject=subject, gift=gift)
    made = project(customers or [ANNA], one)
    keys = [str(c["id"]) for c in customers or [ANNA]]
    events = [{"customer": c, "key": "k", "on": DAY, "about": "", **details} for c in keys]
    plan = planned(made, *[{"customer": c, "channel": "letter"} for c in keys], thank_you=events)
    people = people_of(made, plan, one)
    template = WordBinder(made, today=DAY).bind(one.words["en"], "letter", schema=people.schema)
    return list(merge_words(made, template, people))


def text(source: str, *customers: Mapping[str, object], **more: object) -> str:
    """Return the plain text for the first customer."""
    (first, *_) = said(source, *customers, **more)
    assert first
    return first.text


def test_words_are_html_text_and_subject() -> None:
    """Each in its own form, values escaped for it."""
    fox = {**ANNA, "first_name": "A & <B>"}
    found = said(
        "**Hello** {{ customer.first_name }},\n\nbye.", fox, subject="To {{ customer.first_name }}"
    )
    assert found == [
        MergedWords(
            html="<p><strong>Hello</strong> A &amp; &lt;B&gt;,</p>\n<p>bye.</p>",
            text="Hello A & <B>,\n\nbye.",
            subject="To A & <B>",
        )
    ]


def test_facts_and_details_are_the_customers_fields() -> None:
    """A detail of the event goes before a fact of the same name."""
    source = "{{ customer.city }}, {{ customer.order_product }}, {{ customer.manager_name }}"
    assert text(source, order_product="Ink") == "Trier, Ink, Nora Feltes"
    assert text(source, order_product="Ink", city="Metz") == "Metz, Ink, Nora Feltes"


def test_the_firm_and_the_personal_links_may_be_named() -> None:
    """As in an issue: business, token, links; a firm without a review page says so."""
    review = "{% for _, address in links.review | items %}{{ address }}{% else %}none{% endfor %}"
    source = "{{ business.name }} {{ customer.unsubscribe_url }} " + review
    token = text("{{ customer.token }}")
    assert len(token) == 32
    assert text(source) == f"Paper & Bean https://p.example/leave/{token} none"


def test_all_places_for_reviews_are_named() -> None:
    """A list, in the order of the configuration; nobody is sent to one of them only."""
    source = "{% for platform, address in links.review | items %}[{{ platform }}]({{ address }}) "
    one = practice(bodies={"letter": source + "{% endfor %}"})
    review = {"One": "https://one.example/p", "Two": "https://two.example/p"}
    made = project([ANNA], one)
    links = made.config.links.model_copy(update={"review": review})
    made = replace(made, config=made.config.model_copy(update={"links": links}))
    template = WordBinder(made, today=DAY).bind(one.words["en"], "letter", schema={})
    assert read(template.text).strip() == "One <https://one.example/p> Two <https://two.example/p>"


def test_details_of_another_key_are_not_taken() -> None:
    """Of two orders each letter names its own."""
    one = practice(bodies={"letter": "{{ customer.order_product }}"})
    made = project([ANNA], one)
    events = [
        {"customer": "c1", "key": key, "on": DAY, "about": "", "order_product": product}
        for key, product in (("b", "Paper"), ("a", "Ink"))
    ]
    row = {"customer": "c1", "channel": "letter"}
    plan = planned(made, row | {"key": "a"}, row | {"key": "b"}, thank_you=events)
    people = people_of(made, plan, one)
    assert people["order_product"].to_list() == ["Ink", "Paper"]


def test_a_voucher_is_named_in_the_words() -> None:
    """Code, last day and what it is; the same code as any other build makes."""
    source = (
        "{{ customer.gift }}: {{ customer.voucher_code }} {{ customer.voucher_expires | date }}"
    )
    assert text(source, gift=VOUCHER) == "a voucher for €5: 2M26-986B-C0CT 3 December 2026"
    cake = replace(VOUCHER, name="cake", worth=5.5)
    assert text("{{ customer.gift }}", gift=cake) == "a voucher for cake, worth €5.50"
    item = replace(cake, kind="item")
    assert (
        text("{{ customer.gift }} {{ customer.voucher_code | default('-') }}", gift=item)
        == "cake -"
    )


def test_a_list_with_conditions_stays_one_list() -> None:
    """What a call sheet says point by point."""
    source = "- one\n{% if customer.city == 'Trier' %}\n- two\n{% endif %}\n- three\n"
    (found,) = said(source)
    assert found
    assert found.html.count("<ul>") == 1
    assert found.text == "- one\n- two\n- three"


def test_facts_are_told_in_the_language_of_the_words() -> None:
    """A German letter greets in German, an English one to a German in English."""
    both = practice(bodies={"letter": "x", "letter.de": "y"})
    made = project(
        [{**ANNA, "language": "de"}, {"id": "c2", "language": "fr", "first_name": "Zoé"}], both
    )
    plan = planned(made, *({"customer": c, "channel": "letter"} for c in ("c1", "c2")))
    people = people_of(made, plan, both)
    assert people.select("_words", "greeting", "language").rows() == [
        ("de", "Hallo Anna", "de"),
        ("en", "Hello Zoé", "fr"),
    ]


def test_a_contact_of_a_firm_keeps_its_manager() -> None:
    """Also when nobody else of the firm is written to that day."""
    one = practice(bodies={"letter": "{{ customer.manager_name }}"})
    firm = [
        {"id": "c1", "account": "A", "account_manager": "tomas"},
        {"id": "c2", "account": "A"},
    ]
    made = project(firm, one)
    plan = planned(made, {"customer": "c2", "channel": "letter"})
    people = people_of(made, plan, one)
    assert people.select("id", "manager_name").rows() == [("c2", "Tomás Almeida")]


def test_all_wrong_words_are_found_at_once() -> None:
    """In every practice, channel and language, whoever gets them today."""
    made = project(
        [ANNA],
        practice("a", bodies={"call": "{{ customer.firstname }}", "letter": "{% if %}"}),
        practice("b", bodies={"call": "fine", "call.de": "line\n\n{{ nobody }}"}),
    )
    problems = list(wrong_words(made, planned(made)))
    assert [str(problem.at) for problem in problems] == [
        "content/practices/a.md:9",
        "content/practices/a.md:9",
        "content/practices/b.md:11",
    ]
    assert problems[0].hint == "did you mean 'first_name'?"


def test_broken_words_name_their_line() -> None:
    """The line of the user's file, with its text."""
    with pytest.raises(NewsletterError, match=r"thank-you\.md:11: .*'firstname'"):
        said("one\n\n{{ customer.firstname }}")


def test_dates_are_of_the_language() -> None:
    """As the country of the business writes them."""
    assert (
        text("{{ customer.order_date | date }}", order_date=dt.date(2026, 10, 31))
        == "31 October 2026"
    )
