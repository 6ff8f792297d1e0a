"""How customers are addressed."""

from __future__ import annotations

import pytest

from newsletter.facts.greeting import neutral_greeting, solemn
from newsletter.model.config import Config

FULL = {"first_name": "Zoë", "last_name": "Müller", "name": "Zoë Müller"}


@pytest.mark.parametrize(
    ("person", "greeting"),
    [
        (FULL, "Hello Zoë"),
        (FULL | {"title": "Ms"}, "Hello Zoë"),
        (FULL | {"title": "Ms", "formality": "formal"}, "Dear Ms Müller"),
        (FULL | {"title": "Mrs.", "formality": "formal"}, "Dear Mrs. Müller"),
        (FULL | {"title": "Frau", "formality": "formal"}, "Dear Ms Müller"),
        (FULL | {"title": "Dr", "formality": "formal"}, "Dear Dr Müller"),
        (FULL | {"formality": "formal"}, "Dear Zoë Müller"),
        (FULL | {"language": "de"}, "Hallo Zoë"),
        (
            FULL | {"language": "de", "formality": "formal", "title": "Frau"},
            "Sehr geehrte Frau Müller",
        ),
        (
            FULL | {"language": "de", "formality": "formal", "title": "Herr Prof. Dr."},
            "Sehr geehrter Herr Prof. Dr. Müller",
        ),
        (FULL | {"language": "de", "formality": "formal", "title": "Dr."}, "Guten Tag Dr. Müller"),
        (FULL | {"language": "de", "formality": "formal"}, "Guten Tag Zoë Müller"),
        (
            FULL | {"language": "fr", "formality": "formal", "title": "Mme"},
            "Bonjour Madame Müller",
        ),
        (
            FULL | {"language": "es", "formality": "formal", "title": "Sr."},
            "Estimado Sr. Müller",
        ),
        (
            FULL | {"language": "it", "formality": "formal", "title": "Sig.ra"},
            "Gentile Sig.ra Müller",
        ),
        (
            FULL | {"language": "nl", "formality": "formal", "title": "dhr."},
            "Geachte heer Müller",
        ),
        (FULL | {"language": "de-AT"}, "Hallo Zoë"),
        (FULL | {"language": "xx"}, "Hello Zoë"),
        ({"name": "Teller"}, "Hello Teller"),
        ({"name": "Maya Angelou"}, "Hello Maya Angelou"),
        ({"last_name": "Müller", "name": "Müller"}, "Hello"),
        ({"last_name": "Müller", "name": "Müller", "title": "Ms"}, "Dear Ms Müller"),
        ({"last_name": "Müller", "name": "J. Müller"}, "Hello J. Müller"),
        ({"company": "Paper Ltd"}, "Hello"),
        ({"first_name": "B.", "name": "B."}, "Hello"),
        ({"first_name": "B.", "name": "B.", "formality": "informal"}, "Hello"),
        ({"first_name": "J.-P.", "last_name": "M.", "name": "J.-P. M."}, "Hello"),
        ({"first_name": "B", "last_name": "Moor", "name": "B Moor"}, "Dear B Moor"),
        (
            {"first_name": "B.", "last_name": "Moor", "name": "B. Moor", "title": "Ms"},
            "Dear Ms Moor",
        ),
        ({"first_name": "Ann", "last_name": "P.", "name": "Ann P."}, "Hello Ann"),
        (
            {"first_name": "Ann", "last_name": "P.", "name": "Ann P.", "title": "Ms"}
            | {"formality": "formal"},
            "Dear Ann P.",
        ),
        ({"first_name": "明", "last_name": "王", "name": "王明", "language": "zh"}, "明，您好"),
        ({"language": "de", "formality": "formal"}, "Guten Tag"),
        ({"language": "de"}, "Guten Tag"),
        ({"language": "de", "formality": "informal"}, "Hallo"),
        ({"language": "fr"}, "Bonjour"),
        ({"first_name": "さくら", "name": "田中さくら", "language": "ja"}, "さくら様"),
        ({"first_name": "O'Brien {}", "name": "x"}, "Hello O'Brien {}"),
    ],
)
def test_the_greeting_fits_language_formality_and_title(know, person, greeting) -> None:
    """Only a title tells the gender, a last name needs a title, and no name is split."""
    assert know([{"id": "a", **person}])["greeting"].to_list() == [greeting]


def test_the_project_gives_default_language_and_formality(know) -> None:
    """They apply to customers whose row names none."""
    rows = [{"id": "a", "title": "Herr", **FULL}]
    facts = know(rows, change={"language": "de", "formality": "formal"})
    assert facts["greeting"].to_list() == ["Sehr geehrter Herr Müller"]
    assert facts["formality"].to_list() == [
        "formal"
    ]  # texts depend on the formality like the greeting


def test_nobody_is_informal_with_somebody_without_a_name(know) -> None:
    """Or with an initial, unless their row says so; the name of a firm is nobody's."""
    rows = [
        {"id": "a"},
        {"id": "b", "company": "Paper Ltd"},
        {"id": "c", "formality": "informal"},
        {"id": "d", "last_name": "Moor"},
        {"id": "e", "first_name": "A.", "last_name": "Moor"},
        {"id": "f", "first_name": "Ann"},
    ]
    formal = ["formal", "formal", "informal", "informal", "formal", "informal"]
    assert know(rows)["formality"].to_list() == formal


def test_the_public_greeting_names_nobody(config: Config) -> None:
    """The public page of an issue greets without a name."""
    tags = ("en", "de-CH", "xx")
    assert [neutral_greeting(tag, config) for tag in tags] == ["Hello", "Hallo", "Hello"]


@pytest.mark.parametrize(
    ("language", "title", "usual", "expected"),
    [
        ("en", None, "Hello Aoife", "Dear Aoife"),
        ("en", "Ms", "Dear Ms O'Brien", "Dear Ms O'Brien"),
        ("en", None, "Hello", "Hello"),
        ("de-LU", "Frau", "Hallo Anna", "Liebe Anna"),
        ("de", "Herr", "Hallo Bert", "Lieber Bert"),
        ("de", None, "Hallo Kim", "Guten Tag Kim"),
        ("fr", "Mme", "Bonjour Madame Olinger", "Chère Madame Olinger"),
        ("fr", "M.", "Bonjour Monsieur Weber", "Cher Monsieur Weber"),
        ("fr", None, "Bonjour Camille", "Bonjour Camille"),
        ("it", "Sig.", "Ciao Dario", "Ciao Dario"),
    ],
)
def test_a_letter_of_condolence_begins_without_a_hello(
    language: str, title: str | None, usual: str, expected: str
) -> None:
    """Gender follows from the title alone."""
    assert solemn(usual, language=language, title=title) == expected
