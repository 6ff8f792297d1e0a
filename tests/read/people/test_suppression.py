"""Who is on the suppression list gets nothing, however the list was typed, named or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import settings

from newsletter.model.customs import Customs
from newsletter.plan.reach import on_list, ways

if TYPE_CHECKING:
    from read.people.conftest import Read

CUSTOMERS = (
    "id,name,email,newsletter,street,postcode,city\n"
    "4,Di,di@example.com,yes,High Street 1,10115,Berlin\n"
    "5,Zoë,zoë@example.com,yes,High Street 2,10115,Berlin\n"
    "6,Jo,jo@example.com,yes,High Street 3,10115,Berlin\n"
)


def listed(read: Read, files: dict[str, str]) -> set[str]:
    """Return the ids of customers on the list; nothing may be wrong with the files."""
    people, problems = read({"customers.csv": CUSTOMERS, **files})
    assert not problems
    on = people.customers.filter(on_list(people.tables["suppressed"]))
    return set(on["id"])


@pytest.mark.parametrize("sign", ["\ufeff", "\u200b", "\u2060", "\u200e", "\u00ad", "\u200d"])
@pytest.mark.parametrize("cell", ["{}di@example.com", "di@example.com{}", "di@{}example.com"])
def test_invisible_characters_save_nobody_from_the_list(cell: str, sign: str, read: Read) -> None:
    """A copied address often has one."""
    assert listed(read, {"suppressed.csv": f"email\nx@example.com\n{cell.format(sign)}\n"}) == {
        "4"
    }


@pytest.mark.parametrize("parts", ["; ", ", ", " / ", " ", " und ", ";", "|"])
@pytest.mark.parametrize("suppressed", ["Old@example.com", "new@example.com"])
def test_a_customer_with_several_addresses_is_on_the_list_by_each(
    suppressed: str, parts: str, read: Read
) -> None:
    """Nobody knows which of them the customer meant."""
    cell = f"old@example.com{parts}new@example.com"
    customers = f'id,name,email,newsletter\n7,Al,"{cell}",yes\n8,Bo,bo@example.com,yes\n'
    files = {"customers.csv": customers, "suppressed.csv": f"email\n{suppressed}\n"}
    assert listed(read, files) == {"7"}


@pytest.mark.parametrize(
    ("cell", "who"),
    [
        ("DI@EXAMPLE.COM", {"4"}),
        ("ｄｉ@example.com", {"4"}),
        ("Di <di@example.com>", {"4"}),
        ("mailto:di@example.com", {"4"}),
        ("zoë@example.com", {"5"}),
        ("Zoe\u0308@example.com", {"5"}),
        ("gone@example.com", set()),
    ],
)
def test_an_address_is_found_however_it_is_written(cell: str, who: set[str], read: Read) -> None:
    """Letters beyond ASCII count too, though few servers accept them."""
    assert listed(read, {"suppressed.csv": f"email\n{cell}\n"}) == who


@pytest.mark.parametrize(
    "cell", ["Di: di@example.com; d@example.org", "Di di@example.com", "di@example.com."]
)
def test_an_address_that_cannot_be_read_is_found_on_the_list(cell: str, read: Read) -> None:
    """The customer stays without it, and must get no letter instead."""
    customers = f'id,name,email\n4,Di,"{cell}"\n5,Jo,\n'
    files = {"customers.csv": customers, "suppressed.csv": "email\ndi@example.com\n"}
    people, problems = read(files)
    assert not problems
    assert people.customers["email"].to_list() == [None, None]
    assert list(people.customers.filter(on_list(people.tables["suppressed"]))["id"]) == ["4"]


def test_somebody_whose_address_is_left_out_gets_no_letter_instead(read: Read) -> None:
    """The list is about the person, who may have agreed to nothing else."""
    files = {"customers.csv": CUSTOMERS, "suppressed.csv": "email\nzoë@example.com\n"}
    people, _ = read(files)
    table = ways(
        people.customers.with_columns(pl.col("country").fill_null("DE")),
        suppressed=people.tables["suppressed"],
        config=settings(),
        customs=Customs(),
    )
    reasons = dict(zip(people.customers["id"], table["no_letter"], strict=True))
    assert reasons["5"] == "on the suppression list"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("id,email\n4,\n", None),
        ("id,email\n77,\n", "the row names nobody who can be found"),
        ("id,email,date\n,,2024-01-01\n", "the row names nobody who can be found"),
        ("email\ndi at example.com\n", "'di at example.com' is not an email address"),
        ("email\ndi@example.com jo@example.com\n", "is not an email address"),
        ("email\nd\u0456@example.com\n", "mixes Latin letters with letters that look like them"),
        ("id,email\n6,di@example.com\n", None),
    ],
)
def test_each_row_suppresses_somebody_or_stops_the_build(
    rows: str, problem: str | None, read: Read
) -> None:
    """A number counts only where there is no address: it may be another program's."""
    people, problems = read({"customers.csv": CUSTOMERS, "suppressed.csv": rows})
    if problem is None:
        assert not problems
        assert list(people.customers.filter(on_list(people.tables["suppressed"]))["id"]) == ["4"]
    else:
        assert problem in "\n".join(map(str, problems))


