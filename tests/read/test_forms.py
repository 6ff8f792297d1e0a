"""YAML is fitted into models as people mean it."""

from __future__ import annotations

import pytest

from newsletter.errors import Problem
from newsletter.model.strict import Strict
from newsletter.read.forms import validate
from newsletter.read.yaml import parse_yaml


class Part(Strict):
    """A section."""

    sells: bool = False


class Keys(Strict):
    """Yes and no at several levels."""

    public: bool | None = None
    parts: tuple[Part, ...] = ()
    statuses: dict[str, bool] = {}  # noqa: RUF012  # pydantic copies defaults


def read(text: str) -> tuple[Keys | None, list[str]]:
    """Return the keys, and each problem as `line:column message`."""
    problems: list[Problem] = []
    document = parse_yaml(text, path="x.md", problems=problems)
    assert document
    keys = validate(Keys, document, problems=problems)
    return keys, [f"{p.at.line}:{p.at.column} {p.message}" for p in problems if p.at]


@pytest.mark.parametrize(
    ("written", "answer"),
    [("yes", True), ("ja", True), ("Oui", True), ("sí", True), ("NEIN", False), ("non", False)],
)
def test_yes_and_no_in_many_languages(written: str, answer: bool) -> None:
    """At each level of a file."""
    text = f"public: {written}\nparts: [{{sells: {written}}}]\nstatuses: {{paid: {written}}}\n"
    keys = Keys(public=answer, parts=(Part(sells=answer),), statuses={"paid": answer})
    assert read(text) == (keys, [])


def test_other_words_are_neither() -> None:
    """Beside such words in other keys, and other faults."""
    text = "public: vielleicht\nparts: [{sells: ja}]\nother: x\n"
    faults = ["3:1 unknown key 'other'", "1:9 'vielleicht' is neither yes nor no"]
    assert read(text) == (None, faults)
