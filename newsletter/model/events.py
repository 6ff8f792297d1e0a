"""The events that practices may name, and the details of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """A kind of event. Its details are names in `when:` and `customer.` fields in words."""

    details: Mapping[str, pl.DataType] = field(default_factory=dict)
    """Name → type. In touchpoints of this event they hide facts of the same name."""
    shared: bool = False
    """Whether it is the same for all who live at one address, so that one letter will do."""
    foreseen: bool = False
    """Whether its day is known in advance, so that a touchpoint can arrive before it."""


_TEXT, _NUMBER, _DAY = pl.String(), pl.Int64(), pl.Date()
LATE = "days_late"
"""Detail of events that are congratulated on: how many days after its day the message arrives."""
_LATE = {LATE: _NUMBER}
_OCCASION = {
    "occasion": _TEXT,
    "occasion_kind": _TEXT,
    "occasion_family": _TEXT,
    "occasion_remark": _TEXT,
    "occasion_date": _DAY,
}

EVENTS: Mapping[str, EventKind] = {
    "birthday": EventKind(details={"turns": _NUMBER, **_LATE}, foreseen=True),
    "anniversary": EventKind(details={"anniversary_years": _NUMBER, **_LATE}, foreseen=True),
    "occasion": EventKind(details={**_OCCASION, **_LATE}, foreseen=True),
    "occasion anniversary": EventKind(
        details={**_OCCASION, "occasion_years": _NUMBER, **_LATE}, foreseen=True
    ),
    "order": EventKind(
        details={
            "order_date": _DAY,
            "order_since": _DAY,
            "order_days_ago": _NUMBER,
            "order_product": _TEXT,
            "order_category": _TEXT,
            "order_category_name": _TEXT,
            "order_amount": pl.Float64(),
            "order_number": _NUMBER,
            "first_in_category": pl.Boolean(),
            "complained_since": pl.Boolean(),
            "back_after_days": _NUMBER,
        }
    ),
    "last order": EventKind(details={"last_order": _DAY}),
    "service": EventKind(
        details={"service_date": _DAY, "service_title": _TEXT, "service_detail": _TEXT}
    ),
    "feedback": EventKind(
        details={
            "feedback_id": _TEXT,
            "feedback_text": _TEXT,
            "feedback_score": _NUMBER,
            "feedback_date": _DAY,
            "feedback_good": pl.Boolean(),
            "feedback_unanswered": pl.Boolean(),
        }
    ),
    "promise": EventKind(
        details={
            "promise": _TEXT,
            "promise_date": _DAY,
            "promised_by": _DAY,
            "promise_days_late": _NUMBER,
        },
        foreseen=True,
    ),
    "visit": EventKind(details={"visit_date": _DAY, "visit_remark": _TEXT}, foreseen=True),
    "conversation": EventKind(
        details={
            "conversation_date": _DAY,
            "conversation_text": _TEXT,
            "conversation_channel": _TEXT,
            "conversation_member": _TEXT,
            "met": pl.Boolean(),
        }
    ),
    "new manager": EventKind(details={"manager_before": _TEXT, "manager_since": _DAY}),
    "answer": EventKind(
        details={
            "answer_slug": _TEXT,
            "answer_title": _TEXT,
            "answer_summary": _TEXT,
            "answer_url": _TEXT,
            "answer_language": _TEXT,
        }
    ),
    "event": EventKind(
        details={
            "event_slug": _TEXT,
            "event_title": _TEXT,
            "event_summary": _TEXT,
            "event_starts": pl.Datetime("us"),
            "event_place": _TEXT,
            "event_url": _TEXT,
            "event_calendar": _TEXT,
            "event_language": _TEXT,
        },
        foreseen=True,
        shared=True,
    ),
    "article": EventKind(
        details={
            "article_slug": _TEXT,
            "article_title": _TEXT,
            "article_summary": _TEXT,
            "article_source": _TEXT,
            "article_url": _TEXT,
            "article_language": _TEXT,
        },
        shared=True,
    ),
    "holiday": EventKind(
        details={
            "holiday": _TEXT,
            "holiday_name": _TEXT,
            "holiday_greeting": _TEXT,
            "holiday_date": _DAY,
            **_LATE,
        },
        foreseen=True,
        shared=True,
    ),
    "date": EventKind(details=_LATE, shared=True, foreseen=True),
    "reward": EventKind(
        details={
            "reward": _TEXT,
            "reward_points": _NUMBER,
            "reward_stamps": _NUMBER,
            "reward_card": _TEXT,
            "reward_id": _TEXT,
        }
    ),
    "recommendation": EventKind(details={"recommended_name": _TEXT, "recommended_id": _TEXT}),
    "leaving": EventKind(details={"leaving_reason": _TEXT, "leaving_date": _DAY}),
    "issue": EventKind(shared=True),
}
"""By their names in `on:`, in the order of docs/writing-practices.md."""
