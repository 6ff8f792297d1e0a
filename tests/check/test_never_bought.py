"""Names in stamp cards and gifts that no order has."""

from __future__ import annotations

import pytest
from made import Rows, people_of, practice, project_of, settings

from newsletter.check.never_bought import never_bought
from newsletter.model.gift import Gift

COFFEE = {"customer": "a", "category": "coffee", "product": "Espresso"}
CARD = {"name": {"en": "Card", "de": "Karte"}, "stamps": 9, "reward": "a cup"}


def _remarks(orders: Rows, counts: dict[str, object], category: str = "coffee") -> list[str]:
    gift = Gift(
        kind="item",
        name="a cup",
        worth=5.0,
        cost=2.0,
        currency="EUR",
        valid_days=30,
        conditions="",
        category=category,
    )
    project = project_of(
        config=settings(stamps=[CARD | counts]),
        people=people_of([{"id": "a"}], orders=orders),
        practices=(practice("order", gifts=(gift,)),),
    )
    return [str(remark) for remark in never_bought(project)]


@pytest.mark.parametrize(
    "counts", [{"category": "coffee"}, {"product": "Espresso"}, {"visits": True}]
)
def test_what_was_bought_is_right(counts: dict[str, object]) -> None:
    """And without any order nobody can tell."""
    assert _remarks([COFFEE], counts) == []
    assert _remarks([], {"category": "cofee"}, "tea") == []


def test_a_mistyped_name_is_remarked_with_the_nearest() -> None:
    """The card would stay empty, and nobody would get the gift."""
    assert _remarks([COFFEE], {"category": "Cofee"}, "silverware") == [
        "content/newsletter.yml: no order has the category 'Cofee' of the stamp card 'Card'\n"
        "  hint: did you mean 'coffee'?",
        "content/practices/care.md:2: no order has the category 'silverware' of a gift\n"
        "  hint: write the category as the orders do",
    ]
    assert "product 'Ristretto'" in _remarks([COFFEE], {"product": "Ristretto"})[0]
