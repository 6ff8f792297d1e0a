"""Problems for the mistakes that Jinja or Python find in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl
from jinja2 import Environment, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.read.people.header_names import key
from newsletter.render.late import RefusedError

TEMPLATE_ERRORS = (
    TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, LookupError,
    AttributeError, RecursionError,
)  # fmt: skip
"""Errors that mistakes in a template raise."""


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
        return Problem(message=message, at=at, hint=did_you_mean(unknown[2], names))
    unclosed = re.search(r"end of template.*needs to be closed is '(\w+)'", message)
    if unclosed:
        message, hint = f"'{{% {unclosed[1]} %}}' is not closed", f"write {{% end{unclosed[1]} %}}"
        return Problem(message=message, at=at, hint=hint)
    hint = "to print braces as they are, put them in a code span or set `template: false`"
    return Problem(message=message, at=at, hint=hint)


@dataclass(frozen=True)
class KnownFields:
    """The fields of customers, and the headers of the user's file with their fields."""

    types: Mapping[str, pl.DataType]
    headers: Mapping[str, str]

    def written(self, name: str) -> str:
        """Return `customer.first_name` for `first_name` or a header `Vorname`; else nothing."""
        read_as = {key(header): field for header, field in self.headers.items()}
        field = name if name in self.types else read_as.get(key(name), "")
        return f"customer.{field}" if field in self.types else ""

    def instead_of(self, name: str) -> str:
        """Return what to write instead of `customer.` and a name that is no field."""
        if written := self.written(name):
            return f"write {written}, as that column is read"
        fields = "the fields are the columns of your customer file and the facts in docs/rules.md"
        return did_you_mean(name, self.types) or fields


def author_problem(
    error: Exception, at: Place, context: Mapping[str, object], fields: KnownFields
) -> Problem:
    """Return the problem of a template that fails when it runs."""
    if isinstance(error, RecursionError):
        message = "a macro or template calls itself without end"
        hint = "a condition on customer does not end it, because both branches are bound"
        return Problem(message=message, at=at, hint=hint)
    message = str(error) or type(error).__name__
    name = re.match(r"'(\w+)' is undefined", message)
    if name:
        written = fields.written(name[1])
        hint = f"write {written}" if written else did_you_mean(name[1], {*context, "customer"})
        hint = hint or "the fields of a customer begin with customer: customer.first_name"
        return Problem(message=f"'{name[1]}' is not known here", at=at, hint=hint)
    part = re.fullmatch(r"'.* object' has no attribute '(\w+)'", message)
    if part:
        parts = {key for value in context.values() if isinstance(value, Mapping) for key in value}
        message = f"there is no '{part[1]}'"
        return Problem(message=message, at=at, hint=did_you_mean(part[1], parts))
    return Problem(message=message[0].lower() + message[1:], at=at)


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
