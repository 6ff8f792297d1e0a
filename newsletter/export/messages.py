"""A mailing by email as files: one .eml and one preview each, the .mbox, the merge files."""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

import polars as pl

from newsletter.export.carried_pictures import CarriedPictures
from newsletter.export.clipping import MOST_SHOWN, HtmlSizes
from newsletter.export.eml import MessageHeaders, mbox_chunks, message_headers
from newsletter.export.merge_file import merge_files
from newsletter.export.message_names import message_names
from newsletter.export.pages.index import Preview, preview_html, with_carried
from newsletter.export.senders import MessageSender
from newsletter.mailing import Mailing
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.artifact import Artifact
from newsletter.model.config import Config
from newsletter.model.key import key_of
from newsletter.model.picture_addresses import CARRIED
from newsletter.model.project import Project
from newsletter.model.report import Step
from newsletter.model.template import Envelope, Message
from newsletter.render.fragments import Fragments
from newsletter.render.language_filters import language_filters

_UNSENT = b"X-Unsent: 1\r\n"
"""Makes Thunderbird and Outlook open a .eml as a draft, ready to send, not as received."""
_OF_SENT = re.compile(rb"^(?:Date|Message-ID): .*\r\n", re.M)
"""Fields that only a sent message has: with them, Outlook takes a draft for one."""


class Run:
    """One pass over the messages of a mailing; its failures are complete at its end."""

    def __init__(self, merger: Merger, people: pl.DataFrame, headers: MessageHeaders) -> None:
        self._merger, self._people, self._headers = merger, people, headers
        self._failures: tuple[Failure, ...] | None = None
        self.sizes = HtmlSizes()

    def messages(self) -> Iterator[Message | Failure]:
        """Yield each customer's message, or its failure."""
        failures = []
        for result in self._merger.messages(self._people, self._headers):
            if isinstance(result, Failure):
                failures.append(result)
            elif len(result.content) > MOST_SHOWN:  # its HTML is shorter
                self.sizes.add(self._headers.html_size(result.content))
            yield result
        self._failures = tuple(failures)

    @property
    def ended(self) -> bool:
        """Whether all messages were taken."""
        return self._failures is not None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The customers without a message; only after the run."""
        assert self._failures is not None, "the run has not ended"
        return self._failures


class Messages:
    """
    The messages of a mailing by email, each merged and serialised once.

    A few messages stay in memory, because each goes into a file and into the .mbox. Many are
    streamed into the .mbox. If *results* says that no message failed in an earlier build, only
    messages whose files are missing are merged again.
    """

    def __init__(
        self, project: Project, mailing: Mailing, *, within: str, results: Fragments
    ) -> None:
        self.mailing, self._config, self._within = mailing, project.config, within
        self._results = results
        self.key = key_of("messages", mailing.key, within, project.config, project.secret)
        filters = language_filters(mailing.language, business=project.config.business)
        self._filters = filters
        self._envelope = envelope_of(
            project.config, name=mailing.name, language=mailing.language, day=mailing.day
        )
        self._sender = MessageSender.of(project.config.sender)
        carried = CarriedPictures(project)
        self._carried = carried.versions
        self._headers = message_headers(
            self._envelope,
            self._sender,
            secret=project.secret,
            pictures=carried if carried.are_in(mailing.template) else None,
        )
        self._run = Run(Merger(mailing.template, filters=filters), mailing.people, self._headers)

    @property
    def single_files(self) -> bool:
        """Whether each message has its own file."""
        output = self._config.output
        return "eml" in output.formats and self.mailing.people.height <= output.most_single_files

    @property
    def in_mbox(self) -> bool:
        """Whether the .mbox contains the messages: it is wanted, or replaces too many files."""
        formats = self._config.output.formats
        return "mbox" in formats or ("eml" in formats and not self.single_files)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failed messages. Merges all messages first if nobody has taken them."""
        return () if self._saved is not None else self._whole_run.failures

    @property
    def html_sizes(self) -> HtmlSizes:
        """The sizes of long messages. Merges all messages first if nobody has taken them."""
        return self._whole_run.sizes if self._saved is None else self._saved[1]

    @property
    def _whole_run(self) -> Run:
        if self.single_files:
            deque(self._single, maxlen=0)
        elif not self._run.ended:
            deque(self._run.messages(), maxlen=0)
            self._save([])
        return self._run

    @cached_property
    def previews(self) -> list[Preview]:
        """The messages with their own files, as pages list them."""
        people = self.mailing.people.select("name", "email").iter_rows()
        return [
            Preview(
                name=name or "",
                email=email,
                language=self.mailing.language,
                subject=subject,
                html_path=f"{path}.html",
                eml_path=f"{path}.eml",
            )
            for (name, email), path, subject in zip(
                people, self._paths, self._subjects, strict=False
            )
            if subject is not None
        ]

    def artifacts(self, step: Step) -> Iterator[Artifact]:
        """Yield the .eml and the page of each message with its own files, advancing *step*."""
        for row, (path, subject) in enumerate(zip(self._paths, self._subjects, strict=False)):
            step.advance()
            if subject is not None:
                yield Artifact(f"{path}.eml", partial(self._eml, row), self.key)
                page = partial(self._preview, row, f"{path}.html")
                yield Artifact(f"{path}.html", page, self.key)

    def mbox(self, step: Step) -> Iterator[bytes]:
        """Yield the messages for an .mbox file; *step* advances if they have no other files."""
        envelope = self._envelope
        return mbox_chunks(
            self._for_mbox(step), sender=envelope.sender_email, date=envelope.date, quoted=True
        )

    def merge_files(self, recipients: pl.DataFrame) -> Iterator[Artifact]:
        """Yield the merge files of *recipients*: by email, and further ones by letter."""
        if "mailmerge" in self._config.output.formats:
            by_letter = recipients.filter(pl.col("via") != "email")
            yield from merge_files(
                self.mailing.template,
                recipients,
                key=key_of(self.key, recipients.select("id"), by_letter),
                folder=self._folder("merge"),
                sender=self._sender,
                filters=self._filters,
                country=self._config.business.country,
            )

    def _for_mbox(self, step: Step) -> Iterator[bytes]:
        if self.single_files:
            yield from (self._whole(m) for m in self._single if isinstance(m, Message))
            return
        for message in self._run.messages():
            step.advance()
            if isinstance(message, Message):
                yield self._whole(message)
        self._save([])

    @cached_property
    def _paths(self) -> list[str]:
        """The path of each message's own files, without ending."""
        if not self.single_files:
            return []
        return [f"{self._folder('messages')}/{name}" for name in message_names(self.mailing)]

    @cached_property
    def _subjects(self) -> list[str | None]:
        """The subject of each message with its own file; None if the message failed."""
        if not self.single_files:
            return []
        if self._saved is not None:
            return self._saved[0]
        subjects = [
            message.subject if isinstance(message, Message) else None for message in self._single
        ]
        self._save(subjects)
        return subjects

    @cached_property
    def _single(self) -> list[Message | Failure]:
        """The messages with their own files."""
        return list(self._run.messages())

    @cached_property
    def _saved(self) -> tuple[list[str | None], HtmlSizes] | None:
        """What an earlier build saved: subjects and sizes; None if a message failed in it."""
        saved: object = self._results.load(self.key)
        expected = self.mailing.people.height if self.single_files else 0
        match saved:
            case [list() as subjects, int() as longest, int() as clipped]:
                if len(subjects) == expected:
                    return cast(list[str | None], subjects), HtmlSizes(longest, clipped)
        return None

    def _save(self, subjects: list[str | None]) -> None:
        if not self._run.failures:
            sizes = self._run.sizes
            self._results.save(self.key, [subjects, sizes.longest, sizes.clipped])

    def _whole(self, message: Message) -> bytes:
        """Return a message with the pictures that it carries, which are never kept with it."""
        return b"".join([message.content, *self._headers.after(message.content)])

    def _eml(self, row: int) -> list[bytes]:
        whole = self._whole(self._message(row)).replace(b"\n", b"\r\n")
        head, gap, bodies = whole.partition(b"\r\n\r\n")
        return [_UNSENT, _OF_SENT.sub(b"", head + b"\r\n")[:-2], gap, bodies]

    def _preview(self, row: int, path: str) -> list[bytes]:
        html = self._headers.html(self._message(row).content)
        to_output = "../" * path.count("/")

        website = self._config.business.website
        html = with_carried(
            html, lambda cid: f"{to_output}{CARRIED}/{quote(self._carried[cid].path)}"
        )
        return [preview_html(html, website=website, to_site=f"{to_output}site").encode()]

    def _message(self, row: int) -> Message:
        message = self._single[row]
        assert isinstance(message, Message)
        return message

    def _folder(self, kind: str) -> str:
        return f"{self._within}/{kind}/{self.mailing.name}/{self.mailing.language}"


