"""Converts the HTML of a body to plain text, with every link and without markup."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

from newsletter.render import tokens
from newsletter.render.notes import NOTE, REFERENCE

_SPACE = re.compile(r"[ \t\r\n\f]+")
_ONLY_BLOCKS = re.compile(rf"(?:\s*{tokens.BLOCK.pattern})+\s*")
_PARAGRAPHS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "div", "figure", "figcaption", "dl", "dt", "caption"),
    *("table", "details", "summary"),
}
_ITEMS = {"ul", "ol", "li", "dd", "blockquote", "pre", "tr", "hr"}
"""Other elements that begin a new line."""
_LONGEST_RULE = 60


@lru_cache(maxsize=2_000)
def to_text(html: str) -> str:
    """
    Return *html* (sanitised, with tokens) as text.

    Paragraphs end with an empty line. Links read `title <address>`.
    """
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.finish()


class _Writer(HTMLParser):
    # A tag calls the methods _begin_… and _end_… with its name.

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.line = ""  # inline text collected so far
        self.prefixes: list[str] = []  # those of quotes and list items, outermost first
        self.bullet = ""  # that of an item without its first line yet
        self.lists: list[int | None] = []  # next number, or None for bullets
        self.links: list[tuple[str, int]] = []  # target, and start of the title
        self.pre = False

    def finish(self) -> str:
        self._flush()
        return "".join(self.out).strip("\n")

    def handle_data(self, data: str) -> None:
        if not self.line.strip() and _ONLY_BLOCKS.fullmatch(data) and not self.pre:
            self._flush()
            self.out += tokens.BLOCK.findall(data)
        else:
            self.line += data if self.pre else _SPACE.sub(" ", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PARAGRAPHS or tag in _ITEMS:
            self._flush(tight=tag in ("ul", "ol") and bool(self.lists))
        begin = getattr(self, f"_begin_{tag}", None)
        if begin:
            begin({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        end = getattr(self, f"_end_{tag}", None)
        if end:
            end()
        elif tag in _PARAGRAPHS:
            self._flush(tight=bool(self.lists))

    # ---- lists, quotes and definitions

    def _begin_ul(self, _: dict[str, str]) -> None:
        self.lists.append(None)

    def _begin_ol(self, attributes: dict[str, str]) -> None:
        start = attributes.get("start", "")
        self.lists.append(int(start) if start.isdecimal() else 1)

    def _begin_li(self, _: dict[str, str]) -> None:
        number = self.lists[-1] if self.lists else None
        self.bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        self.prefixes.append(" " * len(self.bullet))

    def _end_li(self) -> None:
        self._flush(tight=True)
        self._leave()

    def _end_ul(self) -> None:
        self._flush(tight=True)
        if self.lists:
            self.lists.pop()
        self.out += [] if self.lists else ["\n"]

    _end_ol = _end_ul

    def _begin_blockquote(self, _: dict[str, str]) -> None:
        self.prefixes.append("> ")

    def _begin_dd(self, _: dict[str, str]) -> None:
        self.prefixes.append("    ")

    def _end_blockquote(self) -> None:
        self._flush()
        self._leave()
        if self.out and not self.out[-1].strip("> \n"):  # the last empty line inside the quote
            self.out[-1] = "".join(self.prefixes).rstrip() + "\n"

    _end_dd = _end_blockquote

    def _end_dt(self) -> None:
        self._flush(tight=True)

    def _leave(self) -> None:
        if self.prefixes:
            self.prefixes.pop()

    # ---- tables, code, rules and headings

    def _begin_td(self, _: dict[str, str]) -> None:
        self.line = f"{self.line.rstrip()} | " if self.line.strip() else ""

    _begin_th = _begin_td
    _end_tr = _end_dt

    def _end_table(self) -> None:
        self._flush()
        self.out.append("\n")

    def _begin_pre(self, _: dict[str, str]) -> None:
        self.pre = True

    def _end_pre(self) -> None:
        self.pre = False
        lines = self.line.strip("\n").split("\n")
        self.line = ""
        self.out += [self._prefixed("    " + line).rstrip() + "\n" for line in lines]
        self.out.append("\n")

    def _begin_br(self, _: dict[str, str]) -> None:
        self._flush(tight=True)

    def _begin_hr(self, _: dict[str, str]) -> None:
        self.line = "* * *"
        self._flush()

    def _end_h2(self) -> None:
        self._flush(underline="-")

    # ---- links and pictures

    def _begin_a(self, attributes: dict[str, str]) -> None:
        self.links.append((attributes.get("href", ""), len(self.line)))

    def _end_a(self) -> None:
        href, start = self.links.pop() if self.links else ("", 0)
        if href.startswith("#"):  # a text has no places to go to
            title = "" if href.startswith(REFERENCE) else self.line[start:]
            self.line = self.line[:start] + (f"[{title}]" if href.startswith(NOTE) else title)
            return
        title = self.line[start:].strip()
        address = href.removeprefix("mailto:").removeprefix("tel:")
        if not href or href in (title, f"http://{title}") or title == address:
            return
        self.line += f" <{href}>" if address == href else f" ({address})" if title else address

    def _begin_img(self, attributes: dict[str, str]) -> None:
        self.line += f"[{attributes['alt']}]" if attributes.get("alt") else ""

    # ---- prices that no longer hold

    def _begin_del(self, _: dict[str, str]) -> None:
        self.line += "~~"

    _begin_s = _begin_del

    def _end_del(self) -> None:
        self.line += "~~"

    _end_s = _end_del

    # ---- lines

    def _flush(self, *, tight: bool = False, underline: str = "") -> None:
        text = self.line.strip()
        self.line = ""
        if not text:
            return
        self.out.append(self._prefixed(text) + "\n")
        if underline:
            length = min(len(tokens.common_part(text)), _LONGEST_RULE)
            self.out.append(self._prefixed(underline * max(3, length)) + "\n")
        if not tight:
            self.out.append("".join(self.prefixes).rstrip() + "\n")

    def _prefixed(self, text: str) -> str:
        prefix = "".join(self.prefixes)
        if self.bullet:
            prefix = prefix[: -len(self.bullet)] + self.bullet
            self.bullet = ""
        return prefix + text
