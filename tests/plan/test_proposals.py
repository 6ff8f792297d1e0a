"""What practices propose: when, for whom, until when and under which key."""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from made import DAY, Rows, basis_of, entry, practice, settings, source

from newsletter.errors import NewsletterError, raise_all
from newsletter.model.config import Config
from newsletter.model.practice import Practice, Rhythm, Span
from newsletter.plan.events import READS, EventBasis
from newsletter.plan.practice_names import wrong_names
from newsletter.plan.proposals import proposals
from newsletter.plan.rhythms import checksums, since_start

D = dt.date
QUARTER = (Rhythm("", Span(3, "month")),)
POSTED = ("handwritten",)


def _proposed(tested: Practice, basis: EventBasis, day: D = DAY) -> pl.DataFrame:
    """Return the proposals with the details of their events."""
    raise_all(wrong_names(tested, basis.facts.schema, {}))
    proposed = proposals([tested], basis, day=day)
    details = proposed.details[tested.name]
    rows = proposed.rows.with_columns(basis.facts["id"].gather(proposed.rows["customer"]))
    rows = rows.with_columns(customer="id").select(proposed.rows.columns)
    return rows.hstack(details[rows["event"]]) if details.width else rows


def _days_due(tested: Practice, customers: Rows, *, of: range, **more: Any) -> list[D]:
    """Return the days, counted from DAY, on which something is proposed."""
    days = [DAY + dt.timedelta(n) for n in of]
    wanted = READS.get(tested.event, ())
    bases = {d: basis_of(customers, day=d, wanted=wanted, **more) for d in days}
    return [d for d, basis in bases.items() if _proposed(tested, basis, d).height]


def _ordered(*days: D, customer: str = "a", **more: object) -> list[dict[str, object]]:
    return [{"customer": customer, "date": day, "amount": 5.0, **more} for day in days]


def test_a_proposal_has_all_columns() -> None:
    """Practice, customer, reason, days and key, and the event's details."""
    tested = practice(
        "order",
        name="thank-you",
        offset=Span(2, "day"),
        when="order_number > 1\n  and vip",
        until=Span(3, "day"),
        priority=70,
        owed=True,
    )
    orders = _ordered(D(2026, 8, 1), D(2026, 11, 2), product="Ink", category="ink")
    basis = basis_of([{"id": "a"}, {"id": "b"}], orders=orders, segments={"vip": "orders_count"})

    assert _proposed(tested, basis).to_dicts() == [
        {
            "customer": "a",
            "practice": "thank-you",
            "key": "2026-11-02",
            "on": D(2026, 11, 2),
            "about": "order of 2 Nov 2026 (Ink)",
            "because": "order of 2 Nov 2026 (Ink); not the first order and belongs to “vip”",
            "arrives": D(2026, 11, 4),
            "last_day": D(2026, 11, 7),
            "priority": 70,
            "owed": True,
            "slug": None,
            "event": 0,
            "order_date": D(2026, 11, 2),
            "order_since": None,
            "order_days_ago": 2,
            "order_product": "Ink",
            "order_category": "ink",
            "order_category_name": "ink",
            "order_amount": 5.0,
            "order_number": 2,
            "first_in_category": False,
            "back_after_days": 93,
            "complained_since": False,
        }
    ]


def test_an_event_is_proposed_until_one_day_past_its_last() -> None:
    """From its day on, every day, and once more when it is over."""
    tested = practice("birthday", until=Span(3, "day"))

    days = _days_due(tested, [{"id": "a", "birthday": "1984-11-06"}], of=range(12))

    assert days == [D(2026, 11, n) for n in (6, 7, 8, 9, 10)]
    last = _proposed(tested, basis_of([{"id": "a", "birthday": "1984-11-06"}]), D(2026, 11, 10))
    assert last["last_day"].to_list() == [D(2026, 11, 9)]


