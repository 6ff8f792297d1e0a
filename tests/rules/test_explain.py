"""Explanations of rules: the parts that decided, with the values they read."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from rules.test_rules_oracle import ROWS, SCHEMA, _questions
from support import examples

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.rules.explain import explain_rule
from newsletter.rules.to_polars import compile_rule

ROW = pl.DataFrame(
    {
        "city": ["Berlin"],
        "points": [3],
        "spent": [12.5],
        "phone": pl.Series([None], dtype=pl.String()),
        "since": [dt.date(2024, 2, 29)],
        "interests": [["tea", "ink"]],
        "closed": [False],
        "regular": [True],
        "loyal": [True],
        "book_club": [True],
    }
)


def rule(text: str) -> Source:
    """Return a rule of segments.yml."""
    return Source(text, Place(path="content/segments.yml"))


SEGMENTS = {
    "regular": rule("loyal and points > 2"),
    "loyal": rule('since < "2025-01-01"'),
    "book_club": rule("points > 100"),
}


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("points > 365", "points > 365 is false: points is 3"),
        ("points > 1 and spent > 50 and closed", "spent > 50 is false: spent is 12.5"),
        ('closed or city == "Berlin" or points > 1', 'city == "Berlin" is true: city is "Berlin"'),
        ("points > 1 and not closed", "points > 1 is true: points is 3; closed is false"),
        ("closed or points > 9", "closed is false; points > 9 is false: points is 3"),
        ("not (points > 1 or closed)", "points > 1 is true: points is 3"),
        ("not (closed and points > 1)", "closed is false"),
        ("(closed or points > 9) and spent > 1 or closed and points > 1",
         "closed is false; points > 9 is false: points is 3; closed is false"),
        ("phone is missing", "phone is missing"),
        ("phone is not missing", "phone is not missing is false: phone is missing"),
        ("phone", "phone is false: phone is missing"),
        ('"tea" not in interests', '"tea" not in interests is false: interests is ["tea", "ink"]'),
        ('city in ("Ulm", "and", "(")',
         'city in ("Ulm", "and", "(") is false: city is "Berlin"'),
        ("since <\n  '2020-01-01'", "since < '2020-01-01' is false: since is 2024-02-29"),
        ("2 <= points < spent", "2 <= points < spent is true: points is 3, spent is 12.5"),
        ("points + points > 9", "points + points > 9 is false: points is 3"),
        ("1 > 2", "1 > 2 is false"),
        ("regular", "regular is true"),
    ],
)  # fmt: skip
def test_only_the_deciding_parts_are_named(text: str, explanation: str) -> None:
    """Each with its answer and the values it read."""
    assert str(explain_rule(rule(text), ROW)) == explanation


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("regular and closed", "closed is false"),
        (
            "regular",
            'regular is true (loyal is true (since < "2025-01-01" is true: '
            "since is 2024-02-29); points > 2 is true: points is 3)",
        ),
        ("book_club", "book_club is true: set by hand in the customer file"),
    ],
)
def test_a_segment_is_explained_by_its_rule(text: str, explanation: str) -> None:
    """Unless a column of the customer file decides."""
    assert str(explain_rule(rule(text), ROW, segments=SEGMENTS)) == explanation


def test_a_wrong_rule_is_refused() -> None:
    """With its place, as anywhere else."""
    with pytest.raises(
        NewsletterError, match=r"content/segments[.]yml:1:12: unknown name .clozed"
    ):
        explain_rule(
            Source("points and clozed", Place(path="content/segments.yml", line=1, column=1)), ROW
        )


@examples(300)
@given(_questions(), ROWS)
def test_explaining_agrees_with_the_rule(text: str, rows: list[dict[str, object]]) -> None:
    """The answer is that of the compiled rule, and some part is always named."""
    frame = pl.DataFrame(rows, schema=SCHEMA)
    answers = frame.select(compile_rule(rule(text), SCHEMA).alias("answer"))["answer"].to_list()
    explained = [explain_rule(rule(text), frame[n]) for n in range(frame.height)]
    assert [each.holds for each in explained] == answers, text
    assert all(each.parts for each in explained)
