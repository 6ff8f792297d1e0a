"""Selling words are reported in practices that must not sell, and only there."""

from __future__ import annotations

import dataclasses

import pytest
from made import practice, source

from newsletter.model.practice import Gift, Practice, Words
from newsletter.read.content.practice_faults import find_selling

PATH = "content/practices/follow-up.md"


def _practice(text: str, *, language: str = "en", sells: bool = False) -> Practice:
    body = source(text, PATH)
    texts = Words(
        language=language, title="Care", subject=None, bodies={"email": body, "call": body}
    )
    return practice("order", words={language: texts}, sells=sells)


def _faults(text: str, language: str = "en") -> list[str]:
    problems = find_selling([_practice(text, language=language)])
    return [
        problem.message.removesuffix(", but this practice sells nothing") for problem in problems
    ]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("It costs 12 EUR.", "12 EUR"),
        ("It costs €12.50 now.", "€12.50"),
        ("Only 5 € each", "5 €"),
        ("CHF 1'200 a year", "CHF 1'200"),
        ("for 20 dollars", "20 dollars"),
        ("just $5", "$5"),
        ("nur 19,90 Euro", "19,90 Euro"),
        ("nur 19,– für alle", "19,–"),
        ("12,50 € le sachet", "12,50 €"),
    ],
)
def test_prices(text: str, price: str) -> None:
    """A number with a currency is a price, in any language."""
    assert _faults(text) == [f"'{price}' is a price"]


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "We have special offers.", "special offers"),
        ("en", "It is on offer now.", "on offer"),
        ("en", "Offers of the week", "Offers of"),
        ("en", "The Sale begins.", "Sale"),
        ("en", "A voucher for you", "voucher"),
        ("en", "Prices fall.", "Prices"),
        ("en-GB", "discounted bags", "discounted"),
        ("de", "Unser Sonderangebot gilt.", "Sonderangebot"),
        ("de", "Mit Treuerabatt!", "Treuerabatt"),
        ("de", "zum halben Preis", "Preis"),
        ("de-AT", "Ein Gutschein liegt bei.", "Gutschein"),
        ("fr", "Une offre pour vous", "Une offre"),
        ("fr", "une réduction", "réduction"),
        ("fr", "les soldes", "soldes"),
        ("fr", "une remise de dix", "remise de"),
        ("it", "A discount", "discount"),
    ],
)
def test_selling_words(language: str, text: str, word: str) -> None:
    """They are known in English, German and French; other languages use the English ones."""
    assert _faults(text, language) == [f"'{word}' sells"]


@pytest.mark.parametrize(
    ("language", "text", "discount"),
    [
        ("en", "10% off today", "10% off"),
        ("de", "20 % günstiger", "20 % günstiger"),
        ("fr", "-15 % aujourd'hui", "-15 %"),
    ],
)
def test_discounts(language: str, text: str, discount: str) -> None:
    """A percentage off is a discount."""
    assert _faults(text, language) == [f"'{discount}' is a discount"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Is all well? This is no sales call. It took 3 days, 100 % cotton."),
        (
            "en",
            "Order of {{ customer.order_date | date }}: {{ customer.price_group }}, call 12 30.",
        ),
        ("en", "Offer to do it again. She offers them ten minutes."),
        ("fr", "Je vous offre un café."),
        ("en", "See [the page](../pages/prices.md) and 2 EURASIAN jays."),
        (
            "de",
            "Der Laden war 14 Tage zu. Sind Sie zufrieden? 50 Prozent Baumwolle, ein Preisträger.",
        ),
        ("fr", "Nous avons la remise en main propre, 3 jours, le sale temps et l'offrande."),
        ("fr", "sale"),
    ],
)
def test_other_texts_do_not_sell(language: str, text: str) -> None:
    """Numbers, field names, addresses, and selling words of other languages."""
    assert _faults(text, language) == []


def test_links_to_offers_and_printed_amounts_sell() -> None:
    """They are reported as well."""
    text = (
        "[a](../offers/bag.md) and [b](https://p.example/offers/bag/)\n"
        "{{ customer.total_spent | money }}"
    )

    problems = list(find_selling([_practice(text)]))

    assert [(p.at.line, p.at.column, p.message) for p in problems if p.at] == [
        (1, 1, "'../offers/bag.md' is an offer, but this practice sells nothing"),
        (
            1,
            27,
            "'https://p.example/offers/bag/' is an offer, but this practice sells nothing",
        ),
        (2, 1, "this prints an amount of money, but this practice sells nothing"),
    ]


def test_a_subject_is_checked_too() -> None:
    """The problem points to the word."""
    practice_made = _practice("Hello.\n\nAll well, a bargain.")
    texts = dataclasses.replace(practice_made.words["en"], subject=source("An offer", PATH))
    problems = list(find_selling([dataclasses.replace(practice_made, words={"en": texts})]))

    assert [str(problem.at) for problem in problems] == [f"{PATH}:1:1", f"{PATH}:3:13"]


def test_other_practices_may_sell() -> None:
    """Those with `sells: yes` are not checked."""
    assert list(find_selling([_practice("A discount of 5 EUR", sells=True)])) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "A voucher"), ("de", "Ein Gutschein"), ("fr", "Un bon d’achat"), ("it", "A voucher")],
)
def test_a_gift_may_be_called_what_it_is(language: str, text: str) -> None:
    """A practice that gives a voucher may say the word; prices and offers stay forbidden."""
    voucher = Gift(
        kind="voucher", name="", worth=5, cost=5, currency="EUR", valid_days=30, conditions=""
    )
    given = dataclasses.replace(_practice(f"{text}.", language=language), gift=voucher)
    item = dataclasses.replace(given, gift=dataclasses.replace(voucher, kind="item"))

    assert list(find_selling([given])) == []
    assert len(list(find_selling([item]))) == 1
    priced = dataclasses.replace(_practice(f"{text}: 5 EUR", language=language), gift=voucher)
    assert len(list(find_selling([priced]))) == 1
