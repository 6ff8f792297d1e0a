"""Finds all faults of a template at once, each with its place and its cure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from newsletter.errors import NewsletterError, Place, Problem, did_you_mean
from newsletter.model.source import Source
from newsletter.render.binding_errors import (
    AS_THEY_ARE,
    KnownFields,
    no_such_field,
    no_such_filter,
    unknown_name,
)
from newsletter.render.jinja_nodes import every_node
from newsletter.rules.grammar import parse

_TAGS = ("if", "elif", "else", "for", "set", "macro", "call", "filter", "with", "block")
_ALL_TAGS = (
    *_TAGS, *(f"end{tag}" for tag in _TAGS), "raw", "endraw", "include", "import", "from",
    "extends", "autoescape", "endautoescape", "print",
)  # fmt: skip
_OTHER_WORDS = {
    "elseif": "elif", "elsif": "elif", "elsewhere": "else", "fi": "endif", "wenn": "if",
    "si": "if", "sonst": "else", "sinon": "else", "ende": "endif", "fin": "endif",
}  # fmt: skip
_PASSED_OVER = r"\{#.*?#\}|\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}"
_TAG = re.compile(
    rf"{_PASSED_OVER}|(?P<open>\{{[{{%])[-+]?(?P<inner>(?:(?!\{{[{{%]|[%}}]\}}).)*)"
    r"(?P<close>[-+]?(?:\}\}|%\}))?",
    re.S,
)
_OF_JINJA = ("customer", "loop", "caller", "varargs", "kwargs", "self", "super")
"""Names that texts need not set."""
_CLOSE = {"{{": "}}", "{%": "%}"}
_IN_DOUBLE_QUOTES = re.compile(r"\s*(?:- )?\w+:\s+\"")


def faults(
    source: Source, environment: Environment, names: Collection[str], fields: KnownFields
) -> list[Problem]:
    """
    Return the faults of a text of content that can be found without running it.

    *names* may be used besides `customer`, whose *fields* are known.
    """
    try:
        tree = Parser(environment, source.text).parse()
    except TemplateSyntaxError:
        return list(broken_tags(source, environment))
    return list(_unknown(tree, source, environment, names, fields))


def broken_tags(source: Source, environment: Environment) -> Iterator[Problem]:
    """Yield a problem for each tag of a template that cannot be read by itself."""
    for tag in _TAG.finditer(source.text):
        opening, inner, close = tag["open"], tag["inner"], tag["close"]
        if opening is None:
            continue
        at = source.place_of(tag.start("open"))
        if close is None or close[-2:] != _CLOSE[opening]:
            hint = f"end it with '{_CLOSE[opening]}'; {AS_THEY_ARE}"
            yield Problem(f"'{opening}' is not closed", at, hint=hint)
        elif opening == "{{":
            yield from _broken_expression(source, tag.start("inner"), inner, environment)
        else:
            yield from _broken_block(source, tag.start("inner"), inner, at, environment)


def _broken_block(
    source: Source, start: int, inner: str, at: Place, environment: Environment
) -> Iterator[Problem]:
    word, _, others = inner.strip().partition(" ")
    following = others.split()[:1]
    if word == "end" and following:
        yield Problem(f"unknown tag 'end {following[0]}'", at, hint=_write(f"end{following[0]}"))
    elif word == "else" and following == ["if"]:
        yield Problem("unknown tag 'else if'", at, hint="write {% elif … %}")
    elif word not in _ALL_TAGS:
        meant = _OTHER_WORDS.get(word.lower(), word.lower())
        hint = _write(meant) if meant in _ALL_TAGS else did_you_mean(word, _ALL_TAGS)
        yield Problem(f"unknown tag '{word}'", at, hint=hint or f"take it out; {AS_THEY_ARE}")
    elif word in ("if", "elif"):
        offset = start + inner.index(word) + len(word)
        yield from _broken_expression(source, offset, inner.partition(word)[2], environment)


def _write(tag: str) -> str:
    return f"write {{% {tag} … %}}" if tag in ("if", "elif") else f"write {{% {tag} %}}"


def _broken_expression(
    source: Source, start: int, inner: str, environment: Environment
) -> Iterator[Problem]:
    """Yield the problem of an expression, if Jinja cannot read it."""
    try:
        Parser(environment, f"{{{{{inner} }}}}").parse()
    except TemplateSyntaxError:
        lead = len(inner) - len(inner.lstrip())
        try:
            parse(Source(inner.strip(), source.place_of(start + lead)), "expression")
        except NewsletterError as error:
            yield from map(_with_other_quotes, error.problems)


def _with_other_quotes(problem: Problem) -> Problem:
    """Return the problem; in a value between double quotes, the cure names single ones."""
    if problem.at and _IN_DOUBLE_QUOTES.match(problem.at.text):
        hint = problem.hint.replace('"', "'")
        return Problem(problem.message, problem.at, hint=hint)
    return problem


def _unknown(
    tree: nodes.Template,
    source: Source,
    environment: Environment,
    names: Collection[str],
    fields: KnownFields,
) -> Iterator[Problem]:
    """Yield a problem for each filter, test, name and field of customers that does not exist."""
    all_nodes = every_node(tree)
    known = {*names, *environment.globals, *_OF_JINJA, *_named_in(all_nodes)}
    for node in all_nodes:
        at = source.place(node.lineno or 1)
        match node:
            case nodes.Filter() if node.name not in environment.filters:
                yield no_such_filter("filter", node.name, environment.filters, at)
            case nodes.Test() if node.name not in environment.tests:
                yield no_such_filter("test", node.name, environment.tests, at)
            case nodes.Getattr(node=nodes.Name(name="customer")) if not fields.holds(node.attr):
                yield no_such_field(node.attr, fields, at)
            case nodes.Name() if node.name not in known:
                yield unknown_name(node.name, {*names, "customer"}, fields, at)


def _named_in(all_nodes: Iterable[nodes.Node]) -> Iterator[str]:
    """Yield the names that a template itself sets."""
    for node in all_nodes:
        if isinstance(node, nodes.Macro) or (isinstance(node, nodes.Name) and node.ctx != "load"):
            yield node.name
