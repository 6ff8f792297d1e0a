"""Message template × recipients → messages, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from newsletter.merge.compiled import MOST_REMEMBERED, MergeEnvironment
from newsletter.merge.failures import RAISED, Blame, Failure
from newsletter.merge.rows import rows
from newsletter.model.message import Message
from newsletter.model.template import MessageTemplate

ADDRESS = ("id", "token", "name", "email", "unsubscribe_url")
"""What a message needs of a recipient beside the template's own fields."""


class Merger:
    """A message template compiled for *recipients*, who may be merged more than once."""

    def __init__(
        self,
        template: MessageTemplate,
        recipients: pl.DataFrame,
        *,
        filters: Mapping[str, Callable[..., Any]],
    ) -> None:
        schema, fields = recipients.schema, template.fields
        some = recipients.head(10 * MOST_REMEMBERED)
        varied = [f for f in fields if some[f].n_unique() > MOST_REMEMBERED]
        encoded = MergeEnvironment(dict(filters), encoded=True, schema=schema, varied=varied)
        plain = MergeEnvironment(dict(filters), encoded=False)
        self._html, self._text = encoded.renderer(template.html), encoded.renderer(template.text)
        self._subject = plain.renderer(template.subject)
        self._blame = Blame(template.slots, filters=filters)
        self._fields, self._written = merge_fields(fields), encoded.written

    def messages(self, recipients: pl.DataFrame, failures: list[Failure]) -> Iterator[Message]:
        """
        Yield the message of each recipient, bodies in quoted-printable.

        A value that fails stops that customer's message only, and is added to *failures*.
        """
        subject, text, html = self._subject, self._text, self._html
        for row in rows(recipients, self._fields, written=self._written):
            try:
                yield Message(
                    row.token,
                    row.name or "",
                    row.email,
                    subject(row),
                    text(row),
                    html(row),
                    row.unsubscribe_url or "",
                )
            except RAISED as error:
                failures.append(self._blame.failure(row.id, row, error))


def merge_fields(fields: Sequence[str]) -> list[str]:
    """Return the columns of the customer table that merging reads."""
    return list(dict.fromkeys((*ADDRESS, *fields)))
