"""Inline Markdown by GFM's rules: bare addresses, strikethrough, tags, entities, line breaks."""

from __future__ import annotations

import re
from collections.abc import Container
from html import unescape
from html.entities import html5
from string import punctuation
from xml.etree.ElementTree import Element

import markdown
from markdown.inlinepatterns import (
    ENTITY_RE,
    HTML_RE,
    AutolinkInlineProcessor,
    HtmlInlineProcessor,
    InlineProcessor,
    ReferenceInlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.treeprocessors import InlineProcessor as InlineStage
from markdown.util import (
    ETX,
    HTML_PLACEHOLDER_RE,
    INLINE_PLACEHOLDER_RE,
    STX,
    AtomicString,
)

from newsletter.render.notes import reference
from newsletter.render.shown_tags import is_tag, with_shown_tags

_PRIVATE = "\ue000-\uf8ff"
_BARE = (
    rf"(?<![\w{_PRIVATE}/@.])(?:"
    rf"(?P<address>(?:https?://|www\.)[\w-]++(?:\.[\w-]++)*+(?!\.?[{_PRIVATE}])"
    rf"(?:[:/?#][^\s<{STX}]*)?)"
    rf"|(?P<mail>[A-Za-z0-9._+-]++@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)++(?![{_PRIVATE}@])))"
)
_END = frozenset("?!.,:;*_~'\"“”‘’«»„…")
_ENTITY = re.compile(r"&[A-Za-z0-9]+;")
_LONGEST_ENTITY = 40
_LABEL = re.compile(r"\[([^\]]*)\]", re.S)


def use_github_rules(md: markdown.Markdown, notes: Container[str], *, lost: list[str]) -> None:
    """
    Replace Markdown's own inline rules where GitHub's differ; *notes* holds their names.

    Tags that are not shown are added to *lost*.
    """
    md.ESCAPED_CHARS = list(punctuation)
    md.references = _References(md)
    patterns = md.inlinePatterns
    patterns.register(SubstituteTagInlineProcessor(r"(?: {2,}|\\)\n *", "br"), "linebreak", 100)
    autolink = r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>"
    patterns.register(AutolinkInlineProcessor(autolink, md), "autolink", 120)
    patterns.register(_NoteReferences(md, notes), "note", 175)
    patterns.register(_Tags(md, lost), "html", 90)
    patterns.register(_Bare(_BARE, md), "bare address", 85)
    patterns.register(_Entities(ENTITY_RE, md), "entity", 80)
    assert md.delimiters is not None
    md.delimiters.add("~", "del", double=True)
    for pattern in patterns:
        if isinstance(pattern, ReferenceInlineProcessor):
            pattern.RE_LINK = _LABEL  # type: ignore[misc]


class _NoteReferences(InlineProcessor):
    """Takes `[^name]` for a reference, if there is such a note."""

    def __init__(self, md: markdown.Markdown, notes: Container[str]) -> None:
        super().__init__(r"\[\^([^\]\s]+)\]", md)
        self._notes = notes

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        if m[1].casefold() not in self._notes:
            return None, None, None
        return reference(m[1]), m.start(), m.end()


class _Tags(HtmlInlineProcessor):
    """Takes for tags only what HTML knows; `<your name>` stays text."""

    def __init__(self, md: markdown.Markdown, lost: list[str]) -> None:
        super().__init__(HTML_RE, md)
        self._lost = lost

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        if not is_tag(m[1], around=data):
            return None, None, None  # type: ignore[return-value]
        raw = self.backslash_unescape(self.unescape(m[1]))
        shown = with_shown_tags(raw, lost=self._lost)
        return self.md.htmlStash.store(shown), m.start(), m.end()


class _Entities(HtmlInlineProcessor):
    """Takes for entities only what HTML knows; browsers read `&notanentity;` as `¬anentity;`."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        is_known = m[1][1] == "#" or m[1][1:] in html5
        text = m[1] if is_known else f"&amp;{m[1][1:]}"
        return self.md.htmlStash.store(text), m.start(), m.end()


class _BareLink(Element):
    """A link that was made of a bare address."""


class _Bare(InlineProcessor):
    """Makes links of addresses of pages and mail in a text."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        text = _trimmed(m[0])
        is_page = "://" in text or "." in text.removeprefix("www.")
        if not (text[-1] not in "-_" if m["mail"] else is_page):
            return None, None, None
        if self._is_in_a_link(data[: m.start()]):
            return None, None, None
        prefix = "mailto:" if m["mail"] else "" if "://" in text else "http://"
        link = _BareLink("a", href=prefix + self.unescape(text))
        link.text = AtomicString(text)
        return link, m.start(), m.start() + len(text)

    def _is_in_a_link(self, before: str) -> bool:
        """Return whether the last tag that was written as HTML before it opens a link."""
        stage = self.md.treeprocessors["inline"]
        assert isinstance(stage, InlineStage)
        at = len(before)
        while (at := before.rfind(STX, 0, at)) >= 0:
            match = INLINE_PLACEHOLDER_RE.match(before, at)
            stored = stage.stashed_nodes.get(match[1]) if match else None
            if isinstance(stored, _BareLink):
                return False  # as was found for that one
            tag = HTML_PLACEHOLDER_RE.fullmatch(stored) if isinstance(stored, str) else None
            raw = str(self.md.htmlStash.rawHtmlBlocks[int(tag[1])]).lower() if tag else ""
            if raw.startswith(("<a ", "</a")):
                return raw.startswith("<a ")
        return False


def _trimmed(address: str) -> str:
    """Return an address without punctuation that belongs to the sentence around it."""
    end, unopened = len(address), address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        start = address.rfind("&", max(0, end - _LONGEST_ENTITY), end) if last == ";" else -1
        if start >= 0 and _ENTITY.fullmatch(address, start, end):
            end = start
        elif last in _END or (last == ")" and unopened > 0):
            unopened -= last == ")"
            end -= 1
        else:
            break
    return address[:end]


class _References(dict[str, tuple[str, str]]):
    """Addresses of links by label; finds labels with code and escaped characters in them."""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__()
        self._md = md

    def __contains__(self, label: object) -> bool:
        return super().__contains__(self._written(str(label)))

    def __getitem__(self, label: str) -> tuple[str, str]:
        return super().__getitem__(self._written(label))

    def _written(self, label: str) -> str:
        """Return a label as it was written, without what stands for code and characters."""
        stage = self._md.treeprocessors["inline"]
        assert isinstance(stage, InlineStage)

        def node(match: re.Match[str]) -> str:
            stored = stage.stashed_nodes.get(match[1], "")
            if not isinstance(stored, str):
                text = unescape("".join(stored.itertext()))
                return f"`{text}`" if stored.tag == "code" else text
            code = stored.strip(STX + ETX)
            return f"\\{chr(int(code))}" if code.isdecimal() else stored

        return " ".join(INLINE_PLACEHOLDER_RE.sub(node, label).casefold().split())
