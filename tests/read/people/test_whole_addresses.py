"""A whole address in one cell becomes street, postcode, city, region and country."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.model.project import People

Look = Callable[..., People]
Parts = tuple[str | None, ...]


def address(look: Look, text: str) -> Parts:
    """Return street, postcode, city, region and country of a customer."""
    people = look(f'id,Anschrift\n1,"{text}"\n')
    return people.customers.select("street", "postcode", "city", "region", "country").row(0)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Weg 1, 01067 Dresden", ("Weg 1", "01067", "Dresden", None, None)),
        ("Weg 1 01067 Bad Tölz", ("Weg 1", "01067", "Bad Tölz", None, None)),
        ("Weg 1\n01067 Dresden", ("Weg 1", "01067", "Dresden", None, None)),
        ("Weg 1, Hof 2, D-01067 Dresden", ("Weg 1, Hof 2", "01067", "Dresden", None, "DE")),
        ("Weg 1, CH-8001 Zürich", ("Weg 1", "8001", "Zürich", None, "CH")),
        ("Weg 1, 1010 Wien, Österreich", ("Weg 1", "1010", "Wien", None, "AT")),
        ("3 rue X, 75001 Paris, France", ("3 rue X", "75001", "Paris", None, "FR")),
        ("Damrak 1, 1012 LG Amsterdam", ("Damrak 1", "1012 LG", "Amsterdam", None, None)),
        ("1 Main St, Gary, IN 46402", ("1 Main St", "46402", "Gary", "IN", None)),
        ("1 Main St, Gary, IN 46402, USA", ("1 Main St", "46402", "Gary", "IN", "US")),
        ("1 High St, Leeds, LS1 4DY", ("1 High St", "LS1 4DY", "Leeds", None, None)),
        ("Weg 1", ("Weg 1", None, None, None, None)),
        ("Suite 1200, Tower 3", ("Suite 1200, Tower 3", None, None, None, None)),
        ("Postfach 10115", ("Postfach 10115", None, None, None, None)),
    ],
)
def test_an_address_is_split_by_its_form(look: Look, text: str, parts: Parts) -> None:
    """Other forms stay as they are."""
    assert address(look, text) == parts


def test_remarks_show_what_was_split_and_ask_about_others(look: Look) -> None:
    """With the first of each kind; an address with a city of its own is never split."""
    people = look(
        'id,Anschrift,Ort\n1,"Weg 1, 01067 Dresden",\n2,"Weg 2, 01069 Dresden",\n'
        '3,"Weg 3, Dresden 01067",\n4,"Weg 4, 01067 Dresden",Ulm\n'
    )
    assert people.customers["city"].to_list() == ["Dresden", "Dresden", None, "Ulm"]
    assert people.customers["street"].to_list()[2:] == [
        "Weg 3, Dresden 01067",
        "Weg 4, 01067 Dresden",
    ]
    assert [str(remark) for remark in people.remarks if "address" in remark.message] == [
        "customers.csv:2: address 'Weg 1, 01067 Dresden' was split: Weg 1 / 01067 / Dresden "
        "(and 1 more)\n  hint: write postcode and city in columns of their own if that is wrong",
        "customers.csv:4: address 'Weg 3, Dresden 01067' seems to hold postcode and city, too\n"
        "  hint: write them in columns of their own",
    ]
