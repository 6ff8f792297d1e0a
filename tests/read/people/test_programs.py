"""The exports of eleven programs are read as they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsletter.model.project import People
from newsletter.read.people.people_files import read_look
from newsletter.read.people.programs import PROGRAMS

FIXTURES = Path(__file__).parents[2] / "fixtures/customers"
DOCS = Path(__file__).parents[3] / "docs/customer-file.md"


def export(name: str) -> People:
    """Look at a fixture, and return the result."""
    return read_look(FIXTURES / f"{name}.csv", shown=f"{name}.csv", year=2026)


def consents(people: People) -> dict[str, bool]:
    """Return who may be emailed, by first name or name."""
    return {
        row["first_name"] or row["name"]: row["consent_email"]
        for row in people.customers.to_dicts()
    }


def customer(people: People, name: str) -> dict[str, object]:
    """Return the non-empty fields of one customer."""
    rows = [row for row in people.customers.to_dicts() if name in (row["first_name"], row["name"])]
    return {field: value for field, value in rows[0].items() if value is not None}


@pytest.mark.parametrize("program", [program.name for program in PROGRAMS])
def test_each_program_has_a_fixture_and_a_row_in_the_docs(program: str) -> None:
    """Each export is recognised without a bad row, and the documentation says how it is read."""
    slug = {"Excel": "german-excel", "Google Contacts": "google-contacts"}
    people = export(slug.get(program, program.lower()))
    assert people.program == program
    assert not people.bad_rows
    assert people.customers.height == people.rows
    assert f"| {program} |" in DOCS.read_text(encoding="utf-8")


def test_mailchimp() -> None:
    """A confirmed address has consent since its confirmation.

    The birthday is month and day, and the address is split into street and town.
    """
    people = export("mailchimp")
    assert consents(people) == {"Ida": True, "Tom": False}
    ida = customer(people, "Ida")
    assert (ida["birthday"], ida["consent_since"]) == ("--02-29", dt.date(2023, 5, 2))
    assert (ida["street"], ida["city"]) == ("1701 Bristol Ave.", "Barrington")
    assert (ida["region"], ida["postcode"], ida["country"]) == ("Rhode Island", "02806", "US")
    assert ida["segments"] == ["VIP", "Blog"]
    assert customer(people, "Tom")["birthday"] == "--03-04"


def test_brevo() -> None:
    """Double opt-in is consent, single opt-in is not.

    A blacklisted address has none, and the firm's own id goes before Brevo's.
    """
    people = export("brevo")
    assert consents(people) == {"Léa": True, "Bruno": False, "Nora": False}
    lea = customer(people, "Léa")
    assert (lea["id"], lea["phone"], lea["last_name"]) == ("K-017", "33600000001", "Martin")
    assert lea["added_time"] == dt.date(2023, 5, 6)


def test_listmonk() -> None:
    """Attributes become fields; the status is not that of the list, so nobody has consent yet."""
    people = export("listmonk")
    assert consents(people) == {"田中さくら": False, "Omar Haddad": False}
    aiko = customer(people, "田中さくら")
    assert (aiko["city"], aiko["birthday"], aiko["prefs_size"]) == ("Kyōto", "1990-04-05", "A5")
    assert aiko["interests"] == ["tea", "paper"]
    assert any("subscription status 'confirmed'" in remark.hint for remark in people.remarks)
    assert people.customers["objection"].sum() == 1  # status: blocklisted


def test_keila() -> None:
    """An active contact has consent; Data becomes fields."""
    people = export("keila")
    assert consents(people) == {"Maja": True, "Per": False}
    maja = customer(people, "Maja")
    assert (maja["id"], maja["city"], maja["vip"]) == ("C-1", "Lund", True)
    assert maja["newsletter_topics"] == "bread, tea"


def test_hubspot() -> None:
    """A marketing contact has consent unless unsubscribed from all email."""
    people = export("hubspot")
    assert consents(people) == {"Grace": True, "Sam": False, "Lin": False}
    grace = customer(people, "Grace")
    assert (grace["id"], grace["country"], grace["postcode"]) == ("3001", "ZA", "8001")
    assert grace["account_manager"] == "Maya Chen"


def test_shopify() -> None:
    """Accepts Email Marketing is consent; Excel's apostrophes are removed, leading zeros stay."""
    people = export("shopify")
    assert consents(people) == {"Teodora": True, "Hollis": False}
    teodora = customer(people, "Teodora")
    assert (teodora["id"], teodora["postcode"]) == ("7210448301122", "08901")
    assert (teodora["phone"], teodora["street"]) == ("+17755550154", "HC 31 Box 4500, Gate 2")
    assert (teodora["total_spent"], teodora["orders_count"]) == (7790.44, 6)
    assert teodora["segments"] == ["retail", "ag-exempt"]


