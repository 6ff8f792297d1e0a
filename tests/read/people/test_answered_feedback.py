"""Conversations that name unknown feedback have a remark: somebody still waits for an answer."""

from __future__ import annotations

from pathlib import Path

from read.people.test_people_files import folder, read

CUSTOMERS = "id,name,consent\n1,Ada,yes\n2,Bo,yes\n"
FEEDBACK = "customer,date,id,text\n1,2026-10-01,F1,Late\n1,2026-10-02,,Cold\n1,2026-10-02,,Old\n"


def test_answers_name_feedback_of_that_customer(tmp_path: Path) -> None:
    """By its id or day; a misspelt one is named with its row, and so is that of another."""
    talks = (
        "customer,date,text,answers\n1,2026-10-03,Called,F1\n"
        '1,2026-10-03,Called,"2026-10-02, 2026-10-02 2"\n'
        '1,2026-10-04,Called,"F2, F1"\n2,2026-10-04,Called,F1\n'
    )
    files = folder(tmp_path, customers=CUSTOMERS, feedback=FEEDBACK, conversations=talks)

    people, problems = read(files)

    assert not problems
    assert [str(remark) for remark in people.remarks] == [
        "content/customers/conversations.csv:4: customer '1' gave no feedback 'F2'\n"
        "  hint: write in 'answers' which of theirs was meant "
        "(F1, 2026-10-02, 2026-10-02 2); until then what was meant stays to be answered",
        "content/customers/conversations.csv:5: customer '2' gave no feedback 'F1'\n"
        "  hint: write in 'answers' nothing, or correct the customer; "
        "until then what was meant stays to be answered",
    ]


def test_without_feedback_each_answer_is_named(tmp_path: Path) -> None:
    """The table of feedback may be missing."""
    talks = "customer,date,answers\n1,2026-10-03,F1\n2,2026-10-03,\n"
    people, problems = read(folder(tmp_path, customers=CUSTOMERS, conversations=talks))

    assert not problems
    (remark,) = people.remarks
    assert str(remark).startswith("content/customers/conversations.csv:2: customer '1' gave no")
