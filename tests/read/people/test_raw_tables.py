"""Headers become fields: by the user, the program or the aliases.

Other columns become further columns with a type of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from newsletter.errors import NewsletterError, Problem
from newsletter.model.project import ColumnReading, People
from newsletter.model.tables import CUSTOMERS
from newsletter.read.people.header_names import CUSTOMER_HEADERS, key
from newsletter.read.people.raw_tables import field_name

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-Mail", "email"),
        ("EMAIL ADDRESS", "email"),
        ("Adresse e-mail", "email"),
        ("FNAME", "first_name"),
        ("First name", "first_name"),
        ("Vorname", "first_name"),
        ("Prénom", "first_name"),
        ("Nachname", "last_name"),
        ("Nom", "last_name"),
        ("Name", "name"),
        ("Straße & Hausnummer", "street"),
        ("STRASSE", "street"),
        ("PLZ", "postcode"),
        ("Code postal", "postcode"),
        ("Kunden-Nr.", "id"),
        ("Geb.-Datum", "birthday"),
        ("Date de naissance", "birthday"),
        ("Accepts Marketing", "consent_email"),
        ("Opt-in", "consent_email"),
        ("Einwilligung", "consent_email"),
        ("Abgemeldet am", "objection"),
        ("consent_phone", "consent_phone"),
        ("Accepts SMS Marketing", "consent_text"),
        ("Einwilligung SMS", "consent_text"),
        ("Feiert", "celebrates"),
        ("Fêtes", "celebrates"),
        ("Familie erwähnen", "mention_family"),
        ("Ne pas mentionner", "not_to_mention"),
        ("Empfohlen von", "referred_by"),
    ],
)
def test_aliases(header: str, field: str) -> None:
    """Case, accents, spaces and punctuation of a header do not matter."""
    spelling = key(header.replace("&", "und"))
    assert CUSTOMER_HEADERS[spelling][0] == field


def test_every_field_has_its_own_name_as_a_header() -> None:
    """A file with our names needs no aliases."""
    assert set(CUSTOMERS) - {"row"} <= {
        field for header, (field, _) in CUSTOMER_HEADERS.items() if header == key(field)
    }


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Favourite tea", "favourite_tea"),
        ("Größe (cm)", "groesse_cm"),
        ("Café préféré", "cafe_prefere"),
        ("2nd phone", "column_2nd_phone"),
        ("class", "class_"),
        ("None", "none_"),
        ("お茶", "お茶"),
        ("!!!", "column"),
    ],
)
def test_names_of_further_columns(header: str, name: str) -> None:
    """A header becomes a name for rules and templates."""
    assert field_name(header) == name


def test_further_columns_get_the_type_that_fits(look: Look) -> None:
    """All cells decide; codes and mixed columns stay text."""
    people = look(
        "id,Visits,Budget,Last seen,Member,Locker no,Code,Mixed,Order,Tea,Row,Empty\n"
        '1,3,"1,5",24.12.2025,yes,12,007,1,x,green,a,\n'
        "2,,2,,no,13,12,one,y,,b,\n"
    )
    first = people.customers.sort("id").to_dicts()[0]
    further = {name: first[name] for name in list(first)[len(CUSTOMERS) :]}
    assert further == {
        "visits": 3,
        "budget": 1.5,
        "last_seen": dt.date(2025, 12, 24),
        "member": True,
        "locker_no": "12",
        "code": "007",
        "mixed": "1",
        "order": "x",
        "tea": "green",
        "row_": "a",
        "empty": None,
    }
    assert people.customers.schema["visits"] == pl.Int64


def test_fields_of_the_etiquette_have_their_types(look: Look) -> None:
    """Yes/no and lists; an empty cell is no answer, and no list."""
    people = look(
        "id,Einwilligung SMS,Feiert,Familie erwähnen,Nicht erwähnen,Empfohlen von\n"
        '1,nein,"Weihnachten, Eid-al-Fitr",ja,"the divorce\nand the shop",Ida Å\n2,,,,,\n'
    )
    columns = ["consent_text", "celebrates", "mention_family", "not_to_mention", "referred_by"]
    assert people.customers.select(columns).rows() == [
        (False, ["weihnachten", "eid-al-fitr"], True, "the divorce\nand the shop", "Ida Å"),
        (None,) * 5,
    ]


def test_every_column_has_a_line_in_the_report(look: Look) -> None:
    """Header, field, type, and three samples as read."""
    people = look(
        "E-Mail;Kunde seit;Umsatz;Newsletter;Tee;Leer\n"
        "a@Example.com;01.02.2020;1.234,50;ja;grün;\n"
        "b@example.com;;2;nein;schwarz;\nc@example.com;;3;ja;grün;\nd@example.com;;4;;rot;\n"
    )
    assert people.columns == (
        ColumnReading(
            header="E-Mail",
            field="email",
            reading="email address",
            samples=("a@example.com", "b@example.com", "c@example.com"),
        ),
        ColumnReading(
            header="Kunde seit",
            field="customer_since",
            reading="date (DMY)",
            samples=("2020-02-01",),
        ),
        ColumnReading(
            header="Umsatz",
            field="total_spent",
            reading="number (1.234,50)",
            samples=("1234.5", "2", "3"),
        ),
        ColumnReading(
            header="Newsletter",
            field="consent_email",
            reading="consent: yes, ja, oui, 1 … mean yes (2 of 4)",
            samples=("ja", "nein"),
        ),
        ColumnReading(
            header="Tee", field="tee", reading="text", samples=("grün", "schwarz", "rot")
        ),
        ColumnReading(header="Leer", field="leer", reading="empty", samples=()),
    )


def test_columns_of_newsletter_yml_go_before_aliases(read: Read) -> None:
    """Case does not matter; the column found by alias becomes a further one."""
    people, problems = read(
        {"customers.csv": "Nr,Email,Privat,Stars\n1,a@work.example,a@home.example,5\n"},
        columns={"email": "PRIVAT", "id": "nr", "points": "Stars", "shelf": "Email"},
    )
    customer = people.customers.to_dicts()[0]
    assert not problems
    assert (customer["id"], customer["email"], customer["points"]) == ("1", "a@home.example", 5)
    assert customer["shelf"] == "a@work.example"


def test_a_mistyped_header_in_columns(read: Read) -> None:
    """The build stops and suggests the nearest header."""
    _, problems = read(
        {"customers.csv": "Nummer,Name\n1,Ida\n"}, columns={"id": "Numer", "city": "Zzz"}
    )
    assert [str(problem) for problem in problems[:2]] == [
        "content/customers/customers.csv:1: there is no column 'Numer', "
        "which newsletter.yml names under 'columns.id'\n  hint: did you mean 'Nummer'?",
        "content/customers/customers.csv:1: there is no column 'Zzz', "
        "which newsletter.yml names under 'columns.city'\n  hint: the headers are: Nummer, Name",
    ]


def test_several_columns_for_one_field(look: Look) -> None:
    """The preferred one counts; the other one fills its gaps."""
    people = look("id,Mobile,Phone\n1,0170,030\n2,0171,\n3,,\n")
    assert people.customers["phone"].to_list() == ["030", "0171", None]
    assert people.columns[1].reading == "text, where the other is empty"


def test_a_table_without_id_address_and_name_is_refused(look: Look) -> None:
    """It is no customer table."""
    with pytest.raises(NewsletterError) as error:
        look("Colour,Weight\nred,3\n")
    assert str(error.value) == (
        "customers.csv:1: no column for a customer number, an email address or a name among: "
        "Colour, Weight\n"
        "  hint: name the columns in the first row, or map them under columns: in newsletter.yml"
    )


def test_a_full_name_stays_whole(look: Look) -> None:
    """Without one, first and last name make it, in the order of the script."""
    people = look(
        "id,Name,First name,Last name\n1,Ida Ann Okafor,,\n"
        "2,,Bo,Li\n3,,,Prince\n4,,小明,李\n5,,,\n"
    )
    assert people.customers.select("name", "first_name", "last_name").rows() == [
        ("Ida Ann Okafor", None, None),
        ("Bo Li", "Bo", "Li"),
        ("Prince", None, "Prince"),
        ("李小明", "小明", "李"),
        (None, None, None),
    ]


def test_account_managers_may_be_given_by_id_or_name(read: Read) -> None:
    """Other people are remarked."""
    people, _ = read({"customers.csv": "id,Betreuer\n1,maya\n2,MAYA CHEN\n3,Tom\n"})
    assert people.customers["account_manager"].to_list() == ["maya", "maya", None]
    assert "'Tom' is not in the team" in str(people.remarks)


def test_the_frame_has_the_columns_of_the_model(look: Look) -> None:
    """Whatever the file has, the table has every field of CUSTOMERS with its type."""
    schema = look("email\na@example.com\n").customers.schema
    assert dict(schema) == CUSTOMERS


def test_customers_of_an_unknown_account_manager_are_named(read: Read) -> None:
    """With the team, and what to do if somebody has gone."""
    rows = "".join(f"{n},Name {n},Tom\n" for n in range(1, 8))
    people, _ = read({"customers.csv": f"id,name,betreuer\n{rows}"})
    remark = next(r for r in people.remarks if "Tom" in r.message)
    named = "Name 1, Name 2, Name 3, Name 4, Name 5 and 2 more"
    assert remark.message == f"'Tom' is not in the team, but looks after {named}"
    assert "'left: DATE' and 'handed_to: ID'" in remark.hint


def test_texts_and_errors_of_spreadsheets(look: Look) -> None:
    """`="01067"` is 01067; an error of a formula is nothing, in any column and language."""
    people = look(
        "id,name,email,zip,phone,city\n"
        '1,#REF!,a@example.com,"=""01067""","=""+4930123""",#BEZUG!\n'
        "2,#N/A,b@example.com,01067.0,4930123.0,#1 Street\n"
        "3,Cy,c@example.com,'01067,4.91511E+11,#NV\n"
    )
    rows = people.customers.sort("id").select("name", "postcode", "phone", "city").rows()
    assert rows == [
        (None, "01067", "+4930123", None),
        (None, "01067", "4930123", "#1 Street"),
        ("Cy", "01067", None, None),
    ]
    assert [str(remark) for remark in people.remarks][:3] == [
        "customers.csv:2: column 'name': '#REF!' is the error of a formula (and 1 more)\n"
        "  hint: the cell was read as empty; correct the formula",
        "customers.csv:2: column 'city': '#BEZUG!' is the error of a formula (and 1 more)\n"
        "  hint: the cell was read as empty; correct the formula",
        "customers.csv:4: column 'phone': '4.91511E+11' is a number that Excel has rounded\n"
        "  hint: the cell was left out; format the column as text and enter the number again",
    ]