def test_woocommerce() -> None:
    """The report has orders and spending, no consent."""
    people = export("woocommerce")
    assert consents(people) == {"Ana García": False, "Guest Buyer": False}
    ana = customer(people, "Ana García")
    assert (ana["customer_since"], ana["orders_count"]) == (dt.date(2021, 4, 5), 12)
    assert (ana["total_spent"], ana["postcode"]) == (840.5, "41001")


def test_stripe() -> None:
    """Customers since their creation; a buyer is no subscriber; an id is enough to know a row."""
    people = export("stripe")
    assert set(consents(people).values()) == {False}
    assert customer(people, "Ruth Adeyemi")["customer_since"] == dt.date(2022, 9, 17)
    assert customer(people, "Café Sol")["id"] == "cus_0002"


def test_google_contacts() -> None:
    """The first of several addresses in a cell is the main one; birthdays may lack the year."""
    people = export("google-contacts")
    hanna = customer(people, "Hanna")
    assert (hanna["email"], hanna["phone"]) == ("hanna@example.com", "+46 70 111 22 33")
    assert (hanna["birthday"], hanna["segments"]) == ("--02-29", ["Customers", "myContacts"])
    assert customer(people, "翼")["name"] == "愛川翼"
    assert customer(people, "翼")["row"] == 6


def test_outlook() -> None:
    """The complete home address goes before the business one; 0/0/00 is no birthday."""
    people = export("outlook")
    priya, johan = customer(people, "Priya"), customer(people, "Johan")
    assert (priya["street"], priya["city"], priya["country"]) == ("1 Market Sq", "Leeds", "GB")
    assert (johan["street"], johan["city"], johan["country"]) == ("Byvägen 4", "Lund", "SE")
    assert priya["birthday"] == "1988-07-21"
    assert "birthday" not in johan


def test_german_excel() -> None:
    """Semicolons, Windows-1252, decimal commas, German dates and headers."""
    people = export("german-excel")
    assert consents(people) == {"Zoë": True, "Jürgen": False, "Null": False}
    zoe = customer(people, "Zoë")
    assert (zoe["id"], zoe["postcode"], zoe["street"]) == ("00012", "01067", "Hauptstraße 5")
    assert (zoe["birthday"], zoe["total_spent"]) == ("1984-02-29", 1234.5)
    assert zoe["consent_since"] == dt.date(2021, 4, 3)
    assert customer(people, "Null")["lieblingstee"] == "Schwarz,\nmit Milch"


def test_broken_json(tmp_path: Path) -> None:
    """A cell that is no JSON object makes a bad row."""
    file = tmp_path / "listmonk.csv"
    file.write_text('email,name,attributes\na@example.com,A,"[1]"\nb@example.com,B,{\n')
    people = read_look(file, shown="listmonk.csv", year=2026)
    assert [str(problem) for problem in people.bad_rows] == [
        "listmonk.csv:2: column 'attributes': '[1]' is not a JSON object\n"
        "  hint: export the file again",
        "listmonk.csv:3: column 'attributes': '{' is not a JSON object\n"
        "  hint: export the file again",
    ]