def test_a_birthday_is_due_over_the_end_of_the_year() -> None:
    """One of 31 December is due until 3 January, keyed by the year of the birthday."""
    tested = practice("birthday", until=Span(3, "day"))
    basis = basis_of([{"id": "a", "birthday": "--12-31"}, {"id": "b", "birthday": "--01-01"}])

    proposed = _proposed(tested, basis, D(2027, 1, 2))

    assert proposed.select("customer", "key", "arrives", "last_day").rows() == [
        ("a", "2026", D(2026, 12, 31), D(2027, 1, 3)),
        ("b", "2027", D(2027, 1, 1), D(2027, 1, 4)),
    ]


@pytest.mark.parametrize(
    ("birthday", "first"),
    [
        ("--11-09", D(2026, 11, 6)),  # Monday: a card of Saturday would be late
        ("--11-10", D(2026, 11, 7)),
        ("--11-08", D(2026, 11, 5)),  # Sunday: the card arrives on Saturday
        ("--11-11", D(2026, 11, 9)),
    ],
)
def test_cards_are_due_early_enough_for_the_post(birthday: str, first: D) -> None:
    """A card is first proposed on the last day on which the post still brings it in time."""
    tested = practice("birthday", channels=POSTED)

    days = _days_due(tested, [{"id": "a", "birthday": birthday}], of=range(9))

    assert days[0] == first


def test_nothing_due_before_the_start_is_proposed() -> None:
    """Not even later."""
    tested = practice("order", until=Span(1, "year"))
    basis = basis_of(
        [{"id": "a"}],
        config=settings(start=DAY),
        orders=_ordered(D(2026, 11, 3), DAY),
    )

    assert _proposed(tested, basis)["key"].to_list() == ["2026-11-04"]


def test_an_event_before_the_start_counts_if_due_after_it() -> None:
    """An order before the start may be thanked for after it."""
    tested = practice("order", offset=Span(2, "day"))
    basis = basis_of(
        [{"id": "a"}],
        config=settings(start=DAY),
        orders=_ordered(D(2026, 11, 1), D(2026, 11, 2)),
    )

    assert _proposed(tested, basis)["key"].to_list() == ["2026-11-02"]


def test_future_orders_are_no_events() -> None:
    """Not even for cards, which are proposed early for the post."""
    basis = basis_of([{"id": "a"}], orders=_ordered(DAY + dt.timedelta(1)))

    assert _proposed(practice("order", channels=POSTED), basis).is_empty()


def test_future_promises_and_entries_are_no_events() -> None:
    """A promise not yet made, an event not yet announced."""
    talk = {"customer": "a", "date": D(2026, 11, 5), "promise": "x", "promised_by": DAY}
    party = entry("event", "x", starts=dt.datetime(2026, 11, 6, 18), date=DAY + dt.timedelta(1))
    basis = basis_of([{"id": "a"}], conversations=[talk], entries=[party])

    assert _proposed(practice("promise"), basis).is_empty()
    assert _proposed(practice("event", offset=Span(-3, "day")), basis).is_empty()


def test_a_negative_offset_is_due_before_the_event() -> None:
    """It may also be over before the event."""
    tested = practice("event", offset=Span(-2, "week"), until=Span(1, "week"))
    party = entry("event", "party", starts=dt.datetime(2026, 11, 21, 18))

    days = _days_due(tested, [{"id": "a"}], of=range(20), entries=[party])

    assert days == [D(2026, 11, n) for n in range(7, 16)]


@pytest.mark.parametrize(
    ("feedback", "first"),
    [(D(2026, 11, 6), D(2026, 11, 9)), (D(2026, 11, 8), D(2026, 11, 9)), (DAY, D(2026, 11, 5))],
)
def test_working_days_after_feedback(feedback: D, first: D) -> None:
    """Feedback of Friday, like that of Sunday, is to be answered on Monday."""
    tested = practice("feedback", offset=Span(1, "working day"))
    rows = [{"id": "F", "customer": "a", "date": feedback}]

    assert _days_due(tested, [{"id": "a"}], of=range(8), feedback=rows)[0] == first


