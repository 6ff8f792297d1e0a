"""Events read directly from tables: services, feedback, promises, departures, referrals."""

from __future__ import annotations

import polars as pl

from newsletter.facts.feedback import feedback_to_date
from newsletter.facts.promises import owed_promises
from newsletter.model.tables import VISIT_ANNOUNCED
from newsletter.plan.due import last_open
from newsletter.plan.events.basis import EventBasis, Window, about, filled, iso
from newsletter.plan.left_alone import left_alone


def service(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return one event for each customer and day with services; key: the day."""
    done = basis.tables["services"].filter(window.holds(pl.col("date")))
    ordered = done.sort("title", "detail", nulls_last=True)
    days = ordered.group_by("customer", pl.col("date").alias("service_date")).agg(
        _joined("title").alias("service_title"), _joined("detail").alias("service_detail")
    )
    return days.with_columns(
        iso("service_date").alias("key"),
        pl.col("service_date").alias("on"),
        about(basis.reasons, "service", date="service_date", detail=pl.col("service_title")),
    )


def _joined(column: str) -> pl.Expr:
    texts = pl.col(column).drop_nulls().unique(maintain_order=True)
    return pl.when(texts.len() > 0).then(texts.str.join("; "))


def feedback(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the rows of feedback; key: the id, else the day (numbered if it has several)."""
    given = feedback_to_date(basis.tables, basis.config).filter(window.holds(pl.col("date")))
    told = filled(basis.reasons, "score", number="score")
    score = pl.when(pl.col("score").is_not_null()).then(told)
    good = pl.col("score") >= basis.config.feedback.good_from
    return given.select(
        "customer",
        "key",
        pl.col("date").alias("on"),
        about(basis.reasons, "feedback", date="date", detail=score),
        pl.col("id").alias("feedback_id"),
        pl.col("text").alias("feedback_text"),
        pl.col("score").alias("feedback_score"),
        pl.col("date").alias("feedback_date"),
        good.fill_null(value=False).alias("feedback_good"),
        (~pl.col("replied")).alias("feedback_unanswered"),
    )


def promise(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return the open promises on the day to keep them; the key is that of `promises`.

    If the day promised is quiet, or one to leave the customer alone, that is the last day before
    that is neither. A promise without a day is to be kept within `promise_days`.
    """
    by, reasons = pl.col("promised_by"), basis.reasons
    owed = owed_promises(basis.tables, basis.config)
    dated = _in_time(owed, basis)
    what = {"detail": pl.col("promise")}
    told = (
        about(reasons, "promise", date=by, **what),
        about(reasons, "promised", date="date", **what),
    )
    return dated.filter(window.holds(pl.col("on"))).select(
        "customer",
        "key",
        "on",
        pl.when(by.is_not_null()).then(told[0]).otherwise(told[1]).alias("about"),
        "promise",
        pl.col("date").alias("promise_date"),
        by,
        (pl.lit(basis.tables.today) - by).dt.total_days().clip(0).alias("promise_days_late"),
    )


def _in_time(owed: pl.DataFrame, basis: EventBasis) -> pl.DataFrame:
    """Return the promises with `on`: the day they are due, or the last one before to act on."""
    country = pl.col("country").fill_null(basis.config.business.country)
    people = basis.people(country, "celebrates")[owed["customer"]].drop("customer")
    table = owed.hstack(people).with_columns(on=last_open(pl.col("due"), basis.config))
    countries = table["country"].unique().to_list()
    days = ((day, left) for left in basis.customs.do_not_write for day in left.days)
    for day, left in sorted(days, key=lambda pair: pair[0], reverse=True):
        met = (pl.col("on") == day) & left_alone(left, basis.customs, countries)
        before = last_open(pl.lit(day) - pl.duration(days=1), basis.config)
        if day in table["on"]:
            table = table.with_columns(on=pl.when(met).then(before).otherwise("on"))
    return table


def visit(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the visits that were announced; key: the day. A visit put off has its new day."""
    told = basis.tables["history"].filter(pl.col("outcome") == VISIT_ANNOUNCED).drop_nulls("again")
    last = told.sort("date", "again").unique(["customer", "practice", "key"], keep="last")
    days = last.filter(window.holds(pl.col("again"))).sort("remark", nulls_last=True)
    once = days.unique(["customer", "again"], keep="first", maintain_order=True)
    return once.select(
        "customer",
        iso("again").alias("key"),
        pl.col("again").alias("on"),
        about(basis.reasons, "visit_announced", date="again", detail=pl.col("remark")),
        pl.col("again").alias("visit_date"),
        pl.col("remark").alias("visit_remark"),
    )


def conversation(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return one event for each customer and day with a conversation; key: the day.

    Of several conversations on a day, the texts are joined, and channel and member are the first
    by name; if some of them met the customer in person, the member is the first of those.
    """
    met = pl.col("met").fill_null(value=False)
    member = pl.col("member").cast(pl.String)
    talks = basis.tables["conversations"].filter(window.holds(pl.col("date")))
    days = talks.group_by("customer", pl.col("date").alias("conversation_date")).agg(
        pl.col("text").drop_nulls().unique().sort().str.join("; ").alias("conversation_text"),
        pl.col("channel").cast(pl.String).min().alias("conversation_channel"),
        pl.coalesce(member.filter(met).min(), member.min()).alias("conversation_member"),
        met.any(),
    )
    said = pl.col("conversation_text")
    days = days.with_columns(conversation_text=pl.when(said != "").then(said))
    return days.with_columns(
        iso("conversation_date").alias("key"),
        pl.col("conversation_date").alias("on"),
        about(
            basis.reasons,
            "conversation",
            date="conversation_date",
            detail=pl.col("conversation_text"),
        ),
    )


def leaving(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the days on which a reason for leaving was noted; key: the day."""
    noted = basis.tables["history"].filter(
        pl.col("reason").is_not_null() & window.holds(pl.col("date"))
    )
    reasons = pl.col("reason").unique().sort().str.join("; ")
    days = noted.group_by("customer", pl.col("date").alias("leaving_date")).agg(
        reasons.alias("leaving_reason")
    )
    return days.with_columns(
        iso("leaving_date").alias("key"),
        pl.col("leaving_date").alias("on"),
        about(basis.reasons, "leaving", date="leaving_date", detail=pl.col("leaving_reason")),
    )


def recommendation(basis: EventBasis, window: Window) -> pl.DataFrame:
    """
    Return an event for the recommender of each new customer; key: the new customer's id.

    Newcomers are named only if they agreed, for they may not want others to know that they came.
    """
    came = pl.coalesce("customer_since", "first_order_date").alias("on")
    newcomers = basis.facts.select(
        pl.col("referred_by"),
        pl.col("id").alias("recommended_id"),
        pl.when("may_be_named").then(pl.coalesce("name", "company")).alias("recommended_name"),
        came,
    ).filter(window.holds(pl.col("on")) & (pl.col("referred_by") != pl.col("recommended_id")))
    referrals = newcomers.join(basis.people("id"), left_on="referred_by", right_on="id")
    return referrals.with_columns(
        pl.col("recommended_id").alias("key"),
        about(
            basis.reasons,
            "recommendation",
            name=pl.col("recommended_name").fill_null(basis.reasons.events["somebody"]),
        ),
    )
