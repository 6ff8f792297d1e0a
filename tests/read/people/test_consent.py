"""In doubt there is no consent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.errors import Problem
from newsletter.model.project import People
from newsletter.read.people.header_names import plain_words
from newsletter.read.people.values.yes_and_no import CROSSES, NO, NOTHING, REFUSED, YES

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]
EVERYONE = {"everyone": True, "basis": "signed a card", "since": "2024-05-01"}


def agreed(people: People) -> list[bool]:
    """Return who may be emailed, in the order of the file."""
    return people.customers.sort("row")["consent_email"].to_list()


def test_without_a_column_nobody_agreed(look: Look) -> None:
    """The remark names the cure."""
    people = look("email\na@example.com\nb@example.com\n")
    assert agreed(people) == [False, False]
    assert [str(remark) for remark in people.remarks] == [
        "customers.csv:1: no column says who agreed to email, so nobody gets one\n"
        "  hint: write under 'consent:' in newsletter.yml which column and values mean yes, "
        "or 'everyone: yes' with 'basis' and 'since'"
    ]


def test_a_consent_column_is_read_by_the_usual_words(look: Look) -> None:
    """Any other word is a no, with a remark."""
    rows = ["yes", "JA", "1", "x", "subscribed", "no", "", "0", "pending", "2024-01-01"]
    text = "id,Newsletter\n" + "".join(f"{i},{word}\n" for i, word in enumerate(rows))
    people = look(text)
    assert agreed(people) == [True] * 5 + [False] * 5
    assert [remark.message for remark in people.remarks] == [
        "column 'Newsletter': '2024-01-01' (1 time) counts as no",
        "column 'Newsletter': 'pending' (1 time) counts as no",
    ]


def test_several_columns_must_all_agree(look: Look) -> None:
    """The stricter of two columns counts."""
    assert agreed(look("id,Opt-in,Marketing\n1,yes,yes\n2,yes,no\n3,yes,\n")) == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("header", ["Unsubscribed", "Opt-out", "Abgemeldet am", "UNSUB_TIME"])
@pytest.mark.parametrize("word", ["yes", "2025-01-02", "unsubscribed", "bounced", "opt-out"])
def test_an_objection_outweighs_every_yes(header: str, word: str, read: Read) -> None:
    """Any value but a no in a column of objections takes consent away.

    So it does if newsletter.yml declares consent for everyone.
    """
    files = {"customers.csv": f"id,Newsletter,{header}\n1,yes,{word}\n2,yes,\n3,yes,no\n"}
    assert agreed(read(files)[0]) == [False, True, True]
    assert agreed(read(files, consent=EVERYONE)[0]) == [False, True, True]


def test_the_configured_column_and_values(read: Read) -> None:
    """Only the given values of the given column mean yes; columns found by alias do not count."""
    files = {"customers.csv": "id,Newsletter,Status\n1,no,OK\n2,yes,maybe\n3,yes,\n4,,ok\n"}
    people, problems = read(files, consent={"column": "status", "values": ["ok"]})
    assert not problems
    assert agreed(people) == [True, False, False, True]


def test_the_configured_column_without_values(read: Read) -> None:
    """The usual words apply."""
    people, _ = read({"customers.csv": "id,Info\n1,ja\n2,nein\n"}, consent={"column": "Info"})
    assert agreed(people) == [True, False]


def test_a_mistyped_consent_column(read: Read) -> None:
    """The build stops and suggests the nearest header."""
    people, problems = read(
        {"customers.csv": "id,Newsletter\n1,yes\n"}, consent={"column": "Newslettr"}
    )
    assert [str(problem) for problem in problems] == [
        "content/customers/customers.csv:1: there is no column 'Newslettr', "
        "which newsletter.yml names under 'consent'\n  hint: did you mean 'Newsletter'?"
    ]
    assert agreed(people) == [False]


def test_consent_may_be_declared_for_everyone(read: Read) -> None:
    """Once, with basis and since; a no in the file is still a no."""
    people, _ = read({"customers.csv": "id,Newsletter\n1,\n2,no\n3,yes\n"}, consent=EVERYONE)
    assert people.customers.select("consent_email", "consent_basis").rows() == [
        (True, "signed a card"),
        (False, None),
        (True, "signed a card"),
    ]
    assert [str(day) for day in people.customers["consent_since"]] == [
        "2024-05-01",
        "None",
        "2024-05-01",
    ]


def test_the_rows_own_basis_goes_first(read: Read) -> None:
    """A basis in the file is not overwritten."""
    files = {"customers.csv": "id,Consent basis,Consent since\n1,at the fair,2020-01-02\n"}
    people, _ = read(files, consent=EVERYONE)
    row = people.customers.to_dicts()[0]
    assert (row["consent_basis"], str(row["consent_since"])) == ("at the fair", "2020-01-02")


def test_phone_and_post_have_columns_of_their_own(look: Look) -> None:
    """An empty cell is no refusal."""
    people = look("id,Phone consent,Einwilligung Post\n1,yes,ja\n2,no,\n")
    assert people.customers.select("consent_phone", "consent_post").rows() == [
        (True, True),
        (False, None),
    ]


def test_a_date_or_a_reason_closes_an_account(look: Look) -> None:
    """Like a yes."""
    people = look("id,Deceased\n1,\n2,no\n3,yes\n4,2024-01-02\n")
    assert people.customers["closed"].to_list() == [None, False, True, True]


LANGUAGES = (
    "sì tak да kyllä evet ano áno igen jah jā taip já ναι так sim bai oui はい 是 예 نعم כן हाँ ya"
)
REFUSALS = (
    "nee nie нет ei hayır ne nem nē nei όχι ні não ez non いいえ 否 아니요 لا לא नहीं tidak nej"
)


@pytest.mark.parametrize(
    "word", [*LANGUAGES.split(), "JA!", "Ja.", "SI", "Ja, gerne", "yes please"]
)
def test_yes_in_many_languages(word: str, look: Look) -> None:
    """With or without accents, capitals and exclamation marks."""
    people = look(f'id,Newsletter\n1,"{word}"\n')
    assert agreed(people) == [True]
    assert not people.remarks


@pytest.mark.parametrize(
    "word", [*REFUSALS.split(), "Nein, danke", "NO!", "☐", "NULL", "-", "n/a"]
)
def test_no_in_many_languages(word: str, look: Look) -> None:
    """Understood, so without a remark about the word."""
    people = look(f'id,Newsletter\n1,"{word}"\n2,ja\n')
    assert agreed(people) == [False, True]
    assert not people.remarks


@pytest.mark.parametrize(
    "sign", ["✓", "✔", "✔️", "☑️", "☑", "✅", "√", "x", "X", "1", "ja ✓", "JA!!", "„ja“"]
)
def test_ticks_are_a_yes(sign: str, look: Look) -> None:
    """As people make them in a spreadsheet."""
    people = look(f"id,Newsletter\n1,{sign}\n2,\n")
    assert (agreed(people), people.remarks) == ([True, False], ())


def test_a_cross_gives_no_consent_and_takes_some_away(look: Look) -> None:
    """It may be a tick or its opposite."""
    people = look("id,Newsletter\n1,✗\n2,ja\n")
    assert agreed(people) == [False, True]
    assert people.remarks[0].message == "column 'Newsletter': '✗' (1 time) counts as no"
    assert agreed(look("id,Newsletter,Abgemeldet\n1,ja,✗\n2,ja,\n")) == [False, True]


def test_no_word_is_both_yes_and_no() -> None:
    """However it is written."""
    kinds = [YES, NO, REFUSED, CROSSES, NOTHING - {"\\n"}]
    plain = [{plain_words(word) or word for word in words} for words in kinds]
    assert sum(map(len, plain)) == len(set().union(*plain))


def test_each_word_that_is_not_understood_is_told(look: Look) -> None:
    """All of them, with their counts; beyond a thousand they are counted."""
    few = [f"word {n}" for n in range(120)]
    people = look("id,Newsletter\n" + "".join(f"{n},{word}\n" for n, word in enumerate(few)))
    told = [remark.message for remark in people.remarks if "counts as no" in remark.message]
    assert len(told) == 120
    many = "".join(f"{n},word {n // 2:04}\n" for n in range(2020))
    told = [remark.message for remark in look("id,Newsletter\n" + many).remarks]
    assert told[0] == "column 'Newsletter': 'word 0000' (2 times) counts as no"
    assert told[1000] == "column 'Newsletter': each of 10 other words (20 times) counts as no"


DOUBTFUL = "ja? ja?? ja_(?) yes? oui? j? x? ~ja (ja) ja/nein ja… ja... ja_*"
DOUBTFUL += " ≈_ja ¿sí? ja_✗ 1? ναι; да\uff1f"


@pytest.mark.parametrize("word", [word.replace("_", " ") for word in DOUBTFUL.split()])
def test_a_doubtful_yes_is_none(word: str, look: Look) -> None:
    """It is told, as is a doubtful no in a column of objections."""
    people = look(f'id,Newsletter\n1,"{word}"\n2,ja\n')
    assert agreed(people) == [False, True]
    message = f"column 'Newsletter': '{word}' (1 time) counts as no"
    assert [remark.message for remark in people.remarks] == [message]
    assert agreed(look("id,Newsletter,Abgemeldet\n1,ja,nein?\n")) == [False]


def test_words_beside_the_stated_values_are_told(read: Read) -> None:
    """Even a yes, if it is not among them."""
    files = {"customers.csv": "id,Info\n1,ja\n2,double opt-in\n3,nein\n"}
    people, _ = read(files, consent={"column": "Info", "values": ["double opt-in"]})
    assert agreed(people) == [False, True, False]
    assert [remark.message for remark in people.remarks] == [
        "column 'Info': 'ja' (1 time) counts as no"
    ]


@pytest.mark.parametrize(
    "nothing", ["NULL", "N/A", "-", "0000-00-00", "0000-00-00 00:00:00", "\\N"]
)
def test_nothing_in_a_column_of_objections_is_none(nothing: str, look: Look) -> None:
    """As databases write it. It is said, and so is whom the column costs the consent."""
    rows = f"1,yes,{nothing}\n2,yes,{nothing}\n3,yes,2025-01-01\n"
    people = look(f"id,Newsletter,unsubscribed_at\n{rows}")
    assert agreed(people) == [True, True, False]
    assert [remark.message for remark in people.remarks] == [
        f"column 'unsubscribed_at': '{nothing}' (2 times) is no objection to email",
        "column 'unsubscribed_at' takes consent from 1 of 3 customers who said yes",
    ]
    assert people.columns[2].reading == "anything but a no takes consent away (1 of 3)"


def test_other_words_in_a_column_of_objections_are_told(look: Look) -> None:
    """They take consent away, because nobody knows what they mean."""
    people = look("id,Newsletter,unsubscribed\n1,yes,?\n2,yes,by phone\n3,yes,no\n")
    assert agreed(people) == [False, False, True]
    assert [remark.message for remark in people.remarks] == [
        "column 'unsubscribed': '?' (1 time) counts as an objection",
        "column 'unsubscribed': 'by phone' (1 time) counts as an objection",
        "column 'unsubscribed' takes consent from 2 of 3 customers who said yes",
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Newsletter erlaubt",
        "Einverständnis Mailing",
        "DSGVO ok?",
        "E-Mail erlaubt",
        "Darf ich mailen?",
        "Consenso",
        "Permiso",
        "Accord e-mail",
        "May we email you?",
        "Toestemming",
    ],
)
def test_a_column_like_consent_is_proposed_and_not_used(header: str, look: Look) -> None:
    """The cure names it."""
    people = look(f"id,{header}\n1,ja\n2,nein\n")
    assert agreed(people) == [False, False]
    assert people.columns[1].reading == "may be consent: yes/no"
    assert str(people.remarks[0]).splitlines() == [
        f"customers.csv:1: column '{header}' may say who agreed to email, but is not asked",
        f"  hint: if it does, write in newsletter.yml: consent: {{column: '{header}'}}",
    ]


@pytest.mark.parametrize(
    "column", ["Newsletter Sprache,de", "SMS marketing,yes", "Newsletter seit,2020-01-02"]
)
def test_other_columns_are_not_proposed(column: str, look: Look) -> None:
    """Of another channel, or with other cells than yes and no."""
    header, cell = column.split(",")
    people = look(f"id,{header}\n1,{cell}\n")
    assert not people.columns[1].reading.startswith("may be")


@pytest.mark.parametrize("header", ["Kein Newsletter", "Newsletter abgemeldet am", "Opt-out date"])
def test_a_column_that_denies_is_an_objection_whatever_its_name(header: str, look: Look) -> None:
    """Not so a column of links or of other cancellations."""
    people = look(f"id,Newsletter,{header}\n1,yes,ja\n2,yes,\n3,yes,2025-01-02\n")
    assert agreed(people) == [False, True, False]
    for other in ("Unsubscribe link\n1,yes,https://a.example/1", "Cancellations\n1,yes,1"):
        assert agreed(look(f"id,Newsletter,{other}\n")) == [True]


def test_a_closed_account_is_not_one_of_nothing(look: Look) -> None:
    """NULL in `closed` is no, and in a consent to letters, too; a remark says so."""
    people = look("id,closed,consent_post\n1,NULL,NULL\n2,2025-01-01,yes\n")
    assert people.customers["consent_post"].to_list() == [False, True]
    told = [remark.message for remark in people.remarks]
    assert "column 'consent_post': 'NULL' (1 time) counts as no" in told
    assert people.customers["closed"].to_list() == [False, True]