def test_details_go_before_facts() -> None:
    """In a rule a detail of the event hides the fact of the same name."""
    tested = practice("last order", offset=Span(30, "day"), when="last_order == '2026-10-05'")
    basis = basis_of([{"id": "a"}], orders=_ordered(D(2026, 10, 5)))

    assert _proposed(tested, basis)["key"].to_list() == ["2026-10-05"]


@pytest.mark.parametrize(
    ("once_per", "keys"),
    [
        ("event", ["2026-09-30", "2026-10-02", "2026-11-01"]),
        ("customer", ["once"]),
        ("year", ["2026"]),
        ("quarter", ["2026-Q3", "2026-Q4"]),
        ("month", ["2026-09", "2026-10", "2026-11"]),
        ("order_category", ["2026-11-01", "ink"]),
        ("interests", ["ink, tea"]),
        ("orders_count", ["3"]),
        ("returning", ["true"]),
    ],
)
def test_once_per_decides_the_key(once_per: str, keys: list[str]) -> None:
    """The value of the period or column; if a column has no value, the event."""
    tested = practice("order", until=Span(60, "day"), once_per=once_per)
    orders = _ordered(D(2026, 9, 30), D(2026, 10, 2), category="ink") + _ordered(D(2026, 11, 1))
    basis = basis_of([{"id": "a", "interests": ["tea", "ink"]}], orders=orders)

    assert _proposed(tested, basis)["key"].to_list() == keys


def test_of_two_events_with_one_key_the_earlier_is_proposed() -> None:
    """Unless it is over; then the later one is."""
    tested = practice("order", until=Span(3, "day"), once_per="month")
    config = settings(start=D(2026, 11, 1))
    orders = _ordered(D(2026, 11, 1), D(2026, 11, 3))

    def arrives(day: D) -> list[D]:
        basis = basis_of([{"id": "a"}], day=day, config=config, orders=orders)
        return _proposed(tested, basis, day)["arrives"].to_list()

    assert arrives(D(2026, 11, 4)) == [D(2026, 11, 1)]
    assert arrives(D(2026, 11, 5)) == [D(2026, 11, 3)]


def _follow_up(**more: Any) -> Practice:
    return practice(name="follow-up", every=more.pop("every", QUARTER), **more)


def test_rhythm_counts_from_the_last_contact() -> None:
    """A conversation counts; an issue, and a call that reached nobody, do not."""
    row = {"channel": "call", "practice": "thank-you"}
    history = [
        {"customer": "a", "date": D(2026, 7, 1), **row},
        {"customer": "a", "date": D(2026, 10, 1), **row, "outcome": "not reached"},
        {"customer": "b", "date": D(2026, 7, 1), **row},
        {"customer": "b", "date": D(2026, 8, 31), "practice": "issue", "issue": "2026-09"},
        {"customer": "c", "date": D(2026, 8, 5), **row},
    ]
    talks = [{"customer": "b", "date": D(2026, 8, 4), "channel": "visit"}]
    people = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    basis = basis_of(people, history=history, conversations=talks)

    proposed = _proposed(_follow_up(), basis)

    assert proposed.select("customer", "key", "arrives", "last_day", "because").rows() == [
        ("a", "2026-10-01", D(2026, 10, 1), None, "last contact 1 Jul 2026 (call), every quarter"),
        ("b", "2026-11-04", DAY, None, "last contact 4 Aug 2026 (visit), every quarter"),
    ]


@pytest.mark.parametrize(
    ("language", "because"),
    [
        (
            "de",
            [
                "letzter Kontakt am 01.07.2026 (Anruf), jedes Quartal",
                "Kauf vom 02.11.2026 (Ink); erster Kauf",
                "Geburtstag am 05.11.2026 (wird 40)",
            ],
        ),
        (
            "fr",
            [
                "dernier contact le 1er juil. 2026 (appel), chaque trimestre",
                "achat du 2 nov. 2026 (Ink); premier achat",
                "anniversaire le 5 nov. 2026 (40 ans)",
            ],
        ),
    ],
)
def test_reasons_are_in_the_language_of_the_project(language: str, because: list[str]) -> None:
    """Events, dates, channels, rhythms and rules."""
    people = [{"id": "a", "birthday": "1986-11-05"}]
    history = [{"customer": "a", "date": D(2026, 7, 1), "practice": "call", "channel": "call"}]
    orders = [{"customer": "a", "date": D(2026, 11, 2), "product": "Ink"}]
    config = settings(language=language)
    basis = basis_of(people, config=config, history=history, orders=orders)
    practices = [
        replace(_follow_up(), name="a"),
        practice("order", name="b", when="order_number == 1"),
        practice("birthday", name="c", offset=Span(-1, "day")),
    ]

    assert proposals(practices, basis, day=DAY).rows["because"].to_list() == because


