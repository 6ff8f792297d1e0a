"""Finds the blocks of Markdown by CommonMark's rules, with tables, notes and definitions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsletter.render import block_patterns as patterns
from newsletter.render import tokens
from newsletter.render.late import RefusedError

_DEEPEST = 200


@dataclass(eq=False, slots=True)
class Block:
    """A container of blocks (quote, list, item, note …), or lines (text, heading, code …)."""

    kind: str
    children: list[Block] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    width: int = 0
    """What the lines of a container begin with, or the indent of a fence; level of a heading."""
    mark: str = ""
    """That of a list, an item or a fence; name of a note."""
    spaced: bool = False
    """Whether an empty line is between it and the block before."""
    aligned: list[str] = field(default_factory=list)
    html: patterns.Html | None = None


class Blocks:
    """Reads Markdown line by line into a tree of blocks."""

    def __init__(self) -> None:
        self.root = Block("root")
        self.notes: dict[str, Block] = {}
        self.references: dict[str, tuple[str, str]] = {}
        self._open = [self.root]  # containers, outermost first
        self._leaf: Block | None = None  # the last block, if the next line may belong to it
        self._empty: int | None = None  # number of quotes around the line before, if it was empty
        self._conditions = 0  # around the line

    def read(self, text: str) -> Block:
        """
        Return the root of the blocks of *text*.

        Raises:
            RefusedError: if lists and quotes are nested without end.
        """
        for line in text.split("\n"):
            self._read_line(line)
        self._close(1)
        return self.root

    def _read_line(self, line: str) -> None:
        leaf = self._leaf
        if leaf and leaf.kind == "text" and len(self._open) == 1 and line[:1].isalpha():
            leaf.lines.append(line)  # most lines; the rest would say the same
            return
        matched, rest = self._continued(line)
        whole = matched == len(self._open)
        if whole and self._leaf and self._goes_on(self._leaf, rest):
            return
        if whole and rest[:1].isalpha() and (self._leaf is None or self._is_text()):
            self._read_plain(rest)
            return
        opened = False
        while (inner := self._container(rest, matched, fresh=opened)) is not None:
            rest, opened, matched = inner, True, len(self._open)
        if not rest.strip():
            self._close(matched)
            self._empty = None if opened and self._open[-1].kind == "item" else self._quotes()
            return
        self._read_content(rest, matched, fresh=opened)
        self._empty = None

    def _continued(self, line: str) -> tuple[int, str]:
        """Return how many open containers a line continues, and the line without their marks."""
        for at, block in enumerate(self._open[1:], 1):
            if block.kind == "quote":
                match = patterns.QUOTE.match(line)
                if not match:
                    return at, line
                line = line[match.end() :]
            elif line.strip():
                if _indent(line) < block.width:
                    return at, line
                line = line[block.width :]
            elif not block.children:
                return at, line
        return len(self._open), line

    def _goes_on(self, leaf: Block, line: str) -> bool:
        """Add *line* to a block of code or HTML, if it belongs to it."""
        if leaf.kind == "fence":
            mark = line.strip()
            if _indent(line) < 4 and len(mark) >= len(leaf.mark) and not mark.strip(leaf.mark[0]):
                self._leaf = None
            else:
                leaf.lines.append(line[min(_indent(line), leaf.width) :])
            return True
        if leaf.html:
            if leaf.html.until_blank and (not line.strip() or patterns.BORDERS.fullmatch(line)):
                self._leaf = None
                return False
            leaf.lines.append(line)
            if not leaf.html.until_blank and leaf.html.end.search(line):
                self._leaf = None
            return True
        if leaf.kind == "code" and (not line.strip() or _indent(line) >= 4):
            leaf.lines.append(line[4:])
            self._empty = None if line.strip() else self._quotes()
            return not patterns.BORDERS.fullmatch(line)
        return False

    # ---- containers

    def _container(self, line: str, matched: int, *, fresh: bool) -> str | None:
        """Open the container that begins with *line*, if any, and return what follows its mark."""
        if not line.strip() or _indent(line) >= 4:
            return None
        if match := patterns.QUOTE.match(line):
            self._close(matched)
            self._push(Block("quote"))
            return line[match.end() :]
        item = None if patterns.RULE.match(line) else patterns.ITEM.match(line)
        if item:
            within = not fresh and matched == len(self._open) and self._is_text()
            may_begin = item[3] in (None, "1") and line[item.end() :].strip()
            return self._item(line, item, matched) if may_begin or not within else None
        if note := patterns.NOTE.match(line):
            self._close(matched)
            self._note(Block("note", width=4, mark=note[1]))
            return line[note.end() :]
        return self._definition(line, matched)

    def _item(self, line: str, match: re.Match[str], matched: int) -> str:
        start = match.end()
        if not line[start:].strip() or len(match[4]) > 4:
            start = match.end(2) + bool(match[4])
        self._close(matched)
        kind = match[2][-1]
        parent = self._open[-1]
        last = parent.children[-1] if parent.children else None
        if not last or (last.kind, last.mark) != ("list", kind):
            self._add(Block("list", mark=kind))
        width = max(start, match.end(2) + 1)
        self._push(Block("item", width=width, mark=match[3] or ""), parent.children[-1])
        return line[start:]

    def _definition(self, line: str, matched: int) -> str | None:
        match = patterns.DEFINITION.match(line)
        parent = self._open[matched - 1]
        last = parent.children[-1] if parent.children else None
        if not match or not last or last.kind not in ("text", "definitions"):
            return None
        self._close(matched)
        if last.kind == "text" and not last.lines:
            return None
        if last.kind == "text":
            parent.children.pop()
            terms = [Block("term", lines=[term]) for term in last.lines]
            if not parent.children or parent.children[-1].kind != "definitions":
                parent.children.append(Block("definitions", spaced=last.spaced))
            last = parent.children[-1]
            last.children += terms
        self._push(Block("definition", width=match.end()), last)
        return line[match.end() :]

    def _note(self, note: Block) -> None:
        near = f"[^{note.mark}]:"
        if self._conditions:
            message = "a note is inside {% … %}, but stands at the end for everybody"
            raise RefusedError(message, hint="put {% … %} inside the note", near=near)
        if self.notes.setdefault(note.mark.casefold(), note) is not note:
            message = f"there are two notes [^{note.mark}]"
            raise RefusedError(message, hint="give each a name of its own", near=near)
        self._push(note, Block("notes"))

    def _push(self, block: Block, parent: Block | None = None) -> None:
        self._add(block, parent)
        self._open.append(block)
        if sum(1 + bool(block.width) for block in self._open) > _DEEPEST:
            raise RefusedError(f"elements are nested more than {_DEEPEST} deep")

    def _add(self, block: Block, parent: Block | None = None) -> None:
        parent = parent or self._open[-1]
        block.spaced = bool(parent.children) and self._empty == self._quotes()
        parent.children.append(block)

    def _close(self, matched: int) -> None:
        """Close all but the first *matched* containers, and the last block."""
        if self._leaf and self._leaf.kind == "text":
            self._take_references(self._leaf)
        self._leaf = None
        del self._open[matched:]

    def _quotes(self) -> int:
        return sum(block.kind == "quote" for block in self._open)

    # ---- lines of text

    def _is_text(self) -> bool:
        return self._leaf is not None and self._leaf.kind == "text"

    def _read_plain(self, line: str) -> None:
        """Read a line that begins with a letter, as most do: nothing but text begins so."""
        if self._leaf:
            self._leaf.lines.append(line)
        else:
            self._close(len(self._open))
            self._start(Block("text", lines=[line]), line)
        self._empty = None

    def _read_content(self, line: str, matched: int, *, fresh: bool) -> None:
        """Read what is left of a line behind the marks of its containers."""
        whole = not fresh and matched == len(self._open)
        text = self._leaf if self._is_text() and not fresh else None
        block = self._block(line, interrupts=text is not None)
        if block and block.kind == "code" and text:
            block = None
        if text and whole and self._has_become(text, line, block):
            return
        if not block and text:
            text.lines.append(line.lstrip(" "))
            return
        if whole and not block and self._leaf and self._leaf.kind == "table":
            self._leaf.lines.append(line)
            return
        self._close(matched)
        self._start(block or Block("text", lines=[line.lstrip(" ")]), line)

    def _start(self, block: Block, line: str) -> None:
        self._add(block)
        if block.kind == "borders":
            kinds = [token[1] for token in tokens.TOKEN.finditer(line)]
            self._conditions += sum((k in tokens.OPENING) - (k in tokens.CLOSING) for k in kinds)
        ended = block.html and not block.html.until_blank and block.html.end.search(line)
        takes_more = block.kind in ("text", "fence", "html", "code") and not ended
        self._leaf = block if takes_more else None

    def _block(self, line: str, *, interrupts: bool) -> Block | None:
        """Return the block that begins with *line*, if that can be seen from the line alone."""
        if patterns.BORDERS.fullmatch(line):
            return Block("borders", lines=[line.strip()])
        if _indent(line) >= 4:
            return Block("code", lines=[line[4:]])
        if heading := patterns.heading(line):
            return Block("heading", lines=[heading[1]], width=heading[0])
        if fence := patterns.FENCE.match(line):
            return Block("fence", width=len(fence[1]), mark=fence[2])
        if html := patterns.html_start(line, interrupts=interrupts):
            return Block("html", lines=[line], html=html)
        return Block("rule") if patterns.RULE.match(line) else None

    def _has_become(self, text: Block, line: str, block: Block | None) -> bool:
        """Return whether *line* makes a heading of a text, or a table of its last line."""
        underline = patterns.UNDERLINE.match(line)
        if underline and self._take_references(text):
            text.kind, text.width = "heading", 1 if underline[1][0] == "=" else 2
            self._leaf = None
            return True
        aligned = None if block or not text.lines else patterns.alignments(text.lines[-1], line)
        if aligned is None:
            return False
        table = Block("table", lines=[text.lines.pop()], aligned=aligned, spaced=text.spaced)
        siblings = self._open[-1].children
        siblings[len(siblings) - (not text.lines) :] = [table]
        self._leaf = table
        return True

    def _take_references(self, text: Block) -> bool:
        """Take the addresses of links from the start of a text; return whether text is left."""
        left = "\n".join(text.lines)
        patterns.refuse_open_brackets(left)
        while left.lstrip(" ").startswith("[") and (match := patterns.REFERENCE.match(left)):
            label = " ".join(match[1].casefold().split())
            title = match[3][1:-1] if match[3] else ""
            address = (match[2].strip("<>"), title)
            if self.references.setdefault(label, address) != address and self._conditions:
                message = f"[{match[1]}]: has another address inside {{% … %}}"
                raise RefusedError(message, hint="write it at each link", near=f"[{match[1]}]:")
            left = left[match.end() :]
        text.lines = left.split("\n") if left else []
        return bool(text.lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
