"""Emails of practices: complete messages, only to customers who agreed, each file in its place."""

from __future__ import annotations

import datetime as dt
import mailbox
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from caring import DAY, VOUCHER, planned, practice, project, tasks
from support import Letter, Silent, content_of

from newsletter.errors import NewsletterError, raise_all
from newsletter.export.practice_emails import PracticeEmails, practice_emails
from newsletter.mailing.mailings import practice_mailings
from newsletter.model.care import CarePlan
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.plan.personal_links import tokens as add_tokens
from newsletter.render.fragments import Fragments

ANNA = {"id": "c1", "first_name": "Anna", "name": "Anna Blum", "language": "de"}
BOB = {"id": "c2", "first_name": "Bob", "name": "Bob Ray"}
HELLO = practice(
    bodies={"email": "Thank *you*.", "email.de": "Danke."},
    subject="For {{ customer.first_name }}",
    gift=VOUCHER,
)


def emailed(*practices: Practice, **tables: list[dict[str, object]]) -> tuple[Project, CarePlan]:
    """Return a project and a plan in which Anna and Bob get each practice by email."""
    example = project([ANNA, BOB], *practices, **tables)
    rows = [
        {"customer": key, "practice": practice.name, "channel": "email"}
        for practice in practices
        for key in ("c1", "c2")
    ]
    return example, planned(example, *rows)


def emails(example: Project, plan: CarePlan) -> PracticeEmails:
    """Return the emails of the day, ready to be written."""
    mailings, problems = practice_mailings(example, plan)
    raise_all(problems)
    return practice_emails(example, mailings, day=plan.day, results=Fragments())


def files(example: Project, plan: CarePlan) -> dict[str, bytes]:
    """Return all files of the day by path."""
    return files_of(emails(example, plan))


def files_of(emails: PracticeEmails) -> dict[str, bytes]:
    """Return all files by path."""
    return {artifact.path: content_of(artifact) for artifact in emails.artifacts(Silent())}


def letters(files: Mapping[str, bytes]) -> list[Letter]:
    """Return every message."""
    return [
        Letter(data, path.split("/")[-2]) for path, data in files.items() if path.endswith(".eml")
    ]


@pytest.mark.parametrize("saved", ["[]", '["For Anna", "For Bob"]', "3", "{", "null"])
def test_messages_are_merged_again_if_the_saved_result_is_damaged(saved: str) -> None:
    """A saved result counts only if it has a subject for each message."""
    example, plan = emailed(HELLO)
    mailings = practice_mailings(example, plan).mailings
    whole = files(example, plan)

    class Damaged:
        def get(self, key: str) -> str | None:
            return saved

        def put(self, key: str, text: str) -> None:
            pass

    second = practice_emails(example, mailings, day=plan.day, results=Fragments(Damaged()))
    assert files_of(second) == whole


def test_asking_for_failures_first_changes_nothing() -> None:
    """The messages are merged for it, then reused by this build and the next."""
    example, plan = emailed(HELLO)
    mailings = practice_mailings(example, plan).mailings
    results = Fragments(_Memory())
    for _ in range(2):
        practice_files = practice_emails(example, mailings, day=plan.day, results=results)
        assert practice_files.stopped() == ()
        assert files_of(practice_files) == files(example, plan)


class _Memory(dict[str, str]):
    """A store in the memory of the process."""

    def put(self, key: str, text: str) -> None:
        self[key] = text


def test_every_file_is_where_it_belongs() -> None:
    """By day, practice and language; .mbox and merge files as for an issue."""
    example, plan = emailed(HELLO)
    anna, bob = (
        f"2026-11-03 {example.practices[0].title} - {name} ({tokens(example)[key][:16]})"
        for key, name in (("c1", "Anna Blum"), ("c2", "Bob Ray"))
    )
    tables = [
        f"merge/2026-11-03/thank-you/{language}/{profile}/{file}"
        for language in ("de", "en")
        for profile in ("machine", "word")
        for file in ("recipients.csv", "template.txt")
    ]
    messages = [
        f"messages/2026-11-03/{path}"
        for path in (
            "index.html",
            "thank-you.mbox",
            *(f"thank-you/de/{anna}.{kind}" for kind in ("eml", "html")),
            *(f"thank-you/en/{bob}.{kind}" for kind in ("eml", "html")),
        )
    ]
    assert set(files(example, plan)) == {f"private/care/{path}" for path in tables + messages}