def test_rhythm_by_segment() -> None:
    """The first segment that holds gives the span."""
    rhythms = (Rhythm("vip", Span(6, "week")), Rhythm("", Span(1, "year")))
    history = [
        {"customer": key, "date": D(2026, 9, 1), "practice": "x", "channel": "letter"}
        for key in ("a", "b")
    ]
    basis = basis_of(
        [{"id": "a"}, {"id": "b", "city": "Ulm"}],
        history=history,
        segments={"vip": "city == 'Ulm'"},
    )

    proposed = _proposed(_follow_up(every=rhythms), basis)

    assert proposed.select("customer", "key", "because").rows() == [
        ("b", "2026-10-13", "last contact 1 Sept 2026 (letter), every 6 weeks")
    ]


def test_counted_from_decides_what_restarts_a_rhythm() -> None:
    """The practice itself, or an order."""
    history = [
        {"customer": "a", "date": D(2026, 7, 1), "practice": "follow-up", "channel": "call"},
        {"customer": "a", "date": D(2026, 10, 1), "practice": "other", "channel": "call"},
    ]
    basis = basis_of([{"id": "a"}], history=history, orders=_ordered(D(2026, 7, 20)))

    counted = _proposed(_follow_up(counted_from="practice", title="How are you"), basis)
    order = _proposed(_follow_up(counted_from="order"), basis)

    assert counted["because"].to_list() == ["last time 1 Jul 2026, every quarter"]
    assert order["because"].to_list() == ["last order 20 Jul 2026, every quarter"]
    assert order["arrives"].to_list() == [D(2026, 10, 20)]


def _due_per_day(tested: Practice, config: Config) -> Counter[D]:
    customers = [{"id": f"C{n:04}", "points": 5} for n in range(500)]
    day = config.start + dt.timedelta(400) if config.start else DAY
    return Counter(_proposed(tested, basis_of(customers, config=config, day=day), day)["arrives"])


@pytest.mark.parametrize(
    ("tested", "days"),
    [
        (_follow_up(), 92),
        (_follow_up(every=(Rhythm("", Span(6, "week")),)), 42),
        (practice(when="orders_count == 0 or not returning"), 90),
        (practice("reward"), 90),
    ],
)
def test_first_days_are_ordinary(tested: Practice, days: int) -> None:
    """500 customers without history are spread over the span: at most 6 in 100 a day."""
    config = settings(
        start=D(2026, 11, 2),
        loyalty={"points_per_unit": 1, "rewards": [{"points": 0, "reward": "x"}]},
    )

    due = _due_per_day(tested, config)

    assert due.total() == 500
    assert min(due) >= D(2026, 11, 2)
    assert max(due) < D(2026, 11, 2) + dt.timedelta(days)
    assert max(due.values()) <= 500 * 6 / 100
    assert len(due) >= days * 0.9


def test_the_day_of_a_new_customer_depends_on_id_and_practice_alone() -> None:
    """Other customers do not matter, and every run gives the same day."""
    tested = _follow_up()
    alone = _proposed(tested, basis_of([{"id": "C0042"}]))
    among = _proposed(tested, basis_of([{"id": f"C{n:04}"} for n in range(100)]))

    assert alone["arrives"].to_list() == [D(2020, 2, 11)]
    assert among.filter(pl.col("customer") == "C0042").equals(alone)


