"""Finds the position of each token in finished HTML, which decides how its value is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from newsletter.model.template import Position, Slot
from newsletter.render import tokens
from newsletter.render.late import RefusedError

_MARKUP = re.compile(
    r"(?P<comment><!--.*?-->)|</(?P<end>[a-zA-Z][^\s/>]*)[^>]*+>"
    r"|<(?P<start>[a-zA-Z][^\s/>\"']*+)(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>|(?P<other><![^>]*+>)",
    re.S,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s=\"'<>/]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')"
)
_BODY = re.compile(f"{tokens.OPEN}{tokens.BODY}([0-9]+){tokens.CLOSE}")
_VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
_RAW = {"script", "style"}
_ONLY_TEXT = {"title", "mj-title", "mj-preview", "textarea", "mj-style"}
"""Elements in which a comment is text."""
_NO_BLOCKS = _ONLY_TEXT | _RAW | {"table", "thead", "tbody", "tr"}
_VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr"),
}
_URLS = {"href", "src", "action", "background", "poster", "cite", "formaction", "longdesc"}

_Piece = tuple[Position | None, str]
"""Static text with no position, or a token and where it stands."""
_Mark = tuple[str, str, int, int]
"""A tag or comment: `start`, `end`, `comment` or `other`; name of the tag; start; end."""


def comments_for_borders(markup: str) -> str:
    """
    Return MJML or HTML with the tokens of conditions and repeats as comments.

    Inside tables and between MJML components, parsers move text but not comments.
    """
    if not tokens.BLOCK.search(markup):
        return markup
    out, inside = [], ""
    for kind, name, piece in _pieces(markup):
        inside = name if kind == "start" else "" if kind == "end" else inside
        is_text = kind == "text" and inside not in _ONLY_TEXT
        out.append(tokens.BLOCK.sub(r"<!--\g<0>-->", piece) if is_text else piece)
    return "".join(out)


def refuse_names(markup: str, slots: Sequence[Slot]) -> None:
    """Refuse open parts in names of tags or attributes, which MJML cannot parse."""
    for kind, _, piece in _pieces(markup):
        if not tokens.holds_token(piece):
            continue
        named = _VALUE.sub("", piece) if kind == "start" else piece
        for match in tokens.TOKEN.finditer(named):
            if kind in ("start", "end") or re.search(r"<[^\s>]*$", named[: match.start()]):
                message = "a customer's value in the name of a tag or attribute"
                hint = "put {% if … %} around the whole element, or into the attribute's value"
                raise _refused(match, slots, message, hint)


def with_bodies(html: str, bodies: Sequence[str]) -> str:
    """
    Return *html* with the bodies in place of their tokens.

    Raises:
        RefusedError: for a body in an attribute, a title or a style.
    """
    out, inside = [], ""
    for kind, name, piece in _pieces(html):
        inside = name if kind == "start" else "" if kind == "end" else inside
        if not tokens.holds_token(piece):
            out.append(piece)
            continue
        if _BODY.search(piece) and (kind != "text" or inside in _NO_BLOCKS):
            message = "a body is printed in an attribute, a title, a style or between rows"
            raise RefusedError(message, hint="print it inside mj-text")
        out.append(_BODY.sub(lambda body: comments_for_borders(bodies[int(body[1])]), piece))
    return "".join(out)


def bare_in_outlook_comments(html: str) -> str:
    """Return *html* with bare borders inside Outlook's comments, which a comment would end."""
    return re.sub(
        r"<!--\[if.*?<!\[endif\]-->",
        lambda match: re.sub(rf"<!--({tokens.BLOCK.pattern})-->", r"\1", match[0]),
        html,
        flags=re.S,
    )


def bare(html: str) -> str:
    """Return *html* with each commented border as a bare token."""
    return re.sub(rf"<!--({tokens.BLOCK.pattern})-->", r"\1", html)


def positions(html: str, slots: Sequence[Slot]) -> Iterator[_Piece]:
    """
    Yield *html* in pieces: static text, and each token with its position.

    Raises:
        RefusedError: for a token whose value cannot be escaped, or whose branch tears an element.
    """
    marks = _marks(html)
    if tokens.BLOCK.search(html):
        _refuse_torn(html, marks, slots)
        outlook = _for_outlook(html)
        _refuse_torn(outlook, _marks(outlook), slots)
    yield from _walk(html, marks, slots)


def _walk(html: str, marks: Iterable[_Mark], slots: Sequence[Slot]) -> Iterator[_Piece]:
    """Yield the pieces; markup without tokens is joined to the static text around it."""
    at = begun = 0  # start of this piece, and of the static text before it
    token, raw = html.find(tokens.OPEN), ""
    for kind, name, start, end in (*marks, ("other", "", len(html), len(html))):
        for of, first, last in (("text", at, start), (kind, start, end)):
            if first <= token < last:
                yield None, html[begun:first]
                yield from _open_piece(of, html[first:last], raw, slots)
                begun, token = last, html.find(tokens.OPEN, last)
            elif token < 0:
                break
        at = end
        if kind == "start":
            raw = name if name in _RAW else raw
        elif kind == "end" and name == raw:
            raw = ""
    yield None, html[begun:]


def _open_piece(kind: str, piece: str, raw: str, slots: Sequence[Slot]) -> Iterator[_Piece]:
    """Yield the pieces of a text, tag or comment with tokens; *raw*: the raw element around it."""
    if raw and kind != "end":
        yield from _split(piece, "style" if raw == "style" else None, slots)
    elif kind == "start":
        yield from _in_tag(piece, slots)
    elif kind == "comment":
        inner = piece[4:-3]
        yield None, "<!--"
        yield from _walk(inner, _marks(inner), slots)
        yield None, "-->"
    else:
        yield from _split(piece, "text" if kind == "text" else None, slots)


