"""The tables beside the customer file are joined by id or address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from newsletter.errors import Problem
from newsletter.model.project import People
from newsletter.model.tables import HISTORY, OUTCOMES, TABLES
from newsletter.read.people.header_names import ORDER_FIELDS
from newsletter.read.yaml import packaged_yaml

Read = Callable[..., tuple[People, list[Problem]]]
CUSTOMERS = "id,email,name\n001,Ida@example.com,Ida\n2,bo@example.com,Bo\n"


def test_each_table_is_optional(read: Read) -> None:
    """A missing table is an empty frame with the right columns."""
    people, problems = read({"customers.csv": CUSTOMERS})
    assert not problems
    assert {name: dict(frame.schema) for name, frame in people.tables.items()} == TABLES


def test_orders_name_customers_by_id_or_address(read: Read) -> None:
    """With our headers or a shop's; the result is sorted."""
    orders = "Order ID;Bestelldatum;Kundennr.;E-Mail;Betrag;Artikel;Kategorie;Channel\n"
    orders += "1;02.03.2026;;IDA@example.com;1.200,50;Tea;Drinks;web\n"
    orders += "2;01.02.2026;2;;-3,00;Refund;;shop\n3;05.02.2026;001;unknown@example.com;5;;;\n"
    people, problems = read({"customers.csv": CUSTOMERS, "orders.csv": orders})
    assert not problems
    frame = people.tables["orders"]
    assert frame.select(list(TABLES["orders"])).rows() == [
        ("001", dt.date(2026, 2, 5), 5.0, None, None),
        ("001", dt.date(2026, 3, 2), 1200.5, "Tea", "Drinks"),
        ("2", dt.date(2026, 2, 1), -3.0, "Refund", None),
    ]
    assert frame["channel"].to_list() == [None, "web", "shop"]


def test_the_exact_id_comes_before_other_capitals(read: Read) -> None:
    """A column with the exact id decides, even if one before it names another in capitals."""
    people, problems = read(
        {
            "customers.csv": "id,name\nab1,Ann\nAB1,Bob\nc2,Cleo\n",
            "orders.csv": "customer id,client,date,amount\n"
            "AB1,,2026-01-01,1\nab1,,2026-01-02,2\nC2,AB1,2026-01-03,3\nC2,,2026-01-04,4\n",
        }
    )
    assert not problems
    orders = people.tables["orders"].sort("date")
    assert orders["customer"].to_list() == ["AB1", "ab1", "AB1", "c2"]


def test_unknown_customers_are_left_out_and_listed(read: Read) -> None:
    """With their line; beyond twenty they are counted."""
    orders = "customer,date,amount\n9,2026-01-01,1\n,2026-01-01,1\n2,2026-01-01,1\n"
    people, problems = read({"customers.csv": CUSTOMERS, "orders.csv": orders})
    assert not problems
    assert people.tables["orders"].height == 1
    hint = "  hint: the row was left out; write the customer's id or email as in the customer file"
    order_remarks = [str(remark) for remark in people.remarks if "orders" in str(remark)]
    assert order_remarks == [
        f"content/customers/orders.csv:2: '9' is not a customer\n{hint}",
        f"content/customers/orders.csv:3: no customer is named\n{hint}",
    ]
    many = "customer,date,amount\n" + "".join(f"x{i},2026-01-01,1\n" for i in range(50))
    people, _ = read({"customers.csv": CUSTOMERS, "orders.csv": many})
    assert "and 30 rows of orders without a known customer" in str(people.remarks)


def test_merged_customers_keep_their_orders(read: Read) -> None:
    """Merged rows are found by each of their ids and addresses."""
    customers = (
        "id,email,name\n8,ida@example.com,Ida\n9,ida@example.com,Ida\n9,i2@example.com,Ida\n"
    )
    orders = "customer,amount\n8,1\n9,2\nida@example.com,3\ni2@example.com,4\n"
    people, _ = read({"customers.csv": customers, "orders.csv": orders})
    assert people.tables["orders"]["customer"].to_list() == ["8"] * 4


def test_a_shared_address_names_nobody(read: Read) -> None:
    """An address of two customers cannot tell whose order it was; an id can."""
    customers = "id,email,name\n1,home@example.com,Ida\n2,home@example.com,Bo\n"
    orders = "customer,amount\nhome@example.com,1\n2,2\n"
    people, _ = read({"customers.csv": customers, "orders.csv": orders})
    assert people.tables["orders"].rows() == [("2", None, 2.0, None, None)]