def test_later_customers_are_due_within_a_span_of_their_first_day() -> None:
    """They became customers after the start."""
    people = [{"id": f"C{n}", "customer_since": D(2026, 8, 1)} for n in range(50)]

    due = _proposed(_follow_up(), basis_of(people))["arrives"]

    assert due.min() >= D(2026, 8, 1)
    assert due.max() <= D(2026, 11, 4)


def test_customers_due_before_the_start_are_spread_after_it() -> None:
    """Over the first span."""
    history = [{"customer": "a", "date": D(2026, 7, 1), "practice": "x", "channel": "call"}]
    config = settings(start=D(2026, 11, 2))
    day = D(2027, 2, 2)

    basis = basis_of([{"id": "a"}], day=day, config=config, history=history)
    proposed = _proposed(_follow_up(), basis, day)

    assert D(2026, 11, 2) <= proposed["arrives"].item() <= day


def test_a_rule_alone_is_due_while_it_holds() -> None:
    """It has no last day."""
    tested = practice(when="city == 'Ulm'")

    proposed = _proposed(tested, basis_of([{"id": "a", "city": "Ulm"}, {"id": "b"}]))

    assert proposed.select("customer", "key", "last_day", "about", "because").rows() == [
        ("a", "once", None, "", "city is Ulm")
    ]


def test_a_rule_once_per_year_is_spread_over_the_year() -> None:
    """It is due again each year, but not for all customers on 1 January."""
    tested = practice(when="name is missing", once_per="year")
    people = [{"id": f"C{n}"} for n in range(300)]

    def due(day: D) -> pl.DataFrame:
        return _proposed(tested, basis_of(people, day=day), day)

    assert due(D(2027, 1, 1)).height < 15
    assert due(D(2027, 4, 1)).height == 300
    assert due(D(2027, 4, 1))["key"].unique().to_list() == ["2027"]
    assert due(D(2027, 4, 1))["arrives"].min() >= D(2027, 1, 1)


def test_a_rule_once_per_column_is_due_for_each_value() -> None:
    """The key is the value."""
    tested = practice(when="points > 1", once_per="points")

    proposed = _proposed(tested, basis_of([{"id": "a", "points": 7}, {"id": "b", "points": 9}]))

    assert proposed["key"].to_list() == ["7", "9"]


def test_reward_without_a_day_stays_due() -> None:
    """Points of the file have no day: the reward is due from the start on, without a last day."""
    config = settings(loyalty={"rewards": [{"points": 100, "reward": "a cup"}]})
    basis = basis_of([{"id": "a", "points": 120}], config=config)

    proposed = _proposed(practice("reward", offset=Span(1, "day")), basis)

    assert proposed.select("key", "on", "last_day", "reward").rows() == [
        ("100", None, None, "a cup")
    ]
    assert proposed["arrives"].item() >= D(2020, 1, 1)


def test_tasks_in_the_history_are_proposed_again() -> None:
    """The etiquette skips them."""
    done = {"customer": "a", "date": D(2026, 11, 3), "practice": "care", "key": "2026"}
    basis = basis_of([{"id": "a", "birthday": "--11-03"}], history=[done])

    assert _proposed(practice("birthday"), basis)["key"].to_list() == ["2026"]


@pytest.mark.parametrize(
    ("tested", "message", "hint"),
    [
        (practice("order", when="order_numbr > 1"), "unknown name 'order_numbr'", "order_number"),
        (practice("order", once_per="zzz"), "unknown name 'zzz' in 'once_per'", "write event"),
        (practice("order", once_per="custmer"), "unknown name 'custmer'", "'customer'"),
        (
            _follow_up(every=(Rhythm("vipp", Span(1, "week")), *QUARTER)),
            "unknown segment 'vipp' in 'every'",
            "'vip'",
        ),
        (practice("birthday", when="order_number > 1"), "unknown name 'order_number'", ""),
    ],
)
def test_a_misspelt_name_suggests_the_nearest(tested: Practice, message: str, hint: str) -> None:
    """It is neither a fact nor a detail of the event."""
    basis = basis_of([{"id": "a"}], segments={"vip": "orders_count > 1"})

    with pytest.raises(NewsletterError) as caught:
        _proposed(tested, basis)

    problem = caught.value.problems[0]
    assert message in problem.message
    assert hint in problem.hint
    assert problem.at is not None
    assert problem.at.path == "content/practices/care.md"


