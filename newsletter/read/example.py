"""What is left of the example in a project with real customers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from newsletter.errors import Place, Problem
from newsletter.read.content.settings_files import ConfigFile

_RESERVED = r"(?:^|\.)(?:example(?:\.[a-z]+)?|test|invalid|localhost)$"
"""Domains that belong to nobody (RFC 2606, RFC 6761), and `example.de`, which people take, too."""
_PUBLIC_SECRET = b"the-key-of-the-example-only-"


def left_of_the_example(
    config_file: ConfigFile, customers: pl.DataFrame, *, secret: bytes, at: Place
) -> Iterator[Problem]:
    """Yield the problem of real customers called invented, or of the public *secret*."""
    if not config_file.config.example:
        if secret.startswith(_PUBLIC_SECRET):
            message = (
                "this is the secret of the example, which everybody can read: with it, anybody "
                "can make the links that unsubscribe your customers"
            )
            yield Problem(message, at, hint="write one line of random letters of your own instead")
        return
    domain = pl.col("email").str.to_lowercase().str.extract(r"@(.+)$", 1)
    real = customers.select((~domain.str.contains(_RESERVED)).sum()).item()
    if real:
        message = f"the customers are not invented: {real:,} of their addresses may be real"
        hint = "delete this line; then a build makes sure that Git does not take the customers"
        yield config_file.document.key_problem(message, "example", hint=hint)
