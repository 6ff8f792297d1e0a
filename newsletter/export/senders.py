"""From and Reply-To: the account manager writes for the business, and replies reach them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.errors import NewsletterError, Place
from newsletter.export.headers import HeaderError, address_field
from newsletter.model.config import Sender

FROM, REPLY_TO = "message_from", "message_reply_to"
"""Columns of merge files: the values of both fields."""
_MANAGER = ("manager_name", "manager_email")


@dataclass(frozen=True)
class MessageSender:
    """Who sends the messages of a mailing."""

    name: str
    """Of the business."""
    email: str
    """In every From line, because its domain signs the messages (DMARC, RFC 7489)."""
    reply_to: str
    """For replies if the account manager has no address; empty: none."""
    personal: bool
    """Whether From names the account manager, and replies go to them."""

    @classmethod
    def of(cls, sender: Sender) -> MessageSender:
        """Return the sender of newsletter.yml."""
        return cls(sender.name, sender.email, sender.reply_to or "", sender.personal)

    @property
    def value(self) -> str:
        """The value of the From field for customers without an account manager."""
        return _value(self._from(""))

    def check(self) -> None:
        """Raise NewsletterError for a name or an address that a header cannot hold."""
        self._both("", "")

    def fields(self, recipients: pl.DataFrame) -> pl.Series:
        """Return the fields From and Reply-To of each recipient, by their account manager."""
        return self._by_manager(recipients, {FROM: self._both})[FROM]

    def columns(self, recipients: pl.DataFrame) -> pl.DataFrame:
        """Return FROM and REPLY_TO of each recipient, as merge programs write them."""
        values = {
            FROM: lambda name, _: _value(self._from(name)),
            REPLY_TO: lambda _, email: _value(_reply_to(self._answers_to(email) or self.email)),
        }
        return self._by_manager(recipients, values)

    def _by_manager(
        self, recipients: pl.DataFrame, writers: Mapping[str, Callable[[str, str], str]]
    ) -> pl.DataFrame:
        """Return a column by each writer of a manager's name and address."""
        managers = recipients.select(_MANAGER)
        pairs = managers.unique()  # few managers have many customers
        texts = {
            column: [write(name or "", email or "") for name, email in pairs.iter_rows()]
            for column, write in writers.items()
        }
        written = pairs.hstack(pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String())))
        joined = managers.join(
            written, on=_MANAGER, how="left", nulls_equal=True, maintain_order="left"
        )
        return joined.select(list(writers))

    def _both(self, name: str, email: str) -> str:
        reply_to = self._answers_to(email)
        return self._from(name) + (_reply_to(reply_to) if reply_to else "")

    def _from(self, manager: str) -> str:
        """Name person and business, unless the name of the sender is that of both already."""
        is_named = not manager or manager.casefold() in self.name.casefold()
        name = self.name if is_named or not self.personal else f"{manager}, {self.name}"
        return _field("From", name=name, email=self.email)

    def _answers_to(self, manager: str) -> str:
        return (manager if self.personal else "") or self.reply_to


def _reply_to(email: str) -> str:
    return _field("Reply-To", name="", email=email)


def _field(field: str, *, name: str, email: str) -> str:
    """Return a field; a value that it cannot hold is a mistake in newsletter.yml."""
    try:
        return address_field(field, name=name, email=email)
    except HeaderError as error:
        raise NewsletterError.at(str(error), Place(path="content/newsletter.yml")) from error


def _value(field: str) -> str:
    """Return the value of a header field in one line."""
    return field.partition(":")[2].replace("\n", "").strip()
