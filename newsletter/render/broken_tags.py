"""Finds the tags of a template that cannot be read, each with its place and its cure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from newsletter.errors import NewsletterError, Place, Problem, did_you_mean
from newsletter.model.source import Source
from newsletter.render.binding_errors import AS_THEY_ARE, syntax_problem
from newsletter.rules.grammar import parse
from newsletter.rules.limits import TooManyTagsError

_OPENING = ("if", "for", "macro", "call", "filter", "with", "block")
_BRANCHES = ("elif", "else")
TAGS = (
    *_OPENING, *_BRANCHES, *(f"end{tag}" for tag in _OPENING), "set", "endset", "raw", "endraw",
    "include", "import", "from", "extends", "autoescape", "endautoescape", "print",
)  # fmt: skip
_OTHER_WORDS = {
    "elseif": "elif", "elsif": "elif", "elsewhere": "else", "wenn": "if", "si": "if",
    "sonst": "else", "sinon": "else", "foreach": "for", "endforeach": "endfor",
}  # fmt: skip
_ENDS = ("end", "fi", "ende", "fin", "done", "/")
"""Words that end whatever is open."""
_PASSED_OVER = r"\{#.*?(?:#\}|\Z)|\{%-?\s*raw\s*-?%\}.*?(?:\{%-?\s*endraw\s*-?%\}|\Z)"
_TAG = re.compile(
    rf"{_PASSED_OVER}|(?P<open>\{{[{{%])[-+]?(?P<inner>(?:(?!\{{[{{%]|[%}}]\}}).)*)"
    r"(?P<close>[-+]?(?:\}\}|%\}))?",
    re.S,
)
_CLOSE = {"{{": "}}", "{%": "%}"}
_EXPRESSION = re.compile(
    r"(?:el)?if\b(.*)|for\b[\w\s,()]+?\sin\b(.*?)(?:\brecursive\s*)?$|set\b[\w\s.,]+=(.*)", re.S
)
"""The expression in a tag, in one of three groups."""
_SETS_NOTHING = re.compile(r"(?:if|elif|else|end\w*)\b")
_IN_DOUBLE_QUOTES = re.compile(r"\s*(?:- )?\w+:\s+\"")


@dataclass(frozen=True)
class _Tag:
    """A tag of a template, without its braces."""

    source: Source
    opening: str
    inner: str
    start: int
    """Offset of the inner text."""
    at: Place
    close: str

    @property
    def word(self) -> str:
        """The first word, `if` or `endif`."""
        return self.inner.split(maxsplit=1)[0] if self.inner.strip() else ""

    @property
    def others(self) -> list[str]:
        """The words after it."""
        return self.inner.split()[1:]

    @property
    def expression(self) -> Source | None:
        """The expression in it, with its place."""
        begin, text = 0, self.inner
        if self.opening == "{%":
            lead = len(self.inner) - len(self.inner.lstrip())
            match = _EXPRESSION.match(self.inner.strip())
            if not match:
                return None
            group = match.lastindex or 0
            begin, text = lead + match.start(group), match[group]
        lead = len(text) - len(text.lstrip())
        return Source(text.strip(), self.source.place_of(self.start + begin + lead))


def _tags(source: Source) -> Iterator[_Tag]:
    for tag in _TAG.finditer(source.text):
        if tag["open"]:
            at = source.place_of(tag.start("open"))
            close = (tag["close"] or "")[-2:]
            yield _Tag(source, tag["open"], tag["inner"], tag.start("inner"), at, close)


def unreadable(
    source: Source, error: TemplateSyntaxError, environment: Environment
) -> list[Problem]:
    """Return why Jinja cannot read a template: its broken tags, else the *error* of the whole."""
    if isinstance(error, TooManyTagsError):
        hint = "loop over a list, or write a column of the customer file"
        return [Problem(error.message or "", source.place(error.lineno), hint=hint)]
    whole = syntax_problem(error, source.place(error.lineno), environment)
    return list(broken_tags(source, environment)) or [whole]


def broken_tags(source: Source, environment: Environment) -> Iterator[Problem]:
    """Yield a problem for each tag of a template that cannot be read by itself."""
    opened: list[str] = []
    for tag in _tags(source):
        if tag.close != _CLOSE[tag.opening]:
            hint = f"end it with '{_CLOSE[tag.opening]}'; {AS_THEY_ARE}"
            yield Problem(f"'{tag.opening}' is not closed", tag.at, hint=hint)
        elif tag.opening == "{{":
            yield from _broken_output(tag, environment)
        else:
            yield from _broken_block(tag, opened, environment)
            _follow(opened, tag.word)


def whole_expressions(
    source: Source, environment: Environment
) -> Iterator[tuple[Source, nodes.Template]]:
    """Yield each expression that can be read by itself, with its tree."""
    for tag in _tags(source):
        if tag.close == _CLOSE[tag.opening] and (expression := tag.expression):
            tree = _tree(expression.text, environment)
            if tree:
                yield expression, tree


def names_set(source: Source) -> set[str]:
    """Return all words in tags that may set a name: `for`, `set`, `macro`, misspelt ones …"""
    blocks = [tag.inner.strip() for tag in _tags(source) if tag.opening == "{%"]
    setting = [text for text in blocks if not _SETS_NOTHING.match(text)]
    return {word for text in setting for word in re.findall(r"(?<!\.)\b\w+", text)}


def _follow(opened: list[str], word: str) -> None:
    """Note what is open after a tag."""
    if word in _OPENING:
        opened.append(word)
    elif opened and (word.lower() == f"end{opened[-1]}" or word.lower() in _ENDS):
        opened.pop()


def _broken_output(tag: _Tag, environment: Environment) -> Iterator[Problem]:
    if _tree(tag.inner, environment):
        return
    if tag.inner.startswith("{"):
        hint = "write two: {{ … }}"
        yield Problem("'{{{' has a brace too many", tag.at, hint=hint)
    elif tag.word in TAGS and tag.others:
        yield Problem(f"'{tag.word}' stands in '{{{{ }}}}'", tag.at, hint=write_tag(tag.word))
    else:
        yield from _broken_expression(tag, environment)


def _broken_block(tag: _Tag, opened: list[str], environment: Environment) -> Iterator[Problem]:
    word, following = tag.word, tag.others[:1]
    if word == "end":
        (meant,) = following or opened[-1:] or ["if"]
        whole = " ".join([word, *following])
        yield Problem(f"unknown tag '{whole}'", tag.at, hint=write_tag(f"end{meant}"))
    elif word == "else" and following == ["if"]:
        yield Problem("unknown tag 'else if'", tag.at, hint=write_tag("elif"))
    elif word not in TAGS:
        yield Problem(f"unknown tag '{word}'", tag.at, hint=_instead_of(tag, opened))
    elif word == "for" and not tag.expression:
        yield Problem("a loop needs the word 'in'", tag.at, hint="write {% for item in … %}")
    else:
        yield from _broken_expression(tag, environment)


def _instead_of(tag: _Tag, opened: list[str]) -> str:
    """Return what to write instead of an unknown tag."""
    word = tag.word.lower()
    if word in _ENDS:
        return write_tag(f"end{opened[-1] if opened else 'if'}")
    meant = f"end{word[1:]}" if word.startswith("/") else _OTHER_WORDS.get(word, word)
    if meant in TAGS:
        return write_tag(meant)
    if not word.isidentifier() and word[:1].isalpha():
        return f"to print a value, write {{{{ {tag.inner.strip()} }}}}"
    return did_you_mean(word, TAGS) or f"take it out; {AS_THEY_ARE}"


def write_tag(tag: str) -> str:
    """Return the cure that writes a tag: `write {% endif %}`."""
    return f"write {{% {tag} … %}}" if tag in ("if", "elif", "for") else f"write {{% {tag} %}}"


def _broken_expression(tag: _Tag, environment: Environment) -> Iterator[Problem]:
    """Yield the problem of the expression in a tag, if Jinja cannot read it."""
    if (expression := tag.expression) and not _tree(expression.text, environment):
        try:
            parse(expression, "expression")
        except NewsletterError as error:
            yield from map(_with_other_quotes, error.problems)


def _tree(expression: str, environment: Environment) -> nodes.Template | None:
    """Return the tree of an expression, None if Jinja cannot read it."""
    try:
        return Parser(environment, f"{{{{ {expression} }}}}").parse()
    except (TemplateSyntaxError, RecursionError):
        return None


def _with_other_quotes(problem: Problem) -> Problem:
    """Return the problem; in a value between double quotes, the cure names single ones."""
    if problem.at and _IN_DOUBLE_QUOTES.match(problem.at.text):
        hint = problem.hint.replace('"', "'")
        return Problem(problem.message, problem.at, hint=hint)
    return problem
