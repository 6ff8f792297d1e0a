"""Zeros that Excel drops come back where nothing else can be meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.errors import Problem
from newsletter.model.project import People

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]


def values(look: Look, field: str, *rows: str) -> list[str | None]:
    """Return a field of customers with `country,city,postcode,phone` as in *rows*."""
    lines = "\n".join(f"{n},c{n}@example.com,{row}" for n, row in enumerate(rows, 10))
    people = look(f"id,email,country,city,postcode,phone\n{lines}\n")
    return list(people.customers.sort("id")[field])


@pytest.mark.parametrize(
    ("country", "written", "right"),
    [
        ("DE", "1067", "01067"),
        ("FR", "1000", "01000"),
        ("IT", "118", "118"),
        ("ES", "8001", "08001"),
        ("US", "2134", "02134"),
        ("US", "501", "00501"),
        ("NO", "150", "0150"),
        ("RO", "10011", "010011"),
        ("AT", "1010", "1010"),
        ("CH", "8001", "8001"),
        ("GB", "1067", "1067"),
        ("DE", "01067", "01067"),
        ("DE", "10115", "10115"),
        ("DE", "1 067", "01067"),
        ("DE", "D-01067", "01067"),
        ("NO", "N-0150", "0150"),
        ("US", "46402-1234", "46402-1234"),
        ("", "D-01067", "01067"),
        ("", "A-1010", "A-1010"),
        ("", "123 45", "123 45"),
        ("GB", "LS1 4DY", "LS1 4DY"),
    ],
)
def test_postcodes_of_a_country(look: Look, country: str, written: str, right: str) -> None:
    """The country says how many digits there are."""
    assert values(look, "postcode", f"{country},X,{written},") == [right]


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("DE", '"1067,Dresden"'),
        ("DE", "O1067"),
        ("DE", "00000"),
        ("DE", "011067"),
        ("", "00000"),
        ("", "O1067"),
    ],
)
def test_a_postcode_that_is_none_is_told(look: Look, country: str, written: str) -> None:
    """It stays, but letters may not arrive."""
    people = look(f"id,name,country,postcode,street\n1,A,{country},{written},Weg 1\n")
    plain = written.strip('"')
    assert people.customers["postcode"].to_list() == [plain]
    told = f"'{plain}' is no postcode" + (f" of {country}" if country else "")
    assert told in [remark.message for remark in people.remarks]


def test_a_number_without_digits_is_left_empty(look: Look) -> None:
    """And told with its count."""
    people = look("id,phone\n1,-\n2,keine\n3,-\n4,01711234570\n")
    assert people.customers.sort("id")["phone"].to_list() == [None, None, None, "01711234570"]
    told = [remark.message for remark in people.remarks if "digit" in remark.message]
    assert told == [
        "column 'phone': '-' (2 times) has no digit and was left empty",
        "column 'phone': 'keine' (1 time) has no digit and was left empty",
    ]


def test_postcodes_of_a_town(look: Look) -> None:
    """Others of the town tell; 1010 Wien in a German list stays, and is asked about."""
    rows = [",Dresden,01219,", ",dresden,1099,", ",Wien,1010,", ",Dresden,8099,", ",Berlin,10115,"]
    rows += [",Ulm,89073,", ",Ulm,89075,"]
    read = values(look, "postcode", *rows)
    assert read == ["01219", "01099", "1010", "8099", "10115", "89073", "89075"]


def test_remarks_name_what_was_mended_and_what_is_in_doubt(look: Look) -> None:
    """With the first row and the cure."""
    people = look(
        "name,postcode,city,phone,email\nA,01219,Dresden,0171 1234567,a@example.com\n"
        "B,1099,Dresden,1711234570,b@example.com\nC,89073,Ulm,,c@example.com\n"
        "D,1010,Wien,,d@example.com\nE,1097,Dresden,491711234570,e@example.com\n"
    )
    assert [str(remark) for remark in people.remarks][1:] == [
        "customers.csv:3: postcode '1099' was read as '01099', because Excel drops its beginning "
        "(and 1 more)\n  hint: format the column as text before you enter such numbers, "
        "so that Excel keeps the zero",
        "customers.csv:5: postcode '1010' has fewer digits than 5: "
        "a first zero may be lost\n"
        "  hint: write all its digits, or the country in a column 'country'",
        "customers.csv:3: phone '1711234570' was read as '01711234570', because Excel drops its "
        "beginning (and 1 more)\n  hint: format the column as text before you enter such numbers, "
        "so that Excel keeps the zero",
    ]


def test_an_austrian_list_is_left_as_it_is(look: Look) -> None:
    """Where most postcodes have four digits, nothing is in doubt."""
    people = look("name,postcode,city\nA,1010,Wien\nB,8010,Graz\nC,80331,München\n")
    assert people.customers["postcode"].to_list() == ["1010", "8010", "80331"]
    assert not [remark for remark in people.remarks if "digits" in remark.message]


@pytest.mark.parametrize(
    ("country", "postcode", "told"),
    [("FR", "1500", True), ("IT", "187", True), ("DE", "187", False), ("AT", "1010", False)],
)
def test_the_country_of_the_firm_tells_what_is_too_short(
    read: Read, country: str, postcode: str, *, told: bool
) -> None:
    """Where no row names a country, however many are too short."""
    shop = {"name": "A", "postal_address": "B", "website": "https://a.example"}
    business = {**shop, "email": "a@a.example", "country": country}
    rows = f"id,name,postcode\n1,A,{postcode}\n2,B,{postcode}\n"
    people, _ = read({"customers.csv": rows}, business=business)
    remarks = [r.message for r in people.remarks if "may be lost" in r.message]
    first = f"postcode '{postcode}' has fewer digits than 5: a first zero may be lost (and 1 more)"
    assert remarks == ([first] if told else [])


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        (["DE,X,,1711234570"], ["01711234570"]),
        (["DE,X,,491711234570"], ["+491711234570"]),
        (["FR,X,,612345678"], ["0612345678"]),
        (["GB,X,,7911123456"], ["07911123456"]),
        (["US,X,,1711234570"], ["1711234570"]),
        ([",X,,1711234570"], ["1711234570"]),
        ([",X,,+49 160/516425", ",X,,1711234570"], ["+49 160/516425", "01711234570"]),
        ([",X,,0160 5164251", ",X,,1711234570"], ["0160 5164251", "01711234570"]),
        (["DE,X,,3511234567"], ["3511234567"]),
        (["DE,X,,0171 1234570"], ["0171 1234570"]),
    ],
)
def test_mobile_numbers(look: Look, rows: list[str], right: list[str]) -> None:
    """A number without a prefix of mobiles may be one without its area code."""
    assert values(look, "phone", *rows) == right