@pytest.mark.parametrize(
    "name",
    [
        "Suppressed.csv",
        "suppressed .csv",
        "supressed.csv",
        "suppression-list.csv",
        "unsubscribed.csv",
        "unsubscribed_members_export_2f1.csv",
        "Abgemeldet 2026.csv",
        "Abmeldungen.tsv",
        "désabonnés.txt",
        "opt-out.csv",
        "suppressed/2026-01.csv",
    ],
)
def test_a_list_is_read_under_any_name_that_says_what_it_is(name: str, read: Read) -> None:
    """Several files together are one list."""
    both = {name: "email\ndi@example.com\n", "suppressed.csv": "email\njo@example.com\n"}
    assert listed(read, both) == {"4", "6"}


@pytest.mark.parametrize("name", ["abgemeldet.docx", "unsubscribed", "suppressed.csv.bak"])
def test_a_list_that_cannot_be_read_stops_the_build(name: str, read: Read) -> None:
    """A skipped list would mail those who had said no."""
    _, problems = read({"customers.csv": CUSTOMERS, name: "email\ndi@example.com\n"})
    assert [problem.message for problem in problems] == [
        "the file seems to list who must get no email, but it cannot be read"
    ]


@pytest.mark.parametrize(
    "name", ["~$suppressed.xlsx", ".~lock.suppressed.csv#", ".suppressed.csv.swp"]
)
def test_files_of_open_programs_are_no_lists(name: str, read: Read) -> None:
    """Excel, LibreOffice and editors put them beside the file that is open."""
    assert listed(read, {name: "x", "suppressed.csv": "email\ndi@example.com\n"}) == {"4"}


@pytest.mark.parametrize(
    "name", ["subscribed.csv", "customers-old.csv", "compressed.csv", "angemeldet.csv"]
)
def test_other_files_suppress_nobody(name: str, read: Read) -> None:
    """Even if their names look alike."""
    assert listed(read, {name: "email\ndi@example.com\n"}) == set()


PARTS = ["di@example.com", "Di", "<", ">", ",", ";", "ë", "\u200b", "\u0456", "4", "x", " ", "@"]


@given(st.lists(st.sampled_from(PARTS), max_size=5).map("".join))
def test_no_row_passes_unnoticed(read: Read, cell: str) -> None:
    """It is an address of the list afterwards, or there is a problem."""
    quoted = cell.replace('"', '""')
    people, problems = read(
        {"customers.csv": CUSTOMERS, "suppressed.csv": f'email,why\n"{quoted}",x\n'}
    )
    assert problems or people.tables["suppressed"]["email"].count() == 1


