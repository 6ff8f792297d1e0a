"""Footnotes: numbers in the text, and the notes in a list at its end, with links both ways."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from newsletter.render import block_patterns as patterns
from newsletter.render.block_parser import Block
from newsletter.render.block_tree import BlockTree
from newsletter.render.late import RefusedError

NOTE, REFERENCE = "#note-", "#to-note-"
"""How addresses of notes begin, and those of the places that refer to them."""
_NAME = "note"
"""Attribute with the name of a note, until it has a number."""


def reference(name: str) -> Element:
    """Return the mark that refers to a note."""
    mark = Element("sup")
    SubElement(mark, "a", {_NAME: name.casefold()})
    return mark


def add_notes(root: Element, notes: Mapping[str, Block], tree: BlockTree) -> None:
    """Add a list of all notes to the end of a text, in the order in which they are written."""
    if notes:
        SubElement(root, "hr")
        items = SubElement(root, "ol")
        for name, note in notes.items():
            tree.fill(SubElement(items, "li", {_NAME: name}), note.children)


def number_notes(root: Element, names: Mapping[str, Block], key: str) -> None:
    """
    Number the notes in the order of their first references; *key* tells texts on a page apart.

    Raises:
        RefusedError: if nothing refers to a note.
    """
    if not names:
        return
    numbers: dict[str, int] = {}
    for link in root.iter("a"):
        if name := link.attrib.pop(_NAME, ""):
            is_first = name not in numbers
            number = numbers.setdefault(name, len(numbers) + 1)
            link.text = str(number)
            link.set("href", f"{NOTE}{key}-{number}")
            if is_first:
                link.set("id", f"{REFERENCE[1:]}{key}-{number}")
    for name in names.keys() - numbers.keys():
        mark = f"[^{names[name].mark}]"
        message = f"nothing refers to the note {mark}, so nobody would find it"
        raise RefusedError(message, hint=f"write {mark} where it belongs", near=f"{mark}:")
    items = root[-1]
    items[:] = sorted(items, key=lambda item: numbers[item.attrib[_NAME]])
    for item in items:
        number = numbers[item.attrib.pop(_NAME)]
        item.set("id", f"{NOTE[1:]}{key}-{number}")
        _add_way_back(item, f"{REFERENCE}{key}-{number}")


def _add_way_back(item: Element, address: str) -> None:
    last = item[-1] if len(item) else None
    if last is None or last.tag != "p" or patterns.BORDERS.fullmatch(last.text or "-"):
        last = SubElement(item, "p")
    end = last[-1] if len(last) else None
    if end is None:
        last.text = f"{last.text or ''} "
    else:
        end.tail = f"{end.tail or ''} "
    SubElement(last, "a", href=address).text = "↩"
