"""The table of a mail merge: names that Word and LibreOffice take, cells that both read whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from newsletter.errors import NewsletterError
from newsletter.export.merge_letters.open_html import Cells
from newsletter.export.merge_letters.paragraphs import Field
from newsletter.export.programs.families import snake_case

MOST_COLUMNS = 255
"""That programs read through Excel's driver, as Word does (Access database engine: 255 fields)."""
LONGEST_CELL = 255
"""UTF-16 units; the same driver takes a column whose first rows are shorter for one of 255."""
_LONGEST_NAME = 40
"""Characters of a merge field's name in Word."""


@dataclass
class LetterColumns:
    """Columns of text, each with its own name; those of *fixed* come first."""

    fixed: pl.DataFrame
    _columns: dict[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.fixed.columns:
            self._add(name, self.fixed[name].to_list())

    def fields(self, name: str, texts: Sequence[str], *, conditional: bool = False) -> list[Field]:
        """Return the fields of a new column; long cells go on in further ones beside it."""
        return [
            Field(self._add(name, part), conditional) for part in zip(*_parts(texts), strict=True)
        ]

    def varying(self, name: str, texts: Sequence[str]) -> list[str | Field]:
        """Return a text that is the same for all, nothing if it is empty, else its fields."""
        first = texts[0]
        if all(text == first for text in texts):
            return [first] if first else []
        return [*self.fields(name, texts)]

    def spaced(self, field: Field) -> list[Field]:
        """Return the fields of a new column: the cells of another, with a space before them."""
        texts = [f" {text}" if text else "" for text in self._columns[field.name]]
        return self.fields(field.name, texts, conditional=field.conditional)

    def of_cells(self, cells: Cells) -> list[str | Field]:
        """
        Return what stands for a field of a text.

        Words of a condition that everybody gets stand in the letter; those that nobody gets do
        not.
        """
        if cells.fixed and all(len(text) <= LONGEST_CELL // 2 for text in cells.texts):
            return [Field(self._name_of[cells.fixed], cells.conditional)]
        if not any(cells.texts):
            return []
        if cells.same_words and len(set(cells.texts)) == 1:
            return [cells.texts[0]]
        return [*self.fields(cells.name, cells.texts, conditional=cells.conditional)]

    @property
    def too_many(self) -> bool:
        """Whether a program cannot read them all."""
        return len(self._columns) > MOST_COLUMNS

    def table(self) -> pl.DataFrame:
        """
        Return the table.

        Raises:
            NewsletterError: if there are too many columns.
        """
        if self.too_many:
            message = (
                f"the letters need {len(self._columns)} columns, and Word reads {MOST_COLUMNS}"
            )
            hint = "use fewer conditions and lists, or print the letters of newsletter build"
            raise NewsletterError.at(message, hint=hint)
        return pl.DataFrame(self._columns, schema=dict.fromkeys(self._columns, pl.String()))

    @property
    def _name_of(self) -> dict[str, str]:
        return dict(zip(self.fixed.columns, self._columns, strict=False))

    def _add(self, wanted: str, texts: Sequence[str]) -> str:
        """Add a column; return its name, which no other has, whatever their capitals."""
        base = snake_case(wanted)
        base = base if base[0].isalpha() else f"field_{base}"
        name, number = base[:_LONGEST_NAME], 1
        while name in self._columns:
            number += 1
            end = f"_{number}"
            name = f"{base[: _LONGEST_NAME - len(end)]}{end}"
        self._columns[name] = list(texts)
        return name


def _parts(texts: Sequence[str]) -> list[list[str]]:
    """Return each text in as many parts as the longest one needs."""
    parts = [list(_cut(text)) for text in texts]
    most = max(map(len, parts), default=1)
    return [part + [""] * (most - len(part)) for part in parts]


def _cut(text: str) -> Iterator[str]:
    """Yield parts that are short enough, cut within words: programs trim spaces at ends."""
    while len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        whole = text.encode("utf-16-le")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")
        cut = next(
            (n for n in range(len(whole), len(whole) // 2, -1) if text[n - 1 : n + 1].isalnum()),
            len(whole),
        )
        yield text[:cut]
        text = text[cut:]
    yield text
