"""By which channel a customer may be reached, and why not by the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.practice import CHANNELS, Channel
from newsletter.plan.suppression import suppressed as is_suppressed

CHANNEL = pl.Enum(CHANNELS)

_NO_EMAIL = "no email address"
_NO_ADDRESS = "no whole postal address"
_NO_PHONE = "no phone number"
_LISTED = "on the suppression list"
_REFUSED = {
    "email": "no consent to email",
    "post": "said no to post",
    "visit": "said no to visits",
}
_REFUSED |= {"phone": "said no to calls", "text": "said no to text messages"}
_NOT_ASKED = {"email": "no consent to email", "post": "has not agreed to post"}
_NOT_ASKED |= {
    "phone": "has not agreed to calls",
    "text": "has not agreed to text messages",
    "visit": "has not chosen visits",
}
_REASONS = (_NO_EMAIL, _NO_ADDRESS, _NO_PHONE, _LISTED, *_REFUSED.values(), *_NOT_ASKED.values())
REASON = pl.Enum(list(dict.fromkeys(_REASONS)))
"""Why a channel is not possible."""

_ADDRESS = pl.all_horizontal(pl.col("street", "postcode", "city").is_not_null())
_PHONE = pl.col("phone").is_not_null()
_NEEDS: dict[str, tuple[pl.Expr, str]] = {
    "email": (pl.col("email").is_not_null(), _NO_EMAIL),
    "letter": (_ADDRESS, _NO_ADDRESS),
    "handwritten": (_ADDRESS, _NO_ADDRESS),
    "visit": (_ADDRESS, _NO_ADDRESS),
    "call": (_PHONE, _NO_PHONE),
    "text": (_PHONE, _NO_PHONE),
}
_KINDS = {"email": "email", "letter": "post", "handwritten": "post"}
_KINDS |= {"visit": "visit", "call": "phone", "text": "text"}
"""Channel → what is agreed to; a column consent_… each, but for visits."""


def ways(
    customers: pl.DataFrame, *, suppressed: pl.DataFrame, config: Config, customs: Customs
) -> pl.DataFrame:
    """
    Return a table beside *customers* (facts), row by row: by what they can be reached.

    Its columns: `customer`, `channel` (preferred), `suppressed`, and `no_email`, `no_call` …
    (REASON), which say why not; null: possible.
    """
    needed = ["id", "email", "phone", "street", "postcode", "city", "country", "channel"]
    needed += [name for name in customers.columns if name.startswith("consent_")]
    table = customers.select(needed).with_columns(
        pl.col("country").fill_null(config.business.country),
        is_suppressed(suppressed).alias("suppressed"),
    )
    countries = table["country"].unique().to_list()
    return table.select(
        pl.col("id").alias("customer"),
        pl.col("channel").cast(CHANNEL, strict=False),
        "suppressed",
        *(_why_not(c, _without_asking(c, countries, customs)) for c in CHANNELS),
    )


def chosen(channels: Sequence[Channel]) -> pl.Expr:
    """
    Return the channel for a practice that lists *channels*; null where none is possible.

    The customer's own comes first where it is listed, then the others in order.
    """
    own = [
        pl.when((pl.col("channel") == pl.lit(c, CHANNEL)) & possible(c)).then(pl.lit(c, CHANNEL))
        for c in channels
    ]
    listed = [pl.when(possible(c)).then(pl.lit(c, CHANNEL)) for c in channels]
    return pl.coalesce(*own, *listed).alias("channel")


def possible(channel: str) -> pl.Expr:
    """Return whether nothing speaks against that channel."""
    return pl.col(f"no_{channel}").is_null()


def no_way(channels: Sequence[Channel]) -> pl.Expr:
    """Return why none of *channels* is possible, in words: no email address; said no to calls."""
    reasons = pl.concat_list(pl.col(f"no_{c}").cast(pl.String) for c in channels)
    return reasons.list.drop_nulls().list.unique(maintain_order=True).list.join("; ")


def _without_asking(channel: str, countries: Iterable[str], customs: Customs) -> list[str]:
    return sorted(c for c in countries if channel in customs.of(c).without_asking)


def _why_not(channel: Channel, countries: list[str]) -> pl.Expr:
    """Return why the channel is not possible; *countries* allow it until somebody objects."""
    there, lacking = _NEEDS[channel]
    kind = _KINDS[channel]
    # For visits there is no column: who chose them as their channel has said yes.
    answer = _chose_visits() if kind == "visit" else pl.col(f"consent_{kind}")
    allowed = answer.fill_null(pl.col("country").is_in(countries))
    if kind == "email":  # a suppressed address stays so, whatever its row says
        blocked, allowed = pl.col("suppressed"), answer.fill_null(value=False)
    else:
        blocked = pl.col("suppressed") & ~answer.fill_null(value=False)
    reason = (
        pl.when(~there)
        .then(pl.lit(lacking, REASON))
        .when(blocked)
        .then(pl.lit(_LISTED, REASON))
        .when(answer.eq(other=False))
        .then(pl.lit(_REFUSED[kind], REASON))
        .when(~allowed)
        .then(pl.lit(_NOT_ASKED[kind], REASON))
    )
    return reason.alias(f"no_{channel}")


def _chose_visits() -> pl.Expr:
    chose = (pl.col("channel") == "visit").fill_null(value=False)
    return pl.when(chose).then(pl.lit(value=True))
