"""Rules and values in words, in English, German and French."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import product
from string import Formatter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import settings, source
from support import ROOT, examples

from newsletter.facts import FACTS
from newsletter.model.events import EVENTS
from newsletter.model.language import TEAM_LANGUAGES
from newsletter.model.reasons import Reasons
from newsletter.model.tables import CUSTOMERS
from newsletter.read.content.reason_phrases import read_reasons
from newsletter.rules.explain import explain_rule
from newsletter.rules.in_words import MOST_PARTS, explained_in_words, rule_in_words
from newsletter.rules.kinds import kind_of
from newsletter.rules.values_in_words import SIGNS, value_in_words

DETAILS = {name: dtype for kind in EVENTS.values() for name, dtype in kind.details.items()}
KNOWN: dict[str, pl.DataType] = {
    **CUSTOMERS,
    **DETAILS,
    **FACTS,
}
SCHEMA = {**KNOWN, "vip": pl.Boolean(), "lieblingsfarbe": pl.String(), "size": pl.Int64()}
REASONS: dict[str, Reasons] = {
    language: replace(read_reasons(settings(language=language)), country=country)
    for language, country in {"de": "DE", "en": "IE", "fr": "FR"}.items()
}
SIGN_OF = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}


def told(rule: str, language: str = "en", **headings: str) -> str:
    """Return a rule of the practice `Win-back` in words."""
    reasons = replace(REASONS[language], headings=headings)
    return rule_in_words(source(rule), reasons, SCHEMA, of="Win-back")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("orders_count >= 1", "has ordered at least once"),
        ("orders_count > 0", "has ordered at least once"),
        ("orders_count == 0", "has not ordered yet"),
        ("orders_count > 4", "has ordered more than 4 times"),
        ("60 < days_since_last_order", "last order more than 60 days ago"),
        ("days_since_last_order == 1", "last order exactly 1 day ago"),
        ("2 <= orders_count < 5", "has ordered at least twice and has ordered less than 5 times"),
        ("overdue >= 1.5", "last order at least 1.5 times the usual interval ago"),
        ("total_spent >= 1500", "has spent at least €1,500.00"),
        ('customer_since < "2024-02-01"', "became a customer before 1 Feb 2024"),
        ('last_order >= "2024-02-01"', "last ordered on or after 1 Feb 2024"),
        ("leaving_reason is missing", "gave no reason for leaving"),
        ("leaving_reason is not missing", "gave a reason for leaving"),
        ("phone is missing", "phone number not known"),
        ("vip", "belongs to “vip”"),
        ("not vip", "does not belong to “vip”"),
        ("open_feedback == false", "no feedback waits for an answer"),
        ('"fountain pens" in interests', "interested in “fountain pens”"),
        ('"ink" not in interests', "not known to be interested in ink"),
        ('city in ["Ulm", "Bonn"]', "city is Ulm or Bonn"),
        ('(city | lower) != "ulm"', "city is not ulm"),
        ('"GMBH" not in (company | upper)', "company does not contain GMBH"),
        ('"GmbH" in company', "company contains GmbH"),
        ('language == "de" and country == "FR"', "language is German and country is France"),
        ("interests and city", "has told us interests and city known"),
        ("age", "is not exactly 0 years old"),
        # A comparison is false without a value, so its contrary is also true without one.
        (
            "not days_since_last_order > 60",
            "last order at most 60 days ago or no order known",
        ),
        ("points != 5", "has not exactly 5 points or points not known"),
        ("points | default(0) < 100", "has less than 100 points or points not known"),
        ("points | default(200) < 100", "has less than 100 points"),
        ('city | default("Ulm") == "Ulm"', "city is Ulm or city not known"),
        ("not services_count >= 1", "we did nothing for them lately"),
        (
            "not (orders_count >= 3 and open_feedback)",
            "has ordered less than 3 times, number of orders not known "
            "or no feedback waits for an answer",
        ),
        (
            "vip or age >= 18 and open_promise",
            "belongs to “vip” or (is at least 18 years old and we owe a promise)",
        ),
        (
            "vip and (age >= 18 or open_promise) and leaving_reason is missing",
            "belongs to “vip” and (is at least 18 years old or we owe a promise) "
            "and gave no reason for leaving",
        ),
    ],
)
def test_in_english(rule: str, words: str) -> None:
    """A rule says what it asks, as somebody in the shop would say it."""
    assert told(rule) == words


@pytest.mark.parametrize(
    ("rule", "german", "french"),
    [
        ("orders_count >= 1", "hat schon gekauft", "a déjà acheté"),
        ("orders_count >= 3", "hat mindestens dreimal gekauft", "a acheté au moins 3 fois"),
        (
            "days_since_last_order > 60 and leaving_reason is missing",
            "letzter Kauf vor mehr als 60 Tagen und hat keinen Grund zu gehen genannt",
            "dernier achat il y a plus de 60 jours et n’a pas donné de raison de partir",
        ),
        (
            'last_order < "2024-02-01"',
            "letzter Kauf vor dem 01.02.2024",
            "dernier achat avant le 1er févr. 2024",
        ),
        (
            'occasion_family == "condole"',
            "der Anlass ist ein Todesfall",
            "occasion\N{NO-BREAK SPACE}: un décès",
        ),
        ("overdue < 1.5", "letzter Kauf weniger als 1,5-mal so lange her wie üblich", None),
        ("age >= 1.5", "ist mindestens 1,5 Jahre alt", "a au moins 1,5 an"),
        ("points * 2 > 5", "die Regel von „Win-back“ trifft zu", None),
    ],
)
def test_in_german_and_french(rule: str, german: str, french: str | None) -> None:
    """Numbers, dates, plurals and quotes are those of the language."""
    assert told(rule, "de") == german
    assert french is None or told(rule, "fr") == french


def test_columns_of_the_user() -> None:
    """A further column is called by its heading, or by its name if the file has none."""
    assert told('lieblingsfarbe == "blue"', lieblingsfarbe="Lieblingsfarbe") == (
        "Lieblingsfarbe is blue"
    )
    assert told("size >= 42", size="Shoe size") == "Shoe size: at least 42"
    assert told("vip", vip="VIP card") == "VIP card: yes"
    assert told("size is missing") == "size not known"


@pytest.mark.parametrize(
    "rule",
    [
        "total_spent / orders_count > 50",
        "points > next_reward_points",
        "interests | length > 2",
        'city > "M"',
        '(city | lower) != "Ulm"',
        '(city | upper) not in ["ULM", "Bonn"]',
        '"GmbH" not in (company | lower)',
        '(vip and (age > 3 or (points > 5 and city == "Ulm"))) or orders_count > 1',
        " and ".join(f"age != {n}" for n in range(MOST_PARTS + 1)),
    ],
)
def test_too_complicated(rule: str) -> None:
    """A rule that words would not make clearer is called the rule of its practice."""
    assert told(rule) == "the rule of “Win-back” applies"


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_every_name_has_phrases(language: str) -> None:
    """Every column, fact and detail has phrases that fit its kind, in each language."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    reasons = REASONS[language]
    assert reasons.names.keys() == KNOWN.keys()
    for name, phrases in reasons.names.items():
        kind, wanted = kind_of(KNOWN[name]), {"what"}
        wanted |= {"yes", "no"} if kind == "yes/no" else set()
        assert wanted <= phrases.keys(), name
        assert ("unit" in phrases) <= (kind == "number"), name
        assert "{amount}" in phrases.get("says", "{amount}"), name
        if {"none", "some", "single", "several"} & phrases.keys():
            assert KNOWN[name] == pl.Int64(), f"{name} is not a whole number"
        never = re.search(rf"^\| `{name}` \|.*\| never[^|]*\|$", page, re.MULTILINE)
        assert (never is not None) == ("always" in phrases), f"whether {name} may be missing"


