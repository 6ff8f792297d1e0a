"""Blocks of a text → the paragraphs of a word processor, with fields among their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.export.print.blocks import Block, Inline
from newsletter.render.tokens import TOKEN


@dataclass(frozen=True)
class Field:
    """A place where a cell of the table is printed."""

    name: str
    conditional: bool = False
    """Whether it stands in a condition or a list: it may be empty."""


@dataclass(frozen=True)
class Run:
    """Words, or a field, in one style."""

    content: str | Field
    styles: frozenset[str] = frozenset()
    """Names of blocks: strong, emph, strike, code, u, sub, sup, small."""
    link: str = ""
    """A whole web address that a click opens; empty: none."""


BREAK = Run("\n")
"""A new line in the same paragraph."""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph, a picture or a table."""

    look: str = "text"
    """text, heading, bullet, number, quote, code, rule, picture or table."""
    runs: tuple[Run, ...] = ()
    level: int = 1
    """Of a heading, or of a list in lists."""
    list_number: int = 0
    """Of a numbered list, by which its paragraphs are known."""
    start: int = 1
    """The number of its first item."""
    goes_on: bool = False
    """Whether it goes on with the paragraph or the item before, without a space between them."""
    picture: str = ""
    """The key of a picture; its description is in `runs`."""
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    """Of a table: rows of cells."""
    language: str = ""
    """Another language than that of the letter."""

    @property
    def may_vanish(self) -> bool:
        """Whether it holds only fields: programs leave it out for whom all of them are empty."""
        return bool(self.runs) and all(isinstance(run.content, Field) for run in self.runs)


BESIDE = " · "
"""Between two cells of a row that is no table."""
Named = Callable[[int], Sequence[str | Field]]
"""Returns what stands for the field of that number: nothing, words, or fields side by side."""