@pytest.mark.parametrize(
    "tested",
    [
        practice("order", until=Span(60, "day"), once_per="month"),
        practice("birthday", until=Span(1, "year")),
        _follow_up(when="orders_count > 2"),
        practice(when="returning"),
        practice("last order", until=Span(1, "month")),
    ],
)
def test_order_of_rows_does_not_matter(tested: Practice) -> None:
    """The same rows in another order give the same proposals in the same order."""
    people = [{"id": f"C{n}", "birthday": f"--{n % 12 + 1:02}-{n % 28 + 1:02}"} for n in range(60)]
    orders = [
        row
        for n in range(400)
        for row in _ordered(
            DAY - dt.timedelta(n * 7 % 90), customer=f"C{n % 50}", category=f"c{n % 3}"
        )
    ]
    talks = [
        {"customer": f"C{n % 40}", "date": D(2026, 6, 1) + dt.timedelta(n), "channel": "call"}
        for n in range(60)
    ]

    straight = _proposed(tested, basis_of(people, orders=orders, conversations=talks))
    mixed = _proposed(
        tested,
        basis_of(people[::-1], orders=orders[7:] + orders[:7], conversations=talks[::-1]),
    )

    assert straight.height > 5
    assert mixed.equals(straight)


def test_a_problem_of_a_rule_has_its_place() -> None:
    """The line of the rule in the practice's file."""
    rule = source("city == 'Ulm' and nme", "content/practices/care.md")

    with pytest.raises(NewsletterError, match=r"content/practices/care.md:1:19: unknown name"):
        _proposed(practice(when=rule.text), basis_of([{"id": "a"}]))


def test_practices_do_not_affect_each_other() -> None:
    """Even if they share an event, a rhythm or a rule."""
    people = [{"id": f"c{n}", "birthday": f"--11-{n + 1:02}", "city": "Ulm"} for n in range(9)]
    orders = [{"customer": f"c{n}", "date": DAY - dt.timedelta(n), "amount": 5} for n in range(9)]
    basis = basis_of(people, orders=orders)
    week, day = Span(7, "day"), Span(2, "day")
    practices = [
        practice("birthday", name="card", channels=POSTED, offset=Span(-2, "working day")),
        practice("birthday", name="wish", when="days_since_last_order > 2", until=day),
        practice("order", name="thanks", when="order_number == 1", until=week),
        practice("order", name="monthly", once_per="month", until=Span(20, "day")),
        practice("order", name="town", once_per="city", until=Span(20, "day")),
        practice(name="call", every=QUARTER),
        practice(name="back", when="orders_count > 0"),
        practice(name="rest", when="orders_count > 0", once_per="year"),
    ]
    together, ids = proposals(practices, basis, day=DAY), basis.facts["id"]
    for tested in practices:
        alone = proposals([tested], basis, day=DAY)
        rows = together.rows.filter(pl.col("practice") == tested.name)
        columns = [name for name in rows.columns if name not in ("practice", "event")]
        assert rows.height or tested.name == "call"
        assert rows.select(columns).rows() == alone.rows.select(columns).rows()
        arrival = pl.repeat(DAY, rows.height, eager=True)
        mine = alone.events(alone.rows, ids, arrival=arrival)[tested.name]
        assert together.events(rows, ids, arrival=arrival)[tested.name].equals(mine)


def test_customers_are_spread_by_the_checksum_of_practice_and_id() -> None:
    """It is derived from the checksum of the id alone; the length of an id counts in bytes."""
    ids = ["", "a", "PB-1001", "ü-7", "x" * 300, "日本"]
    frame = checksums(pl.Series(ids))
    tested, config = practice(name="win-back"), settings()
    days = frame.select(since_start(frame, tested, config)).to_series().to_list()
    spread = [zlib.crc32(f"win-back{key}".encode()) % 90 for key in ids]
    assert config.start
    assert days == [config.start + dt.timedelta(n) for n in spread]


