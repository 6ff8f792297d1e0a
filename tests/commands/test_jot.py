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
from newsletter.facts.promises import promises
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


def notes(root: Path) -> dict[str, list[str]]:
    """Return the lines of the files of conversations, without the empty cells at their end."""
    files = added_lines(root, "conversations")
    return {name: [line.rstrip(",") for line in lines] for name, lines in files.items()}


def still_open(root: Path, key: str) -> list[str]:
    """Return the open promises to a customer."""
    tables = read_customers(root, TODAY)[1].tables
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
    texts = read_customers(root, TODAY)[1].tables["conversations"]["text"].to_list()
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
        ({"kept": True, "moved": dt.date(2026, 11, 9)}, "--kept and --moved exclude each other"),
        ({"moved": dt.date(2026, 11, 2)}, "2026-11-02 is over"),
        ({"moved": dt.date(2026, 11, 9), "text": ""}, "there is nothing to note"),
        ({"who": "007", "moved": dt.date(2026, 11, 9)}, "no promise to this customer is open"),
        (
            {"answers": ("F-9",)},
            "(?s)no feedback 'F-9' waits for an answer.*none of this customer",
        ),
        ({"answers": ("F-9",), "text": "", "kept": True}, "an answer needs its words"),
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
    tables = read_customers(root, TODAY)[1].tables
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


def test_words_choose_among_promises_of_one_day(root: Path) -> None:
    """A word that several have in common does not; without a promise to name, they are no day."""
    for what in ("A photo of the shop", "A photo of the desk"):
        jot(root, "C-2", what, promise=dt.date(2026, 11, 9), today=TODAY)
    with pytest.raises(NewsletterError, match="some of its words"):
        jot(root, "C-2", "", kept=True, promise="photo", today=TODAY)
    jot(root, "C-2", "", kept=True, promise="The Desk", today=TODAY)
    assert "A photo of the shop" in still_open(root, "C-2")
    assert "A photo of the desk" not in still_open(root, "C-2")
    with pytest.raises(NewsletterError, match="'Friday' is not a day"):
        jot(root, "C-2", "A photo", promise="Friday", today=TODAY)


def test_a_promise_without_a_day_is_named_by_the_day_it_was_made(root: Path) -> None:
    """Keeping it adds to the history, as for any other."""
    jot(root, "C-3", "", kept=True, today=TODAY)
    assert still_open(root, "C-3") == []
    assert "promise of 2026-10-03" in added_lines(root, "history")["2026-11-03-promise.csv"][1]


def test_a_file_saved_with_another_separator_is_left_alone(root: Path) -> None:
    """The note goes into a second file, and both are read."""
    folder = root / "content/customers/conversations"
    folder.mkdir()
    (folder / "2026.csv").write_text("customer;date;text\nC-1;2026-11-01;Hello\n")
    jot(root, "C-1", "Said", today=TODAY)
    assert (folder / "2026.csv").read_text() == "customer;date;text\nC-1;2026-11-01;Hello\n"
    assert added_lines(root, "conversations")["2026-2.csv"] == [
        HEADER,
        talk("C-1,2026-11-03,,,Said"),
    ]
    texts = read_customers(root, TODAY)[1].tables["conversations"]["text"].to_list()
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


def test_a_promise_is_moved_once_and_keeps_its_name(root: Path) -> None:
    """The words stand on the day on which the new day was agreed; a second move is refused."""
    to = dt.date(2026, 11, 12)
    printed = jot(root, "C-1", "She is away until the 12th", moved=to, today=TODAY)
    assert "moved to 2026-11-12: A sample of the ink" in printed
    assert notes(root)["2026.csv"][1:] == [
        "C-1,2026-10-01,,,Asked for blue ink,A sample of the ink,2026-10-30,,,2026-11-12",
        "C-1,2026-11-03,,,She is away until the 12th",
    ]
    tables = read_customers(root, TODAY)[1].tables
    moved = promises(tables["conversations"], tables["history"])
    moved = moved.filter(pl.col("customer") == "C-1")
    assert moved.select("key", "promised_by", "first_by", "kept").rows() == [
        ("promise 2026-10-30", to, dt.date(2026, 10, 30), False)
    ]
    with pytest.raises(NewsletterError, match=r"(?s)moved to 2026-11-12 already.*new promise"):
        jot(root, "C-1", "Again", moved=dt.date(2026, 11, 20), today=TODAY)
    jot(root, "C-1", "", kept=True, promise=to, today=TODAY)
    assert still_open(root, "C-1") == []


