"""The opaque token of each customer, and the personal links made with it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import polars as pl

from newsletter.model.config import Config
from newsletter.model.domains import ascii_url

TOKEN_DIGITS = 32
"""128 bits: nobody guesses another customer's."""


def add_addresses(recipients: pl.DataFrame, config: Config, *, secret: bytes) -> pl.DataFrame:
    """Add `token`, `unsubscribe_url` and `feedback_url`."""
    answer_to = config.sender.reply_to or config.sender.email
    feedback = config.links.feedback or f"mailto:{answer_to}"
    token = pl.Series("token", tokens(recipients["id"], secret=secret), dtype=pl.String)
    return recipients.with_columns(token).with_columns(
        unsubscribe_url=_personal(config.links.unsubscribe),
        feedback_url=_personal(feedback),
    )


def tokens(ids: Iterable[str], *, secret: bytes) -> list[str]:
    """Return a keyed hash (HMAC-SHA256, RFC 2104) of each id: the same in every build."""
    begun = hmac.new(secret, b"token:", "sha256")
    return [_token(begun.copy(), key) for key in ids]


def _token(begun: hmac.HMAC, key: str) -> str:
    begun.update(key.encode())
    return begun.hexdigest()[:TOKEN_DIGITS]


def _personal(address: str) -> pl.Expr:
    """Return the address with each customer's token in place of `{token}`."""
    first, *others = ascii_url(address).split("{token}")
    parts = [pl.lit(first)]
    for part in others:
        parts += [pl.col("token"), pl.lit(part)]
    return pl.concat_str(parts)
