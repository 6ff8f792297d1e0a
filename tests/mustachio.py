"""Postmark's template language, as its documents and the code that it published describe it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

# github.com/ActiveCampaign/mustachio/blob/master/Mustachio/Tokenizer.cs: what is a token.
TOKEN = re.compile(r"(\{\{[^{}]+?\}\})|(\{\{\{[^{}]+?\}\}\})")
WRONG = re.compile(r"\.{3,}|[^\w./]+|(?<!\.\.)/|\.{2,}($|[^/])")
STEP = re.compile(r"\.\.[\\/]|[^.]+")


@dataclass(frozen=True)
class Scope:
    """A value, and the one around it."""

    value: Any
    around: Scope | None = None

    def at(self, path: str) -> Scope:
        """
        Return the value of a path: `.`, `name`, `person.name`, `../name`.

        Names: postmarkapp.com/support/article/1077-template-syntax ("Variable Interpolation");
        `../` goes up: the same code, README.md and ContextObject.cs. A section leads to the value
        of its path, so that one step up from there is where it was opened.
        """
        scope = self
        for step in STEP.findall(path):
            if step.startswith(".."):
                scope = scope.around or scope
            else:
                value = scope.value.get(step) if isinstance(scope.value, Mapping) else None
                scope = Scope(value, scope)
        return scope


Written = Callable[[Scope], str]


@cache
def parsed(template: str) -> Written:
    """Return what writes a template; ValueError for one that Postmark refuses."""
    tokens = iter(_tokens(template))
    return _parts(tokens, "")


def _tokens(template: str) -> Iterator[str]:
    end = 0
    for token in TOKEN.finditer(template):
        yield from filter(None, (template[end : token.start()], token[0]))
        end = token.end()
    yield from filter(None, (template[end:],))


def _path(token: str) -> str:
    path = token.strip("{}").lstrip("#^/&").strip()
    if WRONG.search(path):
        raise ValueError(f"the path {path} is not valid")
    return path


def _parts(tokens: Iterator[str], opened: str) -> Written:
    parts: list[Written] = []
    for token in tokens:
        if not TOKEN.fullmatch(token):
            parts.append(lambda _, text=token: text)
        elif token.startswith(("{{#each", "{{/each")):
            raise ValueError("a loop, which no export has")
        elif token.startswith(("{{#", "{{^")):
            if _path(token) == opened:
                raise ValueError(f"{opened} is opened in itself")
            parts.append(_section(token, tokens))
        elif token.startswith("{{/"):
            if _path(token) != opened:
                raise ValueError(f"{token} closes {opened}")
            break
        elif token.startswith("{{!"):
            continue
        else:
            parts.append(_value(token))
    else:
        if opened:
            raise ValueError(f"{opened} is not closed")
    return lambda scope: "".join(part(scope) for part in parts)


def _section(token: str, tokens: Iterator[str]) -> Written:
    """
    Return what writes a section if there is a value (`#`), or if there is none (`^`).

    postmarkapp.com/support/article/1077-template-syntax ("Conditional"). Empty texts, false, 0
    and empty lists are none: ContextObject.cs, `Exists`.
    """
    path = _path(token)
    inside = _parts(tokens, path)
    wanted = token.startswith("{{#")

    def write(scope: Scope) -> str:
        there = scope.at(path)
        return inside(there) if bool(there.value) is wanted else ""

    return write


def _value(token: str) -> Written:
    """Return what writes a value; `{{{` and `{{&` as it is (Tokenizer.cs), else for HTML."""
    path, as_it_is = _path(token), token.startswith(("{{{", "{{&"))

    def write(scope: Scope) -> str:
        value = scope.at(path).value
        text = "" if value is None else str(value)
        return text if as_it_is else escape(text)

    return write


def mustachio(template: str, model: Mapping[str, Any]) -> str:
    """Return a template with a model's values."""
    return parsed(template)(Scope(model))
