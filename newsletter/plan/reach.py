"""By which channel a customer may be reached, and why not by the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from newsletter.model.channels import CHANNELS, Channel
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.domains import folded_address
from newsletter.model.project import People

CHANNEL = pl.Enum(list(CHANNELS))

SUPPRESSED = "on the suppression list"
OBJECTED = "wants no email"
_REASONS = [reason for c in CHANNELS.values() for reason in (c.lacking, c.refused, c.not_asked)]
REASON = pl.Enum(list(dict.fromkeys([SUPPRESSED, OBJECTED, *_REASONS])))
"""Why a channel is not possible."""


def ways(
    customers: pl.DataFrame, *, suppressed: pl.DataFrame, config: Config, customs: Customs
) -> pl.DataFrame:
    """
    Return by which channels customers can be reached: a row for each of *customers* (facts).

    The columns are `customer`, `channel` (preferred), `suppressed`, and `no_email`, `no_call` …
    (REASON): why that channel is not possible; null if it is.
    """
    table = _asked(customers, config).with_columns(on_list(suppressed).alias("suppressed"))
    countries = table["country"].unique().to_list()
    return table.select(
        *_HEAD, *(_why_not(c, _without_asking(c, countries, customs)) for c in CHANNELS)
    )


def owed_ways(
    customers: pl.DataFrame, *, suppressed: pl.DataFrame, config: Config, customs: Customs
) -> pl.DataFrame:
    """
    Return `ways` for what is owed: an answer, a promise. No consent to marketing is asked.

    Each channel is possible that the customer left us, unless they objected to it. A suppressed
    address gets no email; if its reason says more than that it does not work, the other channels
    are closed as well. `suppressed` is then true.
    """
    table = _asked(customers, config).with_columns(
        on_list(suppressed).alias("_listed"),
        on_list(_more_than_bounces(suppressed, customs)).alias("suppressed"),
    )
    countries = table["country"].unique().to_list()
    return table.select(*_HEAD, *(_why_not_owed(c, countries, customs) for c in CHANNELS))


_HEAD = (
    pl.col("id").alias("customer"),
    pl.col("channel").cast(CHANNEL, strict=False),
    pl.col("suppressed"),
)


def _asked(customers: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Return the columns that decide, with a country; consents that nobody asked are null."""
    needed = ["id", "email", "country", "channel"]
    needed += [name for kind in CHANNELS.values() for name in kind.needs]
    consents = {kind.consent for kind in CHANNELS.values()} - {""}
    nobody_asked = pl.lit(None, dtype=pl.Boolean())
    return customers.select(
        *dict.fromkeys(needed),
        *(
            pl.col(name) if name in customers.columns else nobody_asked.alias(name)
            for name in sorted({*consents, "objection"})
        ),
    ).with_columns(pl.col("country").fill_null(config.business.country))


def _more_than_bounces(suppressed: pl.DataFrame, customs: Customs) -> pl.DataFrame:
    """Return the rows whose reason says more than that the address does not work."""
    reason = pl.col("reason").fill_null("").str.to_lowercase()
    bounced = [reason.str.contains(word.lower(), literal=True) for word in customs.bounces]
    return suppressed.filter(~pl.any_horizontal(bounced)) if bounced else suppressed


def _why_not_owed(channel: Channel, countries: Sequence[str], customs: Customs) -> pl.Expr:
    """Return why the channel is not possible for what is owed."""
    kind = CHANNELS[channel]
    allowed = sorted(c for c in countries if channel in customs.of(c).owed)
    open_to_it = pl.col("country").is_in(allowed)
    if kind.opt_in:
        refused = pl.col("objection").fill_null(value=False)
        agreed = pl.col(kind.consent).fill_null(value=False)
        blocked, why_refused = pl.col("_listed"), OBJECTED
    else:
        answer = pl.col(kind.consent) if kind.consent else _chose(channel)
        refused, agreed = (
            answer.eq(other=False).fill_null(value=False),
            answer.fill_null(value=False),
        )
        blocked, why_refused = pl.col("suppressed") & ~agreed, kind.refused
    reason = (
        pl.when(~pl.all_horizontal(pl.col(kind.needs).is_not_null()))
        .then(pl.lit(kind.lacking, REASON))
        .when(blocked)
        .then(pl.lit(SUPPRESSED, REASON))
        .when(refused)
        .then(pl.lit(why_refused, REASON))
        .when(~(agreed | open_to_it))
        .then(pl.lit(kind.not_asked, REASON))
    )
    return reason.alias(f"no_{channel}")


