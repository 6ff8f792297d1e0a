"""Writes a text with its columns in the dialect of a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from newsletter.export.columns import Column, Condition, Piece, Tag
from newsletter.export.programs.profile import NAME, WORDS, Program

UNSEEN = "\u2060"
"""WORD JOINER: parts letters that a program would read as a tag, and is not seen."""


@dataclass(frozen=True, kw_only=True)
class TemplatePrinter:
    """Prints texts of a mailing for a program."""

    program: Program
    names: Mapping[str, str]
    """Our column → the name of its field in the template."""
    fallbacks: Mapping[str, str]
    """Our column → words that replace an empty cell; columns without them are left out."""

    def text(self, pieces: Iterable[Piece]) -> str:
        """Return a text, or a subject, in the program's dialect."""
        literal = self.program.dialect.literal
        return self._printed(
            pieces, lambda opening: literal.get(opening[0]) or _parted(opening), words=str
        )

    def html(self, pieces: Iterable[Piece]) -> str:
        """Return HTML in the program's dialect."""
        return self._printed(pieces, _entity, words=escape)

    def _printed(
        self,
        pieces: Iterable[Piece],
        literal: Callable[[re.Match[str]], str],
        words: Callable[[str], str],
    ) -> str:
        def printed(piece: Piece) -> str:
            match piece:
                case str():
                    return openings(self.program).sub(literal, piece)
                case Column(name):
                    return self._field(name, words)
                case Tag(name):
                    return self.program.tags[name]
                case Condition(branches, otherwise):
                    texts = [(flag, join(then)) for flag, then in branches]
                    return self._condition(texts, join(otherwise))

        def join(parts: Iterable[Piece]) -> str:
            return "".join(map(printed, parts))

        return join(pieces)

    def _field(self, column: str, words: Callable[[str], str]) -> str:
        dialect, fallback = self.program.dialect, words(self.fallbacks.get(column, ""))
        fits = dialect.fallback and not set(fallback) & set(dialect.not_in_words)
        pattern = dialect.fallback if fallback and fits else dialect.cell
        return pattern.replace(NAME, self.names[column]).replace(WORDS, fallback)

    def _condition(self, branches: Sequence[tuple[str, str]], otherwise: str) -> str:
        marks = self.program.dialect.conditions
        assert marks is not None  # otherwise conditions became columns
        texts = []
        for n, (flag, then) in enumerate(branches):
            mark = marks.also if n and marks.is_chain else marks.begin
            end = "" if marks.is_chain else marks.end
            begin, end = (each.replace(NAME, self.names[flag]) for each in (mark, end))
            texts.append(f"{begin}{then}{end}")
        if marks.is_chain:
            texts += [f"{marks.otherwise}{otherwise}" if otherwise else "", marks.end]
        return "".join(texts)


def without_tags(cell: str, opens: re.Pattern[str], *, in_html: bool) -> str:
    """Return a cell in which `openings` finds no tag, wherever it is printed."""
    return opens.sub(_entity if in_html else _parted, cell)


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _parted(match: re.Match[str]) -> str:
    return f"{match[0]}{UNSEEN}"


def openings(program: Program) -> re.Pattern[str]:
    """
    Return what finds letters that open a tag of the program.

    At the end of a text they could open one with what follows it.
    """
    opens = program.dialect.opens.items()
    return re.compile("|".join(f"{re.escape(letter)}(?={rest}|$)" for letter, rest in opens))
