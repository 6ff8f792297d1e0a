"""A fragment: a bound text with its own slots, cached under the key of its sources."""

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
_MOST_FRAGMENTS = 10_000
"""Fragments in memory: some thousand entries and their translations."""
_MOST_TREES = 500
"""Trees in memory. A tree is a whole message, and each edit in a resident process adds one."""


@dataclass(frozen=True)
class Fragment:
    """A bound text; its tokens are numbered from 0."""

    texts: tuple[str, ...]
    """One text for a body, a line or a text layout; HTML and CSS for an HTML layout."""
    slots: tuple[Slot, ...] = ()

    @property
    def text(self) -> str:
        """The first text; most fragments have no other."""
        return self.texts[0]


@dataclass
class Composition:
    """Several fragments in one text; their slots follow each other."""

    slots: list[Slot] = field(default_factory=list)

    def add(self, fragment: Fragment, place: Callable[[Place], Place]) -> tuple[str, ...]:
        """Return a fragment's texts, tokens renumbered; *place* maps places to files."""
        offset = len(self.slots)
        self.slots += [replace(slot, at=place(slot.at)) for slot in fragment.slots]
        return tuple(tokens.renumbered(text, offset) for text in fragment.texts)


class Store(Protocol):
    """Texts by key, for later processes."""

    def get(self, key: str) -> str | None:
        """Return the text, or None if there is none."""

    def put(self, key: str, text: str) -> None:
        """Store a text."""


@dataclass(frozen=True)
class CachedFragment:
    """A fragment and what it read when it was bound; it is valid while that stays the same."""

    fragment: Fragment
    names: Mapping[str, str]
    """Name read besides `customer` → key of its value; empty if the name was undefined."""
    fields: Mapping[str, str]
    """Field of the customer → its type."""


class Fragments:
    """Cache of fragments and trees: in memory and, with a store, from earlier processes."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        self._fragments: dict[str, CachedFragment] = {}
        self._trees: dict[str, Any] = {}

    def fragment(self, key: str) -> CachedFragment | None:
        """Return the fragment cached last under *key*, or None."""
        if key not in self._fragments and (plain := self.load(key)):
            self._fragments[key] = _fragment_of(plain)
        return self._fragments.get(key)

    def cache(self, key: str, fragment: CachedFragment) -> None:
        """Cache a fragment."""
        _with_room(self._fragments, _MOST_FRAGMENTS)[key] = fragment
        self.save(key, _plain_fragment(fragment))

    def tree(self, key: str, slots: list[Slot]) -> Tree | None:
        """Return the tree cached under *key*, with *slots* in it, or None."""
        if key not in self._trees and (plain := self.load(key)):
            self._trees[key] = plain
        return tree_of(self._trees[key], slots) if key in self._trees else None

    def cache_tree(self, key: str, tree: Tree, slots: list[Slot]) -> None:
        """Cache a tree; *slots* are those in it."""
        numbers = {slot: number for number, slot in enumerate(slots)}
        _with_room(self._trees, _MOST_TREES)[key] = plain = plain_tree(tree, numbers)
        self.save(key, plain)

    def load(self, key: str) -> Any:
        """Return the lists and texts that an earlier process saved under *key*, or None."""
        text = self._store.get(key) if self._store is not None else None
        try:
            return json.loads(text) if text else None
        except ValueError:  # the store was changed by hand: bind again
            return None

    def save(self, key: str, plain: Any) -> None:
        """Save lists and texts for later processes."""
        if self._store is not None:
            self._store.put(key, json.dumps(plain, ensure_ascii=False))


def plain_tree(tree: Tree, numbers: Mapping[Slot, int]) -> list[Any]:
    """Return a tree as lists and texts; slots become their numbers."""
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
    """Return the tree that `plain_tree` turned into lists."""
    return tuple(_part(part, slots) for part in plain)


def _part(plain: Any, slots: list[Slot]) -> Part:
    if isinstance(plain, str):
        return plain
    if plain[0] == tokens.VALUE:
        _, number, position = plain
        return Output(slots[number], position)
    if plain[0] == tokens.FOR:
        _, number, body = plain
        return Repeat(slots[number], tree_of(body, slots))
    _, branches, otherwise = plain
    conditions = tuple((slots[number], tree_of(then, slots)) for number, then in branches)
    return Condition(conditions, tree_of(otherwise, slots))


def _plain_fragment(cached: CachedFragment) -> Any:
    slots = [
        [slot.expression, slot.at.path, slot.at.line, slot.names, slot.records, slot.written]
        for slot in cached.fragment.slots
    ]
    return [cached.fragment.texts, slots, dict(cached.names), dict(cached.fields)]


def _fragment_of(plain: Any) -> CachedFragment:
    texts, plain_slots, names, fields = plain
    slots = tuple(
        Slot(expression, Place(path=path, line=line), tuple(variables), records, written)
        for expression, path, line, variables, records, written in plain_slots
    )
    return CachedFragment(Fragment(tuple(texts), slots), names, fields)


def _with_room(cache: dict[str, Any], limit: int) -> dict[str, Any]:
    """Return *cache* with room for another item; a full one loses its oldest."""
    if len(cache) >= limit:
        del cache[next(iter(cache))]
    return cache
