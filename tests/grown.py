"""The example with customers grown from orders: a seeded generator adds all that orders lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from made import table
from support import ROOT

from newsletter.model.project import Project
from newsletter.model.tables import CUSTOMERS, TABLES
from newsletter.read.assembly import read_project

Purchase = tuple[str, dt.date, float]
"""Buyer, day and amount."""
_HOMES = (
    ("LU", "fr", "L-1728", "Luxembourg"),
    ("DE", "de", "54290", "Trier"),
    ("FR", "fr", "57000", "Metz"),
    ("GB", "en", "SW1A 1AA", "London"),
)
_OCCASIONS = ("wedding", "child", "move", "retirement", "exhibition", "death", "death")
_WORDS = ("The parcel was open.", "All was well.", "Nobody answered for a week.", "Lovely paper.")


def cdnow(path: Path) -> list[Purchase]:
    """Return the purchases in the public file CDNOW_sample.txt, of January 1997 to June 1998."""
    lines = [line.split() for line in path.read_text().splitlines()]
    return [(who, dt.date.fromisoformat(day), float(amount)) for _, who, day, _, amount in lines]


def invented(buyers: int, *, first: dt.date, last: dt.date, seed: int = 1) -> list[Purchase]:
    """Return the purchases of invented buyers; a few come every few days."""
    random, days = Random(seed), (last - first).days
    purchases = []
    for number in range(buyers):
        pause = random.choice((4, 9, 30, 60, 200))
        day = random.randrange(min(days, 2 * pause))
        while day <= days:
            amount = round(random.uniform(3, 90), 2)
            purchases.append((f"c{number:03}", first + dt.timedelta(days=day), amount))
            day += 1 + int(random.expovariate(1 / pause))
    return purchases


def chosen(purchases: Sequence[Purchase], most: int, *, since: dt.date, seed: int = 1) -> set[str]:
    """Return at most so many of the buyers who bought *since* a day."""
    buyers = sorted({who for who, day, _ in purchases if day >= since})
    return set(Random(seed).sample(buyers, min(most, len(buyers))))


def grown(
    purchases: Iterable[Purchase], *, first: dt.date, last: dt.date, seed: int = 1
) -> Project:
    """
    Return the example with these buyers as its customers, and a care plan that starts on *first*.

    Names, addresses, birthdays, occasions, feedback and promises are drawn at random. The history
    is empty.
    """
    random, project = Random(seed), read_project(ROOT, today=first)
    goods = project.people.tables["orders"].select("product", "category").unique().sort("product")
    bought = sorted(purchases)
    orders = []
    for who, day, amount in bought:
        product, category = random.choice(goods.rows())
        order = {"customer": who, "date": day, "amount": amount}
        orders.append(order | {"product": product, "category": category})
    begun = {who: day for who, day, _ in reversed(bought)}
    customers = [
        _customer(who, number, day, random)
        for number, (who, day) in enumerate(sorted(begun.items()))
    ]
    span = (last - first).days
    rows: dict[str, list[dict[str, Any]]] = {"orders": orders}
    for name, make, share in (
        ("occasions", _occasion, 0.4),
        ("feedback", _feedback, 0.3),
        ("conversations", _promise, 0.3),
    ):
        rows[name] = [
            make(who, first + dt.timedelta(days=random.randrange(span)), random)
            for who in sorted(begun)
            if random.random() < share
        ]
    tables = {name: table(rows.get(name, ()), schema) for name, schema in TABLES.items()}
    people = replace(
        project.people, customers=table(customers, CUSTOMERS).sort("id"), tables=tables
    )
    config = project.config.model_copy(update={"start": first})
    return replace(project, config=config, people=people)


def _customer(who: str, number: int, since: dt.date, random: Random) -> dict[str, Any]:
    country, language, postcode, city = random.choice(_HOMES)
    born = dt.date(1950, 1, 1) + dt.timedelta(days=random.randrange(20_000))
    first_name, last_name = f"Anna{number}", f"Alt{number}"
    return {
        "id": who,
        "row": number + 2,
        "email": f"c{number}@example.com" if random.random() < 0.9 else None,
        "first_name": first_name,
        "last_name": last_name,
        "name": f"{first_name} {last_name}",
        "street": f"Market {number}" if random.random() < 0.8 else None,
        "postcode": postcode,
        "city": city,
        "country": country,
        "phone": f"+352 20 {number:06}" if random.random() < 0.7 else None,
        "language": language,
        "formality": random.choice((None, "formal", "informal")),
        "birthday": random.choice((None, str(born), f"--{born:%m-%d}")),
        "customer_since": since,
        "channel": random.choice((None, None, "email", "letter", "call", "handwritten")),
        "account_manager": random.choice((None, "nora", "tomas")),
        "consent_email": random.random() < 0.8,
        "consent_phone": random.choice((None, True)),
        "mention_family": random.choice((None, True, False)),
    }


def _occasion(who: str, day: dt.date, random: Random) -> dict[str, Any]:
    return {"customer": who, "date": day, "occasion": random.choice(_OCCASIONS)}


def _feedback(who: str, day: dt.date, random: Random) -> dict[str, Any]:
    score = random.choice((None, *range(11)))
    return {
        "id": f"F-{who}",
        "customer": who,
        "date": day,
        "score": score,
        "text": random.choice(_WORDS),
    }


def _promise(who: str, day: dt.date, random: Random) -> dict[str, Any]:
    by = day + dt.timedelta(days=random.randrange(1, 20))
    talk = {
        "customer": who,
        "date": day,
        "member": "nora",
        "channel": "call",
        "text": "We talked.",
    }
    return talk | {"promise": "To look for the blue ink", "promised_by": by}