def test_words_for_nothing_are_no_names(look: Look) -> None:
    """In these capitals only: Null and Nan are names."""
    people = look(
        "id,first name,last name,email\n1,NULL,NULL,a@example.com\n2,nan,Hill,b@example.com\n"
        "3,Nan,Null,c@example.com\n4,Ida,N/A,d@example.com\n"
    )
    names = people.customers.sort("id").select("first_name", "last_name", "name").rows()
    assert names == [
        (None, None, None),
        (None, "Hill", "Hill"),
        ("Nan", "Null", "Nan Null"),
        ("Ida", None, "Ida"),
    ]
    assert str(people.remarks[0]) == (
        "customers.csv:2: column 'first name': 'NULL' is no name\n"
        "  hint: the cell was read as empty; write it in other letters, such as Null, "
        "if it is a name"
    )


@pytest.mark.parametrize(
    "headers",
    [
        "Nachname,E-Mail-Adresse,Straße geschäftlich,Ort geschäftlich,Straße privat,Ort privat",
        "Nom,Adresse de messagerie,Rue (bureau),Ville (bureau),Rue (domicile),Ville (domicile)",
    ],
)
def test_outlook_in_german_and_french(look: Look, headers: str) -> None:
    """The home address goes before the business one, and is taken whole."""
    people = look(
        f"{headers}\nA,a@example.com,Weg 1,Ulm,Gasse 2,Bonn\nB,b@example.com,Weg 1,Ulm,,\n"
    )
    assert people.program == "Outlook"
    assert people.customers.select("name", "email", "street", "city").rows() == [
        ("A", "a@example.com", "Gasse 2", "Bonn"),
        ("B", "b@example.com", "Weg 1", "Ulm"),
    ]