@dataclass
class Paragraphs:
    """Makes paragraphs of blocks."""

    named: Named
    spaced: Callable[[Field], Sequence[Field]]
    """Returns fields with the cells of one and a space before those that are not empty."""
    _lists: int = 0

    def of(self, blocks: Iterable[Block]) -> Iterator[Paragraph]:
        """Yield the paragraphs of a text."""
        for block in blocks:
            for paragraph in map(self._closed_up, self._block(block)):
                has_words = any(run is not BREAK for run in paragraph.runs)
                if has_words or paragraph.rows or paragraph.look == "rule":
                    yield from _divided(paragraph)

    def _closed_up(self, paragraph: Paragraph) -> Paragraph:
        """Return a paragraph of fields and spaces with the spaces in the fields behind them."""
        texts = [run.content for run in paragraph.runs if isinstance(run.content, str)]
        fields = len(paragraph.runs) - len(texts)
        if not fields or any(text.strip(" ") for text in texts) or not texts:
            return paragraph
        runs, space = list[Run](), False
        for run in paragraph.runs:
            if isinstance(run.content, Field):
                parts = self.spaced(run.content) if space and runs else (run.content,)
                runs += [replace(run, content=part) for part in parts]
            space = isinstance(run.content, str)
        return replace(paragraph, runs=tuple(runs))

    def _block(self, block: Block) -> Iterator[Paragraph]:
        match block["kind"]:
            case "heading":
                level = max(1, block["level"] - 1)
                yield Paragraph(look="heading", level=level, runs=self._runs(block["text"]))
            case "list":
                yield from self._list(block)
            case "quote" | "passage":
                for paragraph in self.of(block["blocks"]):
                    language = block.get("language", paragraph.language)
                    look = "quote" if block["kind"] == "quote" else paragraph.look
                    yield replace(paragraph, look=look, language=language)
            case "table":
                yield from self._table(block)
            case _:
                yield self._single(block)

    def _single(self, block: Block) -> Paragraph:
        match block["kind"]:
            case "picture":
                return Paragraph(look="picture", picture=block["file"], runs=(Run(block["alt"]),))
            case "code":
                return Paragraph(look="code", runs=tuple(_lines(self._runs([block["text"]]))))
            case "rule":
                return Paragraph(look="rule")
        return Paragraph(runs=self._runs(block["text"]))

    def _list(self, block: Block) -> Iterator[Paragraph]:
        look = "bullet" if block["start"] is None else "number"
        self._lists += 1
        number = self._lists
        for item in block["items"]:
            for place, paragraph in enumerate(self.of(item)):
                if paragraph.look in ("bullet", "number"):
                    yield replace(paragraph, level=paragraph.level + 1)
                elif paragraph.look == "text":
                    yield replace(
                        paragraph,
                        look=look,
                        list_number=number,
                        start=block["start"] or 1,
                        goes_on=place > 0,
                    )
                else:
                    yield paragraph

    def _table(self, block: Block) -> Iterator[Paragraph]:
        """Yield a table; if rows may be empty, a paragraph for each row, which then vanishes."""
        rows = tuple(
            tuple(
                _unmarked(
                    self._runs(cell["text"], frozenset({"strong"} if cell["heading"] else ()))
                )
                for cell in row
            )
            for row in block["rows"]
        )
        if not any(_conditional(cell) for row in rows for cell in row):
            yield Paragraph(look="table", rows=rows)
            return
        for number, row in enumerate(rows):
            yield Paragraph(runs=tuple(_beside(row)), goes_on=number > 0)

    def _runs(
        self, inline: Inline, styles: frozenset[str] = frozenset(), link: str = ""
    ) -> tuple[Run, ...]:
        return tuple(self._each_run(inline, styles, link))

    def _each_run(self, inline: Inline, styles: frozenset[str], link: str) -> Iterator[Run]:
        for part in inline:
            if isinstance(part, str):
                yield from self._words(part, styles, link)
            elif "link" in part:
                target = part["link"]
                clicked = target if ":" in target and not TOKEN.search(target) else ""
                yield from self._each_run(part["text"], styles, clicked)
                if part["address"]:
                    yield from self._words(f" ({part['address']})", styles, "")
            elif part["style"] == "break":
                yield BREAK
            else:
                yield from self._each_run(part["text"], styles | {part["style"]}, link)

    def _words(self, text: str, styles: frozenset[str], link: str) -> Iterator[Run]:
        end = 0
        for match in TOKEN.finditer(text):
            if match.start() > end:
                yield Run(text[end : match.start()], styles, link)
            yield from (Run(part, styles, link) for part in self.named(int(match[2])))
            end = match.end()
        if text[end:]:
            yield Run(text[end:], styles, link)


def _divided(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Yield it; if one of its lines may be empty, yield each line, which then vanishes."""
    lines: list[list[Run]] = [[]]
    for run in paragraph.runs:
        if run is BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    parts = [replace(paragraph, runs=tuple(line)) for line in lines if line]
    if len(lines) == 1 or not any(part.may_vanish for part in parts):
        yield paragraph
        return
    for place, part in enumerate(parts):
        yield replace(part, goes_on=place > 0 or paragraph.goes_on)


def _lines(runs: Iterable[Run]) -> Iterator[Run]:
    """Yield runs whose line ends are breaks."""
    for run in runs:
        if isinstance(run.content, str):
            for number, line in enumerate(run.content.split("\n")):
                if number:
                    yield BREAK
                if line:
                    yield replace(run, content=line)
        else:
            yield run


def _beside(row: Sequence[tuple[Run, ...]]) -> Iterator[Run]:
    """Yield the cells of a row with a sign between them, which conditional cells begin with."""
    for number, cell in enumerate(row):
        if number and not _conditional(cell):
            yield Run(BESIDE)
        yield from cell


def _unmarked(cell: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return a cell that everybody gets without the sign for those in conditions."""
    if cell and isinstance(cell[0].content, str):
        return (replace(cell[0], content=cell[0].content.removeprefix(BESIDE)), *cell[1:])
    return cell


def _conditional(cell: Sequence[Run]) -> bool:
    return bool(cell) and isinstance(cell[0].content, Field) and cell[0].content.conditional
