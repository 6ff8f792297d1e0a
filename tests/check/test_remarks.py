"""Remarks on what the user has not written yet."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import EXAMPLE_DAY

from newsletter import commands
from newsletter.check.remarks import days_to_come, same_day_issues, signed_twice, unfinished
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

MINIMAL = Path(__file__).parent.parent / "projects/valid/minimal"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the minimal project."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "project"))


def _remarks(project: Project) -> list[str]:
    return [str(remark).splitlines()[0] for remark in unfinished(project)]


def test_placeholder_texts_of_newsletter_new_are_remarked(root: Path) -> None:
    """The remark names the file whose body and summary `newsletter new` left as placeholders."""
    project = read_project(root, today=EXAMPLE_DAY)
    before = _remarks(project)
    CliRunner().invoke(commands.main, ["new", "update", "Tea", "--project", str(root)])
    added = set(_remarks(read_project(root, today=EXAMPLE_DAY))) - set(before)
    assert added == {
        "content/updates/tea.md: still says 'One sentence for lists and messages.'",
        "content/updates/tea.md:7: still says 'Write here.'",
    }


def test_placeholder_texts_never_go_out(root: Path) -> None:
    """The build stops if a message would have them; a draft and a page of the site do not."""
    day = ("--project", str(root), "--today", str(EXAMPLE_DAY))
    CliRunner().invoke(commands.main, ["new", "update", "Tea", *day])
    build = CliRunner().invoke(commands.main, ["build", *day])
    assert build.exit_code == 1
    assert "content/updates/tea.md:7: still says 'Write here.'" in build.stderr
    assert not (root / "output").exists()
    file = root / "content/updates/tea.md"
    file.rename(file.with_name("_tea.md"))
    assert CliRunner().invoke(commands.main, ["build", *day]).exit_code == 0


def test_orders_of_days_to_come_are_told(root: Path) -> None:
    """A slip in the year would cost the customer their thank-you, and nobody would see it."""
    file = root / "content/customers/orders.csv"
    file.write_text("customer,date,amount\n1,2026-11-02,5\n1,2026-12-25,5\n2,2062-11-02,5\n")
    project = read_project(root, today=EXAMPLE_DAY)
    (remark,) = days_to_come(project, today=dt.date(2026, 11, 5))
    assert str(remark).splitlines() == [
        "content/customers: orders: 2 rows are of a day after 2026-11-05, such as 2062-11-02, "
        "and count for nothing",
        "  hint: correct the day if it is a slip; else the row counts from that day on",
    ]
    assert not [*days_to_come(project, today=dt.date(2062, 11, 2))]


def test_two_issues_on_one_day(root: Path) -> None:
    """Names the issue that customers miss, and how many customers miss it."""
    issues = root / "content/issues"
    (first,) = issues.glob("*.md")
    shutil.copy(first, issues / f"{first.stem}b.md")
    project = read_project(root, today=EXAMPLE_DAY)
    plan = plan_day(project, today=project.issues[0].date)
    (remark,) = same_day_issues(project, plan)
    assert str(remark) == (
        f"content/issues/{first.stem}b.md: "
        "2 customers get another issue on that day, so this one is left out\n"
        "  hint: give one of the two issues another date"
    )


def test_an_issue_that_waits_for_another_of_its_day(root: Path) -> None:
    """On a later day the plan has only one of them."""
    issues = root / "content/issues"
    (first,) = issues.glob("*.md")
    shutil.copy(first, issues / f"{first.stem}b.md")
    project = read_project(root, today=EXAMPLE_DAY)
    later = project.issues[0].date + dt.timedelta(days=1)
    (remark,) = same_day_issues(project, plan_day(project, today=later, issue=first.stem))
    assert str(remark) == (
        f"content/issues/{first.stem}b.md: "
        f"the issue {first.stem} is of the same day, so this one waits\n"
        f"  hint: give one of the two another date, or build this one: --issue {first.stem}b"
    )


def test_a_practice_with_placeholder_texts_has_one_remark(root: Path) -> None:
    """The remark names the practice once, whichever channels still have a placeholder."""
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text() + "start: 2026-11-05\n")
    CliRunner().invoke(commands.main, ["new", "practice", "Tea time", "--project", str(root)])

    remarks = _remarks(read_project(root, today=EXAMPLE_DAY))

    assert "content/practices/tea-time.md:11: still says 'Write here.'" in remarks
    assert len([line for line in remarks if "tea-time" in line]) == 1


def test_example_addresses_are_remarked_unless_the_people_are_invented(root: Path) -> None:
    """They are fine in an example with invented people."""
    project = read_project(root, today=EXAMPLE_DAY)
    config = project.config
    sender = config.sender.model_copy(update={"email": "shop@example.com"})
    invented = config.model_copy(update={"sender": sender, "example": True})
    real = invented.model_copy(update={"example": False})
    message = "addresses at example.com belong to nobody"
    assert not any(message in line for line in _remarks(replace(project, config=invented)))
    assert any(message in line for line in _remarks(replace(project, config=real)))
    business = config.business.model_copy(update={"website": "https://www.example.com"})
    real = real.model_copy(update={"business": business})
    message = "https://www.example.com is nobody's website, so links and pictures of messages lead"
    assert any(message in line for line in _remarks(replace(project, config=real)))


def test_english_practices_are_remarked_in_a_german_project(tmp_path: Path) -> None:
    """A German project is told that its practices are in English; an English one is not."""
    day = ["--today", "2026-11-05"]
    CliRunner().invoke(commands.main, ["init", str(tmp_path / "salon"), "--yes", *day])
    project = read_project(tmp_path / "salon", today=EXAMPLE_DAY)
    config = tmp_path / "salon/content/newsletter.yml"
    config.write_text(config.read_text().replace("language: en", "language: de"))
    for practice in project.practices:
        if practice.name not in ("birthday", "issue"):
            (tmp_path / "salon" / practice.at.path).unlink()
    german = read_project(tmp_path / "salon", today=EXAMPLE_DAY)

    message = "birthday still has the English text of the starter project"
    assert f"content/practices/: {message}" in _remarks(german)
    assert not any("English" in remark for remark in _remarks(project))


@pytest.mark.parametrize(
    ("end", "line"),
    [
        ("Kind regards,\n\n{{ customer.manager_name }}", 9),
        ("{{- customer.manager_name | default('us') }}", 7),
        ("*NAME*", 7),
        ("NAME and others", 0),
        ("Ask {{ customer.manager_name }}", 0),
    ],
)
def test_a_text_that_still_signs_itself_has_a_remark(root: Path, end: str, line: int) -> None:
    """It points to the name; a name within a sentence is none."""
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text() + "start: 2026-11-05\n")
    team = read_project(root, today=EXAMPLE_DAY).config.team
    practices = root / "content/practices"
    practices.mkdir()
    text = end.replace("NAME", team[0].name)
    (practices / "note.md").write_text(
        f"---\ntitle: Note\non: order\n---\nHello.\n\n{text}\n", encoding="utf-8"
    )
    remarks = list(signed_twice(read_project(root, today=EXAMPLE_DAY)))

    assert [remark.at.line for remark in remarks if remark.at] == ([line] if line else [])