def chosen(channels: Sequence[Channel]) -> pl.Expr:
    """
    Return the channel for a practice that lists *channels*; null where none is possible.

    The customer's preferred channel comes first if it is listed, then the others in order.
    """
    preferred = [
        pl.when((pl.col("channel") == pl.lit(c, CHANNEL)) & possible(c)).then(pl.lit(c, CHANNEL))
        for c in channels
    ]
    listed = [pl.when(possible(c)).then(pl.lit(c, CHANNEL)) for c in channels]
    return pl.coalesce(*preferred, *listed, pl.lit(None, CHANNEL)).alias("channel")


def possible(channel: str) -> pl.Expr:
    """Return whether nothing speaks against that channel."""
    return pl.col(f"no_{channel}").is_null()


def no_way(channels: Sequence[Channel]) -> pl.Expr:
    """Return why none of *channels* is possible, in words: no email address; said no to calls."""
    reasons = pl.concat_list(pl.col(f"no_{c}").cast(pl.String) for c in channels)
    return reasons.list.drop_nulls().list.unique(maintain_order=True).list.join("; ")


def emailable(people: People, *, owed: bool) -> pl.Series:
    """
    Return the ids of customers who may be emailed, by the tables themselves.

    An answer or a promise (*owed*) is no advertisement: it needs no consent, but obeys an
    objection.
    """
    reachable = people.customers.filter(
        pl.col("email").is_not_null()
        & ~pl.col("closed").fill_null(value=False)
        & ~on_list(people.tables["suppressed"])
    )
    agreed = ~pl.col("objection").fill_null(value=False) if owed else pl.col("consent_email")
    return reachable.filter(agreed)["id"]


def on_list(suppressed: pl.DataFrame) -> pl.Expr:
    """Return whether *suppressed* (SUPPRESSED) has the customer's email or id: never null."""
    address = folded_address("email")
    listed = suppressed.select(address)["email"].drop_nulls().unique()
    ids = suppressed["customer"].drop_nulls().unique()
    return address.is_in(listed.implode()).fill_null(value=False) | pl.col("id").is_in(
        ids.implode()
    )


def instead(channels: Sequence[Channel], others: Sequence[Channel]) -> pl.Expr:
    """Return the channel to use if none of *channels* is possible; null if none is left."""
    return chosen([c for c in others if c not in channels]).alias("instead")


def _without_asking(channel: str, countries: Iterable[str], customs: Customs) -> list[str]:
    return sorted(c for c in countries if channel in customs.of(c).without_asking)


def _why_not(channel: Channel, countries: list[str]) -> pl.Expr:
    """Return why the channel is not possible; *countries* allow it until somebody objects."""
    kind = CHANNELS[channel]
    answer = pl.col(kind.consent) if kind.consent else _chose(channel)
    agreed = answer.fill_null(value=False)
    # A suppressed email address stays so, whatever its row says.
    blocked = pl.col("suppressed") if kind.opt_in else pl.col("suppressed") & ~agreed
    allowed = agreed if kind.opt_in else answer.fill_null(pl.col("country").is_in(countries))
    reason = (
        pl.when(~pl.all_horizontal(pl.col(kind.needs).is_not_null()))
        .then(pl.lit(kind.lacking, REASON))
        .when(blocked)
        .then(pl.lit(SUPPRESSED, REASON))
        .when(answer.eq(other=False))
        .then(pl.lit(kind.refused, REASON))
        .when(~allowed)
        .then(pl.lit(kind.not_asked, REASON))
    )
    return reason.alias(f"no_{channel}")


def _chose(channel: Channel) -> pl.Expr:
    """Return yes for customers whose preferred channel it is, else null."""
    chose = (pl.col("channel") == channel).fill_null(value=False)
    return pl.when(chose).then(pl.lit(value=True))
