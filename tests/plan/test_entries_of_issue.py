"""Which entries an issue offers, in which order and language, and to whom."""

from __future__ import annotations

import datetime as dt

import pytest

from newsletter.errors import NewsletterError
from newsletter.plan.issues import issue_entries, issue_since, newest_issue


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _slugs(make, offered, **keys) -> list[str]:
    before = make.issue("2026-10", date=_day("2026-10-05"))
    edition = make.issue(**keys)
    project = make.project(entries=offered, issues=[before, edition])
    return [entry.slug for entry in issue_entries(project, edition)]


def test_an_issue_without_a_list_takes_new_entries(make) -> None:
    """Of every kind but pages and answers, newest first."""
    entries = [
        make.entry("article", kind="article"),
        make.entry("story", kind="story"),
        make.entry("offer", kind="offer", expires=_day("2026-11-05")),
        make.entry("event", kind="event", starts=dt.datetime(2026, 11, 5, 19)),
        make.entry("old-update", date=_day("2026-10-06")),
        make.entry("new-update", date=_day("2026-11-05")),
        make.entry("page", kind="page"),
        make.entry("answer", kind="answer"),
        make.entry("of-the-day-before", date=_day("2026-10-05")),
        make.entry("future", date=_day("2026-11-06")),
        make.entry("expired", kind="offer", expires=_day("2026-11-04")),
        make.entry("over", kind="event", starts=dt.datetime(2026, 11, 4, 19)),
    ]
    assert _slugs(make, entries) == [
        "new-update",
        "old-update",
        "event",
        "offer",
        "story",
        "article",
    ]
    assert _slugs(make, entries, since=_day("2026-10-05"))[:3] == [
        "new-update",
        "old-update",
        "of-the-day-before",
    ]


def test_an_issue_with_a_list_keeps_its_order(make) -> None:
    """Older entries and pages may be listed; an entry listed twice goes out once."""
    entries = [make.entry("a", date=_day("2025-01-01")), make.entry("b", kind="page")]
    assert _slugs(make, entries, entries=("b", "a", "b")) == ["b", "a"]


def test_unknown_future_and_expired_entries_of_a_list_are_refused(make) -> None:
    """They are reported together, at the issue's file."""
    entries = [
        make.entry("winter-hours"),
        make.entry("later", date=_day("2026-12-01")),
        make.entry("gone", kind="offer", expires=_day("2026-10-31")),
    ]
    with pytest.raises(NewsletterError) as raised:
        _slugs(make, entries, entries=("winter-huors", "later", "gone"))
    assert {str(problem.at) for problem in raised.value.problems} == {"content/issues/2026-11.md"}
    assert [(problem.message, problem.hint) for problem in raised.value.problems] == [
        (
            "entry 'gone' expires on 2026-10-31, before the issue (2026-11-05)",
            "take it out of 'entries', or change the date in content/offers/gone.md",
        ),
        (
            "entry 'later' is dated 2026-12-01, after the issue (2026-11-05)",
            "take it out of 'entries', or change the date in content/updates/later.md",
        ),
        ("there is no entry 'winter-huors'", "did you mean 'winter-hours'?"),
    ]


def test_an_entry_comes_in_the_language_of_the_edition_else_of_the_project(make) -> None:
    """If it exists in a third language only, it goes out in that."""
    entries = [
        make.entry("a", language="en"),
        make.entry("a", language="de"),
        make.entry("b", language="en"),
        make.entry("b", language="fr"),
        make.entry("c", language="fr"),
    ]
    edition = make.issue(language="de", entries=("a", "b", "c"))
    project = make.project(entries=entries, issues=[edition])
    assert [e.language for e in issue_entries(project, edition)] == ["de", "en", "fr"]


def test_two_entries_cannot_share_a_flag(make) -> None:
    """`a-b` and `a_b` would be one column."""
    with pytest.raises(NewsletterError, match="cannot be told apart in one issue"):
        _slugs(make, [make.entry("a-b"), make.entry("a_b")])


def _flags(make, customers, entries, *, most=5, **more) -> list[tuple[object, ...]]:
    edition = make.issue(entries=tuple(e.slug for e in entries if e.kind != "answer"), most=most)
    plan = make.plan(customers, entries=entries, issues=[edition], **more).editions[0]
    flags = [entry.flag for entry in (*plan.entries, *plan.answers)]
    return plan.recipients.select("id", *flags).rows()


