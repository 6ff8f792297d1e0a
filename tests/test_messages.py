"""Every message of the example obeys RFC 5322 and mail providers, and names its reader right."""

from __future__ import annotations

import csv
import datetime as dt
import email
import mailbox
import re
from collections import Counter
from contextlib import closing
from email import policy

import pytest
from support import ROOT, Built, Letter, visible_text

WEBSITE = "https://paperandbean.example/"
FIELDS = [
    "X-Unsent", "To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "From",
    "Reply-To", "List-Id", "Content-Language", "Auto-Submitted", "MIME-Version",
    "Content-Type",
]  # fmt: skip
UNSUBSCRIBE = {"en": "Unsubscribe", "de": "abbestellen", "fr": "désabonner"}
WHY = {
    "en": "because you are a customer",
    "de": "Kundinnen und Kunden",
    "fr": "aux clientes et clients",
}
# Remains of values that were not filled in: marks of Jinja and of mail-merge programs,
# values of Python, and characters that only the renderer uses.
LEFTOVERS = re.compile(
    r"\{\{|\{%|%\}|\}\}|\*\||\|\*|%%|\[\[|[\ue000-\uf8ff]|\bNone\b|\bMissing\b|\bnan\b|«|»[^ ]"
    r"|, ,|,,|\( ?\)"
)


@pytest.fixture(scope="module")
def letters(example: Built) -> list[Letter]:
    """Every message of the example."""
    return example.letters()


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, str]]:
    """Rows of the customer file by address; of a couple that shares one, the recipient's row."""
    with (ROOT / "content/customers/customers.csv").open(encoding="utf-8", newline="") as file:
        return {row["email"].lower(): row for row in reversed(list(csv.DictReader(file)))}


def test_messages_exist_in_all_three_editions(letters: list[Letter]) -> None:
    """The tests below check English, German and French."""
    assert Counter(letter.language for letter in letters) == {"en": 13, "de": 7, "fr": 9}


def test_messages_travel_unchanged(letters: list[Letter]) -> None:
    """F1-F3: ASCII, CRLF only and at the end, short lines, no white space before a line's end."""
    for letter in letters:
        assert letter.data.isascii()
        assert b"\0" not in letter.data
        assert letter.data.endswith(b"\r\n")
        lines = letter.data.split(b"\r\n")
        assert not any(b"\r" in line or b"\n" in line for line in lines), letter.to
        head = lines[: lines.index(b"")]
        assert max(map(len, head)) <= 78, letter.to
        assert max(map(len, lines)) <= 76, letter.to
        assert not any(line.endswith((b" ", b"\t")) for line in lines), letter.to


def test_each_field_occurs_once(letters: list[Letter]) -> None:
    """F4: only the expected fields, above all no Bcc."""
    for letter in letters:
        assert letter.message.keys() == FIELDS, letter.to


def test_two_readers_agree_without_a_complaint(letters: list[Letter]) -> None:
    """I2: Python's old and new reader find one sender, one recipient, the same text, no defect."""
    for letter in letters:
        old = email.message_from_bytes(letter.data, policy=policy.compat32)
        new = letter.message
        assert len(new["To"].addresses) == len(new["From"].addresses) == 1
        assert not [defect for part in new.walk() for defect in part.defects]
        assert not [defect for name in new for defect in new[name].defects]
        for name in ("To", "From", "Subject"):
            decoded = str(email.header.make_header(email.header.decode_header(old[name])))
            # A name with a comma has quotes once it is decoded, in the new reader alone.
            written = re.sub(r"\s+", " ", decoded).replace('"', "")
            assert written == str(new[name]).replace('"', ""), letter.to
        bodies = [part.get_payload(decode=True) for part in old.walk() if not part.is_multipart()]
        assert [body.decode().replace("\r\n", "\n") for body in bodies] == [
            letter.text, letter.html,
        ]  # fmt: skip


def test_text_comes_before_html(letters: list[Letter]) -> None:
    """F5: multipart/alternative, the richest part last, UTF-8, a boundary that is in no body."""
    for letter in letters:
        assert letter.message.get_content_type() == "multipart/alternative"
        parts = list(letter.message.iter_parts())
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
        assert {part.get_content_charset() for part in parts} == {"utf-8"}
        assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
        boundary = letter.message.get_boundary()
        assert boundary and len(boundary) <= 70
        assert letter.data.count(boundary.encode()) == 4  # in the header, two parts, the end


def test_encoded_words_are_only_where_allowed(letters: list[Letter]) -> None:
    """F8: in subject and display names, at most 75 long, never in quotes or brackets."""
    for letter in letters:
        head = letter.data.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
        for line in head.split("\r\n"):
            encoded_words = re.findall(r"=\?[^ ]*\?=", line)
            assert all(len(word) <= 75 for word in encoded_words)
            assert not encoded_words or line.startswith(("To: ", "From: ", "Subject: ")), line
            assert "=?" not in "".join(re.findall(r'<[^>]*>|"[^"]*"', line)), line


