"""A text tree as columns: values that a mail-merge program cannot calculate are written there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import polars as pl

from newsletter.errors import Place
from newsletter.export.merge_letters.unrolled_lists import ENDS, item_of
from newsletter.merge.compile import compile_texts
from newsletter.merge.expressions import MergeEnvironment, bare_field
from newsletter.merge.rows import Slice, joined
from newsletter.model import template
from newsletter.model.template import Output, Part, Repeat, Slot, Tree, slots_of, texts_of

_FIELD = re.compile(r"customer\.(\w+)")
_ITEM_FIELD = re.compile(r"\b\w+_\d+\.(\w+)")
"""A field of an item of a list: variables of lists have numbers."""
_NOWHERE = Place(path="")
_ADDRESSES = ("url", "url_part", "contact", "style")
"""Positions in which a value is written otherwise than in a text."""


@dataclass(frozen=True)
class Condition:
    """Parts for some recipients: the first branch whose flag, a column, is `1`."""

    branches: tuple[tuple[str, tuple[Piece, ...]], ...]
    otherwise: tuple[Piece, ...]


@dataclass(frozen=True)
class Column:
    """A place where the column's cell is printed."""

    name: str


@dataclass(frozen=True)
class Tag:
    """A place where the program prints an address of its own instead of one of ours."""

    name: str
    """Of our address: unsubscribe_url."""


Piece = str | Column | Condition | Tag
Steps = tuple[int, ...]
"""Which item is meant in each of the lists around."""


@dataclass
class Columns:
    """The columns that a text needs besides the fixed ones."""

    fixed: tuple[str, ...] = ()
    """Columns that every table has: unchanged fields of the customer file."""
    same_in_html: frozenset[str] = frozenset()
    """Those of them in which no customer has a letter that is written otherwise in HTML."""
    spaced: frozenset[str] = frozenset()
    """Those of them in which a customer has spaces that a header leaves out."""
    tags: frozenset[str] = frozenset()
    """Fields instead of which the program prints an address of its own."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """Name of a tag → the address that stands in the text where the program prints its own."""
    exclusive: bool = False
    """Whether a flag is `1` only if those of earlier branches are not; so is that of `else`."""
    longest: Callable[[Slot, Sequence[Slot], Steps], int] | None = None
    """How many items a list has at most, in an item of the lists around it; None: the program's
    cells hold finished lists."""
    words: bool = False
    """Whether a condition or list without tags becomes a column of words in HTML, too."""
    cells: dict[str, Tree] = field(default_factory=dict)
    """Column name → the tree that writes a customer's cell."""
    steps: dict[str, Steps] = field(default_factory=dict)
    """Column of an item of lists → its place in them; its tree writes all items."""
    flags: set[str] = field(default_factory=set)
    """Those of them that hold `1` or nothing."""
    _lists: tuple[Slot, ...] = ()
    _steps: Steps = ()

    def pieces(self, text: Tree, *, keep_conditions: bool) -> tuple[Piece, ...]:
        """
        Return a message template's text as static text, cells and conditions.

        A value becomes a column. A loop becomes a column that holds its finished text. So does
        a condition without *keep_conditions*, for programs that have no `if`.
        """
        pieces: list[Piece] = []
        for part in text:
            if isinstance(part, str):
                pieces += self._static(part)
            elif keep_conditions and self.longest and isinstance(part, Repeat):
                keep = not self._is_words(part)
                pieces += self._items(part) if keep else [self._piece(part, keep=False)]
            else:
                keep = keep_conditions and not self._is_words(part)
                pieces.append(self._piece(part, keep=keep))
        return tuple(pieces)

    def _is_words(self, part: Part) -> bool:
        """Return whether a part is printed as words of a column, which it can be without tags."""
        fields = (bare_field(slot.expression) for slot in slots_of((part,)))
        return (
            self.words
            and not any("<" in text for text in texts_of((part,)))
            and self.tags.isdisjoint(fields)
        )

    def _items(self, part: Repeat) -> Iterator[Condition]:
        """Yield what is printed for each item of the longest list, for whom has that many."""
        assert self.longest is not None
        lists, steps = self._lists, self._steps
        for step in range(self.longest(part.slot, lists, steps)):
            self._lists, self._steps = (*lists, part.slot), (*steps, step)
            flag = self._column(f"has_{about(part.slot)}_{step + 1}", "1")
            self.flags.add(flag)
            yield Condition(((flag, self.pieces(part.body, keep_conditions=True)),), ())
        self._lists, self._steps = lists, steps

    def _static(self, text: str) -> Iterator[str | Tag]:
        """Yield a static text with tags in place of addresses that end there."""
        for name, address in self.pages.items():
            written = "|".join(map(re.escape, {address, escape(address)}))
            before, *others = re.split(rf"(?:{written})(?![\w/?#&=%~+-])", text)
            if others:
                yield from self._static(before)
                for after in others:
                    yield Tag(name)
                    yield from self._static(after)
                return
        if text:
            yield text

    def _piece(self, part: Output | Repeat | template.Condition, *, keep: bool) -> Piece:
        match part:
            case Output():
                return self._value(part)
            case Repeat():
                return Column(self._column(f"{about(part.slot)}_list", part))
            case template.Condition():
                if not keep:
                    return Column(self._column(f"{about(part.branches[0][0])}_text", part))
                branches = [
                    (self._flag(part, number), self.pieces(then, keep_conditions=True))
                    for number, (_, then) in enumerate(part.branches)
                ]
                otherwise = self.pieces(part.otherwise, keep_conditions=True)
                if self.exclusive and otherwise:
                    branches.append((self._flag(part, len(branches)), otherwise))
                    otherwise = ()
                return Condition(tuple(branches), otherwise)

    def _value(self, part: Output) -> Column | Tag:
        field = bare_field(part.slot.expression)
        if field in self.tags:
            return Tag(field)
        in_text = {"plain": {*self.fixed}, "header": {*self.fixed} - self.spaced}
        same = in_text.get(part.position, self.same_in_html)
        if field in same and part.position not in _ADDRESSES:
            return Column(field)
        return Column(self._column(about(part.slot), part))

    def _flag(self, part: template.Condition, number: int) -> str:
        """Return the column that says whether a branch holds; after the last one, `else`."""
        name = self._column(*self._flag_cell(part, number))
        self.flags.add(name)
        return name

    def _flag_cell(self, part: template.Condition, number: int) -> tuple[str, Part]:
        slots = [slot for slot, _ in part.branches]
        before = slots[:number] if self.exclusive else []
        if number == len(slots):
            name = f"no_{about(slots[0])}"
            return name, template.Condition(_nothing(slots), ("1",))
        slot = slots[number]
        name = about(slot)
        if not name.startswith("show_"):
            name = f"has_{name}" if slot.expression == f"customer.{name}" else f"if_{name}"
        return name, template.Condition((*_nothing(before), (slot, ("1",))))

    def _column(self, name: str, part: Part) -> str:
        """Return the column of *part*, with a number if another part has that name."""
        if self._steps and not name.startswith("has_"):
            slot = next(slots_of((part,)))
            item = _ITEM_FIELD.search(slot.expression)
            named = item[1] if item else about(slot)
            named = f"if_{named}" if name.startswith("if_") else named
            name = f"{about(self._lists[-1])}_{self._steps[-1] + 1}_{named}"
        cell, wanted, number = items_written((anywhere(part),), self._lists), name, 1
        while name in self.fixed or not self._is(name, cell):
            number += 1
            name = f"{wanted}_{number}"
        return name

    def _is(self, name: str, cell: Tree) -> bool:
        """Return whether a column holds a cell, after adding it if there is none of that name."""
        if name not in self.cells:
            self.cells[name] = cell
            self.steps[name] = self._steps
        return self.cells[name] == cell and self.steps[name] == self._steps


