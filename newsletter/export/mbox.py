"""Many messages in one .mbox file, as mail programs import them (RFC 4155, the mboxrd variant)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

_FROM_LINE = re.compile(rb"\n(>*From )")


def mbox_chunks(
    messages: Iterable[bytes], *, sender: str, date: dt.datetime, quoted: bool = False
) -> Iterator[bytes]:
    """
    Yield the chunks of the file: a `From ` line, a message with LF line ends, a blank line.

    CRLF is turned into LF. Lines that begin with `From ` get a `>`, and so do those that begin
    with `>From `, so that every reader can undo it. *quoted* says that messages have LF line ends
    and no such line (quoted-printable writes `=46rom `), which spares a search as costly as the
    message itself. *date* has a zone; the line shows it in UTC.
    """
    line = _from_line(sender, date.astimezone(dt.UTC))
    for message in messages:
        yield line
        yield message if quoted else _FROM_LINE.sub(rb"\n>\1", message.replace(b"\r\n", b"\n"))
        yield b"\n"


def _from_line(sender: str, day: dt.datetime) -> bytes:
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[day.month * 3 - 3 : day.month * 3]
    return f"From {sender} {weekday} {month} {day.day:2} {day:%H:%M:%S} {day.year}\n".encode(
        "ascii"
    )
