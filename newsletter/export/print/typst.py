"""Typst templates and data → PDF files; the only place that knows the typst library."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.export.print.post import PostItem
from newsletter.model.artifact import Artifact
from newsletter.model.project import Theme

try:
    import typst
except ImportError:  # the extra `print` is not installed
    typst = None  # type: ignore[assignment]  # the extra is not installed

NOT_INSTALLED = Problem(
    message="letters, cards and labels were not made as PDF: typst is not installed",
    hint="pip install 'newsletter[print]'; until then print the pages of private/care/",
)

_PLACE = re.compile(r"\.typ:(\d+):(\d+)")
_FORGETS_AFTER = 10
"""Documents that typst keeps its work for: batches of letters would fill the memory."""
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_ONE_BY_ONE = b"#for c in json(bytes(sys.inputs.data)) { block(c) }"


class Press:
    """Fonts of this computer and of typst, loaded once for everything that is printed."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts()
        self.families = frozenset(self._fonts.families())

    def pdf(self, theme: Theme, names: Sequence[str], data: object, *, day: dt.date) -> bytes:
        """
        Return the document that templates of the theme's print/ make of *data*.

        *names* are joined into one source. Data reaches it as JSON in `sys.inputs.data`, never as
        source. Templates can read the packaged theme's files only. The same data, *day* and
        fonts give the same bytes.

        Raises:
            NewsletterError: the template is wrong; says its file and line.
        """
        try:
            return self._compile(_source(theme, names), data, day=day)
        except typst.TypstError as error:
            raise _in_template(error, theme, names) from error
        finally:
            for _ in range(_FORGETS_AFTER + 1):  # a millisecond each
                self._compile(b"", None, day=day)

    def unprintable(self, characters: Iterable[str]) -> frozenset[str]:
        """Return the *characters* that no font has; they would leave gaps on paper."""
        wanted = sorted(set(characters))
        try:
            # Typst leaves out silently what it cannot print, but in the archive format PDF/A
            # that is forbidden, and it names every one (ISO 19005-2, 6.2.11.8).
            self._compile(_ONE_BY_ONE, wanted, day=dt.date(2000, 1, 1), pdf_standards="a-2b")
        except typst.TypstError as error:
            named = "".join(_unescaped(text) for text in _MISSING.findall(error.diagnostic))
            found = frozenset(wanted).intersection(named)
            if not found:
                raise
            return found
        return frozenset()

    def _compile(self, source: bytes, data: object, *, day: dt.date, **more: Any) -> bytes:
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
        pdf = typst.compile(
            source,
            root=str(importlib.resources.files("newsletter.themes")),
            font_paths=self._fonts,
            sys_inputs={"data": json.dumps(data)},
            timestamp=int(midnight.timestamp()),
            **more,
        )
        assert isinstance(pdf, bytes)
        return pdf


def open_press() -> Press | None:
    """Return the press; None if typst is not installed."""
    return Press() if typst else None


def batches(
    name: str,
    items: Sequence[PostItem],
    *,
    most: int,
    make: Callable[[Sequence[PostItem], int], bytes],
    taken: int = 0,
) -> Iterator[Artifact]:
    """
    Yield *name*.pdf and, with more than *most* items in it, *name*-2.pdf and so on.

    A file has a size that a printer and the memory can take. It is made when it is written:
    *make* is given its items and the number of places taken before them, which is *taken* in the
    first file and 0 in the others.
    """
    first, number = 0, 1
    while first < len(items):
        part = items[first : first + most - taken]
        file = name if number == 1 else f"{name}-{number}"
        yield Artifact(f"{file}.pdf", _lazy(make, part, taken))
        first, number, taken = first + len(part), number + 1, 0


def _source(theme: Theme, names: Sequence[str]) -> bytes:
    return "\n".join(theme.texts[name] for name in names).encode()


def _in_template(error: typst.TypstError, theme: Theme, names: Sequence[str]) -> NewsletterError:
    """Return the user's error: typst's words, at the line of the template that it is about."""
    found = _PLACE.search(error.diagnostic)
    at = _place(theme, names, line=int(found[1]), column=int(found[2])) if found else None
    return NewsletterError.at(error.message, at, hint=" ".join(error.hints))


def _place(theme: Theme, names: Sequence[str], *, line: int, column: int) -> Place | None:
    for name in names:
        lines = theme.texts[name].split("\n")
        if line <= len(lines):
            text = lines[line - 1]
            return Place(path=theme.places[name], line=line, column=column, text=text)
        line -= len(lines)
    return None


def _unescaped(text: str) -> str:
    """Return what stands in a text literal of Rust's debug format."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _lazy(
    make: Callable[[Sequence[PostItem], int], bytes], part: Sequence[PostItem], taken: int
) -> Callable[[], list[bytes]]:
    return lambda: [make(part, taken)]