def test_languages_have_the_same_phrases() -> None:
    """The general phrases have the same keys and gaps in each language, none of them empty."""
    english = REASONS["en"].phrases
    for language, reasons in REASONS.items():
        for texts, others in (
            (reasons.phrases, english),
            (reasons.events, REASONS["en"].events),
        ):
            assert texts.keys() == others.keys()
            assert all(texts.values())
            for key, text in texts.items():
                assert _gaps(text) == _gaps(others[key]), f"{language}: {key}"
    assert {*SIGNS.values()} | {f"date_{key}" for key in SIGNS.values()} <= english.keys()


def _gaps(text: str) -> set[str]:
    return {gap for _, gap, _, _ in Formatter().parse(text) if gap}


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
@pytest.mark.parametrize("name", KNOWN)
def test_every_operator_has_words(language: str, name: str) -> None:
    """Every comparison that a rule may ask of a name is told, each in words of its own."""
    rules = list(_rules(name))
    words = [told(rule, language) for rule in rules]
    for rule, text in zip(rules, words, strict=True):
        assert "“Win-back”" not in text and "„Win-back“" not in text, rule
        assert not re.search(r"[{}]|  ", text), (rule, text)
        assert "_" not in name or name not in text, (rule, text)
    if kind_of(KNOWN[name]) in ("number", "date"):
        assert len(set(words)) == len(words), words


