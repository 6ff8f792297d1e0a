"""Oracle 1: binding and merging a template equals rendering it with the customer known."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from jinja2 import FunctionLoader, StrictUndefined
from jinja2.exceptions import TemplateError
from render.random_templates import NAMES, PART, SCHEMA, customers, templates
from support import examples
from trees import read

from newsletter.errors import NewsletterError, Place
from newsletter.merge.escape import BadValue
from newsletter.model.source import Source
from newsletter.model.template import Condition, Output, Tree
from newsletter.render.fragments import Composition
from newsletter.render.tree import text_tree
from newsletter.render.wording import Wording
from newsletter.rules.environment import RuleEnvironment

MOST_REFUSED = 0.35
"""Share of templates that may be refused: more, and the oracle proves too little."""


class MissingError(Exception):
    """A missing value was printed."""


def rendered_by_jinja(source: str, customer: Any, *, html: bool) -> str:
    """Return a template rendered by Jinja for a customer."""
    sources = {"whole": source, "part": PART}
    environment = RuleEnvironment(
        undefined=StrictUndefined,
        autoescape=html,
        loader=FunctionLoader(sources.get),
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template("whole").render(**NAMES, customer=customer)
    except (TemplateError, TypeError, ValueError) as error:
        raise MissingError from error


def bound(source: str, *, html: bool) -> Tree:
    """Return the tree of a template."""
    end = "html" if html else "txt"
    layouts = {
        f"whole.{end}": Source(source.replace("'part'", f"'part.{end}'"), Place(path="t", line=1)),
        f"part.{end}": Source(PART, Place(path="part", line=1)),
    }
    wording = Wording(schema=SCHEMA, names=NAMES, filters={}, layouts=layouts)
    fragment = wording.layout(f"whole.{end}", lambda _: {})
    composition = Composition()
    (text,) = composition.add(fragment, wording.placed())
    return text_tree(text, "text" if html else "plain", composition.slots)


def merged(tree: Tree, customer: Any, *, encoded: bool) -> str:
    """Return a tree for a customer, decoded."""
    try:
        return read(tree, customer, encoded=encoded)
    except (BadValue, TemplateError, TypeError, ValueError) as error:
        raise MissingError from error


def outcome(call: Any, *args: Any, **kwargs: Any) -> str | None:
    """Return a text, or None where a missing value stops it."""
    try:
        return str(call(*args, **kwargs))
    except MissingError:
        return None


def check(source: str, customer: Any, *, html: bool) -> str:
    """Compare both ways; return the outcome."""
    expected = outcome(rendered_by_jinja, source, customer, html=html)
    try:
        template = bound(source, html=html)
    except NewsletterError as error:
        for problem in error.problems:
            assert problem.at and problem.at.path in ("t", "part") and problem.at.line
            assert problem.message
        return "refused"
    plain = outcome(merged, template, customer, encoded=False)
    assert outcome(merged, template, customer, encoded=True) == plain
    if expected is None and plain is not None:
        return "lazy"  # a calculated missing value was set to a name and never printed
    assert plain == expected
    return "missing" if expected is None else "equal"


@pytest.mark.parametrize("html", [True, False])
def test_merging_equals_jinja_with_the_customer_known(html: bool) -> None:
    """Random templates are merged as Jinja renders them, or refused with a reason."""
    outcomes: Counter[str] = Counter()

    @examples(150)
    @given(templates(), customers)
    def compare(source: str, customer: Any) -> None:
        outcomes[check(source, customer, html=html)] += 1

    compare()
    total = outcomes.total()
    if total >= 100:  # the share of a few examples says nothing
        assert outcomes["refused"] < MOST_REFUSED * total, outcomes
        assert outcomes["lazy"] < 0.05 * total, outcomes
        assert outcomes["equal"] > 0.5 * total, outcomes


def swapped_branches(tree: Tree) -> Tree:
    """Return a tree whose first conditions have their branches swapped."""
    return tuple(map(_swapped, tree))


def _swapped(part: Any) -> Any:
    if not isinstance(part, Condition):
        return part
    (slot, then), *later_branches = part.branches
    otherwise = (
        (Condition(tuple(later_branches), part.otherwise),) if later_branches else part.otherwise
    )
    return Condition(((slot, otherwise),), then)


def another_field(tree: Tree) -> Tree:
    """Return a tree with another field in its values."""
    return tuple(map(_with_other_field, tree))


def _with_other_field(part: Any) -> Any:
    if not isinstance(part, Output):
        return part
    expression = part.slot.expression.replace("customer.a", "customer.b")
    return replace(part, slot=replace(part.slot, expression=expression))


@pytest.mark.slow
@pytest.mark.parametrize("fault", [swapped_branches, another_field])
def test_the_oracle_notices_a_wrong_merge(fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Branches swapped on purpose, or one field taken for another, make the oracle fail."""
    real_text_tree = text_tree
    monkeypatch.setattr(
        sys.modules[__name__], "text_tree", lambda *args: fault(real_text_tree(*args))
    )

    @settings(max_examples=150, phases=[Phase.generate])
    @given(templates(), customers)
    def compare(source: str, customer: Any) -> None:
        check(source, customer, html=False)

    with pytest.raises(AssertionError):
        compare()
