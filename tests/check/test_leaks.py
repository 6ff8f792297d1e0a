"""The search for customers' data on the public site."""

from __future__ import annotations

import base64
import html
import quopri
import random
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote, quote_plus

import polars as pl
import pytest
from support import EXAMPLE_DAY, ROOT, Built

from newsletter.check import leaks as module
from newsletter.check.leaks import find_leaks, publishable
from newsletter.errors import Place, Problem
from newsletter.model.artifact import Artifact
from newsletter.plan import personal_links
from newsletter.read.assembly import read_project

TOKEN = "0123456789abcdef0123456789abcdef"
PEOPLE = pl.DataFrame(
    {
        "id": ["PB-1001", "K-77", "81", "4412345"],
        "row": [2, 3, 4, 5],
        "email": ["zoe.mueller@example.com", "j@xn--mnchen-3ya.example", None, None],
        "name": ["Zoë Müller-Lüdenscheidt", "Will Young", "李小明", "Null"],
        "first_name": ["Zoë", "Will", None, "Null"],
        "last_name": ["Müller-Lüdenscheidt", "Young", None, None],
        "street": ["Große Straße 12a", "1 Hill", None, "Mainstreet"],
        "phone": ["+49 (0)30 1234-567", "0171 39200 12", "112", None],
        "birthday": ["1984-02-29", "--05-17", "1951-11-03", None],
    },
    schema_overrides={"row": pl.UInt32},
)

VALUES = {
    "email address": "zoe.mueller@example.com",
    "full name": "Zoë Müller-Lüdenscheidt",
    "street": "Große Straße 12a",
    "phone number": "+49 30 1234567",
    "birthday": "1984-02-29",
    "id": "PB-1001",
    "token": TOKEN,
}

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "percent": quote,
    "every byte percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "plus": quote_plus,
    "percent twice": lambda text: quote(quote(text)),
    "entities": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(character):x};" for character in text),
    "named entities": lambda text: (
        html.escape(text).replace("ü", "&uuml;").replace("ß", "&szlig;")
    ),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "quoted-printable throughout": lambda text: "".join(f"={b:02X}" for b in text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 shifted by one": lambda text: base64.b64encode(b"\n" + text.encode() + b"\n").decode(),
    "base64 shifted by two": lambda text: base64.b64encode(b"> " + text.encode() + b"\n").decode(),
    "base64 for addresses": lambda text: (
        base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    ),
    "base64 after letters": lambda text: "x/ab" + base64.b64encode(text.encode()).decode(),
    "base64 in percent": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "base64 on lines": lambda text: base64.encodebytes(b"." * 100 + b" " + text.encode()).decode(),
    "tags between": lambda text: text.replace(" ", "</td>\n<td>"),
}


ALIKE = ("base64", "base64 for addresses", "base64 in percent")
"""Encodings that may give the same text, which is reported for one file only."""


def leaks(text: str | bytes, *, path: str = "site/x.html", **arguments: object) -> list[Problem]:
    """Return the leaks found in one file."""
    data = text.encode() if isinstance(text, str) else text
    return find_leaks(PEOPLE, [Artifact(path, data)], tokens=[TOKEN], **arguments)


def kinds(text: str | bytes, **arguments: object) -> list[str]:
    """Return the kinds of values found in one file."""
    return [_kind(leak) for leak in leaks(text, **arguments)]


