"""Finds all faults of a text of content at once, each with its place and its cure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from newsletter.errors import Place, Problem
from newsletter.model.source import Source
from newsletter.render.binding_errors import (
    KnownFields,
    no_such_field,
    no_such_filter,
    no_such_part,
    unknown_name,
)
from newsletter.render.broken_tags import (
    TAGS,
    broken_tags,
    names_set,
    whole_expressions,
    write_tag,
)
from newsletter.render.jinja_nodes import every_node
from newsletter.rules.limits import TooManyTagsError

_OF_JINJA = ("customer", "loop", "caller", "varargs", "kwargs", "self", "super")
"""Names that texts need not set."""
_NEVER_MEANT = {"caller", "varargs", "kwargs", "self", "super", "lipsum", "cycler", "joiner"}
"""Names of Jinja that no misspelling in a text means."""


def faults(
    source: Source,
    environment: Environment,
    names: Mapping[str, object],
    fields: KnownFields,
    *,
    raised: Sequence[Problem] = (),
) -> list[Problem]:
    """
    Return the faults of a text of content that can be found without running it.

    *names* may be used besides `customer`, whose *fields* are known. Problems *raised* by running
    it follow, unless they were found, too.
    """
    set_by_jinja = {*_OF_JINJA, *environment.globals}
    try:
        tree = Parser(environment, source.text).parse()
    except (RecursionError, TooManyTagsError):
        problems = []
    except TemplateSyntaxError:
        search = _Search(environment, names, fields, set_by_jinja | names_set(source))
        problems = list(broken_tags(source, environment))
        for expression, tree in whole_expressions(source, environment):
            problems += search.unknown(tree, expression)
    else:
        search = _Search(environment, names, fields, set_by_jinja | {*_named_in(tree)})
        problems = list(search.unknown(tree, source))
    return [*problems, *(p for p in raised if not any(_covers(found, p) for found in problems))]


@dataclass(frozen=True)
class _Search:
    """Looks for what does not exist."""

    environment: Environment
    names: Mapping[str, object]
    fields: KnownFields
    set_here: Collection[str]
    """Names that the text itself or Jinja sets."""

    def unknown(self, tree: nodes.Template, source: Source) -> Iterator[Problem]:
        """Yield a problem for each filter, test, name and field that does not exist."""
        covered: set[int] = set()
        for node in every_node(tree):  # a node comes before its parts
            if id(node) in covered:
                continue
            at = source.place(node.lineno or 1)
            if isinstance(node, nodes.Getattr | nodes.Sub):
                problem, parts = self._of_part(node, at)
                covered.update(map(id, parts))
            else:
                problem = self._of_name(node, at)
            if problem:
                yield problem

    def _of_name(self, node: nodes.Node, at: Place) -> Problem | None:
        """Return the problem of a filter, test or name."""
        filters, tests = self.environment.filters, self.environment.tests
        match node:
            case nodes.Filter(name=name) if name not in filters:
                return no_such_filter("filter", name, filters, at)
            case nodes.Test(name=name) if name not in tests:
                return no_such_filter("test", name, tests, at)
            case nodes.Name(name=name) if self._is_unknown(name):
                names = {*self.names, *self.set_here, "customer"} - _NEVER_MEANT
                problem = unknown_name(name, names, self.fields, at)
                return replace(problem, hint=write_tag(name)) if name in TAGS else problem
        return None

    def _of_part(self, node: nodes.Node, at: Place) -> tuple[Problem | None, list[nodes.Node]]:
        """Return the problem of `whole.part`, and the nodes that it covers."""
        fields = self.fields
        match node:
            case nodes.Sub(left=nodes.Getattr(node=nodes.Name(name="customer"), attr=attr)):
                name = _first_name(node.right)  # customer.first-name
                if written := fields.written(f"{attr}_{name}"):
                    message = f"customers have no field '{attr}-{name}'"
                    return Problem(message, at, hint=f"write {written}"), every_node(node)
            case nodes.Getattr(node=nodes.Name(name="customer"), attr=attr):
                if not fields.holds(attr):
                    return no_such_field(attr, fields, at), []
            case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if self._is_unknown(name):
                if written := fields.written(attr):
                    problem = Problem(f"'{name}' is not known here", at, hint=f"write {written}")
                    return problem, every_node(node)
            case nodes.Getattr(node=nodes.Name(name=name), attr=attr):
                if name not in self.set_here:
                    return no_such_part(self.names[name], attr, at), []
        return None, []

    def _is_unknown(self, name: str) -> bool:
        return name not in self.names and name not in self.set_here


def _covers(found: Problem, raised: Problem) -> bool:
    """Return whether two problems are about the same name in the same line."""
    name = _QUOTED.search(raised.message)
    same_line = found.at and raised.at and found.at.line == raised.at.line
    return bool(same_line and (name[1] if name else raised.message) in found.message)


_QUOTED = re.compile("'([^']+)'")


def _first_name(node: nodes.Node) -> str:
    """Return the name with which `name | upper` begins; nothing if it is no name."""
    while isinstance(node, nodes.Filter) and node.node is not None:
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _named_in(tree: nodes.Template) -> Iterator[str]:
    """Yield the names that a template itself sets."""
    for node in every_node(tree):
        if isinstance(node, nodes.Macro) or (isinstance(node, nodes.Name) and node.ctx != "load"):
            yield node.name
