"""Checks the links and pictures of Markdown texts: their targets and alternative texts."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from newsletter.errors import Problem
from newsletter.model.permalink import local_target
from newsletter.model.source import Source
from newsletter.read.content.folders import nearest, no_picture
from newsletter.read.content.picture_files import unseen


@dataclass(frozen=True)
class Link:
    """A link or picture in a Markdown text."""

    href: str
    start: int
    """Its beginning, as an offset into the text."""
    is_image: bool = False
    alt: str = ""


def check_links(
    body: Source,
    *,
    pages: Collection[str],
    private: Collection[str],
    images: Collection[str],
) -> Iterator[Problem]:
    """
    Yield a problem for each wrong link or picture of *body*.

    All paths are below content/: *pages* of every Markdown file, *private* of those that have no
    page on the site, *images* of every picture.
    """
    source = body.at.path.partition("/")[2]
    for link in find_links(body.text):
        target = local_target(link.href, source)
        if link.is_image and not link.alt.strip():
            hint = "say in the square brackets what it shows: ![A cup of tea](…)"
            message = "the picture has no alternative text"
            yield Problem(message, body.place_of(link.start), hint=hint)
        if target is None or target in images or (target in pages and not link.is_image):
            if target in private:
                hint = "write 'public: yes' into that file, or take the link out"
                message = f"{target} is not public, so this link leads nowhere"
                yield Problem(message, body.place_of(link.start), hint=hint)
            continue
        if link.is_image and unseen(target):
            folder = posixpath.dirname(source)
            yield no_picture(target, body.place_of(link.start), images, seen_from=folder)
        else:
            yield _dead(body, link, target, images if link.is_image else [*pages, *images])


def check_links_without_website(body: Source) -> Iterator[Problem]:
    """Yield a problem for each link of *body* that would lead to a page, as there is no site."""
    source = body.at.path.partition("/")[2]
    for link in find_links(body.text):
        if not link.is_image and local_target(link.href, source) is not None:
            message = "this link leads to your website, but newsletter.yml names none"
            hint = (
                "write here what that page says and take the link out, or add "
                "'website: https://…' under business: in content/newsletter.yml"
            )
            yield Problem(message, body.place_of(link.start), hint=hint)


def local_targets(body: Source) -> Iterator[str]:
    """Yield the path below content/ of each file that the text shows or links to."""
    source = body.at.path.removeprefix("content/")
    for link in find_links(body.text):
        target = local_target(link.href, source)
        if target:
            yield target


@functools.lru_cache(maxsize=1 << 15)
def find_links(text: str) -> tuple[Link, ...]:
    """Return the links and pictures of a Markdown text, but none in code."""
    masked = _mask(text)
    return (*_inline(masked, text), *_references(masked), *_tags(masked))


def _dead(body: Source, link: Link, target: str, candidates: Collection[str]) -> Problem:
    what = "picture" if link.is_image else "file"
    near = nearest(target, candidates)
    example = "../images/shop.png" if link.is_image else "../updates/hours.md"
    hint = f"write the path as seen from this file: {example}"
    if re.match(r"www\.", link.href):
        hint = f"did you mean 'https://{link.href}'?"
    elif near:
        folder = posixpath.dirname(body.at.path.partition("/")[2])
        hint = f"did you mean '{posixpath.relpath(near, folder)}'?"
    message = f"there is no {what} content/{target}"
    if _OPEN_PATH.match(body.text, link.start):
        message = f"the path of a {what} cannot contain '{{{{ }}}}'"
        hint = "write the whole path, a different one in each branch of {% if … %}"
    elif written := _BACKSLASHES.match(body.text, link.start):
        message = f"a path has no backslashes: {written[1]}"
        hint = "write it with /: " + written[1].replace("\\", "/")
    return Problem(message, body.place_of(link.start), hint=hint)


_CODE = re.compile(
    r"\\[^\n]"  # an escaped character
    r"|`(?<!``)(`*)(?!`)(?:(?!\n\s*\n).)+?(?<!`)`\1(?!`)"  # a code span
    r"|<!--.*?-->|\{\{.*?\}\}|\{%.*?%\}|\{#(?![\w.-]+\}).*?#\}",  # comments and Jinja
    re.DOTALL,
)


_OPEN_PATH = re.compile(r"!?\[[^]\n]*\]\([^)\s]*\{[{%]")
"""A link of which `{{ … }}` fills in a part."""
_BACKSLASHES = re.compile(r"!?\[[^]\n]*\]\(([^)\s]*\\[^)\s]*)")

_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})")
"""The first line of fenced code, in lists and quotes, too."""
_BLOCK_CODE = ("\n    ", "\n\t", "```", "~~~")
"""The beginning of a line that can be code, after the end of the line before."""


def _mask(text: str) -> str:
    """Return the text with code, comments and Jinja blanked; every offset stays."""
    return _CODE.sub(lambda match: _blank(match.group()), without_blocks(text))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text) if "\n" in text else " " * len(text)


def without_blocks(text: str) -> str:
    """Return the text with fenced and indented code blanked; every offset stays."""
    after_line_end = f"\n{text}"
    if not any(mark in after_line_end for mark in _BLOCK_CODE):
        return text
    lines, fence, in_list, after_blank = [], "", False, True
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        indented = line.startswith(("    ", "\t"))
        if fence:
            lines.append(" " * len(line))
            mark = line.strip(" >")
            if mark.startswith(fence) and not mark.strip(fence[0]):
                fence = ""
            continue
        if opening:
            fence = opening[1]
            lines.append(" " * len(line))
            continue
        if re.match(r"\s{0,3}([-*+]|\d+[.)])\s", line):
            in_list = True
        elif line.strip() and not line[0].isspace() and after_blank:
            in_list = False
        is_code = indented and after_blank and not in_list
        lines.append(" " * len(line) if is_code else line)
        after_blank = not line.strip() or is_code
    return "\n".join(lines)


def _inline(text: str, written: str) -> Iterator[Link]:
    """
    Yield `[text](href "title")` and `![alt](href)`; one may be inside another.

    *written* is the text before masking: a name printed from a field is alternative text as well.
    """
    for match in re.finditer(r"\]\(", text):
        opening = _matching(text, match.start())
        href = _destination(text, match.end())
        if opening is None or href is None:
            continue
        is_image = opening > 0 and text[opening - 1] == "!"
        yield Link(href, opening - is_image, is_image, written[opening + 1 : match.start()])


def _matching(text: str, closing: int) -> int | None:
    opening = text.rfind("[", max(closing - 1999, 0), closing)
    if text.find("]", opening, closing) < 0 <= opening:  # links and pictures do not nest here
        return opening
    depth = 0
    for at in range(closing, max(closing - 2000, -1), -1):
        depth += {"]": 1, "[": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return None


_PLAIN_HREF = re.compile(r"([^()\s<>]{0,1999})\)")


def _destination(text: str, start: int) -> str | None:
    if plain := _PLAIN_HREF.match(text, start):
        return plain[1]
    depth = 1
    for at in range(start, min(start + 2000, len(text))):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            inside = re.sub(r"""\s+("[^"]*"|'[^']*')\s*$""", "", text[start:at])
            return inside.strip().strip("<>")
    return None


_DEFINITION = re.compile(r"^ {0,3}\[([^\]^][^\]]*)\]:[ \t]*<?([^\s>]+)", re.MULTILINE)


def _references(text: str) -> Iterator[Link]:
    """Yield the definitions `[name]: href`, and the pictures that use one."""
    if "]:" not in text:
        return
    for definition in _DEFINITION.finditer(text):
        name = re.escape(definition[1])
        pictures = list(
            re.finditer(rf"!\[([^\]]*)\]\[{name}\]|!\[({name})\](?![\[(])", text, re.I)
        )
        if not pictures:
            yield Link(definition[2], definition.start())
        for picture in pictures:
            yield Link(definition[2], picture.start(), True, picture[1] or picture[2] or "")


def _tags(text: str) -> Iterator[Link]:
    """Yield the links and pictures written as HTML."""
    for tag in re.finditer(r"<(a|img)\b([^>]*)>", text, re.I):
        attributes = {
            name.lower(): value.strip("\"'")
            for name, value in re.findall(r"""([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", tag[2])
        }
        is_image = tag[1].lower() == "img"
        href = attributes.get("src" if is_image else "href")
        if href is not None:
            yield Link(href, tag.start(), is_image, attributes.get("alt", ""))