def _rules(name: str) -> list[str]:
    kind = kind_of(KNOWN[name])
    if kind == "yes/no":
        return [name, f"not {name}"]
    if kind == "list":
        return [f'"x" in {name}', f'"x" not in {name}', name]
    if kind == "text":
        return [f'{name} == "x"', f'{name} != "x"', f'{name} in ["x", "y"]', f'"x" in {name}']
    values = ["3", "7.5"] if kind == "number" else ['"2024-01-31"']
    return [f"{name} {sign} {value}" for sign, value in product(SIGN_OF.values(), values)]


ASKED = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["orders_count", "points", "days_since_last_order", "services_count"]),
        st.sampled_from([*SIGN_OF.values()]),
        st.integers(0, 3),
    ),
    st.sampled_from(["vip", "open_feedback", "points is missing", "leaving_reason is missing"]),
)
RULES = st.recursive(
    ASKED,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
    ),
    max_leaves=4,
)


@given(rule=RULES, language=st.sampled_from(TEAM_LANGUAGES))
@examples(300)
def test_the_contrary_has_other_words(rule: str, language: str) -> None:
    """What is told of a rule is never told of its contrary; two `not` change nothing."""
    words, contrary = told(rule, language), told(f"not ({rule})", language)
    short = REASONS[language].phrase("rule_of", what="Win-back")
    assert words != contrary or words == short
    assert told(f"not (not ({rule}))", language) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("days_since_last_order", 64, "last order 64 days ago"),
        ("days_since_last_order", None, "no order known"),
        ("orders_count", 0, "has not ordered yet"),
        ("orders_count", 2, "has ordered twice"),
        ("order_number", 3, "order no. 3"),
        ("total_spent", 20.5, "has spent €20.50"),
        ("last_order", dt.date(2026, 11, 3), "last ordered on 3 Nov 2026"),
        ("city", "Ulm", "city is Ulm"),
        ("occasion_family", "congratulate", "the occasion is a good day"),
        ("interests", ["ink", "tea"], "interested in ink and tea"),
        ("interests", [], "no interests known"),
        ("open_feedback", True, "gave feedback that nobody has answered"),
        ("vip", False, "does not belong to “vip”"),
        ("services", [{"title": "x"}], "we did something for them"),
    ],
)
def test_values(name: str, value: object, words: str) -> None:
    """A customer's value is told in the same words as a comparison with it."""
    assert value_in_words(name, value, REASONS["en"]) == words


def test_explained() -> None:
    """The values that decided a rule are told, those of a segment in brackets."""
    row = pl.DataFrame({"days_since_last_order": [20], "vip": [True], "gone": [False]})
    rules = {"vip": source("days_since_last_order < 90"), "gone": source("not vip")}
    by_hand = explain_rule(source("vip"), row.with_columns(vip=False), segments=rules)
    unfolded = explain_rule(source("vip and gone"), row, segments=rules)
    reasons = REASONS["en"]
    assert explained_in_words(by_hand, reasons) == "does not belong to “vip” (entered by hand)"
    assert explained_in_words(unfolded, reasons) == (
        "does not belong to “gone” (belongs to “vip” (last order 20 days ago))"
    )


def test_other_languages_fall_back_to_english() -> None:
    """A firm whose language has no phrases gets English ones; a regional one those it has."""
    assert read_reasons(settings(language="it")).language == "en"
    assert read_reasons(settings(language="de-AT")).language == "de"
