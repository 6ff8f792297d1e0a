"""Customers with a due task, and everything that the texts for them may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from newsletter.facts import in_languages
from newsletter.mailing.phrases import gift_text
from newsletter.model.care import EVENT, CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.events import details_in_languages
from newsletter.plan.personal_links import add_addresses

WORDS = "_words"
"""Column of recipients: the language of the customer's text."""

GIFT = "_gift"
"""Column of recipients: the place of the customer's gift in Practice.all_gifts; null: none."""

_PLANNING = ("practice", "arrives", "last_day", "because", "priority", "owed")
"""Columns of proposals besides the details of the event."""
_GIFT: dict[str, pl.DataType] = {
    "gift": pl.String(),
    "voucher_code": pl.String(),
    "voucher_expires": pl.Date(),
}
_NOTE: dict[str, pl.DataType] = {"note_about": pl.String()}
_ADDRESSES = ("token", "unsubscribe_url", "feedback_url")

ADDED: Mapping[str, pl.DataType] = {
    **dict.fromkeys((*_ADDRESSES, WORDS), pl.String()), **_GIFT, **_NOTE, GIFT: pl.UInt32()
}  # fmt: skip
"""Columns of recipients besides their facts and the details of the event."""


def recipients(
    project: Project, plan: CarePlan, kept: pl.DataFrame
) -> Iterator[tuple[Practice, pl.DataFrame, pl.DataFrame]]:
    """
    Yield each practice in *kept* (rows of the plan) with its rows and their customers, in order.

    Each customer has their facts and the details of the event, which go before facts of the same
    name, localised to the language of the text; token and personal links; `gift`, `voucher_code`
    and `voucher_expires` (null if none); `note_about`, still null; WORDS and GIFT.
    """
    parts = kept.partition_by("practice", as_dict=True)
    rows = {str(name): part for (name,), part in parts.items()}
    due = [practice for practice in project.practices if practice.name in rows]
    facts = _facts(project, plan.facts, due, rows)
    for practice in due:
        localised = facts[frozenset(practice.words)]
        people = _with_details(project, plan, practice, kept=rows[practice.name], facts=localised)
        yield practice, rows[practice.name], people


def recipient_fields(plan: CarePlan, practice: Practice) -> Mapping[str, pl.DataType]:
    """Return the columns of `recipients`, which a practice has even if nobody is due."""
    events = plan.events.get(practice.name)
    details = _details_of(events.schema) if events is not None else {}
    return {**plan.facts.schema, **details, **ADDED}


def _facts(
    project: Project,
    facts: pl.DataFrame,
    practices: Sequence[Practice],
    rows: Mapping[str, pl.DataFrame],
) -> dict[frozenset[str], pl.DataFrame]:
    """Return facts by the languages that practices have; practices with equal ones share them."""
    by_languages: dict[frozenset[str], list[Practice]] = {}
    for practice in practices:
        by_languages.setdefault(frozenset(practice.words), []).append(practice)
    return {
        languages: _localised(
            project,
            group[0],
            facts,
            ids=pl.concat([rows[practice.name]["customer"] for practice in group]).unique(),
        )
        for languages, group in by_languages.items()
    }


def _with_details(
    project: Project,
    plan: CarePlan,
    practice: Practice,
    *,
    kept: pl.DataFrame,
    facts: pl.DataFrame,
) -> pl.DataFrame:
    touched = kept.select("customer", "key", _arrives="arrives", _key="key")
    details = _details(plan, practice.name, kept)
    added = [name for name in details.columns if name not in ("customer", "key")]
    keys = ["customer", "key"]
    rows = touched.join(details, on=keys, how="left", nulls_equal=True, maintain_order="left")
    rows = rows.select(pl.exclude("customer", "key"), id="customer")
    rows = rows.join(facts.drop(added, strict=False), on="id", how="left", maintain_order="left")
    rows = details_in_languages(rows, practice.event, tag=WORDS, project=project, day=plan.day)
    rows = add_addresses(rows, project.config, secret=project.secret)
    return _with_gift(rows, project, practice, gifts=plan.gifts).select(
        pl.exclude("_arrives", "_key"), note_about=pl.lit(None, _NOTE["note_about"])
    )


def _details(plan: CarePlan, practice: str, kept: pl.DataFrame) -> pl.DataFrame:
    """Return the details of the planned events: `customer`, `key`, and those of the kind."""
    keys = ["customer", "key"]
    events = plan.events.get(practice, kept.select(keys).clear())
    details = events.select(*keys, *_details_of(events.schema))
    details = details.join(kept, on=keys, how="semi", nulls_equal=True)
    return details.sort(keys).unique(keys, keep="first")


def _details_of(schema: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    """Return the details of a kind of event."""
    return {name: kind for name, kind in schema.items() if name not in (*EVENT, *_PLANNING)}


def _localised(
    project: Project, practice: Practice, facts: pl.DataFrame, *, ids: pl.Series
) -> pl.DataFrame:
    """Return the facts of these customers, each in the language of the customer's text."""
    wanted = pl.col("id").is_in(ids.implode())
    # A contact without a manager has the firm's, so this needs the whole firm.
    firms = facts.filter(wanted)["account"].drop_nulls().unique()
    circle = facts.filter(wanted | pl.col("account").is_in(firms.implode())).sort("id")
    people, default = project.people, project.config.language
    rows = people.customers.filter(pl.col("id").is_in(circle["id"].implode()))
    tags = circle["language"].unique()
    chosen = {tag: practice.in_language(tag, default).language for tag in tags}
    language = pl.col("language").replace_strict(chosen, return_dtype=pl.String).alias(WORDS)
    localised = in_languages(
        circle, replace(people, customers=rows), project.config, languages=language
    )
    return localised.filter(wanted).with_columns(language)


def _with_gift(
    rows: pl.DataFrame, project: Project, practice: Practice, *, gifts: pl.DataFrame
) -> pl.DataFrame:
    if not practice.all_gifts:
        none = {**_GIFT, GIFT: pl.UInt32()}
        return rows.with_columns(pl.lit(None, dtype=t).alias(name) for name, t in none.items())
    mine = gifts.filter(pl.col("practice") == practice.name).select(
        "gift",
        id="customer",
        _key="key",
        _arrives="arrives",
        voucher_code="code",
        voucher_expires="expires",
    )
    keys = ["id", "_key", "_arrives"]
    given = rows.join(
        mine.unique(keys, maintain_order=True),
        on=keys,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    ).rename({"gift": GIFT})
    texts = {
        (tag, number): gift_text(project, practice.gift_in(tag, number), language=tag)
        for tag in rows[WORDS].unique()
        for number in range(len(practice.all_gifts))
    }
    schema = {WORDS: pl.String(), GIFT: pl.UInt32(), "gift": pl.String()}
    named = pl.DataFrame([(*pair, text) for pair, text in texts.items()], schema, orient="row")
    return given.join(named, on=[WORDS, GIFT], how="left", maintain_order="left")
