"""Opens text files, and reports in the user's terms why one cannot be read."""

from __future__ import annotations

import os
import re
from pathlib import Path

from newsletter.errors import Place, Problem

MOST_BYTES = 2_000_000
"""A longer file is no text that a person wrote."""

# Control characters except tab and line feed, the line separators that editors do not show as
# such, and the private-use characters that the program itself uses while it binds templates.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ue000-\ue0ff]")


def read_text(file: Path, *, shown: str, problems: list[Problem]) -> str | None:
    """Return the text of *file* with LF line ends and no byte order mark, or None."""
    data = read_bytes(file, shown=shown, problems=problems)
    return None if data is None else decode_text(data, shown=shown, problems=problems)


def decode_text(data: bytes, *, shown: str, problems: list[Problem]) -> str | None:
    """Return the bytes of a file as text, or None after adding why they are none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(data, error.start, shown=shown))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    problems.extend(_refused(text, shown=shown))
    return text


def inside(file: Path, root: Path) -> bool:
    """Return whether *file* lies below *root*, a resolved path, after following every link."""
    return os.path.realpath(file).startswith(os.path.join(root, ""))  # noqa: PTH118


def leaves(shown: str) -> Problem:
    """Return the problem of a symbolic link that leads out of the project."""
    return Problem(
        message="this is a link to a place outside of the project",
        at=Place(path=shown),
        hint="put the file itself here",
    )


def read_bytes(file: Path, *, shown: str, problems: list[Problem]) -> bytes | None:
    """Return the content of *file*, or None after adding why it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        problems.append(Problem(message=f"cannot be read: {reason}", at=Place(path=shown)))
        return None
    if len(data) > MOST_BYTES:
        problems.append(
            Problem(
                message=f"is {len(data):,} bytes long; a text may have {MOST_BYTES:,}",
                at=Place(path=shown),
                hint="is this really a text file?",
            )
        )
        return None
    return data


def _not_utf8(data: bytes, start: int, *, shown: str) -> Problem:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "is UTF-16, not UTF-8"
    else:
        message = f"is not UTF-8: byte {start + 1} is 0x{data[start]:02X}"
    return Problem(
        message=message,
        at=Place(path=shown, line=data.count(b"\n", 0, start) + 1),
        hint='save the file again with the encoding "UTF-8"',
    )


def _refused(text: str, *, shown: str) -> list[Problem]:
    problems = []
    for match in _REFUSED.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        line, column = text.count("\n", 0, match.start()) + 1, match.start() - start + 1
        problems.append(
            Problem(
                message=f"the invisible character U+{ord(match.group()):04X} is not allowed",
                at=Place(path=shown, line=line, column=column),
                hint=f"delete character {column} of line {line}",
            )
        )
    return problems
