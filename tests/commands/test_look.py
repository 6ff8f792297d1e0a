"""`newsletter look` describes a customer file without a project."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from support import run

from newsletter.commands.terminal import Bars

TODAY = ("--today", "2026-11-05")

LONG_WORKBOOK = """
import hashlib, sys
from python_calamine import CalamineWorkbook
from newsletter.commands import main
from newsletter.read.people import excel

class Long:
    def __init__(self, book): self.book = book
    def __getattr__(self, name): return getattr(self.book, name)
    from_filelike = classmethod(lambda cls, file: cls(CalamineWorkbook.from_filelike(file)))
    def get_sheet_by_name(self, name):
        print("reading", flush=True)
        hashlib.pbkdf2_hmac("sha256", b"", b"", (1 << 31) - 1)  # Python waits

excel.CalamineWorkbook = Long
main(["look", sys.argv[1]])
"""


def test_ctrl_c_stops_the_reader_of_workbooks(tmp_path: Path) -> None:
    """A library that reads for a minute asks nobody whether it should stop."""
    with xlsxwriter.Workbook(tmp_path / "list.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["id", "name"])
    command = [sys.executable, "-c", LONG_WORKBOOK, str(tmp_path / "list.xlsx")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "reading\n"
        child.send_signal(signal.SIGINT)
        _, error = child.communicate(timeout=60)
    assert (child.returncode, error.strip()) == (
        130,
        "Stopped. Your files are as they were before.",
    )


def test_look_says_that_it_reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A long file takes a minute."""
    steps: list[str] = []
    step = Bars.step
    monkeypatch.setattr(
        Bars, "step", lambda bars, name, total: steps.append(name) or step(bars, name, total)
    )
    (tmp_path / "c.csv").write_text("id,name\n1,Ida\n", encoding="utf-8")
    assert run("look", tmp_path / "c.csv").exit_code == 0
    assert run("init", tmp_path / "p", "--customers", tmp_path / "c.csv", "--yes").exit_code == 0
    assert steps == ["Reading files", "Reading files"]


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
