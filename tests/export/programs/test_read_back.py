"""Exported templates and contact files, read by real engines, give our own messages."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from export_engines import LEAVE, READERS, Row
from support import EXAMPLE_DAY, ROOT

from newsletter.export.programs import PROGRAMS
from newsletter.export.programs.exported import Exported
from newsletter.export.programs.exports import exported_mailings
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project
from newsletter.write.files import chunks_of

ISSUE = "2026-11"


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example."""
    return read_project(ROOT, today=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def plan(project: Project) -> CarePlan:
    """Return its plan with an issue."""
    return plan_day(project, today=EXAMPLE_DAY, issue=ISSUE)


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_customer_gets_our_message(project: Project, plan: CarePlan, name: str) -> None:
    """Subject, preheader, text and HTML of each; only the link to unsubscribe is the program's."""
    exported = list(exported_mailings(project, plan, PROGRAMS[name], issue=ISSUE))
    for each in exported:
        files = {Path(a.path).name: b"".join(chunks_of(a.content)) for a in each.artifacts()}
        rows = _rows(files["contacts.csv"])
        for part, file in each.program.files.items():
            template = files[file].decode("utf-8-sig").replace("\r\n", "\n")
            theirs = [READERS[name](template, row) for row in rows]
            assert theirs == _ours(each, part)
    assert len(exported) == 3


def _rows(contacts: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(contacts.decode("utf-8-sig"), newline="")))


def _ours(exported: Exported, part: str) -> list[str]:
    """Return that part of our own messages, with the program's link in place of ours."""
    template, people = exported.mailing.template, exported.people
    if part == "preheader":
        template, part = replace(template, subject=template.preheader), "subject"
    texts = list(Merger(template, filters=exported.filters).texts(people))
    index = ("subject", "text", "html").index(part)
    links = people["unsubscribe_url"]
    assert not any(isinstance(text, Failure) for text in texts)
    return [
        text[index].replace(escape(link), LEAVE).replace(link, LEAVE)
        for text, link in zip(texts, links, strict=True)
    ]
