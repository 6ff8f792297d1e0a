"""Sets up Python-Markdown to try only patterns that can match; home of the library."""

from __future__ import annotations

import functools
import itertools
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element, ElementTree

import markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown.inlinepatterns import ReferenceInlineProcessor
from markdown.preprocessors import NormalizeWhitespace
from markdown.treeprocessors import InlineProcessor, Treeprocessor, UnescapeTreeprocessor
from markdown.util import (
    BLOCK_LEVEL_ELEMENTS,
    ETX,
    INLINE_PLACEHOLDER_PREFIX,
    STX,
    AtomicString,
    Registry,
    code_escape,
)

from newsletter.render.block_parser import Block, Blocks
from newsletter.render.block_patterns import first_line, refuse_open_brackets
from newsletter.render.block_tree import BlockTree
from newsletter.render.buttons import mark_buttons
from newsletter.render.headings import name_headings
from newsletter.render.inline_rules import use_github_rules
from newsletter.render.late import RefusedError
from newsletter.render.notes import add_notes, number_notes
from newsletter.render.shown_tags import refuse_lost_elements, with_shown_tags

_QUOTES = {
    "en": {},
    "de": {"left-double-quote": "&bdquo;", "right-double-quote": "&ldquo;"},
    "fr": {"left-double-quote": "&laquo;&nbsp;", "right-double-quote": "&nbsp;&raquo;"},
}
"""Double quotes by language; other languages keep them as written."""


@functools.cache
def quick_converter(language: str) -> markdown.Markdown:
    """Return a converter with the output of `full_converter` in a quarter of the time."""
    converter = _QuickMarkdown(**_options(language))
    stages = converter.treeprocessors
    for name, priority in (("inline", 20), ("smarty", 6)):
        stage = stages[name]
        assert isinstance(stage, InlineProcessor)
        quick = _QuickInline(converter, stage.inlinePatterns, tails=name == "smarty")
        stages.register(quick, name, priority)
    stages.register(_QuickUnescape(converter), "unescape", 0)
    converter.preprocessors.register(_QuickWhitespace(converter), "normalize_whitespace", 30)
    return converter


def full_converter(language: str) -> markdown.Markdown:
    """Return a converter that tries every pattern on every text."""
    return markdown.Markdown(**_options(language))


def _options(language: str) -> dict[str, Any]:
    quotes = {"smart_quotes": language in _QUOTES, "substitutions": _QUOTES.get(language, {})}
    return {
        "extensions": [_GitHub(), "smarty"],
        "extension_configs": {"smarty": quotes},
        "output_format": "xhtml",
    }


class _GitHub(Extension):
    """Finds blocks by our own parser, and inline markup by GitHub's rules."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.parser = parser = _Parser(md)
        use_github_rules(md, parser.notes, lost=parser.lost)
        md.treeprocessors.register(_Places(parser), "places", 19)


class _Parser(BlockParser):
    """Hands the blocks of a text to Python-Markdown as a tree of elements."""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.notes: dict[str, Block] = {}
        self.key = ""
        """Tells the notes of this text from those of others on a page."""
        self.lost: list[str] = []
        """Tags of elements that are not shown."""

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:
        self.lost.clear()
        text, blocks = "\n".join(lines), Blocks()
        root = Element(self.md.doc_tag)
        tree = BlockTree(stash=self._stashed, code=lambda text: AtomicString(code_escape(text)))
        tree.fill(root, blocks.read(text).children)
        self.md.references.update(blocks.references)
        self.notes.clear()
        self.notes.update(blocks.notes)
        self.key = f"{zlib.crc32(text.encode()):x}"
        add_notes(root, self.notes, tree)
        return ElementTree(root)

    def _stashed(self, html: str) -> str:
        return self.md.htmlStash.store(with_shown_tags(html, lost=self.lost))


class _Places(Treeprocessor):
    """Refuses what is not shown, marks buttons, names headings and numbers the notes."""

    def __init__(self, parser: _Parser) -> None:
        super().__init__()
        self._parser = parser

    def run(self, root: Element) -> None:
        refuse_lost_elements(self._parser.lost)
        mark_buttons(root)
        name_headings(root)
        number_notes(root, self._parser.notes, self._parser.key)


class _QuickMarkdown(markdown.Markdown):
    """Looks tags up in a set instead of a list."""

    lines: list[str]
    """The text after the preprocessors."""

    def is_block_level(self, tag: object) -> bool:
        return isinstance(tag, str) and (
            tag in _BLOCK_LEVEL or tag.lower().rstrip("/") in _BLOCK_LEVEL
        )


_BLOCK_LEVEL = frozenset(BLOCK_LEVEL_ELEMENTS)


class _QuickWhitespace(NormalizeWhitespace):
    """Empties lines of spaces only in texts where a line begins with one."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if any(mark in text for mark in ("\n ", "\t", "\r", STX, ETX)):
            return super().run(lines)
        return [*lines, "", ""]


