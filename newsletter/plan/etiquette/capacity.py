"""The capacity of the team: tasks for which a member has no time today."""

from __future__ import annotations

import polars as pl

from newsletter.model.channels import CHANNELS, POSTED
from newsletter.model.config import Config
from newsletter.model.household import ONE_FORM, household
from newsletter.model.reasons import Reasons
from newsletter.plan.etiquette.evidence import Basis
from newsletter.plan.reach import CHANNEL

_ADDRESS = ("company", "street", "postcode", "city", "region", "country")


def over_capacity(rows: pl.DataFrame, planned: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Return the rows that exceed their team member's capacity, given *planned* and today's history.

    *rows* are in the order of precedence. Owed touchpoints take time but are never held; exempt
    ones take no time. A letter or card to all who live at one address takes its time once.
    """
    tasks = basis.subject_to("capacity", _of_today(rows, planned, basis))
    table = basis.of(tasks, "member", "name", "named", "language", "formality", *_ADDRESS)
    table = table.with_columns(pl.coalesce("by", "member").alias("member"))
    table = table.join(
        _limits(basis.config, basis.reasons), on=["member", "channel"], maintain_order="left"
    )
    table = table.with_row_index("number").with_columns(task=_task(basis))
    begun = pl.col("number").min().over("member", "channel", "task")
    place = begun.rank("dense").over("member", "channel")
    held = table.filter(place > pl.col("limit")).join(
        rows.filter(~pl.col("owed")).select("row"), on="row", maintain_order="left"
    )
    return held.select("row", "idx", skipped_because="reason")


def _of_today(rows: pl.DataFrame, planned: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return what was done today (without `row`), then what is planned, then *rows*."""
    done = basis.history.filter(pl.col("date") == basis.day).select(
        "idx", "practice", "key", "channel", by="member", row=pl.lit(None, pl.UInt32)
    )
    waiting = pl.concat([planned.select(rows.columns), rows]).select(
        "idx", "practice", "key", "channel", by=pl.lit(None, pl.String), row="row"
    )
    names = [pl.col("practice", "key", "by").cast(pl.String)]
    channel = pl.col("channel").cast(pl.String).cast(CHANNEL, strict=False)
    return pl.concat([part.with_columns(*names, channel) for part in (done, waiting)])


def _task(basis: Basis) -> pl.Expr:
    """
    Return a text that is the same for rows that take their time only once.

    Those are letters to one address, and what is owed to a customer and was settled together.
    """
    owed = [name for name, practice in basis.practices.items() if practice.owed]
    shared = [name for name, practice in basis.practices.items() if practice.household]
    formality = pl.col("formality").fill_null(basis.config.formality)
    language = pl.col("language").fill_null(basis.config.language)
    one_form = language.is_in(ONE_FORM) | (formality == "formal")
    lives = pl.all_horizontal(pl.col("street", "city").is_not_null())
    by_post = pl.col("channel").cast(pl.String).is_in(POSTED)
    letter = pl.col("practice").is_in(shared) & by_post & lives & one_form & pl.col("named")
    address = pl.concat_str(_ADDRESS, separator="\n", ignore_nulls=True)
    parts = ("practice", pl.col("key").fill_null(""), language, formality)
    home = household(address, pl.col("name"), by=basis.config.etiquette.households)
    which = pl.concat_str(*parts, home, separator="\n")
    settled = pl.col("row").is_null() & pl.col("practice").is_in(owed)
    return (
        pl.when(settled)
        .then(pl.format("owed {}", "idx"))
        .when(letter)
        .then(which)
        .otherwise(pl.format("{}", "number"))
    )


def _limits(config: Config, reasons: Reasons) -> pl.DataFrame:
    """Return member, channel, limit and the reason shown when it is reached."""
    rows = [
        (member.id, channel, limit, _no_time(reasons, member.name, channel, limit))
        for member in config.team
        for channel in CHANNELS
        if (limit := member.capacity.get(channel, config.etiquette.capacity.get(channel)))
        is not None
    ]
    schema = {
        "member": pl.String(),
        "channel": CHANNEL,
        "limit": pl.Int64(),
        "reason": pl.String(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _no_time(reasons: Reasons, name: str, channel: str, limit: int) -> str:
    kind = CHANNELS[channel]
    amount = reasons.of_channel(kind.noun if limit == 1 else kind.plural)
    text = reasons.etiquette_times("room_for", limit) if limit else reasons.etiquette["no_time"]
    return text.replace("{name}", name).replace("{channel}", amount)
