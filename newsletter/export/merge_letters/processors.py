"""Word processors that merge letters, and the files that each takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

from newsletter.errors import NewsletterError
from newsletter.export.merge_letters.contact_tables import ods, xlsx
from newsletter.export.merge_letters.merge_letter import MergeLetter
from newsletter.export.merge_letters.writer_letter import writer_letter
from newsletter.model.artifact import Artifact

Write = Callable[[MergeLetter], bytes]


@dataclass(frozen=True, kw_only=True)
class Processor:
    """A word processor with a mail merge."""

    name: str
    """As on the command line."""
    title: str
    files: Mapping[str, Write]
    """Name of a file → what writes it."""
    libraries: Mapping[str, str]
    """Module that writing needs → its package."""

    def folder(self, letter: MergeLetter) -> str:
        """Return the folder of a letter: private/exports/word/2026-11/en."""
        return f"private/exports/{self.name}/{letter.name}"

    def artifacts(self, letters: Sequence[MergeLetter]) -> Iterator[Artifact]:
        """
        Yield the document and the table of each letter.

        Raises:
            NewsletterError: if a library is not installed.
        """
        missing = [package for module, package in self.libraries.items() if not find_spec(module)]
        if missing:
            what = (
                f"letters for {self.title} were not written: {' and '.join(missing)} not installed"
            )
            raise NewsletterError.at(what, hint=f"pip install {' '.join(missing)}")
        for letter in letters:
            for file, write in self.files.items():
                path = f"{self.folder(letter)}/{file}"
                yield Artifact(path, partial(_chunks, write, letter), f"{letter.key}{file}")


def _chunks(write: Write, letter: MergeLetter) -> list[bytes]:
    return [write(letter)]


def _word_letter(letter: MergeLetter) -> bytes:
    from newsletter.export.merge_letters.word_letter import word_letter  # noqa: PLC0415 - an extra

    return word_letter(letter)


PROCESSORS: Mapping[str, Processor] = {
    each.name: each
    for each in (
        Processor(
            name="libreoffice",
            title="LibreOffice",
            files={"letter.odt": writer_letter, "contacts.ods": lambda letter: ods(letter.table)},
            libraries={},
        ),
        Processor(
            name="word",
            title="Word",
            files={
                "letter.docx": _word_letter,
                "contacts.xlsx": lambda letter: xlsx(letter.table, day=letter.day),
            },
            libraries={"docx": "python-docx", "xlsxwriter": "XlsxWriter"},
        ),
    )
}
"""By the name on the command line."""