def test_customers_get_entries_that_interest_them(make) -> None:
    """No interests on either side fit everything; case does not matter."""
    entries = [make.entry("a", interests=("Tea", "ink")), make.entry("b")]
    customers = [
        {"id": "a", "interests": ["tea", "pens"]},
        {"id": "b", "interests": ["pens"]},
        {"id": "c", "interests": None},
        {"id": "d", "interests": []},
    ]
    assert _flags(make, customers, entries) == [
        ("a", True, True),
        ("b", False, True),
        ("c", True, True),
        ("d", True, True),
    ]


def test_an_audience_rule_chooses_and_may_name_segments(make) -> None:
    """Customers outside the audience, or who had the entry, get the next one, up to `most`."""
    entries = [make.entry("a", audience="near"), make.entry("b"), make.entry("c"), make.entry("d")]
    customers = [{"id": "a", "city": "Ulm"}, {"id": "b"}, {"id": "c"}]
    history = [{"customer": "c", "practice": "issue", "issue": "2026-10", "entries": ["b", "x"]}]
    rows = _flags(
        make, customers, entries, most=2, segments={"near": 'city == "Ulm"'}, history=history
    )
    assert rows == [
        ("a", True, True, False, False),
        ("b", False, True, True, False),
        ("c", False, False, True, True),
    ]


def test_an_answer_goes_once_to_customers_who_asked(make) -> None:
    """It does not count towards `most`; an answer for nobody is not in the edition."""
    entries = [
        make.entry("a"),
        make.entry("table", kind="answer", answers=("F-1", "F-2")),
        make.entry("tape", kind="answer", answers=("F-9",)),
    ]
    feedback = [
        {"id": f"F-{i}", "customer": key, "date": _day("2026-09-01")}
        for i, key in enumerate("abc", start=1)
    ]
    history = [{"customer": "b", "entries": ["table"]}]
    customers = [{"id": key} for key in "abc"]
    rows = _flags(make, customers, entries, most=1, feedback=feedback, history=history)
    assert rows == [("a", True, True), ("b", True, False), ("c", True, False)]


def test_wrong_rules_of_all_entries_are_reported_at_once(make) -> None:
    """Also of entries that are not in this issue."""
    entries = [
        make.entry("a", audience='ctiy == "Ulm"'),
        make.entry("b", audience="frist_name", date=_day("2020-01-01")),
    ]
    with pytest.raises(NewsletterError) as raised:
        make.plan([{"id": "a"}], entries=entries, issues=[make.issue(audience="emial")])
    assert [problem.message for problem in raised.value.problems] == [
        "unknown name 'emial'",
        "unknown name 'ctiy'",
        "unknown name 'frist_name'",
    ]


def test_the_newest_issue_is_the_last_one_not_yet_recorded(make) -> None:
    """If all have gone out, or there is none, the error says what to do."""
    issues = [
        make.issue("2026-10", date=_day("2026-10-05")),
        make.issue(),
        make.issue(language="de"),
    ]
    recorded = [{"customer": "a", "issue": "2026-11"}]
    assert newest_issue(make.project(issues=issues)) == "2026-11"
    assert newest_issue(make.project(issues=issues, history=recorded)) == "2026-10"
    with pytest.raises(NewsletterError, match="every issue has gone out"):
        newest_issue(make.project(issues=issues[1:], history=recorded))


def test_of_two_issues_on_one_day_the_first_is_built(make) -> None:
    """The plan places it before the other, which then reaches nobody that day."""
    issues = [make.issue("2026-11b"), make.issue()]
    assert newest_issue(make.project(issues=issues)) == "2026-11"


def test_an_issue_reports_since_the_one_before(make) -> None:
    """The issue's `since`, else the day of the issue before, else 92 days back."""
    first = make.issue("2026-10", date=_day("2026-10-05"))
    project = make.project(
        issues=[first, make.issue(), make.issue("own", since=_day("2026-01-01"))]
    )
    assert issue_since(project, "2026-11") == _day("2026-10-05")
    assert issue_since(project, "2026-10") == _day("2026-07-05")
    assert issue_since(project, "own") == _day("2026-01-01")
    with pytest.raises(NewsletterError, match="did you mean '2026-11'"):
        issue_since(project, "2026-1l")
