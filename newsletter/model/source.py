"""A text that the user wrote, with its place for error messages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newsletter.errors import Place


@dataclass(frozen=True)
class Source:
    """A rule, a subject or a Markdown body, and the place of its first character."""

    text: str
    at: Place

    def place(self, line: int, column: int = 0) -> Place:
        """
        Return the place of line *line* (from 1) of this text, with the line itself.

        The first line of a value in front matter begins after its key, at the column of `at`.
        """
        if line == 1 and self.at.column:
            return replace(self.at, column=self.at.column + max(column, 1) - 1)
        lines = self.text.split("\n")
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        return Place(path=self.at.path, line=self.at.line + line - 1, column=column, text=text)

    def place_of(self, offset: int) -> Place:
        """Return the place of the character at *offset* in this text."""
        line = self.text.count("\n", 0, offset) + 1
        return self.place(line, offset - self.text.rfind("\n", 0, offset))

    def stand_in(self) -> Source:
        """Return a text in its place, so that faults of the layouts around it are found, too."""
        return replace(self, text="…")

    def __str__(self) -> str:
        return self.text
