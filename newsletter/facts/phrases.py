"""The greetings of each language that we know; `{}` stands for the name, `[]` for the title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The greetings of one language."""

    informal: str
    """With a first name, or a name as a whole."""
    informal_nobody: str
    """Where no name is known."""
    formal: str
    """With a whole name, or a title that says nothing of gender (Dr)."""
    formal_nobody: str
    woman: str
    man: str
    titles: tuple[str, ...]
    """A woman's title and a man's, as this language writes them; then the others, small."""


def _without_titles(named: str, *, nobody: str) -> Phrases:
    """Return the greetings of a language in which formality and title make no difference."""
    return Phrases(
        informal=named,
        informal_nobody=nobody,
        formal=named,
        formal_nobody=nobody,
        woman=named,
        man=named,
        titles=("", ""),
    )


SOLEMN: Mapping[str, tuple[str, str, str, str]] = {
    "de": ("Hallo", "Liebe", "Lieber", "Guten Tag"),
    "en": ("Hello", "Dear", "Dear", "Dear"),
    "fr": ("Bonjour", "Chère", "Cher", "Bonjour"),
}
"""Language → a first word too light for condolences; instead: to a woman, a man, anybody."""

PHRASES: Mapping[str, Phrases] = {
    "de": Phrases(
        informal="Hallo {}",
        informal_nobody="Hallo",
        formal="Guten Tag {}",
        formal_nobody="Guten Tag",
        woman="Sehr geehrte Frau {}",
        man="Sehr geehrter Herr {}",
        titles=("Frau", "Herr"),
    ),
    "en": Phrases(
        informal="Hello {}",
        informal_nobody="Hello",
        formal="Dear {}",
        formal_nobody="Hello",
        woman="Dear [] {}",
        man="Dear [] {}",
        titles=("Ms", "Mr", "ms", "mrs", "miss", "mr"),
    ),
    "es": Phrases(
        informal="Hola, {}",
        informal_nobody="Hola",
        formal="Hola, {}",
        formal_nobody="Buenos días",
        woman="Estimada Sra. {}",
        man="Estimado Sr. {}",
        titles=("Sra.", "Sr."),
    ),
    "fr": Phrases(
        informal="Bonjour {}",
        informal_nobody="Bonjour",
        formal="Bonjour {}",
        formal_nobody="Bonjour",
        woman="Bonjour Madame {}",
        man="Bonjour Monsieur {}",
        titles=("Madame", "Monsieur"),
    ),
    "it": Phrases(
        informal="Ciao {}",
        informal_nobody="Ciao",
        formal="Buongiorno {}",
        formal_nobody="Buongiorno",
        woman="Gentile Sig.ra {}",
        man="Gentile Sig. {}",
        titles=("Sig.ra", "Sig."),
    ),
    "nl": Phrases(
        informal="Hallo {}",
        informal_nobody="Hallo",
        formal="Goedendag {}",
        formal_nobody="Goedendag",
        woman="Geachte mevrouw {}",
        man="Geachte heer {}",
        titles=("mevrouw", "heer"),
    ),
    "pt": Phrases(
        informal="Olá {}",
        informal_nobody="Olá",
        formal="Olá {}",
        formal_nobody="Olá",
        woman="Exma. Sra. {}",
        man="Exmo. Sr. {}",
        titles=("Sra.", "Sr."),
    ),
    "ar": _without_titles("مرحبًا {}", nobody="مرحبًا"),
    "he": _without_titles("שלום {}", nobody="שלום"),
    "ja": _without_titles("{}様", nobody="こんにちは"),
    "zh": Phrases(
        informal="{}，您好",
        informal_nobody="您好",
        formal="{}，您好",
        formal_nobody="您好",
        woman="{}女士，您好",
        man="{}先生，您好",
        titles=("女士", "先生"),
    ),
}
