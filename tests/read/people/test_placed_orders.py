"""Orders that were cancelled, refunded, returned or never paid are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.errors import Problem
from newsletter.model.project import People
from newsletter.read.people.values.order_status import read_meanings

Read = Callable[..., tuple[People, list[Problem]]]
CUSTOMERS = "id,name,email\n1,A A,a@example.com\n2,B B,b@example.com\n3,C C,c@example.com\n"


def orders(
    read: Read, text: str, **settings: object
) -> tuple[list[tuple[object, ...]], list[str]]:
    """Return customer, day and amount of the orders in a table of this text, and the remarks."""
    people, problems = read({"customers.csv": CUSTOMERS, "orders.csv": text}, **settings)
    assert not problems
    assert not people.strangers
    rows = people.tables["orders"].select("customer", "date", "amount").rows()
    about = [remark.message for remark in people.remarks if "agreed" not in remark.message]
    return [(customer, str(day), amount) for customer, day, amount in rows], about


def test_a_cancelled_order_is_none_and_is_counted(read: Read) -> None:
    """The remark names the column, the status and how many rows have it."""
    text = "customer,date,amount,status\n1,2026-11-02,50,cancelled\n2,2026-11-02,20,completed\n"
    assert orders(read, text) == (
        [("2", "2026-11-02", 20.0)],
        ["column 'status': 'cancelled' (1 time) is no order"],
    )


def test_an_unknown_status_is_said_and_counts(read: Read) -> None:
    """`closed` is a refund in Magento and a finished order elsewhere."""
    text = "customer,date,amount,status\n1,2026-11-02,50,closed\n2,2026-11-02,20,Closed\n"
    rows, remarks = orders(read, text)
    assert len(rows) == 2
    assert remarks == [
        "column 'status': 'Closed' (1 time) is not known and counts as an order",
        "column 'status': 'closed' (1 time) is not known and counts as an order",
    ]


def test_the_project_says_what_a_status_means(read: Read) -> None:
    """Its words go before ours, whatever their capitals and punctuation."""
    text = "customer,date,amount,status\n1,2026-11-02,5,closed\n2,2026-11-02,6,On-hold\n"
    rows, remarks = orders(read, text, order_status={"Closed": "no", "on hold": "yes"})
    assert rows == [("2", "2026-11-02", 6.0)]
    assert remarks == ["column 'status': 'closed' (1 time) is no order"]


SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Total,Created at,Lineitem name,"
    "Cancelled at,Refunded Amount\n"
)


@pytest.mark.parametrize("status", ["voided", "refunded", "pending", "expired", "authorized"])
def test_shopify_orders_that_are_none_go_with_all_their_rows(status: str, read: Read) -> None:
    """Only the first row of an order has its status, day and amount."""
    text = SHOPIFY + (
        f"#1,a@example.com,{status},,unfulfilled,36.95,2026-11-02 10:00:00 +0000,Towel,,0.00\n"
        "#1,a@example.com,,,,,,Soap,,\n"
        "#2,b@example.com,paid,2026-11-03 10:00:00 +0000,,18.95,2026-11-03,Soap,,0\n"
        "#2,,,,,,,Towel,,\n"
    )
    rows, _ = orders(read, text)
    assert rows == [("2", "2026-11-03", None), ("2", "2026-11-03", 18.95)]


def test_refunds_lower_amounts_and_whole_ones_end_orders(read: Read) -> None:
    """Of an order that was paid back no row stays."""
    day = "2026-11-02 10:00:00 +0000"
    text = SHOPIFY + (
        f"#1,a@example.com,partially_refunded,{day},,36.95,{day},Towel,,10.00\n"
        f"#2,b@example.com,paid,{day},,18.95,{day},Soap,,18.95\n"
        "#2,b@example.com,,,,,,Towel,,\n"
        f"#3,c@example.com,paid,{day},,5.00,{day},Soap,{day},0.00\n"
    )
    rows, remarks = orders(read, text)
    assert rows == [("1", "2026-11-02", 26.95)]
    assert remarks == [
        "column 'Cancelled at' is filled in 1 row; such rows are no orders",
    ]


def test_a_column_of_cancellations_may_say_that_there_are_none(read: Read) -> None:
    """A database writes NULL for none, a person no."""
    text = (
        "customer,date,amount,cancelled_at,storniert\n1,2026-11-01,1,NULL,nein\n"
        "1,2026-11-02,2,0000-00-00,\n1,2026-11-03,3,2026-11-04,nein\n1,2026-11-04,4,,ja\n"
    )
    assert [amount for _, _, amount in orders(read, text)[0]] == [1.0, 2.0]


def test_woocommerce(read: Read) -> None:
    """The amount has another name, and the statuses a prefix in a dump of the database."""
    text = (
        "Order Number,Order Status,Order Date,Billing Email,Order Total Amount,Item Name\n"
        '11,completed,2026-10-01 09:59,a@example.com,"1,035.00",Ink\n'
        "12,cancelled,2026-10-02 09:59,b@example.com,35.00,Ink\n"
        "13,wc-on-hold,2026-10-02 09:59,b@example.com,35.00,Ink\n"
        "14,wc-processing,2026-10-02 09:59,c@example.com,12.00,Ink\n"
    )
    assert orders(read, text)[0] == [("1", "2026-10-01", 1035.0), ("3", "2026-10-02", 12.0)]


ITEMS = (
    "Order Number,Order Status,Order Date,Billing Email,Order Total Amount,Item Name,Item Cost\n"
    "11,completed,2026-10-01,a@example.com,35.00,Ink,20\n"
    "11,completed,2026-10-01,a@example.com,35.00,Pen,15\n"
    "12,completed,2026-10-01,a@example.com,35.00,Ink,35\n"
    "13,completed,2026-10-02,b@example.com,10.00,Ink,10\n"
    "13,completed,2026-10-02,b@example.com,12.00,Pen,12\n"
    "14,cancelled,2026-10-02,c@example.com,9.00,Ink,4\n"
    "14,cancelled,2026-10-02,c@example.com,9.00,Pen,5\n"
)


def test_a_total_that_stands_in_each_row_of_an_order_counts_once(read: Read) -> None:
    """As in exports of WooCommerce; different amounts are those of the rows."""
    rows, remarks = orders(read, ITEMS)
    day = "2026-10-01"
    assert sorted(rows, key=str) == [
        ("1", day, 35.0),
        ("1", day, 35.0),
        ("1", day, None),
        ("2", "2026-10-02", 10.0),
        ("2", "2026-10-02", 12.0),
    ]
    assert remarks[0] == (
        "column 'Order Total Amount': "
        "the total of an order stands in 2 further rows of it and counts once"
    )


def test_equal_amounts_of_items_are_added(read: Read) -> None:
    """A column of single amounts does not repeat a total."""
    text = ITEMS.replace("Order Total Amount", "Amount")
    assert sum(amount for _, _, amount in orders(read, text)[0] if amount) == 35 * 3 + 22


def test_stripe(read: Read) -> None:
    """What was paid back in part stays in part; failed payments are none."""
    text = (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer Email\n"
        "ch_1,2026-10-01 15:00,1500,0,usd,true,Paid,a@example.com\n"
        "ch_2,2026-09-28 15:00,1500,1500,usd,true,Refunded,a@example.com\n"
        "ch_3,2026-09-29 15:00,1000,300,usd,true,Paid,b@example.com\n"
        "ch_4,2026-09-30 15:00,500,0,usd,false,Failed,c@example.com\n"
    )
    assert orders(read, text)[0] == [("1", "2026-10-01", 1500.0), ("2", "2026-09-29", 700.0)]


def test_wix_paypal_and_jaffle_shop(read: Read) -> None:
    """Their customers, days and amounts have names of their own; how it was paid is no status."""
    wix = "Order number,Date created,Contact email,Payment,Payment status,Total,Refunded amount\n"
    wix += (
        "1,2026-10-01,a@example.com,Card,Paid,12,2\n2,2026-10-01,b@example.com,Cash,Unpaid,9,0\n"
    )
    rows, remarks = orders(read, wix)
    assert rows == [("1", "2026-10-01", 10.0)]
    assert len(remarks) == 1
    jaffle = "id,user_id,order_date,status\n1,1,2026-10-01,placed\n2,1,2026-10-02,returned\n"
    assert [day for _, day, _ in orders(read, jaffle)[0]] == ["2026-10-01"]


def test_documents_that_take_back(read: Read) -> None:
    """Square's refunds are negative; a German till's credit notes often are not."""
    square = (
        "Date,Customer ID,Net Sales,Event Type\n2026-10-05,1,$45.00,Payment\n"
        "2026-10-06,1,-$45.00,Refund\n"
    )
    assert [amount for _, _, amount in orders(read, square)[0]] == [45.0, -45.0]
    till = (
        "Datum;Kundennr;Betrag;Belegart\n05.10.2026;1;45,00;Rechnung\n06.10.2026;1;20,00;Gutschrift\n"
        "07.10.2026;2;99,00;Angebot\n"
    )
    assert [amount for _, _, amount in orders(read, till)[0]] == [45.0, -20.0]


@pytest.mark.parametrize(
    ("status", "field", "meaning"),
    [
        ("In attesa di pagamento con assegno", "status", "none"),
        ("En attente de virement bancaire", "status", "none"),
        ("Paiement accepté", "status", "counts"),
        ("Storniert am 3. Mai", "status", "none"),
        ("Teilweise erstattet", "payment_status", "partly"),
        ("Refunded (partially)", "payment_status", "partly"),
        ("offen", "status", "counts"),
        ("offen", "payment_status", "none"),
        ("return_pending", "status", "none"),
        ("placed", "status", "counts"),
        ("Refund", "status", "none"),
        ("Refund", "document_type", "refund"),
        ("Anulowane", "status", "none"),
        ("geannuleerd", "status", "none"),
        ("DEVUELTO", "status", "none"),
        ("cancelado", "status", "none"),
        ("cancel", "status", "none"),
        ("Shipped - Delivered to Buyer", "status", "counts"),
        ("Wunderbar", "status", None),
    ],
)
def test_words_of_shops(
    status: str, field: str, meaning: str | None, column: Callable, findings: object
) -> None:
    """Statuses of the known shops, and how people write them."""
    assert read_meanings(column(status), field, {}, findings=findings)[0] == meaning


def test_missing_columns_are_said(read: Read) -> None:
    """Without a day nothing follows an order; an amount under another name is proposed."""
    _, remarks = orders(read, "customer,Wann genau,Kosten\n1,2026-10-01,12.50\n")
    assert remarks == [
        "no column was read as the day of the orders, so they count for nothing",
        "no column was read as the amount, so no order is worth anything",
    ]
    assert orders(read, "customer,date,product\n1,2026-10-01,Ink\n")[1] == []


TYPES = """
type Typ Art Vorgang Buchungsart Order_type Transaktionstyp tipo soort Belegart
"""
REFUNDS = """
refund return Gutschrift Storno Erstattung Retoure avoir remboursement devolución rimborso
terugbetaling estorno zwrot
"""


@pytest.mark.parametrize("header", TYPES.split())
@pytest.mark.parametrize("word", REFUNDS.split())
def test_a_row_that_is_a_refund_by_its_type_takes_its_amount_back(
    header: str, word: str, read: Read
) -> None:
    """Whatever the column is called, and whether or not the amount has a minus."""
    for amount in ("20", "-20"):
        text = (
            f"customer,date,amount,{header}\n1,2026-11-02,50,sale\n1,2026-11-03,{amount},{word}\n"
        )
        rows, remarks = orders(read, text)
        assert rows == [("1", "2026-11-02", 50.0), ("1", "2026-11-03", -20.0)]
        assert not remarks


def test_a_type_of_product_says_nothing_about_orders(read: Read) -> None:
    """A column that could be either is read as one of refunds only if it has some."""
    rows, remarks = orders(read, "customer,date,amount,type\n1,2026-11-02,50,coffee\n")
    assert (rows, remarks) == ([("1", "2026-11-02", 50.0)], [])


@pytest.mark.parametrize(
    "column", ["paid,yes,no", "Bezahlt,ja,nein", "payé,oui,non", "pagato,x,no", "betaald,ja,nee"]
)
def test_an_order_that_is_not_paid_is_none(column: str, read: Read) -> None:
    """And is counted."""
    header, yes, no = column.split(",")
    text = f"customer,date,amount,{header}\n1,2026-11-02,50,{yes}\n2,2026-11-02,20,{no}\n"
    assert orders(read, text) == (
        [("1", "2026-11-02", 50.0)],
        [f"column '{header}': '{no}' (1 time) is no order"],
    )


def test_an_empty_cell_of_paid_counts_and_is_told(read: Read) -> None:
    """Days and amounts in such a column say nothing."""
    rows, remarks = orders(
        read, "customer,date,amount,paid\n1,2026-11-02,50,x\n2,2026-11-02,20,\n"
    )
    assert len(rows) == 2
    assert remarks == ["column 'paid' is empty in 1 row, which count as orders"]
    for cell in ("2026-11-04", "20.50", "Visa"):
        text = f"customer,date,amount,paid\n1,2026-11-02,50,{cell}\n"
        assert orders(read, text) == ([("1", "2026-11-02", 50.0)], [])


@pytest.mark.parametrize("word", ["Partially refunded", "teilweise erstattet", "Teilerstattung"])
def test_an_order_refunded_in_part_is_told_where_no_column_says_how_much(
    word: str, read: Read
) -> None:
    """With such a column, the rest counts."""
    _, remarks = orders(read, f"customer,date,amount,status\n1,2026-11-02,50,{word}\n")
    what = "(1 time) counts with the whole amount, which is too much"
    assert remarks == [f"column 'status': '{word}' {what}"]
    text = f"customer,date,amount,status,refunded\n1,2026-11-02,50,{word},20\n"
    assert orders(read, text) == ([("1", "2026-11-02", 30.0)], [])
