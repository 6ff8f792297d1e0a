"""Every message of eight weeks of the example, read as its customer reads it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from newsletter.mailing import Mailing
from newsletter.mailing.mailings import practice_mailings
from newsletter.mailing.words import merge_words
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.project import Project
from newsletter.model.tables import TABLES
from newsletter.plan.planning import plan_days
from newsletter.read.assembly import read_project
from newsletter.render.language_filters import language_filters

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
FIRST, LAST = dt.date(2026, 9, 8), dt.date(2026, 11, 2)
QUOTED = re.compile(r"^>.*$|„[^“]*“|«[^»]*»", re.MULTILINE)
CLOSINGS = {
    ("en", "informal"): "Kind regards,",
    ("en", "formal"): "With kind regards,",
    ("de", "informal"): "Herzliche Grüße",
    ("de", "formal"): "Mit freundlichen Grüßen",
    ("fr", "informal"): "Bien cordialement,",
    ("fr", "formal"): "Avec mes meilleures salutations,",
}


@dataclass(frozen=True)
class Read:
    """A message, and whom it is for."""

    practice: str
    channel: str
    language: str
    customer: dict[str, Any]
    text: str


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example as if its care plan had begun in September."""
    project = read_project(ROOT, today=FIRST)
    tables = dict(project.people.tables) | {"history": pl.DataFrame(schema=TABLES["history"])}
    return replace(
        project,
        config=project.config.model_copy(update={"start": FIRST}),
        people=replace(project.people, tables=tables),
    )


@pytest.fixture(scope="module")
def messages(project: Project) -> list[Read]:
    """Return every message of a practice in these weeks."""
    plans = plan_days(project, first=FIRST, last=LAST)
    mailings = (mailing for plan in plans for mailing in practice_mailings(project, plan).mailings)
    return [message for mailing in mailings for message in _messages(project, mailing)]


def _messages(project: Project, mailing: Mailing) -> Iterator[Read]:
    if mailing.channel == "email":
        filters = language_filters(mailing.language, business=project.config.business)
        texts = [
            result if isinstance(result, Failure) else result[1]
            for result in Merger(mailing.template, filters=filters).texts(mailing.people)
        ]
    else:
        merged = merge_words(project, mailing.template, mailing.people)
        texts = [result if isinstance(result, Failure) else result.text for result in merged]
    people = mailing.people.iter_rows(named=True)
    for text, customer in zip(texts, people, strict=True):
        assert isinstance(text, str), text
        yield Read(mailing.practice.name, mailing.channel, mailing.language, customer, text)


def test_the_weeks_hold_messages_of_all_kinds(messages: list[Read]) -> None:
    """In three languages, by most channels, of most practices."""
    assert {message.language for message in messages} == {"en", "de", "fr"}
    assert {message.channel for message in messages} >= {"email", "letter", "handwritten", "call"}
    assert len({message.practice for message in messages}) >= 15


def test_every_email_closes_once(project: Project, messages: list[Read]) -> None:
    """As the customer is addressed, with the manager's name below it. A person closes a draft."""
    drafts = {practice.name for practice in project.practices if practice.draft}
    for message in messages:
        if message.channel == "email" and message.practice not in drafts:
            customer = message.customer
            closing = CLOSINGS[message.language, customer["formality"]]
            assert message.text.count(f"\n\n{closing}\n\n{customer['manager_name']}\n") == 1
            assert message.text.count(f"\n{customer['manager_name']}") == 1
            others = set(CLOSINGS.values()) - {closing}
            assert not [other for other in others if f"\n{other}\n" in message.text]


def test_german_messages_have_one_form_of_address(messages: list[Read]) -> None:
    """Customers without a name are addressed formally; quotations may say what they like."""
    informal = re.compile(r"\b(?:du|dir|dich|deine?[mnrs]?)\b", re.IGNORECASE)
    for message in messages:
        if message.language == "de" and message.customer["formality"] == "formal":
            words = message.text.partition("\n---")[0]  # below it is the address, rue du Marché
            assert not informal.findall(QUOTED.sub("", words)), message.text
        assert message.customer["name"] or message.customer["formality"] == "formal"


def test_sentences_name_products_in_their_language(messages: list[Read], project: Project) -> None:
    """No German or French message names a product as the English orders do."""
    table = project.people.tables["products"].drop_nulls("product")
    for message in messages:
        if message.language in ("de", "fr") and message.channel in ("email", "letter", "text"):
            foreign = table.filter(pl.col("product") != pl.col(f"name_{message.language}"))
            named = [product for product in foreign["product"] if product in message.text]
            assert not named, message.text


def test_nothing_is_said_that_is_not_known(messages: list[Read]) -> None:
    """No word for a missing value, no gap between sentences, no space before a full stop."""
    for message in messages:
        assert not re.search(r"\b(?:None|nan)\b|\{\{|  | \.(?:\s|$)|\.\.", message.text), (
            message.text
        )


def test_french_lists_speak_of_one_customer() -> None:
    """Not of “them”, as English may: what a caller reads is about one person, whoever it is."""
    starter, example = ROOT / "newsletter/starter/fr/content", ROOT / "content"
    files = [*starter.glob("practices/*.md"), *example.glob("practices/*.fr.md")]
    assert len(files) > 50
    plural = re.compile(r"\b[Ii]ls (?:ont|sont|nous|avaient|voulaient)\b|\b(?:à|pour|d’)\s?eux\b")
    lines = [(file, line) for file in files for line in file.read_text("utf-8").splitlines()]
    assert [(file.name, line) for file, line in lines if plural.search(line)] == []
