"""Why a task is proposed, in words: its event, its rule, and a time in which it was missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from newsletter.model.practice import Practice
from newsletter.plan.events import EventBasis
from newsletter.plan.practice_names import names_of
from newsletter.plan.time_away import belated
from newsletter.rules.in_words import rule_in_words


def because(practices: Sequence[Practice], basis: EventBasis, *, day: dt.date) -> pl.Expr:
    """Return the reason of rows with `about`, `_rule`, `practice` and `arrives`."""
    told = _event_and_rule()
    if not basis.away:
        return told
    missed = [
        pl.when(belated(practices, [each], basis.config, day=day)).then(
            pl.lit(basis.reasons.event("away", first=each.first, last=each.last))
        )
        for each in reversed(basis.away)
    ]
    return pl.concat_str(told, pl.coalesce(missed), separator="; ", ignore_nulls=True)


def rule_told(practice: Practice, basis: EventBasis) -> str | None:
    """Return the practice's rule in words; None: it has none."""
    if not practice.when:
        return None
    schema = names_of(practice, basis.facts.schema)
    return rule_in_words(practice.when, basis.reasons, schema, of=practice.title)


def _event_and_rule() -> pl.Expr:
    """Return what happened, and the rule if there is one: order of 3 Nov 2026 (Ink); has …"""
    about, rule = pl.col("about"), pl.col("_rule")
    event_and_rule = pl.when(about == "").then(rule).otherwise(pl.format("{}; {}", about, rule))
    return pl.when(rule.is_null()).then(about).otherwise(event_and_rule)
