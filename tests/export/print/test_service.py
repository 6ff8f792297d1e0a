"""Letters for a print service: one PDF, and the pages and addresses of each letter."""

from __future__ import annotations

import csv
import io
import subprocess
from dataclasses import replace

import pytest
from support import EXAMPLE_DAY, ROOT, content_of

from newsletter.errors import NewsletterError
from newsletter.export.merge_letters.letter_mailings import letter_mailings
from newsletter.export.print import service
from newsletter.export.print.service import PrintJob, print_job
from newsletter.export.print.typst import Press
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

ISSUE = "2026-11"


@pytest.fixture(scope="module")
def job() -> PrintJob:
    """Return the letters of the example's issue; those by email are letters, too."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue=ISSUE)
    named = letter_mailings(project, plan, ISSUE, None)
    mailings = [mailing for _, each in named for mailing in each]
    made = print_job(project, plan, mailings, press=Press(), folder="private/x")
    assert made
    return made


def test_each_letter_has_its_pages(job: PrintJob) -> None:
    """The table names them in the order of the PDF, each with its address on its first page."""
    pdf, table = (content_of(artifact) for artifact in job.artifacts())
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    pages = _pages(pdf)
    assert len(rows) == len(job.items)
    last = 0
    for row in rows:
        first, until = int(row["page_from"]), int(row["page_to"])
        assert first == last + 1
        last = until
        for name, line in row.items():
            if name.startswith("line_") and line.isascii():
                assert " ".join(line.split()) in pages[first - 1]
        greeting = job.items[int(row["letter"]) - 1].greeting
        if greeting.isascii():
            assert [greeting in page for page in pages[first - 1 : until]] == [True] + [False] * (
                until - first
            )
    assert last == len(pages)


def test_letters_in_several_parts_are_one_pdf(
    job: PrintJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are set at a time, pages and words are the same, and so are two runs."""
    monkeypatch.setattr(service, "MOST", 4)
    parts = replace(job)
    pdf, table = (content_of(artifact) for artifact in parts.artifacts())
    whole, addresses = (content_of(artifact) for artifact in job.artifacts())
    assert table == addresses
    assert _pages(pdf) == _pages(whole)
    assert content_of(next(replace(job).artifacts())) == pdf


def _pages(pdf: bytes) -> list[str]:
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def test_letters_lie_by_country_and_postcode(job: PrintJob) -> None:
    """Those of the business's own country first."""
    table = job.addresses
    countries = table["country"].to_list()
    home = countries.count("LU")
    assert countries[:home] == ["LU"] * home
    assert countries[home:] == sorted(countries[home:])
    for country in set(countries):
        postcodes = table.filter(country=country)["postcode"].to_list()
        assert postcodes == sorted(postcodes)
    assert len(set(countries)) > 1


def test_a_layout_that_does_not_say_where_letters_begin_is_named(job: PrintJob) -> None:
    """Without that nobody knows which pages are whose."""
    project = job.project
    name = "print/letter.typ"
    text = project.theme.texts[name].replace("<first-sheet>", "")
    texts = {**project.theme.texts, name: text}
    other = replace(job, project=replace(project, theme=replace(project.theme, texts=texts)))
    with pytest.raises(NewsletterError, match="does not say on which page") as caught:
        list(map(content_of, other.artifacts()))
    assert "<first-sheet>" in str(caught.value)
