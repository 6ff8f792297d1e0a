"""Who of the team looks after each customer."""

from __future__ import annotations

import polars as pl

from newsletter.model.config import Config


def member_of(config: Config) -> pl.Expr:
    """Return `member`: the id of the team member of each customer, else the first of the team."""
    known = pl.col("account_manager").is_in([member.id for member in config.team])
    own = pl.when(known).then("account_manager")
    return own.fill_null(config.member(None).id).alias("member")
