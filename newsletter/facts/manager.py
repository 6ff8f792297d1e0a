"""The account manager: the named person a customer can turn to; contacts of one firm share one."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, localised
from newsletter.model.config import Business, Config, TeamMember

_FACTS: dict[str, pl.DataType] = {
    "manager_name": pl.String(),
    "manager_role": pl.String(),
    "manager_phone": pl.String(),
    "manager_email": pl.String(),
    "manager_photo": pl.String(),
}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add the manager named in the row, else in a row of the firm, else the first of the team."""
    config = basis.config
    team = pl.DataFrame(
        [_card(member, config.business) for member in config.team],
        schema=dict.fromkeys(_CARD, pl.String()),
        orient="row",
    )
    keyed = customers.with_columns(_manager(config))
    added = keyed.join(team, on="_manager", how="left", maintain_order="left").drop("_manager")
    return _localise(added, config)


def _localise(customers: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Add or replace `manager_role`, in each customer's language. Needs the whole firm."""
    roles = [
        pl.when(pl.col("_manager") == member.id).then(localised(member.role, customers, config))
        for member in config.team
    ]
    keyed = customers.with_columns(_manager(config))
    return keyed.with_columns(manager_role=pl.coalesce(roles)).drop("_manager")


def manager_of_nobody(config: Config, language: str) -> dict[str, str | None]:
    """Return the facts of the first of the team, for readers without an account manager."""
    first = config.team[0]
    card = dict(zip(_CARD[1:], _card(first, config.business)[1:], strict=True))
    return card | {"manager_role": first.role.in_language(language, config.language) or None}


def _manager(config: Config) -> pl.Expr:
    of_row = pl.col("account_manager")
    of_firm = of_row.sort_by("id").drop_nulls().first().over("account")
    named = pl.coalesce(of_row, pl.when(pl.col("account").is_not_null()).then(of_firm))
    member = pl.when(named.is_in([m.id for m in config.team])).then(named)
    return member.fill_null(config.team[0].id).alias("_manager")


_CARD = ("_manager", "manager_name", "manager_phone", "manager_email", "manager_photo")


def _card(member: TeamMember, business: Business) -> tuple[str | None, ...]:
    photo = f"{business.website}/{member.photo.lstrip('/')}" if member.photo else None
    return (member.id, member.name, member.phone or None, member.email, photo)


MANAGER = Source(name="manager", facts=_FACTS, add=_add, localise=_localise)
