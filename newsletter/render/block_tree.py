"""Turns the blocks of Markdown into HTML elements, their text still Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element, SubElement

from newsletter.render import block_patterns as patterns
from newsletter.render.block_parser import Block


class BlockTree:
    """Fills elements; *stash* returns what stands for HTML as written, *code* for code."""

    def __init__(self, *, stash: Callable[[str], str], code: Callable[[str], str]) -> None:
        self._stash, self._code = stash, code

    def fill(self, parent: Element, blocks: Iterable[Block], *, tight: bool = False) -> None:
        """Add an element for each block to *parent*; texts of a *tight* list are no paragraphs."""
        for block in blocks:
            if block.kind == "text" and not block.lines:
                continue  # nothing but addresses of links
            if block.kind == "html":
                _append(parent, self._stash("\n".join(block.lines)))
            elif block.kind == "text" and tight:
                _append(parent, _text(block))
            else:
                _ADD[block.kind](self, parent, block)

    def _paragraph(self, parent: Element, block: Block) -> None:
        SubElement(parent, "p").text = _text(block)

    def _heading(self, parent: Element, block: Block) -> None:
        """Add a heading; the highest is an h2, below the title of its entry or issue."""
        SubElement(parent, f"h{max(2, block.width)}").text = _text(block)

    def _rule(self, parent: Element, _: Block) -> None:
        SubElement(parent, "hr")

    def _code_block(self, parent: Element, block: Block) -> None:
        text = "\n".join(block.lines) + "\n"
        SubElement(SubElement(parent, "pre"), "code").text = self._code(text)

    def _quote(self, parent: Element, block: Block) -> None:
        self.fill(SubElement(parent, "blockquote"), block.children)

    def _list(self, parent: Element, block: Block) -> None:
        number = block.children[0].mark
        element = SubElement(parent, "ol" if number else "ul")
        if number and int(number) != 1:
            element.set("start", str(int(number)))
        tight = not any(part.spaced for item in block.children for part in (item, *item.children))
        for item in block.children:
            has_borders = any(child.kind == "borders" for child in item.children)
            _mark_task(item)
            self.fill(SubElement(element, "li"), item.children, tight=tight and not has_borders)

    def _definitions(self, parent: Element, block: Block) -> None:
        element = SubElement(parent, "dl")
        for part in block.children:
            if part.kind == "term":
                SubElement(element, "dt").text = _text(part)
            else:
                loose = part.spaced or any(child.spaced for child in part.children)
                self.fill(SubElement(element, "dd"), part.children, tight=not loose)

    def _table(self, parent: Element, block: Block) -> None:
        table = SubElement(parent, "table")
        head, *rows = block.lines
        _add_row(SubElement(table, "thead"), "th", head, block.aligned)
        body = SubElement(table, "tbody") if rows else table
        for row in rows:
            _add_row(body, "td", row, block.aligned)


_ADD: dict[str, Callable[[BlockTree, Element, Block], None]] = {
    "text": BlockTree._paragraph,
    "borders": BlockTree._paragraph,
    "heading": BlockTree._heading,
    "rule": BlockTree._rule,
    "code": BlockTree._code_block,
    "fence": BlockTree._code_block,
    "quote": BlockTree._quote,
    "list": BlockTree._list,
    "definitions": BlockTree._definitions,
    "table": BlockTree._table,
}


def _add_row(parent: Element, tag: str, line: str, aligned: list[str]) -> None:
    row = SubElement(parent, "tr")
    texts = patterns.cells(line)[: len(aligned)]
    texts += [""] * (len(aligned) - len(texts))
    for text, side in zip(texts, aligned, strict=True):
        cell = SubElement(row, tag)
        cell.text = text
        if tag == "th":
            cell.set("scope", "col")
        if side:
            cell.set("align", side)


def _mark_task(item: Block) -> None:
    """Show `[ ]` and `[x]` at the start of an item as boxes; mail programs show no inputs."""
    if item.children and item.children[0].kind == "text":
        lines = item.children[0].lines
        lines[:1] = [
            patterns.TASK.sub(lambda m: "☐" if m[1] == " " else "☑", line) for line in lines[:1]
        ]


def _text(block: Block) -> str:
    return "\n".join(block.lines).strip()


def _append(parent: Element, text: str) -> None:
    """Add a text behind all that is in *parent*."""
    last = parent[-1] if len(parent) else None
    before = parent.text if last is None else last.tail
    joined = f"{before}\n{text}" if before else text
    if last is None:
        parent.text = joined
    else:
        last.tail = joined
