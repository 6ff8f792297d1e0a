"""Practices by email: the same messages and merge files as of an issue, below private/care/."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import polars as pl

from newsletter.errors import NewsletterError, raise_all
from newsletter.export.messages import Messages, message_files, without
from newsletter.export.pages.index import message_index
from newsletter.mailing import Mailing
from newsletter.mailing.touches import stopped_of
from newsletter.mailing.words import Stopped
from newsletter.merge.failures import problems_of
from newsletter.model.artifact import Artifact
from newsletter.model.project import Project
from newsletter.model.report import Step
from newsletter.plan.reach import emailable
from newsletter.render.fragments import Fragments

_WITHIN = "private/care"


@dataclass(frozen=True)
class PracticeEmails:
    """The emails of practices on a day, ready to be written."""

    project: Project
    messages: tuple[Messages, ...]
    """In the order of practices, then languages."""
    day: dt.date

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(messages.mailing.people.height for messages in self.messages)

    @cached_property
    def _by_practice(self) -> dict[str, list[Messages]]:
        batches = groupby(self.messages, key=lambda messages: messages.mailing.practice.name)
        return {name: list(batch) for name, batch in batches}

    def artifacts(self, step: Step) -> Iterator[Artifact]:
        """
        Yield the emails, for each practice and language, and a page to look at them all.

        messages/DAY/PRACTICE/LANGUAGE/ holds each as .eml and page, messages/DAY/PRACTICE.mbox
        all of a practice; merge/DAY/PRACTICE/ the merge files; messages/DAY/index.html who gets
        what. *step* advances by one for each of `total`. A value that cannot stand in a message
        stops only that message.

        Raises:
            NewsletterError: lists all texts that print a missing value.
        """
        if not self.messages:
            return
        for name, parts in self._by_practice.items():
            mbox = f"{_WITHIN}/messages/{self.day}/{name}.mbox"
            yield from message_files(parts, step, mbox=mbox)
        raise_all(
            problem
            for messages in self.messages
            for problem in problems_of(messages.failures, messages.mailing.people.height)
        )
        for messages in self.messages:
            yield from messages.merge_files(without(messages.mailing.people, messages.failures))
        yield self._index()

    def stopped(self) -> tuple[Stopped, ...]:
        """Return the failed messages; only after the artifacts are taken."""
        return tuple(
            stop
            for messages in self.messages
            for stop in stopped_of(messages.mailing, messages.failures, self.project.reasons)
        )

    def _index(self) -> Artifact:
        previews = {
            name: [preview for messages in parts for preview in messages.previews]
            for name, parts in self._by_practice.items()
        }
        return message_index(self.project, previews, stopped=self.stopped(), day=self.day)


def practice_emails(
    project: Project, mailings: Iterable[Mailing], *, day: dt.date, results: Fragments
) -> PracticeEmails:
    """
    Return the emails among *mailings* that are no drafts; *results* are those of earlier builds.

    Raises:
        NewsletterError: for an email to somebody who must not get any.
    """
    by_email = [mailing for mailing in mailings if mailing.channel == "email"]
    _check(project, by_email)
    messages = tuple(
        Messages(project, mailing, within=_WITHIN, results=results)
        for mailing in by_email
        if not mailing.by_hand
    )
    return PracticeEmails(project, messages, day)


def _check(project: Project, by_email: Iterable[Mailing]) -> None:
    """
    Check once more, against the tables themselves, that every recipient may be emailed.

    The plan has checked this, but here is the last chance to stop an email.
    """
    people = project.people
    agreed, answerable = emailable(people, owed=False), emailable(people, owed=True)
    for mailing in by_email:
        allowed = answerable if mailing.practice.owed else agreed
        others = mailing.people.filter(~pl.col("id").is_in(allowed.implode()))["id"]
        if others.len():
            message = f"the plan has an email to {others[0]}, who must not get any"
            hint = "this is a fault of the program: please report it, and send nothing"
            raise NewsletterError.at(message, hint=hint)
