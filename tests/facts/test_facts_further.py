"""Points, feedback, services, account managers, and the table of all facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from made import people_of

from newsletter.facts import FACTS, facts_basis, nobody, wanted_facts
from newsletter.model.config import Config
from newsletter.model.reward_schemes import Loyalty, Reward
from newsletter.model.tables import CUSTOMERS
from newsletter.model.team import TeamMember
from newsletter.model.values import Localised

TODAY = dt.date(2026, 11, 4)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_points_come_from_the_file_or_from_orders(know) -> None:
    """Here an order gives two points a euro; a reward already reached is not the next one."""
    rows = [
        {"id": "a", "total_spent": 25.4},
        {"id": "b", "points": 100, "total_spent": 1.0},
        {"id": "c", "points": 500},
        {"id": "d"},
        {"id": "e", "total_spent": -3.0},
    ]
    facts = know(rows).select("points", "points_to_next_reward", "next_reward")
    assert facts.rows() == [
        (50, 50, "a cup"),
        (100, 400, "a pen"),
        (500, None, None),
        (None, None, None),
        (0, 100, "a cup"),
    ]


def test_without_a_loyalty_scheme_orders_give_no_points(know) -> None:
    """Only points in the customer file count."""
    facts = know(
        [{"id": "a", "total_spent": 25.0}, {"id": "b", "points": 3}], change={"loyalty": None}
    )
    assert facts.select("points", "next_reward").rows() == [(None, None), (3, None)]


def test_feedback_stays_open_until_somebody_answers_it(know) -> None:
    """A conversation that names it or a task for it answers it; nothing else does."""
    rows = [{"id": key} for key in "abcd"]
    feedback = [
        {"id": f"F-{key}", "customer": key, "date": _day("2026-10-10"), "score": 4}
        for key in "abcd"
    ]
    feedback += [{"id": "F-0", "customer": "a", "date": _day("2026-01-01"), "score": 9}]
    answers = ["F-a", "F-0"]
    conversations = [{"customer": "a", "date": _day("2026-10-10"), "answers": answers}]
    history = [
        {"customer": "b", "date": _day("2026-10-30"), "practice": "issue", "entries": ["x", "y"]},
        {"customer": "b", "date": _day("2026-09-30"), "practice": "issue", "entries": ["x"]},
        {"customer": "c", "date": _day("2026-11-01"), "practice": "apology", "entries": None},
        {"customer": "d", "date": _day("2026-11-01"), "practice": "complaint", "key": "F-d"},
    ]
    facts = know(rows, feedback=feedback, conversations=conversations, history=history)
    columns = ["last_score", "open_feedback", "feedback_ids", "days_since_last_contact", "had"]
    assert facts.select(columns).rows() == [
        (4, False, ["F-0", "F-a"], 25, []),
        (4, True, ["F-b"], 5, ["x", "y"]),
        (4, True, ["F-c"], 3, []),
        (4, False, ["F-d"], 3, []),
    ]


def test_a_promise_is_open_until_noted_as_fulfilled(know) -> None:
    """A conversation without a promise promises nothing."""
    talks = [
        {"customer": "a", "date": _day("2026-10-01"), "promise": "a pen", "kept": None},
        {"customer": "b", "date": _day("2026-10-01"), "promise": "a pen", "kept": True},
        {"customer": "c", "date": _day("2026-10-01"), "promise": None},
    ]
    facts = know([{"id": key} for key in "abcd"], conversations=talks)
    assert facts["open_promise"].to_list() == [True, False, False, False]


def test_services_are_those_since_the_last_issue(know) -> None:
    """Oldest first, including first and last day; future ones do not count; no list is missing."""
    services = [
        {"customer": "a", "date": _day(day), "title": title, "detail": None}
        for day, title in [
            ("2026-11-04", "today"),
            ("2026-10-01", "first day"),
            ("2026-09-30", "before"),
            ("2026-11-05", "tomorrow"),
        ]
    ]
    facts = know([{"id": "a"}, {"id": "b"}], services=services)
    done = [
        {"date": _day("2026-10-01"), "title": "first day", "detail": None},
        {"date": _day("2026-11-04"), "title": "today", "detail": None},
    ]
    assert facts.select("services", "services_count").rows() == [(done, 2), ([], 0)]


def test_every_customer_has_an_account_manager(know) -> None:
    """The one in the row, else the firm's, else the first of the team; also for an unknown id."""
    rows = [
        {"id": "a", "account_manager": "tom", "account": "firm"},
        {"id": "b", "account": "firm"},
        {"id": "c"},
        {"id": "d", "account_manager": "who"},
    ]
    facts = know(rows)
    assert facts["manager_name"].to_list() == ["Tom", "Tom", "Maya", "Maya"]
    assert facts.row(2, named=True)["manager_phone"] is None


