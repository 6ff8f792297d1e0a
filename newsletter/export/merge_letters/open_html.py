"""A tree of HTML → HTML with a token for each field of a mail merge, and the cells of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import polars as pl

from newsletter.export.columns import about, anywhere, cells_of
from newsletter.export.merge_letters.paragraphs import BESIDE
from newsletter.export.merge_letters.unrolled_lists import ENDS, Loop, item_of, unrolled
from newsletter.export.print.blocks import INLINE, printed_address
from newsletter.merge.expressions import bare_field
from newsletter.model.template import Condition, Output, Part, Repeat, Tree, slots_of, texts_of
from newsletter.render.notes import REFERENCE
from newsletter.render.tokens import VALUE, token

_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_NAME = re.compile(r"</?([a-z0-9]+)")
_HREF, _ALT = (re.compile(rf'\b{name}="([^"]*)"') for name in ("href", "alt"))
_BACK = re.compile(rf'<a\b[^>]*href="{REFERENCE}[^>]*>[^<]*</a>')
"""A link from a note to its place in the text, which paper cannot follow."""
_SPACE = re.compile(r"[ \t\r\n\f]+")
_NOT_PACKED = ("a", "br", "img")
_NO_FIELD = "value"
"""What `about` says of an item of a list."""

Wrap = Callable[[Tree], Tree]
"""Puts a part back into the condition or the list that it stands in."""


@dataclass(frozen=True)
class Cells:
    """A field of the letter: the column it would like to be called, and each recipient's cell."""

    name: str
    texts: Sequence[str]
    fixed: str = ""
    """The column of every contact file that it is; empty: a column of its own."""
    same_words: bool = False
    """Whether it holds words of a condition, without a value of the recipient."""
    conditional: bool = False
    """Whether it stands in a condition or a list."""


@dataclass(frozen=True)
class _Open:
    """A part that is written for each recipient."""

    tree: Tree
    name: str
    fixed: str
    same_words: bool
    conditional: bool


@dataclass
class OpenHtml:
    """
    HTML whose open parts became fields of a mail merge, which prints texts and nothing else.

    What stands in a condition or a list keeps its tags, and each text between two tags becomes a
    field, which is empty for whom the condition does not hold. A paragraph that holds nothing but
    empty fields is left out by Word and Writer.
    """

    html: Tree
    fixed: Sequence[str]
    """Columns of every contact file."""
    packed: bool = False
    """Whether styles in conditions are left out, so that a paragraph needs but one field."""
    _opens: list[_Open] = field(default_factory=list)
    _numbers: dict[Tree, int] = field(default_factory=dict)

    def filled(
        self, people: pl.DataFrame, *, filters: Mapping[str, Any]
    ) -> tuple[str, Sequence[Cells]]:
        """
        Return the HTML, and the fields that its tokens number.

        A list takes as many items as the longest one among *people* has.
        """
        nodes = _Walk(self, (), 0).nodes(self.html, blocks=True)
        trees = {str(number): part.tree for number, part in enumerate(self._opens)}
        table = cells_of(trees, people, filters=filters)
        texts = [table[name].to_list() for name in trees]
        fields: dict[tuple[int, tuple[int, ...]], int] = {}
        html = "".join(unrolled(nodes, texts, (), fields))
        return html, [self._cells(number, path, texts[number]) for number, path in fields]

    def token(self, tree: Tree, wraps: Sequence[Wrap]) -> str:
        """Return the token of a part; equal parts share one."""
        plain = tuple(map(anywhere, tree))
        whole = plain
        for wrap in reversed(wraps):
            whole = wrap(whole)
        if whole not in self._numbers:
            self._numbers[whole] = len(self._opens)
            values = next(slots_of(plain), None)
            name = about(values) if values else _NO_FIELD
            name = about(next(slots_of(whole))) if name == _NO_FIELD else name
            fixed = _bare(whole)
            self._opens.append(
                _Open(
                    whole,
                    name if values else f"{name}_text",
                    fixed if fixed in self.fixed else "",
                    same_words=not values,
                    conditional=bool(wraps),
                )
            )
        return token(VALUE, self._numbers[whole])

    def _cells(self, number: int, path: tuple[int, ...], texts: Sequence[str]) -> Cells:
        part = self._opens[number]
        name = "_".join([part.name, *(str(step + 1) for step in path)])
        cells = [_SPACE.sub(" ", unescape(item_of(text, path))) for text in texts]
        return Cells(name, cells, part.fixed, part.same_words, part.conditional)


