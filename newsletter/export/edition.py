"""An edition's messages as files: one .eml and one preview each, the .mbox, the merge files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from newsletter.export.eml import MessageHeaders, message_headers
from newsletter.export.headers import address_field
from newsletter.export.mbox import mbox_chunks
from newsletter.export.merge_file import merge_files
from newsletter.export.pages.previews import Preview, preview_html
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.artifact import Artifact
from newsletter.model.config import Config
from newsletter.model.message import Envelope, Message
from newsletter.model.plan import EditionPlan
from newsletter.model.report import Step
from newsletter.model.template import MessageTemplate


@dataclass(kw_only=True)
class Edition:
    """An edition ready to be merged; `previews` and `failures` fill as its artifacts are taken."""

    plan: EditionPlan
    template: MessageTemplate
    config: Config
    secret: bytes
    filters: Mapping[str, Callable[..., Any]]
    within: str = "private"
    """Folder of its files below output/."""
    previews: list[Preview] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @cached_property
    def by_email(self) -> pl.DataFrame:
        """The recipients of messages."""
        return self.plan.recipients.filter(pl.col("via") == "email")

    @cached_property
    def letters(self) -> pl.DataFrame:
        """The recipients on paper; what their letters say is in the merge file for Word."""
        return self.plan.recipients.filter(pl.col("via") != "email")

    @property
    def reached(self) -> pl.DataFrame:
        """The recipients but those whose message could not be made."""
        failed = {failure.customer for failure in self.failures}
        return self.plan.recipients.filter(~pl.col("id").is_in(failed))

    @cached_property
    def single_files(self) -> bool:
        """Whether each message is a file of its own."""
        output = self.config.output
        return "eml" in output.formats and self.by_email.height <= output.most_single_files

    @property
    def in_mbox(self) -> bool:
        """Whether the .mbox holds the messages: it is wanted, or takes the place of too many."""
        formats = self.config.output.formats
        return "mbox" in formats or ("eml" in formats and not self.single_files)

    def merge_files(self) -> Iterator[Artifact]:
        """Yield the merge files of `reached`, so take all messages before."""
        if "mailmerge" in self.config.output.formats:
            sender = self.config.sender
            field_line = address_field("From", name=sender.name, email=sender.email)
            yield from merge_files(
                self.template,
                self.reached,
                folder=self._folder("merge"),
                sender=field_line.removeprefix("From: ").rstrip("\n"),
                filters=self.filters,
                country=self.config.business.country,
            )

    def try_out(self, step: Step) -> None:
        """Merge what is in no file of messages, letters too, so that `failures` holds its own."""
        for made in self._merger.texts(self.letters):
            if isinstance(made, Failure):
                self.failures.append(made)
        if not self.single_files and not self.in_mbox:
            for _ in self._for_mbox(step):
                pass

    def messages(self, step: Step) -> Iterator[Artifact]:
        """Yield each message as .eml and page, if that is wanted; *step* advances by one each."""
        if not self.single_files:
            return
        folder = self._folder("messages")
        people = self.by_email.select("token", "name", "email").iter_rows()
        for (token, name, email), message in zip(people, self._messages, strict=True):
            step.advance()
            if isinstance(message, Failure):
                self.failures.append(message)
                continue
            path = f"{folder}/{token}"
            yield Artifact(f"{path}.eml", message.content.replace(b"\n", b"\r\n"))
            yield Artifact(f"{path}.html", self._preview(message, f"{path}.html"))
            self.previews.append(
                Preview(
                    name=name or "",
                    email=email,
                    language=self.plan.issue.language,
                    via="email",
                    subject=message.subject,
                    html_path=f"{path}.html",
                    eml_path=f"{path}.eml",
                )
            )

    def mbox(self, step: Step) -> Iterator[bytes]:
        """Yield the messages for an .mbox file; *step* advances if they have no other files."""
        envelope = envelope_of(self.plan, self.config)
        return mbox_chunks(
            self._for_mbox(step), sender=envelope.sender_email, date=envelope.date, quoted=True
        )

    def _for_mbox(self, step: Step) -> Iterator[bytes]:
        if self.single_files:
            yield from (made.content for made in self._messages if isinstance(made, Message))
            return
        for made in self._merger.messages(self.by_email, self._headers):
            step.advance()
            if isinstance(made, Failure):
                self.failures.append(made)
            else:
                yield made.content

    @cached_property
    def _messages(self) -> list[Message | Failure]:
        """The messages that are files of their own: they are in the .mbox, too."""
        return list(self._merger.messages(self.by_email, self._headers))

    @cached_property
    def _headers(self) -> MessageHeaders:
        return message_headers(envelope_of(self.plan, self.config), secret=self.secret)

    @cached_property
    def _merger(self) -> Merger:
        return Merger(self.template, filters=self.filters)

    def _preview(self, message: Message, path: str) -> bytes:
        html = self._headers.html(message.content)
        to_site = "../" * path.count("/") + "site"
        return preview_html(html, website=self.config.business.website, to_site=to_site).encode()

    def _folder(self, kind: str) -> str:
        return f"{self.within}/{kind}/{self.plan.name}/{self.plan.issue.language}"


def envelope_of(plan: EditionPlan, config: Config) -> Envelope:
    """Return what the headers of an edition's messages share."""
    sender = config.sender
    hour, minute = map(int, config.send_at.split(":"))
    moment = dt.time(hour, minute, tzinfo=ZoneInfo(config.timezone))
    return Envelope(
        issue=plan.name,
        language=plan.issue.language,
        sender_name=sender.name,
        sender_email=sender.email,
        reply_to=sender.reply_to or "",
        date=dt.datetime.combine(plan.issue.date, moment),
        list_name=config.business.name,
        list_id=sender.list_id or "newsletter." + sender.email.rpartition("@")[2],
        one_click=config.links.one_click,
    )
