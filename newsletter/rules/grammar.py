"""The text of a rule → Jinja's syntax tree, with the place of each part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from newsletter.errors import NewsletterError, Problem
from newsletter.model.source import Source
from newsletter.rules.limits import TooLongNumberError, short_numbers

MOST_CHARACTERS = 100_000
"""Characters of a rule or expression."""


@lru_cache(maxsize=4096)  # a plan of a year asks the same rules every day
def parse(source: Source, what: str = "rule") -> nodes.Expr:
    """
    Return the syntax tree of a rule. It is cached, so do not change it.

    Errors call the text *what*, `rule` or `expression`.

    The `lineno` of each node is an offset into the text, for `problem_at`.
    Raises NewsletterError if the text is not an expression.
    """
    text = source.text
    if not text.strip():
        raise _error(source, 0, f"the {what} is empty", hint=_FILL[what])
    if len(text) > MOST_CHARACTERS:
        message = f"the {what} has more than {MOST_CHARACTERS:,} characters"
        raise _error(source, 0, message, hint="write a column of the customer file instead")
    try:
        list(_PLAIN.lexer.tokeniter(text, None, state="variable"))
    except TemplateSyntaxError:
        raise _unreadable(source, what) from None
    try:
        parser = Parser(_OFFSETS, text, state="variable")
        tree = parser.parse_expression()
    except TooLongNumberError as error:
        hint = "calculate with smaller numbers"
        raise _error(source, error.lineno, str(error.message), hint=hint) from None
    except TemplateSyntaxError as error:
        raise _ungrammatical(source, error.lineno, error.message or "", what) from None
    except RecursionError:
        raise _error(source, 0, f"the {what} is nested too deeply") from None
    if not parser.stream.eos:
        raise _ungrammatical(source, parser.stream.current.lineno, "", what)
    return tree


def tokens_of(source: Source) -> list[str]:
    """Return all tokens of a rule that `parse` accepts, including white space."""
    return [text for _, _, text in _PLAIN.lexer.tokeniter(source.text, None, state="variable")]


def problem_at(source: Source, offset: int, message: str, *, hint: str = "") -> Problem:
    """Return a problem at *offset*, counted in characters of the rule's text."""
    before = source.text[:offset]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    at = source.place(line, column)
    if at.text and at.column > len(at.text) + 1:  # YAML folded the text out of several lines
        at = source.at
    return Problem(message=message, at=at, hint=hint)


class _OffsetEnvironment(Environment):
    """A Jinja environment whose tokens have offsets for lines, because nodes have no column."""

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        tokens = _with_offsets(self.lexer.tokeniter(source, name, filename, state))
        short = short_numbers(tokens, name)
        return TokenStream(self.lexer.wrap(short, name, filename), name, filename)