def test_a_promise_kept_by_email_is_marked_as_kept(root: Path) -> None:
    """An email in the history would not keep it."""
    jot(root, "C-1", "", kept=True, channel="email", today=TODAY)
    assert still_open(root, "C-1") == []
    assert added_lines(root, "history") == {}
    assert notes(root)["2026.csv"][1:] == [
        "C-1,2026-10-01,,,Asked for blue ink,A sample of the ink,2026-10-30,yes"
    ]


FEEDBACK = """\
id,customer,date,score,text
F1,C-1,2026-11-01,2,Torn
,C-1,2026-11-02,9,Lovely
"""


def test_a_note_answers_only_the_feedback_that_it_names(root: Path) -> None:
    """Any other note says what still waits, and how to note the answer."""
    (root / "content/customers/feedback.csv").write_text(FEEDBACK)
    printed = jot(root, "C-1", "Asked for blue ink", today=TODAY)
    assert "still waits for an answer: feedback F1 of 2026-11-01: “Torn”" in printed
    assert "newsletter jot C-1 TEXT --answers F1" in printed
    assert "still waits for an answer: feedback 2026-11-02: “Lovely”" in printed
    printed = jot(root, "C-1", "Thanked her", answers=("2026-11-02",), today=TODAY)
    assert "feedback 2026-11-02 is answered\n" in printed
    assert "Lovely" not in printed
    friday = dt.date(2026, 11, 6)
    printed = jot(root, "C-1", "Will find out", answers=("F1",), promise=friday, today=TODAY)
    assert "feedback F1 is answered once the promise is kept" in printed
    assert "F1 of" in jot(root, "C-1", "Rang again", today=TODAY)
    jot(root, "C-1", "", kept=True, promise=friday, today=TODAY)
    assert "still waits" not in jot(root, "C-1", "Rang again", today=TODAY)


def test_a_meeting_is_noted_as_one(root: Path) -> None:
    """`--met` says so in a column of its own, for the note that follows it."""
    jot(root, "C-1", "At the fair", met=True, today=TODAY)
    talks = read_customers(root, TODAY)[1].tables["conversations"]
    said = talks.filter(pl.col("text") == "At the fair")
    assert said.select("customer", "date", "met").rows() == [("C-1", TODAY, True)]


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
    talks = read_customers(root, TODAY)[1].tables["conversations"].filter(pl.col("date") == TODAY)
    assert sorted(talks.select("every", "text").rows(), key=str) == [
        ("4 weeks", None),
        ("at most 3 months", "Less, please"),
    ]


def test_a_customer_is_left_in_peace_until_a_day(root: Path) -> None:
    """The day is noted, with or without words; a day that is over is refused."""
    printed = jot(root, "C-1", "", today=TODAY, pause=dt.date(2027, 1, 10))
    assert "left in peace until 2027-01-10" in printed
    jot(root, "C-3", "Wants a quiet winter", today=TODAY, pause=dt.date(2027, 3, 1))
    talks = read_customers(root, TODAY)[1].tables["conversations"]
    noted = talks.drop_nulls("pause_until").select("customer", "text", "pause_until").rows()
    assert noted == [
        ("C-1", None, dt.date(2027, 1, 10)),
        ("C-3", "Wants a quiet winter", dt.date(2027, 3, 1)),
    ]
    with pytest.raises(NewsletterError, match="2026-11-02 is over"):
        jot(root, "C-1", "", today=TODAY, pause=dt.date(2026, 11, 2))
