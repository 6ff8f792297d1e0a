"""The events that practices may name, and the details of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """A kind of event. Its details are names in `when:` and `customer.` fields in words."""

    meaning: str
    """One line for docs/writing-practices.md."""
    details: Mapping[str, pl.DataType] = field(default_factory=dict)
    """Name → type. In touchpoints of this event they hide facts of the same name."""
    foreseen: bool = False
    """Whether its day is known in advance, so that a touchpoint can arrive before it."""


_TEXT, _NUMBER, _DAY = pl.String(), pl.Int64(), pl.Date()

EVENTS: Mapping[str, EventKind] = {
    "birthday": EventKind(
        meaning="The customer's birthday",
        details={"turns": _NUMBER},
        foreseen=True,
    ),
    "anniversary": EventKind(
        meaning="The day they became a customer, each year",
        details={"anniversary_years": _NUMBER},
        foreseen=True,
    ),
    "occasion": EventKind(
        meaning="The day of a row of occasions: a wedding, a move",
        details={"occasion": _TEXT, "occasion_remark": _TEXT, "occasion_date": _DAY},
        foreseen=True,
    ),
    "occasion anniversary": EventKind(
        meaning="The same day, each year after",
        details={
            "occasion": _TEXT,
            "occasion_remark": _TEXT,
            "occasion_date": _DAY,
            "occasion_years": _NUMBER,
        },
        foreseen=True,
    ),
    "order": EventKind(
        meaning="A day on which they ordered; a refund is no order",
        details={
            "order_date": _DAY,
            "order_product": _TEXT,
            "order_category": _TEXT,
            "order_amount": pl.Float64(),
            "order_number": _NUMBER,
            "first_in_category": pl.Boolean(),
            "back_after_days": _NUMBER,
        },
    ),
    "last order": EventKind(
        meaning="The day of the last order, as long as it is the last",
        details={"last_order": _DAY},
    ),
    "service": EventKind(
        meaning="A day on which we did something for them",
        details={"service_date": _DAY, "service_title": _TEXT, "service_detail": _TEXT},
    ),
    "feedback": EventKind(
        meaning="A row of feedback",
        details={
            "feedback_id": _TEXT,
            "feedback_text": _TEXT,
            "feedback_score": _NUMBER,
            "feedback_date": _DAY,
        },
    ),
    "promise": EventKind(
        meaning="The day by which we promised something, as long as it is not kept",
        details={"promise": _TEXT, "promise_date": _DAY, "promised_by": _DAY},
        foreseen=True,
    ),
    "answer": EventKind(
        meaning="The date of an entry in content/answers/ that names their feedback",
        details={
            "answer_slug": _TEXT,
            "answer_title": _TEXT,
            "answer_summary": _TEXT,
            "answer_url": _TEXT,
        },
    ),
    "event": EventKind(
        meaning="The day on which an entry in content/events/ begins",
        details={
            "event_slug": _TEXT,
            "event_title": _TEXT,
            "event_summary": _TEXT,
            "event_starts": pl.Datetime("us"),
            "event_place": _TEXT,
            "event_url": _TEXT,
            "event_calendar": _TEXT,
        },
        foreseen=True,
    ),
    "article": EventKind(
        meaning="The date of an entry in content/articles/ that they have not had",
        details={
            "article_slug": _TEXT,
            "article_title": _TEXT,
            "article_summary": _TEXT,
            "article_source": _TEXT,
            "article_url": _TEXT,
        },
    ),
    "holiday": EventKind(
        meaning="A holiday that they celebrate",
        details={
            "holiday": _TEXT,
            "holiday_name": _TEXT,
            "holiday_greeting": _TEXT,
            "holiday_date": _DAY,
        },
        foreseen=True,
    ),
    "date": EventKind(
        meaning="A day of every year, written 12-24, or one day, written 2026-12-24",
        foreseen=True,
    ),
    "reward": EventKind(
        meaning="The order with which their points passed a reward's number",
        details={"reward": _TEXT, "reward_points": _NUMBER},
    ),
    "recommendation": EventKind(
        meaning="The day on which somebody became a customer whom they recommended us to",
        details={"recommended_name": _TEXT, "recommended_id": _TEXT},
    ),
    "leaving": EventKind(
        meaning="The day on which they said why they leave",
        details={"leaving_reason": _TEXT, "leaving_date": _DAY},
    ),
    "issue": EventKind(
        meaning="The day of an issue of the newsletter; for the practice `issue` alone"
    ),
}
"""By their names in `on:`, in the order of docs/writing-practices.md."""
