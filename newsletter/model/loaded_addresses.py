"""Finds what HTML and CSS load by themselves when somebody reads them, and from where."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser

_ADDRESSES = {"src", "poster", "background", "data", "lowsrc", "dynsrc", "ping", "manifest"}
"""Attributes with an address that is loaded, or called."""
_SEVERAL = {"srcset", "imagesrcset"}
_STYLED = {
    *("style", "fill", "stroke", "filter", "mask", "clip-path", "cursor"),
    *("marker-start", "marker-mid", "marker-end"),
}
"""Attributes whose value may be that of a style."""
_FOLLOWED = {"a", "area", "v:roundrect", "v:rect", "v:shape"}
"""Elements whose `href` is loaded only if the reader clicks."""
_NAMED = {
    *("alternate", "amphtml", "author", "bookmark", "canonical", "first", "help", "hub", "last"),
    *("license", "me", "next", "prev", "privacy-policy", "search", "self", "shortlink", "tag"),
    *("terms-of-service", "up", "via"),
}
"""What a `<link>` is for if nothing is loaded."""
_HOST = re.compile(r"(?:https?|ftp|wss?|file):[/\\]*([^/\\?#]*)|[/\\]{2,}([^/\\?#]*)", re.I)
_INSIDE = re.compile(r"(?:data|cid|about):", re.I)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_DROPPED = re.compile(r"[\t\r\n]+")
"""What browsers drop from addresses."""
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_CSS_DATA = re.compile(r"url\(\s*(?:\"data:[^\"]*\"|'data:[^']*'|data:[^)\"']*)\s*\)", re.I)
_CSS_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})[ \t\r\n]?|\\(.)", re.I)
_CSS_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?[/\\]{2,}[^\s\"'()<>;,/\\][^\s\"'()<>;,]*"
    r"|(?<=url\()\s*[\"']?\s*https?:[^)\"']*",
    re.I,
)
_AROUND = " \t\r\n\"'"
_REFRESH = re.compile(r"[^,;]*[,;]?\s*(?:url\s*=\s*)?[\"']?([^\"']*)", re.I)
_COMMENT_END = re.compile(r"(?<=<!--)-?>|--!>")
"""Where browsers, unlike Python, end a comment."""
_LINK = re.compile(
    r"<a(?:\s+(?:href|class|id|title|rel|lang|hreflang|dir|target|aria-[a-z]+)=\"[^\"<>]*\")*\s*>"
    r"|<link rel=\"(?:canonical|alternate)\"[^\"<>]*(?:\"[^\"<>]*\"[^\"<>]*)*>"
)
_WITH_HOST = re.compile(r"[/\\][\t\r\n]*[/\\]+([^/\\?#\s\"'<>)&:]*)")
_ENCODED = re.compile(r"&(?:#(?!3[49];)|sol|bsol|colon|tab|newline)|\\[0-9a-f]")
"""An address that is written in disguise."""
_SCHEMES = ("https:", "http:", "ftp:", "file:")


def loaded_from(address: str) -> str:
    """Return the host that an address is loaded from; empty for a file of the page's own host."""
    plain = _DROPPED.sub("", address).strip()
    match = _HOST.match(plain)
    if match:
        host = (match[1] or match[2] or "").rpartition("@")[2]
        return host.partition(":")[0].lower() or "elsewhere"
    return "elsewhere" if _SCHEME.match(plain) and not _INSIDE.match(plain) else ""


def loads(html: str) -> list[str]:
    """Return each address that the HTML loads when it is shown, in their order."""
    reader = _Reader()
    reader.feed(_COMMENT_END.sub("-->", html))
    reader.close()
    return reader.addresses


def css_loads(css: str) -> list[str]:
    """Return each whole address in a style sheet or style attribute."""
    plain = _CSS_ESCAPE.sub(_unescaped, _CSS_COMMENT.sub(" ", css))
    return [match[0].strip(_AROUND) for match in _CSS_ADDRESS.finditer(_CSS_DATA.sub("", plain))]


def from_elsewhere(addresses: Iterable[str], hosts: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the *addresses* that none of *hosts* serves, with their host."""
    for address in addresses:
        host = loaded_from(address)
        if host and host not in hosts:
            yield address, host


def may_load(html: str, hosts: Collection[str]) -> bool:
    """Return whether HTML may load something from elsewhere; quick, and a no is sure."""
    text = _LINK.sub("", html).lower()
    without_slash = any(
        text.count(scheme) != text.count(f"{scheme}/") + text.count(f"{scheme}\\")
        for scheme in _SCHEMES
    )
    hosts_are_named = all(match[1] in hosts for match in _WITH_HOST.finditer(text))
    return without_slash or not hosts_are_named or bool(_ENCODED.search(text))


def why_not(address: str, host: str) -> tuple[str, str]:
    """Return what is wrong with loading an address from another host, and the cure."""
    message = f"'{address}' would be loaded from {host}, which then learns who reads this"
    named = f"; or name the host in newsletter.yml: load_from: [{host}]"
    hint = f"put the file into your project{named if host != 'elsewhere' else ''}"
    return message, hint


class _Reader(HTMLParser):
    """Collects the addresses; reads conditional comments, as Outlook does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads."""
        self._in_style = tag == "style"
        rel = set((dict(attrs).get("rel") or "").lower().split())
        follows = tag in _FOLLOWED or (tag == "link" and rel and rel <= _NAMED)
        if tag == "meta" and (dict(attrs).get("http-equiv") or "").lower() == "refresh":
            self.addresses += _REFRESH.findall(dict(attrs).get("content") or "")[:1]
        for name, value in attrs:
            if not value:
                continue
            if name in _ADDRESSES or (name in ("href", "xlink:href") and not follows):
                self.addresses.append(value)
            elif name in _SEVERAL:
                self.addresses += [part.split()[0] for part in value.split(",") if part.split()]
            elif name in _STYLED:
                self.addresses += css_loads(value)
            elif name == "srcdoc":
                self.addresses += loads(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element without content loads."""
        self.handle_starttag(tag, attrs)
        self._in_style = False

    def handle_endtag(self, tag: str) -> None:
        """Leave a style."""
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """Note what a style loads."""
        if self._in_style:
            self.addresses += css_loads(data)

    def handle_comment(self, data: str) -> None:
        """Read what only Outlook reads."""
        if data.lstrip().startswith("[if"):
            self.addresses += loads(data.partition(">")[2])


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else 0
    return match[2] or (chr(number) if 0 < number < 0x110000 else "\ufffd")
