"""Measures the parts of a long HTML part: its bodies, embedded pictures and the layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.model.template import PartSizes
from newsletter.render import mjml, places

PICTURES, LAYOUT = "embedded pictures", "the layout"
_EMBEDDED = re.compile(r"data:image/[^\"')\s]+")


@dataclass(frozen=True, kw_only=True, eq=False)
class HtmlParts(PartSizes):
    """What `finished_html` makes an HTML part of, and the names of its bodies."""

    html: str
    css: str
    bodies: Sequence[str]
    names: Sequence[str]

    def largest_first(self) -> Sequence[tuple[str, int]]:
        """Return the bytes of each body by its name, of pictures and layout, largest first."""
        bodies = self.bodies
        whole = self._finished(bodies)
        sizes = {
            name: len(whole) - len(self._finished([*bodies[:n], "", *bodies[n + 1 :]]))
            for n, name in enumerate(self.names)
        }
        pictures = sum(map(len, _EMBEDDED.findall(whole.decode())))
        layout = len(whole) - sum(sizes.values()) - pictures
        parts = {**sizes, PICTURES: pictures, LAYOUT: layout}
        return sorted(parts.items(), key=lambda part: -part[1])

    def _finished(self, bodies: Sequence[str]) -> bytes:
        return mjml.inline_styles(places.with_bodies(self.html, bodies), self.css).encode()