def message_files(parts: Sequence[Messages], step: Step, *, mbox: str) -> Iterator[Artifact]:
    """Yield the messages of a mailing in all its languages, and their .mbox if it is wanted."""
    for messages in parts:
        yield from messages.artifacts(step)
    if any(messages.in_mbox for messages in parts):
        yield Artifact(
            mbox,
            lambda: chain.from_iterable(messages.mbox(step) for messages in parts),
            key_of([messages.key for messages in parts]),
        )


def without(recipients: pl.DataFrame, failures: Sequence[Failure]) -> pl.DataFrame:
    """Return the recipients without failed messages."""
    failed = {failure.customer for failure in failures}
    return recipients.filter(~pl.col("id").is_in(failed))


def envelope_of(config: Config, *, name: str, language: str, day: dt.date) -> Envelope:
    """Return the values that the headers of a mailing's messages share."""
    hour, minute = map(int, config.send_at.split(":"))
    moment = dt.time(hour, minute, tzinfo=ZoneInfo(config.timezone))
    domain = config.sender.email.rpartition("@")[2]
    return Envelope(
        issue=name,
        language=language,
        sender_email=config.sender.email,
        date=dt.datetime.combine(day, moment),
        list_name=config.business.name,
        list_id=config.sender.list_id or f"newsletter.{domain}",
        one_click=config.links.one_click,
    )
