"""The cells of a contact file: what the texts print of each customer, and what was asked for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import Any

import polars as pl

from newsletter.export.columns import Columns, Steps, cells_of, items_written
from newsletter.export.merge_letters.unrolled_lists import ENDS, item_of
from newsletter.export.programs.profile import EMAIL, NAMES, UNSEEN, Program
from newsletter.merge.compile import compile_texts
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.rows import slices, written_for
from newsletter.model.template import Condition, Output, Repeat, Slot, Tree

LOOK_ALIKES = str.maketrans({"'": "’", '"': "”", "<": "‹", ">": "›", "&": "＆", "\\": "＼"})
"""For cells that must be the same whether or not a program escapes them in HTML."""
_ADDRESS = re.compile(r"((?:https?|mailto|tel):[^\s\"<>\\]*)")
_IN_HTML = ("text", "attribute", "url", "url_part", "contact", "style")


@dataclass(frozen=True, kw_only=True)
class ContactRows:
    """The cells of a mailing's recipients for a program."""

    program: Program
    people: pl.DataFrame
    filters: Any
    """The filters of expressions, in the language of the mailing."""
    also: tuple[str, ...] = ()
    """Further columns of the customer file."""
    _remembered: dict[tuple[str, ...], list[pl.DataFrame]] = field(default_factory=dict)

    def of(self, columns: Columns, names: Collection[str]) -> Iterator[pl.DataFrame]:
        """Yield the address, the names and some *columns* of all recipients, in slices."""
        key = tuple(names)
        if key in self._remembered:
            yield from self._remembered[key]
            return
        parts = self._slices
        frames = (self._frame(part, columns, names) for part in parts)
        if len(parts) > 1:
            yield from frames
        else:
            yield from self._remembered.setdefault(key, list(frames))

    @cached_property
    def _slices(self) -> Sequence[pl.DataFrame]:
        return [*slices(self.people)] or [self.people]

    def _frame(self, part: pl.DataFrame, columns: Columns, names: Collection[str]) -> pl.DataFrame:
        fixed = part.select(pl.col(EMAIL, *NAMES).fill_null(""), *map(self._also, self.also))
        trees = {name: columns.cells[name] for name in names}
        cells = cells_of(trees, part, filters=self.filters, steps=columns.steps)
        if self.program.plain_cells:
            fixed = fixed.with_columns(map(self._plain, fixed.drop(EMAIL)))
            cells = cells.with_columns(
                self._plain(cells[name], in_html=_is_in_html(tree)) for name, tree in trees.items()
            )
        return pl.concat([fixed, cells], how="horizontal")

    def most_items(self, slot: Slot, lists: Sequence[Slot], steps: Steps) -> int:
        """Return how many items a list has at most, in an item of the lists around it."""
        end = ENDS[len(lists)]
        tree = items_written((), (*lists, slot))
        most = 0
        for part in self._slices:
            texts = cells_of({"items": tree}, part, filters=self.filters)["items"]
            most = max([most, *(item_of(text, steps).count(end) for text in texts)])
        return most

    def words_for_nobody(
        self, columns: Columns, names: Collection[str], nobody: Mapping[str, object]
    ) -> Mapping[str, str]:
        """Return the words of some *columns* for an unknown reader, if no cell is empty."""
        trees = {name: columns.cells[name] for name in names}
        compiled = compile_texts(list(trees.values()), MergeEnvironment(self.filters))
        texts = {
            name: written_for(text, nobody.get) for name, text in zip(trees, compiled, strict=True)
        }
        words = {name: text for name, text in texts.items() if text and isinstance(text, str)}
        for part in slices(self.people):
            cells = cells_of({name: trees[name] for name in words}, part, filters=self.filters)
            words = {name: words[name] for name in words if not (cells[name] == "").any()}
        return words

    def _plain(self, cells: pl.Series, *, in_html: bool = False) -> pl.Series:
        """Return cells that are the same whether the program escapes them or not."""
        if not cells.str.contains(r"[&<>\"'\\]|^\s|\s$").any():
            return cells
        return cells.map_elements(
            lambda cell: plain(unescape(cell) if in_html else cell), return_dtype=pl.String
        )

    def _also(self, name: str) -> pl.Expr:
        """Return a column of the customer file as the program reads it."""
        dtype, column = self.people.schema[name], pl.col(name)
        if name == "birthday":
            return column.map_elements(self._birthday, return_dtype=pl.String).fill_null("")
        if dtype == pl.Date:
            column = column.dt.to_string(self.program.dates)
        elif isinstance(dtype, pl.List):
            column = column.cast(pl.List(pl.String)).list.join(", ")
        return column.cast(pl.String).fill_null("")

    def _birthday(self, birthday: str) -> str:
        """Return a birthday; without its year if that is not known or not wanted."""
        year, month, day = birthday.rsplit("-", 2)
        known = year.isdigit()
        if not known and "%Y" in self.program.birthdays:
            return ""
        date = dt.date(int(year) if known else 2000, int(month), int(day))  # 2000: a leap year
        return date.strftime(self.program.birthdays)


def plain(cell: str) -> str:
    """
    Return a cell whose signs of HTML are letters that look alike; addresses stay as they are.

    Spaces at its ends, which programs trim, are kept inside signs that are not seen.
    """
    words = _ADDRESS.split(cell)
    words[::2] = [text.translate(LOOK_ALIKES) for text in words[::2]]
    words[1::2] = [address.replace("'", "%27") for address in words[1::2]]
    text = "".join(words)
    before = UNSEEN if text[:1].isspace() else ""
    after = UNSEEN if text[-1:].isspace() else ""
    return f"{before}{text}{after}"


def _is_in_html(tree: Tree) -> bool:
    for piece in tree:
        match piece:
            case Output(position=position):
                return position in _IN_HTML
            case Repeat(body=body) if body:
                return _is_in_html(body)
            case Condition(branches=branches, otherwise=otherwise):
                return any(map(_is_in_html, [*(then for _, then in branches), otherwise]))
    return False
