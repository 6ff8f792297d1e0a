"""How much each team member can do on one day, per channel."""

from __future__ import annotations

import polars as pl

from newsletter.model.channels import CHANNELS
from newsletter.model.config import Config
from newsletter.plan.channels import CHANNEL
from newsletter.plan.etiquette.basis import Basis


def over_capacity(rows: pl.DataFrame, kept: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """
    Hold each row that its team member has no time for, beside *kept* and what was done today.

    *rows* stand in the order of precedence. Owed touchpoints are done in any case, and take time.
    """
    limits = _limits(basis.config)
    limited = basis.of(rows, "member").join(
        limits, on=["member", "channel"], maintain_order="left"
    )
    used = _used(kept, basis)
    table = limited.join(used, on=["member", "channel"], how="left", maintain_order="left")
    place = pl.int_range(1, pl.len() + 1).over("member", "channel")
    full = place + pl.col("_used").fill_null(0) > pl.col("_limit")
    held = table.filter(full & ~pl.col("owed"))
    return held.select("row", "idx", skipped_because="_words")


def _limits(config: Config) -> pl.DataFrame:
    """Return member, channel, limit and what is said when it is reached."""
    rows = [
        (member.id, channel, limit, _words(member.name, channel, limit))
        for member in config.team
        for channel in CHANNELS
        if (limit := member.capacity.get(channel, config.etiquette.capacity.get(channel)))
        is not None
    ]
    schema: dict[str, pl.DataType] = {
        "member": pl.String(),
        "channel": CHANNEL,
        "_limit": pl.Int64(),
        "_words": pl.String(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _words(name: str, channel: str, limit: int) -> str:
    kind = CHANNELS[channel]
    if limit == 0:
        return f"{name} has no time for {kind.plural}"
    if limit == 1:
        return f"{name} has 1 {kind.noun} a day, and it is taken"
    return f"{name} has {limit} {kind.plural} a day, all taken"


def _used(kept: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """Return how much each member has done today or is to do."""
    own = pl.col("practice") != "issue"  # a mailing is nobody's handiwork
    done = basis.history.filter((pl.col("date") == basis.day) & own.fill_null(value=True))
    done = done.rename({"member": "_by"}).select("idx", "_by", "channel")
    planned = kept.select(
        "idx", _by=pl.lit(None, pl.String()), channel=pl.col("channel").cast(pl.String)
    )
    table = basis.of(pl.concat([done, planned]), "member")
    by = pl.coalesce("_by", "member").alias("member")
    known = pl.col("channel").cast(CHANNEL, strict=False)
    return table.group_by(by, known).agg(_used=pl.len().cast(pl.Int64))
