"""Helpers that tests of several packages share."""

from __future__ import annotations

import datetime as dt
import email
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from functools import cached_property
from math import ceil
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from newsletter import commands
from newsletter.build import build
from newsletter.model.artifact import Artifact
from newsletter.model.report import BuildReport
from newsletter.write.files import chunks_of
from newsletter.write.lock import only_writer

ROOT = Path(__file__).parent.parent
EXAMPLE_DAY = dt.date(2026, 11, 3)
LOOKS = ("awning", "margin", "programme")
"""The packaged themes that `newsletter init` offers."""


def examples(count: int) -> settings:
    """Return settings of a test that takes *count* examples where others take a hundred.

    A profile with another number of examples scales the count.
    """
    return settings(max_examples=ceil(count * settings().max_examples / 100))


class Silent:
    """A progress that shows nothing."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Silent]:
        """Begin a step."""
        yield self

    def advance(self, n: int = 1) -> None:
        """Go on."""


def content_of(artifact: Artifact) -> bytes:
    """Return the bytes of an artifact."""
    return b"".join(chunks_of(artifact.content))


@dataclass(frozen=True)
class Letter:
    """A finished message, as a mail program gets it."""

    data: bytes
    language: str

    @cached_property
    def message(self) -> EmailMessage:
        """The message as Python's reader parses it."""
        return email.message_from_bytes(self.data, policy=policy.default)

    @property
    def to(self) -> str:
        """Name and address of its reader."""
        return str(self.message["To"])

    @cached_property
    def text(self) -> str:
        """The text part."""
        return _content(self.message, "plain")

    @cached_property
    def html(self) -> str:
        """The HTML part."""
        return _content(self.message, "html")

    @cached_property
    def tree(self) -> Element:
        """The HTML part as a strict reader of HTML5 sees it."""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        return parser.parse(self.html)


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def visible_text(element: Element) -> str:
    """Return the visible text of an element, white space folded."""
    return " ".join(_shown(element).split())


def _shown(element: Element) -> str:
    if element.tag in ("style", "title", "head") or not isinstance(element.tag, str):
        return ""
    inner = (_shown(child) + (child.tail or "") for child in element)
    gap = " " if element.tag in ("p", "br", "td", "th", "li", "h1", "h2", "h3", "div") else ""
    return f"{gap}{element.text or ''}{''.join(inner)}{gap}"


@dataclass(frozen=True)
class Built:
    """A project's output, and the output of the build command."""

    output: Path
    report: BuildReport

    def messages(self) -> list[Path]:
        """Return every .eml file."""
        return sorted(self.output.glob("private/messages/**/*.eml"))

    def letters(self) -> list[Letter]:
        """Return every message."""
        return [Letter(path.read_bytes(), path.parent.name) for path in self.messages()]


def run(*arguments: object) -> Result:
    """Run `newsletter` with these arguments."""
    return CliRunner().invoke(commands.main, [str(argument) for argument in arguments])


def built_once(factory: pytest.TempPathFactory, name: str, root: Path, *, today: dt.date) -> Built:
    """Return a project as built on a day: once in a test run, by whichever process comes first."""
    shared = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder, report = shared / name, shared / f"{name}.pickle"
    with only_writer(shared / "lock"):
        if not report.exists():
            build_report = build(root, output=folder, today=today, issue=None, progress=Silent())
            report.write_bytes(pickle.dumps(build_report))
    return Built(folder, pickle.loads(report.read_bytes()))