def items_written(tree: Tree, lists: Sequence[Slot]) -> Tree:
    """Return a tree that is written for each item of *lists*, with an end behind each."""
    for depth, slot in reversed(list(enumerate(lists))):
        tree = (Repeat(replace(slot, at=_NOWHERE), (*tree, ENDS[depth])),)
    return tree


def cells_of(
    columns: Mapping[str, Tree],
    recipients: pl.DataFrame,
    *,
    filters: Mapping[str, Callable[..., Any]],
    steps: Mapping[str, Steps] | None = None,
) -> pl.DataFrame:
    """
    Return the cells of each recipient as texts; missing values are empty.

    So are values that fail: who reads one of them gets no message, and is no recipient.
    """
    compiled = compile_texts(list(columns.values()), MergeEnvironment(filters), cells=True)
    part = Slice(recipients)
    cells = {
        name: [cell if type(cell) is str else "" for cell in joined(text, part)]
        for name, text in zip(columns, compiled, strict=True)
    }
    for name, path in (steps or {}).items():
        if path and name in cells:
            cells[name] = [item_of(cell, path) for cell in cells[name]]
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String()))


def copied_field(cell: Tree, schema: Mapping[str, pl.DataType]) -> str:
    """Return the field that a cell copies; empty if the cell must be calculated."""
    match cell:
        case (Output(slot=slot, position="plain"),):
            field = bare_field(slot.expression)
            dtype = schema.get(field)
            simple = dtype is not None and (dtype == pl.String or dtype.is_integer())
            return field if simple else ""
    return ""


def _nothing(slots: Sequence[Slot]) -> tuple[tuple[Slot, Tree], ...]:
    return tuple((slot, ()) for slot in slots)


def about(slot: Slot) -> str:
    """Return the field that an expression reads first, after which its column is called."""
    first_field = _FIELD.search(slot.expression)
    return first_field[1] if first_field else "value"


def anywhere(part: Part) -> Part:
    """Return the part without its places, so that parts with the same meaning are equal."""
    match part:
        case Output():
            return replace(part, slot=replace(part.slot, at=_NOWHERE))
        case Repeat():
            slot = replace(part.slot, at=_NOWHERE)
            return Repeat(slot, tuple(map(anywhere, part.body)))
        case template.Condition():
            branches = [
                (replace(slot, at=_NOWHERE), tuple(map(anywhere, then)))
                for slot, then in part.branches
            ]
            return template.Condition(tuple(branches), tuple(map(anywhere, part.otherwise)))
    return part
