"""Whether an address is on the suppression list."""

from __future__ import annotations

import polars as pl


def suppressed(listed: pl.DataFrame) -> pl.Expr:
    """Return whether the customer's email is in *listed* (SUPPRESSED): never null."""
    keys = listed.select(folded())["email"].drop_nulls().unique()
    return folded().is_in(keys.implode()).fill_null(value=False)


def folded() -> pl.Expr:
    """
    Return the email as addresses are compared.

    Reading left the domain in A-labels. The local part is folded here and nowhere else: whoever
    left as Anna@… must not get mail as anna@….
    """
    return pl.col("email").str.normalize("NFC").str.to_lowercase()
