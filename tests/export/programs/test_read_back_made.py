"""Exports of made templates and customers, read by real engines, give our own messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

import polars as pl
import pytest
from export_reading import ours, theirs, written
from hypothesis import given, settings
from hypothesis import strategies as st
from support import EXAMPLE_DAY, ROOT
from trees import slot, value

from newsletter.errors import NewsletterError
from newsletter.export.programs import PROGRAMS
from newsletter.export.programs.exported import Exported
from newsletter.export.programs.exports import exported_mailings
from newsletter.model.template import Condition, Output, Part, Position, Repeat, Slot, Tree
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

pytestmark = pytest.mark.slow  # runs Node and Go

ODD = (
    "{{ x }}", "{%", "{#", "{{{", "}}", "\\", "`", "*|X|*", "@TrackLink", "<%", "<!-- c -->",
    "a < b", "{", "&amp;", "$1", "{{/if}}", "{{else}}", '"', "'", "\n", "  ", "|", "[x]",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=("C", "Z"), exclude_characters="\u2060")
TEXTS = st.lists(st.sampled_from(ODD) | st.text(LETTERS, max_size=5), max_size=4).map("".join)
WORDS = st.lists(
    st.sampled_from([odd for odd in ODD if "\n" not in odd]) | st.text(LETTERS, max_size=5),
    max_size=4,
).map("".join)
TESTS = st.sampled_from(
    ["customer.flag", "customer.years > 2", "customer.first_name", "'a' in customer.interests"]
).map(slot)


def _values(position: Position) -> st.SearchStrategy[Tree]:
    fallback = WORDS.map(lambda words: value(f"customer.city or {words!r}", position))
    fields = st.sampled_from(["customer.first_name", "customer.years", "customer.email"])
    loop = Repeat(slot("customer.interests", "each"), (value("each", position), "; "))
    values = [fields.map(lambda field: value(field, position)), fallback, st.just(loop)]
    if position != "header":
        url: Position = "url" if position == "text" else "plain"
        values.append(st.just(value("customer.unsubscribe_url", url)))
    return st.one_of(values).map(lambda part: (part,))


def trees(position: Position) -> st.SearchStrategy[Tree]:
    """Return trees of static text, values, loops, and conditions three deep."""
    leaves = TEXTS.filter(bool).map(lambda text: (text,)) | _values(position)

    def around(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        several = st.lists(inner, max_size=3).map(lambda parts: sum(parts, ()))
        branches = st.lists(st.tuples(TESTS, several), min_size=1, max_size=3).map(tuple)
        condition = st.builds(Condition, branches, several).map(lambda part: (part,))
        return st.lists(condition | leaves, max_size=3).map(lambda parts: sum(parts, ()))

    return around(around(around(leaves)))


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "first_name": WORDS,
            "last_name": WORDS,
            "city": WORDS,
            "years": st.integers(0, 5),
            "flag": st.booleans(),
            "interests": st.lists(st.sampled_from("ab<") | WORDS, max_size=2),
        }
    ),
    min_size=1,
    max_size=4,
)


@cache
def _example() -> Exported:
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue="2026-11")
    return next(exported_mailings(project, plan, PROGRAMS["klaviyo"], issue="2026-11"))


def _made(name: str, parts: dict[str, Tree], people: pl.DataFrame) -> Exported:
    example, program = _example(), replace(PROGRAMS[name], required=frozenset())
    template = replace(example.mailing.template, **parts)
    mailing = replace(example.mailing, template=template, people=people)
    return replace(example, program=program, mailing=mailing, people=people, nobody={})


def _people(rows: list[dict[str, object]]) -> pl.DataFrame:
    numbered = [
        {
            "id": str(n),
            "email": f"{n}@example.com",
            "unsubscribe_url": f"https://letters.example.com/leave/{n}?a=1&b=2",
            **row,
        }
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(numbered, schema_overrides={"interests": pl.List(pl.String())})


SUBJECTS = st.lists(
    WORDS.filter(bool).map(lambda text: (text,)) | _values("header"), max_size=3
).map(lambda parts: sum(parts, ()))
PARTS = st.fixed_dictionaries(
    {
        "subject": SUBJECTS,
        "preheader": trees("header"),
        "text": trees("plain"),
        "html": trees("text"),
    }
)


@pytest.mark.parametrize("name", PROGRAMS)
@settings(deadline=None, max_examples=25)
@given(parts=PARTS, rows=PEOPLE)
def test_whatever_is_written_arrives(
    name: str, parts: dict[str, Tree], rows: list[dict[str, object]]
) -> None:
    """Names with quotes, braces and signs; nested conditions; loops; words for empty cells."""
    if PROGRAMS[name].dialect.conditions is None:
        parts = {part: _without_conditions(tree, name) for part, tree in parts.items()}
    exported = _made(name, parts, _people(rows))
    assert theirs(exported, written(exported)) == ours(exported)


def _without_conditions(tree: Tree, name: str, *, inside: bool = False) -> Tree:
    """
    Return a tree for a program that has columns of finished words.

    They hold no link of the program, and no line break if that would be refused.
    """
    program = PROGRAMS[name]

    def parts() -> Iterator[Part]:
        for part in tree:
            match part:
                case str():
                    yield part.replace("\n", " ") if program.one_line_cells else part
                case Condition(branches, otherwise):
                    inner = partial(_without_conditions, name=name, inside=True)
                    yield Condition(
                        tuple((test, inner(then)) for test, then in branches), inner(otherwise)
                    )
                case Output(slot=Slot(expression="customer.unsubscribe_url")) if inside:
                    yield "no link"
                case _:
                    yield part

    return tuple(parts())


QUOTES = "a 'b' \"c\""
FLAG = slot("customer.flag")
HARD: dict[str, Tree] = {
    "tags alone in a line": (
        "a\n",
        Condition(((FLAG, ("\n", "b\n")),), ("\n", "c\n")),
        "\nd\n",
        Condition(((FLAG, (Condition(((FLAG, ("e",)),)),)),)),
        "\n",
    ),
    "a backslash before a value": ("\\", value("customer.first_name"), "\\\\"),
    "braces around a value": ("{", value("customer.first_name"), "}", "{{ x }}{% x %}"),
    "lines in the words for nobody": (value("customer.city or 'two\nlines'"),),
    "quotes in the words for nobody": (value(f"customer.city or {QUOTES!r}"),),
    "a tag in the words for nobody": (value("customer.city or 'https://a.example@TrackLink'"),),
    "signs of code": ("<!-- a `b` ``c`` -->", value("customer.first_name"), "<%`"),
}


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("name", PROGRAMS)
def test_hard_places(name: str, case: str) -> None:
    """What chance seldom writes."""
    parts = {"subject": (), "preheader": (), "text": HARD[case], "html": HARD[case]}
    rows = [
        {
            "first_name": "A",
            "last_name": "",
            "city": "C",
            "years": 1,
            "flag": flag,
            "interests": [],
        }
        for flag in (True, False)
    ]
    exported = _made(name, parts, _people(rows))
    if exported.program.one_line_cells and "tags alone" in case:
        with pytest.raises(NewsletterError, match="has several lines"):
            written(exported)
        return
    assert theirs(exported, written(exported)) == ours(exported)
