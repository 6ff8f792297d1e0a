"""Reasons are told in the language of the firm."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from newsletter.model.channels import CHANNELS
from newsletter.model.language import TEAM_LANGUAGES
from newsletter.plan.etiquette.caps import cap_in_words
from newsletter.plan.reach import REASON
from newsletter.read.content.customs_yml import packaged_customs
from newsletter.read.content.reason_phrases import read_reasons

TODAY = dt.date(2026, 11, 4)


def _reasons(make, language: str):
    return read_reasons(make.config().model_copy(update={"language": language}))


def test_every_language_has_every_phrase(make) -> None:
    """Each with the same gaps, and with words for all that is said of channels."""

    def gaps(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    english = _reasons(make, "en")
    said = {text for kind in CHANNELS.values() for text in (kind.noun, kind.plural)}
    said |= set(REASON.categories)
    for language in TEAM_LANGUAGES:
        reasons = _reasons(make, language)
        assert {key: gaps(text) - {"n"} for key, text in reasons.etiquette.items()} == {
            key: gaps(text) - {"n"} for key, text in english.etiquette.items()
        }
        assert set(reasons.channels) == (said if language != "en" else set())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "de",
            [
                "hat jemanden verloren: in Ruhe lassen bis 01.12.2026",
                "keine Telefonnummer; will keine Post",
                "3 Tage Abstand zwischen zwei Kontakten: 02.11.2026 (call)",
                "Nachricht hinterlassen: wieder ab 06.11.2026 (versucht am 03.11.2026)",
                "schon erledigt: 01.11.2026 (Anruf)",
                "Nora hat keine Zeit für Anrufe",
                None,
                "ein Kontakt am Tag genügt: „A word of thanks“ (E-Mail) geht vor",
            ],
        ),
        (
            "fr",
            [
                "a perdu quelqu’un\u202f: à laisser tranquille jusqu’au 1er déc. 2026",
                "pas de numéro de téléphone; ne veut pas de courrier",
                "3 jours entre deux contacts\u202f: 2 nov. 2026 (call)",
                "message laissé\u202f: à nouveau dès le 6 nov. 2026 (essayé le 3 nov. 2026)",
                "déjà fait\u202f: 1er nov. 2026 (appel)",
                "Nora n’a pas le temps\u202f: appels",
                None,
                "un contact par jour suffit\u202f: "
                "«\u202fA word of thanks\u202f» (e-mail) passe d’abord",
            ],
        ),
    ],
)
def test_reasons_are_in_the_language_of_the_firm(make, language: str, expected) -> None:
    """With its dates, the titles of practices and the names of channels."""
    people = [{"id": key} for key in "bcdefgh"]
    people.append({"id": "a", "bereaved_until": dt.date(2026, 12, 1)})
    day = TODAY.replace
    history = [
        {"customer": "c", "practice": "call", "date": day(day=2), "channel": "email"},
        {"customer": "d", "practice": "welcome", "date": day(day=3), "outcome": "message left"},
        {
            "customer": "e",
            "practice": "welcome",
            "key": "k",
            "date": day(day=1),
            "channel": "call",
        },
    ]
    thanks = make.practice("thank-you", title="A word of thanks")
    wishes = make.practice("birthday", does="celebrate")
    limits = {"gap": 3, "capacity": {"call": 0}, "try_again": {"message_left": 3}}
    basis = make.basis(people, history=history, practices=[thanks, wishes], caps=(), **limits)
    member = basis.config.team[0].model_copy(update={"capacity": {}})
    config = basis.config.model_copy(update={"team": (member, *basis.config.team[1:])})
    basis = replace(basis, config=config, reasons=_reasons(make, language))
    verdicts = make.judged(
        basis,
        {"customer": "a", "practice": "birthday"},
        {"customer": "b", "practice": "welcome", "channel": None, "no_way": NO_WAY},
        {"customer": "c", "practice": "birthday"},
        {"customer": "d", "practice": "welcome", "channel": "call"},
        {"customer": "e", "practice": "welcome"},
        {"customer": "f", "practice": "call", "channel": "call"},
        {"customer": "g", "practice": "thank-you", "priority": 60},
        {"customer": "g", "practice": "welcome"},
    )
    assert [reason for _, reason, _ in verdicts] == expected


NO_WAY = "no phone number; said no to post"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["at most 2 in 14 days", "at most 1 call in 1 day", "at most 3 visits in 30 days"]),
        (
            "de",
            [
                "höchstens 2 in 14 Tagen",
                "höchstens 1 Anruf in einem Tag",
                "höchstens 3 Besuche in 30 Tagen",
            ],
        ),
        (
            "fr",
            [
                "au plus 2 en 14 jours",
                "au plus 1 appel en un jour",
                "au plus 3 visites en 30 jours",
            ],
        ),
    ],
)
def test_caps_in_words(make, language: str, expected: list[str]) -> None:
    """In the singular and the plural."""
    caps = [("customer", 2, 14), ("call", 1, 1), ("visit", 3, 30)]
    reasons = _reasons(make, language)
    told = [cap_in_words(make.cap(per=p, most=m, days=d), reasons) for p, m, d in caps]
    assert told == expected


@pytest.mark.parametrize(
    ("language", "name"), [("en", "All Souls"), ("de", "Allerseelen"), ("fr", "Jour des Défunts")]
)
def test_days_on_which_people_are_left_alone_have_names(make, language: str, name: str) -> None:
    """Those of the packaged customs, in each language."""
    day = dt.date(2026, 11, 2)
    basis = make.basis([{"id": "a", "country": "LU"}], day=day, customs=packaged_customs())
    basis = replace(basis, reasons=_reasons(make, language))
    row = {"customer": "a", "practice": "thank-you"}
    assert make.judged(basis, row)[0][:2] == ("do_not_write", name)
