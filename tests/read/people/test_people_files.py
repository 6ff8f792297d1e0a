"""The folder of customers: which files are read, and what stops the build or is a remark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from made import settings

from newsletter.errors import NewsletterError, Problem
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS, TABLES
from newsletter.read.people.people_files import read_look, read_people
from newsletter.read.project_files import ProjectFiles


def read(
    path: Path, *, most_bad: float = 0.05, columns: Mapping[str, str] | None = None
) -> tuple[People, list[Problem]]:
    """Return the people of a folder or file, and the problems."""
    content = next(parent for parent in path.parents if parent.name == "content")
    config = settings(
        customers=str(path.relative_to(content)),
        columns=columns or {},
        etiquette={"most_bad_rows": most_bad},
    )
    files = ProjectFiles(content.parent)
    return read_people(config, files, year=2026), files.problems


def folder(tmp_path: Path, **files: str) -> Path:
    """Make a folder `customers` of .csv files."""
    customers = tmp_path / "content/customers"
    customers.mkdir(parents=True)
    for name, text in files.items():
        (customers / f"{name}.csv").write_text(text, encoding="utf-8")
    return customers


GOOD = "email,name\na@example.com,Ada\nb@example.com,Bo\n"


def test_reading_returns_customers_file_and_row_count(tmp_path: Path) -> None:
    """Customers are sorted by key; the file is named as the user would type it."""
    people, problems = read(folder(tmp_path, customers="email\nb@example.com\na@example.com\n"))
    assert not problems
    assert people.customers["id"].to_list() == ["a@example.com", "b@example.com"]
    assert (people.source, people.rows, people.program) == (
        "content/customers/customers.csv",
        2,
        "",
    )


def test_customers_may_name_a_file(tmp_path: Path) -> None:
    """`customers: export.csv`; the tables beside it are read as well."""
    customers = folder(tmp_path, export=GOOD, orders="customer,amount\na@example.com,1\n")
    people, problems = read(customers / "export.csv")
    assert not problems
    assert people.source == "content/customers/export.csv"
    assert people.tables["orders"].height == 1


def test_tables_must_not_lie_elsewhere(tmp_path: Path) -> None:
    """A link out of the folder is refused; the folder itself may be a link."""
    customers = folder(tmp_path, customers=GOOD)
    (tmp_path / "orders.csv").write_text("customer,amount\na@example.com,1\n", encoding="utf-8")
    (customers / "orders.csv").symlink_to(tmp_path / "orders.csv")
    (tmp_path / "content/people").symlink_to(customers)
    for place in (customers, tmp_path / "content/people"):
        people, problems = read(place)
        assert people.tables["orders"].height == 0
        assert people.customers.height == 2
        shown = f"content/{place.name}"
        assert [str(problem).split("\n")[0] for problem in problems] == [
            f"{shown}/orders.csv: this is a link to a place outside {shown}/"
        ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {},
            "content/customers: there is no customer file\n"
            "  hint: save the customers there as customers.csv or customers.xlsx, "
            "or name the file under customers: in newsletter.yml",
        ),
        (
            {"export": GOOD, "orders": "customer\n"},
            "content/customers: there is no customer file\n"
            "  hint: rename export.csv to customers.csv, "
            "or name the file under customers: in newsletter.yml",
        ),
        (
            {"customers": "email,name\n"},
            "content/customers/customers.csv: the file has no customers\n"
            "  hint: add one row per customer below the header",
        ),
        (
            {"customers": ""},
            "content/customers/customers.csv: the file is empty\n"
            "  hint: the first row must hold the names of the columns",
        ),
    ],
)
def test_a_project_without_customers_is_refused(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    """Each case has its cure; the tables exist, but are empty."""
    people, problems = read(folder(tmp_path, **files))
    assert [str(problem) for problem in problems] == [message]
    assert dict(people.customers.schema) == CUSTOMERS
    assert people.tables.keys() == TABLES.keys()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The problem says that it does not exist."""
    _, problems = read(tmp_path / "content/customers")
    assert problems[0].message == "there is no such folder or file"


def test_two_customer_files_are_refused(tmp_path: Path) -> None:
    """Nothing tells which one is meant."""
    table_folder = folder(tmp_path, customers=GOOD)
    (table_folder / "customers.tsv").write_text(GOOD)
    _, problems = read(table_folder)
    assert [str(problem) for problem in problems] == [
        "content/customers: there are several customer files: customers.csv and customers.tsv\n"
        "  hint: keep one, or name it under customers: in newsletter.yml"
    ]


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    """A mistyped name of a table is noticed; the secret is not taken for a table."""
    made = folder(tmp_path, customers=GOOD, oders="customer\n")
    (made / "secret.txt").write_text("x")
    people, problems = read(made)
    assert not problems
    unread = [str(remark) for remark in people.remarks if "not read" in remark.message]
    assert unread == [
        "content/customers/oders.csv: the file is not read\n  hint: did you mean 'orders'?"
    ]