def test_practices_without_events_need_no_calendar() -> None:
    """No practice, or the one of issues alone, proposes nothing."""
    basis = basis_of([{"id": "a"}])
    alone = proposals([practice(name="call", every=QUARTER)], basis, day=DAY)
    assert alone.rows.height <= 1
    assert proposals([practice("issue")], basis, day=DAY).rows.is_empty()
    assert proposals([], basis, day=DAY).rows.is_empty()


def _with_rhythms(**more: Any) -> EventBasis:
    """Return customers last spoken to on 1 September, all but one with a rhythm of their own."""
    rows = [
        {"id": "a", "every": "4 weeks"},
        {"id": "b", "every": "6 months"},
        {"id": "c", "every": "at most 4 weeks"},
        {"id": "d", "every": "at most 6 months"},
        {"id": "e"},
    ]
    talks = [{"customer": row["id"], "date": D(2026, 9, 1), "channel": "call"} for row in rows]
    return basis_of(rows, conversations=[*talks, *more.get("conversations", ())])


def _due(tested: Practice, basis: EventBasis) -> dict[str, tuple[D, str]]:
    """Return the day of arrival and the rhythm told for each customer due within a year."""
    day = D(2027, 9, 1)
    rows = _proposed(tested, basis, day)
    told = rows["because"].str.split(", ").list.slice(1).list.join(", ")
    return {
        customer: (arrives, words)
        for customer, arrives, words in zip(rows["customer"], rows["arrives"], told, strict=True)
    }


def test_the_follow_up_follows_a_customer_s_own_rhythm() -> None:
    """It is faster or slower as they wish; with `at most` it is only ever slower."""
    due = _due(_follow_up(own_rhythm="follow"), _with_rhythms())
    usual = "every quarter"
    assert due == {
        "a": (D(2026, 9, 29), "every 4 weeks, as they wish"),
        "b": (D(2027, 3, 1), "every 6 months, as they wish"),
        "c": (D(2026, 12, 1), usual),
        "d": (D(2027, 3, 1), "every 6 months, as they wish"),
        "e": (D(2026, 12, 1), usual),
    }


def test_other_rhythms_are_limited_by_a_customer_s_own() -> None:
    """Never more often, and never sooner than that after the last contact; or not at all."""
    basis = _with_rhythms()
    limited = {key: day for key, (day, _) in _due(_follow_up(), basis).items()}
    later, usual = D(2027, 3, 1), D(2026, 12, 1)
    assert limited == {"a": usual, "b": later, "c": usual, "d": later, "e": usual}
    ignored = _due(_follow_up(own_rhythm="ignore"), basis)
    assert {day for day, _ in ignored.values()} == {usual}
    history = [{"customer": c, "date": D(2026, 5, 20), "practice": "follow-up"} for c in "abcde"]
    talks = [{"customer": c, "date": D(2026, 9, 1)} for c in "abcde"]
    spoken = basis_of(
        [{"id": "a", "every": "4 weeks"}, {"id": "e"}], history=history, conversations=talks
    )
    counted = _due(_follow_up(counted_from="practice"), spoken)
    assert counted["a"][0] == D(2026, 9, 29)  # not on 20 August, before that talk
    assert counted["e"][0] == D(2026, 8, 20)


def test_the_rhythm_noted_last_counts() -> None:
    """It wins over the file; `usual` ends it."""
    noted = [
        {"customer": "a", "date": D(2026, 9, 1), "every": "6 months"},
        {"customer": "a", "date": D(2026, 8, 1), "every": "2 weeks"},
        {"customer": "b", "date": D(2026, 9, 1), "every": "usual"},
        {"customer": "e", "date": D(2026, 9, 1), "every": "4 weeks"},
    ]
    due = _due(_follow_up(own_rhythm="follow"), _with_rhythms(conversations=noted))
    days = {key: day for key, (day, _) in due.items() if key in "abe"}
    assert days == {"a": D(2027, 3, 1), "b": D(2026, 12, 1), "e": D(2026, 9, 29)}
