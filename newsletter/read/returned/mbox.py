"""Messages that a build wrote into an .mbox file."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import NamedTuple

_BORDER = b"\n\nFrom "
_QUOTED = re.compile(rb"^>(>*From )", re.M)


class BuiltMessage(NamedTuple):
    """A message with what its header says of it."""

    message_id: str
    address: str
    """Of its one recipient."""
    name: str
    subject: str
    content: bytes
    """LF line ends."""


def read_mbox(file: Path) -> Iterator[BuiltMessage]:
    """Yield the messages of a file (RFC 4155, `From ` quoted by `>`) one by one."""
    if not file.stat().st_size:
        return
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        begin = 0
        while begin < len(data):
            end = data.find(_BORDER, begin)
            whole = data[begin : end + 1 if end >= 0 else len(data) - 1]
            yield _message(whole.partition(b"\n")[2])
            begin = end + 2 if end >= 0 else len(data)


def _message(content: bytes) -> BuiltMessage:
    content = _QUOTED.sub(rb"\1", content)
    head = content[: content.index(b"\n\n") + 1]
    header = BytesHeaderParser(policy=policy.default).parsebytes(head)
    (to,) = header["To"].addresses
    return BuiltMessage(
        str(header["Message-ID"]), to.addr_spec, to.display_name, str(header["Subject"]), content
    )
