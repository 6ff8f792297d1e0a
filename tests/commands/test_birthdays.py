"""`newsletter birthdays`: whose day it is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from support import run

from newsletter.commands.birthdays import birthdays_text

TODAY = dt.date(2026, 11, 3)
CUSTOMERS = """\
id,name,email,phone,birthday,customer_since,closed
1,Zoë,zoe@example.com,,1980-11-03,2020-11-09,
2,Sam,,+49 30 1,--11-05,,
3,Gone,gone@example.com,,1990-11-04,2010-11-04,yes
4,Late,late@example.com,,1990-11-10,,
5,Ida,ida@example.com,,1950-11-04,,
6,,,,1950-02-28,,
"""


@pytest.fixture
def shop(root: Path) -> Path:
    """Return a project with these customers, one of whom mourns."""
    folder = root / "content/customers"
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "occasions.csv").write_text("customer,date,occasion\n5,2026-10-20,death\n")
    return root


def test_the_days_of_the_week_come_in_order(shop: Path) -> None:
    """With the age if it is known, a warning, and the ways; without closed accounts."""
    assert birthdays_text(shop, days=7, today=TODAY) == (
        "4 birthdays and anniversaries in 7 days from Tuesday 2026-11-03\n\n"
        "Tuesday 2026-11-03    Zoë  turns 46              zoe@example.com\n"
        "Wednesday 2026-11-04  Ida  turns 76              "
        "mourns: no good wishes until 2027-01-18 · ida@example.com\n"
        "Thursday 2026-11-05   Sam  birthday              +49 30 1\n"
        "Monday 2026-11-09     Zoë  customer for 6 years  zoe@example.com\n\n"
        "next: newsletter plan, which says who writes or calls"
    )


def test_days_can_be_more(shop: Path) -> None:
    """Up to a year."""
    found = run("birthdays", "--days", "8", "--project", shop, "--today", "2026-11-03")
    assert "Late" in found.stdout
    assert run("birthdays", "--days", "0", "--project", shop).exit_code == 2


def test_a_week_without_any_says_so(shop: Path) -> None:
    """And nothing else."""
    text = birthdays_text(shop, days=1, today=dt.date(2026, 12, 24))
    assert text.startswith("0 birthdays and anniversaries on Thursday 2026-12-24\n\nnext")
