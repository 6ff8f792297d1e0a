"""A small firm with four customers, for tests of notes and history."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

CONFIG = """\
business:
  name: Desk
  postal_address: Desk, 1 rue Haute, L-1111 Luxembourg
  website: https://desk.example
  email: hello@desk.example
sender: {name: Desk, email: hello@desk.example}
links: {unsubscribe: "mailto:leave@desk.example"}
team:
  - {id: nora, name: Nora Feltes}
  - {id: tomas, name: Tomás Almeida}
"""
CUSTOMERS = """\
id,name,email,city,account_manager,newsletter
C-1,Anna Müller,anna@desk.example,Trier,nora,yes
C-2,Anna Kayser,kayser@desk.example,Metz,tomas,yes
C-3,Bob Weber,bob@desk.example,Arlon,nora,no
007,Zoë Ångström,zoe@desk.example,Trier,tomas,yes
"""
TALKS = """\
customer,date,member,channel,text,promise,promised_by,kept
C-1,2026-10-01,nora,call,Asked for blue ink,A sample of the ink,2026-10-30,
C-2,2026-10-01,tomas,visit,Two things,A catalogue,2026-10-20,
C-2,2026-10-02,tomas,visit,One more,A quote,2026-11-20,
C-3,2026-10-03,nora,call,No day was said,A call back,,
"""


def make_desk(root: Path) -> Path:
    """Write the project into the folder and return the folder."""
    customers = root / "content/customers"
    customers.mkdir(parents=True)
    (root / "content/newsletter.yml").write_text(CONFIG)
    (customers / "customers.csv").write_text(CUSTOMERS)
    (customers / "conversations.csv").write_text(TALKS)
    return root


def added_lines(root: Path, table: str) -> dict[str, list[str]]:
    """Return name → lines of every file that was added to a table."""
    folder = root / "content/customers" / table
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return {file.name: file.read_text("utf-8-sig").splitlines() for file in files}


def padded(row: str, columns: Collection[str]) -> str:
    """Return a row of a CSV file with empty cells for the columns at its end."""
    return row + "," * (len(columns) - 1 - row.count(","))
