"""Mailings: a text and its recipients, for issues and practices alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from newsletter.model.care import Note
from newsletter.model.channels import BY_HAND
from newsletter.model.gift import Gift
from newsletter.model.key import key_of
from newsletter.model.practice import Practice
from newsletter.model.template import MessageTemplate


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """An issue, or a practice's text, in one language by one channel to some customers."""

    practice: Practice
    name: str
    """Unique for this language and channel: 2026-11, 2026-11-03/thank-you."""
    language: str
    channel: str
    day: dt.date
    gift: Gift | None
    """In this language; None: there is none."""
    template: MessageTemplate
    people: pl.DataFrame
    """Each customer's facts and everything else that the text may name, with `token` and links."""
    rows: pl.DataFrame
    """Their rows of PLAN, in the same order, with their row number in it as `_row`."""
    notes: Mapping[str, Note] = field(default_factory=dict)
    """By hand: customer → what their note may mention."""

    @property
    def by_hand(self) -> bool:
        """Whether people carry it out: by its channel, or because they finish its drafts."""
        return self.channel in BY_HAND or self.practice.draft

    @cached_property
    def key(self) -> str:
        """The key of everything that its messages are merged from."""
        return key_of(self.name, self.language, self.channel, self.day, self.template, self.people)
