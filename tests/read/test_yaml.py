"""YAML is read as people mean it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Place, Problem
from newsletter.read.yaml import parse_yaml


def parse(text: str) -> tuple[object, list[str]]:
    """Return the data, and each problem as `line:column message`."""
    problems: list[Problem] = []
    document = parse_yaml(text, path="f.yml", problems=problems)
    reported = [f"{p.at.line}:{p.at.column} {p.message}" for p in problems if p.at]
    return document and document.data, reported


@pytest.mark.parametrize(
    "written",
    ["NO", "01234", "12:30", "0x1F", "1.10", "2026-02-30", "~", "null", "yes", "+49301234", "1e5"],
)
def test_every_value_stays_text(written: str) -> None:
    """What looks like a number, a date or a yes/no is read as the text that was written."""
    assert parse(f"a: {written}\nb: [{written}]\n") == ({"a": written, "b": [written]}, [])


def test_a_key_without_a_value_is_absent() -> None:
    """An empty text in quotes is an empty text."""
    assert parse('a:\nb: ""\n') == ({"b": ""}, [])


def test_a_file_of_comments_is_empty() -> None:
    """It is an empty mapping."""
    assert parse("# nothing yet\n") == ({}, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a:\n- b\n - c\n", "3:2 '-' begins no item of a list here"),
        ("a:\n  -b\n  -c\n", "2:3 '-' begins no item of a list here"),
        ("a:\n  • b\n  • c\n", "2:3 '•' begins no item of a list here"),
    ],
)
def test_an_item_is_not_joined_to_the_line_above(text: str, problem: str) -> None:
    """YAML would read it as text, and say nothing."""
    assert parse(text)[1] == [problem]


def test_a_dash_within_a_text_is_no_item() -> None:
    """In the middle of a line, in quotes, before a number, or as a dash of text."""
    text = "a: b - c\nd: -5 degrees\ne: f\n  – g\nh: 'i\n  - j'\nk: |\n  - l\n"
    assert parse(text)[1] == []


def test_a_duplicate_key_is_an_error() -> None:
    """At its second line; the first value stays."""
    assert parse("a: 1\nb: 2\na: 3\n") == ({"a": "1", "b": "2"}, ["3:1 'a' is given twice"])


def test_a_duplicate_key_in_a_list_is_an_error() -> None:
    """Of a mapping inside a list."""
    assert parse("t:\n  - x: 1\n    x: 2\n")[1] == ["3:5 'x' is given twice"]


def test_text_after_a_hash_is_not_lost() -> None:
    """Unless a space makes it a comment."""
    assert parse("a: We are #1\nb: x # fine\nc: #ff0000\n")[1] == [
        "1:11 what follows '#' is read as a comment",
        "3:4 what follows '#' is read as a comment",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: *b\n", "1:4 a value begins with '*' here"),
        ("a: &b c\n", "1:4 a value begins with '&' here"),
        ("a: !!python/object x\n", "1:4 a value begins with '!' here"),
        ("a: @b\n", "1:4 a value begins with '@' here"),
        ("a: `b`\n", "1:4 a value begins with '`' here"),
        ("a: %b\n", "1:4 a value begins with '%' here"),
        ("a: {{ b }}\n", "1:4 a value begins with '{{' here"),
        ("a: {{ b }} c\n", "1:4 a value begins with '{{' here"),
        ("a: {% if b %}\n", "1:4 a value begins with '{%' here"),
        ("a: [b] c\nd: e\n", "1:4 a value begins with '[' here"),
        ("a: {b: c} d\n", "1:4 a value begins with '{' here"),
        ("a: - b\nc: d\n", "1:4 a value begins with '-' here"),
        ("a: |\nb\nc: d\n", "1:4 the lines after '|' begin at the edge"),
        ("a:\u00a0b\nc: d\n", "1:3 this is not a plain space"),
        (" a: b\nc: d\n", "1:2 this line begins 1 space too far right"),
        ("a:\n-b\n-c\n", "3:1 '-' begins no item of a list here"),
        ("a:\n  - b\n  * c\n", "3:3 '*' begins no item of a list here"),
        ("a: b: c\n", "1:5 a value contains a colon followed by a space"),
        ("a:\n\t- b\n", "2:1 the line begins with a tab"),
        ("a: 'b\nc: d\n", "1:4 the quote ' is not closed"),
        ("a:\n  b: \"c\n  d: e\nf: 'g'\n", '2:6 the quote " is not closed'),
        ('a: "b "c" d"\n', '1:7 the quote " ends before the value does'),
        ("a: [b, c\nd: e\n", "1:4 '[' is not closed"),
        ("a:\n  b: c\n   d: e\n", "3:4 this line begins 1 space too far right"),
        ("- a: 'b'\n    c: d\n", "2:5 this line begins 2 spaces too far right"),
        ("a: |\n  b: c\n   d: e\nf: g\n h: i\n", "5:2 this line begins 1 space too far right"),
        ("a: 'b\n  c: d\n   e: f'\n\tg: h\n", "4:1 the line begins with a tab"),
        ("a:b\nc: d\n", "1:2 a space is missing after the colon"),
        ("a\nc: d\n", "1:1 a colon is missing"),
        ("a:\n  b: c\n d: e\n", "3:2 this line begins 1 space too far left"),
        ("a:\n  b: c\n d: e\n  f: g\nh: i\n", "3:2 this line begins 1 space too far left"),
        ("x:\n  - a: b\n   c: d\n    e: f\n", "3:4 this line begins 1 space too far left"),
        (" a:\n  b: c\nd: e\n", "1:2 this line begins 1 space too far right"),
        ("- a\n", "1:1 these are not keys and values"),
        ("? [a]\n: b\n", "1:3 a list or mapping cannot be a key"),
        ("a: b\n---\nc: d\n", "2:1 a second document begins here"),
        ("a: " + "[" * 40, "1:16 this is more than 12 levels deep"),
    ],
)
def test_usual_mistakes_are_named(text: str, problem: str) -> None:
    """In plain words, where they happen."""
    assert parse(text) == (None, [problem])


def test_all_lines_that_begin_wrong_are_named_at_once() -> None:
    """The cure names the key under which they belong."""
    problems: list[Problem] = []
    text = "b:\n  name: X\n   email: y\n\tphone: z\nc:\n  name: X\n    email: y\n"
    assert parse_yaml(text, path="a.yml", problems=problems) is None
    assert [(p.at and p.at.line, p.hint) for p in problems] == [
        (3, "begin it under the first letter of 'name' above"),
        (4, "use spaces"),
        (7, "begin it under the first letter of 'name' above"),
    ]


def test_keys_and_values_have_their_places() -> None:
    """A quoted text begins after the quote."""
    text = "a: 'x'\nb:\n  - c\nd: |\n  line\n"
    document = parse_yaml(text, path="f.yml", first_line=10, problems=[])
    assert document
    assert document.key_place(("b",)) == Place(path="f.yml", line=11, column=1, text="b:")
    assert document.value_place(("a",)) == Place(path="f.yml", line=10, column=5, text="a: 'x'")
    assert document.value_place(("b", 0)) == Place(path="f.yml", line=12, column=5, text="  - c")
    assert document.value_place(("d",)) == Place(path="f.yml", line=14, column=3, text="  line")


def test_place_inside_a_value() -> None:
    """A problem found later in a value points into the line of the file."""
    document = parse_yaml("rule: city = 'x'\n", path="f.yml", problems=[])
    assert document
    at = document.source(("rule",), "city = 'x'").place(1, 6)
    assert at == Place(path="f.yml", line=1, column=12, text="rule: city = 'x'")


@given(st.text(alphabet=st.sampled_from("ab:#-[]{}'\"|> \n\t*&!%@`?,"), max_size=40))
def test_any_text_gives_a_mapping_or_a_problem(text: str) -> None:
    """The problem has its place in the file."""
    problems: list[Problem] = []
    document = parse_yaml(text, path="f.yml", problems=problems)
    assert document is not None or problems
    lines = text.split("\n")
    for problem in problems:
        assert problem.at
        assert 1 <= problem.at.line <= len(lines)
        assert problem.at.text in ("", lines[problem.at.line - 1])
