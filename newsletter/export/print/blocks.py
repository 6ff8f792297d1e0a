"""HTML of a text → the blocks that print/text.typ lays out, as data for JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from newsletter.model.language import text_direction
from newsletter.render.notes import REFERENCE

Block = dict[str, Any]
"""`kind` (paragraph, heading, list, quote, picture, code, table, rule, passage) and its parts."""
Inline = list[Any]
"""Texts, and dictionaries with `style` or `link` around further parts."""

_STYLES = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "cite"), "emph"),
    **dict.fromkeys(("s", "del"), "strike"),
    **dict.fromkeys(("code", "kbd"), "code"),
    **{name: name for name in ("u", "sub", "sup", "small")},
}
_VOID = {"br", "hr", "img"}
INLINE = {*_STYLES, "a", "br", "img", "ins", "abbr", "q", "span", "bdi"}
"""Elements that do not begin a paragraph."""
_HEADING = re.compile(r"h([1-6])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)")


def blocks_of(html: str, *, picture: Callable[[str], str]) -> list[Block]:
    """
    Return the blocks of sanitised *html*.

    *picture* returns the key of a picture by its address, or an empty text if it cannot be
    printed; its description is then printed instead. Links are followed by their address, because
    a reader on paper cannot follow them.
    """
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return list(_blocks(tree.root.children, picture))


def plain(text: Inline) -> str:
    """Return inline parts without styles."""
    return "".join(part if isinstance(part, str) else plain(part.get("text", [])) for part in text)


_BREAK = {"style": "break"}


@dataclass
class _Element:
    """An element of the text; its children are elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Element | str] = field(default_factory=list)


class _Tree(HTMLParser):
    """Reads HTML whose elements are all closed, as the sanitiser returns it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("body")
        self._open = [self.root]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and len(self._open) > 1:
            self._open.pop()


def _blocks(children: Sequence[_Element | str], picture: Callable[[str], str]) -> Iterator[Block]:
    """Yield a block for each block element, and paragraphs for the text between them."""
    loose: list[_Element | str] = []
    for child in children:
        if isinstance(child, str) or child.tag in INLINE:
            loose.append(child)
        else:
            yield from _paragraph(loose, picture)
            loose = []
            yield from _in_its_language(child, list(_block(child, picture)))
    yield from _paragraph(loose, picture)


def _paragraph(
    children: Sequence[_Element | str], picture: Callable[[str], str]
) -> Iterator[Block]:
    """Yield the text as a paragraph, and each picture in it as a block of its own."""
    pictures = [child for child in children if isinstance(child, _Element) and child.tag == "img"]
    shown = [child for child in pictures if picture(child.attributes.get("src", ""))]
    text = _stripped(_inline([child for child in children if child not in shown]))
    for child in shown:
        key = picture(child.attributes["src"])
        yield {"kind": "picture", "file": key, "alt": child.attributes.get("alt", "")}
    if text:
        yield {"kind": "paragraph", "text": text}


def _in_its_language(element: _Element, blocks: list[Block]) -> list[Block]:
    language = element.attributes.get("lang", "")
    if not language or not blocks:
        return blocks
    direction = text_direction(language)
    return [{"kind": "passage", "language": language, "direction": direction, "blocks": blocks}]


def _block(element: _Element, picture: Callable[[str], str]) -> Iterator[Block]:
    tag, children = element.tag, element.children
    if heading := _HEADING.fullmatch(tag):
        yield {"kind": "heading", "level": int(heading[1]), "text": _stripped(_inline(children))}
    elif tag == "p":
        yield from _paragraph(children, picture)
    elif tag in ("dt", "caption", "summary"):
        yield {"kind": "paragraph", "text": [{"style": "strong", "text": _inline(children)}]}
    elif tag in ("ul", "ol"):
        items = [child for child in children if isinstance(child, _Element)]
        start = element.attributes.get("start", "1")
        yield {
            "kind": "list",
            "start": (int(start) if start.isdecimal() else 1) if tag == "ol" else None,
            "items": [list(_blocks(item.children, picture)) for item in items],
        }
    elif tag == "blockquote":
        yield {"kind": "quote", "blocks": list(_blocks(children, picture))}
    elif tag == "pre":
        yield {"kind": "code", "text": "".join(_texts(element)).strip("\n")}
    elif tag == "table":
        yield {"kind": "table", "rows": list(_rows(element))}
    elif tag == "hr":
        yield {"kind": "rule"}
    else:
        yield from _blocks(children, picture)


def _rows(element: _Element) -> Iterator[list[dict[str, Any]]]:
    for child in element.children:
        if isinstance(child, str):
            continue
        if child.tag == "tr":
            cells = [cell for cell in child.children if isinstance(cell, _Element)]
            yield [
                {"text": _stripped(_inline(cell.children)), "heading": cell.tag == "th"}
                for cell in cells
            ]
        else:
            yield from _rows(child)


def _inline(children: Sequence[_Element | str]) -> Inline:
    parts: Inline = []
    for child in children:
        if isinstance(child, str):
            parts.append(_SPACE.sub(" ", child))
        elif child.tag == "br":
            parts.append(_BREAK)
        elif child.tag == "img":
            alt = child.attributes.get("alt", "")
            parts += [{"style": "emph", "text": [alt]}] if alt else []
        elif child.tag == "a":
            parts += _link(child)
        elif child.tag in _STYLES:
            parts.append({"style": _STYLES[child.tag], "text": _inline(child.children)})
        else:
            parts += _inline(child.children)
    return parts


def _link(element: _Element) -> Inline:
    """Return the text of a link, and its address unless the text contains it."""
    text, target = _inline(element.children), element.attributes.get("href", "")
    if target.startswith("#"):  # paper has no places to go to
        return [] if target.startswith(REFERENCE) else text
    return [{"link": target, "text": text, "address": printed_address(target, plain(text))}]


def printed_address(target: str, text: str) -> str:
    """Return the address to print behind the *text* of a link; empty: the text says it."""
    address = _SCHEME.sub("", target).rstrip("/")
    is_told = target.startswith("#") or _SCHEME.sub("", text.strip()).rstrip("/") == address
    return "" if is_told else address


def _stripped(text: Inline) -> Inline:
    """Return inline parts without spaces at their ends and around line breaks."""
    parts: Inline = []
    for part in text:
        if part == _BREAK:
            _strip_end(parts)
            parts.append(part)
        elif isinstance(part, str) and (not parts or parts[-1] == _BREAK):
            parts += [part.lstrip(" ")] if part.lstrip(" ") else []
        else:
            parts.append(part)
    while parts and (
        parts[-1] == _BREAK or (isinstance(parts[-1], str) and not parts[-1].strip())
    ):
        parts.pop()
    _strip_end(parts)
    return parts


def _strip_end(parts: Inline) -> None:
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip(" ")


def _texts(element: _Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _texts(child)
