"""Names messages that Gmail would show only in part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import Place, Problem

if TYPE_CHECKING:
    from newsletter.export.messages import Messages

MOST_SHOWN = 102_000
"""Bytes of HTML that Gmail shows; the rest is behind a link that says so."""
_MOST_PARTS = 4
_LEAST_PART = 1000


@dataclass
class HtmlSizes:
    """The sizes of the HTML of a mailing's messages."""

    longest: int = 0
    """Bytes; 0: all messages are shorter than `MOST_SHOWN`."""
    clipped: int = 0
    """How many are longer."""

    def add(self, size: int) -> None:
        """Add a message with *size* bytes of HTML."""
        if size > MOST_SHOWN:
            self.clipped += 1
            self.longest = max(self.longest, size)


def clipped_remarks(mailings: Iterable[Messages]) -> Iterator[Problem]:
    """Yield a remark for each mailing with messages that are too long, once they are made."""
    for messages in mailings:
        sizes, mailing = messages.html_sizes, messages.mailing
        if sizes.clipped:
            measured = mailing.template.sizes.largest_first()
            parts = [(name, size) for name, size in measured if size >= _LEAST_PART]
            of = "message is" if sizes.clipped == 1 else "messages are"
            message = (
                f"{sizes.clipped:,} {of} too long for Gmail ({mailing.name}, {mailing.language}): "
                f"up to {_kb(sizes.longest)} of HTML, and after {_kb(MOST_SHOWN)} it hides the "
                "rest, the link to unsubscribe with it"
            )
            largest = ", ".join(f"{name} {_kb(size)}" for name, size in parts[:_MOST_PARTS])
            shorter = "stories and articles are printed as a summary with a link"
            hint = f"shorten the largest parts: {largest} ({shorter})" if largest else shorter
            files = [name for name, _ in parts if "/" in name]
            yield Problem(message, Place(path=files[0]) if files else None, hint=hint)


def _kb(size: int) -> str:
    return f"{round(size / 1000):,} KB"
