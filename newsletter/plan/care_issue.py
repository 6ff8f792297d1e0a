"""The newsletter issue as a touchpoint: who gets the one of the day, and who does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from newsletter.model.care import EVENT
from newsletter.model.plan import IssuePlan
from newsletter.model.project import Project
from newsletter.plan.issue import plan_issue
from newsletter.plan.reach import (
    CLOSED,
    NO_CONSENT,
    NO_EMAIL,
    NOT_MEANT,
    RECEIVED,
    SHARES,
    SUPPRESSED,
)

ISSUE = "issue"
"""The name of the practice, and of its event."""

ROWS: dict[str, pl.DataType] = {
    **EVENT,
    "channel": pl.String(),
    "entries": pl.List(pl.String()),  # slugs of what this customer gets in it
    "skipped_because": pl.String(),
    "rule": pl.String(),
}

_RULES = {
    CLOSED: "closed",
    SUPPRESSED: "suppressed",
    NO_EMAIL: "consent",
    NO_CONSENT: "consent",
    RECEIVED: "had",
}


def issue_rows(project: Project, facts: pl.DataFrame, *, today: dt.date) -> pl.DataFrame:
    """
    Return ROWS for the issues of that day that the history does not hold, one for each customer.

    There are none without a practice for them. Whom an audience does not mean is not among them.
    """
    plans = [plan_issue(project, facts, name=name, today=today) for name in _names(project, today)]
    rows = [part.cast(pl.Schema(ROWS)) for plan in plans for part in _rows(plan, today)]
    return pl.concat([pl.DataFrame(schema=ROWS), *rows]).sort("key", "customer")


def _names(project: Project, today: dt.date) -> list[str]:
    if not any(practice.event == ISSUE for practice in project.practices):
        return []
    gone = set(project.people.tables["history"]["issue"].drop_nulls())
    return sorted({i.name for i in project.issues if i.date == today and i.name not in gone})


def _rows(plan: IssuePlan, today: dt.date) -> Iterator[pl.DataFrame]:
    titles = {edition.issue.language: edition.issue.title for edition in plan.editions}
    about = f"issue {plan.name} ({next(iter(titles.values()))})"
    own = {"key": pl.lit(plan.name), "on": pl.lit(today), "about": pl.lit(about)}
    nothing = pl.lit(None, dtype=pl.String())
    for edition in plan.editions:
        given = (*edition.entries, *edition.answers)
        slugs = [pl.when(entry.flag).then(pl.lit(entry.slug)) for entry in given]
        had = pl.concat_list(slugs).list.drop_nulls() if slugs else pl.lit([], ROWS["entries"])
        yield edition.recipients.select(
            pl.col("id").alias("customer"),
            **own,
            channel="via",
            entries=had,
            skipped_because=nothing,
            rule=nothing,
        )
    left = plan.left_out.filter(pl.col("reason") != NOT_MEANT)
    shares = pl.when(pl.col("reason").str.starts_with(SHARES)).then(pl.lit("duplicate"))
    rule = pl.col("reason").replace_strict(_RULES, default=shares, return_dtype=pl.String)
    yield left.select(
        "customer",
        **own,
        channel=nothing,
        entries=pl.lit(None, ROWS["entries"]),
        skipped_because="reason",
        rule=rule,
    )