def test_columns_of_regulars(look: Look) -> None:
    """As German salons call them."""
    people = look("Name,Email,Zuletzt da,Stammkunde seit\nA,a@example.com,05.07.2026,13.2.2019\n")
    days = people.customers.select("last_order", "customer_since").row(0)
    assert days == (dt.date(2026, 7, 5), dt.date(2019, 2, 13))


def test_years_without_a_day_are_left_out_with_one_remark(look: Look) -> None:
    """Whoever came in 2019 has no anniversary on the first of January."""
    people = look(
        "Name,Email,Stammkunde seit\nA,a@example.com,2019\nB,b@example.com,seit 2020\n"
        "C,c@example.com,1.5.2021\n"
    )
    assert people.customers["customer_since"].to_list() == [None, None, dt.date(2021, 5, 1)]
    assert str(people.remarks[0]) == (
        "customers.csv:2: column 'Stammkunde seit': '2019' is a year without a day (and 1 more)\n"
        "  hint: the cell was left out; write a day such as 2019-05-01"
    )


def test_a_column_of_years_alone_is_no_column_of_days(look: Look) -> None:
    """It says so once, however many there are."""
    rows = "".join(f"A{n},{n}@example.com,20{n}\n" for n in range(10, 25))
    people = look(f"Name,Email,Kunde seit\n{rows}")
    assert people.customers["customer_since"].null_count() == 15
    assert sum("year without a day" in remark.message for remark in people.remarks) == 1


SHEET = "Kundenliste Salon\nStand: November\n\nName;E-Mail;Ort\nAda;ada@example.com;Ulm\n"


def test_what_is_said_of_columns_names_the_line_of_the_header(read: Read) -> None:
    """A title may stand above it."""
    orders = "Bestellungen\nKunde;Wert\nada@example.com;1,50\n"
    settings = {"columns": {"email": "E-Mial", "orders.date": "Tag"}}
    people, problems = read({"customers.csv": SHEET, "orders.csv": orders}, **settings)
    shown = "content/customers/{}.csv:{}".format
    assert [str(problem.at) for problem in problems] == [shown("customers", 4), shown("orders", 2)]
    assert {str(remark.at) for remark in people.remarks} == {
        shown("customers", 4),
        shown("orders", 2),
    }


def test_a_missing_column_is_reported_at_the_header(read: Read) -> None:
    """Also in a table beside the customers."""
    _, problems = read({"customers.csv": SHEET, "orders.csv": "Titel\nDatum;Betrag;Art\n1;2;3\n"})
    assert [str(problem.at) for problem in problems] == ["content/customers/orders.csv:2"]
    _, problems = read({"customers.csv": "Liste\n\nOrt;PLZ\nUlm;89073\n"})
    assert [str(problem.at) for problem in problems] == ["content/customers/customers.csv:3"]
