"""Problems for the mistakes that Jinja or Python find in a template."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from jinja2 import Environment, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.read.people.header_names import CUSTOMER_HEADERS, key
from newsletter.render.fragments import TEXT
from newsletter.render.late import RefusedError
from newsletter.rules.limits import TooMuchError

TEMPLATE_ERRORS = (
    TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, LookupError,
    AttributeError, RecursionError,
)  # fmt: skip
"""Errors that mistakes in a template raise."""


AS_THEY_ARE = "to print braces as they are, put them in a code span or set `template: false`"
TOO_DEEP = "an expression is nested too deeply"
FEWER_STEPS = "write it in fewer steps"

_LONG = 150
"""Words and signs of an expression; shorter ones are never too deep."""
_OPENING = ("if", "for", "macro", "call", "filter", "with", "block")


def syntax_problem(error: TemplateSyntaxError, at: Place, environment: Environment) -> Problem:
    """Return the problem of a text that is not a valid template."""
    message = (error.message or "this is not a valid template").rstrip(".")
    message = message[0].lower() + message[1:]
    unknown = re.search(r"[Nn]o (filter|test) named '(\w+)'", message)
    if unknown:
        names = environment.filters if unknown[1] == "filter" else environment.tests
        return no_such_filter(unknown[1], unknown[2], names, at)
    unclosed = re.search(r"end of template.*needs to be closed is '(\w+)'", message)
    if unclosed:
        message, hint = f"'{{% {unclosed[1]} %}}' is not closed", f"write {{% end{unclosed[1]} %}}"
        return Problem(message=message, at=at, hint=hint)
    ending = re.search(r"unknown tag '(\w+)'(?:.*closed is '(\w+)')?", message)
    if ending:
        inner = f"end '{{% {ending[2]} %}}' before it: {{% end{ending[2]} %}}" if ending[2] else ""
        hint = inner or "take it out, or write what it ends before it: {% if … %}"
        return Problem(f"'{{% {ending[1]} %}}' ends nothing here", at, hint=hint)
    if "end of comment" in message:
        return Problem("a comment is not closed", at, hint=f"end it with '#}}'; {AS_THEY_ARE}")
    if "end of raw" in message:
        return Problem("'{% raw %}' is not closed", at, hint="write {% endraw %}")
    return Problem(message=message, at=at, hint=AS_THEY_ARE)


def no_such_filter(kind: str, name: str, names: Iterable[str], at: Place) -> Problem:
    """Return the problem of an unknown filter or test."""
    hint = did_you_mean(name, names) or f"docs/templates.md lists the {kind}s"
    return Problem(f"no {kind} named '{name}'", at, hint=hint)


UNKNOWN = object()
"""Stands for a value whose parts are not known."""


@dataclass(frozen=True)
class KnownFields:
    """The fields of customers, and the headers of the user's file with their fields."""

    types: Mapping[str, pl.DataType]
    headers: Mapping[str, str]

    def holds(self, name: str) -> bool:
        """Return whether customers have a field *name*."""
        return name in self.types

    def written(self, name: str) -> str:
        """Return `customer.first_name` for `first_name` or a header `Vorname`; else nothing."""
        field = name if name in self.types else self._read_as.get(key(name), "")
        return f"customer.{field}" if field in self.types else ""

    def instead_of(self, name: str) -> str:
        """Return what to write instead of `customer.` and a name that is no field."""
        if written := self.written(name):
            return f"write {written}, as that column is read"
        headers = {word: field for word, field in self._read_as.items() if field in self.types}
        for cutoff, names in ((0.8, [*self.types, *headers]), (0.6, [*self.types])):
            if near := difflib.get_close_matches(name.lower(), names, n=1, cutoff=cutoff):
                return f"did you mean '{headers.get(near[0], near[0])}'?"
        return "the fields are the columns of your customer file and the facts in docs/rules.md"

    @cached_property
    def _read_as(self) -> Mapping[str, str]:
        """The fields of known headers, and of those of the file, in the form of `key`."""
        usual = {word: field for word, (field, _) in CUSTOMER_HEADERS.items()}
        return usual | {key(header): field for header, field in self.headers.items()}