class _QuickUnescape(UnescapeTreeprocessor):
    """Looks for escaped characters only in documents with a backslash, in texts with a mark."""

    md: _QuickMarkdown

    def run(self, root: Element) -> None:
        if any("\\" in line for line in self.md.lines):
            super().run(root)

    def unescape(self, text: str) -> str:
        return super().unescape(text) if STX in text else text


_NEEDED = {
    "backtick": ("`",),
    "escape": ("\\",),
    **dict.fromkeys(["reference", "link", "image_link", "image_reference"], ("[",)),
    **dict.fromkeys(["short_reference", "short_image_ref"], ("[",)),
    "note": ("[^",),
    **dict.fromkeys(["autolink", "automail", "html"], ("<",)),
    "linebreak": ("  \n", "\\\n"),
    "bare address": ("://", "www.", "@"),
    "entity": ("&",),
    "em_strong": ("*", "_", "~~"),
    "smarty-ellipses": ("...",),
    **dict.fromkeys(["smarty-em-dashes", "smarty-en-dashes"], ("--",)),
    **dict.fromkeys([f"smarty-quotes-{number}" for number in range(15)], ("'", '"')),
}
"""Name of a pattern → texts; every match of the pattern contains one of them."""


def _rare_first(text: str) -> str:
    """Return a pattern for *text* that is tried at line ends instead of at each space."""
    return r"\n(?<=  \n)" if text == "  \n" else re.escape(text)


def _search_for(texts: Iterable[str]) -> Callable[[str], re.Match[str] | None]:
    """Return a function that looks for any of these texts."""
    return re.compile("|".join(map(_rare_first, sorted(texts)))).search


_MOST_CHARACTERS = 20_000
"""Characters of a paragraph; its markup takes time in the square of their number."""


def _refuse_long(text: str) -> None:
    if len(text) > _MOST_CHARACTERS:
        message = f"a paragraph has more than {_MOST_CHARACTERS:,} characters"
        hint = "put an empty line between its parts"
        raise RefusedError(message, hint=hint, near=first_line(text))


class _Plain(AtomicString):
    """Text that no pattern can match; Markdown tries no pattern on an AtomicString."""


_Apply = Callable[..., tuple[str, bool, int]]


@contextmanager
def _without_line_ends(blocks: Iterable[Element]) -> Iterator[None]:
    """Take the line ends after *blocks* out: Markdown counts all blocks before each of them."""
    ends = [(block, block.tail) for block in blocks if block.tail and block.tail.isspace()]
    for block, _ in ends:
        block.tail = None
    yield
    for block, tail in ends:
        block.tail = tail


class _QuickInline(InlineProcessor):
    """
    Tries only the patterns that can match a text.

    Trying all of some twenty patterns takes more than half the time of a conversion. With *tails*,
    tails of elements are marked as well. Only the pass for quotes, which is the last, does so: it
    would skip tails that an earlier pass had marked.
    """

    def __init__(self, md: _QuickMarkdown, patterns: Registry[Any], *, tails: bool) -> None:
        super().__init__(md)
        self.inlinePatterns, self._tails, self._converter = patterns, tails, md
        names = {patterns[name]: name for name in _NEEDED if name in patterns}
        needed = [_NEEDED.get(names.get(pattern, ""), ("",)) for pattern in patterns]
        self._groups = [
            (_search_for(needs), [(index, patterns[index]) for index, _ in group])
            for needs, group in itertools.groupby(enumerate(needed), key=lambda pair: pair[1])
        ]
        texts = {INLINE_PLACEHOLDER_PREFIX, *itertools.chain.from_iterable(needed)}
        self._any = _search_for(texts)

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        if not self._any("\n".join(self._converter.lines)):
            return tree
        for element in tree.iter():
            for text in (element.text, element.tail):
                if text and not isinstance(text, AtomicString):
                    refuse_open_brackets(text)
                    _refuse_long(text)
            if element.text:
                element.text = self._marked(element.text)
            if element.tail and self._tails:
                element.tail = self._marked(element.tail)
        with _without_line_ends(tree if self._tails else ()):
            return super().run(tree, ancestors)

    def _marked(self, text: str) -> str:
        if isinstance(text, AtomicString) and not isinstance(text, _Plain):
            return text
        return str(text) if self._any(text) else _Plain(text)

    def _replaced(self, data: str, first: int = 0) -> str:
        """Return *data* with placeholders for matches of the patterns from number *first* on."""
        if isinstance(data, AtomicString):
            return data
        for needed, patterns in self._groups:
            if not needed(data):
                continue
            for index, pattern in patterns:
                if index < first or self._is_idle(pattern):
                    continue
                start, matched = 0, True
                while matched:
                    data, matched, start = self._apply(pattern, data, index, start)
        return data

    def _is_idle(self, pattern: object) -> bool:
        return isinstance(pattern, ReferenceInlineProcessor) and not self.md.references

    # Python-Markdown has no public hook: these are the names of its private methods.
    _apply: _Apply = InlineProcessor._InlineProcessor__applyPattern  # type: ignore[attr-defined]
    _InlineProcessor__handleInline = _replaced
