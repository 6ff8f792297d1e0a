"""Language tags: which exist, how they fall back, and which way their text runs."""

from __future__ import annotations

import pytest

from newsletter.model.language import (
    direction_of_text,
    fallbacks,
    first_match,
    is_language,
    language_hint,
    locale_of,
    text_direction,
)


@pytest.mark.parametrize("tag", ["de", "pt-BR", "zh-Hant-TW", "sh", "ae"])
def test_languages_have_two_letters(tag: str) -> None:
    """Languages of CLDR with two letters, with or without script and region."""
    assert is_language(tag)


@pytest.mark.parametrize("tag", ["ink", "ckb", "xq", "bh", "EN", "d", "", "de_AT"])
def test_what_is_no_language(tag: str) -> None:
    """Three letters could be any word in a file name."""
    assert not is_language(tag)


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("cz", "did you mean 'cs'?"),
        ("at", "did you mean 'de'?"),
        ("JP", "did you mean 'ja'?"),
        ("deutsch", "write the short form of ISO 639: en, de, fr"),
    ],
)
def test_a_country_is_no_language(tag: str, hint: str) -> None:
    """The hint names the language that most people speak there."""
    assert language_hint(tag) == hint


@pytest.mark.parametrize(
    ("language", "default", "tags"),
    [
        ("de-AT", "en", ("de-AT", "de", "en")),
        ("zh-Hant-TW", "de-CH", ("zh-Hant-TW", "zh-Hant", "zh", "de-CH", "de")),
        ("pt-BR", "pt-PT", ("pt-BR", "pt", "pt-PT")),
        ("de-x-wien", "de", ("de-x-wien", "de")),
        ("en", "", ("en",)),
        ("", "en", ("en",)),
    ],
)
def test_fallbacks(language: str, default: str, tags: tuple[str, ...]) -> None:
    """Each tag loses its last part step by step, then comes the default."""
    assert fallbacks(language, default) == tags


def test_first_match() -> None:
    """The first tag with a text wins; without one there is none."""
    texts = {"pt": "Olá", "zh-Hant": "你好", "en": "Hello"}
    assert [first_match(texts, tag, "en") for tag in ("pt-BR", "zh-Hant-TW", "de-AT")] == [
        "Olá",
        "你好",
        "Hello",
    ]
    assert first_match(texts, "de-AT") is None


@pytest.mark.parametrize("tag", ["ar", "he", "ug", "sd", "ks", "ku-Arab", "ckb", "dv", "ur-IN"])
def test_right_to_left(tag: str) -> None:
    """CLDR knows the script of a language, and of a tag that names one."""
    assert text_direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["de-AT", "ku", "sd-Deva", "zh-Hant-TW", "de-x-wien", "xx", ""])
def test_left_to_right(tag: str) -> None:
    """All others, and what CLDR does not know."""
    assert text_direction(tag) == "ltr"


@pytest.mark.parametrize(("text", "way"), [("12 שלום", "rtl"), ("«Ann»", "ltr"), ("1", "ltr")])
def test_direction_of_text(text: str, way: str) -> None:
    """The first letter decides; digits and marks have no direction."""
    assert direction_of_text(text) == way


@pytest.mark.parametrize(
    ("tag", "locale"), [("de-AT", "de_AT"), ("de-x-wien", "de"), ("ae", "en"), ("pt-BR", "pt_BR")]
)
def test_locales(tag: str, locale: str) -> None:
    """Languages that CLDR does not describe are treated as English, and stop nothing."""
    assert str(locale_of(tag)) == locale
