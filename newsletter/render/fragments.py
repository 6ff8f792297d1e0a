"""A fragment: one bound text with slots of its own, kept by what it was made from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from newsletter.errors import Place
from newsletter.model.template import Condition, Output, Part, Repeat, Slot, Tree
from newsletter.render import tokens

TEXT = "<text>"
"""The path of places in a fragment's own source, whose lines count from 1."""
_MOST = 10_000
"""Fragments in the memory: some thousand entries and their translations."""
_MOST_TREES = 500
"""Trees in the memory: whole messages, of which each edit in a process that stays leaves one."""


@dataclass(frozen=True)
class Fragment:
    """A bound text; its tokens are numbered from 0."""

    texts: tuple[str, ...]
    """A body, a line, a text layout; of an HTML layout its HTML and its CSS."""
    slots: tuple[Slot, ...] = ()

    @property
    def text(self) -> str:
        """The first text, which is all of most."""
        return self.texts[0]


@dataclass
class Composition:
    """Fragments put together: their slots one after the other."""

    slots: list[Slot] = field(default_factory=list)

    def add(self, fragment: Fragment, place: Callable[[Place], Place]) -> tuple[str, ...]:
        """Return a fragment's texts with their tokens renumbered; *place* finds slots in files."""
        offset = len(self.slots)
        self.slots += [replace(slot, at=place(slot.at)) for slot in fragment.slots]
        return tuple(tokens.renumbered(text, offset) for text in fragment.texts)


class Store(Protocol):
    """Texts by key that outlive the process."""

    def get(self, key: str) -> str | None:
        """Return a text; None if there is none."""

    def put(self, key: str, text: str) -> None:
        """Keep a text."""


@dataclass(frozen=True)
class Kept:
    """A fragment and what it read while it was made; it serves as long as that is the same."""

    fragment: Fragment
    names: Mapping[str, str]
    """Name that it read beside `customer` → key of its value; empty: there was none."""
    fields: Mapping[str, str]
    """Field of the customer → its type."""


class Fragments:
    """Fragments and trees of this process and, with a store, of those before."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        self._fragments: dict[str, Kept] = {}
        self._trees: dict[str, Any] = {}

    def fragment(self, key: str) -> Kept | None:
        """Return the fragment that was last made of what has this key."""
        if key not in self._fragments and (found := self.load(key)):
            self._fragments[key] = _kept(found)
        return self._fragments.get(key)

    def keep(self, key: str, kept: Kept) -> None:
        """Keep a fragment."""
        _bound(self._fragments, _MOST)[key] = kept
        self.save(key, _plain(kept))

    def tree(self, key: str, slots: list[Slot]) -> Tree | None:
        """Return the tree that was made of what has this key, with these slots."""
        if key not in self._trees and (found := self.load(key)):
            self._trees[key] = found
        return tree_of(self._trees[key], slots) if key in self._trees else None

    def keep_tree(self, key: str, tree: Tree, slots: list[Slot]) -> None:
        """Keep a tree that was made with these slots."""
        numbers = {slot: number for number, slot in enumerate(slots)}
        _bound(self._trees, _MOST_TREES)[key] = plain = plain_tree(tree, numbers)
        self.save(key, plain)

    def load(self, key: str) -> Any:
        """Return what earlier processes saved under this key: lists and texts; None: nothing."""
        text = self._store.get(key) if self._store is not None else None
        try:
            return json.loads(text) if text else None
        except ValueError:  # somebody changed the store: it is made again
            return None

    def save(self, key: str, plain: Any) -> None:
        """Save lists and texts for later processes."""
        if self._store is not None:
            self._store.put(key, json.dumps(plain, ensure_ascii=False))


def plain_tree(tree: Tree, numbers: Mapping[Slot, int]) -> list[Any]:
    """Return a tree as lists and texts, its slots by number."""
    return [_plain_part(part, numbers) for part in tree]


def _plain_part(part: Part, numbers: Mapping[Slot, int]) -> Any:
    match part:
        case Output(slot, position):
            return [tokens.VALUE, numbers[slot], position]
        case Condition(branches, otherwise):
            plain = [[numbers[slot], plain_tree(then, numbers)] for slot, then in branches]
            return [tokens.IF, plain, plain_tree(otherwise, numbers)]
        case Repeat(slot, body):
            return [tokens.FOR, numbers[slot], plain_tree(body, numbers)]
    return part


def tree_of(plain: list[Any], slots: list[Slot]) -> Tree:
    """Return the tree that `plain_tree` made lists of."""
    return tuple(_part(part, slots) for part in plain)


def _part(plain: Any, slots: list[Slot]) -> Part:
    if isinstance(plain, str):
        return plain
    kind, what, rest = plain
    if kind == tokens.VALUE:
        return Output(slots[what], rest)
    if kind == tokens.FOR:
        return Repeat(slots[what], tree_of(rest, slots))
    branches = tuple((slots[number], tree_of(then, slots)) for number, then in what)
    return Condition(branches, tree_of(rest, slots))


def _plain(kept: Kept) -> Any:
    slots = [
        [slot.expression, slot.at.path, slot.at.line, slot.names, slot.records, slot.written]
        for slot in kept.fragment.slots
    ]
    return [kept.fragment.texts, slots, dict(kept.names), dict(kept.fields)]


def _kept(plain: Any) -> Kept:
    texts, slots, names, fields = plain
    made = (
        Slot(expression, Place(path=path, line=line), tuple(variables), records, written)
        for expression, path, line, variables, records, written in slots
    )
    return Kept(Fragment(tuple(texts), tuple(made)), names, fields)


def _bound(kept: dict[str, Any], most: int) -> dict[str, Any]:
    """Return what is kept, with room for one more: the oldest goes."""
    if len(kept) >= most:
        del kept[next(iter(kept))]
    return kept