def test_date_is_the_declared_time(letters: list[Letter], example: Built) -> None:
    """F9: the issue's day at the time of newsletter.yml, with its weekday and a numeric zone."""
    (path,) = example.output.glob("private/messages/*.mbox")
    dates = re.findall(rb"^Date: (.*)$", path.read_bytes(), re.M)
    assert dates == [b"Thu, 05 Nov 2026 08:30:00 +0100"] * len(letters)
    assert dt.date(2026, 11, 5).strftime("%a") == "Thu"


def test_html_is_small_and_self_contained(letters: list[Letter], example: Built) -> None:
    """F10, F11, L6: under 90 KiB, nothing active, nothing remote but pictures of the own site."""
    pictures = set()
    for letter in letters:
        assert len(letter.html.encode()) < 90 * 1024, letter.to
        assert not re.search(r"@import|url\(|javascript:|@font-face", letter.html)
        for element in letter.tree.iter():
            assert element.tag not in {
                "script", "form", "input", "iframe", "link", "object", "embed", "video", "base",
            }, letter.to  # fmt: skip
            assert not [name for name in element.attrib if name.startswith("on")], letter.to
            assert not element.get("background") and not element.get("srcset")
            if element.tag == "img":
                pictures.add(element.get("src"))
    for picture in pictures:
        assert picture.startswith(f"{WEBSITE}images/"), picture
        assert (example.output / "site" / picture.removeprefix(WEBSITE)).is_file(), picture


def test_text_part_says_what_the_html_part_says(letters: list[Letter]) -> None:
    """F6: every link, and every word with a digit (prices, dates, phones), is in the text part."""
    for letter in letters:
        links = {element.get("href") for element in letter.tree.iter("a")}
        for link in links:
            target = re.sub(r"^(mailto|tel):", "", link).replace("%40", "@")
            text = letter.text.replace(" ", "") if link.startswith("tel:") else letter.text
            assert target in text, (letter.to, link)
        figures = re.findall(r"\w*\d[\w.,:/–-]*", visible_text(letter.tree))
        missing = {figure.rstrip(".,:") for figure in figures} - {
            figure.rstrip(".,:") for figure in re.findall(r"\w*\d[\w.,:/–-]*", letter.text)
        }
        assert not missing, letter.to


def test_text_part_is_written_as_text(letters: list[Letter]) -> None:
    """F6: no tags, entities or styles, no gap of two lines, no line that ends in white space."""
    for letter in letters:
        assert not re.search(r"</?[a-z]+[ />]|&[a-z]+;|&#\d+;|<!--|font-family", letter.text)
        assert "\n\n\n" not in letter.text, letter.to
        assert not re.search(r"[ \t]\n", letter.text), letter.to
        rules = re.findall(r"^(.+)\n(-{3,}|={3,})$", letter.text, re.MULTILINE)
        assert len(rules) > 4
        assert all(len(heading) == len(rule) for heading, rule in rules), letter.to


def test_unsubscribing_takes_one_click(letters: list[Letter]) -> None:
    """D1-D3: one https address with the reader's token in the headers, and a link to it."""
    tokens = set()
    for letter in letters:
        address = letter.message["To"].addresses[0].addr_spec
        match = re.fullmatch(
            r"<(https://letters\.example\.com/leave/([0-9a-f]{32}))>",
            letter.message["List-Unsubscribe"].strip(),
        )
        assert match, letter.to
        url, token = match.groups()
        tokens.add(token)
        assert address.partition("@")[0] not in url
        assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link_texts = [visible_text(a) for a in letter.tree.iter("a") if a.get("href") == url]
        assert link_texts and UNSUBSCRIBE[letter.language] in link_texts[0]
        assert letter.text.rstrip().endswith(url)
    assert len(tokens) == len(letters)


def test_sender_and_reason_are_given(letters: list[Letter]) -> None:
    """L2: both parts name the postal address and why the reader gets the message."""
    for letter in letters:
        for body in (letter.text, visible_text(letter.tree)):
            assert "27 rue du Marché-aux-Herbes, L-1728 Luxembourg" in body
            assert WHY[letter.language] in body


def test_list_fields_and_ids(letters: list[Letter], example: Built) -> None:
    """D6-D8: the list's name, no vacation replies; a unique id in the sender's domain."""
    for letter in letters:
        assert letter.message["List-Id"] == "Paper & Bean <letter.example.com>"
        assert letter.message["Auto-Submitted"] == "auto-generated"
        assert letter.message["Content-Language"] == letter.language
    (path,) = example.output.glob("private/messages/*.mbox")
    ids = re.findall(rb"^Message-ID: <[0-9a-f]{32}@example\.com>$", path.read_bytes(), re.M)
    assert len(set(ids)) == len(ids) == len(letters)


