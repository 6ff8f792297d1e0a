"""Tables that are no lists of customers are told by their headers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.commands.look import look_text
from newsletter.errors import Problem
from newsletter.model.project import People
from newsletter.read.list_words import headers_in
from newsletter.read.people.other_tables import other_table

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ("Name,Email,Financial Status,Paid at,Total,Lineitem name", ("orders", "Shopify")),
        ("Order Number,Order Status,Order Date,Order Total,Email", ("orders", "WooCommerce")),
        ("Sale Date,Order ID,Buyer User ID,Full Name,Buyer", ("orders", "Etsy")),
        ("id,Amount,Seller Message,Customer Email", ("orders", "Stripe")),
        ("Bestellnummer,Bestelldatum,Kunde,E-Mail,Gesamtbetrag", ("orders", "")),
        ("N° de commande,Date,Client,Montant", ("orders", "")),
        ("Numero ordine,Data,Email cliente,Stato,Totale", ("orders", "")),
        ("customer,date,amount", ("orders", "")),
        ("Kunde,Datum,Betrag,Artikel", ("orders", "")),
        ("email,date,score,text", ("feedback", "")),
        ("customer,date,channel,promise,promised_by", ("conversations", "")),
        ("customer,date,occasion", ("occasions", "")),
        ("Name,Email,Date,Total", ("", "")),
        ("Kunde,E-Mail,PLZ,Ort", ("", "")),
        ("email", ("", "")),
        ("email,date,reason", ("", "")),
        ("id,email,birthday,last_order,total_spent", ("", "")),
        ("Customer ID,First Name,Email,Accepts Email Marketing,Total Orders", ("", "")),
    ],
)
def test_headers_tell_the_table(headers: str, found: tuple[str, str]) -> None:
    """A column of names makes customers, unless a shop is known by its headers."""
    assert other_table(headers.split(",")) == found


def test_nearly_the_name_of_a_field_has_a_remark(read: Read) -> None:
    """A column with a slip would be ignored in silence; others are the user's own."""
    files = {
        "customers.csv": "id,name,email\n1,A,a@example.com\n",
        "feedback.csv": "customer,date,scroe,text,Colour\n1,2026-11-02,9,Fine,red\n",
        "services.csv": "customer,date,title,detail,titel\n1,2026-11-02,Cut,short,x\n",
    }
    people, problems = read(files)
    assert not problems
    assert [(r.message, r.hint) for r in people.remarks if "agreed" not in r.message] == [
        ("column 'scroe' is not read", "if it is meant as 'score', name it so")
    ]


def test_look_says_what_the_file_is_and_where_it_belongs(tmp_path: Path) -> None:
    """Instead of reading orders as customers."""
    file = tmp_path / "export.csv"
    file.write_text(
        "Name,Email,Financial Status,Total,Lineitem name\n#1,a@example.com,paid,3,Tea\n"
    )
    assert look_text(file, today=dt.date(2026, 11, 5)).splitlines()[1:] == [
        "",
        "This seems to be an export of orders of Shopify, not a list of customers.",
        "  hint: export the customers, too, and put this file beside them as orders.csv",
    ]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_look_tells_a_work_list_from_customers(tmp_path: Path, language: str) -> None:
    """It names the customer in each row, and comes back by `record`."""
    file = tmp_path / "list.csv"
    headers = headers_in(language)
    cells = {"list": "2026-11-05 nora", "customer": "1", "name": "Ada", "practice": "birthday"}
    file.write_text(
        f"{','.join(headers.values())}\n{','.join(cells.get(h, '') for h in headers)}\n"
    )
    _, empty, what, cure = look_text(file, today=dt.date(2026, 11, 5)).splitlines()
    assert not empty
    assert what in (
        "This is a list of tasks that a build wrote, not a list of customers.",
        "Das ist eine Liste von Aufgaben, die ein Lauf geschrieben hat, keine Kundenliste.",
    )
    assert cure.endswith(f": newsletter record --plan {file}")


def test_names_of_products_in_other_languages_are_no_near_misses(read: Read) -> None:
    """They are read as they are."""
    products = "product,category,name_de,name_fr,naame\nTea,tea,Tee,thé,Tea\n"
    people, _ = read({"customers.csv": "id,email\n1,a@example.com\n", "products.csv": products})
    told = [str(remark) for remark in people.remarks if "products" in str(remark)]
    assert len(told) == 1
    assert "column 'naame' is not read" in told[0]
