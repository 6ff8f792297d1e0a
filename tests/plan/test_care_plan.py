"""The plan of one day, as a whole table, and of several days."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from plan.caring import (
    BIRTHDAY,
    CUSTOMS,
    FOLLOW_UP,
    HOME,
    ISSUE,
    PROMISE,
    THANKS,
    WELCOME,
    caring,
    practice,
)

from newsletter.errors import NewsletterError
from newsletter.model.care import EVENT, PLAN
from newsletter.model.practice import Span
from newsletter.model.source import Source
from newsletter.model.tables import HISTORY
from newsletter.plan.planning import as_recorded, plan_day, plan_days, with_history

TODAY = dt.date(2026, 11, 4)
"""A Wednesday."""


def _day(number: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, number)


def _short(plan) -> list[tuple[object, ...]]:
    columns = ("customer", "practice", "channel", "arrives", "key", "rule", "possible_on")
    return plan.table.select(columns).rows()


def test_the_whole_table_of_a_day(make) -> None:
    """Every column, planned and skipped rows, by customer and practice."""
    project = make.project(
        [
            {"id": "a", "name": "Ann", "birthday": "1980-11-03", "account_manager": "tomas"},
            {"id": "b", "company": "Bakery", "account_manager": "nobody", "consent_email": False},
        ],
        orders=[
            {"customer": "a", "date": _day(1), "product": "Ink", "amount": 5.0},
            {"customer": "b", "date": _day(1), "product": "Nib", "amount": 5.0},
        ],
    )
    plan = plan_day(caring(project, BIRTHDAY, THANKS), today=TODAY)
    assert plan.day == TODAY
    assert plan.table.schema == PLAN
    assert plan.table.drop("date").rows(named=True) == [
        {
            "customer": "a",
            "name": "Ann",
            "member": "tomas",
            "practice": "birthday",
            "channel": "email",
            "arrives": _day(3),
            "key": "2026",
            "entry": None,
            "because": "birthday on Nov 3, 2026 (turns 46)",
            "skipped_because": None,
            "rule": None,
            "possible_on": None,
            "priority": 90,
            "owed": False,
        },
        {
            "customer": "a",
            "name": "Ann",
            "member": "tomas",
            "practice": "thank-you",
            "channel": "email",
            "arrives": _day(3),
            "key": "2026-11-01",
            "entry": None,
            "because": "order of Nov 1, 2026 (Ink)",
            "skipped_because": "one contact a day is enough: birthday (email) comes first",
            "rule": "one_a_day",
            "possible_on": _day(5),
            "priority": 60,
            "owed": False,
        },
        {
            "customer": "b",
            "name": "Bakery",
            "member": "nora",
            "practice": "thank-you",
            "channel": None,
            "arrives": _day(3),
            "key": "2026-11-01",
            "entry": None,
            "because": "order of Nov 1, 2026 (Nib)",
            "skipped_because": "no consent to email; no complete postal address; no phone number",
            "rule": "consent",
            "possible_on": None,
            "priority": 60,
            "owed": False,
        },
    ]
    assert plan.table["date"].to_list() == [TODAY] * 3
    assert plan.planned["practice"].to_list() == ["birthday"]


def test_events_have_the_details_that_texts_may_name(make) -> None:
    """The due proposals of each practice, with the details of their event."""
    project = make.project(
        [{"id": "a"}],
        orders=[{"customer": "a", "date": _day(n), "product": "Ink"} for n in (2, 3)],
    )
    events = plan_day(caring(project, BIRTHDAY, THANKS), today=TODAY).events
    assert events.keys() == {"birthday", "thank-you"}
    assert events["birthday"].is_empty()
    thanks = events["thank-you"]
    assert thanks.columns[: len(EVENT)] == list(EVENT)
    assert thanks.select("customer", "key", "order_product").rows() == [("a", "2026-11-02", "Ink")]


def test_letters_leave_before_they_are_due(make) -> None:
    """With two days of post and a quiet Sunday; a letter that would be late is not posted."""
    people = [
        {
            "id": f"{n:02}",
            "country": "DE",
            "birthday": f"--11-{n:02}",
            "consent_email": False,
            **HOME,
        }
        for n in range(1, 13)
    ]
    project = caring(make.project(people), BIRTHDAY)
    posted = {
        day: [row[0] for row in _short(plan_day(project, today=_day(day))) if row[5] is None]
        for day in (5, 6, 7, 9)
    }
    # Posted on Thursday 5 it arrives on Saturday 7, on Friday 6 on Monday 9: so those of Sunday 8
    # leave on Thursday, and that of the 5th can be posted no later, three days being its limit.
    assert posted == {
        5: ["04", "05", "06", "07", "08"],
        6: ["06", "07", "08", "09"],
        7: ["07", "08", "09", "10"],
        9: ["08", "09", "10", "11"],
    }


def test_a_customer_is_emailed_when_it_is_too_late_for_the_post(make) -> None:
    """A card in time, else an email while that is in time, else nothing."""
    person = {"id": "a", "country": "DE", "birthday": "--11-04", **HOME}
    project = caring(make.project([person]), BIRTHDAY)
    ways = {
        day: plan_day(project, today=_day(day)).table.select("channel", "rule").rows()
        for day in (3, 4, 5, 6, 7, 8, 9)
    }
    letter, email = [("letter", None)], [("email", None)]
    assert ways == {
        3: letter,
        4: letter,
        5: letter,
        6: email,
        7: email,
        8: [("email", "too_late")],
        9: [],
    }


def test_a_missed_task_is_reported_once(make) -> None:
    """On the day after its last day."""
    project = make.project([{"id": "a"}], orders=[{"customer": "a", "date": _day(1)}])
    project = caring(project, THANKS, quiet_days=[f"2026-11-{n:02}" for n in range(3, 9)])
    rules = {
        plan.day.day: plan.table["rule"].to_list()
        for plan in plan_days(project, first=_day(2), last=_day(10))
    }
    skipped = {day: ["quiet"] for day in range(3, 9)}
    assert rules == {2: [], **skipped, 9: ["too_late"], 10: []}


@pytest.mark.slow
def test_a_plan_of_days_assumes_earlier_days_were_carried_out(make) -> None:
    """A rhythm counts from the touchpoints planned on the days before."""
    talk = {"customer": "a", "date": _day(20, 10), "channel": "call"}
    project = caring(make.project([{"id": "a"}], conversations=[talk]), FOLLOW_UP)
    planned = {
        plan.day: (plan.planned["key"].item(), plan.planned["because"].item())
        for plan in plan_days(project, first=_day(1), last=_day(30))
        if plan.planned.height
    }
    assert planned == {
        _day(3): ("2026-11-03", "last contact Oct 20, 2026 (call), every 2 weeks"),
        _day(17): ("2026-11-17", "last contact Nov 3, 2026 (email), every 2 weeks"),
    }


def test_a_waiting_task_is_planned_on_the_day_it_becomes_possible(make) -> None:
    """Caps, quiet days and days to leave people alone decide that day together."""
    project = make.project(
        [{"id": "a", "country": "LU"}],
        orders=[{"customer": "a", "date": _day(29, 10)}],
        history=[{"customer": "a", "date": _day(25, 10), "practice": "call"}],
    )
    patient = replace(THANKS, until=None)
    project = caring(project, patient, caps=[{"per": "customer", "most": 1, "days": 7}])
    plans = {p.day: p.table for p in plan_days(project, first=_day(31, 10), last=_day(3))}
    reason = "at most 1 in 7 days: Oct 25, 2026 (call)"
    columns = ("rule", "skipped_because", "possible_on")
    # The cap ends on Sunday 1 November, Monday is All Souls in Luxembourg.
    assert {day: table.select(columns).row(0) for day, table in plans.items()} == {
        _day(31, 10): ("cap", reason, _day(3)),
        _day(1): ("quiet", "Sunday is a quiet day", _day(3)),
        _day(2): ("do_not_write", "All Souls", _day(3)),
        _day(3): (None, None, None),
    }


def test_a_recorded_plan_leaves_nothing_for_the_day(make) -> None:
    """The plan of the same day plans nothing more, and says when each task was done."""
    project = make.project(
        [{"id": "a", "birthday": "--11-04"}, {"id": "b"}],
        orders=[{"customer": c, "date": _day(2)} for c in "ab"],
        issues=[make.issue(date=_day(4))],
    )
    project = caring(project, BIRTHDAY, THANKS)
    first = plan_day(project, today=TODAY)
    second = plan_day(with_history(project, as_recorded(first.planned)), today=TODAY)
    assert [row[:2] for row in _short(first) if row[5] is None] == [
        ("a", "birthday"),
        ("b", "thank-you"),
    ]
    assert second.planned.is_empty()
    reason = "one contact a day is enough: birthday (email) went out today"
    assert second.table.select("customer", "practice", "rule", "skipped_because").rows() == [
        ("a", "birthday", "had", "done already: Nov 4, 2026 (email)"),
        ("a", "thank-you", "one_a_day", reason),
        ("b", "thank-you", "had", "done already: Nov 4, 2026 (email)"),
    ]


def test_welcome_waits_for_the_thank_you(make) -> None:
    """It is planned for the next day at the earliest."""
    project = make.project([{"id": "a"}], orders=[{"customer": "a", "date": _day(2)}])
    project = caring(project, THANKS, WELCOME)
    planned = [
        (plan.day.day, *plan.planned["practice"])
        for plan in plan_days(project, first=_day(2), last=_day(6))
    ]
    assert planned == [(2,), (3,), (4, "thank-you"), (5, "welcome"), (6,)]


def test_the_issue_is_planned_before_other_practices(make) -> None:
    """Customers left out are skipped rows, with a rule of etiquette."""
    shared = {"email": "home@example.com"}
    project = make.project(
        [
            {"id": "a", "birthday": "--11-04", "orders_count": 2, "name": "Ann", **shared},
            {"id": "b", **shared},
            {"id": "c", "closed": True},
            {"id": "d", "email": None},
            {"id": "e", "email": "gone@example.com"},
            {"id": "f", "channel": "letter", "country": "DE", **HOME},
            {"id": "g", "language": "not-meant"},
        ],
        entries=[make.entry("ink"), make.entry("nib", audience='id == "f"')],
        issues=[make.issue(date=TODAY, audience='id != "g"')],
        suppressed=[{"email": "gone@example.com"}],
    )
    plan = plan_day(caring(project, BIRTHDAY, ISSUE), today=TODAY)
    issue = plan.table.filter(pl.col("practice") == "issue")
    assert issue.select("customer", "channel", "rule", "skipped_because").rows() == [
        ("a", "email", None, None),
        ("b", "email", "duplicate", "shares the address of Ann"),
        ("c", "email", "closed", "account closed or deceased"),
        ("d", None, "consent", "no email address; no complete postal address"),
        ("e", None, "suppressed", "on the suppression list"),
        ("f", "letter", None, None),
    ]
    assert set(issue["because"]) == {"issue 2026-11 (2026-11)"}
    assert set(issue["key"]) == {"2026-11"}
    assert plan.events["issue"].select("customer", "entries").rows() == [
        ("a", ["ink"]),
        ("f", ["ink", "nib"]),
    ]
    birthday = plan.table.filter(pl.col("practice") == "birthday")
    assert birthday["skipped_because"].to_list() == [
        "one contact a day is enough: issue 2026-11 (email) went out today"
    ]


@pytest.mark.parametrize(
    ("issue", "history", "practices"),
    [
        ({"date": _day(5)}, [], (ISSUE,)),
        ({"date": TODAY}, [{"customer": "a", "issue": "2026-11"}], (ISSUE,)),
    ],
)
def test_no_issue_is_planned_on_another_day(make, issue, history, practices) -> None:
    """Nor if it has gone out."""
    project = make.project([{"id": "a"}], issues=[make.issue(**issue)], history=history)
    assert plan_day(caring(project, *practices), today=TODAY).table.is_empty()


def test_an_issue_needs_no_practice_file(make) -> None:
    """It then goes by email or letter, also in a project without practices."""
    project = make.project(
        [{"id": "a"}, {"id": "b", "channel": "letter", "country": "DE", **HOME}],
        issues=[make.issue(date=TODAY)],
    )
    assert project.practices == ()
    plan = plan_day(replace(project, customs=CUSTOMS), today=TODAY)
    assert plan.planned.select("customer", "practice", "channel").rows() == [
        ("a", "issue", "email"),
        ("b", "issue", "letter"),
    ]


def test_of_two_issues_on_one_day_the_second_says_which_came_first(make) -> None:
    """One touchpoint a day holds for issues as well, also if the first has gone out already."""
    project = make.project(
        [{"id": "a"}], issues=[make.issue(name, date=TODAY) for name in ("extra", "2026-11")]
    )
    project = caring(project, ISSUE)
    plan = plan_day(project, today=TODAY)
    first = "one contact a day is enough: issue 2026-11 (email) comes first"
    assert plan.table.select("key", "skipped_because", "possible_on").rows() == [
        ("2026-11", None, None),
        ("extra", first, None),
    ]
    recorded = as_recorded(plan.planned, issue=plan.events["issue"])
    second = plan_day(with_history(project, recorded), today=TODAY)
    assert second.table.select("key", "skipped_because").rows() == [
        ("extra", "one contact a day is enough: issue 2026-11 (email) went out today")
    ]
    assert second.issues["extra"].left_out["reason"].to_list() == [
        "one contact a day is enough: issue 2026-11 (email) went out today"
    ]


def test_only_an_issue_holds_back_an_issue(make) -> None:
    """A call of the same morning does not."""
    called = {"customer": "a", "date": TODAY, "practice": "call", "channel": "call"}
    project = make.project([{"id": "a"}], issues=[make.issue(date=TODAY)], history=[called])
    assert plan_day(caring(project, ISSUE), today=TODAY).planned["key"].to_list() == ["2026-11"]


def test_an_issue_of_a_later_day_leaves_today_alone(make) -> None:
    """If asked for, it is planned for its own date in the same table."""
    project = make.project([{"id": "a", "birthday": "--11-04"}], issues=[make.issue(date=_day(6))])
    project = caring(project, BIRTHDAY, ISSUE)
    plan = plan_day(project, today=TODAY, issue="2026-11")
    assert plan.table.select("date", "practice", "arrives", "rule").rows() == [
        (TODAY, "birthday", TODAY, None),
        (_day(6), "issue", _day(6), None),
    ]
    assert plan.of_the_day.table.equals(plan_day(project, today=TODAY).table)
    assert plan.issues["2026-11"].record["date"].to_list() == [_day(6)]


def test_an_issue_without_exemptions_is_planned_like_any_practice(make) -> None:
    """`exempt: []` and `first: no` in its practice file."""
    plain = replace(ISSUE, exempt=(), first=False, priority=10)
    yesterday = {"customer": "b", "date": _day(3), "practice": "call", "channel": "call"}
    project = make.project(
        [{"id": "a", "birthday": "--11-04"}, {"id": "b"}],
        issues=[make.issue(date=TODAY)],
        history=[yesterday],
    )
    caps = [{"per": "customer", "most": 1, "days": 7}]
    plan = plan_day(caring(project, BIRTHDAY, plain, caps=caps), today=TODAY)
    assert plan.table.select("customer", "practice", "rule").rows() == [
        ("a", "birthday", None),
        ("a", "issue", "one_a_day"),
        ("b", "issue", "cap"),
    ]


def test_the_practice_of_issues_may_have_a_rule(make) -> None:
    """`when` of the practice and the audience of the issue must both hold."""
    only = replace(ISSUE, when=Source('city == "Ulm"', ISSUE.at))
    project = make.project(
        [{"id": "a", "city": "Ulm"}, {"id": "b"}, {"id": "c", "city": "Ulm"}],
        issues=[make.issue(date=TODAY, audience='id != "c"')],
    )
    plan = plan_day(caring(project, only), today=TODAY)
    assert plan.planned["customer"].to_list() == ["a"]
    assert plan.issues["2026-11"].left_out.select("customer", "reason").rows() == [
        ("b", "not in the audience of this issue"),
        ("c", "not in the audience of this issue"),
    ]


def test_an_entry_of_the_issue_is_not_shared_again(make) -> None:
    """A practice that shares articles skips those of an issue, and an issue skips shared ones."""
    share = practice("share", event="article", until=None, once_per="event")
    project = make.project(
        [{"id": "a"}, {"id": "b"}],
        entries=[
            make.entry("old", kind="article", date=_day(30, 10), audience='id == "a"'),
            make.entry("new", kind="article", date=_day(5), audience='id == "b"'),
        ],
        issues=[make.issue(date=_day(2), since=_day(1, 10))],
    )
    project = caring(project, share, ISSUE, caps=())
    rows = {
        plan.day.day: [(row[0], row[1], row[4], row[5]) for row in _short(plan)]
        for plan in plan_days(project, first=_day(2), last=_day(6))
    }
    assert rows == {
        2: [
            ("a", "issue", "2026-11", None),
            ("a", "share", "old", "one_a_day"),
            ("b", "issue", "2026-11", None),
        ],
        3: [],
        4: [],
        5: [("b", "share", "new", None)],
        6: [],
    }


def test_issues_once_per_month_are_known_by_slug(make) -> None:
    """With `once_per: month` the key is the month; the history names the slug."""
    share = practice("share", event="article", until=None, once_per="month")
    project = make.project(
        [{"id": "a"}], entries=[make.entry("ink", kind="article", date=_day(3))]
    )
    plans = list(plan_days(caring(project, share), first=_day(3), last=_day(4)))
    assert plans[0].planned["key"].to_list() == ["2026-11"]
    assert plans[1].table.is_empty()


def test_an_issue_recorded_without_a_practice_counts(make) -> None:
    """Its row may name the issue alone."""
    recorded = {"customer": "a", "date": _day(3), "issue": "2026-10", "practice": None}
    project = make.project([{"id": "a", "birthday": "--11-04"}], history=[recorded])
    project = caring(project, BIRTHDAY, caps=[{"per": "customer", "most": 1, "days": 7}])
    reasons = plan_day(project, today=TODAY).table["skipped_because"].to_list()
    assert reasons == ["at most 1 in 7 days: Nov 3, 2026 (issue)"]


def test_recorded_rows_say_who_did_what_for_whom(make) -> None:
    """Customer, date, practice, key, channel and member; an issue by its name."""
    project = make.project(
        [{"id": "a", "birthday": "--11-04"}, {"id": "b"}], issues=[make.issue(date=TODAY)]
    )
    plan = plan_day(caring(project, BIRTHDAY, ISSUE), today=TODAY)
    rows = as_recorded(plan.planned)
    assert rows.schema == HISTORY
    assert rows.select(
        "customer", "date", "practice", "channel", "issue", "key", "member"
    ).rows() == [
        ("a", TODAY, "issue", "email", "2026-11", "2026-11", "nora"),
        ("b", TODAY, "issue", "email", "2026-11", "2026-11", "nora"),
    ]
    further = rows.drop("customer", "date", "practice", "channel", "issue", "key", "member")
    assert set(further.null_count().row(0)) == {2}


def test_wrong_rules_are_raised_all_at_once(make) -> None:
    """Every misspelt name of every practice, before anything is planned."""
    wrong = [
        replace(BIRTHDAY, when=Source("orders_cuont > 1", BIRTHDAY.at)),
        replace(THANKS, when=Source("order_prodcut is missing", THANKS.at)),
    ]
    with pytest.raises(NewsletterError) as error:
        plan_day(caring(make.project([{"id": "a"}]), *wrong), today=TODAY)
    assert [(p.message, p.hint) for p in error.value.problems] == [
        ("unknown name 'orders_cuont'", "did you mean 'orders_count'?"),
        ("unknown name 'order_prodcut'", "did you mean 'order_product'?"),
    ]


def test_a_plan_may_be_empty(make) -> None:
    """Without practices or customers it is a table like any other."""
    empty = plan_day(caring(make.project()), today=TODAY)
    assert (empty.table.schema, empty.table.height) == (PLAN, 0)
    alone = replace(caring(make.project([{"id": "a"}])), practices=())
    assert plan_day(alone, today=TODAY).table.height == 0


def test_a_promise_is_planned_over_cap_and_capacity(make) -> None:
    """It is owed."""
    talk = {"customer": "a", "date": _day(1), "promise": "A sample", "promised_by": _day(4)}
    project = make.project(
        [{"id": "a", "phone": "1", "consent_phone": True}],
        conversations=[talk],
        history=[{"customer": "a", "date": _day(n), "practice": "call"} for n in (1, 2, 3)],
    )
    plan = plan_day(caring(project, PROMISE, capacity={"call": 0}), today=TODAY)
    assert _short(plan) == [("a", "promise", "call", _day(4), "promise 2026-11-04", None, None)]


def test_a_redeemed_voucher_is_no_touchpoint(make) -> None:
    """Its row of the history takes neither the day nor room in a cap."""
    redeemed = {"customer": "a", "practice": "voucher", "code": "0000-0000-0000"}
    project = make.project(
        [{"id": "a", "birthday": "1980-11-04"}],
        history=[{**redeemed, "date": _day(n)} for n in (2, 3, 4)],
    )
    plan = plan_day(caring(project, BIRTHDAY), today=TODAY)
    assert plan.planned["practice"].to_list() == ["birthday"]


@pytest.mark.parametrize(("channel", "late"), [("email", 1), ("letter", 4)])
def test_a_birthday_wish_knows_how_late_it_is(make, channel, late) -> None:
    """A letter that leaves on Saturday arrives on Tuesday, because the post rests on Sunday."""
    birthday = practice("birthday", event="birthday", until=Span(9, "day"), channels=(channel,))
    project = make.project([{"id": "a", "country": "DE", "birthday": "--10-30", **HOME}])
    plan = plan_day(caring(project, birthday), today=dt.date(2026, 10, 31))
    assert plan.planned.height == 1
    assert plan.events["birthday"]["days_late"].to_list() == [late]
