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
    Yield a chunk for each message: LF line ends, a `From ` line before it, a blank line after.

    *messages* are best given with LF line ends; CRLF is turned into LF. Lines that begin with
    `From ` get a `>`, and so do those that begin with `>From `, so that every reader can undo it;
    *quoted* says that there can be none (quoted-printable writes `=46rom `), which spares a search
    as costly as the message itself. *date* has a zone; the line shows it in UTC.
    """
    line = _from_line(sender, date.astimezone(dt.UTC))
    for message in messages:
        text = message.replace(b"\r\n", b"\n") if b"\r" in message else message
        yield b"%b%b\n" % (line, text if quoted else _FROM_LINE.sub(rb"\n>\1", text))


def _from_line(sender: str, day: dt.datetime) -> bytes:
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[day.month * 3 - 3 : day.month * 3]
    return f"From {sender} {weekday} {month} {day.day:2} {day:%H:%M:%S} {day.year}\n".encode(
        "ascii"
    )