def _kind(leak: Problem) -> str:
    return re.sub(r"the (.*?) of .*", r"\1", leak.message)


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("page", ["<p>Hello {}, how are you?</p>", '{{"x": "{}"}}', "{}"])
def test_every_value_is_found_in_every_encoding(kind: str, page: str) -> None:
    """Plain, in URLs, entities, quoted-printable and base64; in HTML, JSON and text."""
    for names in (sorted(ENCODINGS.keys() - ALIKE), *([name] for name in ALIKE)):
        texts = {name: page.format(ENCODINGS[name](VALUES[kind])) for name in names}
        site = [Artifact(f"site/{name}", text.encode()) for name, text in texts.items()]
        leaks_found = [
            (leak.at.path, _kind(leak)) for leak in find_leaks(PEOPLE, site, tokens=[TOKEN])
        ]
        assert leaks_found == [(f"site/{name}", kind) for name in names]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("email address", '<a href="mailto:Zoe.Mueller@EXAMPLE.com?subject=x">'),
        ("email address", "x=zoe.mueller@example.com."),
        ("email address", "<zoe.mueller@example.com>,"),
        ("email address", "j@münchen.example"),
        ("email address", "j@xn--mnchen-3ya.example"),
        ("phone number", "tel:+49301234567"),
        ("phone number", "030/1234567"),
        ("phone number", "0049 30 123 45 67"),
        ("phone number", "wa.me/49301234567"),
        ("phone number", "(030) 12 34-567"),
        ("phone number", "call 030 7654321 or 030 1234567 or 030 1111111"),
        ("phone number", "+49 171 3920012"),
        ("phone number", "01713920012"),
        ("full name", "MÜLLER-LÜDENSCHEIDT, ZOË"),
        ("full name", "Zoe\u0308 Mu\u0308ller-Lu\u0308denscheidt"),
        ("full name", "stories/will-young.html"),
        ("full name", "will_young.png"),
        ("full name", "Dear Will Young,"),
        ("full name", "我们的客户李小明说"),
        ("street", "große straße 12A"),
        ("birthday", "29.02.1984"),
        ("birthday", "29. 2. 1984"),
        ("birthday", "2/29/1984"),
        ("birthday", "29/02/1984"),
        ("birthday", "19840229"),
        ("birthday", "Hauptstr. 12 29.02.1984"),
        ("birthday", "<td>4711</td><td>29.02.1984</td>"),
        ("birthday", "2026 29.02.1984"),
        ("birthday", "3 1984-02-29"),
        ("birthday", "born on 29 February 1984"),
        ("birthday", "February 29th, 1984"),
        ("birthday", "29. Februar 1984"),
        ("birthday", "le 29 février 1984"),
        ("birthday", "29 de febrero de 1984"),
        ("birthday", "3. Nov. 1951"),
        ("id", "/customers/pb-1001/"),
        ("id", "no. 4412345!"),
        ("token", f"https://example.com/u/{TOKEN}?x"),
    ],
)
def test_values_are_found_in_other_spellings(kind: str, text: str) -> None:
    """Numbers, dates and names are found in each usual spelling."""
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "we will young people invite", "a null value", "81 and 112", "call 112", "--05-17",
        "17 May", "Zoë and Müller", "1 Hillside", "Mainstreet", "29.02.2024", "1984", "K-77",
        "030 1234568", "zoe@example.com", "mueller@example.com", "xzoe.mueller@example.com",
        "12a Große", "0123456789abcdef", "李小", "zoe.mueller@example.com.example"[:19],
        '<path d="M030 12 34567 L1234567 301234567"/>', "a1234567b 30x1234567", "",
    ],
)  # fmt: skip
def test_values_that_identify_nobody_are_no_leak(text: str) -> None:
    """Common words, short numbers, parts of values and coordinates of drawings."""
    assert kinds(text) == []


def test_a_value_in_a_path_is_a_leak() -> None:
    """The name of a file is as public as its content."""
    assert kinds("", path="site/stories/zoë-müller-lüdenscheidt/index.html") == ["full name"]
    assert find_leaks(PEOPLE, [Artifact("site/will-young.png", Path("/nowhere"))]) != []


def test_a_value_in_a_picture_is_a_leak() -> None:
    """The strings in a binary file are searched."""
    assert kinds(b"\x89PNG\xff\x00\x01zoe.mueller@example.com\x00\xfe") == ["email address"]


def test_private_files_are_not_searched() -> None:
    """Messages may contain the data of their reader."""
    assert kinds("zoe.mueller@example.com", path="private/x.eml") == []


def test_a_value_across_two_chunks_is_found() -> None:
    """The chunks of a stream are searched as one text."""
    content = partial(iter, [b"zoe.muel", b"ler@example.com"])
    assert len(find_leaks(PEOPLE, [Artifact("site/x", content)])) == 1


def test_values_are_found_in_every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large site is searched some files at a time."""
    monkeypatch.setattr(module, "_BATCH", 20)
    texts = ["Zoë Müller-Lüdenscheidt", "nothing", "PB-1001", "Will Young", "PB-1001"]
    site = [Artifact(f"site/{n}.html", text.encode()) for n, text in enumerate(texts)]
    found = [leak.at.path for leak in find_leaks(PEOPLE, site, allowed=["Will Young"])]
    assert found == ["site/0.html", "site/2.html", "site/4.html"]


@pytest.mark.parametrize("kind", VALUES)
def test_values_with_consent_or_of_the_business_are_no_leak(kind: str) -> None:
    """A story names its customer with consent, and a customer may share the business's number."""
    text = f"{VALUES[kind]}, of Berlin"
    assert kinds(f"<p>{VALUES[kind]}</p>", allowed=[text]) == []
    assert kinds(f"<p>{VALUES[kind]} and Will Young</p>", allowed=[text]) == ["full name"]


def test_two_allowed_names_do_not_allow_the_full_name() -> None:
    """If first and last name are each allowed, the full name is still a leak."""
    assert kinds("Will Young", allowed=["Will", "Young"]) == ["full name"]


