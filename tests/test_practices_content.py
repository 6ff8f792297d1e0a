"""The practices of the example and of new projects: complete, as documented, and as advised."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import replace
from pathlib import Path

import jinja2
import polars as pl
import pytest
import yaml
from caring import tasks

from newsletter.check.remarks import signed_twice
from newsletter.model.practice import Practice
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "content/practices"
STARTER = ROOT / "newsletter/starter/en/content/practices"
ROW = re.compile(r"\| \[(\S+)\]\(\.\./content/practices/\1\.md\) \| (.+) \| (.+) \| (.+) \|")
TODAY = dt.date(2026, 11, 3)
TAGS = ("en", "de", "fr")
STARTERS = {tag: STARTER.parents[2] / tag / "content/practices" for tag in TAGS}


def documented_practices() -> dict[str, tuple[str, str, str]]:
    """Return advice, due day and channels of each practice in docs/practices.md."""
    text = (ROOT / "docs/practices.md").read_text(encoding="utf-8")
    return {name: (advice, due, channels) for name, advice, due, channels in ROW.findall(text)}


def written_practices(folder: Path) -> dict[str, tuple[str, str, str]]:
    """Return advice, due day and channels of each practice file, translations left out."""
    files = [file for file in sorted(folder.glob("*.md")) if "." not in file.stem]
    rows = {}
    for file in files:
        front = yaml.load(file.read_text(encoding="utf-8").split("---\n")[1], yaml.BaseLoader)
        how_often = front.get("every", "")
        rhythm = list(how_often.values())[-1] if isinstance(how_often, dict) else how_often
        due = front.get("on") or (f"every {rhythm}" if how_often else "as long as its rule holds")
        rows[file.stem] = (front["advice"], due, ", ".join(front["channel"]))
    return rows


@pytest.fixture(scope="module")
def practices() -> dict[str, Practice]:
    """Return the example's practices by name."""
    project = read_project(ROOT, today=TODAY)
    return {practice.name: practice for practice in project.practices}


@pytest.mark.parametrize("folder", [EXAMPLE, STARTER], ids=["example", "starter"])
def test_every_practice_is_documented(folder: Path) -> None:
    """docs/practices.md has each with its advice, due day and channels."""
    assert documented_practices() == written_practices(folder)
    assert len(documented_practices()) == 32


@pytest.mark.parametrize("language", ["de", "fr"])
def test_starters_differ_in_texts_only(language: str) -> None:
    """Practices of all languages have the same days, rules and channels."""

    def segments(tag: str) -> list[str]:
        text = (STARTERS[tag].parent / "segments.yml").read_text(encoding="utf-8")
        return list(yaml.safe_load(text))

    english = dict(zip(segments(language), segments("en"), strict=True))
    named = re.compile(rf"\b({'|'.join(english)})\b")

    def keys(folder: Path) -> dict[str, list[str]]:
        translated = ("title:", "advice:", "subject:", "gift:", "#")
        fronts = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
        return {
            name: [
                named.sub(lambda found: english[found[1]], line)
                for line in text.split("---\n")[1].splitlines()
                if not line.startswith(translated)
            ]
            for name, text in fronts.items()
        }

    assert keys(STARTERS[language]) == keys(STARTER)
    assert not set(english) & set(english.values())


def test_practices_of_the_example_exist_in_three_languages(practices: dict[str, Practice]) -> None:
    """English, German and French, for the same channels."""
    for name, practice in practices.items():
        assert set(practice.words) == {"en", "de", "fr"}, name
        channels = {
            language: set(translation.bodies) for language, translation in practice.words.items()
        }
        assert channels["en"] == channels["de"] == channels["fr"], name


def test_each_channel_has_a_text_of_its_own(practices: dict[str, Practice]) -> None:
    """An email reads unlike a letter or a call: no two texts are equal."""
    for name, practice in practices.items():
        for translation in practice.words.values():
            bodies = [body.text.strip() for body in translation.bodies.values()]
            expected = 0 if name == "issue" else len(practice.channels)
            assert len(set(bodies)) == len(bodies) == expected, (name, translation.language)


def test_every_customer_is_asked_for_a_review_once(practices: dict[str, Practice]) -> None:
    """Neither a score nor a gift decides who is asked, and nobody is asked twice."""
    request = practices["review-request"]
    assert (request.once_per, request.gift) == ("customer", None)
    assert request.when is None


def test_only_invitations_and_near_rewards_may_sell(practices: dict[str, Practice]) -> None:
    """All others name no price and make no offer; answers and farewells bring no gift either."""
    assert [name for name in practices if practices[name].sells] == [
        "invitation",
        "reward-near",
        "stamps-near",
    ]
    for name in ("follow-up", "farewell", "feedback-answer", "promise", "how-could-we-do-better"):
        assert practices[name].gift is None, name


