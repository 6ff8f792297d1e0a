"""Names of which a column holds half, and files in five more languages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsletter.commands.look import look_text
from newsletter.read.people.people_files import read_look

DAY = dt.date(2026, 11, 3)


def _named(tmp_path: Path, text: str) -> list[tuple[str, ...]]:
    file = tmp_path / "customers.csv"
    file.write_text(text, encoding="utf-8")
    people = read_look(file, shown=file.name, year=DAY.year)
    return people.customers.select("first_name", "last_name", "name").rows()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Name;Vorname;PLZ\nMüller;Anna;01067\n", ("Anna", "Müller", "Anna Müller")),
        ("Vorname;Name;PLZ\nAnna;Anna Müller;01067\n", ("Anna", None, "Anna Müller")),
        (
            "Nombre;Apellidos;CP\nAna;García López;28001\n",
            ("Ana", "García López", "Ana García López"),
        ),
        ("Nome;Cognome;CAP\nAnna Rossi;Rossi;20121\n", (None, "Rossi", "Anna Rossi")),
        ("Name;Vorname;Nachname;PLZ\nMüller;Anna;Müller;01067\n", ("Anna", "Müller", "Müller")),
        ("Name;Vorname;PLZ\nMüller;;01067\n", (None, None, "Müller")),
    ],
)
def test_a_column_of_names_is_what_the_other_lacks(
    tmp_path: Path, text: str, names: tuple[str | None, ...]
) -> None:
    """Unless its cells hold the other one, too, or both halves have a column."""
    assert _named(tmp_path, text) == [names]


def test_what_stands_between_belongs_to_the_last_name(tmp_path: Path) -> None:
    """As Dutch files have it in a column of its own."""
    text = (
        "Voornaam;Tussenvoegsel;Achternaam;Postcode\nJan;van der;Berg;1012 AB\nEva;;Smit;1013 AB\n"
    )
    assert sorted(_named(tmp_path, text)) == [
        ("Eva", "Smit", "Eva Smit"),
        ("Jan", "van der Berg", "Jan van der Berg"),
    ]


_FILES = {
    "it": "Cognome;Nome;Indirizzo;CAP;Città;Data di nascita;Cellulare;E-mail",
    "es": "Apellidos;Nombre;Dirección;Código postal;Ciudad;Fecha de nacimiento;Móvil;Correo",
    "nl": "Achternaam;Voornaam;Straat;Postcode;Plaats;Geboortedatum;Mobiel;E-mailadres",
    "pl": "Nazwisko;Imię;Ulica;Kod pocztowy;Miasto;Data urodzenia;Telefon;E-mail",
    "pt": "Sobrenome;Nome;Endereço;CEP;Cidade;Data de nascimento;Celular;E-mail",
}


@pytest.mark.parametrize("language", _FILES)
def test_files_in_other_languages_are_read(tmp_path: Path, language: str) -> None:
    """With the headers that people of five more languages write."""
    file = tmp_path / "customers.csv"
    row = "Rossi;Anna;Torino 1;20121;Torino;03.04.1980;+39 333 1234567;a@example.org"
    file.write_text(f"{_FILES[language]}\n{row}\n", encoding="utf-8")
    people = read_look(file, shown=file.name, year=DAY.year)
    fields = [
        "last_name",
        "first_name",
        "street",
        "postcode",
        "city",
        "birthday",
        "phone",
        "email",
    ]
    assert [column.field for column in people.columns] == fields
    assert "Anna Rossi" in look_text(file, today=DAY)
