"""Message template × a partition of recipients → messages and failures, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, Protocol

import polars as pl

from newsletter.merge.compile import (
    HEAD,
    MOST_REMEMBERED,
    Compiled,
    compile_message,
    compile_texts,
)
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.failures import Blame, Failure
from newsletter.merge.rows import recurring, slices, values
from newsletter.merge.written import written
from newsletter.model.message import Message
from newsletter.model.template import MessageTemplate


class Headers(Protocol):
    """What goes around the bodies of a message."""

    @property
    def between(self) -> tuple[bytes, bytes, bytes]:
        """What stands before the text, between text and HTML, and after it."""

    def of(
        self, recipients: pl.DataFrame, subjects: Sequence[str | Failure]
    ) -> Sequence[bytes | Failure]:
        """Return the header of each recipient's message; a failure stays as it is."""


class Merger:
    """A message template made ready. Holds nothing of any recipient but values that recur."""

    def __init__(
        self, template: MessageTemplate, *, filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._template, self._environment = template, MergeEnvironment(filters)
        self._blame = Blame(template.slots, self._environment)

    def messages(self, recipients: pl.DataFrame, headers: Headers) -> Iterator[Message | Failure]:
        """Yield the message of each recipient, or what stops it: one value stops one message."""
        compiled = compile_message(
            self._template.text, self._template.html, self._environment, between=headers.between
        )
        for part in slices(recipients):
            subjects = self._subjects(part)
            heads = headers.of(part, subjects)
            made = compiled.fill(_rows(compiled, part, heads))
            for n, (subject, head, content) in enumerate(zip(subjects, heads, made, strict=True)):
                if type(content) is bytes:
                    yield Message(subject, content)  # type: ignore[arg-type]  # else head is one
                elif isinstance(head, Failure):
                    yield head
                else:
                    yield self._blame.failure(part[n], content)

    def texts(self, recipients: pl.DataFrame) -> Iterator[tuple[str, str, str] | Failure]:
        """Yield subject, text and HTML for each recipient as they are read, in no encoding."""
        yield from self._filled(self._whole, recipients)

    def _subjects(self, part: pl.DataFrame) -> list[str | Failure]:
        subjects = self._filled(self._subject, part)
        return [made if isinstance(made, Failure) else made[0] for made in subjects]

    def _filled(self, compiled: Compiled, recipients: pl.DataFrame) -> Iterator[Any]:
        for n, made in enumerate(fill(compiled, recipients)):
            yield made if type(made) is tuple else self._blame.failure(recipients[n], made)

    @cached_property
    def _subject(self) -> Compiled:
        return compile_texts([self._template.subject], self._environment)

    @cached_property
    def _whole(self) -> Compiled:
        template = self._template
        trees = (template.subject, template.text, template.html)
        return compile_texts(trees, self._environment)


def fill(compiled: Compiled, recipients: pl.DataFrame) -> Iterator[Any]:
    """Yield what *compiled* makes of each recipient, or the exception that a value raises."""
    for part in slices(recipients):
        yield from compiled.fill(_rows(compiled, part, ()))


def _rows(compiled: Compiled, part: pl.DataFrame, heads: Sequence[Any]) -> Any:
    """Return rows of the columns that *compiled* reads; the same tuple is used again for each."""
    if not compiled.columns:
        return repeat((), part.height)
    return zip(*(_column(part, column, heads) for column in compiled.columns), strict=False)


def _column(part: pl.DataFrame, column: tuple[str, str], heads: Sequence[Any]) -> Any:
    name, kind = column
    if column == HEAD:
        return heads
    cells = part[name]
    if not kind:
        return recurring(cells) or values(cells)
    # Texts that recur are remembered; what does not is written a column at a time.
    if cells.dtype == pl.String and (
        len(cells) <= MOST_REMEMBERED or cells.n_unique() <= MOST_REMEMBERED
    ):
        return repeat(None)
    return written(cells, kind).to_list()