def _in_tag(tag: str, slots: Sequence[Slot]) -> Iterator[_Piece]:
    at = 0
    for match in _ATTRIBUTE.finditer(tag):
        group = "double" if match["double"] is not None else "single"
        value = match[group]
        if not tokens.holds_token(value):
            continue
        start, end = match.span(group)
        yield from _split(tag[at:start], None, slots)
        name = match["name"].lower()
        block = tokens.BLOCK.search(value)
        if block and (name in _URLS or not _is_whole(value)):
            message = "a condition inside an address, or across the borders of an attribute"
            raise _refused(block, slots, message, "write {{ a if condition else b }}")
        if name in _URLS:
            yield from _in_url(value, slots)
        else:
            yield from _split(value, _position_in(name), slots)
        at = end
    yield from _split(tag[at:], None, slots)


def _position_in(attribute: str) -> Position | None:
    if attribute == "style":
        return "style"
    return None if attribute.startswith("on") else "attribute"


def _is_whole(value: str) -> bool:
    try:
        return bool(list(tokens.paths(value)))
    except ValueError:
        return False


def _in_url(value: str, slots: Sequence[Slot]) -> Iterator[_Piece]:
    first = tokens.TOKEN.search(value)
    assert first is not None
    before = unescape(value[: first.start()]).strip()
    if before and not re.match(r"(https?://[^/?#]+[/?#]|mailto:|tel:|[./?#])", before):
        message = "a customer's value in the middle of a web address's host"
        hint = "use it for the whole address, or after the slash that ends the host"
        raise _refused(first, slots, message, hint)
    position: Position = "url_part" if before else "url"
    position = "contact" if before in ("mailto:", "tel:") else position
    for inner, piece in _split(value, "url_part", slots):
        yield (position if inner else None), piece
        position = "url_part"


def _split(text: str, position: Position | None, slots: Sequence[Slot]) -> Iterator[_Piece]:
    at = 0
    for match in tokens.TOKEN.finditer(text):
        if position is None:
            message = "a customer's value in a tag's or attribute's name, a script or an event"
            hint = "put it into the text or an attribute"
            raise _refused(match, slots, message, hint)
        if position == "style" and re.search(r"url\([^)]*$", text[: match.start()]):
            hint = "the server would see who reads this: put {% if … %} around whole elements"
            raise _refused(match, slots, "a customer's value in the address of a background", hint)
        if match.start() > at:
            yield None, text[at : match.start()]
        yield position, match[0]
        at = match.end()
    if at < len(text):
        yield None, text[at:]


def _refuse_torn(html: str, marks: Iterable[_Mark], slots: Sequence[Slot]) -> None:
    """Refuse a branch that opens an element it does not close, or closes one it did not open."""
    open_branches: list[list[int]] = []  # depth at its start, and lowest depth since
    depth = 0
    borders = tokens.BLOCK.finditer(html)
    border = next(borders, None)
    for kind, name, start, end in (*marks, ("other", "", len(html), len(html))):
        while border and border.start() < end:
            if border.start() < start or kind == "comment":
                _cross(border, depth, open_branches, slots)
            border = next(borders, None)
        if kind == "start":
            depth += name not in _VOID and html[end - 2] != "/"
        elif kind == "end":
            depth -= 1
            if open_branches:
                open_branches[-1][1] = min(open_branches[-1][1], depth)


def _cross(
    match: re.Match[str], depth: int, open_branches: list[list[int]], slots: Sequence[Slot]
) -> None:
    kind = match[0][1]
    if kind in (tokens.IF, tokens.FOR):
        open_branches.append([depth, depth])
        return
    begun, lowest = open_branches[-1]
    if depth != begun or lowest < begun:
        hint = "put it around whole paragraphs, rows, columns or sections"
        raise _refused(match, slots, "a condition that cuts an element in two", hint)
    if kind != tokens.ELSE:
        open_branches.pop()
        if open_branches:
            open_branches[-1][1] = min(open_branches[-1][1], depth)


def _for_outlook(html: str) -> str:
    """Return the HTML that Outlook for Windows reads: only its conditional comments, opened."""
    html = re.sub(r"<!--\[if !mso.*?<!--<!\[endif\]-->", "", html, flags=re.S)
    return re.sub(r"<!--\[if[^\]]*(?:mso|IE)[^\]]*\]>|<!\[endif\]-->", "", html)


def _marks(markup: str) -> list[_Mark]:
    """Return the tags and comments; everything between them is text."""
    marks = []
    for match in _MARKUP.finditer(markup):
        kind = match.lastgroup or ""
        name = match[kind].lower() if kind in ("start", "end") else ""
        marks.append((kind, name, match.start(), match.end()))
    return marks


def _pieces(markup: str) -> Iterator[tuple[str, str, str]]:
    """Yield *markup* in pieces: `text` or the kind of mark, the name of the tag, the piece."""
    at = 0
    for kind, name, start, end in _marks(markup):
        if start > at:
            yield "text", "", markup[at:start]
        yield kind, name, markup[start:end]
        at = end
    if at < len(markup):
        yield "text", "", markup[at:]


def _refused(
    match: re.Match[str] | None, slots: Sequence[Slot], message: str, hint: str
) -> RefusedError:
    assert match is not None
    token = tokens.TOKEN.match(match[0])
    assert token is not None
    slot = slots[int(token[2])]
    return RefusedError(f"{message}: {slot.expression}", hint=hint, at=slot.at)
