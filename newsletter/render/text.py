"""Clean HTML of a body → the plain-text part: every link kept, nothing of the markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from newsletter.render import tokens

_SPACE = re.compile(r"[ \t\r\n\f]+")
_ONLY_BLOCKS = re.compile(rf"(?:\s*{tokens.BLOCK.pattern})+\s*")
_BLOCKS = {
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "figure",
    "figcaption",
    "dl",
    "dt",
    "table",
    "caption",
}
_HEADINGS = {"h2": "-", "h3": "", "h4": "", "h5": "", "h6": ""}


def to_text(html: str) -> str:
    """Return *html* (sanitised, with tokens) as text: paragraphs end with an empty line, links as `title <url>`."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.finish()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.line = ""  # the inline text collected so far
        self.prefixes: list[str] = []  # of quotes and list items, outermost first
        self.bullet = ""  # of the item whose first line is still to come
        self.lists: list[int | None] = []  # next number, or None for bullets
        self.link: tuple[str, int] | None = None  # target, and where its title begins
        self.pre = False

    def finish(self) -> str:
        self._flush()
        return "".join(self.out).strip("\n") if not self._ends_open() else "".join(self.out)

    def _ends_open(self) -> bool:
        return bool(self.out) and tokens.BLOCK.fullmatch(self.out[-1]) is not None

    def handle_data(self, data: str) -> None:
        if not self.line.strip() and _ONLY_BLOCKS.fullmatch(data) and not self.pre:
            self._flush()
            self.out += tokens.BLOCK.findall(data)
        else:
            self.line += data if self.pre else _SPACE.sub(" ", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS or tag in ("ul", "ol", "li", "dd", "blockquote", "pre", "tr", "hr"):
            self._flush(tight=tag in ("ul", "ol") and bool(self.lists))
        match tag:
            case "ul" | "ol":
                self.lists.append(int(given.get("start", "1")) if tag == "ol" else None)
            case "li":
                self._open_item()
            case "blockquote":
                self.prefixes.append("> ")
            case "dd":
                self.prefixes.append("    ")
            case "pre":
                self.pre = True
            case "br":
                self._flush(tight=True)
            case "hr":
                self.line = "* * *"
                self._flush()
            case "td" | "th":
                self.line = f"{self.line.rstrip()} | " if self.line.strip() else ""
            case "a":
                self.link = (given.get("href", ""), len(self.line))
            case "img":
                self.line += f"[{given['alt']}]" if given.get("alt") else ""

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "a" if self.link:
                self._close_link(*self.link)
            case "ul" | "ol":
                self._flush(tight=True)
                self.lists.pop()
                self.out += [] if self.lists else ["\n"]
            case "li":
                self._flush(tight=True)
                self.prefixes.pop()
            case "blockquote" | "dd":
                self._flush()
                self.prefixes.pop()
                if self.out and not self.out[-1].strip("> \n"):  # the quote's own last empty line
                    self.out[-1] = "".join(self.prefixes).rstrip() + "\n"
            case "pre":
                self._flush_code()
            case "tr" | "dt":
                self._flush(tight=True)
            case "table":
                self._flush()
                self.out.append("\n")
            case _ if tag in _BLOCKS:
                self._flush(
                    underline=_HEADINGS.get(tag, ""), tight=tag in _BLOCKS and bool(self.lists)
                )

    def _open_item(self) -> None:
        number = self.lists[-1] if self.lists else None
        self.bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        self.prefixes.append(" " * len(self.bullet))

    def _close_link(self, href: str, start: int) -> None:
        title = self.line[start:].strip()
        address = href.removeprefix("mailto:").removeprefix("tel:")
        self.link = None
        if not href or title in (href, address):
            return
        self.line += f" <{href}>" if address == href else f" ({address})" if title else address

    def _flush(self, *, tight: bool = False, underline: str = "") -> None:
        text = self.line.strip()
        self.line = ""
        if not text:
            return
        self.out.append(self._prefixed(text) + "\n")
        if underline:
            length = len(tokens.TOKEN.sub("", text))
            self.out.append(self._prefixed(underline * max(3, min(length, 60))) + "\n")
        if not tight:
            self.out.append("".join(self.prefixes).rstrip() + "\n")

    def _flush_code(self) -> None:
        self.pre = False
        lines = self.line.strip("\n").split("\n")
        self.line = ""
        self.out += [self._prefixed("    " + line).rstrip() + "\n" for line in lines]
        self.out.append("\n")

    def _prefixed(self, text: str) -> str:
        prefix = "".join(self.prefixes)
        if self.bullet:
            prefix = prefix[: -len(self.bullet)] + self.bullet
            self.bullet = ""
        return prefix + text