@dataclass
class _Walk:
    """One way through the parts of a tree, in the same conditions and lists."""

    whole: OpenHtml
    wraps: tuple[Wrap, ...]
    depth: int
    """How many lists stand around it."""
    made: list[str | Loop] = field(default_factory=list)
    run: list[Part] = field(default_factory=list)
    """Parts since the last tag."""
    space: bool = False
    """Whether a space between tags waits for the text behind it."""
    begins: bool = False
    """Whether a paragraph begins here."""
    cells: int = 0
    """How many cells of a row began."""
    links: list[tuple[str, int]] = field(default_factory=list)
    """The address of the link that is open, and where its text begins in the run."""

    def nodes(self, tree: Tree, *, blocks: bool) -> list[str | Loop]:
        """Return HTML with tokens, and loops; *blocks*: it stands between paragraphs."""
        self.begins = blocks
        for piece in self._pieces(tree):
            if isinstance(piece, str) and _TAG.fullmatch(piece):
                self._tag(piece)
            elif isinstance(piece, Condition | Repeat) and _has_tags(piece):
                self._flush()
                self._keep_space()
                self._descend(piece)
            elif self.wraps:
                self.run.append(piece)
            else:
                text = piece if isinstance(piece, str) else self.whole.token((piece,), ())
                self.made.append(text)
        self._flush(at_end=blocks)
        self._keep_space()
        return self.made

    def _pieces(self, tree: Tree) -> Iterator[Part]:
        """Yield tags and texts; values in a tag are tokens in it."""
        static = ""
        for part in tree:
            if isinstance(part, str):
                static += part
            elif static.rfind("<") > static.rfind(">"):
                whole = (replace(part, position="text"),) if isinstance(part, Output) else (part,)
                static += self.whole.token(whole, self.wraps)
            else:
                yield from _tags_and_texts(_BACK.sub("", static))
                yield part
                static = ""
        yield from _tags_and_texts(_BACK.sub("", static))

    def _tag(self, tag: str) -> None:
        name = _NAME.match(tag)
        inline = name is not None and name[1] in INLINE
        if self.wraps and inline and name is not None:
            if self.whole.packed and name[1] not in _NOT_PACKED:
                return
            if name[1] in ("a", "img"):
                self._guarded(tag, name[1])
                return
        self._flush(at_end=not inline)
        self.made.append(tag)
        if tag.startswith(("<tr", "</tr")):
            self.cells = 0
        elif tag.startswith(("<td", "<th")) and not tag.startswith("<thead"):
            self.cells += 1
        if not inline or tag.startswith("<br"):
            self.begins, self.space = True, False

    def _guarded(self, tag: str, name: str) -> None:
        """A picture becomes its description, and the address of a link follows in brackets."""
        if name == "img":
            alt = _ALT.search(tag)
            if alt and alt[1]:
                self._flush()
                self.made.append(f"<em>{self.whole.token((alt[1],), self.wraps)}</em>")
        elif tag.startswith("</"):
            target, begin = self.links.pop() if self.links else ("", 0)
            text = "".join(part for part in self.run[begin:] if isinstance(part, str))
            if shown := printed_address(target, text):
                self.run.append(f" ({shown})")
        else:
            href = _HREF.search(tag)
            self.links.append((href[1] if href else "", len(self.run)))

    def _keep_space(self) -> None:
        """Write a space that waits as a field, before a condition or at its end."""
        if self.space:
            self.made.append(self.whole.token((" ",), self.wraps))
            self.space = False

    def _descend(self, part: Condition | Repeat) -> None:
        blocks = _has_blocks((part,))
        if isinstance(part, Repeat):
            end = ENDS[self.depth]
            wraps = (*self.wraps, lambda tree: (Repeat(part.slot, (*tree, end)),))
            inner = _Walk(self.whole, wraps, self.depth + 1)
            self.made.append(Loop(inner.nodes(part.body, blocks=blocks)))
            return
        branches = [*(then for _, then in part.branches), part.otherwise]
        for number, then in enumerate(branches):
            wraps = (*self.wraps, _in_branch(part, number))
            self.made += _Walk(self.whole, wraps, self.depth).nodes(then, blocks=blocks)

    def _flush(self, *, at_end: bool = False) -> None:
        """Write the text since the last tag as one field; spaces go with the text behind them."""
        run, self.run = tuple(self.run), []
        if not run:
            return
        if all(isinstance(part, str) and not part.strip() for part in run):
            self.space = not self.begins
            return
        first, last = run[0], run[-1]
        if self.begins and isinstance(first, str):
            run = (first.lstrip(), *run[1:])
        if self.begins and self.cells > 1:
            run = (BESIDE, *run)
        elif self.space:
            run = (" ", *run)
        if at_end and isinstance(last, str):
            run = (*run[:-1], run[-1].rstrip() if isinstance(run[-1], str) else run[-1])
        self.begins = self.space = False
        self.made.append(self.whole.token(run, self.wraps))


def _in_branch(condition: Condition, number: int) -> Wrap:
    """Return what puts a part into a branch of a condition, whose others become empty."""

    def wrap(tree: Tree) -> Tree:
        branches = [(slot, ()) for slot, _ in condition.branches[:number]]
        if number == len(condition.branches):
            return (Condition(tuple(branches), tree),)
        slot, _ = condition.branches[number]
        return (Condition((*branches, (slot, tree))),)

    return wrap


def _bare(tree: Tree) -> str:
    """Return the field that a tree prints as it is; empty if it prints anything else."""
    match tree:
        case (Output(slot=slot),):
            return bare_field(slot.expression)
    return ""


def _tags_and_texts(static: str) -> Iterator[str]:
    end = 0
    for tag in _TAG.finditer(static):
        if tag.start() > end:
            yield static[end : tag.start()]
        yield tag[0]
        end = tag.end()
    if static[end:]:
        yield static[end:]


def _has_tags(part: Part) -> bool:
    return any("<" in text for text in texts_of((part,)))


def _has_blocks(tree: Tree) -> bool:
    names = (name for text in texts_of(tree) for name in _NAME.findall(text))
    return any(name not in INLINE for name in names)
