"""Tells a customer's name, street or id from words that only look like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_SHORTEST_JOINED = 8
"""Letters of a name that is one word of a text: `juergenmueller.jpg`."""
_PARTICLES = frozenset(
    [
        *("af", "al", "av", "d", "da", "dal", "das", "de", "del", "della", "den", "der", "di"),
        *("do", "dos", "du", "e", "el", "la", "le", "lo", "los", "ten", "ter", "van", "vom"),
        *("von", "y", "zu", "zum", "zur"),
    ]
)
"""Parts of names in small letters."""
_BETWEEN = re.compile(r"[\s\"'`´‘’.,;:|/+&()·–_-]{0,4}")
"""What may stand between the words of a name."""
_BETWEEN_TURNED = re.compile(r"['\"]?[,;]?[ \t]?['\"]?|['’.-] ?|[_+/]")
"""The same if the last name comes first: `Müller, Jürgen`, `mueller-juergen`."""
_ALONE_BEFORE = re.compile(r"(?:^|\n)['\"]?$")
_ALONE_AFTER = re.compile(r"['\"]?(?:\n|$)")
"""Nothing else in the paragraph or cell."""
_JOINTS = frozenset("-_.+/")
_CAPITAL_AFTER = re.compile(r"\s(?=[^\W\d_])(?![a-zß-öø-ÿ])")
_CAPITAL_BEFORE = re.compile(r"(?:^|[\W_])(?=[^\W\d_])(?![a-zß-öø-ÿ])\w+\s$")
_ID_PARTS = re.compile(r"[^\W\d_]+|\d+")
_VOWEL = re.compile("[aeiouyäöü]", re.I)


@dataclass(frozen=True, kw_only=True)
class Match:
    """Words of a text whose letters are those of a customer's value."""

    kind: str
    written: str
    """The value in the customer file."""
    words: Sequence[str]
    typed: bool
    """Of a street: its name says that it is one."""
    turned: bool
    """Of a name: its last name comes first."""
    owned: bool
    """Of a turned name: its last name has an s more, `Müllers Jürgen`."""
    genitive: bool
    """Whether the last word has an s more."""
    shares_a_word: bool
    """Whether one of the words is one of the value: `An Noun` is not Ann Oun."""


def is_meant(match: Match, place: re.Match[str]) -> bool:
    """Return whether the words at *place*, with what is between them, are the value."""
    if match.kind == "token":
        return len(match.words) == 1
    if match.kind == "id":
        return _is_id(match.written, match.words, place.groups())
    if match.kind == "full name" and not _may_be_name(match, place):
        return False
    return match.typed or _is_spelt_as_name(match, place)


def _may_be_name(match: Match, place: re.Match[str]) -> bool:
    """
    Return False for parts of other words, for lists, and for half of two names.

    `Ann Young, Will Smith` is not Will Young, `Ann, Young` are two people, and `Will-Young Smith`
    is somebody else.
    """
    gaps = place.groups()
    if not gaps:
        return len(place[0]) >= _SHORTEST_JOINED and not match.turned and not match.genitive
    between = _BETWEEN_TURNED if match.turned and not _are_cells(place) else _BETWEEN
    if not match.shares_a_word or not all(map(between.fullmatch, gaps)):
        return False
    followed = _CAPITAL_AFTER.match(place.string, place.end())
    if match.owned:
        return not followed and not any("," in gap or "\n" in gap for gap in gaps)
    if match.turned:
        return not (followed and _CAPITAL_BEFORE.search(place.string[: place.start()][-40:]))
    return ", " not in gaps and not (followed and set(gaps) == {"-"})


def _are_cells(place: re.Match[str]) -> bool:
    """Return whether the words are two paragraphs or cells, which hold nothing else."""
    return (
        [gap for gap in place.groups() if "\n" in gap] == ["\n"]
        and bool(_ALONE_BEFORE.search(place.string[: place.start()][-2:]))
        and bool(_ALONE_AFTER.match(place.string, place.end()))
    )


def _is_spelt_as_name(match: Match, place: re.Match[str]) -> bool:
    """
    Return whether it is written as in the customer file, or no word has a small first letter.

    Words that are joined, as in the name of a file or an address, may be in small letters.
    """
    if _JOINTS.issuperset(place.groups()) or (
        place[0] == match.written and not place[0].islower()
    ):
        return True
    long = [word for word in match.words if len(word) > 1 and word not in _PARTICLES]
    return not any(word[0].islower() for word in long)


def _is_id(written: str, words: Sequence[str], gaps: Sequence[str]) -> bool:
    """
    Return whether the words are the id: with its own hyphens, another one, or none.

    Small letters before a space that could be a word (`in 2024`) are none.
    """
    if "".join(words).casefold() != re.sub(r"[\W_]", "", written).casefold():
        return False
    ends = set(accumulate(len(part) for part in _ID_PARTS.findall(written)))
    if len(words) > 1 and not ends.issuperset(accumulate(map(len, words))):
        return False
    spaced = any(map(str.isspace, gaps))
    is_word = any(not word.isupper() and _VOWEL.search(word) for word in words)
    return all(len(gap) <= 1 for gap in gaps) and not (spaced and is_word)