@pytest.mark.parametrize(
    "cell",
    [
        "'di@example.com", "(di@example.com)", "“di@example.com”", "„di@example.com“",
        "[di@example.com", "* di@example.com", "- di@example.com", "• di@example.com",
        ": di@example.com", "/di@example.com", "=di@example.com", "!di@example.com",
        "di@example.com.", "di@example.com,", "di@example.com)",
        "mailto:di@example.com?subject=stop", "di@example.com?subject=x", "di'@example.com",
    ],
)  # fmt: skip
def test_signs_around_an_address_save_nobody(cell: str, read: Read) -> None:
    """Excel and people leave them; what stays unclear stops the build."""
    people, problems = read({"customers.csv": CUSTOMERS, "suppressed.csv": f'email\n"{cell}"\n'})
    on = people.customers.filter(on_list(people.tables["suppressed"])) if not problems else None
    assert problems or set(on["id"]) == {"4"}  # type: ignore[index]


@pytest.mark.parametrize(
    "sign",
    [
        *"\U000e0020\U000e0062\U000e0100\u2065\ufff0\U0001d173\U0001bca0\u0600\u06dd\u070f\u08e2",
        *"\U000110bd\U00013430\u0001\u007f\u0085\u2800\ufffd\ufffe\u3164\u00a0\u2009\u202f",
    ],
)
@pytest.mark.parametrize(
    "cell", ["{}di@example.com", "d{}i@example.com", "di@exa{}mple.com", "di@example.com{}"]
)
def test_no_unseen_character_saves_anybody(cell: str, sign: str, read: Read) -> None:
    """It suppresses or stops the build; in the customers' file, no letter goes instead."""
    listed_so = {"customers.csv": CUSTOMERS, "suppressed.csv": f'email\n"{cell.format(sign)}"\n'}
    people, problems = read(listed_so)
    if not problems:
        assert "4" in people.customers.filter(on_list(people.tables["suppressed"]))["id"]
    customers = CUSTOMERS.replace("di@example.com", f'"{cell.format(sign)}"')
    people, problems = read(
        {"customers.csv": customers, "suppressed.csv": "email\ndi@example.com\n"}
    )
    assert problems or "4" in people.customers.filter(on_list(people.tables["suppressed"]))["id"]


@pytest.mark.parametrize(
    "cell",
    ["di@ example.com", "di@example,com", "di @example.com", "di@@example.com", "di@example"],
)
def test_an_address_with_a_slip_stops_the_build(cell: str, read: Read) -> None:
    """Nobody can say whom it means."""
    _, problems = read({"customers.csv": CUSTOMERS, "suppressed.csv": f'email\n"{cell}"\n'})
    assert "is not an email address" in "\n".join(map(str, problems))


def test_a_quoted_address_of_a_customer_is_read_without_its_quotes(read: Read) -> None:
    """It is mailed as what it is, and suppressed as that."""
    people, _ = read({"customers.csv": "id,name,email\n4,Di,'di@example.com\n"})
    assert people.customers["email"].to_list() == ["di@example.com"]


@pytest.mark.parametrize(
    "name",
    [
        "Suppressed/2026.csv", "Unsubscribed/2026.csv", "abgemeldet/x.csv",
        "nicht anschreiben.csv", "gekündigt.csv", "unsub.csv", "Widerrufe.csv",
        "Werbesperre.csv", "complaints.csv",
    ],
)  # fmt: skip
def test_further_names_of_lists_and_folders(name: str, read: Read) -> None:
    """Whatever says that somebody must get nothing."""
    assert listed(read, {name: "email\ndi@example.com\n"}) == {"4"}


def test_a_hidden_list_stops_the_build(read: Read) -> None:
    """Nobody hides a list to have people mailed."""
    _, problems = read({"customers.csv": CUSTOMERS, ".suppressed.csv": "email\ndi@example.com\n"})
    assert "it cannot be read" in str(problems[0])


def test_each_address_and_number_of_a_row_counts(read: Read) -> None:
    """In a second column, too; a number beside an address only below our own header."""
    assert listed(read, {"suppressed.csv": "email,email 2\nx@example.com,di@example.com\n"}) == {
        "4"
    }
    assert listed(read, {"suppressed.csv": "email,customer\nold@example.org,6\n"}) == {"6"}
    assert listed(read, {"suppressed.csv": "customer\n6\n"}) == {"6"}
