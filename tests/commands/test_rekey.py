"""New customer ids: shown first, then written into all tables in one step."""

from __future__ import annotations

import datetime as dt
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from desk import make_desk
from hypothesis import given
from hypothesis import strategies as st
from made import people_of

from newsletter.commands.inputs import read_customers
from newsletter.commands.rekey import rekey
from newsletter.errors import NewsletterError
from newsletter.read.people.new_ids import new_ids, rekeyed

TODAY = dt.date(2026, 11, 27)
OLD = "id,name,email\nC-1,Anna,a@x.example\nC-2,Bob,b@x.example\nC-3,Cleo,c@x.example\n"
NEW = (
    "customer number,name,email\nC-2,Anna,A@x.example\nC-9,Bob,b@x.example\nC-1,Zoe,z@x.example\n"
)
TABLES = {
    "orders.csv": 'customer;date;amount\r\n"C-1";2026-01-01;1,50\r\nC-2;2026-01-02;2\r\n',
    "history/a.csv": "customer,date,practice,key\n"
    "C-1,2026-01-01,recommendation,C-2\nC-2,2026-01-02,birthday,C-1\nb@x.example,2026-01-03,x,\n",
    "conversations/2026.csv": 'customer,date,text\nC-3,2026-01-01,"C-1, he said"\n'
    "gone,2026-02-01,b\n",
    "feedback.csv": "id,customer,score\nC-1,C-1,9\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the small firm whose shop numbers its customers anew."""
    make_desk(tmp_path)
    folder = tmp_path / "content/customers"
    (folder / "customers.csv").rename(tmp_path / "desk.csv")
    (folder / "customers.csv").write_text(NEW)
    (tmp_path / "old.csv").write_text(OLD)
    for name, text in TABLES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return tmp_path


def _tables(root: Path) -> dict[str, str]:
    return {name: (root / "content/customers" / name).read_bytes().decode() for name in TABLES}


def _rekey(root: Path, *, write: bool, by: tuple[str, ...] = ("email",)) -> str:
    return rekey(root, root / "old.csv", None, by=by, write=write, today=TODAY)


def test_what_it_will_do_is_shown_first(root: Path) -> None:
    """Ids, customers without a match and the rows of each file; nothing is written."""
    shown = _rekey(root, write=False)
    assert "C-1  →  C-2" in shown
    assert "C-2  →  C-9" in shown
    assert "1 without a match, left as they are: C-3" in shown
    assert re.search(r"customers/orders.csv +2 rows", shown)
    assert "1 rows name nobody" in shown
    assert shown.endswith("--write")
    assert _tables(root) == TABLES


def test_only_the_ids_differ(root: Path) -> None:
    """Each id is replaced once, also where the new one is somebody's old one."""
    _rekey(root, write=True)
    assert _tables(root) == {
        "orders.csv": TABLES["orders.csv"].replace("C-2", "C-9").replace("C-1", "C-2"),
        "history/a.csv": "customer,date,practice,key\n"
        "C-2,2026-01-01,recommendation,C-9\nC-9,2026-01-02,birthday,C-1\nb@x.example,2026-01-03,x,\n",
        "conversations/2026.csv": TABLES["conversations/2026.csv"],
        "feedback.csv": "id,customer,score\nC-1,C-2,9\n",
    }
    orders = read_customers(root, TODAY)[1].tables["orders"]
    assert sorted(orders.select("customer", "amount").rows()) == [("C-2", 1.5), ("C-9", 2.0)]
    log = root / "content/customers/rekeyed/2026-11-27.csv"
    assert log.read_text() == "old,new\nC-1,C-2\nC-2,C-9\n"


def test_the_same_ids_are_not_written_twice(root: Path) -> None:
    """Else those that are old and new would be mixed up."""
    _rekey(root, write=True)
    before = _tables(root)
    with pytest.raises(NewsletterError, match="these ids were written before, on 2026-11-27"):
        _rekey(root, write=True)
    assert _tables(root) == before


def test_an_id_that_somebody_else_has_now_is_not_theirs(root: Path) -> None:
    """The rows of a customer without a match stay, under an id that nobody has."""
    (root / "content/customers/customers.csv").write_text(
        "customer number,name,email\nC-3,Anna,a@x.example\n"
    )
    assert "1 of them without a match" in _rekey(root, write=True)
    talks = _tables(root)["conversations/2026.csv"]
    assert talks == TABLES["conversations/2026.csv"].replace("C-3", "old:C-3")
    assert "C-3" in _tables(root)["orders.csv"]


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (("nothing",), "the old file has no column 'nothing'"),
        (("phone",), "'phone' is empty in the old file"),
        (("id",), "the old file has no column 'id'"),
    ],
)
def test_matching_needs_a_column_of_both_files(
    root: Path, by: tuple[str, ...], message: str
) -> None:
    """The hint names columns that may serve."""
    with pytest.raises(NewsletterError, match=message):
        _rekey(root, write=False, by=by)


