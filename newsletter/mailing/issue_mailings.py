"""An issue as mailings: each edition by email and by letter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

import polars as pl

from newsletter.mailing import Mailing
from newsletter.model.care import CarePlan
from newsletter.model.plan import EditionPlan
from newsletter.model.practice import PERSONAL
from newsletter.model.project import Project
from newsletter.render.fragments import Fragments
from newsletter.render.message_template import render_edition


@dataclass(frozen=True)
class EditionMailings:
    """One edition by the two channels that an issue has; nobody may be in one of them."""

    plan: EditionPlan
    by_email: Mailing
    by_letter: Mailing


def issue_mailings(
    project: Project,
    plan: CarePlan,
    name: str,
    *,
    today: dt.date,
    fragments: Fragments | None = None,
) -> tuple[EditionMailings, ...]:
    """
    Return the issue of that *name*, which is in the plan, edition by edition.

    *today* is the day on which its links must lead somewhere. Raises what is wrong with its texts.
    """
    practice = next(practice for practice in project.planned_practices if practice.is_issue)
    rows = plan.planned.with_row_index("_row").filter(~PERSONAL & (pl.col("key") == name))
    mailings = []
    for edition in plan.issues[name].editions:
        by_email, by_letter = (
            Mailing(
                practice=practice,
                name=name,
                language=edition.issue.language,
                channel=channel,
                day=edition.issue.date,
                template=render(channel=channel),
                people=people,
                rows=people.select(customer="id").join(
                    rows, on="customer", how="left", maintain_order="left"
                ),
            )
            for render in [
                partial(render_edition, project, edition, today=today, fragments=fragments)
            ]
            for channel in ("email", "letter")
            for people in [edition.recipients.filter(pl.col("via") == channel)]
        )
        mailings.append(EditionMailings(edition, by_email, by_letter))
    return tuple(mailings)