def test_other_tables_are_read_by_their_usual_headers(read: Read) -> None:
    """Services, occasions, feedback and conversations."""
    people, problems = read(
        {
            "customers.csv": CUSTOMERS,
            "services.csv": 'customer,date,title,detail\n2,2026-01-02,Repair,"one\ntwo"\n',
            "occasions.csv": "Kunde,Datum,Anlass\n2,2026-01-02,wedding\n",
            "feedback.csv": "id,customer,date,score,text\nF-1,2,2026-01-02,9,Fine\n",
            "conversations.csv": "customer,date,member,channel,text,promise,promised_by,kept,"
            "wie oft,verschoben auf,réponse à,Ruhe bis,getroffen\n"
            "2,2026-01-02,Maya Chen,phone,Hello,A card,2026-02-01,no,alle 4 Wochen,2026-02-08,"
            "F-1; 2026-01-02,2026-03-01,ja\n",
        }
    )
    assert not problems
    tables = people.tables
    day = dt.date(2026, 1, 2)
    assert tables["services"].rows() == [("2", day, "Repair", "one\ntwo")]
    assert tables["occasions"].rows() == [("2", day, "wedding", None)]
    assert tables["feedback"].rows() == [("F-1", "2", day, 9, "Fine")]
    by, to, peace = dt.date(2026, 2, 1), dt.date(2026, 2, 8), dt.date(2026, 3, 1)
    told = ["F-1", "2026-01-02"]
    assert tables["conversations"].rows() == [
        ("2", day, "maya", "call", "Hello", "A card", by, False, "4 weeks", to, told, peace, True)
    ]


@pytest.mark.parametrize("header", ["promised by", "versprochen bis", "promis pour le"])
def test_the_day_of_a_promise_is_called_as_in_work_lists(read: Read, header: str) -> None:
    """An unread day would leave the promise without one."""
    talks = f"customer,date,promise,{header}\n2,2026-01-02,A card,2026-02-01\n"
    people, problems = read({"customers.csv": CUSTOMERS, "conversations.csv": talks})
    assert not problems
    assert people.tables["conversations"]["promised_by"].to_list() == [dt.date(2026, 2, 1)]


@pytest.mark.parametrize("table", TABLES)
def test_headers_are_those_of_columns_that_the_table_has(table: str) -> None:
    """Headers below another table's name would never be found."""
    headers = packaged_yaml("headers.yml").data.get(table, {})
    further = ORDER_FIELDS if table == "orders" else ()
    assert set(headers) <= {"name", *TABLES[table], *further}


def test_history_is_one_table_of_many_files(read: Read) -> None:
    """All files below history/, and history.csv."""
    people, problems = read(
        {
            "customers.csv": CUSTOMERS,
            "history.csv": "customer,date,practice,channel\n2,2026-03-01,call,call\n",
            "history/2026-01.csv": "customer,date,practice,channel,issue,entries\n"
            "001,2026-01-02,issue,email,2026-01,hours; tea\n",
            "history/2026-02.csv": "customer,date,practice\n001,2026-02-02,birthday\n",
        }
    )
    assert not problems
    sent = ["customer", "date", "practice", "channel", "issue", "entries"]
    assert people.tables["history"].select(sent).rows() == [
        ("001", dt.date(2026, 1, 2), "issue", "email", "2026-01", ["hours", "tea"]),
        ("001", dt.date(2026, 2, 2), "birthday", None, None, None),
        ("2", dt.date(2026, 3, 1), "call", "call", None, None),
    ]
    assert people.tables["history"].schema == HISTORY


@pytest.mark.parametrize(
    "header",
    [
        "key,outcome,remark,reason,prompts,code,member",
        "wofür,Ergebnis,Bemerkung,Grund,Stichworte,Gutscheincode,Mitarbeiterin",
        "clé,résultat,remarque,motif,sujets,bon,par",
    ],
)
def test_work_list_columns_are_read_in_the_history(read: Read, header: str) -> None:
    """In three languages; prompts are a list, the member an id, the outcome one of three."""
    people, problems = read(
        {
            "customers.csv": CUSTOMERS,
            "history.csv": f"customer,date,{header}\n"
            "2,2026-03-01,4 years,Nicht erreicht,rang twice,moved away,"
            '"order 2026-02-01; years 4",0042-X,Maya Chen\n'
            "2,2026-03-02,,perhaps,,,,,\n",
        }
    )
    assert not problems
    done = ["key", "outcome", "remark", "reason", "prompts", "code", "member"]
    assert people.tables["history"].select(done).rows() == [
        (
            *("4 years", "not reached", "rang twice", "moved away"),
            *(["order 2026-02-01", "years 4"], "0042-X", "maya"),
        ),
        (None,) * 7,
    ]
    text, hint = people.remarks[-1].message, people.remarks[-1].hint
    assert text.endswith("'perhaps' (1 time) is not a result and was left empty")
    assert hint == "write one like " + ", ".join(OUTCOMES)


