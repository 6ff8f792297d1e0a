"""What exports for other programs hold besides the words: pages, blocklists, vouchers."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import polars as pl
import pytest
from export_reading import ours, theirs, written
from made import people_of
from support import EXAMPLE_DAY, ROOT, content_of

from newsletter.errors import NewsletterError
from newsletter.export.columns import Columns, Tag
from newsletter.export.programs import PROGRAMS
from newsletter.export.programs.exports import blocklist, exported_mailings
from newsletter.export.programs.profile import UNSEEN
from newsletter.model.gift import Gift
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.plan.vouchers import voucher_code
from newsletter.read.assembly import read_project

DAY = dt.date(2026, 11, 5)
VOUCHER = Gift(
    kind="voucher", name="", worth=0, percent=10, cost=0, currency="USD", valid_days=30,
    conditions="One per visit.",
)  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Project:
    """Return a small project with a voucher in its issue, and three customers."""
    project = read_project(ROOT / "tests/projects/valid/minimal", today=DAY)
    [issue] = project.issues
    people = [{"id": str(n), "name": "Zoë", "email": f"{n}@example.com"} for n in range(3)]
    issue = replace(issue, voucher=VOUCHER)
    return replace(project, people=people_of(people), issues=(issue,))


def test_values_of_branches_that_nobody_reads_are_empty(small: Project) -> None:
    """The team member has no telephone, whose number would be written without its spaces."""
    plan = plan_day(small, today=DAY, issue="2026-11")
    [exported] = exported_mailings(small, plan, PROGRAMS["klaviyo"], issue="2026-11")
    assert "manager_phone_2" in exported.columns.cells
    assert "manager_phone_2" not in exported.headers  # empty for all, and so in the template
    assert theirs(exported, written(exported)) == ours(exported)


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_voucher_is_there_once(small: Project, name: str) -> None:
    """In one row of the contacts; in no template."""
    plan = plan_day(small, today=DAY, issue="2026-11")
    [exported] = exported_mailings(small, plan, PROGRAMS[name], issue="2026-11")
    last = DAY + dt.timedelta(days=30)
    codes = [voucher_code(small.secret, str(n), "issue 2026-11", last) for n in range(3)]
    [rows] = [frame.rows() for frame in exported.frames()]
    assert [sum(code in "".join(row) for row in rows) for code in codes] == [1, 1, 1]
    files = written(exported)
    templates = [files[file].decode() for file in exported.program.files.values()]
    assert not [code for code in codes if code in "".join(templates)]


def test_only_whole_addresses_of_our_page_become_a_tag() -> None:
    """Also with `&`, as HTML writes it; a longer address is another page."""
    columns = Columns(pages={"page_url": "https://a.example/i/?a=1&b=2"})
    page = "https://a.example/i/?a=1&amp;b=2"
    text = f"See {page}. {page}/photo.jpg https://a.example/i/?a=1&b=2"
    assert columns.pieces((text,), keep_conditions=True) == (
        "See ",
        Tag("page_url"),
        f". {page}/photo.jpg ",
        Tag("page_url"),
    )


def test_the_blocklist_holds_each_suppressed_address_once() -> None:
    """In small letters; a customer of the list who is named by id, too."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    [file] = blocklist(project, PROGRAMS["brevo"], "2026-11")
    assert file.path == "private/exports/brevo/2026-11/blocklist.csv"
    assert content_of(file).decode().split() == [
        '"EMAIL"',
        '"anneke@example.net"',
        '"former.reader@example.com"',
        '"olivier.manderscheid@example.org"',
    ]
    assert not list(blocklist(project, PROGRAMS["klaviyo"], "2026-11"))