def tokens(example: Project) -> dict[str, str]:
    """Return the token of each customer."""
    ids = example.people.customers["id"]
    return dict(zip(ids, add_tokens(ids, secret=example.secret), strict=True))


def test_a_message_has_the_headers_of_list_mail() -> None:
    """As for an issue: sender, day, one-click unsubscribe."""
    (_, bob) = letters(files(*emailed(HELLO)))
    token = tokens(emailed(HELLO)[0])["c2"]
    headers = dict(bob.message.items())
    del headers["Content-Type"]
    assert headers == {
        "X-Unsent": "1",
        "To": "Bob Ray <c2@example.com>",
        "Subject": "For Bob",
        "List-Unsubscribe": f"<https://p.example/leave/{token}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "From": '"Nora Feltes, Paper & Bean" <hello@p.example>',
        "List-Id": "Paper & Bean <newsletter.p.example>",
        "Content-Language": "en",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_the_text_part_is_the_whole_letter() -> None:
    """Greeting, text, sender, voucher, the firm's address and the unsubscribe link."""
    (anna, _) = letters(files(*emailed(HELLO)))
    token = tokens(emailed(HELLO)[0])["c1"]
    line = "-" * 62
    assert anna.text == (
        "Hallo Anna,\n\nDanke.\n\n"
        "Herzliche Grüße\n\nNora Feltes\nPens, Paper & Bean\nTelefon: +352 1\n\n"
        "EIN GUTSCHEIN\n5\N{NO-BREAK SPACE}€\n"
        "Code: 2M26-986B-C0CT\nGültig bis 3. Dezember 2026\n\n"
        f"{line}\nPaper & Bean\n27 rue du Marché, Luxembourg\nE-Mail: hello@p.example\n"
        "https://p.example/\n\n"
        "Diesen Brief bekommen Kundinnen und Kunden von Paper & Bean.\n"
        f"Keine E-Mails mehr von uns: https://p.example/leave/{token}\n"
    )


@pytest.mark.parametrize(
    ("language", "formality", "closing_phrase"),
    [
        ("en", "informal", "Kind regards,"),
        ("en", "formal", "With kind regards,"),
        ("de", "informal", "Herzliche Grüße"),
        ("de", "formal", "Mit freundlichen Grüßen"),
        ("fr", "informal", "Bien cordialement,"),
        ("fr", "formal", "Avec mes meilleures salutations,"),
        ("fr", None, "Bien cordialement,"),
    ],
)
def test_emails_and_letters_close_once_as_the_customer_is_addressed(
    language: str, formality: str | None, closing_phrase: str
) -> None:
    """By language and formality; without one, by that of the project."""
    words = {key: "Thanks." for channel in ("email", "letter") for key in _keys(channel)}
    shop = project([ANNA | {"language": language, "formality": formality}], practice(bodies=words))
    row = {"customer": "c1"}
    (letter,) = tasks(shop, planned(shop, row | {"channel": "letter"})).touches
    (email,) = letters(files(shop, planned(shop, row | {"channel": "email"})))

    assert letter.closing == closing_phrase
    assert email.text.count(f"\n\n{closing_phrase}\n\nNora Feltes\nPens, Paper & Bean\n") == 1
    assert [email.html.count(text) for text in (closing_phrase, "Nora Feltes")] == [1, 1]


def _keys(channel: str) -> tuple[str, ...]:
    return channel, f"{channel}.de", f"{channel}.fr"


def test_the_html_part_says_the_same() -> None:
    """Text, signature and voucher; no news, and no link to a page that does not exist."""
    (anna, bob) = letters(files(*emailed(HELLO)))
    for phrase in ("Hallo Anna", "Danke.", "Nora Feltes", "2M26-986B-C0CT", "3. Dezember 2026"):
        assert phrase in anna.html
    assert "<em>you</em>" in bob.html
    assert "/issues/" not in bob.html


def test_message_ids_differ_by_practice_and_day() -> None:
    """Every build of one day gives the same ids."""
    birthday = practice("birthday", bodies={"email": "Happy birthday"})
    example, plan = emailed(HELLO, birthday)
    later = replace(plan, day=DAY + dt.timedelta(days=1))

    def ids_of(written: Mapping[str, bytes]) -> list[bytes]:
        boxes = [data for path, data in written.items() if path.endswith(".mbox")]
        return [i for box in boxes for i in re.findall(rb"^Message-ID: (.*)$", box, re.M)]

    ids, next_day = ids_of(files(example, plan)), ids_of(files(example, later))
    assert ids == ids_of(files(example, plan))
    assert len({*ids, *next_day}) == 8


def test_the_mbox_has_every_language(tmp_path: Path) -> None:
    """One file for each practice, as mail programs import it."""
    all_files = files(*emailed(HELLO))
    path = tmp_path / "all.mbox"
    path.write_bytes(all_files["private/care/messages/2026-11-03/thank-you.mbox"])
    with closing(mailbox.mbox(path)) as box:
        subjects = [message["Subject"] for message in box]
    assert subjects == ["For Anna", "For Bob"]


def test_the_page_links_to_every_message() -> None:
    """By name, with message and .eml; the practice is the heading."""
    all_files = files(*emailed(HELLO))
    page = all_files["private/care/messages/2026-11-03/index.html"].decode()
    assert 'Title of thank-you <span class="count">2</span>' in page
    for path in all_files:
        if path.endswith(".eml"):
            assert f'href="{quote(path.split("2026-11-03/")[1])}"' in page


@pytest.mark.parametrize(
    ("customer", "suppressed"),
    [
        ({"consent_email": False}, []),
        ({"closed": True}, []),
        ({"email": None}, []),
        ({}, [{"email": "C2@Example.com"}]),
    ],
)
def test_an_email_to_a_customer_without_consent_is_refused(
    customer: dict[str, object], suppressed: list[dict[str, object]]
) -> None:
    """Even if a plan contains it, no file is made."""
    example = project([ANNA, {**BOB, **customer}], HELLO, suppressed=suppressed)
    plan = planned(example, *({"customer": key, "channel": "email"} for key in ("c1", "c2")))
    with pytest.raises(NewsletterError, match="an email to c2, who must not get any"):
        emails(example, plan)


def test_a_bad_value_stops_one_message() -> None:
    """The page and the caller name it; other messages are written."""
    example = project([ANNA, {**BOB, "first_name": "B\x00"}], HELLO)
    plan = planned(example, *({"customer": key, "channel": "email"} for key in ("c1", "c2")))
    two_emails = emails(example, plan)
    all_files, stopped = files_of(two_emails), two_emails.stopped()
    assert [letter.to for letter in letters(all_files)] == ["Anna Blum <c1@example.com>"]
    assert [(stop.customer, stop.practice, stop.channel) for stop in stopped] == [
        ("c2", "thank-you", "email")
    ]
    assert stopped[0].reason.endswith("holds a character that cannot be printed")
    assert (
        "Could not be written" in all_files["private/care/messages/2026-11-03/index.html"].decode()
    )


def test_a_missing_value_is_an_error_of_the_text() -> None:
    """No customer reads "Hello" with nothing behind it."""
    city_practice = practice(bodies={"email": "So, {{ customer.city }}"})
    with pytest.raises(
        NewsletterError, match=r"thank-you.md:9: customer.city is empty for 2 of 2"
    ):
        files(*emailed(city_practice))


def test_a_day_without_emails_makes_no_files() -> None:
    """Calls and the issue are written elsewhere."""
    example = project([ANNA], practice(bodies={"call": "x", "email": "x"}))
    row = {"customer": "c1", "channel": "email", "practice": "issue"}
    assert files(example, planned(example, {"customer": "c1", "channel": "call"}, row)) == {}
