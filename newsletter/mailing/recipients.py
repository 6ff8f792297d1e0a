"""Kept touchpoints of one practice with everything that its words may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from newsletter.facts import in_languages
from newsletter.mailing.phrases import gift_text
from newsletter.model.care import EVENT, PLAN, CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.personal_links import add_addresses

WORDS = "_words"
"""Column of `known`: the language of the words that a customer gets."""

_PLANNING = ("practice", "arrives", "last_day", "because", "priority", "owed")
"""What proposals say beside the details of the event."""


def known(
    project: Project, plan: CarePlan, practice: Practice, *, kept: pl.DataFrame
) -> pl.DataFrame:
    """
    Return the customers of *kept*, rows of one practice in the plan, row by row.

    Their facts, in the language of the words where they are words themselves; the details of the
    event over facts of the same name; token and personal links; `gift`, `voucher_code` and
    `voucher_expires` (null: none); and WORDS.
    """
    told = _told(project, practice, plan.facts, ids=kept["customer"])
    return _with_details(project, plan, practice, kept=kept, facts=told)


def known_fields(
    project: Project, plan: CarePlan
) -> Iterator[tuple[Practice, Mapping[str, pl.DataType]]]:
    """Yield each practice with the columns of `known`, which are there also where nobody is."""
    nobody = pl.DataFrame(schema=PLAN)
    told: pl.DataFrame | None = None
    for practice in project.practices:
        if told is None:  # of nobody it is the same for all
            told = _told(project, practice, plan.facts, ids=nobody["customer"])
        yield practice, _with_details(project, plan, practice, kept=nobody, facts=told).schema


def _with_details(
    project: Project,
    plan: CarePlan,
    practice: Practice,
    *,
    kept: pl.DataFrame,
    facts: pl.DataFrame,
) -> pl.DataFrame:
    touched = kept.select("customer", "key", _arrives="arrives")
    details = _details(plan, practice.name, kept)
    own = [name for name in details.columns if name not in ("customer", "key")]
    keys = ["customer", "key"]
    rows = touched.join(details, on=keys, how="left", nulls_equal=True, maintain_order="left")
    rows = rows.select(pl.exclude("customer", "key"), id="customer")
    rows = rows.join(facts.drop(own, strict=False), on="id", how="left", maintain_order="left")
    rows = add_addresses(rows, project.config, secret=project.secret)
    return _with_gift(rows, project, practice, vouchers=plan.vouchers).drop("_arrives")


def _details(plan: CarePlan, practice: str, kept: pl.DataFrame) -> pl.DataFrame:
    """Return the details of the events that were kept: `customer`, `key`, what the kind adds."""
    keys = ["customer", "key"]
    events = plan.events.get(practice, kept.select(keys).clear())
    beside = [name for name in (*EVENT, *_PLANNING) if name not in keys]
    own = events.drop(beside, strict=False)
    if kept.is_empty():
        return own.clear()
    own = own.join(kept, on=keys, how="semi", nulls_equal=True)
    return own.sort(keys).unique(keys, keep="first")


def _told(
    project: Project, practice: Practice, facts: pl.DataFrame, *, ids: pl.Series
) -> pl.DataFrame:
    """Return the facts of those customers, in the language of the words that each gets."""
    wanted = pl.col("id").is_in(ids.implode())
    # A contact without a manager of their own has the firm's, so the whole firm is looked at.
    firms = facts.filter(wanted)["account"].drop_nulls().unique()
    circle = facts.filter(wanted | pl.col("account").is_in(firms.implode())).sort("id")
    people, default = project.people, project.config.language
    rows = people.customers.filter(pl.col("id").is_in(circle["id"].implode()))
    tags = circle["language"].unique()
    chosen = {tag: practice.in_language(tag, default).language for tag in tags}
    language = pl.col("language").replace_strict(chosen, return_dtype=pl.String).alias(WORDS)
    told = in_languages(
        circle, replace(people, customers=rows), project.config, languages=language
    )
    return told.filter(wanted).with_columns(language)


def _with_gift(
    rows: pl.DataFrame, project: Project, practice: Practice, *, vouchers: pl.DataFrame
) -> pl.DataFrame:
    gift = practice.gift
    if gift is None:
        nothing = {"gift": pl.String(), "voucher_code": pl.String(), "voucher_expires": pl.Date()}
        return rows.with_columns(pl.lit(None, dtype=t).alias(name) for name, t in nothing.items())
    told = {tag: practice.gift_in(tag) or gift for tag in rows[WORDS].unique()}
    texts = {tag: gift_text(project, gift, language=tag) for tag, gift in told.items()}
    text = pl.col(WORDS).replace_strict(texts, return_dtype=pl.String)
    codes = vouchers.filter(pl.col("practice") == practice.name).select(
        id="customer", _arrives="arrives", voucher_code="code", voucher_expires="expires"
    )
    coded = rows.join(codes, on=["id", "_arrives"], how="left", maintain_order="left")
    return coded.with_columns(text.alias("gift"))
