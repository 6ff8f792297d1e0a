"""Notes of conversations."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from desk import added_lines, make_desk, padded

from newsletter.commands.inputs import read_customers
from newsletter.commands.jot import jot
from newsletter.errors import NewsletterError
from newsletter.facts.contact import promises
from newsletter.model.tables import CONVERSATIONS, HISTORY

TODAY = dt.date(2026, 11, 3)
HEADER = ",".join(CONVERSATIONS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the small firm."""
    return make_desk(tmp_path)


def talk(row: str) -> str:
    """Return a row of the conversations, with its empty cells at the end."""
    return padded(row, CONVERSATIONS)


def still_open(root: Path, key: str) -> list[str]:
    """Return the open promises to a customer."""
    tables = read_customers(root)[1].tables
    all_promises = promises(tables["conversations"], tables["history"])
    mine = all_promises.filter((pl.col("customer") == key) & ~pl.col("kept"))
    return mine["promise"].to_list()


def test_a_note_is_added_to_the_file_of_the_year(root: Path) -> None:
    """Part of a name is enough; the row says who, when, how and what."""
    printed = jot(
        root, "weber", "Likes\n“fine”, red", today=TODAY, member="Nora Feltes", channel="call"
    )
    jot(root, "C-1", "Second", today=TODAY, promise=dt.date(2026, 11, 9))
    assert added_lines(root, "conversations") == {
        "2026.csv": [
            HEADER,
            'C-3,2026-11-03,nora,call,"Likes',
            '“fine”, red"' + "," * (len(CONVERSATIONS) - 5),
            talk("C-1,2026-11-03,,,Second,Second,2026-11-09"),
        ]
    }
    assert printed == (
        "noted for Bob Weber (C-3)\nwrote content/customers/conversations/2026.csv\n\n"
        "next: newsletter who C-3"
    )
    texts = read_customers(root)[1].tables["conversations"]["text"].to_list()
    assert "Likes\n“fine”, red" in texts
    assert still_open(root, "C-1") == ["A sample of the ink", "Second"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"who": "Anna"}, r"(?s)'Anna' may be 2 customers:.*C-2.*C-1"),
        ({"who": "Xaver"}, "no customer matches 'Xaver'"),
        ({"text": "  "}, "there is nothing to note"),
        ({"promise": dt.date(2026, 11, 2)}, "2026-11-02 is over"),
        ({"every": "often"}, "(?s)'often' is not a rhythm.*4 weeks"),
        ({"channel": "fax"}, "'fax' is not a channel"),
        ({"member": "norra"}, "(?s)'norra' is not in the team.*did you mean 'nora'"),
        ({"who": "C-2", "kept": True}, "(?s)these promises are open:.*A catalogue.*A quote"),
        ({"who": "007", "kept": True}, "no promise to this customer is open"),
        ({"who": "C-1", "kept": True, "promise": TODAY}, "these promises are open"),
    ],
)
def test_unclear_notes_are_refused(root: Path, arguments: dict[str, Any], message: str) -> None:
    """Several matches, no match, no text, a past deadline: nothing is written."""
    complete = {"who": "C-1", "text": "Said", **arguments}
    with pytest.raises(NewsletterError, match=message):
        jot(root, complete.pop("who"), complete.pop("text"), today=TODAY, **complete)
    assert added_lines(root, "conversations") == added_lines(root, "history") == {}


def test_fulfilling_a_promise_adds_to_the_history(root: Path) -> None:
    """The row has the promise's own key; a second run finds no open promise."""
    assert still_open(root, "C-1") == ["A sample of the ink"]
    tables = read_customers(root)[1].tables
    all_promises = promises(tables["conversations"], tables["history"])
    key = all_promises.filter(pl.col("customer") == "C-1")["key"].item()
    printed = jot(root, "C-1", "", kept=True, today=TODAY, member="nora", channel="letter")
    assert "kept: A sample of the ink" in printed
    assert added_lines(root, "history") == {
        "2026-11-03-promise.csv": [
            ",".join(HISTORY),
            padded(f"C-1,2026-11-03,promise,letter,,,{key},done,,,,,nora", HISTORY),
        ]
    }
    assert still_open(root, "C-1") == []
    with pytest.raises(NewsletterError, match="no promise to this customer is open"):
        jot(root, "C-1", "", kept=True, today=TODAY)


