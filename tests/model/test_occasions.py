"""Occasions are recognised in what people write, in three languages."""

from __future__ import annotations

import pytest

from newsletter.model.occasions import HAPPY, Recogniser
from newsletter.read.content.customs_yml import packaged_customs

OCCASIONS = packaged_customs().occasions
RECOGNISERS = {key: packaged_customs().recogniser(key) for key in ("en", "de", "fr")}

CASES = [
    ("death of her mother", "", "death"),
    ("Tod seiner Frau", "", "death"),
    ("décès de sa mère", "", "death"),
    ("Deces de son pere", "", "death"),
    ("Todesfall in der Familie", "", "death"),
    ("Funeral", "on Friday in Spandau", "death"),
    ("birth", "the child died after two days", "death"),
    ("lost her baby", "", "death"),
    ("Kind verloren", "", "death"),
    ("perte de son enfant", "", "death"),
    ("Geburtstag der verstorbenen Frau", "", "death"),
    ("Verlust", "", "loss"),
    ("Umzug ins Altersheim", "", "care-home"),
    ("maison de retraite", "", "care-home"),
    ("Frühgeburt", "", "illness"),
    ("divorce", "", "divorce"),
    ("Scheidung", "", "divorce"),
    ("Séparation", "", "divorce"),
    ("illness since May", "", "illness"),
    ("Krebs", "", "illness"),
    ("lost her job", "", "loss-of-work"),
    ("Arbeitslosigkeit", "", "loss-of-work"),
    ("licenciement", "", "loss-of-work"),
    ("Birthday of a friend", "Writes to Lore every year", "somebody-else"),
    ("Hochzeit der Tochter", "", "their-children"),
    ("mariage de sa sœur", "", "for-somebody-else"),
    ("wedding", "in the garden", "wedding"),
    ("Wedding anniversary", "", "wedding-anniversary"),
    ("Hochzeit", "", "wedding"),
    ("Naissance d’une fille", "", "birth"),
    ("child", "A daughter, Benedita", "birth"),
    ("birth of a son", "mother and child are well", "birth"),
    ("Umzug nach Bonn", "", "move"),
    ("déménagement", "", "move"),
    ("retirement", "", "retirement"),
    ("firm anniversary", "The firm turns 25", "firm-anniversary"),
    ("Prüfung", "", "exam"),
    ("Pruefung", "", "exam"),
    ("new_job", "", "new-job"),
    ("new-home", "", "new-home"),
]


@pytest.mark.parametrize("language", RECOGNISERS)
@pytest.mark.parametrize(("occasion", "remark", "key"), CASES)
def test_an_occasion_is_recognised_in_every_project(
    occasion: str, remark: str, key: str, language: str
) -> None:
    """Whatever the language of the project and of the person who wrote it."""
    kind = RECOGNISERS[language].kind(occasion, remark)
    assert kind is not None
    assert kind.key == key


@pytest.mark.parametrize(
    ("occasion", "remark"),
    [
        ("xyz", ""),
        ("moved", "to a nursing home"),
        (None, None),
        ("wedding", "Her sister’s, in Bergamo"),
        ("retirement", "after his illness"),
        ("wedding", "called off"),
        ("some kind of party", ""),
    ],
)
def test_what_nobody_can_tell_is_unknown(occasion: str | None, remark: str | None) -> None:
    """Unknown words, and happy occasions whose remark says something else."""
    assert RECOGNISERS["en"].kind(occasion, remark) is None


@pytest.mark.parametrize("language", RECOGNISERS)
def test_every_word_is_recognised_as_no_happier_than_it_is(language: str) -> None:
    """The words of sad and neutral occasions never lead to a happy one."""
    for occasion in OCCASIONS.values():
        if occasion.family in HAPPY:
            continue
        for words in occasion.words.values():
            found = [(word, RECOGNISERS[language].kind(word)) for word in words]
            assert [word for word, kind in found if kind and kind.family in HAPPY] == []


def test_no_sad_occasion_is_congratulated() -> None:
    """Divorce, illness and loss of work are neutral, a death is condoled."""
    assert OCCASIONS["death"].family == "condole"
    neutral = ("divorce", "illness", "hospital", "accident", "loss-of-work", "cancelled")
    assert {OCCASIONS[key].family for key in neutral} == {"neutral"}


def test_a_list_without_occasions_recognises_nothing() -> None:
    """Nor does it fail."""
    assert Recogniser((), "en").kind("wedding") is None