def test_nothing_is_left_unfilled(letters: list[Letter]) -> None:
    """I6: no mark of a template and no empty value in subject, names and both parts."""
    for letter in letters:
        visible = f"{letter.to}\n{letter.message['Subject']}\n{visible_text(letter.tree)}"
        # French sets « and » around quotations, with spaces.
        leftovers = LEFTOVERS.findall(
            re.sub(r"«[\s\u202f]|[\s\u202f]»", "", f"{visible}\n{letter.text}")
        )
        assert not leftovers, (letter.to, leftovers)
        assert "  " not in letter.message["Subject"]
        assert not letter.message["Subject"].startswith(("Re:", "Fwd:", ",", " "))


def test_greetings_are_whole(letters: list[Letter]) -> None:
    """N3: one greeting in each part, never empty, without a double space or two commas."""
    for letter in letters:
        (greeting,) = [e for e in letter.tree.iter("p") if e.get("class") == "greeting"]
        greeting_text = visible_text(greeting)
        assert re.fullmatch(r"\S+(?: \S+)*,", greeting_text), greeting_text
        assert not re.search(r"\s{2}|,\s*,|\s,", greeting_text)
        assert f"\n\n{greeting_text}\n\n" in letter.text


def test_names_arrive_as_they_are_written(
    letters: list[Letter], rows: dict[str, dict[str, str]]
) -> None:
    """N1: a name of any script, with any mark or emoji, is the same in all places."""
    names = set()
    for letter in letters:
        address = letter.message["To"].addresses[0]
        row = rows[address.addr_spec.lower()]
        name = row["name"] or f"{row['first_name']} {row['last_name']}".strip()
        assert address.display_name == name
        greeting = re.search(r"^(.+),$", letter.text, re.MULTILINE)
        assert greeting
        for part_of_name in {row["first_name"], row["last_name"], row["name"]} - {""}:
            if part_of_name in greeting[1]:
                assert part_of_name in visible_text(letter.tree)
                names.add(part_of_name)
    assert {"小明", "שרה", "ليلى", "حداد", "Suryawan", "Mia 🌿", "Ana Lúcia", "Zoë"} <= names
    assert any(
        letter.message["To"].addresses[0].display_name == "Aoife O'Brien" for letter in letters
    )


def test_names_from_right_to_left_do_not_turn_other_text(letters: list[Letter]) -> None:
    """N2: HTML isolates a greeting, whichever way the name in it is written."""
    for letter in letters:
        (greeting,) = [e for e in letter.tree.iter("p") if e.get("class") == "greeting"]
        assert [e.tag for e in greeting] == ["bdi"], letter.to


def test_no_message_has_data_of_another_customer(letters: list[Letter]) -> None:
    """L10: no id, name, address, phone, street, service or token of anybody else."""
    folder = ROOT / "content/customers"
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        customers = list(csv.DictReader(file))
    canaries: dict[str, set[str]] = {}
    for row in customers:
        name = row["name"] or f"{row['first_name']} {row['last_name']}"
        values = {row["id"], row["email"].lower(), row["phone"], row["street"], name.strip()}
        canaries[row["id"]] = {value for value in values if len(value) > 2}
    with (folder / "services.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            canaries[row["customer"]].add(row["detail"])
    for letter in letters:
        canaries[_owner(letter, customers)].add(_token(letter))
    times = Counter(value for values in canaries.values() for value in values)
    for letter in letters:
        owner = _owner(letter, customers)
        whole = f"{letter.to}\n{letter.message['Subject']}\n{letter.text}\n{letter.html}".lower()
        for customer, values in canaries.items():
            leaked = [
                v for v in values if customer != owner and times[v] == 1 and v.lower() in whole
            ]
            assert not leaked, (owner, customer)


def _owner(letter: Letter, customers: list[dict[str, str]]) -> str:
    address = letter.message["To"].addresses[0].addr_spec.lower()
    return next(row["id"] for row in customers if row["email"].lower() == address)


def _token(letter: Letter) -> str:
    return letter.message["List-Unsubscribe"].strip("<> ").rpartition("/")[2]


def test_mbox_has_the_same_messages(letters: list[Letter], example: Built) -> None:
    """Message for message the bytes of the .eml, but for line ends and what drafts lack."""
    (path,) = example.output.glob("private/messages/*.mbox")
    with closing(mailbox.mbox(path)) as box:
        messages = sorted(box.get_bytes(key) for key in box.iterkeys())
    drafts = [letter.data.replace(b"\r\n", b"\n") for letter in letters]
    of_sent = re.compile(rb"^(?:Date|Message-ID): .*\n", re.M)
    unsent = sorted(of_sent.sub(b"", message, count=2) for message in messages)
    assert unsent == sorted(draft.removeprefix(b"X-Unsent: 1\n") for draft in drafts)
    assert all(draft.startswith(b"X-Unsent: 1\n") for draft in drafts)
    starts = [line for line in path.read_bytes().split(b"\n") if line.startswith(b"From ")]
    assert starts == [b"From hello@example.com Thu Nov  5 07:30:00 2026"] * len(letters)
