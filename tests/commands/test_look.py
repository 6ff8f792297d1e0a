"""`newsletter look` describes a customer file without a project."""

import re
from pathlib import Path

from support import run

TODAY = ("--today", "2026-11-05")


def test_look_describes_a_file(root: Path) -> None:
    """Columns, samples, findings and the next command to run."""
    result = run("look", root / "content/customers/customers.csv", *TODAY)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["first_name", "first_name", "text", "Zoë", "·", "Sam"] in lines
    assert "none of 2 customers may be emailed" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("next: newsletter init DIR --customers ")


def test_look_speaks_the_language_of_the_headers(tmp_path: Path) -> None:
    """Whoever keeps a German list reads German."""
    file = tmp_path / "kunden.csv"
    rows = "Nr;Vorname;Nachname;Geb.;Newsletter?;Bemerkung\n1;Ute;Lange;12.03.1979;ja;mag Tee\n"
    file.write_text(rows, encoding="utf-8")
    lines = run("look", file, "--today", "2026-03-12").stdout.splitlines()
    assert lines[0].endswith("kunden.csv: 1 Zeile")
    cells = [re.split("  +", line) for line in lines[2:9]]
    assert ["Spalte", "gelesen als", "wie", "zum Beispiel"] in cells
    assert ["Geb.", "birthday", "Geburtstag (DMY)", "1979-03-12"] in cells
    consent = "Zustimmung: ja, yes, oui, 1 … heißen ja (1 von 1)"
    assert ["Newsletter?", "consent_email", consent, "ja"] in cells
    assert "1 Geburtstag in dieser Woche" in lines
    assert lines[-1].startswith("weiter: newsletter init ORDNER --customers ")


def test_look_names_birthdays_of_the_next_seven_days(tmp_path: Path) -> None:
    """The week may cross the end of the year."""
    file = tmp_path / "c.csv"
    rows = (
        "id,name,birthday,last_order\n1,Ann,1980-01-02,2026-12-01\n2,Bob,1980-01-20,2025-01-01\n"
    )
    file.write_text(rows, encoding="utf-8")
    text = run("look", file, "--today", "2026-12-30").stdout
    assert "1 birthday this week\n    Ann (in 3 days)" in text
    assert "1 overdue for an order\n    Bob (last order 728 days ago)" in text
