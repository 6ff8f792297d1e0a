"""What is owed is closed only by what answers and keeps it, and goes together."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import source
from plan.caring import HOME, PROMISE, THANKS, caring, practice
from support import examples

from newsletter.facts import add_facts
from newsletter.facts.promises import promises
from newsletter.model.channels import CHANNELS
from newsletter.model.customs import Country, Customs
from newsletter.model.practice import Practice, Span
from newsletter.model.project import Project
from newsletter.plan.planning import as_recorded, plan_day, with_history

TODAY = dt.date(2026, 11, 4)
LATER = dt.date(2026, 12, 4)
GIVEN = dt.date(2026, 11, 2)
DAY_AFTER = Span(1, "day")


def _answer(name: str, when: str, **more: object) -> Practice:
    return practice(
        name,
        event="feedback",
        offset=DAY_AFTER,
        when=source(when, f"content/practices/{name}.md"),
        owed=True,
        **more,
    )


COMPLAINT = _answer(
    "complaint",
    "feedback_unanswered and not feedback_good",
    draft=True,
    priority=97,
    channels=("call", "email", "letter"),
)
PRAISE = _answer("feedback-answer", "feedback_unanswered and feedback_good", priority=95)
KEEP = replace(PROMISE, draft=True, until=None)
OWED = frozenset({"email", "letter", "handwritten", "call", "text"})
CUSTOMER = {"id": "a", "email": "a@example.com", "phone": "+49 1", "consent_email": True}


def _shop(make, customer: dict[str, object] | None = None, **tables: object) -> Project:
    project = make.project([{**CUSTOMER, **HOME, **(customer or {})}], **tables)
    shop = caring(project, COMPLAINT, PRAISE, KEEP, THANKS)
    return replace(shop, customs=Customs(countries={"": Country(owed=OWED)}))


def _rows(project: Project, *, day: dt.date = TODAY) -> list[tuple[object, ...]]:
    """Return practice, key, channel and rule of the plan of a day."""
    table = plan_day(project, today=day).table
    return table.select("practice", "key", "channel", "rule").sort("practice", "key").rows()


def _talk(**more: object) -> dict[str, object]:
    return {"customer": "a", "date": dt.date(2026, 10, 20), "channel": "call", **more}


TORN = {"customer": "a", "date": GIVEN, "id": "F1", "score": 1, "text": "Torn"}
SAMPLE = _talk(promise="Send the sample", promised_by=GIVEN)
PRINTER = _talk(promise="Call the printer", promised_by=GIVEN)


def test_all_that_is_owed_is_one_touch_and_each_item_is_recorded(make) -> None:
    """One call with two promises and the complaint; the next day nothing of it is left."""
    shop = _shop(make, feedback=[TORN], conversations=[SAMPLE, PRINTER])
    assert _rows(shop) == [
        ("complaint", "F1", "call", "owed_together"),
        ("promise", "promise 2026-11-02", "call", None),
        ("promise", "promise 2026-11-02 2", "call", "owed_together"),
    ]
    plan = plan_day(shop, today=TODAY)
    done = with_history(shop, as_recorded(plan.settled))
    assert _rows(done, day=TODAY + dt.timedelta(days=1)) == []


def test_nothing_that_is_owed_runs_out(make) -> None:
    """A complaint and a promise of which nobody thought for half a year are due all the same."""
    shop = _shop(make, feedback=[TORN], conversations=[SAMPLE])
    rows = _rows(shop, day=GIVEN + dt.timedelta(days=183))
    assert [row[:2] for row in rows] == [("complaint", "F1"), ("promise", "promise 2026-11-02")]


def test_an_item_that_was_not_settled_stays_due(make) -> None:
    """Only the promise of the call was kept: the complaint is due on the next day."""
    shop = _shop(make, feedback=[TORN], conversations=[SAMPLE])
    done = with_history(shop, as_recorded(plan_day(shop, today=TODAY).planned))
    tomorrow = TODAY + dt.timedelta(days=1)
    assert _rows(done, day=tomorrow) == [("complaint", "F1", "call", None)]


def test_a_text_that_goes_out_as_it_is_carries_nothing_else(make) -> None:
    """Praise is answered by email; a second one waits for the next day."""
    praise = [{**TORN, "score": 9}, {**TORN, "id": "F2", "score": 10}]
    assert _rows(_shop(make, feedback=praise)) == [
        ("feedback-answer", "F1", "email", None),
        ("feedback-answer", "F2", "email", "one_a_day"),
    ]


@pytest.mark.parametrize("score", [None, 0, 6])
def test_a_complaint_is_for_a_person_whatever_else_was_sent(make, score: int | None) -> None:
    """Also without a score; a thank-you and an email about a promise leave it open."""
    sent = [
        {"customer": "a", "date": TODAY, "practice": "thank-you", "channel": "email", "key": "x"},
        {"customer": "a", "date": TODAY, "practice": "promise", "channel": "email", "key": "F1"},
    ]
    shop = _shop(make, feedback=[{**TORN, "score": score}], history=sent)
    tomorrow = TODAY + dt.timedelta(days=1)
    assert _rows(shop, day=tomorrow) == [("complaint", "F1", "call", None)]


def test_consent_to_marketing_is_not_asked_for_what_is_owed(make) -> None:
    """An objection to the channel is obeyed; an address that is suppressed gets nothing."""
    no = {"consent_email": False, "consent_post": None, "consent_phone": None}
    assert _rows(_shop(make, no, feedback=[TORN])) == [("complaint", "F1", "call", None)]
    silent = {**no, "consent_phone": False}
    assert _rows(_shop(make, silent, feedback=[TORN])) == [("complaint", "F1", "email", None)]
    gone = {**silent, "objection": True, "consent_post": False}
    assert _rows(_shop(make, gone, feedback=[TORN])) == [("complaint", "F1", None, "consent")]


def test_two_customers_of_one_mailbox_are_both_answered(make) -> None:
    """Other messages go to a shared address once."""
    people = [{**CUSTOMER, "phone": None, "id": key} for key in "ab"]
    told = [{**TORN, "customer": key, "id": f"F{key}", "score": 9} for key in "ab"]
    shop = caring(make.project(people, feedback=told), PRAISE)
    assert [row[3] for row in _rows(shop)] == [None, None]


_days = st.integers(0, 12).map(lambda n: dt.date(2026, 10, 25) + dt.timedelta(days=n))
_keys = st.sampled_from([None, "F1", "F2", "promise 2026-11-02", "2026-11-02", "once"])
_touch = st.fixed_dictionaries(
    {
        "customer": st.just("a"),
        "date": _days,
        "practice": st.sampled_from(
            ["complaint", "feedback-answer", "promise", "thank-you", "issue", "follow-up", None]
        ),
        "channel": st.sampled_from([None, *CHANNELS]),
        "key": _keys,
        "outcome": st.sampled_from([None, "done", "not reached", "message left", "not wanted"]),
    }
)
_talks = st.fixed_dictionaries(
    {
        "customer": st.just("a"),
        "date": _days,
        "text": st.sampled_from([None, "Spoke of ink"]),
        "answers": st.sampled_from([None, None, ["F1"], ["F2"]]),
    }
)
_ATTEMPTS = ("not reached", "message left")


@examples(60)
@given(history=st.lists(_touch, max_size=6), talks=st.lists(_talks, max_size=3))
def test_nothing_but_an_answer_closes_feedback(make, history, talks) -> None:
    """Over random histories: a task for this feedback by a practice that answers, or its note."""
    project = make.project([CUSTOMER], feedback=[TORN], history=history, conversations=talks)
    facts = add_facts(project.people, project.config, today=LATER, since=TODAY)
    answered = any(
        row["practice"] in ("complaint", "feedback-answer")
        and row["key"] in ("F1", None)
        and row["date"] >= GIVEN
        and row["outcome"] not in _ATTEMPTS
        for row in history
    ) or any("F1" in (talk["answers"] or ()) for talk in talks)
    assert facts["open_feedback"].to_list() == [not answered]


@examples(60)
@given(history=st.lists(_touch, max_size=6), talks=st.lists(_talks, max_size=3))
def test_nothing_but_its_keeping_closes_a_promise(make, history, talks) -> None:
    """Over random histories: a task for it that a person carried out."""
    given_on = dt.date(2026, 10, 26)
    talks = [*talks, {**SAMPLE, "date": given_on, "answers": None, "text": None}]
    project = make.project([CUSTOMER], history=history, conversations=talks)
    tables = project.people.tables
    kept = any(
        row["channel"] != "email"
        and row["outcome"] not in _ATTEMPTS
        and (
            (row["key"] == "promise 2026-11-02" and row["date"] >= given_on)
            or (row["key"] is None and row["practice"] == "promise" and row["date"] >= GIVEN)
        )
        for row in history
    )
    assert promises(tables["conversations"], tables["history"])["kept"].to_list() == [kept]