@pytest.mark.parametrize("name", [name for name in PROGRAMS if PROGRAMS[name].required])
def test_a_layout_without_the_link_to_unsubscribe_is_refused(name: str) -> None:
    """The program would send nothing, or add one of its own."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue="2026-11")
    exported = next(exported_mailings(project, plan, PROGRAMS[name], issue="2026-11"))
    template = exported.mailing.template
    bare = replace(template, html=("<p>Hello</p>",), text=("Hello",))
    without = replace(exported, mailing=replace(exported.mailing, template=bare))
    with pytest.raises(NewsletterError, match="sends nothing without its own link"):
        list(without.artifacts())


def test_templates_for_an_api_are_the_files_beside_them(small: Project) -> None:
    """Under a name that the requests call; SendGrid gets the sender's name apart."""
    plan = plan_day(small, today=DAY, issue="2026-11")
    names = {"ses": "TemplateName", "postmark": "Alias"}
    for name, key in names.items():
        [exported] = exported_mailings(small, plan, PROGRAMS[name], issue="2026-11")
        files = written(exported)
        template = json.loads(files["template.json"])
        content = template.get("TemplateContent", template)
        assert template[key] == "newsletter-2026-11-en"
        assert exported.texts["html"] in content.values()
        assert exported.texts["subject"] in content.values()
        assert b"newsletter-2026-11-en" in files["requests.jsonl"]
    [exported] = exported_mailings(small, plan, PROGRAMS["sendgrid"], issue="2026-11")
    request = json.loads(written(exported)["requests.jsonl"])
    assert request["from"] == {
        "email": small.config.sender.email,
        "name": small.config.sender.name,
    }


def test_a_program_that_keeps_old_values_gets_no_empty_cell() -> None:
    """Of the columns of our own: last month's would go out again."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue="2026-11")
    for name, nothing in {"brevo": {"0", UNSEEN}, "klaviyo": {""}}.items():
        exported = next(exported_mailings(project, plan, PROGRAMS[name], issue="2026-11"))
        [frame] = exported.frames()
        columns = exported.fitted.columns
        cells = frame.select(columns).rows()
        flags = frame.select(set(columns) & exported.columns.flags).rows()
        assert {cell for row in cells for cell in row} >= nothing
        assert {cell for row in flags for cell in row} == {"1", "0" if "0" in nothing else ""}
        assert ("" in {cell for row in cells for cell in row}) == ("" in nothing)


def test_hubspot_gets_what_it_demands() -> None:
    """The annotation first; its own address of the firm before the end of the body."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue="2026-11")
    exported = next(exported_mailings(project, plan, PROGRAMS["hubspot"], issue="2026-11"))
    html = exported.texts["html"]
    assert html.startswith(
        "<!--\n  templateType: email\n  isEnabledForEmailV3Rendering: true\n-->"
    )
    assert html.endswith("{{ site_settings.company_country }}</p></body></html>")


@pytest.mark.parametrize(
    ("name", "header", "cell"),
    [
        ("buttondown", "birthday", "07/01/1987"),
        ("brevo", "BIRTHDAY", "1987-07-01"),
        ("listmonk", "birthday", "1987-07-01"),
    ],
)
def test_birthdays_are_written_as_the_program_reads_them(
    small: Project, name: str, header: str, cell: str
) -> None:
    """A column that was asked for."""
    plan = plan_day(small, today=DAY, issue="2026-11")
    asked = {"issue": "2026-11", "also": ["birthday"]}
    [exported] = exported_mailings(small, plan, PROGRAMS[name], **asked)
    people = exported.people.with_columns(birthday=pl.lit("1987-07-01"))
    with_birthdays = replace(exported, people=people)
    assert with_birthdays.headers["birthday"] == header
    [frame] = with_birthdays.frames()
    assert set(frame["birthday"]) == {cell}


@pytest.mark.parametrize("name", ["phplist", "mailerlite", "mautic"])
def test_html_is_written_if_it_needs_no_condition(small: Project, name: str) -> None:
    """These programs have none, and what all customers get needs none."""
    plan = plan_day(small, today=DAY, issue="2026-11")
    [exported] = exported_mailings(small, plan, PROGRAMS[name], issue="2026-11")
    assert "html" in exported.texts
    assert theirs(exported, written(exported)) == ours(exported)


def test_mautic_gets_no_line_breaks_and_no_tags_in_the_text(small: Project) -> None:
    """Its import reads lines, and it takes away what stands between < and >."""
    plan = plan_day(small, today=DAY, issue="2026-11")
    [exported] = exported_mailings(small, plan, PROGRAMS["mautic"], issue="2026-11")
    assert b"{contactfield=" in written(exported)["text.txt"]
    template = replace(exported.mailing.template, text=("a < b", *exported.mailing.template.text))
    signs = replace(exported, mailing=replace(exported.mailing, template=template))
    assert "a ‹ b" in signs.texts["text"]
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue="2026-11")
    example = next(exported_mailings(project, plan, PROGRAMS["mautic"], issue="2026-11"))
    with pytest.raises(NewsletterError, match="'points_text' has several lines for customer "):
        list(example.artifacts())
