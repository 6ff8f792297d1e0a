"""Texts, lists and choices: read as written, or refused if they could do harm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.model.project import People
from newsletter.read.people.findings import Column, Findings
from newsletter.read.people.values.choices import (
    CHANNELS,
    read_country,
    read_language,
    replace_words,
)
from newsletter.read.people.values.texts import (
    read_address,
    read_code,
    read_list,
    read_long_text,
    read_name,
)
from newsletter.read.people.values.yes_and_no import read_yes_no

Make = Callable[..., Column]
Look = Callable[..., People]

NAMES = [
    "Madonna",
    "O'Brien",
    "Null",
    "No",
    "Nan",
    "van der Berg",
    "X",
    "n" * 300,
    "李小明",
    "שרה כהן",
    "👩‍👩‍👧 Meier",
    "D’Angelo-Smith, Jr.",
    "#1 Plumbing",
    "=1+1",
    "<b>Bo</b>",
    "{{ 7*7 }}",
    "*|EMAIL|*",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_arrive_unchanged(name: str, look: Look) -> None:
    """A name is an opaque string: never split, recased, normalised or read as missing."""
    quoted = name.replace('"', '""')
    people = look(f'id,Name,First name\n1,"{quoted}",\n2,,"{quoted}"\n')
    assert people.customers["name"].to_list() == [name, name]
    assert people.customers["first_name"].to_list() == [None, name]
    assert not people.bad_rows


@pytest.mark.parametrize(
    "sign",
    [
        "\x01",
        "\x7f",
        "\x9f",
        "\u2028",
        "\u2029",
        "\n",
        "\t",
    ],
)
def test_control_characters_in_names(sign: str, look: Look) -> None:
    """Such a row is left out; the finding names the field."""
    people = look(f'id,First name\n1,"Id{sign}a"\n2,Bo\n')
    assert people.customers["id"].to_list() == ["2"]
    assert [str(problem) for problem in people.bad_rows] == [
        f"customers.csv:2: column 'First name': 'Id\\u{ord(sign):04x}a' "
        "contains a control character\n"
        "  hint: retype the cell; it was probably pasted from elsewhere"
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Zoe\u0308", "Zo\u00eb"),
        ("\ufeffAda", "Ada"),
        ("A\u00adda\u200b", "Ada"),
        ("\u202aAda\u202c", "Ada"),
        ("\u2066Ada\u2069 \u200e", "Ada"),
        ("ن\u200cا", "ن\u200cا"),
    ],
)
def test_letters_are_composed_and_nobody_sees_what_is_removed(
    written: str, name: str, look: Look
) -> None:
    """Joiners stay, because some scripts and emoji need them."""
    people = look(f'id,Name\n\u200e1,"{written}"\n')
    assert people.customers.select("id", "name").rows() == [("1", name)]


def test_encoded_words_in_names(column: Make, findings: Findings) -> None:
    """`=?` could become another recipient in some mail programs."""
    read_name(column("=?utf-8?q?a=0D=0ABcc:_v@evil.example?= Ö"), findings)
    assert "contains '=?', as if encoded" in str(findings.bad_rows()[0])


def test_line_breaks(column: Make, findings: Findings) -> None:
    """They stay in long text and become commas in an address."""
    assert read_long_text(column("a\r\nb\tc\rd"), findings).values[0] == "a\nb\tc\nd"
    assert read_address(column("Unit 5 \r\n Weg 7"), findings).values[0] == "Unit 5, Weg 7"
    assert not findings.faults


def test_codes_stay_text(column: Make, findings: Findings) -> None:
    """Leading zeros and plus signs stay; the apostrophe with which Excel marks text is removed."""
    cells = column("00123", "'00123", "'+49 30", "+49 30", "012345678901234567890")
    assert read_code(cells, findings).values.to_list() == [
        "00123",
        "00123",
        "+49 30",
        "+49 30",
        "012345678901234567890",
    ]


def test_lists(column: Make, findings: Findings) -> None:
    """With any usual separator; quotes, asterisks and repeated items are removed."""
    cells = column(
        "Tea, paper", '"VIP","Blog"', "a; b|c\nd", "Kunden ::: * myContacts", " , ", "a,a"
    )
    assert read_list(cells, findings, lower=False).values.to_list() == [
        ["Tea", "paper"],
        ["VIP", "Blog"],
        ["a", "b", "c", "d"],
        ["Kunden", "myContacts"],
        None,
        ["a"],
    ]
    assert read_list(column("Tea, TEA"), findings, lower=True).values.to_list() == [["tea"]]


def test_yes_and_no(column: Make, findings: Findings) -> None:
    """Words of several languages; an empty cell is no answer; another word is a remark."""
    cells = column("Yes", "ja", "1", "x", "nein", "0", None, "perhaps")
    values = read_yes_no(cells, findings, other=False).values.to_list()
    assert values == [True, True, True, True, False, False, None, False]
    assert [str(remark) for remark in findings.remarks] == [
        "f.csv:1: column 'H': 'perhaps' (1 time) counts as no\n  hint: write yes or no"
    ]


def test_channels(column: Make, findings: Findings) -> None:
    """Usual words for a channel are understood; an unknown one is left empty with a remark."""
    cells = column("E-Mail", "Brief", "Telefon", "carrier pigeon")
    values = replace_words(cells, findings, ours=CHANNELS, noun="channel").values.to_list()
    assert values == ["email", "letter", "call", None]
    assert "'carrier pigeon' (1 time) is not a channel and was left empty" in str(
        findings.remarks[0]
    )


def test_countries(column: Make, findings: Findings) -> None:
    """Codes and names in English, German and French."""
    cells = column("DE", "de", "DEU", "Germany", "Deutschland", "Allemagne", "UK", "USA", "Mordor")
    values = read_country(cells, findings).values.to_list()
    assert values == ["DE"] * 6 + ["GB", "US", None]
    assert "'Mordor' (1 time) is not a country and was left empty" in str(findings.remarks[0])


def test_norway_is_not_no(column: Make, findings: Findings) -> None:
    """NO is a country."""
    assert read_country(column("NO"), findings).values.to_list() == ["NO"]


def test_languages(column: Make, findings: Findings) -> None:
    """Tags and names, also the name of a language in itself."""
    cells = column("de-CH", "fr_FR", "EN", "Deutsch", "French", "español", "Klingonisch?")
    values = read_language(cells, findings).values.to_list()
    assert values == ["de", "fr", "en", "de", "fr", "es", None]