E_POST = "id,name,E Post,notes\n1,Ada,a@b.example,x@y.example\n2,Bo,c@d.example,calls @ noon\n"


def test_a_column_of_addresses_that_no_header_names_stops_the_build(tmp_path: Path) -> None:
    """Else nobody would get an email, and addresses on the suppression list would not be found."""
    _, problems = read(folder(tmp_path, customers=E_POST))
    assert [str(problem) for problem in problems] == [
        "content/customers/customers.csv:1: "
        "column 'E Post' holds email addresses, but its header does not say so\n"
        "  hint: write under 'columns:' in content/newsletter.yml: email: 'E Post'; "
        "or name the column 'email'"
    ]


def test_a_filled_column_of_addresses_counts_beside_an_empty_one(tmp_path: Path) -> None:
    """An address book may have two columns, of which only the second is filled."""
    text = "id,name,email,Mail privat\n1,Ada,,a@b.example\n2,Bo,,c@d.example\n"
    _, problems = read(folder(tmp_path, customers=text))
    assert ["column 'Mail privat' holds" in str(problem) for problem in problems] == [True]


def test_a_list_of_addresses_without_a_header_is_refused(tmp_path: Path) -> None:
    """Its first customer would be taken for the header, and lost."""
    file = tmp_path / "list.csv"
    file.write_text("anna@example.org\nben@example.org\n", encoding="utf-8")
    with pytest.raises(NewsletterError, match="the names of the columns are missing"):
        read_look(file, shown="list.csv", year=2026)


def test_a_look_reads_a_column_of_addresses_by_its_cells(tmp_path: Path) -> None:
    """And says so."""
    file = tmp_path / "customers.csv"
    file.write_text(E_POST)
    people = read_look(file, shown="customers.csv", year=2026)
    assert people.customers["email"].to_list() == ["a@b.example", "c@d.example"]
    assert (
        "customers.csv:1: column 'E Post' was read as email addresses, because it holds them\n"
        "  hint: init writes under 'columns:' in content/newsletter.yml: email: 'E Post'"
    ) in map(str, people.remarks)


def test_a_setting_comes_before_what_cells_hold(tmp_path: Path) -> None:
    """The project has said which column it is."""
    made = folder(tmp_path, customers=E_POST)
    people, problems = read(made, columns={"email": "notes"})
    assert not problems
    assert people.customers["email"].to_list() == ["x@y.example", None]


def test_some_addresses_under_an_unknown_header_are_remarked(tmp_path: Path) -> None:
    """Notes may hold an address; the column is not one of addresses, and the team is told."""
    text = "id,name,notes\n1,Ada,x@y.example\n2,Bo,calls @ noon\n3,Cy,late\n"
    people, problems = read(folder(tmp_path, customers=text))
    assert not problems
    assert (
        "content/customers/customers.csv: "
        "no column was read as email addresses, so nobody gets an email\n"
        "  hint: name it in content/newsletter.yml: columns: {email: notes}"
    ) in map(str, people.remarks)


def test_the_address_of_one_colleague_in_many_rows_is_nobodys(tmp_path: Path) -> None:
    """Addresses of customers differ."""
    rows = "".join(f"{number},Ada {number},nora@shop.example\n" for number in range(6))
    people, problems = read(folder(tmp_path, customers=f"id,name,seen by\n{rows}"))
    assert not problems
    assert people.customers["email"].null_count() == 6


def test_customers_without_email_addresses_have_no_remark(tmp_path: Path) -> None:
    """A firm may write letters only."""
    people, _ = read(folder(tmp_path, customers="id,name,notes\n1,Ada,calls @ noon\n"))
    assert not [remark for remark in people.remarks if "email addresses" in remark.message]


def test_bad_rows_are_left_out(tmp_path: Path) -> None:
    """Up to the configured share each bad row is listed once, and the others are used."""
    text = "id,name,not_to_mention\n1,Bo,\n2,a\x01b,c\x01d\n"
    people, problems = read(folder(tmp_path, customers=text), most_bad=0.5)
    assert not problems
    assert (people.rows, people.customers.height) == (2, 1)
    assert [str(problem) for problem in people.bad_rows] == [
        "content/customers/customers.csv:3: column 'name': 'a\\u0001b' contains a control "
        "character; column 'not_to_mention': 'c\\u0001d' contains a control character\n"
        "  hint: retype the cell; it was probably pasted from elsewhere"
    ]


