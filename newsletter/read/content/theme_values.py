"""Checks the values of a theme, and those of `brand:`: none may end a style or load a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.errors import Problem, did_you_mean
from newsletter.read.content.contrast import COLOUR, COLOURS, faint_pairs
from newsletter.read.content.settings_files import ConfigFile
from newsletter.read.yaml import Document, parse_yaml

_LENGTH = r"(?:0|\d{1,4}(?:\.\d{1,3})?(?:px|em|rem|%))"
_WORD = r"(?:-?[^\W\d][\w-]*)"


@dataclass(frozen=True)
class _Kind:
    """What a value may be, so that it can neither end a style nor load a file."""

    value: re.Pattern[str]
    fault: str
    """`{}` stands for the wrong value."""
    hint: str


_COLOUR = _Kind(COLOUR, "'{}' is not a colour", 'write it like "#0b5d4f", in quotes')
_FONTS = _Kind(
    re.compile(rf"{_WORD}(?: {_WORD})*(?:, ?{_WORD}(?: {_WORD})*)*"),
    "'{}' is not a list of fonts",
    "write names with commas between them and without quotes: Georgia, serif",
)
_PRINTED_FONTS = _Kind(re.compile(r"[\w .,&+-]+"), _FONTS.fault, _FONTS.hint)
_SIZE = _Kind(
    re.compile(rf"{_LENGTH}(?: {_LENGTH}){{0,3}}"), "'{}' is not a length", "write it like 14px"
)
_WEIGHT = _Kind(
    re.compile(r"[1-9]00|normal|bold"),
    "'{}' is not a weight of letters",
    'write "400" to "900", in quotes',
)
_PLAIN = _Kind(
    re.compile(r"""(?!.*(?:url\(|/\*))[^<>{};"\\@\n]*""", re.I),
    "'{}' has characters that could end a style",
    'leave out < > { } ; " \\ @ /* and url(',
)
_BY_NAME = (
    (re.compile(r"font_print"), _PRINTED_FONTS),
    (re.compile(r"font(_\w+)?"), _FONTS),
    (re.compile(r"weight_\w+"), _WEIGHT),
    (re.compile(r"radius(_\w+)?|gutter"), _SIZE),
    (re.compile(rf"(?:dark_)?(?:{'|'.join(COLOURS)})"), _COLOUR),
)


def _kind(key: str) -> _Kind:
    return next((kind for name, kind in _BY_NAME if name.fullmatch(key)), _PLAIN)


def parse_values(text: str, *, shown: str, problems: list[Problem]) -> Mapping[str, str]:
    """Return keys and values of a theme.yml; reports the wrong ones."""
    document = parse_yaml(text, path=shown, problems=problems)
    if document is None:
        return {}
    values = dict(flat_texts(document, problems))
    for key, value in values.items():
        kind = _kind(key)
        if value and not kind.value.fullmatch(value):
            fault = kind.fault.format(value)
            problems.append(document.value_problem(fault, key, hint=kind.hint))
    return values


def flat_texts(document: Document, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield keys and texts of a file without levels; reports what is no text."""
    for key, value in document.data.items():
        if isinstance(value, str):
            yield key, value
        else:
            hint = "write it after the colon, in quotes if need be"
            problems.append(document.key_problem("this must be one text", key, hint=hint))


def brand_faults(config_file: ConfigFile, values: Mapping[str, str]) -> list[Problem]:
    """Return the problems of `brand:` over the *values* of the theme."""
    return list(_wrong_brand(config_file, values)) or list(_faint_brand(config_file, values))


def _wrong_brand(config_file: ConfigFile, values: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each key that the theme does not have, and each wrong value."""
    document = config_file.document
    for key, value in config_file.config.brand.items():
        if key not in values:
            hint = did_you_mean(key, values) or f"the keys are {', '.join(sorted(values))}"
            yield document.key_problem(f"unknown key '{key}' in brand", "brand", key, hint=hint)
            continue
        is_colour = COLOUR.fullmatch(values[key])  # also of a key that only this theme has
        kind = _COLOUR if is_colour else _kind(key)
        if (value or is_colour) and not kind.value.fullmatch(value):
            with_hash = is_colour and COLOUR.fullmatch(f"#{value}")
            hint = f'write it like "#{value}", in quotes' if with_hash else kind.hint
            fault = kind.fault.format(value)
            yield document.value_problem(fault, "brand", key, hint=hint)


def _faint_brand(config_file: ConfigFile, values: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each colour of `brand:` with which something cannot be read."""
    brand = config_file.config.brand
    colours = [key for key in brand if COLOUR.fullmatch(values[key])]
    shown = {**values, **brand}
    pairs = list(faint_pairs(shown, colours))
    for key in colours:
        faint = [pair for pair in pairs if key in (pair.name, pair.ground)]
        pairs = [pair for pair in pairs if pair not in faint]
        if faint:
            first = faint[0]
            message = (
                f"'{first.name}' {shown[first.name]} cannot be read on '{first.ground}' "
                f"{shown[first.ground]}: a contrast of {first.contrast:.1f}, "
                f"and it needs {first.needed}"
            )
            others = [pair.ground if key == pair.name else pair.name for pair in faint]
            named = " and ".join(f"'{other}'" for other in others)
            hint = f"choose a darker or lighter colour, or set {named} under brand: as well"
            yield config_file.document.value_problem(message, "brand", key, hint=hint)
