"""The gifts of planned touchpoints: which of a practice's gifts fits, and codes of vouchers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from newsletter.model.care import GIFTS, IssuePlan
from newsletter.model.gift import Gift
from newsletter.model.practice import ISSUE, Practice
from newsletter.model.project import Project
from newsletter.plan.time_away import TimeAway, seen_to
from newsletter.plan.vouchers import (
    expiry,
    issue_source,
    issue_vouchers,
    source_name,
    voucher_code,
)

_OF_EVENT = "order_category"
"""The detail of an order with its categories."""


def gifts_of(
    project: Project,
    planned: pl.DataFrame,
    *,
    facts: pl.DataFrame | None = None,
    events: Mapping[str, pl.DataFrame] | None = None,
    away: Sequence[TimeAway] = (),
) -> pl.DataFrame:
    """
    Return GIFTS of touchpoints (PLAN): one code for each customer, practice and day.

    *facts* and *events* are those of the plan; only practices with several gifts read them. The
    days of a voucher that is given after a time *away* are counted from its end.
    """
    parts = [pl.DataFrame(schema=GIFTS)]
    for practice in project.planned_practices:
        if not (practice.all_gifts or practice.is_issue):
            continue
        rows = planned.filter(pl.col("practice") == practice.name)
        rows = rows.select("customer", "practice", "key", "arrives")
        if practice.is_issue:
            parts += _of_issues(project, rows)
        elif rows.height:
            details = (events or {}).get(practice.name)
            chosen = fitting(practice, rows, facts=facts, details=details)
            parts.append(_coded(project, chosen, practice.name, practice.all_gifts, away=away))
    return pl.concat(parts)


def with_codes(planned: pl.DataFrame, gifts: pl.DataFrame) -> pl.DataFrame:
    """Return touchpoints (PLAN) with the `code` of the voucher that goes with each; null: none."""
    if gifts["code"].null_count() == gifts.height:
        return planned.with_columns(code=pl.lit(None, pl.String()))
    keys = ["customer", "practice", "key", "arrives"]
    codes = gifts.select(*keys, "code").unique(keys)
    return planned.join(codes, on=keys, how="left", nulls_equal=True, maintain_order="left")


def with_vouchers(plan: IssuePlan, gifts: pl.DataFrame) -> IssuePlan:
    """Return an issue whose recipients have the code and the last day of their voucher."""
    codes = gifts.filter(pl.col("practice") == ISSUE, pl.col("key") == plan.name).select(
        id="customer", voucher_code="code", voucher_expires="expires"
    )
    editions = [
        replace(
            edition,
            recipients=edition.recipients.join(codes, on="id", how="left", maintain_order="left"),
        )
        if edition.gift
        else edition
        for edition in plan.editions
    ]
    return replace(plan, editions=tuple(editions))


def fitting(
    practice: Practice,
    rows: pl.DataFrame,
    *,
    facts: pl.DataFrame | None,
    details: pl.DataFrame | None,
) -> pl.DataFrame:
    """
    Return the *rows* (customer, key) that get a gift, with its place in `all_gifts` as `gift`.

    A gift for a category fits an order in it; without an order, whoever ever bought in it.
    """
    names = [name for gift in practice.gifts if (name := gift.segment)]
    read = ["categories", *dict.fromkeys(names)] if practice.gifts else []
    if facts is not None and read:
        known = facts.select("id", *(name for name in read if name in facts.columns))
        rows = rows.join(known, left_on="customer", right_on="id", how="left")
    if practice.gifts and details is not None and _OF_EVENT in details.columns:
        bought = details.select("customer", "key", _OF_EVENT).unique(["customer", "key"])
        rows = rows.join(bought, on=["customer", "key"], how="left", nulls_equal=True)
    chosen = [
        pl.when(_fits(gift, rows.columns)).then(pl.lit(number, pl.UInt32))
        for number, gift in enumerate(practice.all_gifts)
    ]
    placed = rows.with_columns(gift=pl.coalesce(chosen))
    return placed.filter(pl.col("gift").is_not_null()).drop(*read, _OF_EVENT, strict=False)


def _fits(gift: Gift, columns: Sequence[str]) -> pl.Expr:
    """Return whether a gift is for the customer of a row."""
    if gift.segment:
        return pl.col(gift.segment).fill_null(value=False) if gift.segment in columns else _NO
    if not gift.category:
        return pl.lit(value=True)
    if _OF_EVENT in columns:
        ordered = pl.col(_OF_EVENT)
        among = ordered.str.split(", ").list.contains(gift.category)
        return ((ordered == gift.category) | among).fill_null(value=False)
    bought = pl.col("categories").list.contains(gift.category)
    return bought.fill_null(value=False) if "categories" in columns else _NO


_NO = pl.lit(value=False)


def _coded(
    project: Project,
    chosen: pl.DataFrame,
    name: str,
    gifts: Sequence[Gift],
    *,
    away: Sequence[TimeAway] = (),
) -> pl.DataFrame:
    """Return GIFTS of *chosen*, with codes for vouchers that *name* gives."""
    given = seen_to("arrives", away)
    codes = [
        _code(project, customer, source_name(name, number), gifts[number], day)
        for customer, day, number in chosen.select("customer", given, "gift").iter_rows()
    ]
    coded = pl.DataFrame(codes, schema={"code": pl.String(), "expires": pl.Date()}, orient="row")
    return chosen.hstack(coded).select(pl.col(name).cast(kind) for name, kind in GIFTS.items())


def _code(
    project: Project, customer: str, source: str, gift: Gift, arrives: dt.date
) -> tuple[str | None, dt.date | None]:
    if gift.kind != "voucher":
        return None, None
    last = expiry(gift, arrives)
    return voucher_code(project.secret, customer, source, last), last


def _of_issues(project: Project, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield GIFTS of each issue that brings a voucher."""
    for issue in issue_vouchers(project):
        readers = rows.filter(pl.col("key") == issue.name).with_columns(gift=pl.lit(0, pl.UInt32))
        assert issue.voucher
        yield _coded(project, readers, issue_source(issue.name), [issue.voucher])