def test_a_bad_cell_does_not_cost_the_customer(tmp_path: Path) -> None:
    """Only the value is left out, with a remark, however many there are."""
    text = "id,name,email,birthday,points,last order,drink\n" + (
        '1,Bo,"a@b; c@d.example",vor Ostern,x,31.02.2026,tea\x01\n'
        "2,Ida,ida@example.com,31.02.2000,7,,tea\n"
    )
    people, problems = read(folder(tmp_path, customers=text), most_bad=0)
    assert not problems
    assert not people.bad_rows
    known = ("id", "name", "email", "birthday", "points", "last_order", "drink")
    assert people.customers.select(known).rows() == [
        ("1", "Bo", None, None, None, None, None),
        ("2", "Ida", "ida@example.com", None, 7, None, "tea"),
    ]
    remarks = [remark for remark in people.remarks if "the cell was left out" in remark.hint]
    assert [str(remark).partition("\n")[0] for remark in remarks] == [
        "content/customers/customers.csv:2: column 'email': 'a@b; c@d.example' is not an email "
        "address",
        "content/customers/customers.csv:2: column 'birthday': 'vor Ostern' is not a birthday",
        "content/customers/customers.csv:3: column 'birthday': '31.02.2000' is not a birthday",
        "content/customers/customers.csv:2: column 'points': 'x' is not a number",
        "content/customers/customers.csv:2: column 'last order': '31.02.2026' is not a date",
        "content/customers/customers.csv:2: column 'drink': 'tea\\u0001' contains a control "
        "character",
    ]


def test_too_many_bad_rows_stop_the_build(tmp_path: Path) -> None:
    """Beyond the configured share, with the first twenty of them."""
    text = "email\nok@example.com\n" + "bad\n" * 30
    _, problems = read(folder(tmp_path, customers=text))
    assert str(problems[0]) == (
        "content/customers/customers.csv: 30 of 31 rows cannot be read; at most 5% may\n"
        "  hint: correct these rows, or raise most_bad_rows under etiquette: in newsletter.yml"
    )
    assert len(problems) == 21


def test_a_ragged_row_counts_as_a_bad_row(tmp_path: Path) -> None:
    """It has the wrong number of cells."""
    people, _ = read(folder(tmp_path, customers="email,name\na@example.com\n" + GOOD[11:]))
    assert (people.rows, len(people.bad_rows), people.customers.height) == (3, 1, 2)


def test_problems_of_all_tables_are_reported_at_once(tmp_path: Path) -> None:
    """One table does not hide those of another."""
    made = folder(tmp_path, customers=GOOD, orders="a,b\n1,2\n", feedback="\n")
    _, problems = read(made)
    assert [problem.at.path for problem in problems if problem.at] == [
        "content/customers/orders.csv",
        "content/customers/feedback.csv",
    ]


def test_look_shows_ambiguous_dates_and_bad_rows(tmp_path: Path) -> None:
    """It refuses only files that are no table."""
    file = tmp_path / "x.csv"
    file.write_text("email,customer since\nbad,03/04/2026\nok@example.com,05/06/2026\n")
    people = read_look(file, shown="x.csv", year=2026)
    assert (people.rows, len(people.bad_rows), people.customers.height) == (2, 1, 1)
    assert "can be 3 April or 4 March" in str(people.remarks)
    file.write_text("")
    with pytest.raises(NewsletterError, match="the file is empty"):
        read_look(file, shown="x.csv", year=2026)


def test_hostile_rows_are_left_out_and_shown_harmlessly(tmp_path: Path) -> None:
    """With line breaks or control characters."""
    hostile = [
        "a\x00b",
        "a\x1bb",
        "=?utf-8?q?x?=",
        "a\r\nBcc: v@example.com",
        "x\u2028y",
    ]
    rows = "".join(f'{n},"{name}"\n' for n, name in enumerate(hostile))
    people, _ = read(folder(tmp_path, customers=f"id,name\n{rows}99,Ada\n" + "x" * 0), most_bad=1)
    assert people.customers["name"].to_list() == ["Ada"]
    assert len(people.bad_rows) == len(hostile)
    assert all(problem.message.isprintable() for problem in people.bad_rows)
