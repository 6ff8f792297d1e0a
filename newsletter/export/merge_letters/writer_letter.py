"""letter.odt: the letter with database fields, for LibreOffice Writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from newsletter.export.merge_letters.contact_tables import SHEET_NAME
from newsletter.export.merge_letters.measures import (
    INK,
    SOFT,
    Frame,
    picture_size,
)
from newsletter.export.merge_letters.merge_letter import Line, MergeLetter
from newsletter.export.merge_letters.opendocument import (
    TEXT,
    archive,
    root,
    setting,
    settings,
    tag,
    words,
)
from newsletter.export.merge_letters.paragraphs import BREAK, Field, Paragraph, Run
from newsletter.export.merge_letters.writer_styles import (
    ADDRESS,
    DETAILS,
    FRAME,
    HEAD,
    PICTURE,
    font_faces,
    head_styles,
    mm,
    style,
    styles,
    text_properties,
)

_LOOKS = {
    "strong": {"font_weight": "bold"},
    "emph": {"font_style": "italic"},
    "strike": {"text_line_through_style": "solid"},
    "u": {"text_underline_style": "solid"},
    "sub": {"text_position": "sub 70%"},
    "sup": {"text_position": "super 70%"},
    "small": {"font_size": "9.5pt"},
    "code": {"font_name": "Mono", "font_size": "9.5pt"},
    "soft": {"color": f"#{SOFT}"},
    "name": {"font_size": "19pt", "font_weight": "bold"},
    "tagline": {"font_size": "10pt"},
}
"""Style of a run → properties of its text."""
_BOLD, _CODE, _SOFT = frozenset({"strong"}), frozenset({"code"}), frozenset({"soft"})


def writer_letter(letter: MergeLetter) -> bytes:
    """Return letter.odt; the same letter gives the same bytes."""
    return _Writer(letter).archive()


class _Writer:
    """Writes a letter as OpenDocument."""

    def __init__(self, letter: MergeLetter) -> None:
        self._letter = letter
        self._looks: dict[tuple[frozenset[str], str], str] = {}
        """Styles and language of a run → the name of its style."""
        self._pictures: dict[str, str] = {}
        self._frames = 0

    def archive(self) -> bytes:
        letter = self._letter
        text = "".join(self._text())
        head, first_foot = self._head(), self._p("Foot", (Run(letter.no_more_post),))
        number = tag("text:page-number", {"text:select-page": "current"}, "2")
        styled = styles(
            letter,
            header=head,
            first_foot=first_foot,
            foot=tag("text:p", {"text:style-name": "Foot"}, number),
        )
        own = "".join(
            style(name, "text", self._properties(*look)) for look, name in self._looks.items()
        )
        content = root(
            "office:document-content",
            font_faces(letter),
            tag("office:automatic-styles", {}, own, head_styles(letter)),
            tag("office:body", {}, tag("office:text", {}, text)),
        )
        # Text styles of the header are in the content's automatic styles, which it cannot see.
        styled = styled.replace("</office:styles>", f"{own}</office:styles>", 1)
        files: dict[str, str | bytes] = {
            "content.xml": content,
            "styles.xml": styled,
            "settings.xml": settings([setting("EmptyDbFieldHidesPara", True)]),
            "meta.xml": self._meta(),
        }
        pictures = {name: letter.pictures[key][0] for key, name in self._pictures.items()}
        return archive(TEXT, files | pictures)

    def _meta(self) -> str:
        letter = self._letter
        about = (
            tag("dc:title", {}, words(letter.name)),
            tag("meta:initial-creator", {}, words(letter.business)),
            tag("dc:language", {}, words(letter.language)),
        )
        return root("office:document-meta", tag("office:meta", {}, *about))

    # ---- around the text

    def _head(self) -> str:
        letter, window = self._letter, self._letter.window
        marks = [(y, 4.0) for y in window.folds] + ([(window.punch, 6.0)] if window.punch else [])
        frames = [
            self._frame(Frame(4, y, width, 1), [tag("text:p", {"text:style-name": "Mark"})])
            for y, width in marks
        ]
        runs = self._runs((Run(letter.business, frozenset({"name", "accent"})),))
        if letter.tagline:
            tagline = frozenset({"tagline", "emph", "soft"})
            runs += self._runs((Run(f"   {letter.tagline}", tagline),))
        return tag("text:p", {"text:style-name": "Head"}, *frames, runs)

    def _window(self) -> str:
        """Return address and details side by side: fields in frames stay empty in a merge."""
        letter, window = self._letter, self._letter.window
        address = [self._p("Address", line) for line in letter.address]
        if window.sender_line:
            address.insert(0, self._p("Sender", (Run(letter.sender),)))
        details = [self._p("Small", (Run(text),)) for text in letter.imprint]
        contact = [line for line in letter.contact if line]
        details += [
            self._p("Small_20_apart" if n == 0 else "Small", line)
            for n, line in enumerate(contact)
        ]
        details.append(self._p("Small_20_apart", letter.date))
        cells = [
            tag("table:table-cell", {"table:style-name": name}, *paragraphs)
            for name, paragraphs in ((ADDRESS, address), (DETAILS, details))
        ]
        columns = [
            tag("table:table-column", {"table:style-name": name}) for name in (ADDRESS, DETAILS)
        ]
        if window.details_x < window.x:
            cells.reverse()
            columns.reverse()
        row = tag("table:table-row", {"table:style-name": HEAD}, *cells)
        return tag("table:table", {"table:style-name": HEAD}, *columns, row)

    def _frame(self, place: Frame, paragraphs: Sequence[str]) -> str:
        self._frames += 1
        where = {
            "draw:name": f"Frame {self._frames}",
            "draw:style-name": FRAME,
            "text:anchor-type": "paragraph",
            "svg:x": mm(place.x),
            "svg:y": mm(place.y),
            "svg:width": mm(place.width),
            "svg:height": mm(place.height),
            "draw:z-index": self._frames,
        }
        return tag("draw:frame", where, tag("draw:text-box", {}, *paragraphs))

    # ---- the text

    def _text(self) -> Iterator[str]:
        letter = self._letter
        yield self._window()
        if letter.subject:
            yield self._p("Subject", letter.subject)
        yield self._p("Greeting" if letter.subject else "Standard", letter.greeting)
        for is_item, parts in groupby(letter.body, lambda part: part.list_number):
            yield from (self._items if is_item else self._parts)(list(parts))
        yield from self._voucher()
        yield self._p("Closing", letter.closing)
        name, role = letter.signature
        yield self._p("Signature", name)
        yield self._p("Role", (*role, *([Run(", ")] if role else []), Run(letter.business)))

    def _voucher(self) -> Iterator[str]:
        lines = [line for line in self._letter.voucher if line]
        looks = (_SOFT, _BOLD, _CODE, _SOFT)
        for number, (line, look) in enumerate(zip(lines, looks, strict=False)):
            styled = tuple(replace(run, styles=run.styles | look) for run in line)
            yield self._p("Voucher" if number else "Voucher_20_begins", styled)

    def _parts(self, parts: Sequence[Paragraph]) -> Iterator[str]:
        return map(self._part, parts)

    def _items(self, parts: Sequence[Paragraph]) -> Iterator[str]:
        """Yield a list; each item is a list of its own that goes on, so that all lie flat."""
        numbered = parts[0].look == "number"
        key = f"list{parts[0].list_number}"
        for place, part in enumerate(parts):
            if part.goes_on:
                name = f"Item_20_{min(part.level, 6)}_20_goes_20_on"
                yield self._p(name, part.runs, part.language)
                continue
            start = {"text:start-value": part.start} if numbered and place == 0 else {}
            item = tag("text:list-item", start, self._p("Item", part.runs, part.language))
            for _ in range(min(part.level, 6) - 1):
                item = tag("text:list-item", {}, tag("text:list", {}, item))
            goes_on = {"text:continue-list": key} if place else {"xml:id": key}
            kind = {"text:style-name": "Numbers" if numbered else "Bullets"}
            yield tag("text:list", kind | goes_on, item)

    def _part(self, part: Paragraph) -> str:
        match part.look:
            case "picture":
                return self._picture(part)
            case "table":
                return self._table(part.rows)
            case "heading":
                level = min(part.level, 3)
                look = {"text:style-name": f"Heading_20_{level}", "text:outline-level": level}
                return tag("text:h", look, self._runs(part.runs, part.language))
        text = "Goes_20_on" if part.goes_on else "Standard"
        name = {"rule": "Rule", "quote": "Quote", "code": "Code"}.get(part.look, text)
        return self._p(name, part.runs or (Run("*   *   *"),), part.language)

    def _picture(self, part: Paragraph) -> str:
        _, version = self._letter.pictures[part.picture]
        width, height = picture_size(version, self._letter.window)
        name = self._pictures.setdefault(
            part.picture, f"Pictures/{len(self._pictures) + 1}.{version.kind}"
        )
        image = {"xlink:href": name, "xlink:type": "simple", "xlink:show": "embed"}
        frame = {"draw:style-name": PICTURE, "text:anchor-type": "as-char"}
        size = {"svg:width": mm(width), "svg:height": mm(height)}
        shown = tag("svg:desc", {}, words(str(part.runs[0].content)))
        whole = tag("draw:frame", frame | size, tag("draw:image", image), shown)
        return tag("text:p", {"text:style-name": "Standard"}, whole)

    def _table(self, rows: Sequence[Sequence[Line]]) -> str:
        columns = max(map(len, rows))
        lines = [
            tag(
                "table:table-row",
                {},
                *(
                    tag("table:table-cell", {}, self._p("Cell", cell))
                    for cell in (*row, *[()] * (columns - len(row)))
                ),
            )
            for row in rows
        ]
        count = {"table:number-columns-repeated": columns}
        return tag("table:table", {}, tag("table:table-column", count), *lines)

    # ---- words

    def _p(self, name: str, line: Line, language: str = "") -> str:
        return tag("text:p", {"text:style-name": name}, self._runs(line, language))

    def _runs(self, line: Iterable[Run], language: str = "") -> str:
        return "".join(self._run(run, language) for run in line)

    def _run(self, run: Run, language: str) -> str:
        if run is BREAK:
            return tag("text:line-break")
        whole = words(run.content) if isinstance(run.content, str) else _field(run.content)
        if run.styles or language:
            look = run.styles, language
            name = self._looks.setdefault(look, f"T{len(self._looks) + 1}")
            whole = tag("text:span", {"text:style-name": name}, whole)
        if run.link:
            whole = tag("text:a", {"xlink:href": run.link, "xlink:type": "simple"}, whole)
        return whole

    def _properties(self, looks: frozenset[str], language: str) -> str:
        values: dict[str, str] = {}
        for look in sorted(looks):
            values |= _LOOKS.get(look, {"color": self._letter.accent or f"#{INK}"})
        if language:
            values |= {"language": language.partition("-")[0], "country": "none"}
        return text_properties(**values)


def _field(field: Field) -> str:
    return tag(
        "text:database-display",
        {
            "text:database-name": SHEET_NAME,
            "text:table-name": SHEET_NAME,
            "text:table-type": "table",
            "text:column-name": field.name,
        },
        words(f"<{field.name}>"),
    )
