"""letter.docx: the letter with merge fields, for Word."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from newsletter.export.merge_letters.measures import (
    HEAD_HEIGHT,
    SOFT,
    Frame,
    address_frame,
    address_size,
    details_frame,
    picture_size,
    sender_frame,
    sender_size,
)
from newsletter.export.merge_letters.merge_letter import Line, MergeLetter
from newsletter.export.merge_letters.paragraphs import BREAK, Field, Paragraph, Run
from newsletter.export.merge_letters.word_styles import (
    BULLETS,
    MONO,
    add_lists,
    add_numbered_list,
    border,
    color,
    element,
    exactly,
    field_parts,
    frame,
    head_space,
    indent,
    set_page,
    set_styles,
    shape,
)
from newsletter.export.merge_letters.zipped import rezipped

_ACCENT, _CODE = frozenset({"accent"}), frozenset({"code"})
_BOLD, _EMPHASIS, _SOFT = frozenset({"strong"}), frozenset({"emph"}), frozenset({"soft"})


def word_letter(letter: MergeLetter) -> bytes:
    """Return letter.docx; the same letter gives the same bytes."""
    document = docx.Document()
    about = document.core_properties
    about.author = about.last_modified_by = letter.business
    about.title, about.comments, about.language = letter.name, "", letter.language
    about.created = about.modified = dt.datetime.combine(letter.day, dt.time())
    set_page(document, letter)
    set_styles(document, letter)
    add_lists(document)
    _Writer(document, letter).write()
    buffer = io.BytesIO()
    document.save(buffer)
    return rezipped(buffer.getvalue())


class _Writer:
    """Writes the parts of a letter into a document."""

    def __init__(self, document: Document, letter: MergeLetter) -> None:
        self._document, self._letter = document, letter
        self._lists: dict[int, int] = {}
        """Our number of a list → its id in the document."""

    def write(self) -> None:
        """Write everything."""
        self._sheets()
        self._window()
        letter = self._letter
        if letter.subject:
            subject = self._lines([letter.subject], _BOLD)[0]
            subject.paragraph_format.space_after = Pt(8)
            for run in subject.runs:
                run.font.size = Pt(12)
        self._lines([letter.greeting])
        for paragraph in letter.body:
            self._add(paragraph)
        self._voucher()
        self._closing()

    # ---- around the text

    def _sheets(self) -> None:
        letter, section = self._letter, self._document.sections[0]
        header, window = section.first_page_header, letter.window
        marks = [(y, 4.0) for y in window.folds] + ([(window.punch, 6.0)] if window.punch else [])
        head = header.paragraphs[0]
        for y, width in marks:
            mark = head.insert_paragraph_before()
            lines = border("top", ink="828282", space=0)
            shape(mark, frame(Frame(4, y, width, 1)), lines, exactly(1))
        shape(head, border("bottom", ink=letter.accent, space=1), exactly(HEAD_HEIGHT))
        name = self._run(head, Run(letter.business, _BOLD | _ACCENT))
        name.font.size = Pt(19)
        if letter.tagline:
            tagline = self._run(head, Run(f"   {letter.tagline}", _EMPHASIS | _SOFT))
            tagline.font.size = Pt(10)
        shape(header.add_paragraph(), exactly(head_space(letter)))
        foot = section.first_page_footer.paragraphs[0]
        self._small(foot, (Run(letter.no_more_post, _SOFT),))
        others = section.footer.paragraphs[0]
        self._small(others, (Run(Field("PAGE"), _SOFT),))

    def _window(self) -> None:
        letter, window = self._letter, self._letter.window
        if window.sender_line:
            sender = self._framed(sender_frame(window), (Run(letter.sender, _SOFT),))
            for run in sender.runs:
                run.font.size = Pt(sender_size(letter))
        size = Pt(address_size(letter))
        for line in letter.address:
            paragraph = self._framed(address_frame(window), line)
            for run in paragraph.runs:
                run.font.size = size
        details = details_frame(window)
        soft = [((Run(text, _SOFT),), 0) for text in letter.imprint]
        contact = [(line, 5 if n == 0 else 0) for n, line in enumerate(letter.contact) if line]
        for line, above in (*soft, *contact, (letter.date, 5)):
            paragraph = self._framed(details, line, "Letter Small")
            paragraph.paragraph_format.space_before = Pt(above + 1)

    def _framed(self, place: Frame, line: Line, style: str = "Normal") -> WordParagraph:
        paragraph = self._document.add_paragraph(style=style)
        shape(paragraph, frame(place))
        paragraph.paragraph_format.space_before = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.0
        self._runs(paragraph, line)
        return paragraph

    def _small(self, paragraph: WordParagraph, line: Line) -> None:
        paragraph.style = self._document.styles["Letter Small"]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._runs(paragraph, line)

    def _voucher(self) -> None:
        lines = [line for line in self._letter.voucher if line]
        looks = (_SOFT, _BOLD, _CODE, _SOFT)
        for line, look in zip(lines, looks, strict=False):
            paragraph = self._lines([line], look)[0]
            edges = border("top", "left", "bottom", "right", ink=self._letter.accent, dashed=True)
            shape(paragraph, edges)
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.left_indent = Mm(3)
            paragraph.paragraph_format.right_indent = Mm(3)
            paragraph.paragraph_format.space_before = Pt(14 if line is lines[0] else 2)

    def _closing(self) -> None:
        letter = self._letter
        closing = self._lines([letter.closing])[0]
        closing.paragraph_format.space_before = Pt(16)
        closing.paragraph_format.keep_with_next = True
        name, role = letter.signature
        signed = self._lines([name], _BOLD)[0]
        signed.paragraph_format.space_before = Mm(15)
        signed.paragraph_format.keep_with_next = True
        comma = (Run(", "),) if role else ()
        self._lines([(*role, *comma, Run(letter.business))], _SOFT, above=1)

    def _lines(
        self, lines: Iterable[Line], styles: frozenset[str] = frozenset(), *, above: float = 7
    ) -> list[WordParagraph]:
        paragraphs = []
        for line in lines:
            paragraph = self._document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(above)
            self._runs(paragraph, line, styles)
            paragraphs.append(paragraph)
        return paragraphs

    # ---- the text

    def _add(self, part: Paragraph) -> None:
        if part.look == "picture":
            self._picture(part)
            return
        if part.look == "table":
            self._table(part.rows)
            return
        heading = f"Heading {min(part.level, 3)}"
        style = {"heading": heading, "quote": "Quote"}.get(part.look, "Normal")
        paragraph = self._document.add_paragraph(style=style)
        if part.goes_on:
            paragraph.paragraph_format.space_before = Pt(0)
        if part.look == "rule":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._runs(paragraph, (Run("*   *   *", _SOFT),))
        elif part.look in ("bullet", "number"):
            self._item(paragraph, part)
        self._runs(paragraph, part.runs, _CODE if part.look == "code" else frozenset())
        if part.language:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().append(element("lang", val=part.language))

    def _item(self, paragraph: WordParagraph, part: Paragraph) -> None:
        if part.goes_on:
            shape(paragraph, indent(part.level, hanging=False))
            return
        number = BULLETS
        if part.look == "number":
            if part.list_number not in self._lists:
                self._lists[part.list_number] = add_numbered_list(
                    self._document, part.list_number, part.start
                )
            number = self._lists[part.list_number]
        level = element("ilvl", val=min(part.level, 6) - 1)
        shape(paragraph, element("numPr", [level, element("numId", val=number)]))
        paragraph.paragraph_format.space_before = Pt(4)

    def _picture(self, part: Paragraph) -> None:
        content, version = self._letter.pictures[part.picture]
        width, height = picture_size(version, self._letter.window)
        run = self._document.add_paragraph().add_run()
        picture = run.add_picture(io.BytesIO(content), Mm(width), Mm(height))
        picture._inline.docPr.set("descr", str(part.runs[0].content))

    def _table(self, rows: Sequence[Sequence[Line]]) -> None:
        columns = max(map(len, rows))
        self._document.add_paragraph().paragraph_format.line_spacing = Pt(2)
        table = self._document.add_table(len(rows), columns)
        for row, cells in zip(table.rows, rows, strict=True):
            for place, line in zip(row.cells, cells, strict=False):
                paragraph = place.paragraphs[0]
                paragraph.paragraph_format.space_before = Pt(2)
                lines = border("bottom", ink=SOFT, space=2)
                lines.tag = qn("w:tcBorders")
                place._tc.get_or_add_tcPr().append(lines)
                self._runs(paragraph, line)

    # ---- words

    def _runs(
        self, paragraph: WordParagraph, line: Line, styles: frozenset[str] = frozenset()
    ) -> None:
        for run in line:
            if run is BREAK:
                paragraph.add_run().add_break()
            else:
                self._run(paragraph, Run(run.content, run.styles | styles, run.link))

    def _run(self, paragraph: WordParagraph, run: Run) -> Any:
        if isinstance(run.content, str):
            word = paragraph.add_run(run.content)
            self._style(word, run.styles)
            if run.link:
                self._link(paragraph, word, run.link)
            return word
        name = run.content.name
        code = name if name == "PAGE" else f"MERGEFIELD {name}"
        for part in field_parts(code, name):
            word = paragraph.add_run()
            self._style(word, run.styles)
            word._r.append(part)
        return word

    def _link(self, paragraph: WordParagraph, word: Any, address: str) -> None:
        part = self._document.part
        link = element("hyperlink")
        target = part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), target)
        paragraph._p.append(link)
        link.append(word._r)

    def _style(self, word: Any, styles: frozenset[str]) -> None:
        font = word.font
        font.bold = True if "strong" in styles else None
        font.italic = True if "emph" in styles else None
        font.strike = True if "strike" in styles else None
        font.underline = True if "u" in styles else None
        font.subscript = True if "sub" in styles else None
        font.superscript = True if "sup" in styles else None
        if "small" in styles:
            font.size = Pt(9.5)
        if "code" in styles:
            font.name, font.size = MONO, Pt(9.5)
        if "soft" in styles:
            font.color.rgb = color(SOFT)
        if "accent" in styles:
            font.color.rgb = color(self._letter.accent)
