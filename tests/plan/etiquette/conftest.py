"""Proposals and their basis made by hand: no project, no events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
import pytest

from newsletter.errors import Place
from newsletter.model.config import Business, Cap, Config, Etiquette, Links, Sender
from newsletter.model.customs import Country, Customs
from newsletter.model.entry import Entry
from newsletter.model.practice import NEWSLETTER, Practice
from newsletter.model.tables import HISTORY
from newsletter.model.team import TeamMember
from newsletter.plan.etiquette import judge
from newsletter.plan.etiquette.evidence import COMING, ROWS, TOUCHES, Basis
from newsletter.plan.reach import CHANNEL
from newsletter.read.content.reason_phrases import read_reasons

Rows = Sequence[Mapping[str, object]]
TODAY = dt.date(2026, 11, 4)
"""A Wednesday."""
NAMES = ("birthday", "call", "follow-up", "invitation", "issue", "promise", "thank-you", "welcome")

CUSTOMERS: dict[str, pl.DataType] = {
    "id": pl.String(),
    "name": pl.String(),
    "account": pl.String(),
    "member": pl.String(),
    "country": pl.String(),
    "celebrates": pl.List(pl.String()),
    "email": pl.String(),
    "phone": pl.String(),
    "orders_count": pl.Int64(),
    "closed": pl.Boolean(),
    "suppressed": pl.Boolean(),
    "owed": pl.Boolean(),
    "open_feedback": pl.Boolean(),
    "open_promise_by": pl.Date(),
    "unhappy_until": pl.Date(),
    "bereaved_until": pl.Date(),
    "pause_until": pl.Date(),
    "last_heard": pl.Date(),
    "named": pl.Boolean(),
    "language": pl.String(),
    "formality": pl.String(),
    **dict.fromkeys(("company", "street", "postcode", "city", "region"), pl.String()),
}


def practice(name: str, **more: object) -> Practice:
    """Return a practice with the fields that etiquette reads."""
    event = "event" if name == "invitation" else "order"
    at = Place(path=f"content/practices/{name}.md")
    if name == "issue":
        return replace(NEWSLETTER, **more)
    defaults = {"name": name, "at": at, "title": name, "event": event, "channels": ("email",)}
    return Practice(**{**defaults, "words": {}, **more})


def config(**etiquette: object) -> Config:
    """Return a configuration with Nora, who has 2 calls a day, and Tomas; without a gap."""
    return Config(
        business=Business(
            name="P",
            postal_address="x",
            website="https://p.example",
            email="p@p.example",
            country="DE",
        ),
        sender=Sender(name="P", email="p@p.example"),
        links=Links(unsubscribe="https://p.example/leave"),
        team=(
            TeamMember(id="nora", name="Nora", capacity={"call": 2}),
            TeamMember(id="tomas", name="Tomas"),
        ),
        etiquette=Etiquette(**{"gap": 0} | etiquette),
    )


class Make:
    """The makers, for tests."""

    day = TODAY
    cap = Cap
    config = staticmethod(config)
    practice = staticmethod(practice)

    @staticmethod
    def basis(
        customers: Rows,
        *,
        day: dt.date = TODAY,
        history: Rows = (),
        customs: Customs | None = None,
        practices: Sequence[Practice] = (),
        entries: Sequence[Entry] = (),
        **etiquette: object,
    ) -> Basis:
        """Return a basis; customers are Nora's, in Germany, open and not suppressed by default."""
        default = {"member": "nora", "country": "DE", "closed": False, "suppressed": False}
        default |= {"named": True}
        rows = [
            dict.fromkeys(CUSTOMERS) | default | {"name": str(c["id"]).title()} | dict(c)
            for c in customers
        ]
        table = pl.DataFrame(rows, schema=CUSTOMERS)
        entries_had = [(n, slug) for n, row in enumerate(rows) for slug in row.get("had") or ()]
        by_name = {name: practice(name) for name in NAMES} | {p.name: p for p in practices}
        return Basis(
            day=day,
            config=config(**etiquette),
            customs=customs or Customs(countries={"": Country()}),
            practices=by_name,
            entries=tuple(entries),
            customers=table,
            history=_numbered(history, HISTORY, table).drop("customer"),
            had=pl.DataFrame(
                entries_had, schema={"idx": pl.UInt32, "slug": pl.String}, orient="row"
            ),
            coming=pl.DataFrame(schema={**COMING, "practice": pl.String(), "channel": CHANNEL}),
            placed=pl.DataFrame(schema=TOUCHES),
            reasons=read_reasons(config(**etiquette)),
        )

    @staticmethod
    def rows(basis: Basis, *rows: Mapping[str, object]) -> pl.DataFrame:
        """Return proposals; they are by email, arrive today and have no last day."""
        default = {"arrives": basis.day, "key": "k", "channel": "email", "priority": 50}
        full = [
            dict.fromkeys(ROWS) | default | {"owed": False, "row": n} | dict(row)
            for n, row in enumerate(rows)
        ]
        indices = dict(zip(basis.customers["id"], range(basis.customers.height), strict=True))
        for row in full:
            row["idx"] = indices[str(row.pop("customer"))]
        schema = {**ROWS, "practice": pl.Enum(list(basis.practices)), "channel": CHANNEL}
        return pl.DataFrame(full, schema=schema)

    @classmethod
    def judged(cls, basis: Basis, *rows: Mapping[str, object]) -> list[tuple[object, ...]]:
        """Return rule, reason and day for each proposal; three times None if it is planned."""
        return judge(cls.rows(basis, *rows), basis).drop("row").rows()


def _numbered(rows: Rows, schema: Mapping[str, object], customers: pl.DataFrame) -> pl.DataFrame:
    columns = {name: dtype for name, dtype in schema.items() if name not in ("idx", "customer")}
    full = [dict.fromkeys(["customer", *columns]) | dict(row) for row in rows]
    table = pl.DataFrame(full, schema={"customer": pl.String(), **columns})
    numbers = customers.select(customer="id").with_row_index("idx")
    numbered = table.join(numbers, on="customer", maintain_order="left")
    return numbered.select(*schema) if "idx" in schema else numbered


@pytest.fixture
def make() -> type[Make]:
    """Return the makers of proposals and of what etiquette looks at."""
    return Make


PLANNED = (None, None, None)
