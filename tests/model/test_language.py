"""Language tags: which exist, how they fall back, and the direction of their text."""

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
def test_known_languages(tag: str) -> None:
    """Two letters, as in CLDR, with or without script and region."""
    assert is_language(tag)


@pytest.mark.parametrize("tag", ["ink", "ckb", "xq", "bh", "EN", "d", "", "de_AT"])
def test_three_letters_are_no_language(tag: str) -> None:
    """They could be any word in a file name."""
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
def test_a_tag_falls_back_part_by_part(language: str, default: str, tags: tuple[str, ...]) -> None:
    """The default comes last."""
    assert fallbacks(language, default) == tags


def test_the_first_tag_with_a_text_wins() -> None:
    """Without one there is no text."""
    texts = {"pt": "Olá", "zh-Hant": "你好", "en": "Hello"}
    assert [first_match(texts, tag, "en") for tag in ("pt-BR", "zh-Hant-TW", "de-AT")] == [
        "Olá",
        "你好",
        "Hello",
    ]
    assert first_match(texts, "de-AT") is None


@pytest.mark.parametrize("tag", ["ar", "he", "ug", "sd", "ks", "ku-Arab", "ckb", "dv", "ur-IN"])
def test_languages_from_right_to_left(tag: str) -> None:
    """CLDR knows the script of a language; a tag may name another."""
    assert text_direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["de-AT", "ku", "sd-Deva", "zh-Hant-TW", "de-x-wien", "xx", ""])
def test_other_languages_run_from_left_to_right(tag: str) -> None:
    """Also those that CLDR does not know."""
    assert text_direction(tag) == "ltr"


@pytest.mark.parametrize(("text", "way"), [("12 שלום", "rtl"), ("«Ann»", "ltr"), ("1", "ltr")])
def test_the_first_letter_decides_the_direction(text: str, way: str) -> None:
    """Digits and punctuation have no direction."""
    assert direction_of_text(text) == way


@pytest.mark.parametrize(
    ("tag", "locale"), [("de-AT", "de_AT"), ("de-x-wien", "de"), ("ae", "en"), ("pt-BR", "pt_BR")]
)
def test_languages_unknown_to_cldr_are_formatted_as_english(tag: str, locale: str) -> None:
    """They cause no error."""
    assert str(locale_of(tag)) == locale