def author_problem(
    error: Exception, at: Place, context: Mapping[str, object], fields: KnownFields
) -> Problem:
    """Return the problem of a template that fails when it runs."""
    if isinstance(error, RecursionError):
        message = "a macro or template calls itself without end"
        hint = "a condition on customer does not end it, because both branches are bound"
        return Problem(message=message, at=at, hint=hint)
    if isinstance(error, TooMuchError):
        return Problem(str(error), at, hint=error.hint)
    message = str(error) or type(error).__name__
    name = re.match(r"'(\w+)' is undefined", message)
    if name:
        return unknown_name(name[1], {*context, "customer"}, fields, at)
    part = re.fullmatch(r"'(.*) object' has no attribute '(\w+)'", message)
    if part:
        wholes = [value for value in context.values() if isinstance(value, Mapping)]
        parts = {key for whole in wholes for key in whole} if "dict" in part[1] else ()
        hint = did_you_mean(part[2], parts) or f"leave out '.{part[2]}'"
        return Problem(f"there is no '{part[2]}'", at, hint=hint)
    return Problem(message=message[0].lower() + message[1:], at=at)


def unknown_name(name: str, names: Iterable[str], fields: KnownFields, at: Place) -> Problem:
    """Return the problem of a name that texts may not use."""
    written = fields.written(name)
    hint = f"write {written}" if written else did_you_mean(name, names)
    hint = hint or (
        f'if you mean the text, write "{name}"; '
        "the fields of a customer begin with customer: customer.first_name"
    )
    return Problem(f"'{name}' is not known here", at, hint=hint)


def no_such_part(whole: object, name: str, at: Place) -> Problem | None:
    """Return the problem of a part that a value does not have, if that is certain."""
    parts = [*(whole if isinstance(whole, Mapping) else ()), *dir(whole)]
    if whole is UNKNOWN or name in parts:
        return None
    plain = [part for part in parts if not part.startswith("_")]
    hint = did_you_mean(name, plain) or "docs/themes.md lists what there is"
    return Problem(f"there is no '{name}'", at, hint=hint)


def no_such_field(name: str, fields: KnownFields, at: Place) -> Problem:
    """Return the problem of a field that customers do not have."""
    return Problem(f"customers have no field '{name}'", at, hint=fields.instead_of(name))


def refuse_other_templates(all_nodes: Iterable[nodes.Node]) -> None:
    """Refuse tags that would make a text of content depend on another template."""
    tags = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
    for node in (node for node in all_nodes if isinstance(node, tags)):
        message = "texts of content include, import and extend no other templates"
        hint = "write the words here; what layouts share belongs in the theme"
        raise RefusedError(message, hint=hint, at=Place(path=TEXT, line=node.lineno))


@contextmanager
def refusing_depth(source: str, name: str, environment: Environment) -> Iterator[None]:
    """Refuse a template that is too deep for Jinja to parse or to compile."""
    try:
        yield
    except RecursionError as error:
        raise _nested_too_deeply(source, name, environment) from error


def _nested_too_deeply(source: str, name: str, environment: Environment) -> RefusedError:
    tags, depth, depths = list[list[tuple[int, str]]](), 0, list[int]()
    for line, kind, word in environment.lex(source):
        if kind in ("variable_begin", "block_begin"):
            tags.append([])
        if tags and kind not in ("whitespace", "data"):
            tags[-1].append((line, word))
    longest = max(tags, key=len)
    if len(longest) > _LONG:
        at = Place(path=name, line=longest[0][0])
        return RefusedError(TOO_DEEP, hint=FEWER_STEPS, at=at)
    for tag in tags:
        word = tag[1][1]
        depth += (word in _OPENING) - word.startswith("end")
        depths.append(depth)
    at = Place(path=name, line=tags[depths.index(max(depths))][0][0])
    message = "conditions and loops are nested too deeply"
    return RefusedError(message, hint="write {% elif %}, or join conditions with `and`", at=at)


def too_deep(error: SyntaxError, *, code: str, template: str) -> RefusedError:
    """Return the refusal of a template whose compiled *code* is too deep for Python."""
    # Jinja's code ends with pairs of lines: in the template, and in the code.
    pairs = re.findall(r"(\d+)=(\d+)", code[code.rindex("debug_info = ") :])
    failing = error.lineno or 0
    line = max((int(line) for line, code_line in pairs if int(code_line) <= failing), default=1)
    at = Place(path=template, line=line)
    return RefusedError(TOO_DEEP, hint=FEWER_STEPS, at=at)
