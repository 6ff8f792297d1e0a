"""Occasions in the lives of customers: their families, and how they are recognised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal["celebrate", "congratulate", "condole", "neutral"]
HAPPY: tuple[Family, ...] = ("celebrate", "congratulate")
ANY_LANGUAGE = ""
"""Key of words that are not in a particular language."""
_SHORT = 5
"""Words of another language that are shorter may mean something else: Kind, won."""


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """A kind of occasion."""

    key: str
    """wedding, loss-of-work …: `occasion_kind` in rules and texts."""
    family: Family
    words: Mapping[str, tuple[str, ...]]
    """Language → words and phrases by which it is known."""
    remark: bool = False
    """Whether its words change the meaning of another occasion, if the remark has them."""


@dataclass(frozen=True)
class _Phrase:
    """A phrase of an occasion."""

    tokens: tuple[str, ...]
    rank: int
    """Place of its occasion in the list."""
    language: str

    @property
    def length(self) -> int:
        """Return the number of its letters."""
        return sum(map(len, self.tokens))


class Recogniser:
    """Finds the kind of an occasion in what somebody wrote, in the languages of all words."""

    def __init__(self, occasions: Iterable[Occasion], language: str) -> None:
        self._occasions = tuple(occasions)
        self._own = (language.partition("-")[0], ANY_LANGUAGE)
        self._by_key = {_tokens(occasion.key): occasion for occasion in self._occasions}
        self._by_first: dict[str, list[_Phrase]] = {}
        for rank, occasion in enumerate(self._occasions):
            for phrase in _phrases(occasion, rank):
                self._by_first.setdefault(phrase.tokens[0], []).append(phrase)

    def kind(self, occasion: str | None, remark: str | None = None) -> Occasion | None:
        """
        Return the first occasion of the list that the text names; None if nobody can tell.

        Words of the project's language go before those of others. A death is recognised first, in
        every language, and in the remark as well. A remark that says that somebody is ill, or that
        it is somebody else's wedding, leaves the occasion open.
        """
        told, added = _tokens(occasion or ""), _tokens(remark or "")
        found, noted = [*self._found(told)], [p for p in self._found(added) if self._of(p).remark]
        condoled = [phrase for phrase in (*found, *noted) if self._of(phrase).family == "condole"]
        if condoled:
            return self._first(condoled)
        own = [phrase for phrase in found if phrase.language in self._own]
        named = self._by_key.get(told) or self._first(own)
        kind = named or self._first([phrase for phrase in found if phrase.length >= _SHORT])
        changed = any(phrase.language in self._own for phrase in noted)
        return None if changed and kind and kind.family != "neutral" else kind

    def _found(self, tokens: tuple[str, ...]) -> Iterator[_Phrase]:
        for start, token in enumerate(tokens):
            for phrase in self._by_first.get(token, ()):
                if tokens[start : start + len(phrase.tokens)] == phrase.tokens:
                    yield phrase

    def _of(self, phrase: _Phrase) -> Occasion:
        return self._occasions[phrase.rank]

    def _first(self, phrases: Iterable[_Phrase]) -> Occasion | None:
        ranks = [phrase.rank for phrase in phrases]
        return self._occasions[min(ranks)] if ranks else None


def _phrases(occasion: Occasion, rank: int) -> Iterator[_Phrase]:
    for language, words in occasion.words.items():
        for word in words:
            for spelling in _spellings(word):
                if tokens := _tokens(spelling):
                    yield _Phrase(tokens, rank, language)


def _spellings(word: str) -> set[str]:
    """Return the word as written, and without accents (deces, Pruefung) if it is long enough."""
    if len(word) < _SHORT:
        return {word}
    expanded = re.sub("[äöüÄÖÜ]", lambda umlaut: f"{_plain(umlaut.group())}e", word)
    return {word, _plain(word), expanded}


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _tokens(text: str) -> tuple[str, ...]:
    composed = unicodedata.normalize("NFC", text).casefold().replace("_", " ")
    return tuple(re.findall(r"\w+", composed))