def test_a_workbook_is_not_rewritten(root: Path) -> None:
    """It says to save it as CSV, and no other file changes."""
    (root / "content/customers/services.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(NewsletterError, match="ids in a workbook"):
        _rekey(root, write=True)
    assert _tables(root) == TABLES


CHILD = """
import datetime as dt, os, signal, sys
from pathlib import Path
from newsletter.commands import rekey
from newsletter.write import exchange, files, swap
steps = iter(range(int(sys.argv[2])))
def stopping(call):
    def step(*arguments, **keywords):
        if next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **keywords)
    return step
for name in ("write_file", "put_in_place", "sync_tree"):
    setattr(exchange, name, stopping(getattr(exchange, name)))
exchange.shutil.rmtree = stopping(exchange.shutil.rmtree)
root = Path(sys.argv[1])
rekey.rekey(root, root / "old.csv", None, by=("email",), write=True, today=dt.date(2026, 11, 27))
"""


@pytest.mark.slow
def test_a_crash_leaves_all_tables_as_before_or_all_new(root: Path) -> None:
    """At every step, and the next run completes it."""
    seen, killed, step = [], True, 0
    while killed:
        command = [sys.executable, "-c", CHILD, str(root), str(step)]
        killed = subprocess.run(command, check=False).returncode == -signal.SIGKILL
        seen.append(_tables(root))
        if seen[-1] != TABLES:
            break
        step += 1
    assert step > 3
    assert seen[-1]["orders.csv"].count("C-9") == 1
    assert seen[-1]["feedback.csv"] == "id,customer,score\nC-1,C-2,9\n"


_CELLS = st.text(st.sampled_from("ab1 \",;\n\r'é"), max_size=6)


@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", "C", "a"]), _CELLS), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_all_else_is_the_same_byte_for_byte(
    rows: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    """Ids there and back give the same file, whatever the other cells hold."""

    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [f"customer{delimiter}text", *(f"{key}{delimiter}{quoted(t)}" for key, t in rows)]
    data = (end.join(lines) + end).encode()
    there = {"A": "B", "B": "A"}
    settings = {"known": {"A", "B"}, "columns": {}, "shown": "c.csv"}
    once = rekeyed(data, "conversations", there, **settings)
    assert once.rows == sum(key in there for key, _ in rows)
    assert rekeyed(once.data, "conversations", there, **settings).data == data


def test_a_value_that_two_customers_share_matches_nobody() -> None:
    """Another column may tell them apart."""
    old = [{"id": "1", "email": "a@x", "name": "Ann"}, {"id": "2", "email": "A@x", "name": "Bob"}]
    new = [{"id": "3", "email": "a@x", "name": "Ann"}, {"id": "4", "email": "b@x", "name": "Bob"}]
    customers = [people_of(rows).customers for rows in (old, new)]
    assert new_ids(*customers, ["email"]) == {}
    assert new_ids(*customers, ["email", "name"]) == {"1": "3", "2": "4"}