def test_conversations_are_a_file_and_a_folder(read: Read) -> None:
    """Notes of `newsletter jot` go into files below conversations/, beside a file kept by hand."""
    head = "customer,date,text"
    people, problems = read(
        {
            "customers.csv": CUSTOMERS,
            "conversations.csv": f"{head}\n2,2026-03-01,by hand\n",
            "conversations/2026-01.csv": f"{head}\n001,2026-01-02,jotted\n",
            "conversations/2026-02.csv": f"{head}\n2,2026-02-02,jotted again\n",
        }
    )
    assert not problems
    assert people.tables["conversations"].select("customer", "text").rows() == [
        ("001", "jotted"),
        ("2", "jotted again"),
        ("2", "by hand"),
    ]


def test_suppressed_addresses(read: Read) -> None:
    """They need not belong to a customer, and are normalised like customers' addresses."""
    suppressed = "E-Mail,date,reason\nGone@MÜNCHEN.example,2026-01-02,unsubscribed\n"
    people, problems = read({"customers.csv": CUSTOMERS, "suppressed.csv": suppressed})
    assert not problems
    assert people.tables["suppressed"].rows() == [
        ("Gone@xn--mnchen-3ya.example", None, dt.date(2026, 1, 2), "unsubscribed")
    ]


def test_a_table_that_names_no_customers_is_refused(read: Read) -> None:
    """The problem has a cure."""
    _, problems = read({"customers.csv": CUSTOMERS, "orders.csv": "Order,Amount\n1,2\n"})
    assert [str(problem) for problem in problems] == [
        "content/customers/orders.csv:1: no column for the customer among: Order, Amount\n"
        "  hint: name it 'customer', or write under columns: orders.customer: which one it is"
    ]


@pytest.mark.parametrize(
    ("slip", "field"), [("objektion", "objection"), ("closd", "closed"), ("mail", "email")]
)
def test_a_misspelt_field_in_the_settings_stops(read: Read, slip: str, field: str) -> None:
    """A misspelt objection would stop no email."""
    files = {"customers.csv": "id,email,X\n1,a@example.com,yes\n"}
    _, problems = read(files, columns={slip: "X"})
    assert [(problem.message, problem.hint) for problem in problems] == [
        (
            f"'{slip}' is no field, but newsletter.yml names it under 'columns'",
            f"did you mean '{field}'? Or give your own column another name",
        )
    ]
    _, problems = read(files, columns={"favourite": "X", "title_2": "X"})
    assert not problems


def test_columns_of_other_tables_can_be_mapped(read: Read) -> None:
    """`orders.amount: Netto` in newsletter.yml."""
    people, problems = read(
        {"customers.csv": CUSTOMERS, "orders.csv": "customer,Netto,Amount\n2,1.00,2.00\n"},
        columns={"orders.amount": "Netto"},
    )
    assert not problems
    assert people.tables["orders"]["amount"].to_list() == [1.0]


def test_names_of_products_in_each_language(read: Read) -> None:
    """Further columns hold the names; a row without a product names a category."""
    products = "Artikel;Warengruppe;Name;Name (de);name_fr\nInk;ink;;Tinte;encre\n;ink;;Tinten;\n"
    people, problems = read({"customers.csv": CUSTOMERS, "products.csv": products})
    assert not problems
    assert people.tables["products"].rows(named=True) == [
        {"product": None, "category": "ink", "name": None, "name_de": "Tinten", "name_fr": None},
        {
            "product": "Ink",
            "category": "ink",
            "name": None,
            "name_de": "Tinte",
            "name_fr": "encre",
        },
    ]


def test_a_table_of_products_names_them(read: Read) -> None:
    """Without a column for the product the build says so."""
    _, problems = read({"customers.csv": CUSTOMERS, "products.csv": "name_de\nTinte\n"})
    assert str(problems[0]).startswith(
        "content/customers/products.csv:1: no column for the product"
    )
