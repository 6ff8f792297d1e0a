"""Page, styles and frames of letter.docx."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from newsletter.export.merge_letters.measures import (
    BOTTOM,
    FOOT,
    HEAD_HEIGHT,
    HEAD_TOP,
    INK,
    LEFT,
    RIGHT,
    SOFT,
    TOP,
    Frame,
    font_of,
)
from newsletter.export.merge_letters.merge_letter import MergeLetter
from newsletter.model.language import text_direction

MONO = "Consolas"
BULLETS, NUMBERS = 9001, 9002
"""Our lists, beside those that python-docx brings."""
_BORDER = {"val": "single", "sz": 5, "space": 4}

_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
    "pBdr", "shd", "tabs", "bidi", "spacing", "ind", "contextualSpacing", "jc", "rPr", "sectPr",
)  # fmt: skip
"""Children of w:pPr as the schema orders them (ECMA-376, 17.3.1.26)."""


def element(tag: str, children: Iterable[Any] = (), **attributes: object) -> Any:
    """Return an element of WordprocessingML."""
    whole = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        whole.set(qn(f"w:{name}"), str(value))
    whole.extend(list(children))
    return whole


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point."""
    return round(millimetres / 25.4 * 1440)


def color(value: str) -> RGBColor:
    """Return a colour of six hexadecimal digits, with or without `#`."""
    return RGBColor.from_string(value.lstrip("#").upper())


def set_page(document: Document, letter: MergeLetter) -> None:
    """Set paper and margins; the first sheet has a head and a foot of its own."""
    section, paper = document.sections[0], letter.window.paper
    section.page_width, section.page_height = Mm(paper.width), Mm(paper.height)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.header_distance, section.footer_distance = Mm(HEAD_TOP), Mm(FOOT)
    section.different_first_page_header_footer = True
    section._sectPr.append(element("pgNumType", start=1))


def set_styles(document: Document, letter: MergeLetter) -> None:
    """Set the styles that paragraphs of a letter have."""
    styles, accent = document.styles, color(letter.accent)
    font = font_of(letter)
    normal = styles["Normal"]
    _set_font(normal, font, 11, color(INK))
    normal.paragraph_format.space_before, normal.paragraph_format.space_after = Pt(7), Pt(0)
    normal.paragraph_format.line_spacing = 1.15
    normal.paragraph_format.widow_control = True
    normal.element.rPr.append(element("lang", val=letter.language))
    if text_direction(letter.language) == "rtl":
        normal.element.get_or_add_pPr().append(element("bidi"))
        normal.element.rPr.append(element("rtl"))
    for name, size, ink, above in (
        ("Heading 1", 13, accent, 16),
        ("Heading 2", 11.5, color(INK), 13),
        ("Heading 3", 11, color(INK), 11),
    ):
        _set_font(styles[name], font, size, ink)
        styles[name].font.bold, styles[name].font.italic = True, False
        styles[name].paragraph_format.space_before = Pt(above)
        styles[name].paragraph_format.keep_with_next = True
    _set_font(styles["Quote"], font, 11, color(INK))
    styles["Quote"].font.italic = True
    for edge in ("left_indent", "right_indent"):
        setattr(styles["Quote"].paragraph_format, edge, Mm(6))
    small = styles.add_style("Letter Small", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = normal
    _set_font(small, font, 9, color(SOFT))
    small.paragraph_format.space_before, small.paragraph_format.line_spacing = Pt(1), 1.0


def _set_font(style: Any, font: str, size: float, ink: RGBColor) -> None:
    style.font.size, style.font.color.rgb = Pt(size), ink
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def add_lists(document: Document) -> None:
    """Add the two kinds of lists."""
    numbering = document.part.numbering_part.element
    kinds = {BULLETS: ("bullet", "–"), NUMBERS: ("decimal", "%1.")}
    for place, (number, (kind, text)) in enumerate(kinds.items()):
        levels = [
            element(
                "lvl",
                [
                    element("start", val=1),
                    element("numFmt", val=kind),
                    element("lvlText", val=text.replace("1", str(level + 1))),
                    element("lvlJc", val="left"),
                    element("pPr", [indent(level + 1, hanging=True)]),
                ],
                ilvl=level,
            )
            for level in range(6)
        ]
        kind_of_list = element("multiLevelType", val="hybridMultilevel")
        parts = [kind_of_list, *levels]
        numbering.insert(place, element("abstractNum", parts, abstractNumId=number))
    numbering.append(element("num", [element("abstractNumId", val=BULLETS)], numId=BULLETS))


def add_numbered_list(document: Document, number: int, start: int) -> int:
    """Add a list that counts from *start*; return its id."""
    starts = element("lvlOverride", [element("startOverride", val=start)], ilvl=0)
    kind, list_id = element("abstractNumId", val=NUMBERS), NUMBERS + number
    document.part.numbering_part.element.append(element("num", [kind, starts], numId=list_id))
    return list_id


def indent(level: int, *, hanging: bool) -> Any:
    """Return the indent of an item of a list in lists."""
    return element("ind", left=twips(6 * level + 1), hanging=twips(6 if hanging else 0))


def frame(place: Frame) -> Any:
    """Return what puts a paragraph into a place on the sheet, with those before it there."""
    return element(
        "framePr",
        w=twips(place.width),
        h=twips(place.height),
        hRule="exact",
        wrap="around",
        vAnchor="page",
        hAnchor="page",
        x=twips(place.x),
        y=twips(place.y),
    )


def border(*edges: str, ink: str, dashed: bool = False, space: int = 4) -> Any:
    """Return lines around a paragraph."""
    val, ink = "dashed" if dashed else "single", ink.lstrip("#")
    lines = [element(edge, val=val, sz=5, space=space, color=ink) for edge in edges]
    return element("pBdr", lines)


def exactly(millimetres: float) -> Any:
    """Return the spacing of a paragraph that is just so high."""
    return element("spacing", before=0, after=0, line=twips(millimetres), lineRule="exact")


def head_space(letter: MergeLetter) -> float:
    """Return the height between the name of the business and the text."""
    return letter.window.text - HEAD_TOP - HEAD_HEIGHT


def shape(paragraph: Paragraph, *shapes: Any) -> None:
    """Give a paragraph properties that python-docx has no name for, in the order of Word."""
    properties = paragraph._p.get_or_add_pPr()
    for each in shapes:
        properties.append(each)
    order = [qn(f"w:{name}") for name in _ORDER]
    properties[:] = sorted(properties, key=lambda part: order.index(part.tag))


def field_parts(code: str, shown: str) -> list[Any]:
    """Return a field: begin, code, separate, what it shows before the merge, end."""
    marks = [element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end")]
    instruction = element("instrText")
    instruction.text, text = f" {code} ", element("t")
    text.text = "1" if shown == "PAGE" else f"«{shown}»"
    instruction.set(qn("xml:space"), "preserve")
    return [marks[0], instruction, marks[1], text, marks[2]]
