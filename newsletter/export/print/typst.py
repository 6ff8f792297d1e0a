"""Typst templates and data → PDF files; the only place that knows the typst library."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.export.print.post import PostItem
from newsletter.model.artifact import Artifact
from newsletter.model.key import key_of
from newsletter.model.program_files import THEMES
from newsletter.model.project import Theme
from newsletter.render.fragments import Fragments

try:
    import typst
except ImportError:  # the extra `print` is not installed
    typst = None  # type: ignore[assignment]  # the extra is not installed

NOT_INSTALLED = Problem(
    message="letters, cards and labels were not made as PDF: typst is not installed",
    hint="pip install typst; until then print the pages of private/care/",
)

_NO_NETWORK = {"https_proxy": "http://127.0.0.1:1", "no_proxy": ""}
"""A proxy that answers nothing: typst fetches packages, and no option of it forbids that."""
_ONE_AT_A_TIME = threading.Lock()
_PACKAGE = re.compile(r"^(?:failed to download )?package\b")
_PLACE = re.compile(r"\.typ:(\d+):(\d+)")
_FORGETS_AFTER = 10
"""Documents whose intermediate results typst caches; those of letters would fill memory."""
_LARGE = 500_000
"""Bytes of a document whose intermediate results are not cached."""
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_ONE_BY_ONE = (
    b"#let data = json(bytes(sys.inputs.data))\n"
    b"#set text(font: data.fonts)\n#for c in data.characters { block(c) }"
)


@dataclass(frozen=True, kw_only=True)
class Document:
    """The document that templates of a theme's print/ make of some items."""

    theme: Theme
    templates: Sequence[str]
    """Joined into one source. They can read the packaged theme's files only."""
    data: Callable[[Sequence[PostItem], int], object]
    """Items, and the number of used places before them → the templates' data for JSON."""
    day: dt.date
    """The time stamp of the file."""


class Press:
    """
    Prints with the fonts of this computer and of typst, which are loaded on first use.

    *fonts* is their key; without it nothing is reused from earlier builds. *results* remembers
    characters that no font has.
    """

    def __init__(self, *, fonts: str = "", results: Fragments | None = None) -> None:
        self._key, self._results = fonts, results

    @cached_property
    def _fonts(self) -> Any:
        return typst.Fonts()

    def pdf(self, document: Document, data: object) -> bytes:
        """
        Return the document of some data. The same data, day and fonts give the same bytes.

        Raises:
            NewsletterError: a template is wrong; says its file and line.
        """
        try:
            pdf = self._compile(_source(document), data, day=document.day)
        except typst.TypstError as error:
            raise _in_template(error, document) from error
        if len(pdf) > _LARGE:
            self._forget(document.day)
        return pdf

    def _forget(self, day: dt.date) -> None:
        for _ in range(_FORGETS_AFTER + 1):
            self._compile(b"", None, day=day)

    def values(self, document: Document, data: object, *, label: str) -> list[Any]:
        """Return the values of all metadata with a label, in the order of the document."""
        try:
            values = self._query(_source(document), data, label=label)
        except typst.TypstError as error:
            raise _in_template(error, document) from error
        return [each["value"] for each in json.loads(values)]

    def artifact(
        self, path: str, document: Document, items: Sequence[PostItem], taken: int
    ) -> Artifact:
        """Return the document as a file, which is laid out when written."""
        data = document.data(items, taken)
        key = self._key and key_of(_source(document), data, document.day, self._key)
        return Artifact(path, lambda: [self.pdf(document, data)], key)

    def unprintable(self, characters: Iterable[str], fonts: Sequence[str]) -> frozenset[str]:
        """
        Return the *characters* that no font has; they would leave gaps on paper.

        Documents name *fonts*; of all others of the computer, typst may try one that lacks them.
        """
        wanted = sorted(set(characters))
        key = self._key and key_of("unprintable", wanted, fonts, self._key)
        saved = self._results.load(key) if self._results and key else None
        if saved is not None:
            return frozenset(saved)
        missing = self._missing(wanted, fonts)
        if self._results and key:
            self._results.save(key, sorted(missing))
        return missing

    def _missing(self, wanted: Sequence[str], fonts: Sequence[str]) -> frozenset[str]:
        data = {"characters": wanted, "fonts": fonts}
        try:
            # Typst silently leaves out characters without a font. The archive format PDF/A forbids
            # that, so there it names every such character (ISO 19005-2, 6.2.11.8).
            self._compile(_ONE_BY_ONE, data, day=dt.date(2000, 1, 1), pdf_standards="a-2b")
        except typst.TypstError as error:
            named = "".join(_unescaped(text) for text in _MISSING.findall(error.diagnostic))
            missing = frozenset(wanted).intersection(named)
            if not missing:
                raise
            return missing
        return frozenset()

    def _compile(self, source: bytes, data: object, *, day: dt.date, **more: Any) -> bytes:
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
        with _offline():
            pdf = typst.compile(
                source, timestamp=int(midnight.timestamp()), **self._inputs(data), **more
            )
        assert isinstance(pdf, bytes)
        return pdf

    def _query(self, source: bytes, data: object, *, label: str) -> str:
        with _offline():
            values = typst.query(source, f"<{label}>", **self._inputs(data))
        assert isinstance(values, str)
        return values

    def _inputs(self, data: object) -> dict[str, Any]:
        """Return what each document may read: the packaged theme and its data, no packages."""
        return {
            "root": str(THEMES),
            "font_paths": self._fonts,
            "sys_inputs": {"data": json.dumps(data, default=list)},  # of a picture its bytes
            "package_path": os.devnull,
            "package_cache_path": os.devnull,
        }


