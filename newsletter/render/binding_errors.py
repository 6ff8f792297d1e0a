"""Problems for the mistakes that Jinja or Python find in a template."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jinja2 import Environment, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.render.late import RefusedError

TEMPLATE_ERRORS = (
    TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, LookupError,
    AttributeError, RecursionError,
)  # fmt: skip
"""Errors that mistakes in a template raise."""


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


def author_problem(error: Exception, at: Place, context: Mapping[str, object]) -> Problem:
    """Return the problem of a template that fails when it runs."""
    if isinstance(error, RecursionError):
        message = "a macro or template that calls itself without end"
        hint = "under a condition on customer it cannot end: both branches are bound"
        return Problem(message=message, at=at, hint=hint)
    message = str(error) or type(error).__name__
    name = re.match(r"'(\w+)' is undefined", message)
    if name:
        hint = did_you_mean(name[1], {*context, "customer"})
        hint = hint or f"fields of the customer are written customer.{name[1]}"
        return Problem(message=f"'{name[1]}' is not known here", at=at, hint=hint)
    part = re.fullmatch(r"'.* object' has no attribute '(\w+)'", message)
    if part:
        parts = {key for value in context.values() if isinstance(value, Mapping) for key in value}
        message = f"there is no '{part[1]}'"
        return Problem(message=message, at=at, hint=did_you_mean(part[1], parts))
    return Problem(message=message[0].lower() + message[1:], at=at)


def too_deep(error: SyntaxError, *, code: str, template: str) -> RefusedError:
    """Return the refusal of a template whose compiled *code* is too deep for Python."""
    # Jinja's code ends with pairs of lines: in the template, and in the code.
    pairs = re.findall(r"(\d+)=(\d+)", code[code.rindex("debug_info = ") :])
    failing = error.lineno or 0
    line = max((int(line) for line, code_line in pairs if int(code_line) <= failing), default=1)
    at = Place(path=template, line=line)
    return RefusedError("an expression is nested too deep", hint="say it in fewer steps", at=at)
