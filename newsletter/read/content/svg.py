"""Cleans drawings (SVG): what could run or load something is left out, on a strict allow-list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape, quoteattr

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_ELEMENTS = """
svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title
desc style linearGradient radialGradient stop clipPath mask pattern marker image switch filter
feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
feSpotLight feTile feTurbulence
"""
_ATTRIBUTES = """
id class lang style role tabindex transform requiredExtensions systemLanguage x y x1 y1 x2 y2
dx dy cx cy r rx ry fx fy fr d points width height viewBox version preserveAspectRatio
pathLength rotate textLength lengthAdjust startOffset method spacing side offset gradientUnits
gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits patternUnits
patternContentUnits patternTransform markerUnits markerWidth markerHeight refX refY orient
media type alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation
color-interpolation-filters color-rendering direction display dominant-baseline
enable-background fill fill-opacity fill-rule filter flood-color flood-opacity font font-family
font-feature-settings font-kerning font-size font-size-adjust font-stretch font-style
font-variant font-weight glyph-orientation-horizontal glyph-orientation-vertical
image-rendering isolation kerning letter-spacing lighting-color line-height marker-end
marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order
pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray
stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
text-align text-anchor text-decoration text-overflow text-rendering text-transform
transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode
amplitude azimuth baseFrequency bias diffuseConstant divisor edgeMode elevation exponent
filterRes filterUnits in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength
limitingConeAngle mode numOctaves operator order pointsAtX pointsAtY pointsAtZ preserveAlpha
primitiveUnits radius result scale seed slope specularConstant specularExponent stdDeviation
stitchTiles surfaceScale tableValues targetX targetY values xChannelSelector yChannelSelector z
"""
_ALLOWED_ELEMENTS, _ALLOWED_ATTRIBUTES = (
    frozenset(_ELEMENTS.split()),
    frozenset(_ATTRIBUTES.split()),
)
_UNSEEN = frozenset({"metadata"})
"""Elements that nobody sees and nobody misses."""
_SILENT = re.compile(r"aria-|data-|base")
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_INSIDE = re.compile(r"\s*#[^\s]*\s*")
_AT_RULE = re.compile(r"@(?:import|charset|namespace)\b[^;]*;?|@font-face\s*\{[^}]*\}", re.I)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_LOADS = re.compile(
    r"\\|@import|@font-face|expression\s*\(|javascript:|-moz-binding|behavior\s*:"
    r"|(?<![\w-])(?:src|(?:-webkit-)?image-set|image|cross-fade|element)\s*\("
    r"|(?<![\w-])url\s*\((?!\s*[\"']?\s*#)",
    re.I,
)
"""What loads something in a style, or could hide that it does (a backslash)."""
_DEEPEST = 200


class UnreadableSvgError(ValueError):
    """A drawing that cannot be read, or not safely; *hint* says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def cleaned_svg(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """
    Return a drawing that runs and loads nothing, and what it had to lose: `<script>`, `onload` …

    Comments, metadata and the notes of drawing programs are left out as well, and not named.

    Raises:
        UnreadableSvgError: it is no XML, or defines entities, of which a few fill a memory.
    """
    cleaner = _Cleaner()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = cleaner.start
    parser.EndElementHandler = cleaner.end
    parser.CharacterDataHandler = cleaner.text
    parser.ProcessingInstructionHandler = cleaner.instruction
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(data, True)
    except UnreadableSvgError:
        raise
    except (ExpatError, ValueError, LookupError) as error:
        hint = "open it in the program that drew it, and export it as plain SVG or PNG"
        raise UnreadableSvgError(f"the drawing cannot be read: {error}", hint) from error
    return "".join(cleaner.parts).encode(), tuple(dict.fromkeys(cleaner.lost))


def _refuse_entity(*_: object) -> None:
    hint = "export it as plain SVG or PNG"
    raise UnreadableSvgError("the drawing defines abbreviations (<!ENTITY …>)", hint)


@dataclass
class _Cleaner:
    """Writes the allowed parts of a drawing as they are read."""

    parts: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    """Elements that are open and written; an empty name: only their content is."""
    _css: list[str] = field(default_factory=list)
    """The style that is being read."""
    _skipped: int = 0
    """How many elements are open inside one that is left out, which counts, too."""

    def start(self, qualified: str, attributes: Mapping[str, str]) -> None:
        """Write an element that is allowed."""
        name = _svg_name(qualified)
        if not self._open and not self._skipped and name != "svg":
            hint = "export it as plain SVG or PNG"
            raise UnreadableSvgError("this is no drawing: it does not begin with <svg>", hint)
        if len(self._open) + self._skipped > _DEEPEST:
            hint = "export it as PNG"
            raise UnreadableSvgError(f"elements are nested more than {_DEEPEST} deep", hint)
        if self._skipped:
            self._skipped += 1
        elif self._is_in_style:
            self._skipped = 1
        elif name == "a":  # what is in a link stays
            self._lose("<a>")
            self._open.append("")
        elif name not in _ALLOWED_ELEMENTS:
            if name and name not in _UNSEEN:
                self._lose(f"<{name}>")
            self._skipped = 1
        else:
            self._write(name, attributes)
            self._open.append(name)

    def _write(self, name: str, attributes: Mapping[str, str]) -> None:
        spaces = f' xmlns="{_SVG}" xmlns:xlink="{_XLINK}"' if not self._open else ""
        written = "".join(
            f" {key}={quoteattr(value)}"
            for key, value in (self._attribute(name, *pair) for pair in attributes.items())
            if key
        )
        self.parts.append(f"<{name}{spaces}{written}>")

    def _attribute(self, element: str, qualified: str, value: str) -> tuple[str, str]:
        """Return an attribute as it is written; an empty name if it is left out."""
        space, _, name = qualified.rpartition(" ")
        if name == "href" and space in ("", _XLINK):
            picture = element == "image" and _PICTURE.fullmatch(value)
            if picture or _INSIDE.fullmatch(value):
                return "xlink:href" if space else "href", value
            self._lose(f'{name}="{_shortened(value)}"')
        elif space == _XML and name in ("lang", "space"):
            return f"xml:{name}", value
        elif not space and name in _ALLOWED_ATTRIBUTES:
            if not _LOADS.search(value) and not _LOADS.search(_COMMENT.sub("", value)):
                return name, value
            self._lose(f'{name}="{_shortened(value)}"')
        elif not space and not _SILENT.match(name):
            self._lose(name)
        return "", ""

    def end(self, _: str) -> None:
        """Close an element that was written."""
        if self._skipped:
            self._skipped -= 1
            return
        if self._is_in_style:
            self.parts.append(escape(self._rules("".join(self._css))))
            self._css.clear()
        if name := self._open.pop():
            self.parts.append(f"</{name}>")

    def text(self, text: str) -> None:
        """Write a text; that of a style comes in pieces, and is judged when it ends."""
        if self._is_in_style and not self._skipped:
            self._css.append(text)
        elif not self._skipped:
            self.parts.append(escape(text))

    @property
    def _is_in_style(self) -> bool:
        return self._open[-1:] == ["style"]

    def _rules(self, css: str) -> str:
        """Return the rules of a style that load nothing; no rules if one cannot be taken out."""
        plain = _COMMENT.sub("", css)
        for rule in _AT_RULE.findall(plain):
            self._lose(_shortened(rule))
        plain = _AT_RULE.sub("", plain)
        if match := _LOADS.search(plain):
            self._lose(f"<style> with {_shortened(plain[match.start() :])}")
            return ""
        return plain

    def instruction(self, target: str, _: str) -> None:
        """Leave an instruction out; a style sheet would change how the drawing looks."""
        if target.lower() == "xml-stylesheet":
            self._lose("<?xml-stylesheet?>")

    def _lose(self, what: str) -> None:
        self.lost.append(what)


def _svg_name(qualified: str) -> str:
    """Return the name of an element of SVG; empty for those of other languages."""
    space, _, name = qualified.rpartition(" ")
    return name if space in ("", _SVG) else ""


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"
