"""Counts the touchpoints of a plan for the report of a build."""

from __future__ import annotations

from collections import Counter

import polars as pl

from newsletter.model.care import CarePlan
from newsletter.model.practice import PERSONAL
from newsletter.model.report import CareReport


def care_report(plan: CarePlan) -> CareReport:
    """Return the number of tasks, and of tasks skipped by each rule, without issues."""
    personal = plan.table.filter(PERSONAL)
    planned = personal.filter(pl.col("skipped_because").is_null())
    return CareReport(
        day=str(plan.day),
        planned=_counts(planned["channel"]),
        skipped=_counts(personal["rule"].drop_nulls()),
    )


def _counts(values: pl.Series) -> dict[str, int]:
    return dict(sorted(Counter(values.to_list()).items(), key=lambda pair: (-pair[1], pair[0])))
