"""What the name of a content file says: its slug and its language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from newsletter.errors import Place, Problem
from newsletter.model.language import is_language, language_hint

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# Devices that Windows opens instead of a file.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")


@dataclass(frozen=True)
class FileName:
    """The parts of `<slug>[.<language>].md`."""

    slug: str
    language: str


def parse_name(
    name: str, *, shown: str, default_language: str, problems: list[Problem]
) -> FileName | None:
    """Return what the file *name* says, or None after adding to *problems* what is wrong."""
    slug, dot, language = name.removesuffix(".md").partition(".")
    found = [_slug_problem(slug, shown=shown, language=language or default_language)]
    if dot:
        found.append(_language_problem(language, shown=shown))
    wrong = [problem for problem in found if problem]
    problems.extend(wrong)
    return None if wrong else FileName(slug, language or default_language)


def slug_of(text: str, language: str = "") -> str:
    """Return a file name for a title: `Grüße für 2026!` → `gruesse-fuer-2026` in German."""
    text = text.lower().replace("ß", "ss")
    if language == "de":
        text = text.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = plain.replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-")


def _slug_problem(slug: str, *, shown: str, language: str) -> Problem | None:
    at = Place(path=shown)
    if _RESERVED.fullmatch(slug):
        hint = "Windows cannot have a file of that name; choose another"
        return Problem(message=f"the name '{slug}' is taken", at=at, hint=hint)
    if SLUG.fullmatch(slug):
        return None
    better = slug_of(slug, language) or "a-short-name"
    return Problem(
        message=f"'{slug}' cannot be part of an address",
        at=at,
        hint=f"name the file with small letters, digits and hyphens: {better}.md",
    )


def _language_problem(language: str, *, shown: str) -> Problem | None:
    if is_language(language):
        return None
    return Problem(
        message=f"unknown language '{language}' in the file name",
        at=Place(path=shown),
        hint=language_hint(language),
    )