def test_a_day_chooses_among_several_promises(root: Path) -> None:
    """The other promise stays open, and the note itself adds no promise."""
    jot(root, "C-2", "Brought it", kept=True, promise=dt.date(2026, 10, 20), today=TODAY)
    assert still_open(root, "C-2") == ["A quote"]
    assert added_lines(root, "conversations")["2026.csv"][1:] == [
        talk("C-2,2026-11-03,,,Brought it")
    ]


def test_fulfilling_a_promise_without_a_day_repeats_its_row_with_yes(root: Path) -> None:
    """It has no day to name it by, so its conversation is written again as fulfilled."""
    jot(root, "C-3", "", kept=True, today=TODAY)
    assert still_open(root, "C-3") == []
    assert added_lines(root, "conversations")["2026.csv"][1:] == [
        talk("C-3,2026-10-03,,,No day was said,A call back,,yes")
    ]


def test_a_file_saved_with_another_separator_is_left_alone(root: Path) -> None:
    """The note goes into a second file, and both are read."""
    folder = root / "content/customers/conversations"
    folder.mkdir()
    (folder / "2026.csv").write_text("customer;date;text\nC-1;2026-11-01;Hello\n")
    jot(root, "C-1", "Said", today=TODAY)
    assert (folder / "2026.csv").read_text() == "customer;date;text\nC-1;2026-11-01;Hello\n"
    assert (folder / "2026-2.csv").read_text() == f"{HEADER}\n{talk('C-1,2026-11-03,,,Said')}\n"
    texts = read_customers(root)[1].tables["conversations"]["text"].to_list()
    assert {"Hello", "Said"} <= set(texts)


def test_a_file_that_ends_without_a_line_break_is_continued(root: Path) -> None:
    """The new row begins on its own line."""
    jot(root, "C-1", "One", today=TODAY)
    file = root / "content/customers/conversations/2026.csv"
    file.write_text(file.read_text().rstrip("\n"))
    jot(root, "C-1", "Two", today=TODAY)
    assert added_lines(root, "conversations")["2026.csv"][1:] == [
        talk("C-1,2026-11-03,,,One"),
        talk("C-1,2026-11-03,,,Two"),
    ]


NOTE = """
import datetime as dt, sys
from pathlib import Path
from newsletter.commands.jot import jot
for text in sys.argv[2:]:
    jot(Path(sys.argv[1]), "C-1", text, today=dt.date(2026, 11, 3))
"""


@pytest.mark.slow
def test_concurrent_notes_are_all_written(root: Path) -> None:
    """Three processes write twelve notes; each note is there once."""
    texts = [f"Sentence {number}" for number in range(12)]
    command = [sys.executable, "-c", NOTE, str(root)]
    running = [subprocess.Popen([*command, *texts[start::3]]) for start in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    lines = added_lines(root, "conversations")["2026.csv"]
    assert sorted(lines[1:]) == sorted(talk(f"C-1,2026-11-03,,,{text}") for text in texts)


def test_a_rhythm_is_noted_as_the_plan_reads_it(root: Path) -> None:
    """In any of the languages, with words or without; the last one counts."""
    printed = jot(root, "C-1", "", every="alle vier Wochen", today=TODAY)
    assert "own rhythm: 4 weeks" in printed
    jot(root, "C-1", "Less, please", every="at most a quarter", today=TODAY)
    talks = read_customers(root)[1].tables["conversations"].filter(pl.col("date") == TODAY)
    assert sorted(talks.select("every", "text").rows(), key=str) == [
        ("4 weeks", None),
        ("at most 3 months", "Less, please"),
    ]
