"""Columns written at once equal the values written for each customer alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import slot, value

from newsletter.merge import rows
from newsletter.merge.compile import compile_message, compile_texts
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.rows import Slice, joined, values, written_for
from newsletter.model.template import Condition, Repeat, Tree

RECORD = pl.Struct(
    {"title": pl.String(), "price": pl.Int64(), "parts": pl.List(pl.Struct({"name": pl.String()}))}
)
SCHEMA = {
    "city": pl.String(),
    "points": pl.Int64(),
    "small": pl.Int8(),
    "rate": pl.Float64(),
    "vip": pl.Boolean(),
    "since": pl.Date(),
    "wait": pl.Duration(),
    "tags": pl.List(pl.String()),
    "sizes": pl.List(RECORD),
}


def each(name: str, field: str, *body: Any, records: bool = True) -> Repeat:
    """Return a repeat over the items of a list."""
    return Repeat(slot(field, name, records=records), body)


def only_if(field: str, *then: Any) -> Condition:
    """Return text for customers for whom a field is true, and a dash for others."""
    return Condition(((slot(field), then),), ("-",))


TREE: Tree = (
    *(only_if(f"customer.{field}", f"{field} ") for field in SCHEMA),
    only_if("(customer.vip and not customer.points)", "a", value("customer.small")),
    only_if("(customer.points == customer.small)", "b", value("customer.points")),
    only_if("customer.city", value("customer.city", "url_part"), value("customer.city", "text")),
    value("(customer.points | default(0))"),
    value("(customer.since | default('never'))"),
    each("s_1", "customer.sizes", value("s_1.title", "text"), only_if("s_1.price", "€"), " "),
    only_if("customer.vip", each("s_2", "customer.sizes", value("s_2.price"))),
    each("s_3", "customer.sizes", value("loop3.index"), value("s_3.title")),
    each("s_4", "customer.sizes", value("(s_4.title ~ customer.city)"), each("p_5", "s_4.parts")),
    each("s_6", "customer.sizes", each("p_7", "s_6.parts", value("p_7.name"), ","), ";"),
    each("t_8", "customer.tags", value("t_8"), records=False),
)
ALL = compile_message(TREE, TREE, MergeEnvironment({}), between=(b"<", b"|", b">"))
ALONE = [
    compile_texts([(part,)], MergeEnvironment({}))[0] for part in TREE if not isinstance(part, str)
]

_texts = st.sampled_from(["", "Berlin", "Köln & <Umland>", "From here", "x" * 80, "Bonn"])
_records = st.fixed_dictionaries(
    {
        "title": st.none() | _texts,
        "price": st.none() | st.integers(0, 2),
        "parts": st.none() | st.lists(st.fixed_dictionaries({"name": st.none() | _texts})),
    }
)
_people = st.fixed_dictionaries(
    {
        "city": st.none() | _texts,
        "points": st.none() | st.sampled_from([0, 1, -(2**63), 2**63 - 1]),
        "small": st.none() | st.integers(-128, 127),
        "rate": st.none() | st.sampled_from([0.0, 0.5, float("nan")]),
        "vip": st.none() | st.booleans(),
        "since": st.none() | st.dates(),
        "wait": st.none() | st.sampled_from([dt.timedelta(), dt.timedelta(microseconds=1)]),
        "tags": st.none() | st.lists(_texts, max_size=2),
        "sizes": st.none() | st.lists(_records, max_size=2),
    }
)


@given(st.sampled_from([1, 10_000]), st.lists(_people, min_size=1, max_size=4))
def test_columns_equal_values_written_one_by_one(alike: int, people: list[dict[str, Any]]) -> None:
    """Also if equal customers are written once; a failure stays with its customer."""
    frame = pl.DataFrame(people, schema=SCHEMA)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "FEWEST_ROWS", 1)
        patch.setattr(rows, "MOST_REMEMBERED", 0)
        patch.setattr(rows, "FEWEST_ALIKE", alike)
        for compiled in (ALL, *ALONE):
            results = joined(compiled, Slice(frame))
            alone = (written_for(compiled, _field(frame[n])) for n in range(len(people)))

            assert list(map(_shown, results)) == list(map(_shown, alone))


def _field(person: pl.DataFrame) -> Callable[[str], Any]:
    return lambda name: values(person[name])[0]


def _shown(result: Any) -> Any:
    return (type(result), str(result)) if isinstance(result, Exception) else result


def test_equal_customers_are_grouped_by_every_field_read() -> None:
    """A hundred customers from two cities, of whom some are known, make three groups."""
    frame = pl.DataFrame(
        {"city": ["Berlin", "Bonn"] * 50, "vip": [True, None, None, None] * 25, "no": [None] * 100}
    )

    alike = Slice(frame).alike((("city", "value"), ("vip", "truth"), ("no", "truth")))

    assert alike
    assert alike.firsts.height == len(set(alike.kinds)) == 3
    assert len(alike.kind_of) == 100


def test_customers_are_not_grouped_if_few_or_all_different() -> None:
    """Neither with addresses of their own, nor if there are only a handful."""
    different = pl.DataFrame({"email": [f"c{n}@a.example" for n in range(200)]})
    few = pl.DataFrame({"email": ["c@a.example"] * 3})

    assert Slice(different).alike((("email", "value"),)) is None
    assert Slice(few).alike((("email", "value"),)) is None
