"""A practice's texts: bound once in each language, merged for each planned touchpoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from caring import DAY, VOUCHER, people_of, planned, practice, project
from made import entry
from trees import read

from newsletter.errors import NewsletterError
from newsletter.mailing import words
from newsletter.mailing.words import MergedWords, WordBinder, merge_words, wrong_words
from newsletter.model.customs import Customs, Holiday
from newsletter.model.gift import Gift
from newsletter.model.reward_schemes import Loyalty, Reward
from newsletter.model.template import Slot, Tree
from newsletter.model.values import Localised
from newsletter.render.fragments import Fragments
from newsletter.render.tree import html_tree

ANNA = {"id": "c1", "first_name": "Anna", "name": "Anna Blum", "city": "Trier"}


def texts_of(
    text: str,
    *customers: Mapping[str, object],
    gift: Gift | None = None,
    subject: str = "",
    **details: object,
) -> list[MergedWords | None]:
    """Return a letter of that text to these customers, whose order has these details."""
    letter = practice(bodies={"letter": text}, subject=subject, gift=gift)
    shop = project(customers or [ANNA], letter)
    keys = [str(c["id"]) for c in customers or [ANNA]]
    events = [{"customer": c, "key": "k", "on": DAY, "about": "", **details} for c in keys]
    plan = planned(shop, *[{"customer": c, "channel": "letter"} for c in keys], thank_you=events)
    people = people_of(shop, plan, letter)
    template = WordBinder(shop, today=DAY).bind(letter.words["en"], "letter", schema=people.schema)
    return list(merge_words(shop, template, people))


def text(source: str, *customers: Mapping[str, object], **more: object) -> str:
    """Return the plain text for the first customer."""
    (first, *_) = texts_of(source, *customers, **more)
    assert first
    return first.text


def test_a_text_becomes_html_plain_text_and_subject() -> None:
    """Values are escaped for each form."""
    fox = {**ANNA, "first_name": "A & <B>"}
    texts = texts_of(
        "**Hello** {{ customer.first_name }},\n\nbye.", fox, subject="To {{ customer.first_name }}"
    )
    assert texts == [
        MergedWords(
            html="<p><strong>Hello</strong> A &amp; &lt;B&gt;,</p>\n<p>bye.</p>",
            text="Hello A & <B>,\n\nbye.",
            subject="To A & <B>",
        )
    ]


def test_texts_may_name_facts_and_details_of_the_event() -> None:
    """A detail goes before a fact of the same name."""
    source = "{{ customer.city }}, {{ customer.order_product }}, {{ customer.manager_name }}"
    assert text(source, order_product="Ink") == "Trier, Ink, Nora Feltes"
    assert text(source, order_product="Ink", city="Metz") == "Metz, Ink, Nora Feltes"


def test_texts_may_name_the_business_and_personal_links() -> None:
    """As in an issue; a firm without a review page has no link for it."""
    review = "{% for _, address in links.review | items %}{{ address }}{% else %}none{% endfor %}"
    source = "{{ business.name }} {{ customer.unsubscribe_url }} " + review
    token = text("{{ customer.token }}")
    assert len(token) == 32
    assert text(source) == f"Paper & Bean https://p.example/leave/{token} none"


def test_a_text_may_list_all_review_platforms() -> None:
    """In the order of the configuration, so that no customer is sent to only one of them."""
    source = "{% for platform, address in links.review | items %}[{{ platform }}]({{ address }}) "
    letter = practice(bodies={"letter": source + "{% endfor %}"})
    review = {"One": "https://one.example/p", "Two": "https://two.example/p"}
    shop = project([ANNA], letter)
    links = shop.config.links.model_copy(update={"review": review})
    shop = replace(shop, config=shop.config.model_copy(update={"links": links}))
    template = WordBinder(shop, today=DAY).bind(letter.words["en"], "letter", schema={})
    assert read(template.text).strip() == "One <https://one.example/p> Two <https://two.example/p>"


def test_each_letter_has_the_details_of_its_own_event() -> None:
    """Two orders give two letters, each with its own product."""
    letter = practice(bodies={"letter": "{{ customer.order_product }}"})
    shop = project([ANNA], letter)
    events = [
        {"customer": "c1", "key": key, "on": DAY, "about": "", "order_product": product}
        for key, product in (("b", "Paper"), ("a", "Ink"))
    ]
    row = {"customer": "c1", "channel": "letter"}
    plan = planned(shop, row | {"key": "a"}, row | {"key": "b"}, thank_you=events)
    people = people_of(shop, plan, letter)
    assert people["order_product"].to_list() == ["Ink", "Paper"]


def test_a_text_may_name_its_voucher() -> None:
    """Code, last day and gift; every build makes the same code."""
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
    """A call sheet shows it point by point."""
    source = "- one\n{% if customer.city == 'Trier' %}\n- two\n{% endif %}\n- three\n"
    (merged,) = texts_of(source)
    assert merged
    assert merged.html.count("<ul>") == 1
    assert merged.text == "- one\n- two\n- three"


def test_facts_are_in_the_language_of_the_text() -> None:
    """An English letter to a German customer greets in English."""
    in_two_languages = practice(bodies={"letter": "x", "letter.de": "y"})
    shop = project(
        [{**ANNA, "language": "de"}, {"id": "c2", "language": "fr", "first_name": "Zoé"}],
        in_two_languages,
    )
    plan = planned(shop, *({"customer": c, "channel": "letter"} for c in ("c1", "c2")))
    people = people_of(shop, plan, in_two_languages)
    assert people.select("_words", "greeting", "language").rows() == [
        ("de", "Hallo Anna", "de"),
        ("en", "Hello Zoé", "fr"),
    ]


@pytest.mark.parametrize(
    ("words", "title", "greeting", "reward"),
    [
        ({"letter": "x"}, "Evening of ink", "Merry Christmas", "a tin of tea"),
        ({"letter": "x", "letter.de": "y"}, "Tintenabend", "Frohe Weihnachten", "eine Dose Tee"),
    ],
)
def test_details_are_told_in_the_language_of_the_words(
    words: Mapping[str, str], title: str, greeting: str, reward: str
) -> None:
    """A German who gets English words reads the title of an event in English, too."""
    evening = {"kind": "event", "slug": "evening", "starts": dt.datetime(2026, 11, 9, 19)}
    entries = (
        entry(**evening, title="Evening of ink"),
        entry(**evening, title="Tintenabend", language="de"),
    )
    christmas = Holiday(
        key="christmas",
        name=Localised("Christmas"),
        greeting=Localised({"en": "Merry Christmas", "de": "Frohe Weihnachten"}),
        days=(dt.date(2026, 12, 25),),
    )
    invitation = replace(practice("invitation", words), event="event")
    holiday = replace(practice("holiday", words), event="holiday")
    thanks = replace(practice("reward", words), event="reward")
    tea = Reward(points=9, reward=Localised({"en": "a tin of tea", "de": "eine Dose Tee"}))
    bare = project([{**ANNA, "language": "de"}], invitation, holiday, thanks)
    shop = replace(
        bare,
        config=bare.config.model_copy(update={"loyalty": Loyalty(rewards=(tea,))}),
        entries=entries,
        customs=Customs(holidays={"christmas": christmas}),
    )
    event = {"customer": "c1", "key": "k", "on": DAY, "about": ""}
    plan = planned(
        shop,
        *(
            {"customer": "c1", "channel": "letter", "practice": p.name}
            for p in (invitation, holiday, thanks)
        ),
        invitation=[event | {"event_slug": "evening", "event_title": "Tintenabend"}],
        holiday=[event | {"holiday": "christmas", "holiday_greeting": "Frohe Weihnachten"}],
        reward=[event | {"reward": "eine Dose Tee", "reward_id": "9 points"}],
    )

    assert people_of(shop, plan, invitation)["event_title"].to_list() == [title]
    assert people_of(shop, plan, holiday)["holiday_greeting"].to_list() == [greeting]
    assert people_of(shop, plan, thanks)["reward"].to_list() == [reward]


def test_a_contact_of_a_firm_has_the_firm_s_manager() -> None:
    """Also if no other contact of the firm has a task that day."""
    letter = practice(bodies={"letter": "{{ customer.manager_name }}"})
    firm = [
        {"id": "c1", "account": "A", "account_manager": "tomas"},
        {"id": "c2", "account": "A"},
    ]
    shop = project(firm, letter)
    plan = planned(shop, {"customer": "c2", "channel": "letter"})
    people = people_of(shop, plan, letter)
    assert people.select("id", "manager_name").rows() == [("c2", "Tomás Almeida")]


def test_problems_of_all_texts_are_found_at_once() -> None:
    """In every practice, channel and language, whoever gets them today."""
    shop = project(
        [ANNA],
        practice("a", bodies={"call": "{{ customer.firstname }}", "letter": "{% if %}"}),
        practice("b", bodies={"call": "fine", "call.de": "line\n\n{{ nobody }}"}),
    )
    problems = list(wrong_words(shop, planned(shop)))
    assert [str(problem.at) for problem in problems] == [
        "content/practices/a.md:9",
        "content/practices/a.md:9:6",
        "content/practices/b.md:11",
    ]
    assert problems[0].hint == "write customer.first_name, as that column is read"


class Texts(dict[str, str]):
    """A store in memory."""

    put = dict.__setitem__


def test_right_texts_are_set_once_and_wrong_ones_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A later check of the same texts finds the same."""
    times: list[str] = []

    def counted(html: str, slots: Sequence[Slot]) -> Tree:
        times.append(html)
        return html_tree(html, slots)

    monkeypatch.setattr(words, "html_tree", counted)
    cut = "<b>{% if customer.city %}Hello</b>{% endif %}"
    shop = project([ANNA], practice(bodies={"call": "in {{ customer.city }}", "letter": cut}))
    fragments = Fragments(Texts())
    first = list(wrong_words(shop, planned(shop), fragments=fragments))

    assert [str(problem.at) for problem in first] == ["content/practices/thank-you.md:9"]
    assert len(times) == 2
    assert list(wrong_words(shop, planned(shop), fragments=fragments)) == first
    assert len(times) == 3


def test_a_broken_text_is_reported_with_its_line() -> None:
    """The line of the user's file, with its content."""
    with pytest.raises(NewsletterError, match=r"thank-you\.md:11: .*'firstname'"):
        texts_of("one\n\n{{ customer.firstname }}")


def test_dates_are_in_the_language_of_the_text() -> None:
    """In the form of the country of the business."""
    assert (
        text("{{ customer.order_date | date }}", order_date=dt.date(2026, 10, 31))
        == "31 October 2026"
    )
