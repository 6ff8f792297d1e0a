"""Writes a text with its columns in the dialect of a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from newsletter.export.columns import Column, Condition, Piece, Tag
from newsletter.export.programs.fitted import Code
from newsletter.export.programs.profile import NAME, UNSEEN, WORDS, Conditions, Program


@dataclass(frozen=True, kw_only=True)
class TemplatePrinter:
    """Prints texts of a mailing for a program."""

    program: Program
    names: Mapping[str, str]
    """Our column → the name of its field in the template."""
    codes: Mapping[str, Code] = field(default_factory=dict)
    """Flag → the column that it is packed in; empty: each flag is a column."""
    fallbacks: Mapping[str, str]
    """Our column → words that replace an empty cell; columns without them are left out."""

    def text(self, pieces: Iterable[Piece]) -> str:
        """Return a text, or a subject, in the program's dialect."""
        literal = self.program.dialect.literal
        text = self._printed(
            pieces, lambda opening: literal.get(opening[0]) or _parted(opening), words=str
        )
        return text.translate({ord(a): b for a, b in self.program.dialect.in_text.items()})

    def html(self, pieces: Iterable[Piece]) -> str:
        """Return HTML in the program's dialect."""
        return self.program.around(self._printed(pieces, _entity, words=escape))

    def _printed(
        self,
        pieces: Iterable[Piece],
        literal: Callable[[re.Match[str]], str],
        words: Callable[[str], str],
    ) -> str:
        dialect, opens = self.program.dialect, openings(self.program)

        def printed(piece: Piece, around: int) -> str:
            match piece:
                case str():
                    return "".join(map(static, _split(piece, opens)))
                case Column(name):
                    return self._field(name, words, around)
                case Tag(name):
                    return self.program.tags[name]
                case Condition(branches, otherwise):
                    texts = [(flag, join(then, around + 1)) for flag, then in branches]
                    return self._condition(texts, join(otherwise, around + 1), around)

        def static(part: str | re.Match[str]) -> str:
            return dialect.static(part) if isinstance(part, str) else literal(part)

        def join(parts: Iterable[Piece], around: int) -> str:
            return "".join(printed(part, around) for part in parts)

        return dialect.finished(join(pieces, 0))

    def _name(self, column: str, around: int) -> str:
        """Return the name of a column's field inside so many conditions."""
        marks = self.program.dialect.conditions
        return f"{marks.outer * around if marks else ''}{self.names[column]}"

    def _field(self, column: str, words: Callable[[str], str], around: int) -> str:
        dialect, fallback = self.program.dialect, words(self.fallbacks.get(column, ""))
        opens = openings(self.program).search(fallback)
        wrong = opens or set(fallback) & set(dialect.not_in_words)
        pattern = (not wrong and fallback and dialect.fallback) or dialect.cell
        return pattern.replace(NAME, self._name(column, around)).replace(WORDS, fallback)

    def _condition(self, branches: Sequence[tuple[str, str]], otherwise: str, around: int) -> str:
        marks = self.program.dialect.conditions
        assert marks is not None  # otherwise conditions became columns
        if self.codes:
            return "".join(self._coded(branches, otherwise, marks))
        texts = []
        for n, (flag, then) in enumerate(branches):
            mark = marks.also if n and marks.is_chain else marks.begin
            end = "" if marks.is_chain else marks.end
            name = self._name(flag, around)
            begin, end = (each.replace(NAME, name) for each in (mark, end))
            texts.append(f"{begin}{then}{end}")
        if marks.is_chain:
            texts += [f"{marks.otherwise}{otherwise}" if otherwise else "", marks.end]
        return "".join(texts)

    def _coded(
        self, branches: Sequence[tuple[str, str]], otherwise: str, marks: Conditions
    ) -> Iterator[str]:
        """Yield the branches, each in conditions for the columns that hold the flags."""
        earlier: list[Code] = []
        for flag, then in branches:
            code = self.codes[flag]
            yield self._for_codes([*_others(earlier), (code.column, code.holds)], then, marks)
            earlier.append(code)
        yield self._for_codes([*_others(earlier)], otherwise, marks)

    def _for_codes(
        self, cells: Iterable[tuple[str, frozenset[str]]], text: str, marks: Conditions
    ) -> str:
        """Return a text for whom columns hold one of some cells each."""
        every = {code.column: code.all for code in self.codes.values()}
        wanted: dict[str, frozenset[str]] = {}
        for column, held in cells:
            wanted[column] = wanted.get(column, every[column]) & held
        if not text or not all(wanted.values()):
            return ""
        begins = ""
        for column, held in wanted.items():
            if len(held) == 1:
                tests = [(marks.holds, cell) for cell in held]
            else:
                tests = [(marks.holds_not, cell) for cell in sorted(every[column] - held)]
            for mark, cell in tests:
                begins += mark.replace(NAME, self.names[column]).replace(WORDS, cell)
                text += marks.end
        return f"{begins}{text}"


def _others(codes: Iterable[Code]) -> Iterator[tuple[str, frozenset[str]]]:
    for code in codes:
        yield code.column, code.all - code.holds


def _split(text: str, opens: re.Pattern[str]) -> Iterator[str | re.Match[str]]:
    """Yield the letters of a text that open a tag as matches, and what is between them."""
    end = 0
    for opening in opens.finditer(text):
        if between := text[end : opening.start()]:
            yield between
        yield opening
        end = opening.end()
    if text[end:]:
        yield text[end:]


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
    return re.compile("|".join(f"{re.escape(letter)}(?={rest}|\\Z)" for letter, rest in opens))
