"""Text and tables for people open in Excel and Notepad; those for programs are plain UTF-8."""

from __future__ import annotations

import codecs
from pathlib import PurePosixPath

from support import Built

from newsletter.export.plain_text import text_for_people

_TEXT = {".csv", ".eml", ".html", ".ics", ".json", ".mbox", ".txt", ".xml"}
_CRLF = {".csv", ".eml", ".ics"}
_FOR_PROGRAMS = {"machine", "record", "site"}


def test_a_text_for_people_has_a_mark_and_the_line_ends_of_windows() -> None:
    """Old versions of Notepad show neither umlauts nor lines without them."""
    assert text_for_people("Grüße\nAnna\n") == b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe\r\nAnna\r\n"


def test_every_file_has_the_mark_and_line_ends_of_its_reader(example: Built) -> None:
    """A mark for people's .csv and .txt, in which Excel needs it; none elsewhere."""
    wrong = []
    for file in sorted(path for path in example.output.rglob("*") if path.suffix in _TEXT):
        path = PurePosixPath(file.relative_to(example.output))
        for_people = path.suffix in {".csv", ".txt"} and not _FOR_PROGRAMS & set(path.parts)
        content = file.read_bytes()
        content.decode("utf-8")
        ends = content.endswith(b"\r\n")
        marks = content.count(codecs.BOM_UTF8), content.startswith(codecs.BOM_UTF8)
        if marks != (for_people, for_people) or ends != (for_people or path.suffix in _CRLF):
            wrong.append((str(path), marks, ends))
    assert wrong == []
