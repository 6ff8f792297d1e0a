"""Message template × a partition of recipients → messages and failures, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import polars as pl

from newsletter.merge.compile import Compiled, compile_message, compile_texts
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.failures import Blame, Failure
from newsletter.merge.rows import Slice, joined, slices
from newsletter.model.template import Message, MessageTemplate


class Headers(Protocol):
    """The parts of a message around its bodies."""

    @property
    def between(self) -> tuple[bytes, bytes, bytes]:
        """The bytes before the text, between text and HTML, and after it."""

    def of(
        self, recipients: pl.DataFrame, subjects: Sequence[str | Failure]
    ) -> Sequence[bytes | Failure]:
        """Return the header of each recipient's message; a failure stays unchanged."""


class Merger:
    """A prepared message template. Caches no recipient, only values that recur."""

    def __init__(
        self, template: MessageTemplate, *, filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._template, self._environment = template, MergeEnvironment(filters)
        self._blame = Blame(template.slots, self._environment)

    def messages(self, recipients: pl.DataFrame, headers: Headers) -> Iterator[Message | Failure]:
        """Yield each recipient's message or failure: one value stops one message."""
        compiled = compile_message(
            self._template.text, self._template.html, self._environment, between=headers.between
        )
        for part in slices(recipients):
            columns = Slice(part)
            subjects = [
                result if isinstance(result, str) else self._blame.failure(part[n], result)
                for n, result in enumerate(joined(self._subject, columns))
            ]
            heads = headers.of(part, subjects)
            contents = joined(compiled, columns, heads)
            for n, (subject, content) in enumerate(zip(subjects, contents, strict=True)):
                if type(content) is bytes:
                    assert isinstance(subject, str)  # otherwise the content is the failure
                    yield Message(subject, content)
                elif isinstance(content, Failure):
                    yield content
                else:
                    yield self._blame.failure(part[n], content)

    def texts(self, recipients: pl.DataFrame) -> Iterator[tuple[str, str, str] | Failure]:
        """Yield subject, text and HTML for each recipient, decoded."""
        for n, result in enumerate(fill(self._readable, recipients)):
            yield result if type(result) is tuple else self._blame.failure(recipients[n], result)

    @cached_property
    def _subject(self) -> Compiled:
        return compile_texts([self._template.subject], self._environment)[0]

    @cached_property
    def _readable(self) -> tuple[Compiled, ...]:
        template = self._template
        trees = (template.subject, template.text, template.html)
        return compile_texts(trees, self._environment)


def fill(texts: Sequence[Compiled], recipients: pl.DataFrame) -> Iterator[Any]:
    """Yield a tuple of *texts* for each recipient, or the exception that a value raises."""
    for part in slices(recipients):
        columns = Slice(part)
        for row in zip(*(joined(compiled, columns) for compiled in texts), strict=True):
            yield next((text for text in row if type(text) is not str), row)
