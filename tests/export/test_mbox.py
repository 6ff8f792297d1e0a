"""Files in mbox format."""

from __future__ import annotations

import datetime as dt
import mailbox
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.export.eml import mbox_chunks

DATE = dt.datetime(2026, 11, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def mbox(*messages: bytes, quoted: bool = False) -> bytes:
    """Return the file."""
    chunks = mbox_chunks(messages, sender="hello@example.com", date=DATE, quoted=quoted)
    return b"".join(chunks)


def test_each_message_has_its_from_line() -> None:
    """A From line in UTC, the message with LF, a blank line."""
    assert mbox(b"To: a@b.example\r\n\r\nx\r\n", b"To: c@d.example\n\ny\n") == (
        b"From hello@example.com Thu Nov  5 08:00:00 2026\nTo: a@b.example\n\nx\n\n"
        b"From hello@example.com Thu Nov  5 08:00:00 2026\nTo: c@d.example\n\ny\n\n"
    )


@pytest.mark.parametrize("line", [b"From here", b">From here", b">>>From x"])
def test_lines_that_begin_with_from_are_quoted(line: bytes) -> None:
    """The mboxrd variant adds one `>`, which every reader can remove."""
    assert b"\n\n>" + line + b"\n" in mbox(b"To: a@b.example\n\n" + line + b"\n")


@pytest.mark.parametrize("line", [b"From: here", b" From here", b"From", b"a From b", b"> From x"])
def test_other_lines_stay(line: bytes) -> None:
    """Only `From ` at the beginning of a line is quoted."""
    assert b"\n\n" + line + b"\n" in mbox(b"To: a@b.example\n\n" + line + b"\n")


def test_python_reads_all_messages(tmp_path: Path) -> None:
    """The standard library's mailbox finds each message with its body."""
    bodies = ["one\n", "\nFrom here to there\n", "From \n\n\n", ""]
    (tmp_path / "x.mbox").write_bytes(
        mbox(*(f"To: a@b.example\nSubject: {i}\n\n{t}".encode() for i, t in enumerate(bodies)))
    )
    with closing(mailbox.mbox(tmp_path / "x.mbox")) as box:
        assert [message["Subject"] for message in box] == ["0", "1", "2", "3"]
        payloads = [message.get_payload().replace(">From", "From") for message in box]
    assert payloads == bodies


def test_a_message_without_from_lines_is_not_searched() -> None:
    """If the caller promises that no line begins with From, its bytes are written unchanged."""
    assert mbox(b"To: a@b.example\n\nx\n", quoted=True) == mbox(b"To: a@b.example\n\nx\n")


def test_messages_are_made_one_by_one() -> None:
    """A message is made only when its chunk is asked for."""
    made = []

    def messages() -> object:
        for number in range(3):
            made.append(number)
            yield b"x\n"

    chunks = mbox_chunks(messages(), sender="a@b.example", date=DATE)
    next(chunks)
    assert made == [0]


def test_the_from_line_has_the_ascii_form_of_an_international_domain() -> None:
    """As in the header of the message."""
    chunks = mbox_chunks([b"To: a@b.example\n\nx\n"], sender="info@exämple.de", date=DATE)
    assert b"".join(chunks).startswith(b"From info@xn--exmple-cua.de Thu Nov  5 08:00:00 2026\n")
