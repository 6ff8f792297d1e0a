"""Finds prices, discounts and offers in practices that say `sells_nothing: yes`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from babel.numbers import list_currencies

from newsletter.errors import Problem
from newsletter.model.language import first_match
from newsletter.model.permalink import local_target
from newsletter.model.practice import Practice, Words
from newsletter.model.source import Source
from newsletter.read.content.body_links import find_links

_HINT = "rephrase it, or take 'sells_nothing' out of the practice"


@dataclass(frozen=True)
class _Find:
    """Something that sells."""

    start: int
    """As an offset into the text."""
    what: str


def find_selling(practices: Iterable[Practice]) -> Iterator[Problem]:
    """Yield a problem for everything that sells in a practice with `sells_nothing: yes`."""
    for practice in practices:
        for words in practice.words.values() if practice.sells_nothing else ():
            for text in _texts(words):
                yield from _problems(text, words.language)


def _texts(words: Words) -> Iterator[Source]:
    if words.subject:
        yield words.subject
    # Several channels share the words above the first heading: check them once.
    yield from dict.fromkeys(words.bodies.values())


def _problems(text: Source, language: str) -> Iterator[Problem]:
    finds = {find.start: find for find in _finds(text, language)}  # the last of one place
    for start, find in sorted(finds.items()):
        line = text.text.count("\n", 0, start) + 1
        column = start - text.text.rfind("\n", 0, start)
        message = f"{find.what}, and this practice sells nothing"
        yield Problem(message=message, at=text.place(line, column), hint=_HINT)


def _finds(text: Source, language: str) -> Iterator[_Find]:
    visible = _CODE.sub(lambda code: " " * len(code.group()), text.text)
    words = first_match(_WORDS, language) or _WORDS["en"]
    for match in words.finditer(visible):
        yield _Find(match.start(), f"'{match.group()}' is said")
    for pattern, what in ((_PERCENT, "a discount"), (_PRICE, "a price")):
        for match in pattern.finditer(visible):
            yield _Find(match.start(), f"'{match.group().strip()}' is {what}")
    for match in _MONEY.finditer(text.text):
        yield _Find(match.start(), "an amount of money is printed")
    source = text.at.path.partition("/")[2]
    for link in find_links(text.text):
        target = local_target(link.href, source) or ""
        if target.startswith("offers/") or "/offers/" in link.href:
            yield _Find(link.start, f"'{link.href}' is an offer")


_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\]\([^)\s]*", re.DOTALL)
"""Names of fields, and addresses: customers do not see them."""
_MONEY = re.compile(r"\{\{[^}]*\|\s*money\b[^}]*\}\}")

_NUMBER = r"\d[\d.,'\u2019\u00a0\u202f]*"
_CODES = "|".join(sorted(list_currencies(), key=str))
_NAMES = r"euros?|dollars?|pounds?|pence|cents?|franken|francs?|kronen|złoty"
_PRICE = re.compile(
    rf"(?:[€$£¥]|\b(?:{_CODES}))\s?{_NUMBER}"
    rf"|{_NUMBER}\s?(?:[€$£¥]|(?:{_CODES})\b|(?i:{_NAMES})\b)|{_NUMBER},[-–—]"
)
_PERCENT = re.compile(
    rf"[-–−]\s?{_NUMBER}\s?%"
    rf"|{_NUMBER}\s?(?:%|percent|per cent|Prozent|pour cent)\s?"
    r"(?:off\b|less\b|cheaper\b|discount|weniger\b|günstiger|billiger|Nachlass|Rabatt"
    r"|de (?:moins|remise|réduction|rabais)\b)",
    re.IGNORECASE,
)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_WORDS = {
    "en": _any(
        r"discount(?:s|ed)?",
        r"(?:special )?offers?",
        r"prices?",
        r"sales?(?! (?:call|talk|pitch|letter)s?\b)",
        r"bargains?",
        r"coupons?",
        r"vouchers?",
        r"promotions?",
        r"promo codes?",
        r"(?:buy|order|shop) now",
    ),
    "de": _any(
        r"\w*rabatt\w*",
        r"\w*angebote?[ns]?",
        r"(?:sonder|aktions|tief|schnäppchen|kauf)?preise?[ns]?",
        r"\w*schnäppchen\w*",
        r"preisnachl[aä]ss\w*",
        r"\w*gutscheine?[ns]?",
        r"(?:aus|schluss|ab|räumungs)verkauf\w*",
        r"(?:rabatt|sonder|verkaufs)aktion(?:en)?",
        r"(?:jetzt|gleich) (?:kaufen|bestellen)",
    ),
    "fr": _any(
        r"remises? (?:de|sur|exceptionnelles?)",
        r"réductions?",
        r"rabais",
        r"promos?",
        r"promotions?",
        r"offres?",
        r"soldes",
        r"bons? d['\u2019]achat",
        r"codes? promo",
        r"(?:à|au|du|le|les|son|ses|nos|petits?) prix",
        r"en vente",
        r"(?:achetez|commandez) (?:maintenant|vite)",
    ),
}
"""Language → words that sell."""
