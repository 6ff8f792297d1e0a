"""Letters of an issue: PDFs with labels, linked from the page of the issue."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from made import people_of
from support import ROOT, Silent, content_of

from newsletter.export.issue_files import issue_files
from newsletter.export.print.typst import open_press
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project
from newsletter.render.fragments import Fragments

DAY = dt.date(2026, 11, 3)


@pytest.fixture(scope="module")
def issue() -> object:
    """Return the example's issue, ready to be written."""
    project = read_project(ROOT, today=DAY)
    plan = plan_day(project, today=DAY, issue="2026-11")
    return issue_files(
        project, plan, "2026-11", today=DAY, fragments=Fragments(), press=open_press()
    )


def test_everybody_reached_by_letter_gets_one(issue: object) -> None:
    """In their language, from their account manager, on the day of the issue."""
    by_letter = pl.concat(
        edition.plan.recipients.filter(pl.col("via") == "letter").select("id", "greeting")
        for edition in issue.editions
    )
    post = issue.post
    assert [(item.customer, item.greeting) for item in post] == by_letter.rows()
    assert {item.language for item in post} == {"en", "de", "fr"}
    assert {item.date for item in post} == {dt.date(2026, 11, 5)}
    assert all(item.address and item.subject and "<h2>" in item.html for item in post)


def test_letters_have_nothing_to_click(issue: object) -> None:
    """No open parts, buttons or unsubscribe link; addresses are printed in full."""
    for item in issue.post:
        assert "\ue000" not in item.html
        assert "unsubscribe" not in item.html
        assert 'href="/' not in item.html


def test_the_page_of_the_issue_links_to_letters_and_labels(issue: object) -> None:
    """One link for each file."""
    by_path = {artifact.path: artifact for artifact in issue.artifacts(Silent())}
    page = content_of(by_path["private/index.html"]).decode()
    assert "private/print/2026-11/letters.pdf" in by_path
    assert 'href="print/2026-11/letters.pdf"' in page
    assert 'href="print/2026-11/labels-L7160.pdf"' in page


ANNA = {
    "id": "1", "first_name": "Anna", "last_name": "Alt", "name": "Anna Alt", "channel": "letter",
    "street": "Marktstraße 1", "postcode": "54290", "city": "Trier", "country": "DE",
    "consent_email": False, "consent_post": True, "formality": "formal",
}  # fmt: skip
BERT = ANNA | {"id": "2", "first_name": "Bert", "name": "Bert Alt", "street": "Marktstr. 1"}


@pytest.mark.parametrize(
    ("bert", "greetings"),
    [
        (BERT, ["Dear Anna Alt and Bert Alt"]),
        (BERT | {"street": "Marktstraße 2"}, ["Dear Anna Alt", "Dear Bert Alt"]),
    ],
    ids=["one address", "two"],
)
def test_a_household_gets_one_letter(bert, greetings) -> None:
    """It greets both; the history and the counts have a row for each."""
    project = read_project(ROOT / "tests/projects/valid/minimal", today=DAY)
    [issue] = project.issues
    issue = replace(issue, body=replace(issue.body, text="We have moved next door."))
    project = replace(project, people=people_of([ANNA, bert]), issues=(issue,))
    plan = plan_day(project, today=DAY, issue="2026-11")
    files = issue_files(
        project, plan, "2026-11", today=DAY, fragments=Fragments(), press=open_press()
    )
    by_path = {artifact.path: artifact for artifact in files.artifacts(Silent())}
    assert [item.greeting for item in files.post] == greetings
    assert files.post[0].address[0] == greetings[0].removeprefix("Dear ")
    record = content_of(by_path["private/record/2026-11.csv"]).decode()
    assert [line.split(",")[0].strip('"') for line in record.splitlines()[1:]] == ["1", "2"]
    assert files.reports()[0].recipients == {"letter": 2}
