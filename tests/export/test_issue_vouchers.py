"""Vouchers of an issue: each reader has a code of their own, in messages, letters and slips."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace

import pytest
from made import people_of
from support import ROOT, Letter, Silent, content_of

from newsletter.export.issue_files import IssueFiles, issue_files
from newsletter.export.print.leaves import leaves_data
from newsletter.export.print.letters import letters_data
from newsletter.export.print.slips import SLIPS
from newsletter.export.print.typst import open_press
from newsletter.model.artifact import Artifact
from newsletter.model.gift import Gift
from newsletter.plan.planning import plan_day
from newsletter.plan.vouchers import voucher_code
from newsletter.read.assembly import read_project
from newsletter.render.fragments import Fragments

DAY = dt.date(2026, 11, 5)
LAST = dt.date(2026, 12, 5)
SHARE = Gift(
    kind="voucher", name="", worth=0, percent=10, cost=0, currency="USD", valid_days=30,
    conditions="One per visit.",
)  # fmt: skip
MONEY = replace(SHARE, name="anything on paper", worth=5, percent=0, cost=3)
ZOE = {"id": "1", "name": "Zo\u00eb Miller", "first_name": "Zo\u00eb", "email": "zoe@example.com"}
SAM = {
    "id": "2", "name": "Sam O\u2019Brien", "first_name": "Sam", "consent_email": False,
    "consent_post": True, "street": "2 Road", "postcode": "12345", "city": "Town",
}  # fmt: skip


@pytest.fixture(params=[SHARE, MONEY], ids=["share", "money"])
def issue(request: pytest.FixtureRequest) -> tuple[IssueFiles, Mapping[str, Artifact], str, str]:
    """Return the issue with a voucher, its files, and what the voucher is worth in two texts."""
    project = read_project(ROOT / "tests/projects/valid/minimal", today=DAY)
    [issue] = project.issues
    issue = replace(issue, voucher=request.param)
    project = replace(project, people=people_of([ZOE, SAM]), issues=(issue,))
    plan = plan_day(project, today=DAY, issue="2026-11")
    files = issue_files(
        project, plan, "2026-11", today=DAY, fragments=Fragments(), press=open_press()
    )
    paths = {artifact.path: artifact for artifact in files.artifacts(Silent())}
    if request.param is SHARE:
        return files, paths, "10% off", "a voucher for 10% off"
    return files, paths, "worth $5", "a voucher for anything on paper, worth $5"


def _code(customer: str, files: IssueFiles) -> str:
    return voucher_code(files.project.secret, customer, "issue 2026-11", LAST)


def test_messages_have_code_value_and_last_day(issue) -> None:
    """In both parts, with the conditions."""
    files, paths, worth, _ = issue
    [data] = [content_of(file) for path, file in paths.items() if path.endswith(".eml")]
    letter = Letter(data, "en")
    for part in (letter.text, letter.html):
        for shown in (_code("1", files), worth, "December 5, 2026", "One per visit."):
            assert shown in part


@pytest.mark.parametrize("program", ["machine", "word"])
def test_merge_files_have_code_value_and_last_day(issue, program: str) -> None:
    """A column for the code and the day, the value in the template."""
    files, paths, worth, _ = issue
    folder = f"private/merge/2026-11/en/{program}"
    text = content_of(paths[f"{folder}/recipients.csv"]).decode("utf-8-sig")
    rows = [
        (row["name"], row["voucher_code"], row["voucher_expires"])
        for row in csv.DictReader(io.StringIO(text))
    ]
    expected = [("Zo\u00eb Miller", _code("1", files), "December 5, 2026")]
    if program == "word":
        expected.append(("Sam O\u2019Brien", _code("2", files), "December 5, 2026"))
    assert rows == expected
    template = content_of(paths[f"{folder}/template.txt"]).decode("utf-8-sig")
    assert worth in template
    assert "One per visit." in template


def test_letters_and_slips_have_code_value_and_last_day(issue) -> None:
    """The slip to cut out is beside the letter, and the history notes the code."""
    files, paths, _, told = issue
    given = f"{told} (One per visit.)"
    [letter] = letters_data(files.project, files.post)["letters"]
    [slip] = leaves_data(files.project, files.post, SLIPS)["slips"]
    for printed in (letter["voucher"], slip):
        assert (printed["gift"], printed["code"]) == (given, _code("2", files))
        assert printed["until"] == "Valid until December 5, 2026"
    assert "private/print/2026-11/slips.pdf" in paths
    record = content_of(paths["private/record/2026-11.csv"]).decode()
    assert [row["code"] for row in csv.DictReader(io.StringIO(record))] == [
        _code("1", files),
        _code("2", files),
    ]
