"""One day of care made by hand: touchpoints of every channel and the plan behind them."""

from __future__ import annotations

import datetime as dt

import polars as pl

from newsletter.model.care import PLAN, CarePlan, Prompt, Touch

DAY = dt.date(2026, 11, 3)


def touch(customer: str, name: str, channel: str, **more: object) -> Touch:
    """Return a touchpoint; fields not passed have the plainest value possible."""
    fields: dict[str, object] = {
        "date": DAY,
        "customer": customer,
        "name": name,
        "member": "nora",
        "practice": "follow-up",
        "title": "How are you?",
        "channel": channel,
        "arrives": DAY,
        "key": "2026-11-03",
        "because": "last contact 1 Aug 2026 (call), every quarter",
        "priority": 50,
        "owed": False,
        "language": "en",
        "email": "",
        "phone": "",
        "address": (),
        "country": "LU",
        "subject": "",
        "html": "<p>Ask how they are.</p>",
        "text": "Ask how they are.",
        "greeting": "Dear Anna",
    }
    return Touch(**fields | more)


def day_plan(touches: list[Touch], *, further: list[dict[str, object]] | None = None) -> CarePlan:
    """Return the plan with the planned rows of the touchpoints, and *further* rows of PLAN."""
    rows = [
        {name: getattr(task, name, None) for name in PLAN} | {"skipped_because": None}
        for task in touches
    ]
    blank = dict.fromkeys(PLAN)
    rows += [blank | {"date": DAY, "arrives": DAY, "owed": False} | row for row in further or []]
    table = pl.DataFrame(rows, schema=PLAN)
    return CarePlan(
        day=DAY, facts_of=pl.DataFrame, everybody=pl.DataFrame(), table=table, events={}
    )


TOUCHES = [
    touch(
        "C-2",
        "Anna Kayser",
        "call",
        practice="promise",
        title="A promise is due",
        key="2026-10-20",
        because="promised for 2026-10-20: A catalogue",
        owed=True,
        priority=95,
        phone="+352 621 000 102",
        html="<p>Begin with the promise.</p><ul><li>Say when it comes.</li></ul>",
        text="Begin with the promise.\n\n- Say when it comes.",
        agenda=("Last contact 2 October 2026 (visit): One more", "Promised: A catalogue"),
        not_to_mention="the divorce",
    ),
    touch(
        "C-1",
        "Müller, Anna <Dr.>",
        "handwritten",
        practice="birthday",
        title="Birthday wishes",
        key="2026",
        arrives=dt.date(2026, 11, 6),
        because="birthday on 6 Nov 2026; years_as_customer >= 1",
        priority=90,
        address=("Dr. Anna Müller", "Saarstraße 118", "54290 TRIER", "GERMANY"),
        greeting="Liebe Anna",
        html="<p>Alles Gute zum Geburtstag!</p>",
        text="Alles Gute zum Geburtstag!",
        language="de",
        prompts=(
            Prompt("order 2026-10-31", "bought on 31 October: Ink, oak gall"),
            Prompt("years 4", "a customer for 4 years"),
        ),
        gift="A voucher of €5, once, not with other offers",
        code="7K4M-QX2P",
        expires=dt.date(2026, 12, 6),
    ),
    touch(
        "007",
        "=Zoë Ångström",
        "text",
        phone="+49 171 39200 12",
        html="<p>Your pen is ready.</p>",
        text="Your pen is ready.",
    ),
    touch("C-3", "Bob Weber", "letter", member="tomas", address=("Bob Weber", "6700 ARLON")),
]

HELD: list[dict[str, object]] = [
    {
        "member": "nora",
        "customer": "PB-1005",
        "name": "Émile Wagner",
        "practice": "follow-up",
        "channel": "call",
        "key": "2026-11-03",
        "skipped_because": "at most 5 calls a day",
        "rule": "capacity",
        "possible_on": dt.date(2026, 11, 4),
        "priority": 60,
    },
    {
        "member": "nora",
        "customer": "PB-1006",
        "practice": "follow-up",
        "channel": "call",
        "key": "2026-11-03",
        "skipped_because": "at most 2 in 14 days",
        "rule": "cap",
        "possible_on": dt.date(2026, 11, 9),
        "priority": 50,
    },
    {
        "member": "nora",
        "customer": "PB-1007",
        "practice": "follow-up",
        "key": "2026-11-03",
        "skipped_because": "no consent",
        "rule": "consent",
    },
    {
        "member": "nora",
        "customer": "PB-1008",
        "practice": "birthday",
        "channel": "email",
        "key": "2026",
    },
    {
        "member": "tomas",
        "customer": "PB-1009",
        "practice": "issue",
        "channel": "email",
        "key": "2026-11",
    },
]
"""Rows of PLAN beside the touchpoints: held back, left out, and out by email."""
