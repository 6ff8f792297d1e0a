"""Measures the parts of a long HTML part: its bodies, embedded pictures and the layout."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.model.template import Condition, Repeat, Tree
from newsletter.render import mjml, places

MEASURED_FROM = 50_000
"""Bytes of static HTML; mail programs cut no message that is shorter."""
PICTURES, LAYOUT = "embedded pictures", "the layout"
_EMBEDDED = re.compile(r"data:image/[^\"')\s]+")


def part_sizes(
    tree: Tree, html: str, css: str, *, bodies: Sequence[str], names: Sequence[str]
) -> tuple[tuple[str, int], ...]:
    """
    Return the bytes of each body by its name, of pictures and layout, largest first.

    Takes what `finished_html` takes, and the *tree* that it returned. A short HTML part is not
    measured: the result is then empty.
    """
    if _static_size(tree) < MEASURED_FROM:
        return ()
    whole = _finished(html, css, bodies)
    sizes = {
        name: len(whole) - len(_finished(html, css, [*bodies[:n], "", *bodies[n + 1 :]]))
        for n, name in enumerate(names)
    }
    pictures = sum(map(len, _EMBEDDED.findall(whole.decode())))
    layout = len(whole) - sum(sizes.values()) - pictures
    parts = {**sizes, PICTURES: pictures, LAYOUT: layout}
    return tuple(sorted(parts.items(), key=lambda part: -part[1]))


def _static_size(tree: Tree) -> int:
    """Return the bytes of all static text, that of every branch included."""
    size = 0
    for part in tree:
        if isinstance(part, str):
            size += len(part.encode())
        elif isinstance(part, Condition):
            size += sum(_static_size(then) for _, then in part.branches)
            size += _static_size(part.otherwise)
        elif isinstance(part, Repeat):
            size += _static_size(part.body)
    return size


def _finished(html: str, css: str, bodies: Sequence[str]) -> bytes:
    return mjml.inline_styles(places.with_bodies(html, bodies), css).encode()
