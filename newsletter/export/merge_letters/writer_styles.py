"""Pages and styles of letter.odt."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.export.merge_letters.measures import (
    BOTTOM,
    FOOT,
    HEAD_TOP,
    INK,
    LEFT,
    RIGHT,
    SOFT,
    TOP,
    address_frame,
    address_size,
    details_frame,
    font_of,
    sender_frame,
    sender_size,
)
from newsletter.export.merge_letters.merge_letter import MergeLetter
from newsletter.export.merge_letters.opendocument import Attributes, root, tag
from newsletter.model.language import text_direction

MONO = "Liberation Mono"
FRAME, PICTURE = "Still", "Picture"
HEAD, ADDRESS, DETAILS = "Head", "Address", "Details"
"""The table with address and details, and its columns."""


def mm(length: float) -> str:
    """Return a length."""
    return f"{length:.2f}mm"


def styles(letter: MergeLetter, *, header: str, first_foot: str, foot: str) -> str:
    """Return styles.xml; the header and the feet are paragraphs."""
    rest = {"style:next-style-name": "Others"}
    masters = (
        tag(
            "style:master-page",
            {"style:name": "First", "style:page-layout-name": "FirstSheet", **rest},
            tag("style:header", {}, header),
            tag("style:footer", {}, first_foot),
        ),
        tag(
            "style:master-page",
            {"style:name": "Others", "style:page-layout-name": "OtherSheets"},
            tag("style:footer", {}, foot),
        ),
    )
    return root(
        "office:document-styles",
        font_faces(letter),
        tag("office:styles", {}, *_common(letter)),
        tag("office:automatic-styles", {}, *_sheets(letter)),
        tag("office:master-styles", {}, *masters),
    )


def _common(letter: MergeLetter) -> Iterator[str]:
    yield _default(letter)
    yield from _paragraphs(letter)
    yield from _around(letter)
    yield from _lists()
    yield _graphics()


def font_faces(letter: MergeLetter) -> str:
    """Return the fonts."""
    faces = {"Letter": (font_of(letter), "roman"), "Mono": (MONO, "modern")}
    named = [
        {"style:name": name, "svg:font-family": family, "style:font-family-generic": kind}
        for name, (family, kind) in faces.items()
    ]
    return tag("office:font-face-decls", {}, *(tag("style:font-face", face) for face in named))


def style(name: str, family: str, parts: str, parent: str = "", **more: str) -> str:
    """Return a style of a family: paragraph, text, graphic."""
    above = {"style:parent-style-name": parent} if parent else {}
    also = {f"style:{key.replace('_', '-')}": value for key, value in more.items()}
    return tag("style:style", {"style:name": name, "style:family": family, **above, **also}, parts)


def text_properties(**values: str) -> str:
    """Return `font_size="11pt"` and so on as properties of text."""
    return tag("style:text-properties", _names(values))


def paragraph_properties(**values: str) -> str:
    """Return `margin_top="7pt"` and so on as properties of a paragraph."""
    return tag("style:paragraph-properties", _names(values))


_OF_STYLE = {
    "font_name", "writing_mode", "join_border", "text_line_through_style", "text_position",
    "text_underline_style",
}  # fmt: skip
"""Properties that are not of XSL-FO."""


def _names(values: dict[str, str]) -> Attributes:
    return {
        f"{'style' if key in _OF_STYLE else 'fo'}:{key.replace('_', '-')}": value
        for key, value in values.items()
    }


def _default(letter: MergeLetter) -> str:
    language, _, country = letter.language.partition("-")
    country = country or {"en": "GB"}.get(language, language.upper())
    direction = "rl-tb" if text_direction(letter.language) == "rtl" else "lr-tb"
    text = text_properties(
        font_name="Letter", font_size="11pt", color=f"#{INK}", language=language, country=country
    )
    return tag(
        "style:default-style",
        {"style:family": "paragraph"},
        paragraph_properties(writing_mode=direction, orphans="2", widows="2", line_height="118%"),
        text,
    )


def _paragraph(
    name: str, top: float, parent: str = "Standard", text: str = "", **more: str
) -> str:
    """Return the style of a paragraph; lengths in points."""
    parts = paragraph_properties(margin_top=f"{top}pt", margin_bottom="0pt", **more)
    return style(name, "paragraph", parts + text, parent if name != "Standard" else "")


def _paragraphs(letter: MergeLetter) -> Iterator[str]:
    """Yield the styles of the text."""
    accent, soft = letter.accent, f"#{SOFT}"
    heading = {"keep_with_next": "always"}
    yield _paragraph("Standard", 7)
    yield _paragraph("Goes_20_on", 0)
    yield _paragraph("Subject", 0, text=text_properties(font_size="12pt", font_weight="bold"))
    yield _paragraph("Greeting", 15)
    for level, size, above in ((1, "13pt", 16), (2, "11.5pt", 13), (3, "11pt", 11)):
        ink = accent if level == 1 else f"#{INK}"
        text = text_properties(font_size=size, font_weight="bold", color=ink)
        yield _paragraph(f"Heading_20_{level}", above, text=text, **heading)
    yield _paragraph("Item", 4)
    for level in range(1, 7):
        yield _paragraph(f"Item_20_{level}_20_goes_20_on", 0, margin_left=mm(6 * level + 1))
    quote = text_properties(font_style="italic")
    yield _paragraph("Quote", 7, text=quote, margin_left="6mm", margin_right="6mm")
    yield _paragraph("Code", 7, text=text_properties(font_name="Mono", font_size="9.5pt"))
    yield _paragraph("Rule", 7, text=text_properties(color=soft), text_align="center")
    yield _paragraph("Cell", 2, border_bottom=f"0.4pt solid {soft}", padding_bottom="1mm")


def _around(letter: MergeLetter) -> Iterator[str]:
    """Yield the styles of what stands around the text."""
    accent, soft = letter.accent, f"#{SOFT}"
    heading = {"keep_with_next": "always"}
    size = text_properties(font_size=f"{address_size(letter)}pt")
    yield _paragraph("Address", 0, text=size, line_height="100%")
    sender = text_properties(font_size=f"{sender_size(letter)}pt", color=soft)
    yield _paragraph("Sender", 0, text=sender, line_height="5.2mm")
    small = text_properties(font_size="9pt", color=soft)
    yield _paragraph("Small", 1, text=small, line_height="100%")
    yield _paragraph("Small_20_apart", 6, "Small")
    yield _paragraph("Foot", 0, "Small", text_align="center")
    head = f"0.6pt solid {accent}"
    yield _paragraph("Head", 0, border_bottom=head, padding_bottom="1mm", line_height="100%")
    yield _paragraph(
        "Mark", 0, text=text_properties(font_size="2pt"), border_top="0.4pt solid #828282"
    )
    box = {"border": f"0.8pt dashed {accent}", "padding": "2.5mm", "margin_left": "3mm"}
    box |= {"margin_right": "3mm", "keep_with_next": "always", "join_border": "true"}
    yield _paragraph("Voucher", 2, **box)
    yield _paragraph("Voucher_20_begins", 14, "Voucher", **box)
    yield _paragraph("Closing", 16, **heading)
    yield style(
        "Signature",
        "paragraph",
        paragraph_properties(margin_top="15mm", keep_with_next="always")
        + text_properties(font_weight="bold"),
        "Standard",
    )
    yield _paragraph("Role", 1, text=text_properties(color=soft))


def _lists() -> Iterator[str]:
    for name in ("Bullets", "Numbers"):
        levels = [
            tag(
                f"text:list-level-style-{'bullet' if name == 'Bullets' else 'number'}",
                {"text:level": level}
                | (
                    {"text:bullet-char": "–"}
                    if name == "Bullets"
                    else {"style:num-format": "1", "style:num-suffix": "."}
                ),
                tag(
                    "style:list-level-properties",
                    {"text:list-level-position-and-space-mode": "label-alignment"},
                    tag(
                        "style:list-level-label-alignment",
                        {
                            "text:label-followed-by": "listtab",
                            "text:list-tab-stop-position": mm(6 * level + 1),
                            "fo:text-indent": mm(-6),
                            "fo:margin-left": mm(6 * level + 1),
                        },
                    ),
                ),
            )
            for level in range(1, 7)
        ]
        yield tag("text:list-style", {"style:name": name}, *levels)


def _sheets(letter: MergeLetter) -> Iterator[str]:
    paper, window = letter.window.paper, letter.window
    for name, top in (("FirstSheet", HEAD_TOP), ("OtherSheets", TOP)):
        sheet = {
            "fo:page-width": mm(paper.width),
            "fo:page-height": mm(paper.height),
            "fo:margin-left": mm(LEFT),
            "fo:margin-right": mm(RIGHT),
            "fo:margin-top": mm(top),
            "fo:margin-bottom": mm(FOOT),
        }
        head = {"svg:height": mm(details_frame(window).y - HEAD_TOP), "fo:margin-bottom": "0mm"}
        foot = {"svg:height": mm(BOTTOM - FOOT), "fo:margin-top": mm(BOTTOM - FOOT - 5)}
        yield tag(
            "style:page-layout",
            {"style:name": name},
            tag("style:page-layout-properties", sheet),
            tag(
                "style:header-style",
                {},
                *([tag("style:header-footer-properties", head)] if top == HEAD_TOP else []),
            ),
            tag("style:footer-style", {}, tag("style:header-footer-properties", foot)),
        )


def _graphics() -> str:
    """Return the styles of frames and pictures; headers see no others than common ones."""
    still = {
        "style:vertical-pos": "from-top",
        "style:vertical-rel": "page",
        "style:horizontal-pos": "from-left",
        "style:horizontal-rel": "page",
        "style:wrap": "run-through",
        "style:run-through": "foreground",
        "fo:border": "none",
        "fo:padding": "0mm",
        "draw:fill": "none",
    }
    picture = {"style:vertical-pos": "top", "style:vertical-rel": "baseline"}
    return style(FRAME, "graphic", tag("style:graphic-properties", still)) + style(
        PICTURE, "graphic", tag("style:graphic-properties", picture)
    )


def head_styles(letter: MergeLetter) -> str:
    """Return the styles of the table that holds address and details on the first sheet."""
    window = letter.window
    address, details = address_frame(window), details_frame(window)
    if window.sender_line:
        address = sender_frame(window)
    middle = max(address.x, details.x)
    end = window.paper.width - RIGHT
    left, right = (address, details) if address.x < details.x else (details, address)
    names = {id(address): ADDRESS, id(details): DETAILS}
    cells = [(names[id(left)], left, LEFT, middle), (names[id(right)], right, middle, end)]
    whole = {"style:width": mm(end - LEFT), "table:align": "left"}
    parts = [
        style(HEAD, "table", tag("style:table-properties", whole), master_page_name="First"),
        style(
            HEAD,
            "table-row",
            tag("style:table-row-properties", {"style:row-height": mm(window.text - details.y)}),
        ),
    ]
    for name, frame, begin, until in cells:
        pads = {"left": frame.x - begin, "top": frame.y - details.y, "right": 0, "bottom": 0}
        padding = {f"fo:padding-{side}": mm(max(0, pad)) for side, pad in pads.items()}
        width = {"style:column-width": mm(until - begin)}
        parts.append(style(name, "table-column", tag("style:table-column-properties", width)))
        parts.append(style(name, "table-cell", tag("style:table-cell-properties", padding)))
    return "".join(parts)
