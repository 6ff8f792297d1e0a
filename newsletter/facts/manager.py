"""The account manager: the named person a customer can turn to; contacts of one firm share one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from newsletter.facts.basis import FactsBasis, Source, localised
from newsletter.model.config import Config
from newsletter.model.duty import managers_on, on_duty
from newsletter.model.team import TeamMember

PHOTO = "manager_photo"
"""Never read from the customer file: messages load it, and an address for each tells who reads."""
_WHO: dict[str, pl.DataType] = {
    "manager_id": pl.String(),
    "stands_in_for": pl.String(),
}

_CARD: dict[str, pl.DataType] = {
    "manager_name": pl.String(),
    "manager_role": pl.String(),
    "manager_phone": pl.String(),
    "manager_email": pl.String(),
    PHOTO: pl.String(),
}


def _add_who(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add who is there for each customer: their account manager, or who stands in for them."""
    config = basis.config
    names = {member.id: member.name for member in config.team}
    keyed = customers.with_columns(members(customers, config, basis.today))
    named = keyed.with_columns(stands_in_for=pl.col("stands_in_for").replace(names))
    return named.rename({"member": "manager_id"})


def _add_card(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """Add how the account manager is reached. Needs manager_id."""
    config = basis.config
    cards = [_card(member, basis.photos) for member in config.team]
    team = pl.DataFrame(cards, schema=dict.fromkeys(cards[0], pl.String()))
    placed = customers.join(team, on="manager_id", how="left", maintain_order="left")
    return _localise(placed, config)


def members(customers: pl.DataFrame, config: Config, day: dt.date) -> list[pl.Series]:
    """
    Return `member`, the id of who is there for each customer on *day*, and `stands_in_for`.

    The latter is the id of their account manager, if that is somebody else; null otherwise.
    *customers* are whole firms with id, account and account_manager.
    """
    named, duty, managers = account_managers(customers, config), *_on(config, day)
    there, theirs = named.replace_strict(duty), named.replace_strict(managers)
    absent = pl.select(pl.when(there != theirs).then(theirs)).to_series()
    return [there.alias("member"), absent.alias("stands_in_for")]


def account_managers(customers: pl.DataFrame, config: Config) -> pl.Series:
    """
    Return the id of the account manager whom each customer was given.

    It is the one named in the row, else in a row of the firm, else the first of the team. They may
    have left since.
    """
    of_row = pl.col("account_manager")
    named = of_row
    if customers["account"].count():
        of_firm = of_row.sort_by("id").drop_nulls().first().over("account")
        named = pl.coalesce(of_row, pl.when(pl.col("account").is_not_null()).then(of_firm))
    ids = [member.id for member in config.team]
    member = pl.when(named.is_in(ids)).then(named).fill_null(ids[0])
    return customers.select(member.alias("member")).to_series()


def manager_of_nobody(
    config: Config, language: str, photos: Mapping[str, str]
) -> dict[str, str | None]:
    """Return the facts of the first of the team, for readers without an account manager."""
    first = next(member for member in config.team if not member.left)
    role = first.role.in_language(language, config.language) or None
    return _card(first, photos) | {"manager_role": role, "stands_in_for": None}


def _on(config: Config, day: dt.date) -> tuple[dict[str, str], dict[str, str]]:
    return on_duty(config, day), managers_on(config, day)


def _localise(customers: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Add or replace `manager_role`, in each customer's language."""
    roles = [
        pl.when(pl.col("manager_id") == member.id).then(localised(member.role, customers, config))
        for member in config.team
    ]
    return customers.with_columns(manager_role=pl.coalesce(roles))


def _card(member: TeamMember, photos: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "manager_id": member.id,
        "manager_name": member.name,
        "manager_phone": member.phone or None,
        "manager_email": member.email,
        PHOTO: photos.get(member.id),
    }


WHO = Source(name="manager", facts=_WHO, add=_add_who)
CARD = Source(
    name="manager", facts=_CARD, add=_add_card, needs=("manager_id",), localise=_localise
)