def test_practices_say_what_they_do(practices: dict[str, Practice]) -> None:
    """Practices that want something ask; wishes and congratulations celebrate; the others care."""
    purposes = {name: practice.does for name, practice in practices.items()}
    assert {name for name, does in purposes.items() if does == "ask"} == {
        *("demo", "follow-up", "how-could-we-do-better", "invitation", "recommendation"),
        *("review-request", "reward-near", "stamps-near", "win-back"),
    }
    assert {name for name, does in purposes.items() if does == "celebrate"} == {
        *("anniversary", "birthday", "holiday", "occasion"),
    }


def test_a_question_for_the_team_asks_for_no_consent(
    practices: dict[str, Practice],
) -> None:
    """In countries where nobody may be called unasked, it would reach no person."""
    exempt = {"consent", "peace", "cap", "gap", "capacity"}
    assert set(practices["occasion-question"].exempt) == exempt


FAMILY = re.compile(
    r"\b(famil\w*|married|wife|husband|both|table|house|yours|beiden?|Haus|Tisch|dazugehören"
    r"|maison|vôtres|vous deux)\b",
    re.IGNORECASE,
)
"""What speaks to or of more than one person, as the words for weddings, children and feasts do."""


def rendered(text: str, customer: dict[str, object]) -> str:
    """Return a text as Jinja alone renders it, dates and times left out and numbers in digits."""
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.ChainableUndefined)
    environment.filters |= {"date": lambda *_: "", "time": lambda *_: "", "in_words": str}
    return environment.from_string(text).render(customer=customer)


def sections_of(of: str, tag: str, name: str) -> dict[str, str]:
    """Return the texts of a practice in a language, of the example or the starter, by heading."""
    own = EXAMPLE / (f"{name}.md" if tag == "en" else f"{name}.{tag}.md")
    file = own if of == "example" else STARTERS[tag] / f"{name}.md"
    body = file.read_text(encoding="utf-8").split("---\n", 2)[2]
    _, *parts = re.split(r"^# (.+)$", body, flags=re.M)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("occasion", ["wedding", "birth"])
def test_a_family_is_mentioned_only_where_it_may_be(
    occasion: str, practices: dict[str, Practice]
) -> None:
    """Sentences about a wedding, a child or a family's feast are under mention_family."""
    fields = {"occasion_kind": occasion, "occasion_remark": "", "formality": "informal"}
    fields |= {"days_late": 0}
    counts = {True: 0, False: 0}
    for mention in counts:
        for name in ("occasion", "holiday"):
            for translation in practices[name].words.values():
                for channel, body in translation.bodies.items():
                    if channel == "call":
                        continue
                    text = rendered(body.text, fields | {"mention_family": mention})
                    counts[mention] += len(FAMILY.findall(text))
    assert counts[False] == 0
    assert counts[True] >= 12


LATE = re.compile(
    r"\b(?:belated|late|ago|after the day|only now|spät|nachträglich|tard|maintenant|après)\b",
    re.IGNORECASE,
)
"""How wishes and condolences say that they arrive late."""


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("of", ["example", "starter"])
def test_belated_words_say_that_they_are(of: str, tag: str) -> None:
    """Some days after their day, and after a time away for as long as they are belated."""
    days = {
        "birthday": (8, 30),
        "anniversary": (5, 30),
        "holiday": (3, 3),
        "occasion": (8, 30),
        "condolence": (21, 90),
    }
    kinds = ("wedding", "birth", "move", "retirement", "exhibition", "exam")
    for name, late in days.items():
        for text, kind in itertools.product(sections_of(of, tag, name).values(), kinds):
            fields = {"occasion_kind": kind, "mention_family": True}
            fields |= {"anniversary_years": 4, "orders_count": 9}
            for number in late:
                words = rendered(text, fields | {"days_late": number})
                assert LATE.search(words), (name, kind)
                assert "few days" not in words, (name, kind)
            assert not LATE.search(rendered(text, fields | {"days_late": 0})), (name, kind)


MINE = re.compile(r"\breaches me\b|\blandet bei mir\b|\barrive chez moi\b")


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("of", ["example", "starter"])
def test_a_reply_reaches_the_writer_only_if_it_does(of: str, tag: str) -> None:
    """Replies reach account managers with an address, unless From names the business alone."""
    own = EXAMPLE / ("welcome.md" if tag == "en" else f"welcome.{tag}.md")
    file = own if of == "example" else STARTERS[tag] / "welcome.md"
    text = file.read_text(encoding="utf-8").split("# Email\n", 1)[1]
    for personal, address in itertools.product((True, False), ("nora@example.com", "")):
        environment = jinja2.Environment(undefined=jinja2.ChainableUndefined)
        template = environment.from_string(text)
        told = template.render(
            customer={"manager_email": address}, sender={"personal": personal}, business={}
        )
        assert bool(MINE.search(told)) is (personal and bool(address))


