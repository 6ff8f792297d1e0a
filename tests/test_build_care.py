"""A build makes the care plan of the day, with or without an issue, and loses nobody's notes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import EXAMPLE_DAY, ROOT, Built, Silent

from newsletter.build import build
from newsletter.commands.record import record_issue, record_plan
from newsletter.model.report import BuildReport

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, example: Built) -> Path:
    """Return a writable copy of the example with its November issue built."""
    root = tmp_path_factory.mktemp("care") / "shop"
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copytree(example.output, root / "output")
    return root


def _build(root: Path) -> BuildReport:
    return build(root, output=root / "output", today=EXAMPLE_DAY, issue=None, progress=Silent())


def test_a_build_writes_pages_lists_and_letters(example: Built) -> None:
    """Pages, lists, calendars, letters and the plan of the day are below private/care/."""
    care = example.output / "private/care"
    files = {path.relative_to(care).as_posix() for path in care.rglob("*") if path.is_file()}
    assert {name for name in files if not name.startswith(("messages/", "merge/"))} == {
        "calendar/nora.ics",
        "calendar/tomas.ics",
        "gifts-to-buy.csv",
        "index.html",
        "lists/2026-11-03-nora.csv",
        "lists/2026-11-03-nora.xlsx",
        "lists/2026-11-03-tomas.csv",
        "lists/2026-11-03-tomas.xlsx",
        "nora-calls.html",
        "nora-handwritten.html",
        "nora.html",
        "plan.csv",
        "tomas-calls.html",
        "tomas-handwritten.html",
        "tomas.html",
    }
    assert "messages/2026-11-03/index.html" in files
    assert example.report.care is not None
    emails = [name for name in files if name.startswith("messages/") and name.endswith(".eml")]
    assert len(emails) == 8
    assert example.report.care.planned["email"] == 10, "with two drafts that a person finishes"


def test_a_filled_list_stays_until_it_is_recorded(shop: Path) -> None:
    """A build leaves it and says what to do; after recording, the next build replaces it."""
    file = shop / "output/private/care/lists/2026-11-03-nora.csv"
    fresh = file.read_bytes()
    assert b'\r\n"";' in fresh
    filled = fresh.replace(b'\r\n"";', b'\r\n"x";', 1)
    file.write_bytes(filled)

    second_report = _build(shop)

    assert file.read_bytes() == filled
    (remark,) = [
        str(problem)
        for problem in second_report.remarks
        if "lists/2026-11-03-nora.csv" in str(problem)
    ]
    assert "newsletter record --plan output/private/care/lists/2026-11-03-nora.csv" in remark
    assert record_plan(shop, file, today=EXAMPLE_DAY).recorded == 1
    after = _build(shop)
    assert not [problem for problem in after.remarks if "lists/" in str(problem)]
    assert not file.exists() or b'"x"' not in file.read_bytes()


def test_without_an_open_issue_site_and_plan_are_built(shop: Path) -> None:
    """Every issue has gone out."""
    report = record_issue(shop, "2026-11", output=shop / "output", today=EXAMPLE_DAY)
    assert report.recorded == 35

    built = _build(shop)

    assert (built.issue, built.editions, built.left_out) == ("", (), {})
    assert built.care is not None
    assert built.open_first == ("private/care/index.html", "site/index.html")
    assert (shop / "output/private/care/index.html").is_file()
    assert not (shop / "output/private/index.html").exists()
    assert record_issue_again(shop) == 0


def record_issue_again(shop: Path) -> int:
    """Build the issue once more and record it; return the number of rows added."""
    build(shop, output=shop / "again", today=EXAMPLE_DAY, issue="2026-11", progress=Silent())
    return record_issue(shop, "2026-11", output=shop / "again", today=EXAMPLE_DAY).recorded
