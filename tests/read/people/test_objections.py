"""Who says no in any column gets no email, and nothing reaches those who have died."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.errors import Problem
from newsletter.model.project import People

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]
NO = """
Abmeldedatum, Abmeldung, Abmeldung am, Newsletterabmeldung, Gekündigt am, Kündigungsdatum,
Widerrufen am, Widerrufsdatum, Austrittsdatum, Nicht anschreiben, Kein Kontakt, Newsletter
nein, Gesperrt, Robinson, Robinsonliste, Bounced, Hard bounce, Opted out on, Unsubscribe date,
Do not mail, No mail, Blocked, Suppressed, Date de désabonnement, Résilié le, Ne pas contacter,
Fecha de baja, No contactar, Data disiscrizione, Non contattare, Uitgeschreven op, Afgemeld,
Geen contact, Descadastrado, Não contatar, Wypisany, Rezygnacja, Nie kontaktować
"""
DIED = """
verstorben am, Todesdatum, Sterbedatum, Date of death, Died on, Date de décès, Décédée,
Fallecido, Fecha de fallecimiento, Deceduto, Data di decesso, Overleden op, Falecida, Data de
óbito, Zmarły, Data zgonu
"""


def headers(text: str) -> list[str]:
    """Return the headers of a list."""
    return [" ".join(header.split()) for header in text.split(",")]


def mailed(people: People) -> list[bool]:
    """Return who gets email, in the order of the file."""
    rows = people.customers.sort("row").select("consent_email", "closed").rows()
    return [agreed and not closed for agreed, closed in rows]


@pytest.mark.parametrize("header", headers(NO))
def test_whatever_fills_a_column_of_objections_says_no(header: str, look: Look) -> None:
    """A yes, a day, and words that nobody understands, which are told with the costs."""
    people = look(f"id,Newsletter,{header}\n1,yes,ja\n2,yes,2025-03-01\n3,yes,by hand\n4,yes,\n")
    assert mailed(people) == [False, False, False, True]
    assert people.customers.sort("row")["objection"].to_list() == [True, True, True, False]
    assert [remark.message for remark in people.remarks] == [
        f"column '{header}': 'by hand' (1 time) counts as an objection",
        f"column '{header}' takes consent from 3 of 4 customers who said yes",
    ]


@pytest.mark.parametrize("header", headers(DIED))
def test_nothing_reaches_those_who_have_died(header: str, look: Look) -> None:
    """Whether the column says yes or the day."""
    people = look(f"id,Newsletter,{header}\n1,yes,2025-03-01\n2,yes,yes\n3,yes,\n4,yes,no\n")
    assert mailed(people) == [False, False, True, True]
    assert people.customers.sort("row")["closed"].to_list() == [True, True, None, False]


def test_either_of_two_columns_closes_an_account(look: Look) -> None:
    """The stricter counts."""
    people = look("id,closed,Verstorben am\n1,no,2025-03-01\n2,yes,\n3,no,\n")
    assert people.customers.sort("row")["closed"].to_list() == [True, True, False]


@pytest.mark.parametrize("header", ["Status", "Mitgliedsstatus", "Email Status", "Tags", "Notiz"])
@pytest.mark.parametrize(
    "word",
    ["abgemeldet", "Unsubscribed", "cleaned", "bounced", "Abgemeldet am 3.4.2025", "DÉSABONNÉE"],
)
def test_words_of_objection_in_further_columns(header: str, word: str, look: Look) -> None:
    """They count whatever the column is called, and are told."""
    people = look(f"id,Newsletter,{header}\n1,yes,{word}\n2,yes,active\n3,yes,\n")
    assert mailed(people) == [False, True, True]
    assert [remark.message for remark in people.remarks] == [
        f"column '{header}': '{word}' (1 time) counts as an objection",
        f"column '{header}' takes consent from 1 of 3 customers who said yes",
    ]


@pytest.mark.parametrize("header", ["Status", "Tags", "Notiz"])
@pytest.mark.parametrize("word", ["verstorben", "Deceased", "décédé", "†"])
def test_words_of_death_in_further_columns(header: str, word: str, look: Look) -> None:
    """They close the account."""
    people = look(f"id,Newsletter,{header}\n1,yes,{word}\n2,yes,active\n")
    assert people.customers.sort("row")["closed"].to_list() == [True, None]
    assert [remark.message for remark in people.remarks] == [
        f"column '{header}': '{word}' (1 time) means that the customer has died: nothing goes out"
    ]


def test_a_tag_among_others(look: Look) -> None:
    """Each tag is compared as a whole."""
    rows = '1,yes,"vip, unsubscribed"\n2,yes,"vip; Verstorben"\n3,yes,"not unsubscribed, vip"\n'
    assert mailed(look(f"id,Newsletter,Tags\n{rows}")) == [False, False, True]


@pytest.mark.parametrize(
    "note",
    [
        "ne plus contacter !",
        "Hund Bello. Bitte nicht mehr anschreiben",
        "bitte keine weiteren Mails",
        "pas de pub",
        "Pas d’e-mails, svp",
        "NE PLUS ECRIRE",
        "NE PLUS ÉCRIRE",
        "Please don't email",
        "möchte keinen Newsletter",
        "no más correos",
        "non contattare",
        "geen reclame",
        "bez reklam",
    ],
)
def test_a_note_that_refuses_email_in_a_sentence(note: str, look: Look) -> None:
    """Wherever it stands in the cell; it is told."""
    people = look(f'id,Newsletter,Note\n1,yes,"{note}"\n')
    assert mailed(people) == [False]
    assert f"column 'Note': '{note}' (1 time) counts as an objection" in [
        remark.message for remark in people.remarks
    ]


@pytest.mark.parametrize(
    "note",
    [
        "nicht anrufen, lieber Mail",
        "keine Mail-Adresse",
        "no contact since 2019",
        "trinkt keinen Kaffee; schreibt gern Mails",
        "nie vor 10 Uhr anrufen",
        "ne pas appeler",
        "mail only",
    ],
)
def test_a_note_that_refuses_something_else(note: str, look: Look) -> None:
    """Costs nobody the consent."""
    people = look(f'id,Newsletter,Note\n1,yes,"{note}"\n')
    assert mailed(people) == [True]
    assert not people.remarks


@pytest.mark.parametrize(
    "column",
    [
        "Unsubscribe link,https://a.example/1",
        "Widerrufsbelehrung erhalten,ja",
        "Kündigungsfrist,3 months",
        "Partner verstorben am,2025-01-01",
        "SMS status,unsubscribed",
        "Auto,Auto abgemeldet",
        "Prioridad,baja",
    ],
)
def test_columns_about_something_else(column: str, look: Look) -> None:
    """They cost nobody the consent."""
    header, cell = column.split(",")
    people = look(f"id,Newsletter,{header}\n1,yes,{cell}\n")
    assert mailed(people) == [True]
    assert not people.remarks


@pytest.mark.parametrize("column", ["Fahrzeug abgemeldet,ja", "Status,abgemeldet", "Died on,x"])
def test_newsletter_yml_says_that_a_column_is_something_else(column: str, read: Read) -> None:
    """As the remark says how."""
    header, cell = column.split(",")
    files = {"customers.csv": f"id,Newsletter,{header}\n1,yes,{cell}\n"}
    people, _ = read(files)
    assert mailed(people) == [False]
    people, problems = read(files, columns={"of_car": header})
    assert (mailed(people), problems, people.remarks) == ([True], [], ())


def test_a_second_consent_column_must_agree(look: Look) -> None:
    """Under a number, or twice the same header."""
    for header in ("Newsletter 2", "Newsletter", "Newsletter (2)"):
        assert mailed(look(f"id,Newsletter,{header}\n1,yes,nein\n2,yes,ja\n")) == [False, True]


def test_a_no_in_a_column_like_consent_is_one(read: Read) -> None:
    """Until newsletter.yml says which column decides."""
    files = {"customers.csv": "id,Newsletter,Werbung erlaubt\n1,yes,nein\n2,yes,\n3,yes,ja\n"}
    people, _ = read(files)
    assert mailed(people) == [False, True, True]
    message = "column 'Werbung erlaubt' takes consent from 1 of 3 customers who said yes"
    assert message in [remark.message for remark in people.remarks]
    assert mailed(read(files, consent={"column": "Newsletter"})[0]) == [True, True, True]