def test_a_problem_names_the_place_the_value_and_the_customers_line() -> None:
    """It names file, line, kind and value, once for each file and kind; no other data."""
    problems = leaks(
        "Hello\nWill Young, Zoë Müller-Lüdenscheidt, zoe.mueller@example.com, Will Young"
    )
    assert [str(problem).partition("\n")[0] for problem in problems] == [
        "site/x.html:2: the email address of the customer in line 2 of the customer file would be "
        "public: 'zoe.mueller@example.com'",
        "site/x.html:2: the full name of the customer in line 2 of the customer file and 1 more "
        "would be public: 'Zoë Müller-Lüdenscheidt'",
    ]
    assert all("'may_be_public:'" in problem.hint for problem in problems)


def test_a_birthday_shared_by_three_customers_is_no_leak() -> None:
    """A page may contain a date that three customers share."""
    people = pl.DataFrame({"birthday": ["1984-02-29"] * 3 + ["1990-01-01"] * 2})
    for day, expected in (("1984-02-29", 0), ("1990-01-01", 1)):
        assert len(find_leaks(people, [Artifact("site/x", day.encode())])) == expected


def test_a_customer_file_of_addresses_alone_is_enough() -> None:
    """The search works without any other column."""
    people = pl.DataFrame({"email": ["a@example.com", None]})
    assert len(find_leaks(people, [Artifact("site/x", b"a@example.com")])) == 1
    assert find_leaks(people.clear(), [Artifact("site/x", b"a@example.com")]) == []


def test_generated_customers_are_all_found() -> None:
    """Finds each of a hundred customers on a page of their own, in a random encoding."""
    dice = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyzäöüßéø"

    def word(shortest: int = 3) -> str:
        return "".join(dice.choices(letters, k=dice.randint(shortest, 9))).capitalize()

    people = pl.DataFrame(
        {
            "row": range(2, 102),
            "email": [f"c{number}.{number}@mail{number}.example" for number in range(100)],
            "name": [f"{word()} {word()}" for _ in range(100)],
            "street": [f"{word(5)}weg {dice.randint(1, 99)}" for _ in range(100)],
            "phone": [
                f"+49 {dice.randint(30, 999)} {dice.randint(10**6, 10**7)}" for _ in "x" * 100
            ],
            "birthday": [f"{1930 + n}-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(100)],
        }
    )
    encodings = [ENCODINGS[name] for name in sorted(ENCODINGS) if name != "upper"]
    pages = {}
    for row, *values in people.iter_rows():
        texts = (dice.choice(encodings)(str(value)) for value in values)
        pages[f"site/{row}.html"] = "<p>" + "</p>\n<p>".join(texts) + "</p>"
    problems = find_leaks(people, [Artifact(path, page.encode()) for path, page in pages.items()])
    for row in people["row"]:
        path = f"site/{row}.html"
        of_page = [
            leak for leak in problems if leak.at.path == path and f"line {row} " in leak.message
        ]
        assert len(of_page) == people.width - 1, pages[path]


def test_the_example_is_clean_and_a_planted_leak_is_found(example: Built) -> None:
    """No file of the example's site, pictures included, contains data of its 40 customers."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    site = [
        Artifact(path.relative_to(example.output).as_posix(), path.read_bytes())
        for path in sorted((example.output / "site").rglob("*"))
        if path.is_file()
    ]
    customers = project.people.customers
    tokens = personal_links.tokens(customers["id"], secret=project.secret)
    assert len(tokens) > 20
    assert find_leaks(customers, site, allowed=publishable(project), tokens=tokens) == []
    planted = [customers["email"][0], customers["street"][0], customers["phone"][0], tokens[0]]
    page = Artifact("site/planted.html", " ".join(map(str, planted)).encode())
    messages = " ".join(leak.message for leak in find_leaks(customers, [page], tokens=tokens))
    for kind in ("email address", "street", "phone number", "token"):
        assert f"the {kind} of" in messages


def test_a_value_in_a_text_is_reported_at_its_line() -> None:
    """Once, and not at the pages that show it; other values stay with their page."""
    pages = [
        Artifact("site/a.html", b"<p>Will Young</p>"),
        Artifact("site/feed.xml", b"Will Young, a@example.com"),
    ]
    lines = [Place(path="content/a.md", line=7, text="Thanks to **Will Young**."),
             Place(path="content/a.md", line=8, text="Fine.")]  # fmt: skip
    found = find_leaks(PEOPLE, pages, tokens=[TOKEN], lines=lines)
    (at_line,) = [leak for leak in found if leak.at and leak.at.line]
    assert str(at_line).startswith("content/a.md:7: the full name of ")
    assert "Thanks" not in str(at_line)
    assert all("full name" not in leak.message for leak in found if leak is not at_line)