MET = re.compile(r"\bit was good to see you\b|\bes war schön\b|\bde vous voir\b", re.IGNORECASE)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("of", ["example", "starter"])
def test_only_who_met_somebody_writes_that_it_was_good_to_see_them(of: str, tag: str) -> None:
    """A colleague, or a deputy who stands in for nobody knows whom, writes that they were told."""
    body = sections_of(of, tag, "after-we-met")["Handwritten"]
    body = body.replace(" is missing", " is undefined")
    nora = {"manager_id": "nora"}
    for known in ({"conversation_member": "nora"}, {}):
        assert MET.search(rendered(body, nora | known))
    for known in ({"conversation_member": "tomas"}, {"stands_in_for": "Tomás"}):
        assert not MET.search(rendered(body, nora | known))


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("of", ["example", "starter"])
def test_no_text_contains_sentences_in_another_language(of: str, tag: str) -> None:
    """Emails and letters name the title of what has no translation, and its language."""
    abouts = {"invitation": "event", "you-said-we-did": "answer", "shared-article": "article"}
    for name, about in abouts.items():
        sections = sections_of(of, tag, name)
        details = {"title": "Title", "summary": "A summary.", "url": "https://p.example/x"}
        fields: dict[str, object] = {f"{about}_{key}": value for key, value in details.items()}
        foreign = fields | {f"{about}_language": "Language"}
        for channel in ("Email", "Letter"):
            assert "A summary." in rendered(sections[channel], fields), (name, channel)
            assert "A summary." not in rendered(sections[channel], foreign), (name, channel)
        assert "Language" in rendered(sections["Email"], foreign), name


FORMS = re.compile(
    r'\{% if customer\.formality == "informal" %\}(.*?)(?:\{% else %\}(.*?))?\{% endif %\}',
    re.DOTALL,
)
INFORMAL_WORDS = re.compile(r"\b(?:du|dir|dich|deine?[mnrs]?|euch)\b", re.IGNORECASE)
FORMAL_WORDS = re.compile(r"\bIhnen\b|\bIhre[mnrs]?\b|(?<=[a-zäöüß,;] )Sie\b")
GERMAN = [
    *sorted(EXAMPLE.glob("*.de.md")),
    *sorted((ROOT / "newsletter/starter/de/content/practices").glob("*.md")),
]


@pytest.mark.parametrize("file", GERMAN, ids=lambda file: file.stem)
def test_german_words_have_one_form_of_address(file: Path) -> None:
    """Formal words have no „du“ and informal ones no „Sie“, whichever branches a customer gets."""
    text = file.read_text(encoding="utf-8").split("---\n", 1)[1]
    assert INFORMAL_WORDS.findall(FORMS.sub(r"\2", text)) == []
    assert FORMAL_WORDS.findall(FORMS.sub(r"\1", text)) == []


def test_cards_have_numbers_in_words() -> None:
    """Nobody writes digits by hand into a sentence."""
    digits = re.compile(r"\{\{ customer\.\w*(?:years|count)\w* \}\}")
    found = [
        (str(file.relative_to(ROOT)), digits.findall(section))
        for folder in (EXAMPLE, *STARTERS.values())
        for file in sorted(folder.glob("*.md"))
        for section in re.findall(
            r"^# Handwritten$(.*?)(?=^# |\Z)", file.read_text("utf-8"), re.M | re.S
        )
    ]
    assert [name for name, numbers in found if numbers] == []


def test_no_text_signs_itself() -> None:
    """The theme closes and signs emails and letters, of practices and issues."""
    assert list(signed_twice(read_project(ROOT, today=TODAY))) == []


def test_no_text_thanks_for_trying() -> None:
    """Neither in the example nor in a new project."""
    files = [*EXAMPLE.glob("thank-you*.md"), *STARTER.glob("thank-you*.md")]
    texts = [file.read_text(encoding="utf-8").split("---\n")[2] for file in files]
    assert len(texts) == 4
    assert not [text for text in texts if "trying us" in text]


@pytest.mark.parametrize(
    ("street", "planned"), [("2 rue Rodange", "condolence"), (None, "occasion-question")]
)
def test_a_death_without_an_address_is_a_question(street: str | None, planned: str) -> None:
    """A card by hand cannot go anywhere, and nobody would hear of it."""
    day = dt.date(2026, 3, 10)
    project = read_project(ROOT, today=day)
    customers = project.people.customers.filter(pl.col("id") == "PB-1023")
    people = replace(project.people, customers=customers.with_columns(street=pl.lit(street)))
    config = project.config.model_copy(update={"start": dt.date(2026, 1, 1)})
    plan = plan_day(replace(project, config=config, people=people), today=day)
    about = plan.planned.filter(pl.col("because").str.starts_with("death"))
    assert about["practice"].to_list() == [planned]


def test_a_card_of_condolence_has_its_own_greeting() -> None:
    """Bonjour is too light for it."""
    day = dt.date(2026, 3, 10)
    project = read_project(ROOT, today=day)
    customers = project.people.customers.filter(pl.col("id") == "PB-1023")
    config = project.config.model_copy(update={"start": dt.date(2026, 1, 1)})
    people = replace(project.people, customers=customers)
    shop = replace(project, config=config, people=people)
    plan = plan_day(shop, today=day)
    (touch,) = (touch for touch in tasks(shop, plan).touches if touch.practice == "condolence")
    assert touch.greeting == "Cher Monsieur Weyrich"
