"""The account manager: the named person a customer can turn to; contacts of one firm share one."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import Fact, FactsBasis, Source, localised
from newsletter.model.config import Business, Config, TeamMember

_SOURCE = "file: account_manager, account; `team`"
_NONE = "newsletter.yml does not say"

_FACTS = {
    name: Fact(pl.String(), meaning, unit="", source=_SOURCE, missing=missing)
    for name, meaning, missing in (
        (
            "manager_name",
            "Name of the account manager; of the first of the team, if none",
            "never",
        ),
        ("manager_role", "What the account manager does", _NONE),
        ("manager_phone", "Phone number of the account manager", _NONE),
        ("manager_email", "Email address of the account manager", _NONE),
        ("manager_photo", "Web address of the account manager's picture", _NONE),
    )
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
