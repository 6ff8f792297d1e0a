"""OpenDocument by hand: small XML, and archives of it. It is what `zip` and a reader need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from newsletter.export.merge_letters.zipped import zipped

_NAMESPACES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{rest}:1.0"
    for name, rest in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "number": "datastyle",
        "config": "config",
        "meta": "meta",
        "manifest": "manifest",
    }.items()
} | {
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ooo": "http://openoffice.org/2004/office",
}
_SPACES = re.compile(r"^ | {2,}| $")
TEXT, SHEET = (f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet"))

Attributes = Mapping[str, object]


def tag(name: str, attributes: Attributes = {}, *children: str) -> str:  # noqa: B006 - read only
    """Return an element; *children* are XML."""
    values = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{values}>{''.join(children)}</{name}>" if children else f"<{name}{values}/>"


def words(text: str) -> str:
    """Return a text as XML; spaces that readers leave out are marked."""

    def marked(match: re.Match[str]) -> str:
        return tag("text:s", {"text:c": len(match[0])})

    return _SPACES.sub(marked, escape(text, quote=False))


def root(name: str, *children: str) -> str:
    """Return a whole XML file with that root."""
    declared = {f"xmlns:{prefix}": address for prefix, address in _NAMESPACES.items()}
    version = (
        {"office:version": "1.3"} if name.startswith("office:") else {"manifest:version": "1.3"}
    )
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tag(name, declared | version, *children)


def archive(kind: str, files: Mapping[str, str | bytes]) -> bytes:
    """Return a document of a *kind* (TEXT, SHEET) that holds *files*."""
    entries = [_entry("/", kind), *(_entry(name, _media_type(name)) for name in files)]
    manifest = {"META-INF/manifest.xml": root("manifest:manifest", *entries)}
    return zipped({"mimetype": kind, **files, **manifest}, plain="mimetype")


def setting(name: str, value: bool) -> str:
    """Return a setting of the document."""
    kind = {"config:name": name, "config:type": "boolean"}
    return tag("config:config-item", kind, str(value).lower())


def settings(items: Iterable[str]) -> str:
    """Return settings.xml."""
    whole = tag("config:config-item-set", {"config:name": "ooo:configuration-settings"}, *items)
    return root("office:document-settings", tag("office:settings", {}, whole))


def _entry(path: str, media_type: str) -> str:
    return tag(
        "manifest:file-entry", {"manifest:full-path": path, "manifest:media-type": media_type}
    )


def _media_type(name: str) -> str:
    endings = {".xml": "text/xml", ".png": "image/png", ".gif": "image/gif"}
    return next((kind for end, kind in endings.items() if name.endswith(end)), "image/jpeg")