@contextmanager
def _offline() -> Iterator[None]:
    """Keep typst from the network: it reads its proxy from the environment of the process."""
    with _ONE_AT_A_TIME:
        before = {name: os.environ.get(name) for name in _NO_NETWORK}
        os.environ.update(_NO_NETWORK)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def open_press(*, fonts: str = "", results: Fragments | None = None) -> Press | None:
    """Return the press; None if typst is not installed."""
    return Press(fonts=fonts, results=results) if typst else None


def batches(  # noqa: PLR0913  # each is a value of its own
    press: Press,
    name: str,
    document: Document,
    items: Sequence[PostItem],
    *,
    most: int,
    taken: int = 0,
) -> Iterator[Artifact]:
    """
    Yield *name*.pdf, *name*-2.pdf and so on, with at most *most* items each.

    Larger files are too much for a printer and for memory. The first file leaves *taken* places
    free at its beginning.
    """
    first, number = 0, 1
    while first < len(items):
        part = items[first : first + most - taken]
        file = name if number == 1 else f"{name}-{number}"
        yield press.artifact(f"{file}.pdf", document, part, taken)
        first, number, taken = first + len(part), number + 1, 0


def _source(document: Document) -> bytes:
    return "\n".join(document.theme.texts[name] for name in document.templates).encode()


def _in_template(error: typst.TypstError, document: Document) -> NewsletterError:
    """Return typst's error as a NewsletterError, at its line of the template."""
    position = _PLACE.search(error.diagnostic)
    at = _place(document, line=int(position[1]), column=int(position[2])) if position else None
    if _PACKAGE.search(error.message):
        hint = "copy what you need of it into this file"
        return NewsletterError.at(
            "templates of print/ cannot use packages of typst", at, hint=hint
        )
    return NewsletterError.at(error.message, at, hint=" ".join(error.hints))


def _place(document: Document, *, line: int, column: int) -> Place | None:
    theme = document.theme
    for name in document.templates:
        lines = theme.texts[name].split("\n")
        if line <= len(lines):
            text = lines[line - 1]
            return Place(path=theme.places[name], line=line, column=column, text=text)
        line -= len(lines)
    return None


def _unescaped(text: str) -> str:
    """Return the content of a text literal in Rust's debug format."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2], text)