def _with_offsets(tokens: Iterator[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    offset = 0
    for _, kind, text in tokens:
        yield offset, kind, text
        offset += len(text)


_PLAIN = Environment(autoescape=True)
_OFFSETS = _OffsetEnvironment(autoescape=True)

_SLIPS = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=` between two values",
    "“": 'write straight quotes: "text"',
    "”": 'write straight quotes: "text"',
    "„": 'write straight quotes: "text"',
    "«": 'write straight quotes: "text"',
    "»": 'write straight quotes: "text"',
    "‚": "write straight quotes: 'text'",
    "‘": "write straight quotes: 'text'",
    "’": "write straight quotes: 'text'",
    "?": "write `this if question else that`",
    "–": "write a hyphen: -",
    "≥": "write >=",
    "≤": "write <=",
    "≠": "write !=",
    ":": 'write == to compare, and a fallback in brackets: default("you")',
    "=": "write == to compare",
    ">": "write != for `is not equal`",
    '"': "a text ends with the quote it began with",
    "'": "a text ends with the quote it began with",
    ",": 'put a list in brackets: city in ["Berlin", "Hamburg"]',
    "(": "fields and filters are not called here",
}
"""First character that Jinja could not read → what the user probably meant."""

_FILL = {
    "rule": 'write one such as city == "Berlin"',
    "expression": "write one such as customer.first_name",
}
_JOIN = {
    "rule": "join questions with `and` or `or`; put a text in quotes",
    "expression": "a field is one word, such as customer.first_name; put a text in quotes",
}

_KEYWORDS = ("and", "or", "not", "in", "is")


def _unreadable(source: Source, what: str) -> NewsletterError:
    """Return the error for a character that begins no token; Jinja reports only its line."""
    offset = _readable(source.text)
    character = source.text[offset : offset + 1]
    message = f"unexpected {character!r}" if character else f"the {what} breaks off"
    if source.text.startswith("??", offset):
        return _error(source, offset, message, hint='write a fallback: | default("you")')
    plain = unicodedata.normalize("NFKC", character)
    usual = f"write {plain}" if len(plain) == 1 and plain != character else "take it out"
    return _error(source, offset, message, hint=_SLIPS.get(character, usual))


def _readable(text: str) -> int:
    """Return how many characters Jinja's lexer could read."""
    offset = 0
    try:
        for _, _, value in _PLAIN.lexer.tokeniter(text, None, state="variable"):
            offset += len(value)
    except TemplateSyntaxError:
        offset += len(text[offset:]) - len(text[offset:].lstrip())
    return offset


def _ungrammatical(source: Source, offset: int, jinja_message: str, what: str) -> NewsletterError:
    """Return the error for a token that cannot stand where it does."""
    remainder = source.text[offset:]
    word = remainder.split(maxsplit=1)[0] if remainder.strip() else ""
    if "end of template" in jinja_message:
        end = len(source.text.rstrip())
        return _error(source, end, f"the {what} breaks off", hint=_completion(source.text))
    return _error(source, offset, f"unexpected {word!r}", hint=_cure(source, offset, word, what))


def _completion(text: str) -> str:
    """Return what a text that breaks off lacks."""
    bare = _TEXTS.sub("", text)
    pairs = [(a, b) for a, b in ("()", "[]", "{}") if bare.count(a) > bare.count(b)]
    return f"close the '{pairs[0][0]}' with '{pairs[0][1]}'" if pairs else "complete it"


def _cure(source: Source, offset: int, word: str, what: str) -> str:
    """Return what to write instead of a word that cannot stand at *offset*."""
    before = source.text[:offset]
    if word.lower() in _KEYWORDS and word not in _KEYWORDS:
        return f"write `{word.lower()}` in small letters"
    if word.lower() in _OTHER_WORDS:
        return _OTHER_WORDS[word.lower()]
    if word.startswith("|") and before.endswith("|"):
        return _SLIPS["|"]
    if _AFTER_IS.search(before):
        return "`is` asks `is missing`; to compare two values write =="
    if word.startswith(('"', "'")):
        is_filter = _AFTER_FILTER.search(before)
        return 'write it in brackets: default("you")' if is_filter else _JOIN[what]
    return _SLIPS.get(word[:1], _JOIN[what])


_TEXTS = re.compile(r'"[^"]*"|' + r"'[^']*'")
_AFTER_IS = re.compile(r"\bis\s+(not\s+)?$")
_AFTER_FILTER = re.compile(r"\|\s*\w+\s*$")
_OTHER_WORDS = {
    "then": "take it out",
    "und": "write `and`",
    "et": "write `and`",
    "oder": "write `or`",
    "ou": "write `or`",
    "nicht": "write `not`",
    "equals": "write ==",
    "contains": 'write "tea" in interests',
}
"""Words that are none of this language → what they mean in it."""


def _error(source: Source, offset: int, message: str, *, hint: str = "") -> NewsletterError:
    return NewsletterError(problem_at(source, offset, message, hint=hint))
