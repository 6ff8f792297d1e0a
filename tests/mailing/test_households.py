"""Customers at one address get one letter, with a greeting for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from caring import VOUCHER, planned, practice, project, tasks

from newsletter.export.print.post import post_items
from newsletter.model.care import Touch
from newsletter.model.config import Etiquette

ANNA = {
    "id": "c1", "first_name": "Anna", "last_name": "Alt", "name": "Anna Alt",
    "street": "Marktstraße 1", "postcode": "54290", "city": "Trier", "country": "LU",
    "language": "en", "formality": "formal",
}  # fmt: skip
BERT = ANNA | {"id": "c2", "first_name": "Bert", "last_name": "Alt", "name": "Bert Alt"}
NEIGHBOUR = {"last_name": "Bach", "name": "Bert Bach"}
WISHES = {"letter": "Good days!", "letter.de": "Gute Tage!", "letter.fr": "De beaux jours !"}


def _touches(*customers: Mapping[str, object], **more: object) -> tuple[Touch, ...]:
    """Return the touchpoints, and hold that letters are printed for those that go alone."""
    given = {"bodies": WISHES, "household": True} | more
    channel = str(given.pop("by", "letter"))
    etiquette = Etiquette(households=str(given.pop("households", "name")))
    wishes = practice("holiday", **given)
    shop = project(customers, wishes)
    shop = replace(shop, config=shop.config.model_copy(update={"etiquette": etiquette}))
    plan = planned(shop, *({"customer": c["id"], "channel": channel} for c in customers))
    touches = tasks(shop, plan).touches
    alone = [touch.customer for touch in touches if not touch.goes_with]
    assert [item.customer for item in post_items(shop, plan, touches)] == alone
    return touches


def test_one_letter_greets_both() -> None:
    """The other row stays for the history, and says with whose letter it goes."""
    first, second = _touches(ANNA, BERT | {"street": "MARKTSTR. 1"})
    assert first.greeting == "Dear Anna Alt and Bert Alt"
    assert first.address == ("Anna Alt and Bert Alt", "Marktstraße 1", "54290 Trier")
    assert first.goes_with == ""
    assert (second.customer, second.greeting) == ("c2", "Dear Bert Alt")
    assert second.goes_with == "Goes with the letter or card to Anna Alt."


@pytest.mark.parametrize(
    ("both", "titles", "greeting"),
    [
        ({"formality": "informal"}, ("", ""), "Hello Anna and Bert"),
        ({}, ("Ms", "Mr"), "Dear Ms Alt and Mr Alt"),
        ({"language": "de"}, ("", ""), "Guten Tag Anna Alt und Bert Alt"),
        (
            {"language": "de"},
            ("Frau", "Herr"),
            "Sehr geehrte Frau Alt, sehr geehrter Herr Alt",
        ),
        ({"language": "fr", "formality": "informal"}, ("", ""), "Bonjour Anna et Bert"),
    ],
)
def test_greetings_keep_language_form_and_titles(both, titles, greeting) -> None:
    """What both greetings begin with is said once; else one follows the other."""
    anna, bert = (
        person | both | {"title": title or None}
        for person, title in zip((ANNA, BERT), titles, strict=True)
    )
    assert _touches(anna, bert)[0].greeting == greeting


def test_three_at_one_address() -> None:
    """All of them are greeted."""
    carl = BERT | {"id": "c3", "first_name": "Carl", "name": "Carl Alt", "last_name": "Alt"}
    first, *others = _touches(ANNA, BERT, carl)
    assert first.greeting == "Dear Anna Alt, Bert Alt and Carl Alt"
    assert all(touch.goes_with for touch in others)


@pytest.mark.parametrize(
    ("bert", "more"),
    [
        ({"street": "Marktstraße 11"}, {}),
        ({"postcode": "54291"}, {}),
        ({"language": "fr"}, {}),
        ({"formality": "informal"}, {}),
        ({}, {"household": False}),
        ({}, {"bodies": {"letter": "Dear {{ customer.first_name }}!"}}),
        ({}, {"gift": VOUCHER}),
        ({"first_name": None, "last_name": None, "name": None}, {}),
        (NEIGHBOUR, {}),
        ({"first_name": None, "name": "Alt", "language": "de"}, {}),
    ],
    ids=[
        *("street", "postcode", "language", "form", "personal", "words", "code", "no name"),
        *("neighbour", "not greeted by name"),
    ],
)
def test_each_gets_their_own_letter(bert, more) -> None:
    """At another address, in another form, or if the words are not the same."""
    touches = _touches(ANNA, BERT | bert, **more)
    assert [touch.goes_with for touch in touches] == ["", ""]


def test_neighbours_may_share_letters_where_the_firm_says_so() -> None:
    """A couple with two names, in places where nobody shares a house with strangers."""
    first, second = _touches(ANNA, BERT | NEIGHBOUR, households="address")
    assert first.greeting == "Dear Anna Alt and Bert Bach"
    assert second.goes_with


def test_german_friends_get_a_letter_each() -> None:
    """A `du` is for one person."""
    informal = {"language": "de", "formality": "informal"}
    assert not any(touch.goes_with for touch in _touches(ANNA | informal, BERT | informal))