def test_the_photo_of_an_account_manager_has_the_address_of_the_basis(config: Config) -> None:
    """It differs by project: on the website, or inside the message."""
    people = people_of([{"id": "a", "account_manager": "tom"}, {"id": "b"}])
    basis = facts_basis(people, config, TODAY, since=TODAY)
    facts = wanted_facts(people, replace(basis, photos={"maya": "cid:maya"}), ["manager_photo"])
    assert facts["manager_photo"].to_list() == [None, "cid:maya"]


def test_the_file_gives_no_photo_of_an_account_manager(config: Config) -> None:
    """Messages load it: an address for each customer would tell who opened theirs."""
    people = people_of([{"id": "a", "manager_photo": "https://e.example/a.gif"}])
    basis = facts_basis(people, config, TODAY, since=TODAY)
    facts = wanted_facts(people, replace(basis, photos={"maya": "cid:maya"}), ["manager_photo"])
    assert facts["manager_photo"].to_list() == ["cid:maya"]


def test_texts_of_the_firm_are_in_the_customer_s_language(know) -> None:
    """Else in the project's; an empty text is missing."""
    rows = [
        {"id": "a", "points": 5, "language": "de-AT", "account_manager": "tom"},
        {"id": "b", "points": 5, "language": "pl"},
        {"id": "c", "points": 5},
        {"id": "d", "points": 15, "language": "de", "account_manager": "ann"},
    ]
    role = Localised({"en": "Coffee", "de": "Kaffee"})
    team = [TeamMember(id="maya", name="M", role=role), TeamMember(id="tom", name="T", role=role)]
    change = {
        "team": (*team, TeamMember(id="ann", name="A")),
        "loyalty": Loyalty(
            rewards=(
                Reward(points=20, reward=Localised("Espresso")),
                Reward(points=10, reward=Localised({"de": "eine Tasse", "en": "a cup"})),
            )
        ),
    }
    facts = know(rows, change=change)
    assert facts.select("manager_role", "next_reward").rows() == [
        ("Kaffee", "eine Tasse"),
        ("Coffee", "a cup"),
        ("Coffee", "a cup"),
        (None, "Espresso"),
    ]


def test_the_public_reader_has_the_language_of_the_page(config: Config) -> None:
    """Every other fact is missing."""
    team = (TeamMember(id="a", name="Ann", role=Localised({"en": "Tea", "de": "Tee"})),)
    facts = nobody(config.model_copy(update={"team": team}), language="de", photos={})
    assert facts["manager_role"] == "Tee"


@pytest.mark.parametrize("formality", ["formal", "informal"])
@pytest.mark.parametrize("language", ["en", "de-AT", "xx"])
def test_the_public_reader_has_the_facts_of_an_empty_row(
    know, config: Config, language, formality
) -> None:
    """The constants equal what every source gives for a row with the formality of the project."""
    change = {"formality": formality, "language": "fr"}
    row = {"id": "", "row": None, "language": language, "consent_email": None}
    row |= {"formality": formality}
    facts = know([row], change=change).row(0, named=True)
    assert nobody(config.model_copy(update=change), language=language, photos={}) == facts


def test_facts_have_the_types_of_the_registry(know) -> None:
    """Also for a table without customers; rows are in the order of ids."""
    for rows in ([{"id": "b"}, {"id": "a"}], []):
        facts = know(rows)
        assert {name: facts.schema[name] for name in FACTS} == FACTS
        assert facts["id"].to_list() == sorted(row["id"] for row in rows)
        assert set(facts.columns) == CUSTOMERS.keys() | FACTS.keys()


def test_a_column_of_the_file_goes_before_the_fact_of_its_name(know) -> None:
    """A greeting of the file stays; a column of another type is not taken for the fact."""
    rows = [
        {"id": "a", "greeting": "Dear Gran", "age": "old", "tea": "green"},
        {"id": "b", "greeting": None, "age": "young", "tea": None},
    ]
    facts = know(rows)
    assert facts.select("greeting", "age", "tea").rows() == [
        ("Dear Gran", None, "green"),
        ("Hello", None, None),
    ]
