"""A small project built from values, and plans of one day: for tests of practice texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl
from made import project_of, table
from support import ROOT

from newsletter.errors import Place, raise_all
from newsletter.facts import add_facts
from newsletter.mailing.mailings import practice_mailings
from newsletter.mailing.recipients import recipients
from newsletter.mailing.touches import Tasks, tasks_of
from newsletter.model.care import PLAN, CarePlan
from newsletter.model.channels import BY_HAND
from newsletter.model.config import Business, Config, Links, Sender
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice, Words
from newsletter.model.project import People, Project, Theme
from newsletter.model.source import Source
from newsletter.model.tables import CUSTOMERS, TABLES
from newsletter.model.team import TeamMember
from newsletter.plan.fitting_gifts import gifts_of
from newsletter.read.assembly import read_project

DAY = dt.date(2026, 11, 3)
Rows = Sequence[Mapping[str, object]]

VOUCHER = Gift(
    kind="voucher", name="", worth=5, cost=3, currency="EUR", valid_days=30, conditions=""
)


def practice(
    name: str = "thank-you", bodies: Mapping[str, str] | None = None, **more: object
) -> Practice:
    """Return a practice; *bodies* maps `call` to its text, or `call.de` to its German text."""
    path = f"content/practices/{name}.md"
    by_language: dict[str, dict[str, Source]] = {"en": {}}
    for key, text in (bodies or {}).items():
        channel, _, language = key.partition(".")
        texts_by_channel = by_language.setdefault(language or "en", {})
        texts_by_channel[channel] = Source(text, Place(path=path, line=9))
    subject = more.pop("subject", None)
    words_by_language = {
        language: Words(
            language=language,
            title=f"Title of {name}",
            subject=Source(str(subject), Place(path=path, line=3)) if subject else None,
            bodies=texts_by_channel,
        )
        for language, texts_by_channel in by_language.items()
    }
    return Practice(
        name=name,
        at=Place(path=path, line=1),
        title=words_by_language["en"].title,
        event="order",
        channels=tuple(by_language["en"]),
        words=words_by_language,
        **more,
    )


def project(
    customers: Rows, *practices: Practice, language: str = "en", **tables: Rows
) -> Project:
    """Return a project of a firm in Luxembourg; its customers agree to email."""
    rows = [
        {"row": i + 2, "consent_email": True, "email": f"{c['id']}@example.com"} | dict(c)
        for i, c in enumerate(customers)
    ]
    people = People(
        customers=table(rows, CUSTOMERS).sort("id"),
        tables={name: table(tables.get(name, ()), schema) for name, schema in TABLES.items()},
        source="customers.csv",
    )
    return project_of(config=_config(language), theme=_theme(), people=people, practices=practices)


def planned(shop: Project, *plan_rows: Mapping[str, object], **events: Rows) -> CarePlan:
    """Return a plan with these touchpoints; *events*: practice (with _ for -) → its events."""
    facts = add_facts(shop.people, shop.config, today=DAY, since=DAY)
    names = dict(facts.select("id", "name").iter_rows())
    rows = [
        {
            "date": DAY,
            "practice": shop.practices[0].name,
            "arrives": DAY,
            "member": "nora",
            "key": "k",
            "because": "an order",
            "priority": 50,
            "owed": False,
            "name": names[str(row["customer"])] or row["customer"],
        }
        | dict(row)
        for row in plan_rows
    ]
    tables = {
        name.replace("_", "-"): pl.DataFrame(events_of_practice)
        for name, events_of_practice in events.items()
    }
    planned_rows = table(rows, PLAN)
    return CarePlan(
        day=DAY,
        facts_of=lambda: facts,
        everybody=facts,
        table=planned_rows,
        events=tables,
        gifts=gifts_of(shop, planned_rows, facts=facts, events=tables),
    )


def tasks(shop: Project, plan: CarePlan) -> Tasks:
    """Return the tasks of the plan; raise the problems of their texts."""
    mailings, problems = practice_mailings(shop, plan, channels=BY_HAND)
    done = tasks_of(shop, plan, mailings)
    raise_all((*problems, *done.problems))
    return done


def people_of(shop: Project, plan: CarePlan, practice: Practice) -> pl.DataFrame:
    """Return the customers in the plan's rows of a practice, with every fact a text may name."""
    everybody = {
        due_practice.name: people
        for due_practice, _, people in recipients(shop, plan, plan.planned)
    }
    return everybody[practice.name]


def _config(language: str) -> Config:
    return Config(
        business=Business(
            name="Paper & Bean",
            postal_address="27 rue du Marché, Luxembourg",
            country="LU",
            website="https://p.example",
            email="hello@p.example",
        ),
        sender=Sender(name="Paper & Bean", email="hello@p.example"),
        links=Links(unsubscribe="https://p.example/leave/{token}", one_click=True),
        language=language,
        team=(
            TeamMember(id="nora", name="Nora Feltes", role="Pens", phone="+352 1"),
            TeamMember(id="tomas", name="Tomás Almeida"),
        ),
    )


@cache
def _theme() -> Theme:
    return read_project(ROOT / "tests/projects/valid/minimal", today=DAY).theme
