"""Editions by language, and the personal addresses of each recipient."""

from __future__ import annotations

import hmac
from dataclasses import replace

from newsletter.model.config import Links
from newsletter.model.reward_schemes import Loyalty, Reward
from newsletter.model.team import TeamMember
from newsletter.model.values import Localised
from newsletter.plan.personal_links import tokens


def _ids(plan) -> dict[str, list[str]]:
    return {
        edition.issue.language: edition.recipients["id"].to_list() for edition in plan.editions
    }


def test_each_customer_is_in_the_edition_of_their_language(make) -> None:
    """Else in the project's, which comes first; the greeting fits the edition."""
    people = [
        {"id": "d", "language": "de"},
        {"id": "a", "language": "en"},
        {"id": "c", "language": "pl", "first_name": "Ola"},
        {"id": "b"},
        {"id": "f", "language": "fr", "first_name": "Zoë"},
    ]
    issues = [make.issue(language=tag) for tag in ("de-AT", "en", "fr")]
    plan = make.plan(people, issues=issues)
    assert _ids(plan) == {"en": ["a", "b", "c"], "de-AT": ["d"], "fr": ["f"]}
    greetings = [g for edition in plan.editions for g in edition.recipients["greeting"]]
    assert greetings == ["Hello", "Hello", "Hello Ola", "Guten Tag", "Bonjour Zoë"]


def test_without_an_edition_in_the_project_s_language_the_first_is_for_all(make) -> None:
    """No customer is left out for their language."""
    plan = make.plan(
        [{"id": "a"}, {"id": "b", "language": "fr"}], issues=[make.issue(language="fr")]
    )
    assert _ids(plan) == {"fr": ["a", "b"]}


def test_an_edition_may_have_no_recipients(make) -> None:
    """Its frame is empty, with every column."""
    plan = make.plan([{"id": "a"}], issues=[make.issue(), make.issue(language="de")])
    english, german = plan.editions
    assert german.recipients.height == 0
    assert german.recipients.schema == english.recipients.schema


def test_each_edition_has_its_own_audience(make) -> None:
    """A rule of the German edition does not apply to English readers."""
    people = [{"id": "a", "language": "de"}, {"id": "b"}]
    issues = [make.issue(), make.issue(language="de", audience='city == "Ulm"')]
    assert _ids(make.plan(people, issues=issues)) == {"en": ["b"], "de": []}


def test_a_greeting_in_the_customer_file_stays(make) -> None:
    """No edition replaces it."""
    plan = make.plan([{"id": "a", "greeting": "Dear Gran"}])
    assert plan.editions[0].recipients["greeting"].to_list() == ["Dear Gran"]


def test_texts_of_the_firm_are_in_the_language_of_the_edition(make) -> None:
    """Also for customers of another language, and for managers named only by a colleague."""
    rows = [
        {"id": "a", "language": "pl", "account": "firm", "points": 0},
        {"id": "b", "account": "firm", "account_manager": "tom", "consent_email": False},
    ]
    project = make.project(rows, issues=[make.issue(language="de")])
    texts = Localised({"en": "Tea", "de": "Tee", "pl": "Herbata"})
    config = project.config.model_copy(
        update={
            "team": (*project.config.team, TeamMember(id="tom", name="Tom", role=texts)),
            "loyalty": Loyalty(rewards=(Reward(points=9, reward=texts),)),
        }
    )
    row = make.planned(replace(project, config=config)).editions[0].recipients.row(0, named=True)
    localised = [row[name] for name in ("greeting", "manager_name", "manager_role", "next_reward")]
    assert localised == ["Guten Tag", "Tom", "Tee", "Tee"]
    assert row["language"] == "pl"


def test_addresses_contain_the_customer_s_token(make) -> None:
    """It is a keyed hash of the id: 32 hex digits, the same in every build."""
    row = make.plan([{"id": "a"}]).editions[0].recipients.row(0, named=True)
    # printf 'token:a' | openssl dgst -sha256 -hmac secret
    token = tokens(["a"], secret=b"secret")[0]
    assert row["token"] == token == "a4d34f294f93b4a2e22968e18d26b818"
    assert row["unsubscribe_url"] == f"https://p.example/leave/{token}?t={token}"
    assert row["feedback_url"] == "mailto:p@p.example"
    assert tokens(["a"], secret=b"other") != [token]


def test_feedback_has_the_address_of_the_configuration(make) -> None:
    """Without {token} the address is the same for every customer."""
    links = Links(
        unsubscribe="mailto:leave@p.example",
        feedback="https://p.example/say/{token}",
    )
    row = make.plan([{"id": "a"}], links=links).editions[0].recipients.row(0, named=True)
    assert row["unsubscribe_url"] == "mailto:leave@p.example"
    assert row["feedback_url"] == f"https://p.example/say/{row['token']}"


def test_the_secret_is_prepared_once_for_all_tokens(monkeypatch) -> None:
    """That is most of the work of a token."""
    calls = []
    new = hmac.new
    monkeypatch.setattr(hmac, "new", lambda *arguments: calls.append(arguments) or new(*arguments))

    assert len(set(tokens((f"C{i}" for i in range(1_000)), secret=b"secret"))) == 1_000
    assert len(calls) == 1
