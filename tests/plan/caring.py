"""A small project with practices, for tests of the care plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from newsletter.errors import Place
from newsletter.model.config import Etiquette
from newsletter.model.customs import Country, Customs, DoNotWrite
from newsletter.model.practice import NEWSLETTER, Practice, Rhythm, Span
from newsletter.model.project import Project
from newsletter.model.team import TeamMember
from newsletter.model.values import Localised

Rows = Sequence[Mapping[str, object]]
START = dt.date(2026, 10, 1)
HOME = {"street": "Market 1", "postcode": "89073", "city": "Ulm"}
POST = frozenset({"letter", "handwritten"})
CUSTOMS = Customs(
    countries={
        "": Country(),
        "DE": Country(without_asking=POST),
        "LU": Country(without_asking=POST),
        "NO": Country(without_asking=POST | {"call"}),
    },
    do_not_write=(
        DoNotWrite(name=Localised("All Souls"), days=(dt.date(2026, 11, 2),), countries=("LU",)),
    ),
)


def practice(name: str, **more: object) -> Practice:
    """Return a practice without texts."""
    at = Place(path=f"content/practices/{name}.md", line=1)
    defaults = {"name": name, "at": at, "title": name, "event": "", "channels": ("email",)}
    return Practice(**{**defaults, "words": {}, **more})


BIRTHDAY = practice(
    "birthday", event="birthday", until=Span(3, "day"), priority=90, channels=("letter", "email")
)
THANKS = practice(
    "thank-you",
    event="order",
    offset=Span(2, "day"),
    until=Span(5, "day"),
    priority=60,
    channels=("email", "letter", "call"),
)
WELCOME = practice("welcome", event="order", once_per="customer", after="thank-you", priority=70)
FOLLOW_UP = practice(
    "follow-up", every=(Rhythm("", Span(2, "week")),), priority=30, channels=("call", "email")
)
PROMISE = practice(
    "promise", event="promise", priority=100, owed=True, channels=("call", "email", "letter")
)
ISSUE = NEWSLETTER
PRACTICES = (BIRTHDAY, FOLLOW_UP, ISSUE, PROMISE, THANKS, WELCOME)


def caring(project: Project, *practices: Practice, **etiquette: object) -> Project:
    """Return the project with practices (by default all), customs, a team of two and a start.

    Without a practice for issues, the project has no issues either. Without `gap`, there is none.
    """
    team = (TeamMember(id="nora", name="Nora"), TeamMember(id="tomas", name="Tomas"))
    config = project.config.model_copy(
        update={"start": START, "etiquette": Etiquette(**{"gap": 0} | etiquette), "team": team}
    )
    chosen = sorted(practices or PRACTICES, key=lambda practice: practice.name)
    issues = project.issues if any(practice.is_issue for practice in chosen) else ()
    return replace(project, config=config, practices=tuple(chosen), customs=CUSTOMS, issues=issues)
