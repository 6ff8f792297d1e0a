"""README.txt says what to do in that program, what became a column, and what is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from export_reading import written
from support import EXAMPLE_DAY, ROOT

from newsletter.export.programs import PROGRAMS
from newsletter.export.programs.exported import Exported
from newsletter.export.programs.exports import exported_mailings
from newsletter.export.programs.read_me import _WORDS
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project


@pytest.fixture(scope="module")
def exported() -> Exported:
    """Return the English edition of the example for Klaviyo."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue="2026-11")
    return next(exported_mailings(project, plan, PROGRAMS["klaviyo"], issue="2026-11"))


def _read_me(exported: Exported, name: str, spoken: str = "en") -> str:
    program = replace(exported, program=PROGRAMS[name], spoken=spoken)
    return written(program)["README.txt"].decode("utf-8-sig").replace("\r\n", "\n")


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "mautic"])
def test_every_file_and_column_is_named(exported: Exported, name: str) -> None:
    """In each of the languages; no gap is left open. Mautic does not take the example."""
    each = replace(exported, program=PROGRAMS[name])
    files = written(each).keys() - {"README.txt"}
    for spoken in ("en", "de", "fr"):
        text = _read_me(exported, name, spoken)
        assert not [file for file in files if file not in text]
        assert not [header for header in each.headers.values() if f"\n{header}: " not in text]
        assert "{" not in text.replace("{{", "")
        assert PROGRAMS[name].title in text


def test_it_says_why_and_what_is_lost(exported: Exported) -> None:
    """Conditions by their rules; packed ones by what they pack."""
    klaviyo = _read_me(exported, "klaviyo")
    assert "\nIn" not in klaviyo
    assert "   In Klaviyo: Lists & Segments › Create List/Segment" in klaviyo
    assert "\nhas_points: 1 if customer.points\n" in klaviyo
    assert "\nservices_list: a list, finished: " in klaviyo
    assert klaviyo.endswith("Nothing.\n")
    mailchimp = _read_me(exported, "mailchimp")
    assert "\nFLAGS1: a number for each combination of " in mailchimp
    assert "letters that look like them" in mailchimp
    phplist = _read_me(exported, "phplist", "de")
    assert "Das HTML: phpList kennt keine Bedingungen" in phplist
    assert "subject.txt ist für alle gleich" in phplist


def test_every_phrase_is_in_the_three_languages() -> None:
    """As native speakers write them."""
    assert {tuple(sorted(phrase)) for phrase in _WORDS.values()} == {("de", "en", "fr")}


def test_only_an_issue_is_recorded_by_its_name(exported: Exported) -> None:
    """What went out of a practice is on the lists of the day."""
    assert "newsletter record 2026-11" in _read_me(exported, "csv")
    practice = replace(exported.mailing.practice, event="")
    thanks = replace(exported, mailing=replace(exported.mailing, practice=practice))
    assert "newsletter record" not in _read_me(thanks, "csv")
